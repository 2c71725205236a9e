"""Saved answers, and what became of their citations.

receipt -> rechecking -> aligning: where the words stand now, and how they differ
"""
