"""Who wrote, to whom and when is answered by the head of the very mail that is asked about."""

import pytest

from assistant.building import open_to_chat
from assistant.chat import Assistant
from assistant.settings import Settings
from index.documents import LOCAL_USER
from tests.conftest import MakeCollection

FORWARDING = """From: Mara Lunde <mara@fjord.example>
To: Otto Berg <otto@fjord.example>
Date: Tue, 4 Mar 2025 08:00:00 +0100
Subject: Fwd: Key of the boathouse

Otto, see what the smith says.

---------- Forwarded message ---------
From: Henrik Dal <henrik@smith.example>
Date: Mon, 3 Mar 2025 at 16:42
Subject: Key of the boathouse
To: Mara Lunde <mara@fjord.example>

The new key is ready on Thursday.
"""
ANSWERED = """From: Olga Vik <olga@roof.example>
To: Rune Hagen <rune@house.example>
Cc: Elin Foss <elin@house.example>
Date: Wed, 15 Jan 2025 11:05:00 +0100
Subject: Offer for the slate roof

The scaffolding would stand for five weeks.

On 10 January 2025 Rune Hagen wrote:
> Could you look at the gutters?
"""


@pytest.fixture(scope="module")
def assistant(make_collection_once: MakeCollection) -> Assistant:
    texts = {
        "key.eml": FORWARDING,
        "roof.eml": ANSWERED,
        "report.txt": "The report on the slate roof was written by Ann Holt in 2024.\n",
    }
    return open_to_chat(Settings(make_collection_once(texts).home))


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        (
            "Who wrote the forwarded message about the boathouse key?",
            "Henrik Dal <henrik@smith.exa",
        ),
        ("When did Henrik Dal write about the key?", "Mon, 3 Mar 2025 at 16:42"),
        ("Who forwarded the mail about the boathouse key?", "Mara Lunde <mara@fjord.example>"),
        ("When was the message about the key forwarded?", "Tue, 04 Mar 2025 08:00:00 +0100"),
        ("What is the subject of Olga Vik's mail?", "Offer for the slate roof"),
        ("Who was copied on the offer for the slate roof?", "Elin Foss <elin@house.example>"),
    ],
)
def test_the_head_of_the_mail_that_is_meant_answers(
    question: str, answer: str, assistant: Assistant
) -> None:
    """That of the one that was forwarded, too, and the very words in it are told."""
    (citation,) = assistant.ask(question, principal=LOCAL_USER).citations
    assert citation.answer is not None
    told = citation.quote[citation.answer.start - citation.span.start :]
    assert told.startswith(answer)


def test_a_mail_does_not_answer_who_wrote_something_else(assistant: Assistant) -> None:
    (claim, *_) = assistant.ask(
        "Who wrote the report on the slate roof?", principal=LOCAL_USER
    ).claims
    assert "Ann Holt" in claim.text


@pytest.mark.parametrize(
    "question",
    [
        "Who wrote the forwarded message about the boiler?",
        "Who was copied on the mail about the key?",
    ],
)
def test_the_head_of_another_mail_or_without_what_is_asked_is_no_answer(
    question: str, assistant: Assistant
) -> None:
    answer = assistant.ask(question, principal=LOCAL_USER)
    assert not any("From: " in citation.quote for citation in answer.citations)


def test_a_mail_to_somebody_is_none_by_them(assistant: Assistant) -> None:
    answer = assistant.ask("When did Rune Hagen write about the gutters?", principal=LOCAL_USER)
    assert not any("15 Jan" in citation.quote for citation in answer.citations)
