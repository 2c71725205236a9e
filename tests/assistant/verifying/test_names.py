"""Which words of a sentence are names, and whether two names mean the same person."""

from __future__ import annotations

import pytest

from assistant.verifying.names import is_among, is_credited, names, short_for, without_titles
from index.documents import Passage, Source, Span, Statement, StatementHit
from tests.conftest import ATTRIBUTOR

SOURCE = Source("d", "d.txt", "d", "1")


def test_names_are_what_has_a_capital_letter_though_it_begins_no_sentence() -> None:
    """No titles and no little words, without a language too."""
    said = "Then Mr Lee, Minister for Trade in Arden, met Bo on 3 June, and She agreed."
    assert [*names(said, None)] == ["Lee", "Trade", "Arden", "Bo", "June"]


def test_a_parser_knows_a_name_that_begins_a_sentence() -> None:
    """But no number and no single letter."""
    language = ATTRIBUTOR.language("The mayor opened the bridge.")
    assert [*names("Grant met X in Arden.", language)] == ["Arden", "Grant"]
    assert [*names("Lee won 3,000 votes.", language)] == ["Lee"]


def spoken(
    text: str, as_printed: str, speaker: str | None = None, fullest: str | None = None
) -> StatementHit:
    """Somebody's statement, where the text has them printed so: the index knows them as
    `speaker`, the document as `fullest`."""
    start = text.rindex(as_printed)
    printed = Span(start, start + len(as_printed))
    cue = Span(text.index("said"), text.index("said") + 4)
    statement = Statement(fullest, printed, cue, (Span(0, 3),), "indirect")
    passage = Passage(0, len(text), text, (Span(0, len(text)),))
    return StatementHit(SOURCE, statement, speaker, as_printed, text, passage, 1, 1, 1, 1)


@pytest.mark.parametrize(
    ("found", "written", "credited"),
    [
        # known by name
        (spoken("Lee said so.", "Lee", "Ann Lee"), "Ann Lee", True),
        (spoken("Lee said so.", "Lee", "Ann Lee"), "Mayor Lee", True),
        (spoken("Lee said so.", "Lee", "Ann Lee"), "Ann", True),
        (spoken("Lee said so.", "Lee", "Ann Lee"), "Bo Lee", False),
        (spoken("Lee said so.", "Lee", "Ann Lee"), "Bo Grant", False),
        (spoken("Lee said so.", "Lee", "Samantha Lee"), "Sam Lee", True),
        (spoken("Lee said so.", "Lee", None, "Ann Lee"), "Ann Lee", True),
        (spoken("Bob Dylan said so.", "Bob Dylan", "Robert Zimmerman"), "Bob Dylan", True),
        (spoken("Ann said so.", "Ann"), "Ann Lee", True),
        (spoken("Lee said so.", "Lee", "Ann Lee"), "the", False),
        # called by nobody's name: who is named before
        (spoken("Mary Lee spoke. She said so.", "She"), "Mary Lee", True),
        (spoken("Mary Lee spoke. She said so.", "She"), "Lee", True),
        (spoken("Mary Lee spoke. He said so.", "He"), "Mary Lee", False),
        (spoken("Mary Lee spoke. She said so.", "She"), "Mary Grant", False),
        (spoken("She said so. Mary Lee spoke.", "She"), "Mary Lee", False),
        (spoken("Mary Lee. " + "x " * 300 + "She said so.", "She"), "Mary Lee", False),
        # by a description: who stands beside it
        (spoken("Mary Lee, the director, said so.", "the director"), "Mary Lee", True),
        (spoken("The director said so, Mary Lee.", "The director"), "Mary Lee", True),
        (spoken("Mary Lee. " + "x " * 50 + "The director said so.", "The director"), "Lee", False),
        (spoken("The CEO said so, Mary Lee.", "The CEO"), "Mary Lee", True),
        (spoken("Mary Lee, President, said so.", "President"), "Mary Lee", True),
        (spoken("Mary Lee, President, said so.", "President"), "Bo Grant", False),
    ],
)
def test_a_statement_is_credited_to_whom_the_document_names(
    found: StatementHit, written: str, *, credited: bool
) -> None:
    assert is_credited(found, written) is credited


@pytest.mark.parametrize(
    ("name", "there", "is_there"),
    [
        ("Arden", {"arden"}, True),
        ("Arden's", {"arden"}, True),
        ("Tajikistan", {"tajik"}, True),
        ("Ardennes", {"arden"}, True),
        ("Ard", {"ardour"}, False),
        ("Colm", {"arden"}, False),
    ],
)
def test_a_name_is_there_in_its_own_form_or_one_of_its_root(
    name: str, there: set[str], *, is_there: bool
) -> None:
    assert is_among(name, there) is is_there


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("Mayor Ann Lee", "Ann Lee"),
        ("the Lord Mayor", "Mayor"),
        ("Ann Lee", "Ann Lee"),
        ("President", "President"),
        ("the", ""),
    ],
)
def test_a_name_is_without_its_titles_unless_there_is_nothing_else(words: str, name: str) -> None:
    assert without_titles(words.split()) == name.split()


@pytest.mark.parametrize(
    ("one", "other", "short"),
    [
        ("UN", "United Nations", True),
        ("United Nations", "U.N.", True),
        ("UN", "United Kingdom", False),
        ("U N", "United Nations", False),
    ],
)
def test_initials_are_short_for_a_name(one: str, other: str, *, short: bool) -> None:
    assert short_for(one.split(), other.split()) is short
