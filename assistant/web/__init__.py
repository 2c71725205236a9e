"""One port for everything a browser or a program asks over HTTP.

serving ─► services ─► app          what routes are made of, and the routes
request ─► observing ─► guard       counted; then host, origin, door, caller, size, gate
                        doors       every way in and the permission that it takes
                        callers     who that may be; doorkeeper: bearers, keys, logins
        ─► asking ─► chat.Assistant every answer for people, noted in the ledger
        ─► evaluation ─► Desk       every run of a question set, noted too

page, statements, reader, api_page                     what people see
evaluation/, administration/                           pages and API of those who may
api, streaming, documents_api, conversing, commands    the rest of the API
chat_completions, mcp_server                           for other programs
embed_pages, embed_api, embed_files/                   a portal's frame
portal_example                                         a portal to try it with
"""
