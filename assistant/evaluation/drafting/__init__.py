"""Drafts of questions from one's own documents, and their review.

material -> facts, speakers, written -> drafts -> reviewing
"""
