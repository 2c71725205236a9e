"""Documents in, passages out. Knows no language model, prompt or page.

ingesting: a file or folder becomes part of the index

    loading -> chunking -> attributing -> embedding -> catalog -> vectors, words

attributing: a document becomes statements, each with its speaker

    quotations -> segmenting -> parsing -> grammar, cues -> naming, describing

searching: a question becomes hits

    words + vectors -> fused -> focused on sentences -> reranked, if set
    asked: have they the names and numbers of the question, and its "not"
    speakers -> who_said: the statements of those who were asked about, by topic

rights: who may read what is found, listed or counted above; no reader goes past it

    rights_files, front matter, by hand -> rights -> Catalog.scope

The catalog (SQLite) is the truth; vectors (Chroma) and words (tantivy) are made
from it and can be made again.
"""
