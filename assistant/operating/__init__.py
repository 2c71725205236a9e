"""Keeping an index.

maintaining  commands that write: done here, or by the server that owns the index
doctor       every check, and what to do;  examining: whether people can come in
restoring    a damaged catalog, made anew
terminal     what a person sees meanwhile
"""
