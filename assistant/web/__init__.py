"""One port for everything a browser or a program asks over HTTP.

serving   owns the index, picks the port, runs the server
app       the routes: page, reader, API
guard     who may call from where, and the headers of every answer
page      the chat (Gradio), for one's own browser
reader    a document with the cited characters highlighted
evaluation  question sets and their runs: reviewed, run, watched, compared
"""
