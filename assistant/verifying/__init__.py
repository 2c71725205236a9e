"""Drafts to answers: every sentence held against what it cites.

verification -> judging: sentences -> doubting, entailing
contrasting: what citations say against each other
withholding: nothing of a document that may no longer be read
"""
