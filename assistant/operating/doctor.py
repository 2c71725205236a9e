"""What is in an index, and whether all is well with it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from assistant.accounts.store import FILE as ACCOUNTS
from assistant.accounts.store import Store, was_made
from assistant.building import open_catalog, open_vectors, open_words
from assistant.errors import AccountsDamaged, AssistantError
from assistant.operating.languages import languages_in, suggestion
from assistant.operating.maintaining import API, Request, maintain
from assistant.settings import Settings
from assistant.verifying.entailing import open_entailer
from index.documents import LOCAL_USER, Passage, Span
from index.english.spelling import counted
from index.errors import IndexingError
from index.models.embedding import cosines_to
from index.models.opening import open_embedder, was_damaged
from index.models.reranking import open_scorer
from index.models.selecting import open_selector
from index.paths import UPLOADS
from index.search.view import Library
from index.sharing import unclear
from index.stores.locking import owner, writer_lock
from index.stores.protocols import Catalog, VectorStore

PROBES = 200
"""Passages that are looked for in the vector index."""

SAME = 0.999
"""Cosine from which two passages are the same to a search."""

FOUND = 0.95
"""Share of them that a sound index finds at least: it looks for what is near, not for all."""


LEFT_OF_ACCOUNTS = (f"{UPLOADS}/*", f"{ACCOUNTS}-wal", f"{ACCOUNTS}-shm")
"""What there is in a home folder only once there were accounts."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What was checked, whether it passed, and what was found or is to be done."""

    name: str
    passed: bool
    words: str


def describe(settings: Settings) -> Mapping[str, object]:
    """What is indexed and who is using it. Raises IndexNotFound."""
    catalog = open_catalog(settings)
    library = Library(catalog, LOCAL_USER)
    indexed = library.status()
    holder = owner(settings.home)
    return {
        "home": str(settings.home.resolve()),
        "documents": indexed.documents,
        "passages": indexed.passages,
        "left_out": library.left_out(),
        "embedder": indexed.embedder,
        "reranker": settings.reranker or "none",
        "selector": settings.selector,
        "entailment": settings.entailment or "none",
        "version": indexed.version,
        "not_yet_published": len(
            catalog.changes("vectors", open_vectors(settings, catalog).seen)[0]
        ),
        "bytes": _size(settings.home),
        "used_by": f"onrecord {holder.command} (process {holder.pid})" if holder else "nobody",
        "address": (holder.address if holder else None) or "",
    }


def check(settings: Settings) -> list[Checked]:
    """Every check, also after one has failed."""
    return [examined(name, settings) for name in CHECKS]


def examined(name: str, settings: Settings) -> Checked:
    """One of them, by its name."""
    try:
        return Checked(name, passed=True, words=CHECKS[name](settings))
    except (IndexingError, AssistantError, OSError) as error:
        return Checked(name, passed=False, words=str(error))


def mend(settings: Settings) -> Iterator[str]:
    """Make again what is damaged of what is made from a sound catalog; tells what. Raises
    IndexBusy."""
    if not examined("catalog", settings).passed:
        return
    found = [each for name in MADE_AGAIN if not (each := examined(name, settings)).passed]
    for each in found:
        yield f"{each.name}: {each.words}"
    if found:
        for _ in maintain(settings, Request("rebuild")):
            pass
        yield "All of that was made again from the catalog."


def _python(settings: Settings) -> str:
    return f"Python {sys.version.split()[0]}, {counted(os.cpu_count() or 1, 'processor')}"


def _home(settings: Settings) -> str:
    home = settings.home.resolve()
    nearest = next(folder for folder in (home, *home.parents) if folder.exists())
    if not os.access(nearest, os.W_OK):
        raise IndexingError(f"{nearest} cannot be written to. Choose another --home.")
    return str(home)


def _model(settings: Settings) -> str:
    if was_damaged(settings.embedder, settings.home / "models"):
        raise IndexingError(
            f"The embedding model in {settings.home / 'models'} is not as it was prepared. "
            "Have it prepared again with: onrecord rebuild"
        )
    embedder = open_embedder(settings.embedder, settings.home / "models")
    said, same, other = (
        embedder.embed_passages([Passage(0, len(text), text, (Span(0, len(text)),))])[0].passage
        for text in ("He opened the bridge.", "The bridge was opened by him.", "Rice is a grain.")
    )
    if said @ same <= said @ other:
        raise IndexingError(
            f"The model {embedder.identity} puts unlike sentences nearer than like ones. "
            f"Delete {settings.home / 'models'} to have it prepared again."
        )
    return embedder.identity


def _reranker(settings: Settings) -> str:
    scorer = open_scorer(settings.reranker)
    if scorer is None:
        return "none, as set"
    scores = scorer.score("Who opened the bridge?", ["He opened the bridge.", "Rice is a grain."])
    if scores[0] <= scores[1]:
        raise IndexingError(
            f"The reranking model {scorer.identity} puts a passage that answers after one that "
            "does not. Set ONRECORD_RERANKER to another, or to nothing for none."
        )
    return scorer.identity


def _selector(settings: Settings) -> str:
    selector = open_selector(settings.selector)
    if selector is None:
        return "none, as set"
    text = "Rice is a grain. The mayor opened the bridge. It rained."
    cut = (Span(0, 16), Span(17, 45), Span(46, 55))
    other, right, another = selector.odds("Who opened the bridge?", [Passage(0, 55, text, cut)])[0]
    if right <= max(other, another):
        raise IndexingError(
            "The answer selector prefers a sentence that does not answer to one that does. "
            "Set ONRECORD_SELECTOR to another, or to none, or leave it out."
        )
    return settings.selector


def _entailment(settings: Settings) -> str:
    entailer = open_entailer(settings.entailment)
    if entailer is None:
        return "none, as set"
    if entailer.doubt("He opened the bridge in May.", "He opened the bridge."):
        raise IndexingError(
            f"The entailment model {entailer.identity} does not find in a sentence what it says. "
            "Set ONRECORD_ENTAILMENT to another, or to nothing for none."
        )
    return entailer.identity


def _catalog(settings: Settings) -> str:
    catalog = open_catalog(settings)
    catalog.check()
    indexed = Library(catalog, LOCAL_USER).status()
    documents = counted(indexed.documents, "document")
    return f"{documents}, {counted(indexed.passages, 'passage')}"


def _languages(settings: Settings) -> str:
    catalog = open_catalog(settings)
    found = languages_in(catalog)
    named = (f"{count} in {language}" for language, count in found.most_common())
    told = ", ".join(named) or "no document is long enough to tell"
    return ". ".join(filter(None, [told, suggestion(catalog, found)]))


def _words(settings: Settings) -> str:
    catalog = open_catalog(settings)
    words = open_words(settings, catalog)
    words.check()
    behind = len(catalog.changes("words", words.seen)[0])
    return f"{counted(words.count, 'passage')}, {behind:,} to come"


def _vectors(settings: Settings) -> str:
    catalog = open_catalog(settings)
    vectors = open_vectors(settings, catalog)
    behind = len(catalog.changes("vectors", vectors.seen)[0])
    holder = owner(settings.home)
    if holder:
        told = f"{holder.address}{API}/ready" if holder.address else "that command, once it is done"
        return f"in use by onrecord {holder.command}; whether it is whole tells {told}"
    with writer_lock(settings.home, "doctor"):
        vectors.check()
        held = counted(vectors.count, "passage")
        found = _find_themselves(catalog, vectors)
    return f"{held}, {behind:,} to come; {found:.0%} of those looked for find themselves"


def _find_themselves(catalog: Catalog, vectors: VectorStore) -> float:
    """How many of some published passages, asked for with their own vectors, are what is
    found: they, or others that are the same. Raises IndexingError if too few are."""
    waiting = set(catalog.changes("vectors", vectors.seen)[0])
    ids, own = catalog.vectors(catalog.scope(LOCAL_USER))
    rows = [row for row, id in enumerate(ids) if id not in waiting]
    probed = rows[:: max(1, len(rows) // PROBES)]
    found = [catalog.vectors_of(vectors.search(own[row], 1))[1] for row in probed]
    same = [
        len(near) == 1 and bool(cosines_to(near, own[row])[0] > SAME)
        for row, near in zip(probed, found, strict=True)
    ]
    share = sum(same) / len(same) if same else 1.0
    if share < FOUND:
        raise IndexingError(
            f"Only {share:.0%} of the passages that were looked for in the vector index find "
            "themselves. Make it again from the catalog with: onrecord rebuild"
        )
    return share


def _accounts(settings: Settings) -> str:
    home = settings.home
    if not settings.database and not was_made(home):
        if left := next((name for name in LEFT_OF_ACCOUNTS if any(home.glob(name))), None):
            raise AccountsDamaged(
                f"There are no accounts in {home}, though {left.removesuffix('/*')} is there, and "
                "onrecord serve makes them before that. Put a backup of accounts.sqlite3 in "
                "their place. Without one, new ones are made at the next start: keys have to be "
                "made again, and what was noted is lost."
            )
        return "none yet"
    Store(home, settings.database).check()
    return "keys, logins and what was noted are in order"


def _rights(settings: Settings) -> str:
    catalog = open_catalog(settings)
    if problems := unclear(catalog):
        raise IndexingError(" ".join(problems.values()))
    return f"all of {counted(len(catalog.files('')), 'document')} can be used"


def _owner(settings: Settings) -> str:
    holder = owner(settings.home)
    if holder is None:
        return "nobody is writing"
    return f"onrecord {holder.command}, process {holder.pid}, since {holder.since}"


MADE_AGAIN = ("embedding model", "word index", "vector index")
"""What `rebuild` makes again."""

CHECKS: Mapping[str, Callable[[Settings], str]] = {
    "python": _python,
    "home": _home,
    "embedding model": _model,
    "reranking model": _reranker,
    "answer selector": _selector,
    "entailment model": _entailment,
    "catalog": _catalog,
    "languages": _languages,
    "word index": _words,
    "vector index": _vectors,
    "accounts": _accounts,
    "rights files": _rights,
    "writer": _owner,
}


def _size(folder: Path) -> int:
    return sum(_file_size(file) for file in _files(folder))


def _files(folder: Path) -> Iterator[Path]:
    return (file for file in folder.rglob("*") if file.is_file())


def _file_size(file: Path) -> int:
    try:
        return file.stat().st_size
    except FileNotFoundError:
        return 0  # another process has just removed it
