"""What people see, a module a page: its routes, and what its template is given.

chat, statements, reader (a document), manual, api (its description), login

`frame` is the masthead of all views, `embed` the frame that a portal shows.
"""
