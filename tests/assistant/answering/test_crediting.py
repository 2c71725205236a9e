"""Answers that credit: who said it, how, and who did not."""

import pytest

from assistant.answers import Answer, Turn
from assistant.building import open_to_chat
from assistant.chat import Assistant
from assistant.rendering.answers import to_dict
from assistant.settings import Settings
from index.documents import LOCAL_USER
from tests.conftest import MakeCollection

TEXT = (
    "Ada Byron said that the railway is too expensive.\n"
    "“Our harbour needs new cranes,” Ada Byron said.\n"
    "Ada Byron did not say that the bridge would close.\n"
    "Lee Park has repeatedly criticized the orchard’s owners.\n"
    "Lee Park pointed to the price of bread.\n"
)


@pytest.fixture
def assistant(make_collection: MakeCollection) -> Assistant:
    return open_to_chat(Settings(make_collection({"a.txt": TEXT}).home))


def ask(assistant: Assistant, question: str) -> Answer:
    return assistant.ask(question, principal=LOCAL_USER)


@pytest.mark.parametrize(
    ("question", "claim"),
    [
        (
            "What did Byron say about the harbour?",
            "Ada Byron said: “Our harbour needs new cranes,” [1]",
        ),
        (
            "What did Byron say about the railway?",
            "Ada Byron said: that the railway is too expensive [1]",
        ),
        (
            "What did Byron say about the bridge?",
            "Ada Byron did not say: that the bridge would close [1]",
        ),
        (
            "What did Park say about the orchard?",
            "Lee Park has repeatedly criticized: the orchard’s owners [1]",
        ),
        (
            "What did Park say about bread?",
            "Lee Park pointed to: the price of bread [1]",
        ),
    ],
)
def test_a_claim_says_who_and_how(question: str, claim: str, assistant: Assistant) -> None:
    """Only direct speech has quotation marks; a denial stays a denial."""
    assert [c.text for c in ask(assistant, question).claims] == [claim]


def test_a_citation_names_its_speaker(assistant: Assistant) -> None:
    """By the full name and as printed, with the kind of speech."""
    (citation,) = to_dict(ask(assistant, "What did Byron say about the harbour?"))["citations"]
    assert citation["speaker"] == {"name": "Ada Byron", "as_printed": "Ada Byron"}
    assert citation["speech"] == "direct"
    assert citation["quote"] == TEXT[citation["start"] : citation["end"]]


def test_a_speaker_who_did_not_speak_of_it_is_not_made_to(assistant: Assistant) -> None:
    """The refusal counts what was looked at and names who did."""
    answer = ask(assistant, "What did Byron say about the orchard?")
    assert answer.refusal is not None
    assert "Ada Byron is not quoted on this: 0 of 3 statements" in answer.refusal.reason
    assert "Lee Park did speak of it" in answer.refusal.reason
    assert answer.refusal.counts["statements_considered"] == 3


def test_whether_somebody_said_it_is_answered_with_who_did(assistant: Assistant) -> None:
    """No, and whose words they are."""
    answer = ask(assistant, "Did Ada Byron say that the orchard’s owners were wrong?")
    assert answer.answered
    assert answer.opening.startswith("Ada Byron is not quoted on this")
    assert answer.claims[0].text.startswith("Lee Park has repeatedly criticized")
    assert to_dict(answer)["text"].startswith("Ada Byron is not quoted")


def test_somebody_who_is_not_there_is_said_not_to_be(assistant: Assistant) -> None:
    """Instead of giving another one's words."""
    answer = ask(assistant, "What did Kim Song say about bread?")
    assert answer.refusal is not None
    assert answer.refusal.reason.startswith("Nobody called Kim Song is quoted")


def test_the_speaker_can_be_given_beside_the_question(assistant: Assistant) -> None:
    """As the option of the command does."""
    answer = assistant.ask("bread", principal=LOCAL_USER, speaker="Park")
    assert [c.text for c in answer.claims] == ["Lee Park pointed to: the price of bread [1]"]


DEEDS = (
    "The Normans attacked Dyrrachium in 1081 and left the town in ruins.\n"
    "Ada Byron said that the harbour cost nine million.\n"
    "Lee Park opened the library in May.\n"
)


@pytest.fixture
def deeds(make_collection: MakeCollection) -> Assistant:
    return open_to_chat(Settings(make_collection({"deeds.txt": DEEDS}).home))


def test_what_somebody_did_is_answered_though_nobody_is_quoted(deeds: Assistant) -> None:
    """The verb may mean words as well as a deed: the sentence says which."""
    for question in ("When did the Normans attack Dyrrachium?", "When did Park open the library?"):
        answer = ask(deeds, question)
        assert [c.quote for c in answer.citations] == [
            next(line for line in DEEDS.splitlines() if line.split()[1] in question)
        ]


def test_nobody_is_given_another_ones_words(deeds: Assistant) -> None:
    """Nor where the question does not ask for a quotation."""
    answer = ask(deeds, "According to Lee Park, how many million did the harbour cost?")
    assert answer.citations == ()
    assert answer.refusal is not None


def test_who_said_it_is_shown_where_the_name_stands(assistant: Assistant) -> None:
    """The whole sentence, once, under the speaker's name."""
    answer = ask(assistant, "Who said the railway is too expensive?")
    assert [c.quote for c in answer.citations] == [TEXT.splitlines()[0]]
    assert answer.claims[0].text.startswith("Ada Byron: Ada Byron said that")
    assert answer.claims[0].verdict == "verbatim"


def test_nothing_was_seen_where_nothing_was_said(assistant: Assistant) -> None:
    """ "Is that all?" after a refusal is the refusal, not "you have seen 0 statements"."""
    history = [Turn("user", "What did Byron say about bread?"), Turn("assistant", "Nothing.")]
    answer = assistant.ask("Is that all?", history, principal=LOCAL_USER)
    assert answer.refusal is not None
    assert answer.refusal.reason.startswith("Ada Byron is not quoted on this")


def test_whom_somebody_told_is_not_what_they_said(make_collection: MakeCollection) -> None:
    """ "Told Reuters", but not "said Reuters"; where nobody is named, "said"."""
    text = (
        "Ada Byron told Reuters that the harbour is deep. Lee Park, a baker, did not say that "
        "bread is cheap."
    )
    assistant = open_to_chat(Settings(make_collection({"a.txt": text}).home))
    claims = [
        claim.text
        for asked in ("What did Byron say about the harbour?", "What did Park say about bread?")
        for claim in ask(assistant, asked).claims
    ]
    assert claims[0].startswith("Ada Byron told Reuters:")
    assert "in the negative" not in claims[1]


def test_one_statement_is_not_about_it(assistant: Assistant) -> None:
    """Whether a statement lacks the point that was asked for, it does not answer."""
    reason = ask(assistant, "Did Byron say that the harbour is closed for sale?").refusal
    assert reason is not None
    assert "not quoted on this" in reason.reason


def test_a_turn_of_a_transcript_is_given_under_its_speaker(
    make_collection: MakeCollection,
) -> None:
    """Without a word for how it was said: the form says that it was."""
    text = (
        "MS ORR: When did you see the roof?\n\nMR HOLT: The roof fell in March.\n\n"
        "MS ORR: Who told you?\n\nMR HOLT: My sister wrote a letter.\n"
    )
    assistant = open_to_chat(Settings(make_collection({"hearing.txt": text}).home))
    answer = ask(assistant, "What did Holt say about the roof?")
    assert [claim.text for claim in answer.claims] == ["Holt: The roof fell in March. [1]"]
    assert answer.citations[0].speaker is not None
    assert answer.citations[0].speaker.name == "Holt"
