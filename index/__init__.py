"""Documents in, passages out. Knows no language model, prompt or page.

ingesting: a file or folder becomes part of the index

    planning -> making (reading, chunking, attribution, models) -> stores

search: a question becomes hits, for one person

    stores -> search;  rights: who may read what is found; no reader goes past it

`documents` are the nouns of all rooms, `english` is what they know of a language.
The catalog (SQLite or PostgreSQL) is the truth; vectors (Chroma) and words (tantivy)
are made from it and can be made again.
"""
