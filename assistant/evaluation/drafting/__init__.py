"""Drafts of questions from one's own documents, and their review.

drafting: material -> facts (of phrases), speakers, written -> drafts -> reviewing

`command` is `onrecord questions`.
"""
