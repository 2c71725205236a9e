"""What is kept, and where.

protocols    what searching and indexing ask of a store, whatever engine it is
catalog      the truth: documents, passages and vectors; statements and rights are parts of it,
             tables what they stand on, stored its rows as nouns
database     where it is kept: in a file by sqlite, on a server by postgres
chroma, bm25 vectors and words, made from the catalog; they can be made again, and follow it;
             chroma_server has vectors on a server
locking      one process at a time writes to a home
sealing      how damage to the catalog is noticed; salvaging what is saved of a damaged one
packing      vectors and spans as bytes

Only `assistant.building` names the classes behind the protocols.
"""
