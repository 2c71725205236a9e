"""What people see, a module a page: its routes, and what its template is given.

chat (gradio_chat: the same in Gradio), statements, reader (a document), settings, manual, api
(its description), login

`laying_out` shows a document's blocks as they are, `page_pictures` the pages of a PDF as they look,
`preview` what is around a citation. `frame` is the masthead of all views, `paging` long lists,
`script_words` what scripts say in other languages, `embed` the frame that a portal shows.
"""
