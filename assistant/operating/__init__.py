"""Keeping an index.

maintaining  commands that write: done here, or by the server that owns the index
progress     what is being done just now, for those who look on
watching     folders whose changes are followed; following: a catalog that others write to
doctor       every check, and what to do;  examining: whether people can come in
languages    which model fits the languages of the documents
remaking     a damaged catalog, made anew
backing_up   a home in one file, and back again
terminal     what a person sees meanwhile
"""
