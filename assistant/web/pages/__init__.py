"""What people see, a module a page: its routes, and what its template is given.

chat, statements, reader (a document), manual, api (its description), login

`laying_out` shows a document's blocks as they are, `page_pictures` the pages of a PDF as they look,
`preview` what is around a citation. `frame` is the masthead of all views, `embed` the frame that a
portal shows.
"""
