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


def test_a_first_line_that_ends_as_sentences_do_is_one() -> None:
    """In any script; without an end it names an author, say."""
    found = layout(
        ("paragraph", "Ann Holt", 0),
        ("paragraph", "员工每年享有十五天带薪年假。", 0),
        ("paragraph", "تفتح المكتبة في التاسعة؟", 0),
        ("paragraph", "It is open.", 0),
    )
    assert [found.is_masthead(place) for place in range(3)] == [True, False, False]


def test_a_heading_opens_no_field_of_a_form() -> None:
    """Each says of itself what it is."""
    found = layout(
        ("heading", "Minutes of the board", 1),
        ("paragraph", "Date: 14 March", 0),
        ("paragraph", "Keeper of the minutes: Jon Vik", 0),
    )
    assert found.opened(0) is None


def test_a_list_in_plain_text_is_one() -> None:
    text = "Bring these:\n- a pen\n- a card\nThen wait."
    found = Layout(Document(SOURCE, text, structure=structure_of(text)))
    assert found.list_around(1) == range(1, 3)
    assert found.leading_to(1) == 0


ROOMS = layout(
    ("heading", "Rooms", 1),
    ("paragraph", "There are three.", 0),
    ("paragraph", "The Loft has stairs. It is small. The Hall has a stage, as has the Loft.", 0),
    ("heading", "Prices", 1),
    ("paragraph", "Each day costs:", 0),
    ("item", "ten pounds", 1),
)


def told(words: str, *asked: str) -> str:
    start = ROOMS.document.text.index(words)
    return ROOMS.in_context(Span(start, start + len(words)), set(asked)).above


def test_what_stands_above_says_of_what_words_speak() -> None:
    """The headings, what leads in to their list, and the sentences before them."""
    assert told("ten pounds").splitlines()[-2:] == ["Prices", "Each day costs:"]
    assert "The Loft has stairs." in told("It is small.")


def test_what_is_said_of_something_else_is_not_of_what_was_named_before() -> None:
    """Unless it is what is asked for. A word that has a capital elsewhere, too, is a name."""
    words = "The Hall has a stage, as has the Loft."
    assert "The Loft has stairs." in told(words, "hall")
    assert "The Loft has stairs." not in told(words, "stair")
    assert "The Loft has stairs." in told("It is small.", "stair")


def test_sections_beside_one_are_below_the_same_heading() -> None:
    assert CARD.beside(0) == [range(7, 9)]
    assert not LEVELS.beside(1)


LEVELS = layout(
    ("heading", "Cards", 1),
    ("heading", "Prices", 2),
    ("paragraph", "Two euros.", 0),
    ("heading", "Hours", 1),
    ("heading", "Weekend", 2),
)


def test_an_unfinished_line_right_above_a_list_leads_in_to_it() -> None:
    text = "It is cold.\n\nThe clerk shall\na) count the keys\nb) lock the hut\n"
    found = Layout(Document(SOURCE, text, structure=structure_of(text)))
    assert [found.leads_in(place) for place in range(len(found.lines))] == [
        False,
        True,
        False,
        False,
    ]
