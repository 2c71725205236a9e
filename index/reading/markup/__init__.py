"""Texts with marks for their form to documents: the web, Markdown, LaTeX and their like.

A mark is not what a person reads: it becomes the structure of the document, and leaves the text.
`web` reads HTML, and what others are turned into it. `front_matter` is what a text says of
itself before it begins; `directives` are boxes in Markdown.
"""
