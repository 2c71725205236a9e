"""Documents in, passages out. Knows no language model, prompt or page.

ingesting: a file or folder becomes part of the index, and tells how far it is in events

    planning -> making (reading, chunking, attribution, models) -> stores

search: a question becomes hits, for one person

    stores -> search;  rights: who may read what is found; no reader goes past it

sharing      who may read a document, changed by those to whom it belongs
originals    the file that a document was read from; page_pictures: its pages as they look

documents    the nouns of all rooms, errors what can go wrong
structure    the blocks of a document as plain data
lexicon      what the rules know of a language, and english all of it for English
words        a text to the words by which it is searched; sounds, how these sound
checksums    files as they were when they were written; paths, what is where in a home
priority     work that waits behind what people wait for; timing, how long it took

The catalog (SQLite or PostgreSQL) is the truth; vectors (Chroma) and words (tantivy)
are made from it and can be made again.
"""
