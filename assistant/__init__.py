"""A question in, a cited answer out.

    understanding -> index.search -> answering -> verifying -> rendering

`chat.Assistant` is the path; `building` puts it together; `commands`, `web`, `programs`
and `evaluation` are the edges that call it. `receipts` are saved answers, `browsing` is
what can be seen without a question, `operating` keeps an index in order, `identity` and
`accounts` know who somebody is and what is remembered of them.
"""
