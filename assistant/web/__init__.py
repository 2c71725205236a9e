"""One port for everything a browser or a program asks over HTTP.

serving ─► services ─► app          what routes are made of, and the routes
listening                           connections: how many, how long
request ─► entry                    may it come in, through which door
        ─► asking ─► chat.Assistant every answer for people, noted in the ledger
        ─► evaluation ─► Desk       every run of a question set, noted too

pages/, library/, templates/, static/                  what people see
evaluation/, administration/                           pages and API of those who may
api/, handed_over                                      the API, and what other programs call
embed_files/                                           a portal's frame
portal_example                                         a portal to try it with
looking_back                                           earlier questions, shown with today's rights
fetching                                               a document by its address

A page is a route with its declaration and what it shows, in one module; a template; and a line
in `app`.
"""
