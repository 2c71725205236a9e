"""When a question is answered, answered in part or refused, and what is said then."""

from dataclasses import replace

import pytest

from assistant.answering.refusing import (
    RULINGS,
    Case,
    Judged,
    Ruling,
    answerability,
    decide,
    noticed,
    refused,
    shown,
)
from assistant.answering.units import Told
from assistant.answers import Claim, Draft
from index.documents import (
    Asks,
    Evidence,
    Found,
    Hit,
    Passage,
    Query,
    Said,
    Scores,
    Source,
    Span,
    Statement,
    StatementHit,
)
from index.english.kinds import expected
from tests.signs import likely

TEXT = "Ada swam in Oslo."
WHOLE = Span(0, len(TEXT))
PASSAGE = Passage(0, len(TEXT), TEXT, (WHOLE,))
SOURCE = Source("d", "swimming.txt", "Swimming", "1")
HIT = Hit(SOURCE, PASSAGE, 0.5, Scores(0.5, 0.5, 0.5, 0.5), (Evidence(WHOLE, TEXT, 0.9),))
SAYING = StatementHit(
    SOURCE, Statement("Ada", WHOLE, WHOLE, (WHOLE,), "indirect"), "Ada", "Ada", TEXT, PASSAGE,
    0.9, 0.9, 0.9, 0.9,
)  # fmt: skip
FOUND = Found((HIT,), likely(0.9), 2, 7, "1", "some model")
WHERE = Query("where did Ada swim?", "where did Ada swim?")
DATE = "on what date did Ada swim?"


def said(
    *found: StatementHit,
    speakers: tuple[str, ...] = ("Bo",),
    by: tuple[StatementHit, ...] = (),
) -> Found:
    return replace(FOUND, said=Said(speakers, found, (), by, 3))


def asking(asks: Asks, *, more: bool = False) -> Query:
    about = replace(WHERE, asks=asks, speaker="Bo", topic="swimming")
    return replace(about, follow="more") if more else about


CASES = {
    "nothing is asked": (
        Case(replace(WHERE, follow="courtesy"), FOUND), "Ask me what the documents say"),
    "no document is called so": (
        Case(replace(WHERE, documents="b*"), replace(FOUND, hits=())), "none matches b*"),
    "there is no document": (
        Case(WHERE, replace(FOUND, hits=())), "There are no documents to answer from yet"),
    "all statements were seen": (
        Case(asking("said", more=True), said(SAYING), statements=()), "I found 1 statement"),
    "nobody is credited, and the text has it": (
        Case(
            asking("who"),
            replace(said(), hits=(replace(HIT, scores=Scores(0.5, 0.5, 0.5, 0.9)),)),
            statements=(),
        ),
        "Nobody is credited with this. The text says:"),
    "statements of the language are not told apart": (
        Case(
            replace(asking("said"), speaker="Ada"),
            replace(FOUND, said=Said((), (), (), (), 0, unattributed=("d",))),
            statements=(),
        ),
        "“Swimming” is in a language in which I cannot tell who said what"),
    "another language is not understood": (
        Case(
            replace(asking("said"), standalone_question="Что сказал Бо о плавании?"),
            said(),
            statements=(),
        ),
        "which of 3 statements by Bo are about “swimming” can’t be told"),
    "nobody said it": (
        Case(asking("who"), said(), statements=()), "Nobody is quoted on this in the 2 documents"),
    "others said it": (
        Case(asking("whether"), said(by=(SAYING,)), statements=()), "Ada did speak of it"),
    "the speaker did not say it": (
        Case(asking("said"), said(), statements=()), "0 of 3 statements by Bo"),
    "there is nothing else": (
        Case(replace(WHERE, follow="more"), FOUND, []), "I found nothing else"),
    "an answer is unlikely": (
        Case(WHERE, replace(FOUND, signs=likely(0.49)), [HIT]), "I looked through 7 passages"),
    "no sentence has the kind of answer": (
        Case(WHERE, FOUND, [], kind=expected(DATE)), "don’t give a date for it"),
    "no sentence may answer": (
        Case(WHERE, FOUND, []), "The documents don’t answer this"),
    "it is of somebody or something else": (
        Case(
            Query("", "how many days do interns get?"),
            replace(FOUND, rarity={"interns": 0.9}),
            [HIT],
            told=Told("Swimming", TEXT),
        ),
        "say nothing of “interns”"),
    "no document has a name": (
        Case(WHERE, replace(FOUND, absent=("Bergen",)), [HIT]), "No document mentions “Bergen”"),
    "no quoted passage has a name": (
        Case(Query("", "where did Ada meet Zoe?"), FOUND, [HIT]), "does not mention “Zoe”"),
    "nobody is credited with what is quoted": (
        Case(Query("", "who said that somebody swam?"), said(), [HIT]),
        "Nobody is credited with this. The text says:"),
}  # fmt: skip
"""For each ruling a case that only it decides, and some of its words."""


@pytest.mark.parametrize("ruling", RULINGS, ids=lambda ruling: ruling.name)
def test_each_ruling_decides_its_case(ruling: Ruling) -> None:
    """The first that applies, and it says so."""
    case, words = CASES[ruling.name]
    assert next(each for each in RULINGS if each.applies(case)) is ruling
    decision = decide(case)
    assert decision.outcome == ruling.outcome
    assert words in decision.words


def test_nothing_is_said_of_what_is_answered() -> None:
    for case in (
        Case(WHERE, FOUND),
        Case(WHERE, FOUND, [HIT]),
        Case(replace(WHERE, follow="more"), replace(FOUND, absent=("Bergen",)), [HIT]),
        Case(asking("said"), said(SAYING), statements=(SAYING,)),
    ):
        assert (decide(case).outcome, decide(case).words) == ("answered", "")


def test_a_speaker_whom_nobody_knows_is_named_as_asked() -> None:
    """Whoever did speak of it is named too."""
    case = Case(asking("said"), said(speakers=(), by=(SAYING,)), statements=())
    assert decide(case).words == (
        "Nobody called Bo is quoted in the 2 documents I looked through. Ada did speak of it."
    )


@pytest.mark.parametrize(
    ("considered", "words"), [(1, "0 of 1 statement by Bo in these documents is"), (3, "are about")]
)
def test_one_statement_is_and_more_are(considered: int, words: str) -> None:
    found = said()
    assert found.said
    found = replace(found, said=replace(found.said, considered=considered))
    assert words in decide(Case(asking("said"), found, statements=())).words


@pytest.mark.parametrize(("probability", "outcome"), [(0.499, "refused"), (0.501, "answered")])
def test_an_answer_has_to_be_likelier_than_none(probability: float, outcome: str) -> None:
    found = replace(FOUND, signs=likely(probability))
    assert answerability(found) == pytest.approx(probability)
    assert decide(Case(WHERE, found, [HIT])).outcome == outcome


@pytest.mark.parametrize(("probability", "outcome"), [(0.75, "answered"), (0.9, "refused")])
def test_a_word_that_is_lacking_counts_only_where_much_else_is_alike(
    probability: float, outcome: str
) -> None:
    """A question in quite other words than the documents has none of theirs."""
    query = replace(WHERE, standalone_question="where did the ferret swim?")
    found = replace(FOUND, signs=likely(probability))
    case = Case(query, found, [HIT], told=Told("", TEXT))
    assert decide(case).outcome == outcome


def test_without_a_hit_an_answer_has_no_probability() -> None:
    assert answerability(replace(FOUND, signs=None)) == 0.0


@pytest.mark.parametrize("sign", ["missing_from_passage", "missing_from_sentence", "negated"])
def test_what_a_hit_lacks_makes_an_answer_less_likely(sign: str) -> None:
    signs = likely(0.9)._replace(**{sign: 1.0})
    assert answerability(replace(FOUND, signs=signs)) < 0.9


GOOD = Claim("Ada swam. [1]", (1,), "supported")
BAD = Claim("Ada ran. [1]", (1,), "unsupported")


@pytest.mark.parametrize(
    ("judged", "words"),
    [
        (Judged(False, [GOOD, BAD]), ""),
        (Judged(False, []), ""),
        (Judged(True, []), "you may no longer read it"),
        (Judged(False, [GOOD, None]), "Left out: 1 written sentence that"),
        (Judged(False, [BAD]), "The passages support nothing"),
    ],
)
def test_the_reader_is_told_what_became_of_the_sentences(judged: Judged, words: str) -> None:
    """Behind what went wrong on the way."""
    draft = Draft("quote", (), notice="The model failed.")
    notice = noticed(draft, judged)
    assert notice.startswith("The model failed.")
    assert words in notice
    assert bool(words) == (notice != "The model failed.")


def test_an_answer_without_a_claim_says_what_became_of_it() -> None:
    """Unless it was decided to refuse it."""
    assert refused(Draft("quote", (), "Nobody said it."), "Left out.") == "Nobody said it."
    assert refused(Draft("quote", ()), "Left out.") == "Left out."


def test_where_nothing_is_asked_nothing_is_near() -> None:
    assert shown(replace(WHERE, follow="courtesy"), FOUND).hits == ()
    assert shown(WHERE, FOUND).hits == (HIT,)
