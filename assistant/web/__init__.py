"""One port for everything a browser or a program asks over HTTP.

serving ─► services ─► app          what routes are made of, and the routes
request ─► observing ─► guard       counted; then host, origin, door, caller, size, gate
                        doors       what each route says about itself: who may pass, …
                        callers     who that may be; doorkeeper: bearers, keys, logins
        ─► asking ─► chat.Assistant every answer for people, noted in the ledger
        ─► evaluation ─► Desk       every run of a question set, noted too

pages/, templates/, static/                            what people see
evaluation/, administration/                           pages and API of those who may
api/, commands                                         the API, and what other programs call
embed_files/                                           a portal's frame
portal_example                                         a portal to try it with

A page is a route with its declaration and what it shows, in one module; a template; and a line
in `app`.
"""
