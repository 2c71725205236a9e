"""What a written sentence is held against, piece by piece."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.verifying.sentences import (
    MOST_RESTED_ON,
    Fit,
    Quote,
    Saying,
    SentenceInContext,
    rested_on,
    sayings,
    where,
)
from index.documents import Hit, Passage, Scores, Source, Span, Statement, StatementHit
from tests.conftest import ATTRIBUTOR

SOURCE = Source("d", "d.txt", "Pools of Arden", "1", "2016-05-01", "Cy Moor")
SENTENCES = (
    "The pool opened in May.",
    "The bridge was painted green.",
    "The choir sang until dawn.",
    "The baker sold warm bread.",
)
TEXT = " ".join(SENTENCES)
SPANS = tuple(Span(at := TEXT.index(words), at + len(words)) for words in SENTENCES)
HIT = Hit(SOURCE, Passage(0, len(TEXT), TEXT, SPANS), 0.5, Scores(0, 0, 0, 0), ())
ELSEWHERE = replace(HIT, source=replace(SOURCE, id="e"))


def fit(number: int, similarity: float = 0.5) -> Fit:
    return Fit(HIT, SPANS[number], SENTENCES[number], similarity, similarity)


def statement(speaker: str | None, as_printed: str, number: int, source: Source) -> StatementHit:
    """All of that sentence, by somebody."""
    said = Statement(speaker, Span(0, 1), None, (SPANS[number],), "indirect")
    return StatementHit(source, said, speaker, as_printed, "", HIT.passage, 1, 1, 1, 1)


def held(*fits: Fit, statements: tuple[StatementHit, ...] = ()) -> SentenceInContext:
    return SentenceInContext(
        words="",
        cited=(HIT,),
        fits=fits,
        quotes=(),
        names=(),
        printed_names=(),
        said=(),
        clauses=(),
        printed_clauses=(),
        nearest_clauses=(),
        statements=statements,
        is_quoted=lambda _, __: False,
        is_in_document=lambda _: False,
        roots=frozenset(),
    )


@pytest.mark.parametrize(
    ("statements", "speaker"),
    [
        ((statement("Ann Lee", "Lee", 0, SOURCE),), "Ann Lee"),
        (
            (statement("Ann Lee", "Lee", 0, SOURCE), statement("Ann Lee", "she", 0, SOURCE)),
            "Ann Lee",
        ),
        ((statement("Ann Lee", "she", 0, SOURCE), statement("Di Ray", "she", 0, SOURCE)), None),
        ((statement(None, "The mayor", 0, SOURCE), statement(None, "She", 0, SOURCE)), None),
        ((statement("Ann Lee", "Lee", 1, SOURCE),), None),
        ((statement("Ann Lee", "Lee", 0, ELSEWHERE.source),), None),
        ((), None),
    ],
)
def test_a_sentence_has_a_speaker_if_all_of_it_is_said_by_one(
    statements: tuple[StatementHit, ...], speaker: str | None
) -> None:
    """However they are printed; not by what is said of another sentence or document."""
    ((found, span),) = held(fit(0), statements=statements).rests_on
    assert span == SPANS[0]
    assert (found.speaker if isinstance(found, StatementHit) else None) == speaker


def test_a_premise_is_the_sentences_with_who_says_them() -> None:
    by_ann = statement("Ann Lee", "she", 0, SOURCE)
    assert held(fit(0), fit(1), statements=(by_ann,)).premise == (
        f"Ann Lee: {SENTENCES[0]} {SENTENCES[1]}"
    )
    assert held(fit(0)).premise == SENTENCES[0]


def test_the_nearest_sentence_is_the_one_that_fits_best() -> None:
    reading = held(fit(0, 0.2), fit(1, 0.7), fit(2, 0.4))
    assert reading.nearest == SENTENCES[1]
    assert reading.rested_words == " ".join(SENTENCES[:3])


def test_around_a_sentence_is_all_that_was_shown() -> None:
    """The text, its title, its date and who wrote it; a document may lack some of them."""
    around = held(fit(0)).around
    assert TEXT in around
    assert all(words in around for words in ("Pools of Arden", "2016-05-01", "Cy Moor"))
    bare = replace(HIT, source=replace(SOURCE, published=None, byline=None))
    assert replace(held(fit(0)), cited=(bare,)).around.split() == [
        *TEXT.split(),
        "Pools",
        "of",
        "Arden",
        "d.txt",
    ]


def test_the_frame_is_who_speaks_and_what_the_documents_are_called() -> None:
    printed = statement("Lee", "she", 0, SOURCE)
    known = replace(printed, speaker="Ann Lee")
    nobody = statement(None, "she", 1, SOURCE)
    frame = held(fit(0), statements=(known, nobody)).frame
    assert frame.split() == ["Pools", "of", "Arden", "2016-05-01", "Ann", "Lee", "Lee"]
    undated = replace(HIT, source=replace(SOURCE, published=None))
    assert replace(held(fit(0)), cited=(undated,)).frame.split() == ["Pools", "of", "Arden"]


# -- what a sentence rests on --------------------------------------------------------------

FITS = [fit(0, 0.4), fit(1, 0.6), fit(2, 0.3), fit(3, 0.2)]


def rests(
    words: str, *quotes: Quote, said: tuple[Saying, ...] = (), fits: list[Fit] = FITS
) -> list[int]:
    """The numbers of the sentences."""
    return [fits.index(each) for each in rested_on(words, fits, quotes, said)]


def test_a_sentence_rests_on_the_one_that_fits_best() -> None:
    assert rests("The bridge was painted.") == [1]


def test_a_further_sentence_has_to_bring_more_than_a_word() -> None:
    """In reading order."""
    assert rests("The bridge was painted green, and the pool was new.") == [1]
    assert rests("The bridge was painted green, and the pool opened in May.") == [0, 1]


def test_a_sentence_rests_on_no_more_than_some() -> None:
    assert len(rests(TEXT)) == MOST_RESTED_ON < len(FITS)


def test_what_is_quoted_counts_before_what_fits() -> None:
    """Of the passage in which it stands."""
    span = Span(SPANS[2].start, SPANS[2].start + 9)
    assert rests("“The choir”", Quote("The choir", HIT, span)) == [2]
    assert rests("“The choir”", Quote("The choir", ELSEWHERE, span)) == [1]
    assert rests("“The choir”", Quote("The choir", None, None)) == [1]
    assert rests("“The choir”", Quote("The choir", HIT, None)) == [1]


def test_the_name_of_a_speaker_need_not_be_found() -> None:
    """It stands in no sentence of theirs."""
    named = [*FITS[:2], replace(fit(2, 0.3), words="Ann Lee spoke at dawn.")]
    said = (Saying("Ann Lee", "the bridge was painted", negated=False),)
    words = "Ann Lee said the bridge was painted."
    assert rests(words, said=said, fits=named) == [1]
    assert rests(words, fits=named) == [1, 2]


def test_quoted_words_are_where_the_first_passage_has_them() -> None:
    other = replace(HIT, passage=replace(HIT.passage, start=100, end=100 + len(TEXT)))
    assert where("painted green", [HIT, other]) == (HIT, Span(39, 52))
    assert where("painted green", [other]) == (other, Span(139, 152))
    assert where("painted blue", [HIT]) == (None, None)


# -- who is said to have said what ---------------------------------------------------------


def said_in(words: str, before: str = "") -> list[tuple[str, str, bool]]:
    language = ATTRIBUTOR.language("The mayor opened the bridge on Monday.")
    return [(s.speaker, s.content, s.negated) for s in sayings(words, before, language)]


@pytest.mark.parametrize(
    ("words", "before", "found"),
    [
        ("Ann Lee said the pool is open.", "", [("Ann Lee", "the pool is open", False)]),
        ("Ann Lee did not say the pool is open.", "", [("Ann Lee", "the pool is open", True)]),
        ("She said the pool is open.", "Ann Lee spoke.", [("Ann Lee", "the pool is open", False)]),
        ("The pool is open.", "Ann Lee said the bridge is new.", []),
        ("She said the pool is open.", "", []),
        ("The article says the pool is open.", "", []),
        ("The mayor said the pool is open.", "", [("The mayor", "the pool is open", False)]),
    ],
)
def test_what_somebody_is_said_to_have_said(
    words: str, before: str, found: list[tuple[str, str, bool]]
) -> None:
    """By this sentence, not by those before it; neither a document nor a pronoun that nobody
    can resolve is somebody."""
    assert said_in(words, before) == found


def test_what_is_said_inside_of_what_somebody_says_is_theirs() -> None:
    assert [
        speaker for speaker, _, _ in said_in("Ann Lee said that Bo said the pool is open.")
    ] == ["Ann Lee"]


def test_without_a_language_nobody_is_said_to_have_said_anything() -> None:
    assert [*sayings("Ann Lee said the pool is open.", "", None)] == []
