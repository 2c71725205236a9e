"""What of a question a text has, and what it lacks."""

from dataclasses import replace

import pytest

from assistant.answering.matching import Matching
from assistant.answering.units import Told
from index.documents import Found, Query
from tests.signs import likely

FOUND = Found((), likely(0.9), 1, 1, "1", "some model")


def lacking(question: str, words: str, above: str = "", **found: object) -> tuple[str, ...]:
    asked = Query(question, question)
    matching = Matching(asked, replace(FOUND, **found))  # type: ignore[arg-type]
    return matching.lacking(Told(above, words))


@pytest.mark.parametrize(
    ("question", "words", "above", "lacks"),
    [
        ("How long may a nurse swap a shift?", "A shift is swapped by the nurse.", "", ()),
        ("Who gets a tunic at the clinic?", "Tunics are free.", "Clinic", ()),
        ("What is paid for a ferret?", "A cat costs £52.", "Prices", ("ferret",)),
        ("What does error K-22 mean?", "Error K-31 means that it is full.", "", ("K-22",)),
        ("What is the rent of the loft on a Saturday?", "Loft; Weekend: £12.", "Rent", ()),
        ("Which pier costs 1.25 million euros?", "The pier costs 1,250,000 euros.", "", ()),
        ("Which pier costs 1.25 million euros?", "The pier costs 1,500,000.", "", ("1.25",)),
        ("How much does the company pay?", "We pay half.", "", ()),
        ("How much does a company pay?", "We pay half.", "", ("company",)),
    ],
)
def test_what_is_asked_of_is_in_the_words_or_above_them(
    question: str, words: str, above: str, lacks: tuple[str, ...]
) -> None:
    """Whoever writes "we" is the company, and a Saturday is of the weekend."""
    assert lacking(question, words, above) == lacks


def test_a_day_is_of_its_part_of_the_week() -> None:
    """Whoever asks for a Monday is not told of the weekend."""
    rarity = {"Monday": 0.9, "Saturday": 0.9}
    asked = "What is the rent on a {}?".format
    assert not lacking(asked("Saturday"), "Rent; Weekend: £12.", rarity=rarity)
    assert lacking(asked("Monday"), "Rent; Weekend: £12.", rarity=rarity) == ("Monday",)


def test_a_word_that_means_the_same_is_as_good() -> None:
    """A word that only belongs to the same field is not, nor is another number."""
    near = {"doctor": {"physician": 0.86, "nurse": 0.66}, "2024": {"2026": 0.9}}
    assert not lacking("What is paid to a doctor?", "A physician has £9.", near=near)
    assert lacking("What is paid to a doctor?", "A nurse has £9.", near=near) == ("doctor",)
    assert lacking("What was paid in 2024?", "In 2026 it was £9.", near=near) == ("2024",)


def test_forms_of_one_word_need_not_be_as_near() -> None:
    near = {"children": {"child": 0.65}}
    assert not lacking("What is paid for the children?", "A child costs £9.", near=near)


def test_what_describes_a_thing_may_be_put_otherwise_if_no_document_has_it() -> None:
    asked, words = "What is the fee for an overdue disc?", "The fee for a late disc is £1."
    assert not lacking(asked, words)
    assert lacking(asked, words, rarity={"overdue": 0.9}) == ("overdue",)


def test_a_thing_that_no_document_calls_so_is_known_by_whose_it_is() -> None:
    asked, words = "What matters to the Tajik economy?", "Labour matters in Tajik towns."
    assert not lacking(asked, words, rarity={"Tajik": 0.9})
    assert lacking(asked, words, rarity={"Tajik": 0.9, "economy": 0.9}) == ("economy",)


def test_what_is_asked_of_another_year_is_told_of_one() -> None:
    asked = "How much did the stall make last year?"
    assert lacking(asked, "The stall made £212.") == ("last year",)
    assert not lacking(asked, "The stall made £212, and £190 the year before.")


def test_who_did_a_deed_is_told_by_what_tells_of_it() -> None:
    near = {"founded": {"established": 0.7}, "mill": {}}
    asked = "Who founded the mill?"
    assert lacking(asked, "Ann Holt owns the mill.", near=near) == ("founded",)
    assert not lacking(asked, "Ann Holt established the mill.", near=near)
    assert not lacking("Who founded the mill?", "Founder: Ann Holt", "Mill", near=near)
    assert not lacking("Who gets the mill?", "Ann Holt has the mill.", near={"mill": {}})


@pytest.mark.parametrize(
    ("question", "words", "lacks"),
    [
        ("How much is a yearly pass?", "A monthly pass costs £19.", ("yearly",)),
        ("How much is an annual pass?", "A yearly pass costs £190.", ()),
        ("What is the fee for the first fault?", "The second fault costs £9.", ("first",)),
        ("How long did people wait on Mondays?", "On Saturdays people waited.", ("Mondays",)),
        ("How long do people wait on Tuesday?", "From Monday to Friday people wait.", ()),
        ("How much may a pass cost?", "From June on a pass costs £9.", ()),
        ("How many rides were there in summer?", "There were 40 rides in winter.", ("summer",)),
    ],
)
def test_what_is_said_of_one_of_a_series_is_not_said_of_the_next(
    question: str, words: str, lacks: tuple[str, ...]
) -> None:
    """However alike the two are to the model."""
    near = {"yearly": {"monthly": 0.9}, "Mondays": {"saturdays": 0.9}}
    found = lacking(question, words, near=near)
    assert (
        tuple(
            w for w in found if w in ("yearly", "annual", "first", "Mondays", "Tuesday", "summer")
        )
        == lacks
    )


GUIDE = """Guide of the surgery. It is for surgeons, nurses and the porters.

Nurses get three tunics. Surgeons have a locker. Porters have a bench."""
BEGINNING = GUIDE.partition("\n")[0]


def told_of(words: str, above: str = "", beside: str = "") -> Told:
    """Words of a document that begins with whom it is for."""
    return Told(above, words, GUIDE, "guide", BEGINNING, GUIDE.removeprefix(BEGINNING), beside)


def test_a_document_for_several_is_not_for_each_of_them_in_every_sentence() -> None:
    """What it is for counts if it names it nowhere else."""
    matching = Matching(Query("", "How many tunics does a porter get?"), FOUND)
    assert matching.lacking(told_of("Nurses get three tunics.")) == ("porter",)
    alone = told_of("You get three tunics.")._replace(document=BEGINNING, rest="")
    assert matching.lacking(alone) == ()


def test_what_a_document_tells_apart_is_known_by_its_headings_and_lists() -> None:
    """A section beside is headed so, or they are named side by side."""
    matching = Matching(Query("", "How many tunics does a porter get?"), FOUND)
    for told in (
        told_of("Nurses get three tunics."),
        told_of("You get three tunics.", "Staff", "Porters"),
    ):
        assert list(matching.told_apart(["porter"], told)) == ["porter"]
    assert not list(matching.told_apart(["porter"], told_of("You get three tunics.", "Staff")))


def test_the_share_of_a_question_counts_what_means_the_same() -> None:
    near = {"wine": {"alcohol": 0.74}, "serve": {}}
    matching = Matching(Query("", "Where may we serve wine?"), replace(FOUND, near=near))
    assert matching.share(Told("", "You may serve wine.")) == 1.0
    assert matching.share(Told("", "You may serve alcohol.")) == pytest.approx(0.87)
    assert matching.share(Told("", "You may sing.")) == 0.0


def test_a_word_of_chinese_is_not_said_by_one_much_like_it() -> None:
    """However likely an answer is."""
    near = {"二号": {"一号": 0.9}}
    asked = Query("二号楼的管理员是谁？", "二号楼的管理员是谁？")
    matching = Matching(asked, replace(FOUND, near=near))
    assert "二号" in matching.lacking(Told("", "一号楼的管理员是王芳。"), likely=True)


def test_whoever_does_something_may_be_called_by_it() -> None:
    """By the label of a field: the conductor conducts, and repairs no organ."""
    label = "Conductor of the concert: Ulrika Sten"
    near: dict[str, dict[str, float]] = {"conducts": {}, "repairs": {}}
    assert not lacking("Who conducts the concert?", label, near=near)
    assert "repairs" in lacking("Who repairs the organ?", label, near=near)
