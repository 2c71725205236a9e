"""A question in, a cited answer out.

    understanding -> index.searching -> quoting, crediting -> verifying -> rendering

With a language model: understanding asks restating about follow-ups, writing follows
quoting, and verifying asks judging: reading -> doubting, entailing.

`chat.Assistant` is the path; `building` puts it together; `commands`, `web` and
`evaluation` are the edges that call it.
"""
