"""In which languages the documents are, and which embedding model fits them."""

from __future__ import annotations

from collections import Counter

from index.attribution.languages import language_of
from index.documents import LOCAL_USER
from index.english import ENGLISH
from index.english.spelling import counted
from index.models.opening import MULTILINGUAL
from index.search.demands import sentences_in
from index.search.view import Library
from index.stores.protocols import Catalog

LOOKED_AT = 100
"""Documents of an index that are looked at, from all over it."""

TOLD_FROM = 200
"""Characters of sentences that a text needs for its language to be told."""

LONGEST = 10_000
"""Characters of a text that are looked at."""

MANY = 0.1
"""The share of documents in other languages from which another model is worth while."""


def languages_in(catalog: Catalog) -> Counter[str]:
    """How many of the documents that were looked at are in which language."""
    library = Library(catalog, LOCAL_USER)
    ids = [source.id for source in library.sources()]
    looked_at = ids[:: -(-len(ids) // LOOKED_AT) or 1]
    texts = (sentences_in(library.document(id).text[:LONGEST]) for id in looked_at)
    return Counter(language_of(text) for text in texts if len(text) >= TOLD_FROM)


def suggestion(catalog: Catalog, found: Counter[str]) -> str:
    """That the index be made with the multilingual model, where many of the documents are in
    other languages than the one of the default model; else nothing."""
    made_with = catalog.fact("embedder") or ""
    others = found.total() - found[ENGLISH.code]
    if made_with.startswith(MULTILINGUAL) or others <= MANY * found.total():
        return ""
    named = ", ".join(language for language, _ in found.most_common() if language != ENGLISH.code)
    return (
        f"{others} of the {counted(found.total(), 'document')} that were looked at "
        f"{'is' if others == 1 else 'are'} not in English ({named}). The multilingual model finds "
        "more in them: onrecord help languages"
    )
