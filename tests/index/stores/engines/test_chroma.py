"""The vector store follows the catalog, and is made again when it was cut off."""

import shutil
from pathlib import Path
from threading import Event, Thread

import pytest

from index.documents import LOCAL_USER
from index.errors import StoreDamaged
from index.stores.engines import chroma
from index.stores.following import Notes
from index.stores.protocols import VectorStore
from tests.conftest import (
    Collection,
    MakeCollection,
    copy_home,
    damage,
    invented_texts,
    open_stores,
    passage_ids,
    run_python,
)

TEXTS = {"a.txt": "The pool opened in May.", "b.txt": "Ada baked bread.", "c.txt": "Rice grows."}

ASK = """
import sys, pathlib
from assistant.building import open_to_ask
from assistant.settings import Settings
from index.documents import LOCAL_USER
from index.errors import StoreDamaged
with open_to_ask(Settings(pathlib.Path(sys.argv[1])), "eval") as assistant:
    answer = assistant.ask("When did the pool open?", principal=LOCAL_USER)
print("answered", answer.citations[0].quote)
"""


@pytest.fixture
def made(make_collection: MakeCollection) -> Collection:
    return make_collection(TEXTS)


def noted(made: Collection, key: str) -> str:
    """What the store notes of itself."""
    return Notes(made.home / "vectors.json").read()[key]


def nearest(made: Collection, store: VectorStore, question: str) -> str:
    """The name of the document that the store finds first."""
    catalog = made.stores.catalog
    found = store.search(made.stores.embedder.embed_question(question), 3)
    (passage,) = catalog.passages(found[:1], catalog.scope(LOCAL_USER))
    return passage.source.name


def test_what_is_indexed_is_found_by_meaning(made: Collection) -> None:
    """Nearest first."""
    assert made.stores.vectors.count == 3
    assert nearest(made, made.stores.vectors, "Where can I swim?") == "a.txt"
    assert nearest(made, made.stores.vectors, "Who makes loaves?") == "b.txt"


def test_more_can_be_asked_for_than_there_are(made: Collection) -> None:
    """A small index is no special case."""
    found = made.stores.vectors.search(made.stores.embedder.embed_question("swim"), 1_000)
    assert sorted(found) == passage_ids(made.stores.catalog)


def test_what_opening_writes_is_no_damage(
    made: Collection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another thread may look whether the files are sound while one opens them."""
    home = copy_home(made.home, tmp_path / "copy")
    store, opening, looked = open_stores(home, made.stores.embedder).vectors, Event(), Event()
    open_collection = chroma._open_collection

    def open_slowly(folder: Path) -> object:
        opened = open_collection(folder)
        opening.set()
        assert looked.wait(30)
        return opened

    monkeypatch.setattr(chroma, "_open_collection", open_slowly)
    asking = Thread(target=lambda: nearest(made, store, "Where can I swim?"))
    asking.start()
    assert opening.wait(30)
    store.check()
    looked.set()
    asking.join()
    store.check()


def test_publishing_adds_and_removes_what_the_catalog_did(made: Collection) -> None:
    """Until then the store stays as it was."""
    catalog, vectors = made.stores.catalog, made.stores.vectors
    gone = made.passage_ids("a.txt")
    with catalog.writing():
        catalog.remove(made.document("a.txt").source.id)
    assert vectors.count == 3
    vectors.publish()
    assert vectors.count == 2
    assert catalog.changes("vectors", vectors.seen) == ([], [])
    found = vectors.search(made.stores.embedder.embed_question("pool"), 3)
    assert not set(gone) & set(found)


def test_renewing_makes_the_store_from_the_catalog_and_drops_the_earlier_one(
    made: Collection,
) -> None:
    """In a folder of its own, which is noted."""
    made.stores.vectors.rebuild()
    assert made.stores.vectors.count == 3
    folders = sorted(path.name for path in made.home.glob("vectors-*"))
    assert folders == [noted(made, "folder")]
    reopened = made.reopened().stores.vectors
    assert nearest(made, reopened, "Where can I swim?") == "a.txt"


def test_a_write_that_was_cut_off_is_made_again_when_it_is_next_opened(made: Collection) -> None:
    """Whatever the dead process left in the folder."""
    before = noted(made, "folder")
    Notes(made.home / "vectors.json").note(being_written="yes")
    damage(made.home / before / "chroma.sqlite3", b"half a write")
    stores = made.reopened().stores
    stores.publish()
    assert noted(made, "folder") != before
    assert noted(made, "being_written") == "no"
    assert stores.vectors.count == 3
    assert nearest(made, stores.vectors, "Where can I swim?") == "a.txt"


def test_a_folder_that_is_gone_is_made_again_when_it_is_next_opened(made: Collection) -> None:
    """Someone tidied up."""
    shutil.rmtree(made.home / noted(made, "folder"))
    stores = made.reopened().stores
    stores.publish()
    assert stores.vectors.count == 3


def test_folders_of_stores_that_nobody_uses_are_dropped(made: Collection) -> None:
    """A process that died while it renewed the store left one."""
    (made.home / "vectors-0").mkdir()
    made.stores.vectors.rebuild()
    assert len(list(made.home.glob("vectors-*"))) == 1


def test_a_damaged_store_is_made_again_by_whoever_owns_the_index(made: Collection) -> None:
    """And that is said: where damaged files were opened, the process would end."""
    folder = made.home / noted(made, "folder")
    damage_all(folder)
    asked = run_python(ASK, made.home)
    assert asked.stdout == "answered The pool opened in May.\n"
    assert "The vector index" in asked.stderr
    assert "onrecord rebuild" in asked.stderr


@pytest.mark.parametrize("name", ["chroma.sqlite3", "data_level0.bin"])
def test_a_file_that_is_not_as_it_was_written_is_never_opened(made: Collection, name: str) -> None:
    """It is named, with what to do."""
    folder = made.home / noted(made, "folder")
    (file,) = folder.rglob(name)
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    damage(file, bytes(content))
    opened = made.reopened().stores.vectors
    with pytest.raises(StoreDamaged, match=rf"{name} is not as it was written.*onrecord rebuild"):
        opened.search(made.stores.embedder.embed_question("swim"), 1)


def test_a_store_without_its_database_is_not_taken_for_an_empty_one(made: Collection) -> None:
    """An index of an earlier program, of which no checksums were noted."""
    Notes(made.home / "vectors.json").note(files="{}")
    (made.home / noted(made, "folder") / "chroma.sqlite3").unlink()
    with pytest.raises(StoreDamaged, match=r"vectors-1 is gone.*onrecord rebuild"):
        _ = made.reopened().stores.vectors.count


def damage_all(folder: Path) -> None:
    """Every file of it."""
    for file in folder.rglob("*"):
        if file.is_file():
            damage(file)


def test_more_than_one_batch_is_published(
    make_collection: MakeCollection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The library takes only so many records at once."""
    monkeypatch.setattr("index.stores.engines.chroma.BATCH", 7)
    made = make_collection(invented_texts(6))
    ids = passage_ids(made.stores.catalog)
    assert len(ids) > 21
    assert made.stores.vectors.count == len(ids)
    made.stores.vectors.rebuild()
    assert made.stores.vectors.count == len(ids)
