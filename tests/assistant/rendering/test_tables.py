"""An answer from a table is shown as one, each cell with the words of its span."""

import pytest

from assistant.answers import Answer
from assistant.building import open_to_chat
from assistant.rendering.answers import to_dict, to_html, to_markdown, to_terminal
from assistant.settings import Settings
from index.documents import LOCAL_USER
from tests.conftest import MakeCollection

FEES = """# Fees

| Boat length | Summer fee | Deposit |
|---|---|---|
| up to 6 m | 240 euros | |
| 6 to 9 m | 310 euros | 80 euros |
| over 9 m | 480 euros | 120 euros |
"""


@pytest.fixture(scope="module")
def answer(make_collection_once: MakeCollection) -> Answer:
    assistant = open_to_chat(Settings(make_collection_once({"fees.md": FEES}).home))
    return assistant.ask("Which fees are there?", principal=LOCAL_USER)


def test_programs_get_each_cell_with_its_column_and_place(answer: Answer) -> None:
    (citation,) = to_dict(answer)["citations"]
    for row in citation["rows"]:
        for cell in row:
            start = cell["start"] - citation["start"]
            assert citation["quote"][start : cell["end"] - citation["start"]] == cell["text"]
    assert [cell["column"] for cell in citation["rows"][1]] == [
        "Boat length", "Summer fee", "Deposit",
    ]  # fmt: skip


def test_markdown_and_terminal_show_header_and_rows_and_an_empty_cell(answer: Answer) -> None:
    markdown = to_markdown(answer)
    assert "| Boat length | Summer fee | Deposit |" in markdown
    assert "| up to 6 m | 240 euros |  |" in markdown
    lines = to_terminal(answer).splitlines()
    assert lines[0].split("  ")[0] == "Boat length"
    assert lines[2].split() == ["up", "to", "6", "m", "240", "euros"]


def test_a_narrow_terminal_shows_it_as_text(answer: Answer) -> None:
    assert to_terminal(answer, 30).startswith("Boat length: up to 6 m;")


def test_the_page_has_a_table(answer: Answer) -> None:
    page = to_html(answer)
    assert '<th scope="col">Summer fee</th>' in page
    assert "<td>over 9 m</td><td>480 euros</td>" in page


def test_rows_of_one_table_contradict_nothing(make_collection: MakeCollection) -> None:
    assistant = open_to_chat(Settings(make_collection({"fees.md": FEES}).home))
    asked = assistant.ask("What is the summer fee for a boat of 6 to 9 m?", principal=LOCAL_USER)
    assert asked.contradictions == ()
