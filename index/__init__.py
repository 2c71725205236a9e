"""Documents in, passages out. Knows no language model, prompt or page.

ingesting: a file or folder becomes part of the index

    loading -> chunking -> embedding -> catalog -> vectors, words

searching: a question becomes hits

    words + vectors -> fused -> focused on sentences -> reranked, if set

The catalog (SQLite) is the truth; vectors (Chroma) and words (tantivy) are made
from it and can be made again.
"""
