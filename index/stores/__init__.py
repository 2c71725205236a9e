"""What is kept, and where.

`protocols` says what the index needs of each: others know no more, and only
`assistant.building` names the classes behind them. `catalog` (SQLite) is the truth:
documents, passages, `statements`, vectors, `rights`. `chroma` (vectors) and `bm25` (words)
are made from it and can be made again; `sealing` shows that it is as it was written;
`locking` lets one process at a time write.
"""
