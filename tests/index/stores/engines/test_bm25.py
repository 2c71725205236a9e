"""Words to passages by BM25, slips of the pen and all."""

import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from index.documents import LOCAL_USER
from index.errors import StoreBehind, StoreDamaged
from index.stores.engines.bm25 import TantivyWords
from index.stores.following import Notes
from index.stores.protocols import WordStore
from index.stores.stored import Scope
from tests.conftest import Collection, MakeCollection, damage

TEXTS = {
    "rahmon.txt": "Rahmon said that 20,000 students study in Tajikistan. The quota was raised.",
    "pool.txt": "The swimming-pool opened in May. Émile swam.",
    "bread.txt": "Ada baked bread, bread and bread.",
    "минск.txt": "Министр сказал, что студенты приедут.",
}


@pytest.fixture
def made(make_collection: MakeCollection) -> Collection:
    return make_collection(TEXTS)


@pytest.fixture
def words(made: Collection) -> WordStore:
    return made.stores.words


@pytest.fixture
def everything(made: Collection) -> Scope:
    return made.stores.catalog.scope(LOCAL_USER)


@pytest.fixture
def found(made: Collection) -> Callable[..., list[str]]:
    """Names of the documents that a question finds, best first."""

    def find(question: str, documents: str | None = None) -> list[str]:
        catalog, words = made.stores.catalog, made.stores.words
        scope = catalog.scope(LOCAL_USER, documents)
        scores = words.search(words.terms(question, scope), 10, scope)
        names = {p.id: p.source.name for p in catalog.passages(list(scores), scope)}
        return [names[id] for id in sorted(scores, key=lambda id: -scores[id])]

    return find


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("students", ["rahmon.txt"]),
        ("Who STUDIED there?", ["rahmon.txt"]),
        ("emile", ["pool.txt"]),
        ("swimming pools", ["pool.txt"]),
        ("студенты", ["минск.txt"]),
        ("bread and students, bread!", ["rahmon.txt", "bread.txt"]),
        ("zebra", []),
        ("?!", []),
        ("", []),
    ],
)
def test_a_question_finds_the_passages_that_have_its_words(
    question: str, names: list[str], found: Callable[..., list[str]]
) -> None:
    """In other forms, cases and without accents; nothing where there is none."""
    assert sorted(found(question)) == sorted(names)


@pytest.mark.parametrize(
    ("pattern", "names"),
    [("*", ["rahmon.txt"]), ("bread*", []), ("nothing*", []), ("rahmon.txt", ["rahmon.txt"])],
)
def test_only_documents_in_scope_are_found(
    pattern: str, names: list[str], found: Callable[..., list[str]]
) -> None:
    """The scope changes no score."""
    assert found("students", pattern) == names


def test_a_scope_leaves_the_scores_as_they_are(made: Collection) -> None:
    catalog, words = made.stores.catalog, made.stores.words
    terms = words.terms("students of bread", catalog.scope(LOCAL_USER))
    everywhere = words.search(terms, 10, catalog.scope(LOCAL_USER))
    inside = words.search(terms, 10, catalog.scope(LOCAL_USER, "bread*"))
    assert inside == {id: everywhere[id] for id in made.passage_ids("bread.txt")}


def test_a_word_in_the_title_counts(make_collection: MakeCollection) -> None:
    """Less than one in the text."""
    made = make_collection({"harbour.txt": "It was cold.", "b.txt": "The harbour was cold."})
    words = made.stores.words
    scope = made.stores.catalog.scope(LOCAL_USER)
    scores = words.search(words.terms("harbour", scope), 5, scope)
    (title,), (text,) = made.passage_ids("harbour.txt"), made.passage_ids("b.txt")
    assert scores[text] > scores.get(title, 0.0)


def test_words_that_say_nothing_of_the_topic_are_left_out(
    words: WordStore, everything: Scope
) -> None:
    """Unless there are no others."""
    asked = "What did he say about the students?"
    assert [term.text for term in words.terms(asked, everything)] == ["student"]
    assert [term.text for term in words.terms("who was it?", everything)] == ["who", "was", "it"]


def test_each_word_counts_once_and_knows_its_place(words: WordStore, everything: Scope) -> None:
    """Offsets count characters, so that a slip can be put right in the question."""
    question = "😀 Émile or émile?"
    (term,) = words.terms(question, everything)
    assert (term.text, term.known) == ("emil", True)
    assert question[term.start : term.end] == "Émile"


def test_a_rare_word_tells_more_than_a_frequent_one(make_collection: MakeCollection) -> None:
    """By BM25's idf; a word that no document has tells most."""
    texts = {f"{n}.txt": "The council met." for n in range(9)}
    made = make_collection({**texts, "z.txt": "The council saw a zebra."})
    council, zebra, lion = made.stores.words.terms(
        "council zebra lion", made.stores.catalog.scope(LOCAL_USER)
    )
    assert council.weight < zebra.weight < lion.weight
    assert (council.known, zebra.known, lion.known) == (True, True, False)


@pytest.mark.parametrize(
    ("slip", "meant"),
    [
        ("rahmno", "rahmon"),
        ("studnets", "student"),
        ("stuents", "student"),
        ("brea", "bread"),
        ("tajkistna", "tajikistan"),
        ("студеты", "студенты"),
        ("waht", "what"),
        ("zebra", None),
        ("brd", None),
        ("2000", None),
        ("xahmon", None),
    ],
)
def test_a_slip_is_known_for_the_word_that_was_meant(
    slip: str, meant: str | None, words: WordStore, everything: Scope
) -> None:
    """One slip in a short word, two in a long one, none in the first letter."""
    (term,) = words.terms(slip, everything)
    assert not term.known
    assert words.neighbour(term, everything) == meant


def test_a_word_is_given_as_the_documents_print_it(words: WordStore) -> None:
    assert words.surface("student", ["He met STUDENTS.", "students"]) == "STUDENTS"
    assert words.surface("zebra", ["He met students."]) is None


def test_publishing_drops_what_the_catalog_dropped(
    made: Collection, found: Callable[..., list[str]]
) -> None:
    """And adds what it added."""
    catalog, words = made.stores.catalog, made.stores.words
    with catalog.writing():
        catalog.remove(made.document("bread.txt").source.id)
    assert words.count == 4
    words.publish()
    assert words.count == 3
    assert found("bread") == []
    assert catalog.changes("words", words.seen) == ([], [])


def test_a_reader_sees_what_another_process_publishes(made: Collection) -> None:
    """Without being opened again."""
    reader = TantivyWords(made.home / "words", made.stores.catalog)
    assert reader.count == 4
    made.write({"new.txt": "A zebra came."})
    made.sync()
    end = time.monotonic() + 5
    while reader.count < 5 and time.monotonic() < end:
        time.sleep(0.05)
    assert reader.count == 5
    assert reader.terms("zebra", made.stores.catalog.scope(LOCAL_USER))[0].known


def test_renewing_makes_it_from_the_catalog(
    made: Collection, found: Callable[..., list[str]]
) -> None:
    made.stores.words.rebuild()
    assert made.stores.words.count == 4
    assert found("students") == ["rahmon.txt"]


def test_a_reader_sees_what_another_process_renewed(made: Collection) -> None:
    """A server that answers while someone rebuilds."""
    reader = TantivyWords(made.home / "words", made.stores.catalog)
    assert reader.count == 4
    made.stores.words.rebuild()
    made.write({"new.txt": "A zebra came."})
    made.sync()
    end = time.monotonic() + 5
    while reader.count < 5 and time.monotonic() < end:
        time.sleep(0.05)
    assert reader.count == 5


@pytest.mark.parametrize("lost", ["words", "words/meta.json"])
def test_a_store_that_is_gone_is_reported_to_readers_and_made_again_by_its_owner(
    lost: str, made: Collection
) -> None:
    """Never taken for an index without words."""
    made.stores.words.close()
    if (made.home / lost).is_dir():
        shutil.rmtree(made.home / lost)
    else:
        (made.home / lost).unlink()
    stores = made.reopened().stores
    scope = stores.catalog.scope(LOCAL_USER)
    for ask in (stores.words.check, lambda: stores.words.terms("pool", scope)):
        with pytest.raises(StoreDamaged, match=r"is gone.*onrecord rebuild"):
            ask()
    assert not (made.home / "words" / "meta.json").exists()
    assert len(list(stores.mend())) == 1
    assert stores.words.count == 4


def test_a_store_that_holds_too_few_passages_is_reported(made: Collection) -> None:
    """What the catalog waits to publish is allowed for."""
    catalog, words = made.stores.catalog, made.stores.words
    with catalog.writing():
        catalog.remove(made.document("bread.txt").source.id)
    words.check()
    Notes(made.home / "words.json").note(revision=catalog.revision)
    with pytest.raises(StoreDamaged, match="holds 4 passages, not the 3 of the catalog"):
        words.check()


def test_whoever_asks_is_told_while_most_is_yet_to_be_taken_in(
    made: Collection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in a process that begins on an empty disk: it counts up, and answers nothing poorer."""
    monkeypatch.setattr("index.stores.engines.bm25.FAR_BEHIND", 3)
    monkeypatch.setattr("index.stores.engines.bm25.AT_ONCE", 2)
    words = TantivyWords(tmp_path / "words", made.stores.catalog)
    assert not made.stores.words.has_to_be_waited_for()
    assert words.has_to_be_waited_for()
    told: list[str] = []
    replace = words._replace

    def replaced(*parts: Any) -> None:
        with pytest.raises(StoreBehind) as behind:
            words.check_files()
        told.append(f"{behind.value.done} of {behind.value.total}")
        replace(*parts)

    monkeypatch.setattr(words, "_replace", replaced)
    words.publish()
    assert told == ["0 of 4", "2 of 4"]
    assert not words.has_to_be_waited_for()
    words.check_files()
    assert words.count == 4


def test_stores_that_are_ahead_of_the_catalog_are_reported(made: Collection) -> None:
    """Somebody put an earlier catalog in place of this one; to make them again mends it."""
    catalog = made.stores.catalog
    with catalog.writing():
        catalog.set_fact("revision", "1")
    for store in (made.stores.words, made.stores.vectors):
        with pytest.raises(StoreDamaged, match="later state of the catalog"):
            store.check()
        store.rebuild()
        store.check()


@pytest.mark.parametrize("part", ["fast", "fieldnorm", "idx", "pos", "store", "term"])
def test_one_bit_of_a_segment_that_is_another_is_noticed(part: str, made: Collection) -> None:
    """In each kind of its files, and so is one that is gone."""
    made.stores.words.close()
    file = next((made.home / "words").glob(f"*.{part}"))
    content = bytearray(file.read_bytes())
    content[0] ^= 4
    damage(file, bytes(content))
    with pytest.raises(StoreDamaged, match=rf"{part} is not as it was written"):
        made.reopened().stores.words.check()
    file.unlink()
    with pytest.raises(StoreDamaged, match=rf"{part} is not as it was written"):
        made.reopened().stores.words.check()


def test_a_damaged_folder_says_how_to_make_it_again(made: Collection) -> None:
    """And that does it."""
    made.stores.words.close()
    damage(made.home / "words" / "meta.json", b"no json")
    stores = made.reopened().stores
    with pytest.raises(StoreDamaged, match="onrecord rebuild"):
        _ = stores.words.count
    stores.rebuild()
    assert stores.words.count == 4


def test_a_damaged_segment_says_how_to_make_it_again(made: Collection) -> None:
    """Not only the file that lists them."""
    made.stores.words.close()
    for file in (made.home / "words").iterdir():
        if file.suffix in (".term", ".idx", ".fast", ".store"):
            damage(file, b"")
    with pytest.raises(StoreDamaged, match="onrecord rebuild"):
        _ = made.reopened().stores.words.count
