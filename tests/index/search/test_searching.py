"""A question finds the passage that answers it, with and without the vector store."""

import math
from collections.abc import Sequence

import pytest

from assistant.chat import Assistant
from index.documents import LOCAL_USER, Found, Hit, Query, Scores
from index.events import FileDone
from index.ingesting import sync
from index.models.exported import OnnxEmbedder
from index.search.searching import fuse
from index.search.view import Index
from tests.conftest import SEED, Collection, MakeCollection, invented_texts

TEXTS = {
    "2016/rahmon.txt": SEED.read_text("utf-8"),
    "2016/pool.txt": "The swimming-pool opened in May.\nStudents swim for free, Ada said.",
    "2017/bread.txt": "Ada baked bread for the whole of France.\nShe sold it on this site.",
}


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory, embedder: OnnxEmbedder) -> Collection:
    """Some hundred passages, of which few are about the question."""
    from tests.conftest import open_stores

    home, folder = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("texts")
    collection = Collection(home, folder, open_stores(home, embedder))
    collection.write({**TEXTS, **invented_texts(40, 12)})
    collection.sync()
    return collection


def places(found: Found) -> Sequence[tuple[str, int, float]]:
    return [(hit.source.name, hit.passage.start, round(hit.score, 4)) for hit in found.hits]


@pytest.mark.parametrize(
    ("question", "name", "words"),
    [
        ("what did Rahmon say about students?", "2016/rahmon.txt", "quota for Tajik students"),
        ("Where can one swim?", "2016/pool.txt", "swimming-pool"),
        ("Who made loaves?", "2017/bread.txt", "baked bread"),
    ],
)
def test_a_question_finds_the_passage_that_answers_it(
    question: str, name: str, words: str, large: Collection
) -> None:
    """Among hundreds, by its words or its meaning."""
    best = large.search(question).hits[0]
    assert words in best.passage.text
    assert best.source.name == name


def test_one_of_many_like_sentences_is_found(large: Collection) -> None:
    """By all its words together: others have some of them."""
    line = large.document("report-007.txt").text.splitlines()[3]
    (best, *_) = large.search(line.split(", and")[0]).hits
    assert line in best.passage.text


def test_the_sentence_that_answers_best_has_the_best_score(large: Collection) -> None:
    """Evidence is every sentence of the passage, an exact span of it."""
    (hit,) = large.search("Who baked bread for France?", "2017/*").hits
    best = max(hit.evidence, key=lambda evidence: evidence.score)
    assert best.text == "Ada baked bread for the whole of France."
    assert [evidence.span for evidence in hit.evidence] == list(hit.passage.sentences)


@pytest.mark.parametrize("with_vectors", [True, False])
@pytest.mark.parametrize("pattern", ["2016/*", "2017/*", "report-00*", "report-*", "none*", ""])
def test_only_documents_in_scope_are_found(
    pattern: str, with_vectors: bool, large: Collection
) -> None:
    """Whether little or most of the index is in scope."""
    index = large.open_index(with_vectors=with_vectors)
    question = "what did Rahmon say about students?"
    found = index.view_of(LOCAL_USER).search(Query(question, question, pattern))
    allowed = large.stores.catalog.scope(LOCAL_USER, pattern)
    assert {hit.source.id for hit in found.hits} <= (allowed.document_ids or set())
    assert len(found.hits) == min(10, allowed.passage_count)
    assert (found.documents_searched, found.passages_searched) == (
        allowed.document_count,
        allowed.passage_count,
    )


@pytest.mark.parametrize("documents", [None, "report-*", "2016/*"])
@pytest.mark.parametrize(
    "question",
    [
        "what did Rahmon say about students?",
        "the mayor painted the bridge before dawn",
        "Who came to the harbour?",
        "What is the capital of France?",
    ],
)
def test_the_vector_store_changes_no_answer(
    question: str, documents: str | None, large: Collection
) -> None:
    """It only makes large indexes quick."""
    query = Query(question, question, documents)
    with_store = large.open_index().view_of(LOCAL_USER).search(query)
    without = large.open_index(with_vectors=False).view_of(LOCAL_USER).search(query)
    assert places(with_store) == places(without)
    assert with_store.signs == pytest.approx(without.signs)


@pytest.mark.parametrize("with_vectors", [True, False])
def test_an_empty_index_finds_nothing(with_vectors: bool, make_collection: MakeCollection) -> None:
    """And says that it looked at nothing."""
    made = make_collection({})
    made.stores.publish()
    index = made.open_index(with_vectors=with_vectors)
    found = index.view_of(LOCAL_USER).search(Query("who?", "who?"))
    assert (found.hits, found.signs) == ((), None)
    assert (found.documents_searched, found.passages_searched) == (0, 0)


def test_misspelt_words_are_searched_as_they_were_meant(large: Collection) -> None:
    """And it is said which."""
    found = large.search("what did rahmno say about studnets?")
    assert {slip: word.lower() for slip, word in found.corrections.items()} == {
        "rahmno": "rahmon",
        "studnets": "students",
    }
    meant = large.search("what did Rahmon say about students?")
    assert [place[:2] for place in places(found)][:3] == [place[:2] for place in places(meant)][:3]


@pytest.mark.parametrize(
    "question", ["What is the capital of Spain?", "Which side won?", "Was there a flock?", "bred"]
)
def test_words_that_are_spelt_right_are_left_alone(question: str, large: Collection) -> None:
    """Though the index has only near ones: site, block, bread."""
    assert large.search(question).corrections == {}


def test_a_correction_is_looked_for_in_scope(large: Collection) -> None:
    """A word that only other documents have is not betrayed by it."""
    assert large.search("what did rahmno say?", "2017/*").corrections == {}


def test_passages_are_found_before_the_vector_store_has_them(
    make_collection: MakeCollection,
) -> None:
    """A run that is still going on, or was killed, has written them to the catalog."""
    made = make_collection({"a.txt": "The pool opened in May."})
    made.write({"b.txt": "A zebra crossed the river."})
    run = sync(made.stores, [made.folder])
    next(event for event in run if isinstance(event, FileDone))
    run.close()
    seen = made.stores.vectors.seen
    assert made.stores.catalog.changes("vectors", seen)[0] == made.passage_ids("b.txt")
    assert made.search("Which animal went over the water?").hits[0].source.name == "b.txt"


def test_passages_that_are_gone_are_not_found(make_collection: MakeCollection) -> None:
    """Though both stores still have them."""
    made = make_collection({"a.txt": "The pool opened in May.", "b.txt": "Rice grows."})
    catalog = made.stores.catalog
    with catalog.writing():
        catalog.remove(made.document("a.txt").source.id)
    assert made.stores.vectors.count == made.stores.words.count == 2
    found = made.search("When did the pool open?")
    assert [hit.source.name for hit in found.hits] == ["b.txt"]


def test_the_asker_cannot_be_forgotten(
    make_collection: MakeCollection, seed_assistant: Assistant
) -> None:
    """Nothing is read but by a view, and that is somebody's; leaving them out is an error,
    not everybody's rights."""
    index: Index = make_collection({}).open_index()
    assert [name for name in dir(index) if not name.startswith("_")] == [
        "check",
        "check_files",
        "is_degraded",
        "view_of",
    ]
    with pytest.raises(TypeError, match="principal"):
        index.view_of()  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="principal"):
        seed_assistant.ask("who?")  # type: ignore[call-arg]


def test_what_was_found_says_which_index_was_asked(large: Collection) -> None:
    """Its version, its model and how long each step took."""
    found = large.search("who?")
    catalog = large.stores.catalog
    assert found.index_version == str(catalog.revision)
    assert found.embedder == catalog.fact("embedder") == large.stores.embedder.identity
    stages = ["terms", "embed", "vectors", "words", "rank", "focus", "rerank", "statements"]
    stages += ["read", "select"]
    assert list(found.timings_ms) == stages
    status = large.open_index().view_of(LOCAL_USER).status()
    assert (status.documents, status.passages) == (43, catalog.passage_count)


def test_hits_are_given_best_first_and_scores_stay_near_one(large: Collection) -> None:
    hits = large.search("the mayor painted the bridge").hits
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)
    assert 0.5 < scores[0] < 1.5
    assert all(hit.score == fuse(hit.scores) for hit in hits)


def test_the_best_hit_has_signs_of_whether_it_answers(large: Collection) -> None:
    """How alike it is, what of the question it covers, and what it lacks."""
    answered = large.search("what did Rahmon say about students?").signs
    foreign = large.search("What is the boiling point of Nitrogen?").signs
    assert answered is not None
    assert foreign is not None
    assert answered.sentence > foreign.sentence
    assert answered.coverage > foreign.coverage
    assert (answered.missing_from_passage, foreign.missing_from_passage) == (0.0, 1.0)


def test_a_perfect_passage_has_score_one() -> None:
    assert math.isclose(fuse(Scores(1.0, 1.0, 1.0, 1.0)), 1.0)
    assert fuse(Scores(0.0, 0.0, 0.0, 0.0)) == 0.0


def test_a_question_in_no_letters_is_searched_too(large: Collection) -> None:
    """It finds something or nothing, but does not fail."""
    for question in ("???", "😀", "“”", "a", "x" * 500, "123 456"):
        hits: tuple[Hit, ...] = large.search(question).hits
        assert len(hits) <= 10


def test_the_first_word_is_no_name_whatever_stands_before_it(
    make_collection: MakeCollection,
) -> None:
    """Of a question that begins with a mark, too."""
    index = make_collection({"a.txt": "The bridge cost 40 million."}).open_index()
    question = "¿Cuánto cuesta the bridge in Omsk?"
    assert index.view_of(LOCAL_USER).search(Query(question, question)).absent == ("Omsk",)


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("The A.B.C. depot closed.", "When did the ABC depot close?"),
        ("The ABC depot closed.", "When did the A.B.C. depot close?"),
        ("The dam cost 3,400,000 crowns.", "Which dam cost 3400000 crowns?"),
        ("The dam cost 3,400,000 crowns.", "Which dam cost 3.4 million crowns?"),
        ("The trail is 12km long.", "Which trail is 12 km long?"),
        ("It has forty-two beds.", "Which house has 42 beds?"),
        ("Herr Oster\u00admann leads it.", "What does Herr Ostermann lead?"),
        ("Zoe\u0308 leads it.", "What does Zo\u00eb lead?"),
        ("The trains leave at 7.30.", "Which trains leave at 7:30?"),
    ],
)
def test_nothing_is_absent_that_is_spelt_otherwise(
    text: str, question: str, make_collection: MakeCollection
) -> None:
    """Neither for the search nor for what a question insists on."""
    index = make_collection({"a.txt": text}).open_index()
    found = index.view_of(LOCAL_USER).search(Query(question, question))
    assert found.absent == ()
    assert found.corrections == {}
    assert found.signs is not None
    assert found.signs.missing_from_sentence == 0


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("学校在南京有五个图书馆。", "学校在成都有五个图书馆吗？"),
        ("図書館は京都にあります。", "図書館は大阪にありますか。"),
        ("ห้องสมุดเปิดวันจันทร์", "ห้องสมุดปิดวันจันทร์ไหม"),
    ],
)
def test_what_has_no_spaces_is_taken_for_no_slip(
    text: str, question: str, make_collection: MakeCollection
) -> None:
    """One name is not "corrected" to another."""
    index = make_collection({"a.txt": text}).open_index()
    assert index.view_of(LOCAL_USER).search(Query(question, question)).corrections == {}
