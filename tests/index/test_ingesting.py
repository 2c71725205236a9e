"""The index follows the files: only what changed, and never less than before."""

import json
import math
import os
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from index.documents import LOCAL_USER, Document, Passage, Principal, Span
from index.errors import MissingSource
from index.events import FileDone, Progress, Summary
from index.ingesting import Stores, forget, sync
from index.models.embedding import Embedder, PassageVectors, Tokens, Vectors
from index.models.exported import OnnxEmbedder
from index.planning import document_id
from index.reading.finding import UNPRINTABLE, find_files, shown
from index.reading.loading import Content, fetch, load
from index.sharing import set_by_hand
from index.stores.catalog import SqlCatalog
from index.stores.engines.bm25 import TantivyWords
from index.stores.engines.database import Where
from tests.conftest import (
    ENGINES,
    Collection,
    Engine,
    MakeCollection,
    engine_of,
    invented_texts,
    new_home,
    open_stores,
    passage_ids,
)

TEXTS = {
    "a.txt": "The pool opened in May.",
    "2016/b.txt": "Ada baked bread.",
    "2016/c.md": "# Rice\n\nRice grows in water.",
}


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Engine:
    return engine_of(request)


@dataclass
class Counting:
    """An embedder that counts the passages it embeds, and stops like Ctrl-C at `limit`."""

    real: Embedder
    passages: int = 0
    limit: float = float("inf")

    @property
    def identity(self) -> str:
        return self.real.identity

    @property
    def dimensions(self) -> int:
        return self.real.dimensions

    @property
    def window(self) -> int:
        return self.real.window

    def count_tokens(self, text: str, spans: Sequence[Span]) -> list[int]:
        return self.real.count_tokens(text, spans)

    def is_common(self, word: str) -> bool:
        return self.real.is_common(word)

    def embed_passages(self, passages: Sequence[Passage]) -> list[PassageVectors]:
        if self.passages + len(passages) > self.limit:
            raise KeyboardInterrupt
        self.passages += len(passages)
        return self.real.embed_passages(passages)

    def embed_question(self, question: str) -> Vectors:
        return self.real.embed_question(question)

    def embed_tokens(self, texts: Sequence[str]) -> list[Tokens]:
        return self.real.embed_tokens(texts)


def counted(made: Collection) -> tuple[Collection, Counting]:
    """The same collection as another process opens it, with an embedder that counts."""
    made.stores.words.close()
    counting = Counting(made.stores.embedder)
    return made.reopened(counting), counting


@pytest.fixture
def made(make_collection: MakeCollection) -> Collection:
    return make_collection(TEXTS)


def sizes(stores: Stores) -> tuple[int, int, int]:
    """How many passages are in the catalog, the words and the vectors."""
    return len(passage_ids(stores.catalog)), stores.words.count, stores.vectors.count


def changes(files: dict[str, FileDone]) -> dict[str, str]:
    return {name: event.change for name, event in files.items()}


def test_every_file_below_a_folder_is_indexed(made: Collection) -> None:
    """Under its path below the folder, in all three stores."""
    assert made.names() == ["2016/b.txt", "2016/c.md", "a.txt"]
    assert sizes(made.stores) == (3, 3, 3)
    assert made.stores.catalog.fact("embedder") == made.stores.embedder.identity


def test_a_run_says_what_became_of_each_file(make_collection: MakeCollection) -> None:
    """How much there is to do, a line a file, how far it is, and at last the summary."""
    made = make_collection({})
    made.write(TEXTS)
    start, *events, progress, summary = sync(made.stores, [made.folder])
    assert isinstance(start, Progress)
    assert (start.files_done, start.files_total, start.passages) == (0, 3, 0)
    assert [(e.name, e.change, e.passages) for e in events if isinstance(e, FileDone)] == [
        ("2016/b.txt", "added", 1),
        ("2016/c.md", "added", 1),
        ("a.txt", "added", 1),
    ]
    assert isinstance(progress, Progress)
    assert (progress.files_done, progress.files_total, progress.passages) == (3, 3, 3)
    assert isinstance(summary, Summary)
    assert (summary.added, summary.passages, summary.interrupted) == (3, 3, False)


@dataclass
class Interrupting(Counting):
    """An embedder during whose work somebody else opens the index and changes rights."""

    where: Where = Path()

    def embed_passages(self, passages: Sequence[Passage]) -> list[PassageVectors]:
        catalog = SqlCatalog(self.where)
        if isinstance(self.where, Path):
            catalog._db.do("PRAGMA busy_timeout = 100")
        for _ in set_by_hand(catalog, "a.txt", {"owner": f"user:i|{self.passages}"}):
            pass
        catalog.close()
        return Counting.embed_passages(self, passages)


def test_rights_are_changed_while_a_large_document_is_embedded(
    made: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Transactions hold only writes; both are there in the end, in the word index too."""
    monkeypatch.setattr("index.making.embedded.PASSAGES_AT_ONCE", 4)
    made.stores.words.close()
    interrupting = Interrupting(made.stores.embedder, where=made.where)
    stores = made.reopened(interrupting).stores
    again = Collection(made.home, made.folder, stores)
    again.write({"large.txt": "".join(invented_texts(1, 200).values())})
    again.sync()
    assert interrupting.passages > 8
    assert "large.txt" in again.names()
    (granted,) = [g for s, g in stores.catalog.granted(stores.catalog.scope(LOCAL_USER, "a.txt"))]
    assert granted.rights.owner != "user:i|0"
    assert stores.catalog.changes("words", stores.words.seen) == ([], [])


def test_rights_that_change_while_words_are_published_are_published_too(
    made: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They would stay as they were in the word index for good."""
    stores, words = made.stores, made.stores.words
    assert isinstance(words, TantivyWords)
    replace, changes = words._replace, iter(["user:i|ann"])

    def change_meanwhile(*arguments: object) -> None:
        replace(*arguments)  # type: ignore[arg-type]
        for owner in changes:
            for _ in set_by_hand(stores.catalog, "a.txt", {"owner": owner}):
                pass

    monkeypatch.setattr(words, "_replace", change_meanwhile)
    made.write({"d.txt": "Dora swam."})
    made.sync()
    ann = Principal("user:i|ann")
    scope = stores.catalog.scope(ann)
    assert words.search(words.terms("pool", scope), 9, scope)


def test_files_that_have_not_changed_cost_nothing(made: Collection) -> None:
    """No embedding, no new ids, no new version of the index."""
    again, counting = counted(made)
    before, revision = passage_ids(again.stores.catalog), again.stores.catalog.revision
    summary, files = again.sync()
    assert (summary.unchanged, summary.passages, files) == (3, 0, {})
    assert counting.passages == 0
    assert passage_ids(again.stores.catalog) == before
    assert again.stores.catalog.revision == revision


def test_a_file_that_was_only_touched_costs_nothing(made: Collection) -> None:
    """Its time has changed, its content has not; it is read once more, not embedded."""
    again, counting = counted(made)
    (made.folder / "a.txt").touch()
    summary, files = again.sync()
    assert (summary.unchanged, files, counting.passages) == (3, {}, 0)


def test_a_changed_file_replaces_its_own_passages_only(made: Collection) -> None:
    """Those of the others keep their ids; what it said before is found no more."""
    again, counting = counted(made)
    kept = [again.passage_ids(name) for name in ("2016/b.txt", "2016/c.md")]
    old, (id,) = again.passage_ids("a.txt"), [again.document("a.txt").source.id]
    again.write({"a.txt": "The zebra crossed the river."})
    summary, files = again.sync()
    assert changes(files) == {"a.txt": "updated"}
    assert (summary.updated, summary.unchanged, counting.passages) == (1, 2, 1)
    assert [again.passage_ids(name) for name in ("2016/b.txt", "2016/c.md")] == kept
    assert not set(old) & set(again.passage_ids("a.txt"))
    assert again.document("a.txt").source.id == id
    assert sizes(again.stores) == (3, 3, 3)
    assert again.search("zebra").hits[0].source.name == "a.txt"
    assert all("pool" not in hit.passage.text for hit in again.search("pool").hits)


def test_a_removed_file_is_gone_everywhere(made: Collection) -> None:
    """From the catalog, the words and the vectors."""
    (made.folder / "2016" / "b.txt").unlink()
    summary, files = made.sync()
    assert changes(files) == {"2016/b.txt": "removed"}
    assert (summary.removed, summary.unchanged) == (1, 2)
    assert made.names() == ["2016/c.md", "a.txt"]
    assert sizes(made.stores) == (2, 2, 2)


def test_a_file_that_cannot_be_read_is_reported_and_the_others_go_on(
    make_collection: MakeCollection,
) -> None:
    """By its name, with the reason."""
    made = make_collection({})
    made.write({"a.pdf": "not a PDF at all", "b.txt": "Ada baked bread."})
    summary, files = made.sync()
    assert changes(files) == {"a.pdf": "unreadable", "b.txt": "added"}
    assert files["a.pdf"].reason.startswith("a.pdf ")
    assert (summary.added, summary.unreadable) == (1, 1)
    assert made.names() == ["b.txt"]


def test_a_file_that_can_no_longer_be_read_keeps_its_earlier_version(made: Collection) -> None:
    """Better yesterday's words than none; it is tried again the next time."""
    made.write({"a.txt": ""})
    for _ in range(2):
        summary, files = made.sync()
        assert changes(files) == {"a.txt": "unreadable"}
        assert (summary.unreadable, summary.removed, summary.unchanged) == (1, 0, 2)
        assert made.document("a.txt").text == TEXTS["a.txt"]
        assert made.search("When did the pool open?").hits[0].source.name == "a.txt"
    made.write({"a.txt": "The pool closed again."})
    assert changes(made.sync()[1]) == {"a.txt": "updated"}


@pytest.mark.parametrize("state", ["missing", "empty", "holds nothing readable"])
def test_a_folder_without_documents_is_refused_and_nothing_is_removed(
    state: str, made: Collection
) -> None:
    """A disk that is not mounted looks the same."""
    moved = made.folder.rename(made.folder.with_name("moved"))
    if state != "missing":
        made.folder.mkdir()
    if state == "holds nothing readable":
        (made.folder / "a.out").write_bytes(b"\x7fELF")
    with pytest.raises(MissingSource, match=str(made.folder)):
        made.sync()
    with pytest.raises(MissingSource, match=str(made.folder)):
        made.sync(moved, made.folder)
    assert sizes(made.stores) == (3, 3, 3)
    assert len(made.names()) == 3


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Written after every fourth passage."""
    monkeypatch.setattr("index.ingesting.PASSAGES_AT_ONCE", 4)


@pytest.mark.usefixtures("small_batches")
def test_an_interrupted_run_leaves_a_good_index_and_the_next_one_goes_on(
    make_collection: MakeCollection,
) -> None:
    """What was done is kept whole, can be asked, and is not done again."""
    made = make_collection({})
    texts = invented_texts(10, 12)
    made.write(texts)
    first, counting = counted(made)
    counting.limit = 12
    summary, files = first.sync()
    assert summary.interrupted
    assert 0 < summary.added == len(first.names()) < 10
    assert set(changes(files).values()) == {"added"}
    held = sizes(first.stores)
    assert held == (counting.passages,) * 3
    name = first.names()[-1]
    line = texts[name].splitlines()[0]
    done, counting.limit = counting.passages, math.inf  # a search embeds sentences, too
    assert line in first.search(line).hits[0].passage.text

    first.stores.words.close()
    second, further = counted(made)
    summary, _ = second.sync()
    assert not summary.interrupted
    assert summary.added == 10 - len(files)
    assert sizes(second.stores) == (done + further.passages,) * 3
    assert len(second.names()) == 10


def test_what_was_written_counts_though_the_run_is_stopped_before_it_is_said(
    make_collection: MakeCollection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A person who stops it while the words are published is told what is in the index."""
    made = make_collection({})
    made.write(TEXTS)
    publish, calls = TantivyWords.publish, iter([KeyboardInterrupt])

    def stopped_once(words: TantivyWords) -> None:
        publish(words)
        if error := next(calls, None):
            raise error

    monkeypatch.setattr(TantivyWords, "publish", stopped_once)
    summary, _ = made.sync()
    assert summary.interrupted
    assert summary.added == len(made.names()) == 3


@pytest.mark.usefixtures("small_batches")
def test_a_run_that_its_caller_drops_leaves_a_good_index(make_collection: MakeCollection) -> None:
    """A browser that went away."""
    made = make_collection({})
    made.write(invented_texts(10, 12))
    run: Iterator[object] = sync(made.stores, [made.folder])
    assert isinstance(next(run), Progress)
    assert isinstance(next(run), FileDone)
    del run
    made.stores.words.close()
    again = made.reopened()
    again.stores.publish()
    assert 0 < len(again.names()) < 10
    assert len(set(sizes(again.stores))) == 1


def test_a_folder_inside_keeps_the_names_of_the_larger_one(made: Collection) -> None:
    """And leaves what lies outside it alone, removed or not."""
    (made.folder / "a.txt").unlink()
    made.write({"2016/b.txt": "Ada baked two breads."})
    summary, files = made.sync(made.folder / "2016")
    assert changes(files) == {"2016/b.txt": "updated"}
    assert (summary.removed, summary.unchanged) == (0, 1)
    assert made.names() == ["2016/b.txt", "2016/c.md", "a.txt"]


def test_a_new_file_in_a_folder_inside_has_its_name_in_the_larger_one(made: Collection) -> None:
    """As it would have had if the larger folder had been given."""
    made.write({"2016/new.txt": "A zebra came."})
    made.sync(made.folder / "2016")
    assert "2016/new.txt" in made.names()


def test_a_larger_folder_gives_its_names(make_collection: MakeCollection) -> None:
    """To what was indexed by itself before; nothing is embedded for that."""
    made = make_collection({})
    made.write(TEXTS)
    made.sync(made.folder / "2016", made.folder / "a.txt")
    assert made.names() == ["a.txt", "b.txt", "c.md"]
    again, counting = counted(made)
    summary, _ = again.sync()
    assert (summary.unchanged, counting.passages) == (3, 0)
    assert again.names() == ["2016/b.txt", "2016/c.md", "a.txt"]


@pytest.mark.parametrize("order", [1, -1])
def test_a_file_that_two_of_the_paths_hold_counts_once(
    order: int, make_collection: MakeCollection
) -> None:
    """And has its name in the larger one, in whatever order they are given."""
    made = make_collection({})
    made.write(TEXTS)
    paths = [made.folder, made.folder / "2016"][::order]
    for expected in ((3, 0), (0, 3), (0, 3)):
        summary, _ = made.sync(*paths)
        assert (summary.added, summary.unchanged) == expected
        assert made.names() == ["2016/b.txt", "2016/c.md", "a.txt"]


def test_files_of_one_name_in_two_folders_are_two_documents(
    make_collection: MakeCollection,
) -> None:
    """Told apart by their place, though people call both by one name."""
    made = make_collection({})
    made.write({"x/a.txt": "The pool opened.", "y/a.txt": "Ada baked bread."})
    made.sync(made.folder / "x", made.folder / "y")
    assert made.names() == ["a.txt", "a.txt"]
    ids = {source.id for source in made.stores.catalog.sources(LOCAL_USER)}
    assert ids == {document_id(made.folder / where / "a.txt") for where in "xy"}
    assert made.search("bread").hits[0].passage.text == "Ada baked bread."
    (made.folder / "x" / "a.txt").unlink()
    made.write({"x/b.txt": "Rice."})
    made.sync(made.folder / "x")
    assert made.names() == ["a.txt", "b.txt"]


def test_rebuilding_embeds_nothing_and_changes_no_answer(make_collection: MakeCollection) -> None:
    """Passages keep their ids."""
    again, counting = counted(make_collection({**TEXTS, **invented_texts(10)}))
    question = "who painted the bridge of Arden?"
    before, ids = again.search(question), passage_ids(again.stores.catalog)
    searched = counting.passages
    again.stores.rebuild()
    assert counting.passages == searched
    after = again.search(question)
    assert passage_ids(again.stores.catalog) == ids
    assert [hit.passage for hit in after.hits] == [hit.passage for hit in before.hits]
    assert np.allclose([hit.score for hit in after.hits], [hit.score for hit in before.hits])
    assert len(set(sizes(again.stores))) == 1


def test_what_is_to_be_forgotten_is_gone_though_its_files_are_there(made: Collection) -> None:
    """A folder or a file; what lies outside it stays."""
    *files, summary = forget(made.stores, [made.folder / "2016"])
    assert [e.change for e in files if isinstance(e, FileDone)] == ["removed", "removed"]
    assert isinstance(summary, Summary)
    assert summary.removed == 2
    assert made.names() == ["a.txt"]
    assert sizes(made.stores) == (1, 1, 1)
    assert (made.folder / "2016" / "b.txt").exists()


def test_what_is_not_indexed_cannot_be_forgotten(made: Collection) -> None:
    """A slip of the pen is said, not passed over."""
    with pytest.raises(MissingSource, match="2017"):
        list(forget(made.stores, [made.folder / "2017"]))


def test_a_document_keeps_exactly_the_characters_of_its_file(
    make_collection: MakeCollection,
) -> None:
    """So that an offset into the file is one into the document."""
    text = "One 😀.\r\n\r\n“Two,” she said.\r\nThree\u2028four. "
    made = make_collection({"a.txt": text})
    assert made.document("a.txt").text == text
    for hit in made.search("what did she say?").hits:
        for evidence in hit.evidence:
            assert evidence.text == text[evidence.span.start : evidence.span.end]


def test_names_in_other_scripts_are_kept(make_collection: MakeCollection) -> None:
    """Also with spaces and marks that mean something to a shell."""
    name = "Протокол 1/ответ [2] *?.txt"
    made = make_collection({name: "Он сказал."})
    assert made.names() == [name]
    assert Path(made.folder / name).exists()


def test_what_is_forgotten_leaves_no_trace_once_the_rest_is_made_again(
    make_collection: MakeCollection,
) -> None:
    """Its words are in no file of the index."""
    made = make_collection({"secret.txt": "Kryptonite lies in Xanadu.", "b.txt": "Ada bakes."})
    assert traces(made, b"ryptonit") != [] or not isinstance(made.where, Path)
    list(forget(made.stores, [made.folder / "secret.txt"]))
    made.stores.rebuild()
    made.stores.close()
    assert traces(made, b"ryptonit") == []


def traces(made: Collection, word: bytes) -> list[Path]:
    """Files of the index that have these bytes."""
    files = [file for file in made.home.rglob("*") if file.is_file() and "models" not in file.parts]
    return [file for file in files if word in file.read_bytes()]


def test_a_new_recipe_reads_every_file_anew(
    made: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though none has changed: what was made of them by the old one is out of date."""
    monkeypatch.setattr("index.making.preparing.RECIPE", "next")
    summary, _ = made.sync()
    assert (summary.updated, summary.unchanged) == (3, 0)
    summary, _ = made.sync()
    assert (summary.updated, summary.unchanged) == (0, 3)


def test_a_name_that_is_not_utf8_is_told_and_the_rest_goes_on(
    make_collection: MakeCollection,
) -> None:
    """Of a file and of a folder; the catalog could not keep it."""
    made = make_collection({})
    made.write({"a.txt": "Ada baked bread."})
    for name in (b"bad\xff.txt", b"folder\xfe/b.txt"):
        path = os.path.join(os.fsencode(made.folder), name)  # noqa: PTH118  bytes
        os.makedirs(os.path.dirname(path), exist_ok=True)  # noqa: PTH103, PTH120
        with open(path, "wb") as file:  # noqa: PTH123
            file.write(b"The pool opened.")
    summary, files = made.sync()
    assert (summary.added, summary.unreadable) == (1, 2)
    assert made.names() == ["a.txt"]
    told = [event for event in files.values() if event.change == "unreadable"]
    assert all("Rename it" in event.reason for event in told)
    json.dumps([event.name for event in told], ensure_ascii=False).encode()


def test_a_folder_that_cannot_be_opened_is_told_and_its_documents_stay(
    made: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rest goes on: what is gone elsewhere is removed, what is new added."""
    real = Path.iterdir

    def closed(folder: Path) -> Iterator[Path]:
        if folder.name == "2016":
            raise PermissionError(13, "Permission denied")
        return real(folder)

    monkeypatch.setattr(Path, "iterdir", closed)
    (made.folder / "a.txt").unlink()
    made.write({"new.txt": "A zebra came."})
    summary, files = made.sync()
    assert (summary.added, summary.removed, summary.unreadable) == (1, 1, 1)
    assert "Permission denied" in files[str(made.folder / "2016")].reason
    assert made.names() == ["2016/b.txt", "2016/c.md", "new.txt"]


def test_a_file_that_goes_while_files_are_looked_for_is_told(
    made: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was listed, and then it was not there."""
    made.write({"new.txt": "A zebra came."})
    real = Path.stat

    def gone(path: Path, **options: bool) -> os.stat_result:
        if path.name == "new.txt":
            path.unlink(missing_ok=True)
        return real(path, **options)

    listed = find_files(made.folder)
    monkeypatch.setattr("index.planning.find_files", lambda *_: listed)
    monkeypatch.setattr(Path, "stat", gone)
    summary, files = made.sync()
    assert changes(files) == {"new.txt": "unreadable"}
    assert summary.unchanged == 3


def test_an_index_within_the_folder_is_passed_over_but_keeps_its_uploads(
    tmp_path: Path, models: Path, embedder: OnnxEmbedder
) -> None:
    """Its own files are no documents; what was added by the API is none of the folder's."""
    folder = tmp_path / "texts"
    folder.mkdir()
    home = new_home(folder / "index", models)
    made = Collection(home, folder, open_stores(home, embedder))
    made.write({"a.txt": TEXTS["a.txt"], "index/notes.json": '{"a": 1}'})
    made.write({"index/uploads/1a2b/added.txt": "Ada baked bread."})
    made.sync(home / "uploads" / "1a2b" / "added.txt")
    for _ in range(2):
        made.sync()
        assert made.names() == ["a.txt", "added.txt"]
    with pytest.raises(MissingSource, match="home of an index"):
        made.sync(home)


def test_files_of_other_kinds_are_counted(make_collection: MakeCollection) -> None:
    """So that nobody believes that they were read; hidden ones and rights are not meant."""
    made = make_collection({})
    made.write(
        {
            "a.txt": "Ada.",
            "b.mp4": "x",
            "in/c.MP4": "x",
            "e.psd": "x",
            ".d.doc": "x",
            "rights.toml": "",
        }
    )
    assert made.sync()[0].others == {".mp4": 2, ".psd": 1}


def test_what_is_quoted_is_what_the_digest_is_of_though_a_file_changes_and_changes_back(
    made: Collection,
) -> None:
    """It is changed once the run has looked at it, and changed back when the run is over."""
    made.write({"a.txt": "The pool opened in June."})
    run = sync(made.stores, [made.folder])
    assert isinstance(next(run), Progress)
    made.write({"a.txt": "The pool never opened."})
    list(run)
    assert made.document("a.txt").text == "The pool never opened."
    made.write({"a.txt": "The pool opened in June."})
    assert changes(made.sync()[1]) == {"a.txt": "updated"}
    assert made.document("a.txt").text == "The pool opened in June."


def test_the_digest_is_of_the_bytes_that_were_read_though_the_file_is_another_by_then(
    made: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is changed while they are made sense of."""
    made.write({"a.txt": "The pool opened in June."})

    def load_late(content: Content, id: str) -> Document:
        made.write({"a.txt": "The pool never opened."})
        return load(content, id)

    with monkeypatch.context() as patched:
        patched.setattr("index.making.preparing.load", load_late)
        made.sync(made.folder / "a.txt")
    assert made.document("a.txt").text == "The pool opened in June."
    assert changes(made.sync()[1]) == {"a.txt": "updated"}
    assert made.document("a.txt").text == "The pool never opened."


def test_a_change_that_bears_the_same_time_and_size_is_seen(made: Collection) -> None:
    """The clocks of file systems are coarse: what was written just before it was read is
    compared once more the next time."""
    made.write({"a.txt": "The pool opened in June."})
    times = (made.folder / "a.txt").stat()
    made.sync()
    made.write({"a.txt": "The pool opened in July."})
    os.utime(made.folder / "a.txt", ns=(times.st_atime_ns, times.st_mtime_ns))
    assert changes(made.sync()[1]) == {"a.txt": "updated"}


def test_a_file_that_only_looks_changed_is_read_once_and_not_made_sense_of(
    made: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its bytes are what the index knows; a file that has rested is not even opened."""
    long_ago = time.time_ns() - 10**12
    for file in made.folder.rglob("*.*"):
        os.utime(file, ns=(long_ago, long_ago))
    fetched: list[str] = []

    def counted_fetch(path: Path, name: str, real: Path | None = None) -> Content:
        fetched.append(name)
        return fetch(path, name, real)

    monkeypatch.setattr("index.ingesting.fetch", counted_fetch)
    monkeypatch.setattr("index.making.preparing.load", lambda *_: pytest.fail("It was read."))
    for expected in (sorted(TEXTS), []):
        assert made.sync()[0].unchanged == 3
        assert fetched == expected
        fetched.clear()


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_file_that_harms_its_reader_is_told_and_its_neighbours_are_indexed(
    make_collection: MakeCollection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By what it did, whatever that was."""
    monkeypatch.setattr("index.reading.apart.MOST_SECONDS", 1)
    made = make_collection({})
    made.write({"a.txt": "Ada.", "tables.html": "<table><tr><td>" * 2_500, "z.txt": "Bob."})
    made.write({"deep.json": "[" * 100_000})
    summary, files = made.sync()
    assert (summary.added, summary.unreadable) == (2, 2)
    assert "takes too long to read (1 s)" in files["tables.html"].reason
    assert "deep.json is damaged or no JSON file" in files["deep.json"].reason
    assert made.names() == ["a.txt", "z.txt"]


def test_what_no_one_foresaw_in_a_text_is_its_own_reason_and_its_neighbours_are_indexed(
    made: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Here the library that finds sentences panics, which is no error of Python's. The version
    that was read before stays."""
    monkeypatch.setattr("index.chunking.WIDE_SPACE", re.compile(r"(?!)"))
    panics = "He took vitamin A\xa0. Then he left."
    made.write({"a.txt": panics, "b.txt": panics, "z.txt": "Bob sang."})
    for added in (1, 0):
        summary, files = made.sync()
        assert (summary.added, summary.unreadable, summary.interrupted) == (added, 2, False)
        assert "b.txt cannot be made sense of (PanicException in index." in files["b.txt"].reason
        assert made.names() == ["2016/b.txt", "2016/c.md", "a.txt", "z.txt"]
        assert made.document("a.txt").text == TEXTS["a.txt"]


@pytest.mark.parametrize(
    "name", ["a\x1b[31mred.txt", "two\nlines.txt", "c1\x9b.txt", "\u202etxt.a.md"]
)
def test_a_name_that_would_move_a_cursor_is_told_without_that(
    make_collection: MakeCollection, name: str
) -> None:
    """The file is indexed and quoted by what can be shown of its name, and found again."""
    made = make_collection({})
    made.write({name: "Ada baked bread.", f"bad-{name}": ""})
    for change in ("added", None):
        files = made.sync()[1]
        told = json.dumps([(each.name, each.reason) for each in files.values()])
        assert "\\u001b" not in told
        assert [c for c in changes(files).values() if c != "unreadable"] == [change] * bool(change)
    (hit,) = made.search("bread").hits
    assert hit.source.name == shown(name)
    assert not UNPRINTABLE.search(hit.source.name + hit.source.title)
    assert not any(UNPRINTABLE.search(each.name + each.reason) for each in files.values())
