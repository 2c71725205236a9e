"""Puts the parts together: the only place that names concrete classes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assistant.chat import Assistant
from assistant.errors import WrongUse
from assistant.settings import Settings
from index.attribution.languages import Attributor, languages
from index.documents import LOCAL_USER
from index.errors import (
    CatalogOutdated,
    EmbedderMismatch,
    HomeUnwritable,
    IndexBusy,
    IndexNotFound,
    StoreDamaged,
)
from index.models.embedding import Embedder
from index.models.exported import standing_back
from index.models.opening import open_embedder, was_damaged
from index.models.reranking import open_scorer
from index.models.selecting import open_selector
from index.paths import CATALOG, UPLOADS
from index.search.view import Index, Library
from index.stores.catalog import SqlCatalog
from index.stores.engines.bm25 import TantivyWords
from index.stores.engines.chroma import ChromaVectors
from index.stores.engines.chroma_server import ServedVectors
from index.stores.engines.database import Where, called
from index.stores.locking import owner, writer_lock
from index.stores.protocols import Catalog, DerivedStore, VectorStore, WordStore
from index.stores.salvaging import set_aside
from index.stores.tables import damaged, is_made
from index.timing import Clock

if TYPE_CHECKING:
    from assistant.answering.offering import Models
    from assistant.answering.writing import Model, Patience, Writer
    from index.ingesting import Stores
    from index.making.workers import Workers

MADE_BESIDE = ("words", "vectors-*", f"{CATALOG}-wal", f"{UPLOADS}/*")
"""What there is in a home folder only once there was a catalog: without one it was lost, and
with it who may read what. Nothing takes a new one in its place unasked."""

OPEN_VECTORS_FROM = 50_000
"""Passages from which a single question repays opening the vector store: to score
50,000 vectors from the catalog takes about as long as to import Chroma."""


@dataclass(frozen=True, slots=True)
class Opened:
    """An index that this process owns: to ask, and to write to."""

    assistant: Assistant
    stores: Stores


@contextmanager
def open_to_write(
    settings: Settings,
    command: str,
    address: str | None = None,
    token: str | None = None,
    *,
    publish: bool = True,
    answering: bool = False,
) -> Iterator[Opened]:
    """Own the index, which is made if there is none. Raises IndexBusy.

    Without `publish` what is made from the catalog is left as it is, damaged or not. While it is
    `answering`, what it writes waits for those who ask.
    """
    with writer_lock(settings.home, command, address, token):
        opened = _open_all(settings, publish=publish, answering=answering)
        try:
            yield opened
        finally:
            opened.stores.close()


@contextmanager
def open_workers(
    settings: Settings, stores: Stores, count: int | None, ray: str | None
) -> Iterator[Workers | None]:
    """Who makes files for the owner of the index: so many processes, or workers of the Ray cluster
    at this address; None for neither. Raises WorkersUnavailable."""
    from index.making.workers import Recipe

    identity = stores.embedder.identity
    recipe = Recipe(settings.embedder, settings.home / "models", identity, settings.languages)
    if ray:
        from index.making.cluster import cluster

        with cluster(ray, count, recipe) as workers:
            yield workers
    elif count:
        from index.making.processes import processes

        with processes(count, recipe) as workers:
            yield workers
    else:
        yield None


@contextmanager
def open_anew(
    settings: Settings, command: str, keep: Callable[[Catalog], None]
) -> Iterator[tuple[Opened, Path | None]]:
    """Own an index with a new catalog, in which `keep` writes what is kept; and the file in
    which the earlier one is now. Raises IndexBusy, IndexNotFound if there was none."""
    check_in_a_file(settings, "A catalog is made anew from its folders")
    path = settings.home / CATALOG
    if not (path.exists() or _left_of_one(settings.home)):
        raise _never_made(settings)
    with writer_lock(settings.home, command):
        fresh = path.with_name(f"{CATALOG}.anew")
        fresh.unlink(missing_ok=True)
        catalog = SqlCatalog.make(fresh)
        keep(catalog)
        catalog.close()
        aside = set_aside(path)
        fresh.rename(path)
        opened = _open_all(settings, publish=False)
        try:
            yield opened, aside
        finally:
            opened.stores.close()


@contextmanager
def open_to_ask(settings: Settings, command: str) -> Iterator[Assistant]:
    """Ask many questions: with the vector store, if no other process owns the index."""
    catalog = open_catalog(settings)
    with ExitStack() as held:
        if _owned(settings, command, held):
            opened = _open_all(settings, catalog)
            held.callback(opened.stores.close)
            yield opened.assistant
        else:
            yield _open_shared(settings, catalog)


def _owned(settings: Settings, command: str, held: ExitStack) -> bool:
    """Does this process own the index, until `held` is closed?"""
    if owner(settings.home):
        return False
    try:
        held.enter_context(writer_lock(settings.home, command))
    except (IndexBusy, HomeUnwritable):
        return False
    return True


@contextmanager
def open_to_ask_once(settings: Settings) -> Iterator[Assistant]:
    """Ask one question, with as little to open as possible."""
    catalog = open_catalog(settings)
    large = catalog.passage_count >= OPEN_VECTORS_FROM
    words = open_words(settings, catalog)
    behind = any(catalog.changes("words", words.seen))
    if large or behind or not _is_whole(words):
        with open_to_ask(settings, "ask") as assistant:
            yield assistant
    else:
        yield _open_shared(settings, catalog)


def open_to_chat(settings: Settings) -> Assistant:
    """Ask for as long as a person likes, without keeping others from writing."""
    return _open_shared(settings, open_catalog(settings))


def open_catalog(settings: Settings) -> Catalog:
    """The catalog of an index that exists. Raises IndexNotFound for one that was never made,
    CatalogDamaged for one that is gone."""
    if not was_made(settings):
        raise _never_made(settings)
    try:
        catalog = SqlCatalog(_where(settings))
    except CatalogOutdated:
        with writer_lock(settings.home, "upgrade"):
            catalog = SqlCatalog.make(_where(settings))
    catalog.check_seal()
    return catalog


def open_copy(file: Path) -> Catalog:
    """A copy of a catalog, for whoever made it; one of an earlier format is brought up to date.
    Raises CatalogDamaged."""
    return SqlCatalog.make(file)


def was_made(settings: Settings) -> bool:
    """Is there a catalog? Raises CatalogDamaged if there is none any more."""
    where = _where(settings)
    if is_made(where):
        return True
    if not settings.database and (left := _left_of_one(settings.home)):
        trouble = (
            f"it is gone, and what belongs to it ({', '.join(sorted(left))}) is still there; or it "
            "is in PostgreSQL, then set ONRECORD_DATABASE"
        )
        raise damaged(where, trouble)
    return False


def _left_of_one(home: Path) -> list[str]:
    return [file.name for made in MADE_BESIDE for file in home.glob(made)]


def _never_made(settings: Settings) -> IndexNotFound:
    where = called(_where(settings)) if settings.database else settings.home
    return IndexNotFound(f"There is no index in {where} yet. Make one with: onrecord index FOLDER")


def open_library(settings: Settings) -> Library:
    """The documents alone, all of them. Raises IndexNotFound."""
    return Library(open_catalog(settings), LOCAL_USER)


def _open_all(
    settings: Settings,
    catalog: Catalog | None = None,
    *,
    publish: bool = True,
    answering: bool = False,
) -> Opened:
    """Everything, what is made from the catalog brought in line with it."""
    from index.ingesting import Stores

    clock = Clock()
    if catalog is None:
        was_made(settings)
        catalog = SqlCatalog.make(_where(settings))
        catalog.check_seal()
    words, vectors = open_words(settings, catalog), open_vectors(settings, catalog)
    embedder = _embedder(settings, catalog)
    attributor = Attributor(languages(settings.languages))
    writing = standing_back(embedder) if answering else embedder
    stores = Stores(catalog, words, vectors, writing, attributor)
    clock.lap("open")
    if publish:
        for damage in stores.mend():
            click.echo(f"{damage}\nThat is being done now.", err=True)
        if not (answering and catalog.is_shared and words.has_to_be_waited_for()):
            stores.publish()
        clock.lap("publish")
    index = _index(settings, catalog, words, embedder, vectors)
    return Opened(_assistant(settings, index, stores.attributor, stores), stores)


def _open_shared(settings: Settings, catalog: Catalog) -> Assistant:
    """What any process may open while another one owns the index. Raises StoreDamaged."""
    clock = Clock()
    words, embedder = open_words(settings, catalog), _embedder(settings, catalog)
    words.check()
    clock.lap("open")
    vectors = open_vectors(settings, catalog) if settings.chroma else None
    index = _index(settings, catalog, words, embedder, vectors)
    return _assistant(settings, index, Attributor(languages(settings.languages)))


def _index(
    settings: Settings,
    catalog: Catalog,
    words: WordStore,
    embedder: Embedder,
    vectors: VectorStore | None,
) -> Index:
    scorer, selector = open_scorer(settings.reranker), open_selector(settings.selector)
    return Index(catalog, words, embedder, vectors, scorer, selector)


def _assistant(
    settings: Settings, index: Index, attributor: Attributor, stores: Stores | None = None
) -> Assistant:
    from assistant.verifying.entailing import open_entailer

    entailer = open_entailer(settings.entailment)
    return Assistant(
        index,
        open_writer(settings),
        attributor,
        stores,
        entailer,
        cache(partial(open_models, settings)),
        strict=settings.strict,
        answer_from=settings.answer_from,
    )


def open_model(settings: Settings) -> Writer:
    """The language model by itself. Raises WrongUse if none is set."""
    writer = open_writer(settings)
    if writer is None:
        raise WrongUse(
            "This needs a language model, and none is set. "
            "Set ONRECORD_MODEL, for example to openai:gpt-5-mini."
        )
    return writer


def open_writer(settings: Settings) -> Writer | None:
    """The language model; None if none is set."""
    model = _model(settings)
    if model is None:
        return None
    from assistant.answering.writing import Writer

    return Writer(model)


def open_models(settings: Settings) -> Models:
    """The models that one may choose among."""
    from assistant.answering.offering import Models

    return Models(_model(settings), _patience(settings))


def _model(settings: Settings) -> Model | None:
    if settings.model is None:
        return None
    from assistant.answering.writing import Model

    return Model(settings.model, settings.base_url, settings.api_key, _patience(settings))


def _patience(settings: Settings) -> Patience:
    from assistant.answering.writing import Patience

    return Patience(
        settings.connect_wait,
        settings.first_word_wait,
        settings.next_word_wait,
        settings.answer_wait,
    )


def _embedder(settings: Settings, catalog: Catalog) -> Embedder:
    models = settings.home / "models"
    if was_damaged(settings.embedder, models):
        click.echo(
            f"The embedding model in {models} is not as it was prepared; "
            "it is prepared again, which takes some seconds.",
            err=True,
        )
    embedder = open_embedder(settings.embedder, models)
    made_by = catalog.fact("embedder")
    if made_by not in (None, embedder.identity):
        raise EmbedderMismatch(
            f"This index was made with the model {made_by}, the settings name {embedder.identity}. "
            "Vectors of two models cannot be compared: set ONRECORD_EMBEDDER back, "
            "or index with another --home."
        )
    return embedder


def open_words(settings: Settings, catalog: Catalog) -> WordStore:
    """The word index, which any process may read."""
    return TantivyWords(settings.home / "words", catalog)


def open_vectors(settings: Settings, catalog: Catalog) -> VectorStore:
    """The vector index, which only the owner of the index may open, unless it is on a server."""
    if settings.chroma:
        return ServedVectors(settings.chroma, settings.chroma_token, catalog)
    return ChromaVectors(settings.home, catalog)


def _is_whole(store: DerivedStore) -> bool:
    try:
        store.check()
    except StoreDamaged:
        return False
    return True


def check_in_a_file(settings: Settings, deed: str) -> None:
    """Raises WrongUse where the catalog and the accounts are in PostgreSQL."""
    if settings.database:
        raise WrongUse(
            f"{deed} only where it is a file. For what is in PostgreSQL use its own tools, "
            "pg_dump and pg_restore: onrecord help operating"
        )


def _where(settings: Settings) -> Where:
    """The place of the catalog."""
    return settings.database or settings.home / CATALOG
