"""What is kept, and where.

protocols    what searching and indexing ask of a store, whatever engine it is
catalog      the truth (SQLite): documents, passages and vectors; statements and rights are
             parts of it, tables and database what they stand on, stored its rows as nouns
chroma, bm25 vectors and words, made from the catalog; they can be made again
locking      one process at a time writes
sealing      how damage to the catalog is noticed; salvaging what is saved of a damaged one
packing      vectors and spans as bytes

Only `assistant.building` names the classes behind the protocols.
"""
