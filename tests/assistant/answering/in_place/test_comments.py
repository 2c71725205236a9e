"""What was noted at the margin or at the foot is quoted where it is asked for."""

import pytest

from assistant.answering.quoting import quote
from index.documents import (
    Block,
    Document,
    Evidence,
    Found,
    Hit,
    Passage,
    Query,
    Scores,
    Source,
    Span,
)
from tests.signs import likely

SAID = "Boats pay a yearly fee. Members get a discount of 15 %."
COMMENT = "Ida Falk: The board wanted 12 %."
OTHER = "Mats Lie: This will rise in spring."
FOOTNOTE = "Boats of less than four metres pay half."
TEXT = "\n\n".join(["Berths", SAID, COMMENT, OTHER, FOOTNOTE])
SOURCE = Source("berths", "berths.docx", "Berths", "1")


def at(words: str) -> Span:
    start = TEXT.index(words)
    return Span(start, start + len(words))


DOCUMENT = Document(
    SOURCE,
    TEXT,
    structure=(
        Block("heading", at("Berths"), 1),
        Block("paragraph", at(SAID)),
        Block("note", at(COMMENT), facts={"by": "Ida Falk", "about": "discount of 15 %"}),
        Block("note", at(OTHER), facts={"by": "Mats Lie", "about": "yearly fee"}),
        Block("note", at(FOOTNOTE), facts={"about": "Boats pay"}),
    ),
)


def quoted(question: str) -> list[str]:
    scores = Scores(0.9, 0.9, 0.9, 0.9)
    passage = Passage(at(SAID).start, at(SAID).end, SAID, (at(SAID),))
    hit = Hit(SOURCE, passage, 0.9, scores, (Evidence(at(SAID), SAID, 0.9),))
    found = Found((hit,), likely(0.9), 1, 1, "1", "some model")
    draft = quote(Query(question, question), found, lambda _: DOCUMENT)
    return [claim.text for claim in draft.claims]


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("What does the comment on the discount say?", COMMENT),
        ("Who commented on the discount for members?", COMMENT),
        ("What is the comment about the yearly fee?", OTHER),
        ("What does the footnote on boats say?", FOOTNOTE),
    ],
)
def test_the_comment_or_footnote_on_something_is_quoted(question: str, words: str) -> None:
    """By what it says, and by the sentence that it is about."""
    assert quoted(question) == [words]


def test_all_comments_are_quoted_where_no_topic_tells_one_from_another() -> None:
    assert quoted("Which comments are there on the berths?") == [COMMENT, OTHER]


def test_a_comment_on_another_topic_answers_nothing() -> None:
    assert quoted("What does the comment on the water pump say?") != [COMMENT]
