"""Who may read a document.

patterns -> files (rights.toml, front matter) -> deciding: the one function that decides
"""
