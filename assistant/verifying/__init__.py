"""Drafts to answers: every sentence held against what it cites.

verification -> judging: sentences, names, groups, clauses -> checks, entailing
contradictions: what citations say against each other
"""
