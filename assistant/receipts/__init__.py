"""Saved answers, and what became of their citations.

receipt -> rechecking -> likeness: where the words stand now, and how they differ
links: the same of what the address of a page of the reader cites
"""
