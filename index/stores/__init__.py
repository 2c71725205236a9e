"""What is kept, and where.

`catalog` (SQLite) is the truth: documents, passages, `statements`, vectors, `rights`.
`chroma` (vectors) and `bm25` (words) are made from it and can be made again; `locking`
lets one process at a time write.
"""
