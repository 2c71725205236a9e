"""The vector store on a server: it follows the catalog, and is missed by nobody while away."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from index.documents import LOCAL_USER
from index.errors import StoreAway, StoreDamaged
from index.stores.engines.chroma_server import ServedVectors
from tests.chroma import ChromaServer
from tests.conftest import Collection, MakeCollection, passage_ids

TEXTS = {"a.txt": "The pool opened in May.", "b.txt": "Ada baked bread.", "c.txt": "Rice grows."}


@pytest.fixture(scope="module")
def lasting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChromaServer]:
    server = ChromaServer(tmp_path_factory.mktemp("chroma"))
    server.start()
    yield server
    server.kill()


@pytest.fixture
def mortal(tmp_path: Path) -> Iterator[ChromaServer]:
    """One that a test may kill."""
    server = ChromaServer(tmp_path / "chroma")
    server.start()
    yield server
    server.kill()


def on(server: ChromaServer, made: Collection) -> tuple[Collection, ServedVectors]:
    vectors = ServedVectors(server.address, "", made.stores.catalog)
    return replace(made, stores=replace(made.stores, vectors=vectors)), vectors


@pytest.fixture
def made(make_collection: MakeCollection) -> Collection:
    return make_collection(TEXTS)


def nearest(made: Collection, question: str) -> str:
    """The name of the document that the store finds first."""
    found = made.stores.vectors.search(made.stores.embedder.embed_question(question), 3)
    scope = made.stores.catalog.scope(LOCAL_USER)
    return made.stores.catalog.passages(found[:1], scope)[0].source.name


def test_it_follows_the_catalog(lasting: ChromaServer, made: Collection) -> None:
    """The same twice changes nothing."""
    made, vectors = on(lasting, made)
    vectors.publish()
    assert vectors.count == 3
    assert nearest(made, "Where can I swim?") == "a.txt"
    made.write({"d.txt": "The ferry crossed the river."})
    (made.folder / "c.txt").unlink()
    made.sync()
    assert vectors.count == 3
    assert made.stores.catalog.changes("vectors", vectors.seen) == ([], [])
    found = vectors.search(made.stores.embedder.embed_question("boat"), 9)
    assert sorted(found) == passage_ids(made.stores.catalog)
    vectors.publish()
    vectors.check()
    assert vectors.count == 3


def test_publishing_goes_on_where_it_was_broken_off(
    lasting: ChromaServer, made: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was published is asked for meanwhile, and the rest scored."""
    monkeypatch.setattr("index.stores.engines.chroma_server.AT_ONCE", 1)
    made, vectors = on(lasting, made)
    replaced: list[int] = []
    replace_ = vectors._replace

    def breaks_off(added: Sequence[int], removed: Sequence[int]) -> None:
        if len(replaced) == 2:
            raise KeyboardInterrupt
        replaced.extend(added)
        replace_(added, removed)

    monkeypatch.setattr(vectors, "_replace", breaks_off)
    with pytest.raises(KeyboardInterrupt):
        vectors.publish()
    assert vectors.seen == vectors.count == 2
    assert made.search("What grows?").hits[0].source.name == "c.txt"
    monkeypatch.setattr(vectors, "_replace", replace_)
    vectors.publish()
    assert vectors.seen == vectors.count == 3
    assert len(replaced) == 2


def test_two_catalogs_share_a_server(
    lasting: ChromaServer, made: Collection, make_collection: MakeCollection
) -> None:
    for each, vectors in (on(lasting, made), on(lasting, make_collection({"z.txt": "A zebra."}))):
        vectors.publish()
        assert vectors.count == each.stores.catalog.passage_count


def test_a_store_that_lost_something_is_noticed_and_made_again(
    lasting: ChromaServer, made: Collection
) -> None:
    """Be it passages, other vectors or all of it."""
    made, vectors = on(lasting, made)
    vectors.publish()
    collection = vectors._collection()
    (first, *_) = passage_ids(made.stores.catalog)
    collection.delete(ids=[str(first)])
    with pytest.raises(StoreDamaged, match="holds 2 passages, not the 3"):
        vectors.check()
    assert len(list(made.stores.mend())) == 1
    vectors.check()
    ids = [str(id) for id in passage_ids(made.stores.catalog)]
    question = made.stores.embedder.embed_question("swim").tolist()
    vectors._collection().upsert(ids=ids, embeddings=[question] * 3)
    again = ServedVectors(lasting.address, "", made.stores.catalog)
    with pytest.raises(StoreDamaged, match="by their own vectors"):
        again.check()
    again.rebuild()
    again.check()
    assert nearest(made, "Where can I swim?") == "a.txt"


def test_while_it_is_away_every_vector_is_scored(
    mortal: ChromaServer, made: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As exactly; what is indexed meanwhile is found at once, and published when it is back."""
    monkeypatch.setattr("index.stores.engines.chroma_server.AWAY_FOR", 0.0)
    made, vectors = on(mortal, made)
    vectors.publish()
    index = made.open_index()

    def is_degraded() -> bool:
        return index.is_degraded

    assert made.search("Where can I swim?").hits[0].source.name == "a.txt"
    assert not is_degraded()
    mortal.kill()
    assert made.search("Where can I swim?").hits[0].source.name == "a.txt"
    assert is_degraded()
    index.check()
    made.write({"d.txt": "The ferry crossed the river."})
    made.sync()
    assert made.search("Which boat went over the water?").hits[0].source.name == "d.txt"
    monkeypatch.setattr("index.search.searching.EXACT_AT_MOST", 3)
    with pytest.raises(StoreAway, match="gives no answer"):
        made.search("Where can I swim?")
    mortal.start()
    vectors.publish()
    assert vectors.count == 4
    assert made.search("Which boat went over the water?").hits[0].source.name == "d.txt"
    assert not is_degraded()
