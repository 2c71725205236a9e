"""Runs as people read them: in the terminal, as a page, beside another run.

comparison -> gating: is it good enough;  reporting: a table;  report: a page, with its
excerpts of documents and its plots
"""
