"""Keeping an index.

maintaining  commands that write: done here, or by the server that owns the index
doctor       every check, and what to do;  examining: whether people can come in
remaking     a damaged catalog, made anew
backing_up   a home in one file, and back again
terminal     what a person sees meanwhile
"""
