"""The answer selector reads a question with passages and tells which sentence answers."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from index.chunking import sentences
from index.documents import LOCAL_USER, Passage, Query, Span
from index.errors import PairModelUnavailable
from index.models.exported import GRAPH, TOKENIZER
from index.models.selecting import PACKAGED, WINDOW, Selector, open_selector
from index.search.late_interaction import READ
from index.search.view import Index
from tests.conftest import MakeCollection

LEAVE = (
    "Leave is booked in the portal. A full-time employee has 26 days of it in a year. "
    "Whoever falls ill while away hands in a certificate within a week."
)
BRIDGE = (
    "The bridge is 310 metres long. It was built of stone from the valley. "
    "The mayor opened it in May, and three thousand people came."
)


@pytest.fixture(scope="module")
def selector() -> Selector:
    opened = open_selector(PACKAGED)
    assert opened is not None
    return opened


def passage(text: str, context: str = "") -> Passage:
    cut = tuple(sentences(text, Span(0, len(text))))
    return Passage(0, len(text), text, cut, context=context)


@pytest.mark.parametrize(
    ("question", "text", "right"),
    [
        ("How many days of leave do I get?", LEAVE, 1),
        ("Where do I book leave?", LEAVE, 0),
        ("What do I need if I get sick on holiday?", LEAVE, 2),
        ("How long is the bridge?", BRIDGE, 0),
        ("Who opened the bridge?", BRIDGE, 2),
        ("What is the bridge made of?", BRIDGE, 1),
    ],
)
def test_the_sentence_that_answers_is_the_most_likely(
    selector: Selector, question: str, text: str, right: int
) -> None:
    (odds,) = selector.odds(question, [passage(text)])
    assert len(odds) == 3
    assert odds.index(max(odds)) == right


def test_a_passage_without_the_answer_is_less_likely_than_one_with_it(selector: Selector) -> None:
    for question, own, other in (
        ("How many days of leave do I get?", LEAVE, BRIDGE),
        ("Who opened the bridge?", BRIDGE, LEAVE),
    ):
        of_own, of_other = selector.odds(question, [passage(own), passage(other)])
        assert max(of_own) > 0 > max(of_other)


def test_a_long_passage_is_read_to_its_end(selector: Selector) -> None:
    """Further than the model reads at once; a sentence is whole in one of its windows."""
    filler = " ".join(f"Room {n} has a table, {n} chairs and a lamp." for n in range(60))
    long = passage(f"{filler} {BRIDGE}")
    assert len(filler.split()) > WINDOW
    (odds,) = selector.odds("Who opened the bridge?", [long])
    assert odds.index(max(odds)) == len(long.sentences) - 1


def test_what_is_read_beside_it_changes_nothing(selector: Selector) -> None:
    question = "Who opened the bridge?"
    alone = selector.odds(question, [passage(BRIDGE)])
    assert selector.odds(question, [passage(LEAVE), passage(BRIDGE)])[1:] == alone
    assert selector.odds(question, []) == []


def test_a_sentence_without_a_token_answers_nothing(selector: Selector) -> None:
    text = "The mayor opened it. \u200b\u200b"
    cut = (Span(0, 20), Span(21, 23))
    (odds,) = selector.odds("Who opened it?", [Passage(0, len(text), text, cut)])
    assert odds[1] < odds[0]


def test_the_best_passages_are_read_with_the_question(
    selector: Selector, make_collection: MakeCollection
) -> None:
    """The others are not, nor is any without a selector."""
    stores = make_collection(
        {f"{n}.txt": f"Bridge number {n} was opened by the mayor. It is red." for n in range(5)}
    ).stores
    asked = Query("Who opened the bridge?", "Who opened the bridge?")

    def odds(selector: Selector | None) -> list[list[float | None]]:
        index = Index(
            stores.catalog, stores.words, stores.embedder, stores.vectors, selector=selector
        )
        hits = index.view_of(LOCAL_USER).search(asked).hits
        return [[evidence.odds for evidence in hit.evidence] for hit in hits]

    read = odds(selector)
    assert all(each is not None for hit in read[:READ] for each in hit)
    assert all(each is None for hit in read[READ:] for each in hit)
    assert len(read) > READ
    assert all(each is None for hit in odds(None) for each in hit)


def test_none_is_opened_where_none_is_wanted() -> None:
    assert open_selector("none") is None


@pytest.mark.parametrize("lacking", [GRAPH, TOKENIZER])
def test_a_folder_without_a_selector_says_what_lacks(tmp_path: Path, lacking: str) -> None:
    opened = open_selector(PACKAGED)
    assert opened is not None
    for file in {GRAPH, TOKENIZER} - {lacking}:
        shutil.copy(opened.folder / file, tmp_path)
    with pytest.raises(PairModelUnavailable, match=rf"{lacking}[^$]*ONRECORD_SELECTOR") as raised:
        open_selector(str(tmp_path))
    assert str(tmp_path) in str(raised.value)


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        (BRIDGE, Query("Who opened it?", "Who opened it?", leans=True, behind=("The bridge?",))),
        (BRIDGE, Query("List what was opened.", "List what was opened.", shape="list")),
        (BRIDGE, Query("the mayor and May", "the mayor and May", compares=True)),
        (
            "Die Brücke ist 310 Meter lang. Der Bürgermeister hat sie im Mai eröffnet.",
            Query("Wer hat die Brücke eröffnet?", "Wer hat die Brücke eröffnet?"),
        ),
    ],
)
def test_what_it_has_not_learnt_is_not_read(
    selector: Selector, make_collection: MakeCollection, text: str, asked: Query
) -> None:
    """A part of a question, what takes several sentences, another language."""
    stores = make_collection({"bridge.txt": text}).stores
    index = Index(stores.catalog, stores.words, stores.embedder, stores.vectors, selector=selector)
    hits = index.view_of(LOCAL_USER).search(asked).hits
    assert hits
    assert all(evidence.odds is None for hit in hits for evidence in hit.evidence)
