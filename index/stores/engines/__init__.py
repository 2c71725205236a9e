"""What other programs keep: each is imported here and nowhere else.

database       where the catalog and the accounts are: in a file by sqlite, on a server by postgres
chroma         vectors and their neighbours; chroma_server has them on a server
bm25           words, by tantivy
"""
