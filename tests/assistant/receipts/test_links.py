"""A link leads to the words that it was made of, and never to others."""

from __future__ import annotations

import time
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from assistant.receipts.links import LONGEST_WHOLE, Linked, find_cited, linked, read_link
from assistant.receipts.receipt import Finding, Kept
from index.documents import Document, Source, Span

SOURCE = Source("a/b", "minutes.txt", "Minutes", "v1")
TEXT = (
    "The pool opened in May. Ann Lee said that the pool, which the town built, cost 40 million. "
    "Nobody asked why. Мэр сказал: «Мост откроют, если дадут деньги». The crane is new."
)
SAID = "Ann Lee said that the pool, which the town built, cost 40 million."
MAYOR = "«Мост откроют, если дадут деньги»"
LONG = " ".join(f"Clause {n} says what happens in case {n * n}." for n in range(40))


def document(text: str = TEXT, version: str = "v1") -> Document:
    return Document(replace(SOURCE, version=version), text)


def kept(words: str, text: str = TEXT, number: int = 0) -> Kept:
    start = text.index(words)
    return replace(Kept.of(SOURCE, Span(start, start + len(words)), text), number=number)


def read(link: str) -> Linked:
    """As the page of the reader reads an address: what stands before the # and behind."""
    parts = urlsplit(link)
    asked = parse_qs(parts.query)
    return linked(asked["at"], asked["version"][0], parts.fragment)


def followed(link: str, text: str) -> Finding | None:
    """What the link leads to in another version of the document."""
    (_, found), *_ = find_cited(read(link), document(text, "v2"))
    return found


def words_of(found: Finding | None, text: str) -> str:
    assert found is not None
    assert found.span is not None
    return text[found.span.start : found.span.end]


@pytest.mark.parametrize("words", [SAID, MAYOR])
def test_words_that_moved_are_found_where_they_stand_now(words: str) -> None:
    """Also if they have the signs by which a link is made."""
    edited = TEXT.replace("The pool opened in May.", "The pool, a new one, opened in May & June.")
    found = followed(read_link(SOURCE, kept(words)), edited)
    assert found is not None
    assert found.fate == "moved"
    assert words_of(found, edited) == words


def test_a_server_sees_the_place_and_no_word() -> None:
    address, _, fragment = read_link(SOURCE, kept(SAID)).partition("#")
    assert address == "/read/a%2Fb?at=24-90&version=v1"
    assert fragment.startswith("cited&words=The+pool+opened+in+May.+,Ann+Lee+said")


def test_a_changed_sentence_is_shown_as_it_was_and_is() -> None:
    edited = TEXT.replace("40 million", "55 million")
    found = followed(read_link(SOURCE, kept(SAID)), edited)
    assert found is not None
    assert found.fate == "changed"
    assert [(d.kind, d.words) for d in found.difference if d.kind != "same"] == [
        ("dropped", "40"),
        ("added", "55"),
    ]


def test_what_was_taken_out_is_gone_and_nothing_stands_for_it() -> None:
    found = followed(read_link(SOURCE, kept(SAID)), TEXT.replace(SAID, ""))
    assert found is not None
    assert (found.fate, found.span) == ("gone", None)


def test_a_long_quotation_is_found_by_its_ends_and_its_digest() -> None:
    """The link stays short; a change in the middle is noticed, though the ends are the same."""
    link = read_link(SOURCE, kept(LONG, LONG))
    assert len(LONG) > 3 * LONGEST_WHOLE > len(link)
    moved = followed(link, f"A preamble.\n\n{LONG}")
    assert moved is not None
    assert moved.fate == "moved"
    assert words_of(moved, f"A preamble.\n\n{LONG}") == LONG
    edited = LONG.replace("case 400", "case 401")
    changed = followed(link, edited)
    assert changed is not None
    assert changed.fate == "changed"
    assert words_of(changed, edited) == edited
    gone = followed(link, "Nothing of it is left here, but for a clause.")
    assert gone is not None
    assert gone.fate == "gone"


def test_a_link_without_words_marks_nothing_once_the_document_has_changed() -> None:
    """It leads to the same characters as long as that is the same document."""
    link = f"/read/d?at=24-{24 + len(SAID)}&version=v1#cited"
    (_, found), *_ = find_cited(read(link), document())
    assert words_of(found, TEXT) == SAID
    assert followed(link, f"More. {TEXT}") is None


def test_citations_beside_are_marked_as_long_as_it_is_the_same_document() -> None:
    """By their numbers; the link has the words of the one that it leads to."""
    link = read_link(SOURCE, kept(MAYOR, number=2), kept(SAID, number=1))
    cited = read(link)
    assert [number for number, _ in cited.places] == [2, 1]
    assert len(cited.words) == 1
    assert [words_of(found, TEXT) for _, found in find_cited(cited, document())] == [MAYOR, SAID]
    edited = f"More. {TEXT}"
    (_, led_to), (_, beside) = find_cited(cited, document(edited, "v2"))
    assert words_of(led_to, edited) == MAYOR
    assert beside is None


@pytest.mark.parametrize(
    "fragment",
    [
        "cited&words=",
        "cited&words=a,b",
        "cited&words=,,,,",
        "cited&words=%ff%00,x,y,1,2&words=1",
    ],
)
def test_what_is_no_link_is_left_out(fragment: str) -> None:
    """It may come from anywhere."""
    cited = linked(["10-90", "9-3", "x", "1:2-3-4"], "v0", fragment)
    assert cited.places == ((0, Span(10, 90)),)
    assert all(found is None or found.span is None for _, found in find_cited(cited, document()))


def test_no_link_takes_long_to_be_followed_whatever_it_and_its_document_hold() -> None:
    """The same letter a hundred thousand times, and links of more words than any is made of."""
    text = "a" * 100_000
    began = time.monotonic()
    for words in (",a,", f",{'a' * 300},", f",{'a' * 9_000},", f",{'a' * 100},,{'a' * 100},0"):
        cited = linked(["0-19000"] * 500, "v1", f"cited{f'&words={words}' * 500}")
        assert len(cited.words) <= 10
        assert len(list(find_cited(cited, document(text, "v2")))) == 200
    assert time.monotonic() - began < 20
