"""Who may read a document.

files (rights.toml, front matter) -> deciding: the one function that decides
"""
