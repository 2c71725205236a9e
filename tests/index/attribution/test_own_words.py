"""Nobody is credited with the words of another one."""

import pytest

from tests.index.attribution.test_attributing import said, statements


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "“We bought it in May,” Ida Falk said. “It had no floor.\n\n"
            "“Then the bank called.”\n\nThe house was sold.",
            [("Ida Falk", "“We bought it in May,” “It had no floor. “Then the bank called.”")],
        ),
        (
            "“Are the boats in?” asked Ida Falk.\n\n“They are,” said Nils Aune.\n\n"
            "“And the nets?”\n\n“All torn.”\n\nThe tide turned.",
            [
                ("Ida Falk", "“Are the boats in?”"),
                ("Nils Aune", "“They are,”"),
                ("Ida Falk", "“And the nets?”"),
                ("Nils Aune", "“All torn.”"),
            ],
        ),
        (
            "“Are you ready?” asked Ida Falk.\n\n“No.”\n\nThe tide turned.",
            [("Ida Falk", "“Are you ready?”")],
        ),
        (
            "“It is over,” said Ida Falk, and Nils Aune answered: “It never is.”",
            [("Ida Falk", "“It is over,”"), ("Nils Aune", "“It never is.”")],
        ),
        (
            "“Go,” Ida Falk told him; “Never,” replied Nils Aune.",
            [("Ida Falk", "“Go,”"), ("Nils Aune", "“Never,”")],
        ),
        (
            "“The tide,” Ida Falk said on Monday, “will turn at noon.”",
            [("Ida Falk", "“The tide,” “will turn at noon.”")],
        ),
        (
            "“It is late. We go,” said Ida Falk. Nils Aune shrugged. “Then go.”",
            [("Ida Falk", "“It is late. We go,”")],
        ),
        (
            "“We sold it. The price was low. “It was a gift,” said Nils Aune.",
            [("Nils Aune", "“It was a gift,”")],
        ),
    ],
)
def test_quotations_go_on_only_where_they_do(text: str, expected: list[tuple[str, str]]) -> None:
    """An open mark goes on, a dialogue alternates, and who is named between takes over."""
    assert said(text) == expected


def test_what_two_say_is_credited_to_both() -> None:
    """And "the owner and editor" is one."""
    both = said("Ida Falk and Nils Aune said that the quay was closed.")
    assert both == [
        ("Ida Falk", "that the quay was closed"),
        ("Nils Aune", "that the quay was closed"),
    ]
    assert len(said("Ida Falk, the owner and editor, said that the quay was closed.")) == 1
    assert len(said("The council and the port agreed that the quay was closed.")) == 2


def test_what_somebody_reports_of_a_source_is_the_reporters() -> None:
    assert said("The coroner said that, according to the log, the boat had turned back.") == [
        ("The coroner", "that, according to the log, the boat had turned back")
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Did Ida Falk say that the quay was closed?",
        "Will the minister confirm that the dam is unsafe?",
        "If the clerk says that it is legal, we shall vote.",
        "The bank must tell its clients that the rate has changed.",
        "Ida Falk will announce on Monday that she resigns.",
        "The clerk said nothing.",
        "The clerk said goodbye.",
        "Ida Falk repeated it.",
        "Interview: “The reef will not wait for us”",
        "She found that the door was locked.",
        "The train calls at Oslo and the clerk reports to the board.",
    ],
)
def test_what_asserts_nothing_is_no_statement(text: str) -> None:
    """A question, a condition, a duty, a plan, a greeting and a deed."""
    assert said(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "'It's done,' said Ida Falk. 'The boys' boat sank.'",
            "'It's done,' 'The boys' boat sank.'",
        ),
        ("‘It’s done,’ said Ida Falk. ‘’Tis sunk.’", "‘It’s done,’ ‘’Tis sunk.’"),
        ("‘She said “no” to us,’ Ida Falk added.", "‘She said “no” to us,’"),
        ("‘Boats, which are old, sink,’ said Ida Falk.", "‘Boats, which are old, sink,’"),
        ("“All is lost,” whispered Ida Falk.", "“All is lost,”"),
        ("“All is lost!” cried his aunt, Ida Falk.", "“All is lost!”"),
        ("“Is all lost?” Ida Falk asked.", "“Is all lost?”"),
        ("“All is lost.” – Ida Falk, harbour master", "“All is lost.”"),
        ("Ida Falk: “All is lost.”", "“All is lost.”"),
        ("As Ida Falk once put it, “all that we had is lost”.", "“all that we had is lost”"),
        ("“All is lost”, wrote Ida Falk on Facebook.", "“All is lost”"),
        ("“All is lost.”\n— Ida Falk", "“All is lost.”"),
        ("“All is lost,”\nminister\nIda Falk said.", "“All is lost,”"),
    ],
)
def test_every_way_to_print_a_quotation_has_its_speaker(text: str, expected: str) -> None:
    """Marks of any shape, inverted speakers, a dash, a colon, a broken line."""
    assert said(text) == [("Ida Falk", expected)]
    assert [s.speech for s in statements(text)] == ["direct"]


@pytest.mark.parametrize(
    ("text", "speaker", "content"),
    [
        ("The audit shows that funds are missing.", "The audit", "that funds are missing"),
        ("The jury found that he had lied.", "The jury", "that he had lied"),
        ("The committee agreed to sell the van.", "The committee", "to sell the van"),
        ("Ms Falk felt that it was late.", "Falk", "that it was late"),
        ("Ida Falk replied that it was late.", "Ida Falk", "that it was late"),
        ("It was late, the inquiry heard.", "The inquiry", "It was late"),
    ],
)
def test_findings_decisions_and_replies_are_said(text: str, speaker: str, content: str) -> None:
    assert [(who and who.lower(), what) for who, what in said(text)] == [(speaker.lower(), content)]


def test_what_says_nothing_goes_on_in_no_paragraph() -> None:
    """ "According to", with too few words beside it to be a statement."""
    text = "According to radio host Rush Lee, so.\n\nThe mill has no roof, Ann Orr said."
    assert said(text) == [("Ann Orr", "The mill has no roof")]
