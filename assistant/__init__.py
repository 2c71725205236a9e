"""A question in, a cited answer out.

    understanding -> index.search -> answering -> verifying -> rendering

`chat.Assistant` is the path, `answers` its nouns; `building` puts it together, by the `settings`;
`commands`, `web`, `programs` and `evaluation` are the edges that call it.

receipts       saved answers, and what became of their citations
browsing       what can be seen without a question
operating      keeps an index in order
identity       who somebody is; accounts: what is remembered of them
languages      what is said to people, in theirs; manual: how it is used
errors         what can go wrong
"""
