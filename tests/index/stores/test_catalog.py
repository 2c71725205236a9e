"""The catalog: whole documents or none, who sees what, and notes for the other stores."""

import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing, suppress
from glob import escape
from pathlib import Path

import numpy as np
import pytest

from assistant.building import open_catalog
from assistant.settings import Settings
from index.checksums import checksum
from index.documents import LOCAL_USER, Block, Document, Passage, Source, Span, page_at
from index.errors import CatalogDamaged, CatalogOutdated, CatalogUnavailable, DocumentNotFound
from index.models.embedding import PassageVectors
from index.rights.deciding import Granted, Rights
from index.stores.catalog import SqlCatalog
from index.stores.engines.database import Where
from index.stores.packing import Packed, pack
from index.stores.stored import FileState
from tests.conftest import Collection, MakeCollection, damage, passage_ids, run_python

TEXT = "The pool opened. Bo swam."
STRUCTURE = (
    Block("heading", Span(0, 3), 2),
    Block("table", Span(5, 9), within=(Block("cell", Span(5, 7), facts={"column": "Year"}),)),
)
SENTENCES = (Span(0, 16), Span(17, 25))
RANDOM = np.random.default_rng(0)


def unit(*shape: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    vectors = RANDOM.normal(size=shape).astype(np.float32)
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / lengths, np.float32)


def put(
    catalog: SqlCatalog,
    name: str,
    *,
    version: str = "1",
    passages: int = 1,
    vectors: Sequence[PassageVectors] | None = None,
    page_starts: tuple[int, ...] = (),
) -> str:
    """Write a document of so many like passages; its id is its name."""
    document = Document(
        Source(name, name, name.upper(), version, "2016-10-18", "Ada"),
        TEXT,
        page_starts,
        STRUCTURE,
    )
    state = FileState(name, f"/texts/{name}", "/texts", name, version, 1, len(TEXT), passages)
    chunks = [Passage(0, len(TEXT), TEXT, SENTENCES)] * passages
    given = vectors or [PassageVectors(unit(8), unit(2, 8)) for _ in range(passages)]
    with catalog.writing():
        catalog.put(document, state, chunks, [pack(each) for each in given])
    return name


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "catalog.sqlite3"


@pytest.fixture
def catalog(where: Where) -> SqlCatalog:
    return SqlCatalog.make(where)


def test_a_document_comes_back_as_it_was_put(catalog: SqlCatalog, where: Where) -> None:
    """Text, headings, pages and what is known of it, also in another process."""
    put(catalog, "a.txt", page_starts=(0, 17))
    for reader in (catalog, SqlCatalog(where)):
        assert reader.document("a.txt", LOCAL_USER) == Document(
            Source("a.txt", "a.txt", "A.TXT", "1", "2016-10-18", "Ada"),
            TEXT,
            (0, 17),
            STRUCTURE,
        )


def test_a_transaction_is_kept_whole_or_not_at_all(catalog: SqlCatalog, where: Where) -> None:
    """Whatever ends it; and the next one goes on as if it had not been."""
    document = catalog_document("b.txt")
    with suppress(KeyboardInterrupt), catalog.writing():
        catalog.put(*document)
        catalog.set_fact("embedder", "some")
        raise KeyboardInterrupt
    for reader in (catalog, SqlCatalog(where)):
        assert reader.sources(LOCAL_USER) == []
        assert reader.fact("embedder") is None
        assert passage_ids(reader) == []
        assert reader.changes("words", 0) == ([], [])
    put(catalog, "a.txt")
    assert [source.name for source in catalog.sources(LOCAL_USER)] == ["a.txt"]


def catalog_document(
    name: str,
) -> tuple[Document, FileState, list[Passage], list[Packed]]:
    """What `put` takes."""
    document = Document(Source(name, name, name, "1"), TEXT)
    state = FileState(name, f"/texts/{name}", "/texts", name, "1", 1, len(TEXT), 1)
    passage = Passage(0, len(TEXT), TEXT, SENTENCES)
    return document, state, [passage], [pack(PassageVectors(unit(8), unit(2, 8)))]


def test_readers_see_nothing_of_an_unfinished_transaction(
    catalog: SqlCatalog, where: Where
) -> None:
    """And are not kept waiting by it."""
    put(catalog, "a.txt")
    reader = SqlCatalog(where)
    with catalog.writing():
        catalog.remove("a.txt")
        assert [source.name for source in reader.sources(LOCAL_USER)] == ["a.txt"]
    assert reader.sources(LOCAL_USER) == []


def test_a_document_takes_its_passages_and_vectors_with_it(
    catalog: SqlCatalog, where: Where
) -> None:
    """Nothing of a removed text stays in the file's tables."""
    put(catalog, "a.txt", passages=3)
    put(catalog, "b.txt", passages=2)
    with catalog.writing():
        catalog.remove("a.txt")
    counts = [
        SqlCatalog(where)._db.row(f"SELECT COUNT(*) FROM {table}")
        for table in ("documents", "passages", "passage_vectors")
    ]
    assert counts == [(1,), (2,), (2,)]
    with pytest.raises(DocumentNotFound, match=r"a\.txt"):
        catalog.document("a.txt", LOCAL_USER)


def test_what_changed_since_a_revision_is_told_each_store(catalog: SqlCatalog) -> None:
    """What is new is to be added, what is gone to be removed; other rights are for words alone."""
    put(catalog, "a.txt", passages=2)
    put(catalog, "b.txt")
    a1, a2, b = passage_ids(catalog)
    assert catalog.changes("words", 0) == catalog.changes("vectors", 0) == ([a1, a2, b], [])
    assert catalog.changes("words", 1) == ([b], [])
    assert catalog.changes("words", catalog.revision) == ([], [])
    seen = catalog.revision
    with catalog.writing():
        catalog.grant("a.txt", Granted(Rights("user:i|1"), "a test"))
    assert catalog.changes("words", seen) == ([a1, a2], [])
    assert catalog.changes("vectors", seen) == ([], [])
    put(catalog, "b.txt", version="2")
    again = passage_ids(catalog)[-1]
    assert catalog.changes("words", seen) == ([a1, a2, again], [b])
    assert catalog.changes("vectors", seen) == ([again], [b])
    ids, _ = catalog.vectors_since(seen, catalog.scope(LOCAL_USER))
    assert ids.tolist() == [again]


def test_what_was_removed_is_forgotten_where_it_is_much(
    catalog: SqlCatalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The latest stays, and how far back that goes is known."""
    monkeypatch.setattr("index.stores.catalog.MOST_REMOVALS", 4)
    for name in ("a.txt", "b.txt", "c.txt"):
        put(catalog, name, passages=2)
        with catalog.writing():
            catalog.remove(name)
        catalog.forget_removals()
    assert catalog.changes("words", catalog.followed_from)[1] == [5, 6]
    assert 0 < catalog.followed_from < catalog.revision


def test_an_id_is_never_given_twice(catalog: SqlCatalog) -> None:
    """A store that has not yet dropped an old passage cannot take it for a new one."""
    put(catalog, "a.txt", passages=2)
    before = passage_ids(catalog)
    with catalog.writing():
        catalog.remove("a.txt")
    put(catalog, "b.txt", passages=2)
    assert min(passage_ids(catalog)) > max(before)


def test_the_revision_grows_with_each_change(catalog: SqlCatalog) -> None:
    """It tells a reader that answers may differ."""
    assert catalog.revision == 0
    put(catalog, "a.txt")
    put(catalog, "a.txt", version="2")
    with catalog.writing():
        catalog.remove("a.txt")
    assert catalog.revision == 3


NAMES = ("2016/a.txt", "2016/b.md", "2017/a.txt", "a[1]*.txt", "a1.txt", "Ärger?.txt")


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("2016/*", ["2016/a.txt", "2016/b.md"]),
        ("*.txt", ["2016/a.txt", "2017/a.txt", "a1.txt", "a[1]*.txt", "Ärger?.txt"]),
        ("201[!6]/*", ["2017/a.txt"]),
        ("201[67]/a.txt", ["2016/a.txt", "2017/a.txt"]),
        ("a?.txt", ["a1.txt"]),
        ("a[1]*.txt", ["a1.txt", "a[1]*.txt"]),
        (escape("a[1]*.txt"), ["a[1]*.txt"]),
        (escape("Ärger?.txt"), ["Ärger?.txt"]),
        ("A1.txt", []),
        ("", []),
    ],
)
def test_a_glob_says_which_documents_are_in_scope(
    pattern: str, names: list[str], catalog: SqlCatalog
) -> None:
    """As shells read it; special characters of a name can be escaped. A name in full means
    itself, too."""
    for name in NAMES:
        put(catalog, name)
    scope = catalog.scope(LOCAL_USER, pattern)
    assert scope.document_ids == frozenset(names)
    assert (scope.document_count, scope.passage_count) == (len(names), len(names))
    assert scope.share == pytest.approx(len(names) / len(NAMES))
    ids = passage_ids(catalog)
    assert {p.source.name for p in catalog.passages(ids, scope)} == set(names)
    assert len(catalog.vectorized(ids, scope).ids) == len(names)
    assert len(catalog.vectors(scope)[0]) == len(names)


def test_without_a_glob_everything_is_in_scope(catalog: SqlCatalog) -> None:
    """Also when there is nothing."""
    assert catalog.scope(LOCAL_USER).passage_count == 0
    put(catalog, "a.txt", passages=3)
    scope = catalog.scope(LOCAL_USER)
    assert (scope.document_ids, scope.document_count, scope.passage_count) == (None, 1, 3)
    assert catalog.visible(["a.txt", "b.txt"], scope) == {"a.txt"}


@pytest.mark.parametrize(
    ("offset", "page"), [(0, 1), (99, 1), (100, 2), (249, 2), (250, 4), (9_999, 4)]
)
def test_a_page_is_found_by_its_offset(offset: int, page: int) -> None:
    """Pages count from 1; of pages that begin at the same offset (an empty one), the last."""
    assert page_at((0, 100, 250, 250), offset) == page


def test_words_before_the_first_page_are_on_it() -> None:
    """A title that the reader put before the first page's text."""
    assert page_at((10, 100), 3) == 1


def test_a_text_without_pages_has_no_page() -> None:
    assert page_at((), 7) is None


@pytest.mark.parametrize("found", ["1", "3", "10"])
def test_a_catalog_of_another_format_is_refused(found: str, path: Path) -> None:
    """Not guessed at; the message names both formats."""
    catalog = SqlCatalog.make(path)
    with catalog.writing():
        catalog.set_fact("format", found)
    with pytest.raises(CatalogDamaged, match=f"format {found}; this program reads 9"):
        SqlCatalog(path)


def test_a_catalog_of_another_format_is_left_as_it_is(path: Path) -> None:
    """A program that cannot read it adds no tables to it."""
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE facts (key TEXT PRIMARY KEY, value TEXT NOT NULL)")
        connection.execute("INSERT INTO facts VALUES ('format', '10')")
    connection.close()
    with pytest.raises(CatalogDamaged, match="format 10"):
        SqlCatalog(path)
    with sqlite3.connect(path) as connection:
        tables = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
        assert [name for (name,) in tables] == ["facts"]
    connection.close()


def test_a_file_that_is_no_catalog_is_named(path: Path) -> None:
    path.write_text("This is no database, but long enough to look like something. " * 50)
    with pytest.raises(CatalogDamaged, match=r"catalog\.sqlite3 is damaged"):
        SqlCatalog(path)


@pytest.mark.parametrize("script", ["", "CREATE TABLE notes (words TEXT)"])
def test_a_file_without_a_catalogs_facts_is_refused_and_left_as_it_is(
    path: Path, script: str
) -> None:
    """Emptied, or another program's: it is not taken for a new catalog."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(script)
    path.touch()
    content = path.read_bytes()
    for opened in (SqlCatalog, SqlCatalog.make):
        with pytest.raises(CatalogDamaged, match="is damaged"):
            opened(path)
    assert path.read_bytes() == content
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_a_file_that_was_cut_short_is_named(path: Path) -> None:
    catalog = SqlCatalog.make(path)
    put(catalog, "a.txt", passages=500)
    catalog.close()
    path.write_bytes(path.read_bytes()[:-100_000])
    with pytest.raises(CatalogDamaged, match="is damaged"):
        SqlCatalog(path)


@pytest.mark.parametrize("place", [0, 18, 21, 56, 100])
def test_a_header_with_other_bytes_is_told_in_words(path: Path, place: int) -> None:
    """If SQLite can still read it, it is read."""
    catalog = SqlCatalog.make(path)
    put(catalog, "a.txt")
    catalog.close()
    with path.open("r+b") as file:
        file.seek(place)
        file.write(b"\xff\xff")
    with suppress(CatalogDamaged, CatalogUnavailable):
        assert SqlCatalog(path).passage_count == 1


def test_a_catalog_that_is_not_there_is_not_made_by_a_reader(path: Path) -> None:
    with pytest.raises(CatalogUnavailable, match="cannot be opened"):
        SqlCatalog(path)
    assert not path.exists()


def test_a_catalog_is_opened_while_somebody_writes(catalog: SqlCatalog, where: Where) -> None:
    """Readers take no lock and write nothing: not even a fact that is there."""
    put(catalog, "a.txt")
    with catalog.writing():
        began = time.monotonic()
        reader = SqlCatalog(where)
        assert [source.name for source in reader.sources(LOCAL_USER)] == ["a.txt"]
        assert time.monotonic() - began < 1


def test_a_catalog_is_made_whole_or_not_at_all(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody ever finds one that lacks tables; nothing is left beside it."""
    monkeypatch.setattr("index.stores.tables.SCHEMA", "CREATE TABLE facts (key); nonsense;")
    with pytest.raises(CatalogUnavailable):
        SqlCatalog.make(path)
    assert [*path.parent.iterdir()] == []


def test_damage_inside_the_file_is_found_by_the_check(path: Path) -> None:
    """A disk that lost a page of it."""
    catalog = SqlCatalog.make(path)
    put(catalog, "a.txt", passages=500)
    catalog.check()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    catalog.close()
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        file.write(b"\xff" * 8192)
    with pytest.raises(CatalogDamaged, match="is damaged"):
        SqlCatalog(path).check()


def test_damage_that_a_question_comes_upon_is_told_in_words(path: Path) -> None:
    """Not as an error of SQLite."""
    catalog = SqlCatalog.make(path)
    put(catalog, "a.txt", passages=500)
    catalog.close()
    content = path.read_bytes()
    kept = len(content) * 3 // 4
    path.write_bytes(content[:kept] + b"\xff" * (len(content) - kept))
    damaged = SqlCatalog(path)
    with pytest.raises(CatalogDamaged, match=r"rebuild --from FOLDER.*accounts"):
        damaged.passages(range(1, 501), damaged.scope(LOCAL_USER))


def test_a_full_disk_is_told_in_words_and_loses_nothing(path: Path) -> None:
    """What was there stays as it was."""
    catalog = SqlCatalog.make(path)
    put(catalog, "a.txt", passages=2)
    pages = catalog._db.row("PRAGMA page_count")
    assert pages is not None
    catalog._db.do(f"PRAGMA max_page_count = {pages[0]}")
    with pytest.raises(CatalogUnavailable, match=r"full. Make room"):
        put(catalog, "b.txt", passages=500)
    assert [source.name for source in catalog.sources(LOCAL_USER)] == ["a.txt"]
    assert catalog.passage_count == 2


def test_vectors_come_back_nearly_as_they_were(catalog: SqlCatalog) -> None:
    """float16 and int8 cost less than a thousandth of the cosine."""
    given = [PassageVectors(unit(384), unit(2, 384)) for _ in range(50)]
    put(catalog, "a.txt", passages=50, vectors=given)
    scope, ids = catalog.scope(LOCAL_USER), passage_ids(catalog)
    stored = catalog.vectorized(ids, scope)
    assert stored.ids == ids
    assert stored.first.tolist() == list(range(0, 101, 2))
    wholes = np.stack([vectors.passage for vectors in given])
    each = np.concatenate([vectors.sentences for vectors in given])
    assert (stored.passages * wholes).sum(axis=1).min() > 0.999
    assert (stored.sentences * each).sum(axis=1).min() > 0.999
    assert np.linalg.norm(stored.sentences, axis=1) == pytest.approx(np.ones(100), abs=1e-6)


def test_a_sentence_without_tokens_keeps_its_empty_vector(catalog: SqlCatalog) -> None:
    """It is nowhere near any question, and no reason to divide by zero."""
    vectors = PassageVectors(unit(8), np.zeros((2, 8), np.float32))
    put(catalog, "a.txt", vectors=[vectors])
    stored = catalog.vectorized(passage_ids(catalog), catalog.scope(LOCAL_USER))
    assert not stored.sentences.any()


def test_ids_that_are_gone_are_left_out(catalog: SqlCatalog) -> None:
    """A store that lags behind may still name them."""
    put(catalog, "a.txt", passages=2)
    ids = passage_ids(catalog)
    scope = catalog.scope(LOCAL_USER)
    asked = [999, ids[1], 1_000]
    assert [p.id for p in catalog.passages(asked, scope)] == [ids[1]]
    assert catalog.vectorized(asked, scope).ids == [ids[1]]
    assert catalog.vectors_of(asked)[0].tolist() == [ids[1]]
    assert [row[0] for row in catalog.texts(asked)] == [ids[1]]


def test_files_below_a_folder_do_not_include_a_like_named_neighbour(catalog: SqlCatalog) -> None:
    """/texts/2016 holds /texts/2016/a.txt, but not /texts/2016-notes.txt."""
    for name in ("2016/a.txt", "2016-notes.txt", "2016_/b.txt"):
        put(catalog, name)
    assert [state.name for state in catalog.files("/texts/2016")] == ["2016/a.txt"]
    assert [state.name for state in catalog.files("/texts/2016-notes.txt")] == ["2016-notes.txt"]
    assert len(catalog.files("/texts")) == 3


@pytest.fixture
def written(make_collection: MakeCollection) -> Collection:
    """Two documents, in one of which somebody says something."""
    return make_collection({"a.txt": "Ada said that bread is good.", "b.txt": "The pool opened."})


def tables_of(collection: Collection) -> SqlCatalog:
    """Its catalog, with what is below."""
    catalog = collection.stores.catalog
    assert isinstance(catalog, SqlCatalog)
    return catalog


CHANGES = {
    "text": "UPDATE documents SET text = replace(text, 'bread', 'breed')",
    "passage": "UPDATE passages SET text = replace(text, 'bread', 'breed')",
    "span": "UPDATE passages SET start = start + 1",
    "vector": "UPDATE passage_vectors SET vector = zeroblob(length(vector))",
    "sentence vector": "UPDATE passages SET sentence_vectors = zeroblob(length(sentence_vectors))",
    "statement": "UPDATE statements SET speaker = 'Ida'",
    "statement vector": "UPDATE statements SET vector = zeroblob(length(vector))",
    "lost passage": "DELETE FROM passages WHERE id = (SELECT MIN(id) FROM passages)",
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_that_nobody_made_is_noticed(written: Collection, change: str) -> None:
    """Wherever it is: in what a document says, or in what was made of it."""
    catalog = tables_of(written)
    catalog.check()
    with catalog.writing():
        catalog._db.do(CHANGES[change])
    with pytest.raises(CatalogDamaged, match=r"what it holds of a\.txt is not as it was written"):
        catalog.check()


def test_a_document_whose_text_changed_cannot_be_read(written: Collection) -> None:
    """The others can."""
    catalog = tables_of(written)
    with catalog.writing():
        catalog._db.do(CHANGES["text"])
    with pytest.raises(CatalogDamaged, match=r"the text of a\.txt is not as it was written"):
        written.document("a.txt")
    assert written.document("b.txt").text == "The pool opened."


def test_a_passage_that_its_document_does_not_have_is_noticed(written: Collection) -> None:
    """Also by a program that noted it as it is."""
    catalog = tables_of(written)
    with catalog.writing():
        catalog._db.do(CHANGES["passage"])
        for source in catalog.sources(LOCAL_USER):
            catalog._note_digests(source.id)
    with pytest.raises(CatalogDamaged, match=r"what it holds of a\.txt"):
        catalog.check()


def test_one_bit_of_a_catalog_at_rest_that_is_another_is_noticed(written: Collection) -> None:
    """Wherever it is; whoever writes takes the seal off."""
    path, catalog = written.home / "catalog.sqlite3", tables_of(written)
    written.stores.close()
    catalog.check_seal()
    content = bytearray(path.read_bytes())
    content[content.index(b"Ada said")] ^= 1
    damage(path, bytes(content))
    with pytest.raises(CatalogDamaged, match="it is not as it was written"):
        SqlCatalog(path).check_seal()
    with SqlCatalog(path).writing():
        pass
    SqlCatalog(path).check_seal()


def test_a_catalog_of_an_earlier_program_gets_its_digests(written: Collection) -> None:
    """From whoever holds the lock; others are told."""
    path, catalog = written.home / "catalog.sqlite3", tables_of(written)
    with catalog.writing():
        catalog._db.do("DROP TABLE digests")
        as_before(catalog, "4")
    with pytest.raises(CatalogOutdated):
        SqlCatalog(path)
    SqlCatalog.make(path).check()
    open_catalog(Settings(written.home)).check()


MARKS = """
DROP TABLE changes;
DROP TABLE removals;
CREATE TABLE unpublished (store TEXT, passage_id INTEGER);
CREATE TRIGGER passage_added AFTER INSERT ON passages BEGIN SELECT 1; END;
CREATE TRIGGER rights_changed AFTER UPDATE ON documents BEGIN SELECT 1; END;
CREATE TRIGGER passage_removed AFTER DELETE ON passages BEGIN SELECT 1; END
"""


def as_before(catalog: SqlCatalog, format_: str) -> None:
    """As a program made it that kept where headings stand, and no more of the structure."""
    with_marks(catalog)
    catalog._db.do("UPDATE documents SET structure = '[[0, 3]]'")
    catalog._db.do("ALTER TABLE documents RENAME COLUMN structure TO headings")
    catalog._db.do("ALTER TABLE documents DROP COLUMN left_out")
    catalog._db.do("ALTER TABLE passages DROP COLUMN context")
    catalog._db.do("ALTER TABLE statements DROP COLUMN found_by")
    catalog._db.do("ALTER TABLE statements DROP COLUMN occasion")
    catalog._db.do("DROP TABLE indexed")
    catalog.set_fact("format", format_)


def with_marks(catalog: SqlCatalog) -> None:
    """As a program made it that marked for each store what it had not seen."""
    for statement in MARKS.split(";\n"):
        catalog._db.do(statement)


def test_the_headings_that_an_earlier_program_kept_are_blocks(written: Collection) -> None:
    with written.stores.catalog.writing():
        as_before(tables_of(written), "5")
    written.stores.close()
    catalog = open_catalog(Settings(written.home))
    catalog.check()
    found = catalog.document(catalog.sources(LOCAL_USER)[0].id, LOCAL_USER)
    assert (found.structure, found.left_out) == ((Block("heading", Span(0, 3), 1),), {})
    scope = catalog.scope(LOCAL_USER)
    (said,) = catalog.statements(catalog.statement_ids(found.source.id, scope), scope)
    assert (said.statement.speaker, said.statement.found_by) == ("Ada", "cue")


def test_statements_of_an_earlier_program_have_no_occasion(written: Collection) -> None:
    with written.stores.catalog.writing():
        tables_of(written)._db.do("ALTER TABLE statements DROP COLUMN occasion")
        tables_of(written)._db.do("DROP TABLE indexed")
        with_marks(tables_of(written))
        tables_of(written).set_fact("format", "6")
    written.stores.close()
    catalog = open_catalog(Settings(written.home))
    scope = catalog.scope(LOCAL_USER)
    ids = catalog.statement_ids(catalog.sources(LOCAL_USER)[0].id, scope)
    (said,) = catalog.statements(ids, scope)
    assert (said.statement.speaker, said.statement.occasion) == ("Ada", None)


def test_a_catalog_of_the_format_before_is_upgraded_in_place(path: Path) -> None:
    """What each store had not seen it has not seen; a copy of what there was stays."""
    with closing(sqlite3.connect(path)) as kept:
        kept.executescript((Path(__file__).parent / "kept" / "format-8.sql").read_text("utf-8"))
        before = kept.execute("SELECT text FROM documents ORDER BY id").fetchall()
    with pytest.raises(CatalogOutdated):
        SqlCatalog(path)
    catalog = SqlCatalog.make(path)
    catalog.check()
    assert catalog._db.rows("SELECT text FROM documents ORDER BY id") == before
    seen = int(catalog.fact("words_revision") or 0)
    assert catalog.changes("words", 0) == ([1, 2], [99])
    assert catalog.changes("words", seen) == ([], [99])
    assert catalog.changes("vectors", seen) == ([2], [99])
    assert catalog.revision == seen + 1 == 3
    with closing(sqlite3.connect(path.with_name("catalog.sqlite3.format-8"))) as copy:
        (format_,) = copy.execute("SELECT value FROM facts WHERE key = 'format'").fetchone()
    assert format_ == "8"


def test_an_earlier_catalog_that_was_damaged_is_not_upgraded(written: Collection) -> None:
    path = written.home / "catalog.sqlite3"
    with written.stores.catalog.writing():
        as_before(tables_of(written), "5")
    written.stores.close()
    content = bytearray(path.read_bytes())
    content[content.index(b"Ada said")] ^= 1
    damage(path, bytes(content))
    with pytest.raises(CatalogDamaged, match="it is not as it was written"):
        open_catalog(Settings(written.home))


def test_to_compare_a_catalog_with_its_seal_gives_up_no_lock_on_it(tmp_path: Path) -> None:
    """Or another process that ends would take the log of writes from under this one."""
    home = tmp_path / "home"
    home.mkdir()
    catalog = SqlCatalog.make(home / "catalog.sqlite3")
    put(catalog, "a.txt")
    checksum(home / "catalog.sqlite3")
    other = (
        "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('SELECT 1 FROM facts')"
    )
    assert run_python(f"{other}.fetchall(); c.close()", home / "catalog.sqlite3").returncode == 0
    assert (home / "catalog.sqlite3-wal").exists()
    put(catalog, "b.txt")
    names = "print([n for n, in c.execute('SELECT name FROM documents ORDER BY name')])"
    assert run_python(f"{other}; {names}", home / "catalog.sqlite3").stdout.strip() == (
        "['a.txt', 'b.txt']"
    )
