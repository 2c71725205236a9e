"""What is kept, and where.

protocols    what searching and indexing ask of a store, whatever engine it is
engines/     SQLite or PostgreSQL, Chroma, tantivy
catalog      the truth: documents, passages and vectors; statements and rights are parts of it,
             tables what they stand on, stored its rows as nouns
following    what a store that is made from the catalog notes of itself; it can be made again
locking      one process at a time writes to a home
sealing      how damage to the catalog is noticed; salvaging what is saved of a damaged one
packing      vectors and spans as bytes

Only `assistant.building` names the classes behind the protocols.
"""
