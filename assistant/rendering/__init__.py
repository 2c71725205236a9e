"""Answers, statements and rights to JSON, Markdown, HTML and plain text."""
