"""Answers as JSON, Markdown, HTML and plain text."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.answers import Answer
from assistant.chat import Assistant
from assistant.rendering.answers import (
    contradiction_note,
    day,
    name_beside_title,
    note_of,
    to_dict,
    to_html,
    to_markdown,
    to_terminal,
)
from index.documents import LOCAL_USER, Source
from tests.conftest import MakeCollection


@pytest.fixture(scope="module")
def answer(seed_assistant: Assistant) -> Answer:
    """A real one."""
    return seed_assistant.ask("what did Rahmon say about students?", principal=LOCAL_USER)


@pytest.fixture(scope="module")
def refusal(seed_assistant: Assistant) -> Answer:
    """A real one, too."""
    return seed_assistant.ask("What is the capital of France?", principal=LOCAL_USER)


def test_json_has_the_keys_of_the_contract(answer: Answer) -> None:
    """Programs rely on each of them."""
    data = to_dict(answer)
    assert {
        "question", "standalone_question", "mode", "answered", "text", "claims", "citations",
        "refusal", "index", "timings_ms", "contradictions",
    } <= set(data)  # fmt: skip
    assert set(data["claims"][0]) == {"text", "citations", "verdict", "why"}
    assert {
        "number", "document", "start", "end", "quote", "page", "place", "speaker", "speech",
        "passage", "link",
    } <= set(data["citations"][0])  # fmt: skip
    assert set(data["citations"][0]["document"]) == {"id", "title", "source", "version"}
    assert set(data["index"]) == {"version", "embedder", "reranker"}
    assert data["refusal"] is None


def test_json_of_a_refusal_has_the_reason_and_what_was_considered(refusal: Answer) -> None:
    """And no text that could pass for an answer."""
    data = to_dict(refusal)
    assert data["answered"] is False
    assert data["citations"] == data["claims"] == []
    assert set(data["refusal"]) == {"reason", "considered", "counts"}
    assert data["refusal"]["considered"][0]["quote"]
    assert data["text"] == data["refusal"]["reason"]


def test_a_citation_can_be_found_again_by_its_selectors(answer: Answer) -> None:
    """Position, and quote with what stands around it."""
    (citation, *_) = to_dict(answer)["citations"]
    position, quote = citation["selectors"]
    assert (position["start"], position["end"]) == (citation["start"], citation["end"])
    assert quote["exact"] == citation["quote"]
    assert quote["prefix"].endswith("language.\n")
    assert quote["suffix"].startswith(" Rahmon said.\nAs far as")


def test_markdown_quotes_each_claim_with_its_marks(answer: Answer) -> None:
    """As it is printed, when nothing in it is markup."""
    assert to_markdown(answer).startswith("> Emomali Rahmon said: “We now have branches")
    assert to_markdown(answer).endswith("this academic year,” [1]")


def test_a_contradiction_of_the_document_is_noted_beside_its_speaker(answer: Answer) -> None:
    """In JSON and in the terminal; without one there is no note."""
    note = "The document calls Emomali Rahmon both “Tajik President” and “Russian president”."
    (citation, *_) = to_dict(answer)["citations"]
    assert citation["note"] == note
    assert f"Note: {note}" in " ".join(to_terminal(answer).split())
    plain = replace(answer.citations[0], contradiction=())
    assert note_of(plain) is None
    assert contradiction_note("Ann", ("mayor", "baker", "judge")) == (
        "The document calls Ann “mayor”, “baker” and “judge”."
    )


HOSTILE = "![x](http://evil.example/?q) <img src=x> `code` *bold*\n\n# heading\n> quote [2]"


def with_words(answer: Answer, words: str) -> Answer:
    """The answer, as if the document had these words."""
    claim = replace(answer.claims[0], text=f"{words} [1]")
    return replace(answer, claims=(claim,))


def test_nothing_in_a_document_is_markup_in_markdown(answer: Answer) -> None:
    """Rendered by a Markdown library, it is the words again."""
    from markdown_it import MarkdownIt

    rendered = MarkdownIt().render(to_markdown(with_words(answer, HOSTILE)))
    for tag in ("<img", "<code", "<em", "<strong", "<h1", "<a "):
        assert tag not in rendered
    assert "http://evil.example/?q" in rendered


@pytest.mark.parametrize(
    "words",
    ["a\r# b", "a\u2028# b", "a\n    code", "a\n===", "a\n---", "1. a", "12345) a", "\tb", "+ a"],
)
def test_no_line_of_a_document_begins_a_block_in_markdown(answer: Answer, words: str) -> None:
    """Whatever ends the line before, and however far it is indented."""
    from markdown_it import MarkdownIt

    rendered = MarkdownIt().render(to_markdown(with_words(answer, words)))
    assert [tag for tag in ("<h1", "<h2", "<pre", "<ul", "<ol", "<hr") if tag in rendered] == []
    assert "\\" not in rendered


def test_a_document_filter_is_not_markup_in_a_refusal(seed_assistant: Assistant) -> None:
    """It is echoed, as it was typed."""
    from markdown_it import MarkdownIt

    image = "![x](http://evil.example/?q)*"
    refused = seed_assistant.ask("Rahmon?", principal=LOCAL_USER, documents=image)
    rendered = MarkdownIt().render(to_markdown(refused))
    assert "<img" not in rendered
    assert image in rendered


def test_in_the_page_the_headings_over_a_quotation_stand_above_it_once(
    make_collection: MakeCollection,
) -> None:
    """What is so of some is not said of all."""
    text = "# Leave\n\n## Monthly-paid staff\n\nYou have 26 days of leave.\n\n## Apprentices\n\n"
    made = make_collection({"leave.md": f"{text}You have 24 days of leave in the first year."})
    made.sync()
    assistant = Assistant(made.open_index())
    rendered = to_html(assistant.ask("How many days of leave?", principal=LOCAL_USER))
    assert rendered.count('<span class="over">Monthly-paid staff</span>') == 1
    assert rendered.count('<span class="over">Apprentices</span>') == 1


def test_nothing_in_a_document_is_markup_in_html(answer: Answer) -> None:
    """Nor can an empty line make Markdown of what follows."""
    rendered = to_html(with_words(answer, HOSTILE))
    assert "<img" not in rendered
    assert "\n\n" not in rendered
    assert rendered.count("<a ") == 1


def test_the_terminal_shows_the_answer_and_where_it_stands(answer: Answer) -> None:
    """Numbered like the marks."""
    said = to_terminal(answer)
    assert said.startswith("Emomali Rahmon said: “We now")
    assert "academic year,” [1]" in said
    assert "characters 1,750 to 2,088" in said


def test_the_terminal_says_what_a_refusal_looked_at(refusal: Answer) -> None:
    """With the nearest passages, said not to be an answer."""
    said = to_terminal(refusal)
    assert "5 passages in 1 document" in said
    assert "Nearest, but not an answer" in said


@pytest.mark.parametrize(
    ("name", "title", "beside"),
    [
        ("minutes-of-may.txt", "minutes of may", ""),
        ("000_07.txt", "000_07", ""),
        ("may.pdf", "may.pdf", ""),
        ("2016/may.txt", "may", "2016/may.txt"),
        ("may.pdf", "The minutes", "may.pdf"),
    ],
)
def test_a_name_is_shown_beside_a_title_that_does_not_say_it(
    name: str, title: str, beside: str
) -> None:
    """Its folder counts, its kind does not."""
    assert name_beside_title(Source("1", name, title, "1")) == beside


@pytest.mark.parametrize(
    ("published", "shown"),
    [
        ("2024-05-06T10:00:00+00:00", "6 May 2024"),
        ("2024-05-06 10:00", "6 May 2024"),
        ("2024-05", "2024-05"),
        ("6 May 2024", "6 May 2024"),
        (None, ""),
    ],
)
def test_a_document_is_of_a_day(published: str | None, shown: str) -> None:
    """Nobody asks for the second."""
    assert day(published) == shown
