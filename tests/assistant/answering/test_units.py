"""What belongs together in a document."""

from assistant.answering.units import Layout
from index.documents import Block, Document, Source, Span
from index.reading.plain import structure_of

SOURCE = Source("d", "d.txt", "d", "1")


def layout(*blocks: tuple[str, str, int]) -> Layout:
    """Of a document of these blocks: (kind, words, level)."""
    text, made = "", []
    for kind, words, level in blocks:
        start = len(text) + 2 if text else 0
        text = f"{text}\n\n{words}" if text else words
        made.append(Block(kind, Span(start, len(text)), level))  # type: ignore[arg-type]
    return Layout(Document(SOURCE, text, structure=tuple(made)))


CARD = layout(
    ("heading", "Cards", 1),
    ("paragraph", "Renew a card so:", 0),
    ("item", "Bring it.", 1),
    ("item", "Pay two euros. It is cheap.", 1),
    ("code", "card --renew", 0),
    ("item", "Wait.", 1),
    ("paragraph", "It takes a day. Or two.", 0),
    ("heading", "Hours", 1),
    ("paragraph", "We open at nine.", 0),
)


def test_a_list_is_whole_from_any_of_its_items() -> None:
    """A piece of code between two of them belongs to it; what leads in to it stands before."""
    assert {CARD.list_around(place) for place in (2, 3, 5)} == {range(2, 6)}
    assert CARD.list_around(1) == range(2, 6)
    assert CARD.leading_to(2) == 1
    assert not CARD.list_around(6)


def test_a_section_ends_at_the_next_heading() -> None:
    assert CARD.section(3) == range(1, 7)
    assert CARD.section(8) == range(8, 9)


def test_a_heading_and_what_leads_in_say_nothing_alone() -> None:
    """They stand for what follows them."""
    assert [CARD.says_something(place) for place in (0, 1, 2, 8)] == [False, False, True, True]
    opened = CARD.opened(7)
    assert opened is not None
    assert CARD.words(opened) == "We open at nine."
    listed = CARD.opened(1)
    assert listed is not None
    assert CARD.words(listed).startswith("Renew a card so:\n\nBring it.")


def test_a_list_in_plain_text_is_one() -> None:
    text = "Bring these:\n- a pen\n- a card\nThen wait."
    found = Layout(Document(SOURCE, text, structure=structure_of(text)))
    assert found.list_around(1) == range(1, 3)
    assert found.leading_to(1) == 0


def test_an_unfinished_line_right_above_a_list_leads_in_to_it() -> None:
    text = "It is cold.\n\nThe clerk shall\na) count the keys\nb) lock the hut\n"
    found = Layout(Document(SOURCE, text, structure=structure_of(text)))
    assert [found.leads_in(place) for place in range(len(found.lines))] == [
        False,
        True,
        False,
        False,
    ]
