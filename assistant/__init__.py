"""A question in, a cited answer out.

    understanding -> index.searching -> quoting, crediting -> verifying -> rendering

`chat.Assistant` is the path; `building` puts it together; `cli`, `web` and
`evaluation` are the edges that call it.
"""
