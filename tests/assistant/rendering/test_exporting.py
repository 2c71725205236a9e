"""Answers as files for elsewhere, and as they are copied."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace

import docx
import pypdfium2
import pytest

from assistant.answers import Answer, Claim
from assistant.building import open_to_chat
from assistant.chat import Assistant
from assistant.receipts.receipt import receipt_of
from assistant.rendering.copying import answer_to_copy, citation_to_copy, marked_to_copy
from assistant.rendering.exporting import FORMATS, Exported, to_receipt_file
from assistant.settings import Settings
from index.documents import LOCAL_USER, Span
from tests.conftest import MakeCollection

SERVER = "https://ask.example"
TITLE = 'Тоҷикистон: #eval("1+1") *b* <i> [x](javascript:1)'
ARABIC = "ماذا قال الرئيس؟"


@pytest.fixture(scope="module")
def answer(seed_assistant: Assistant) -> Answer:
    question = "Did Rahmon say anything about the Russian language?"
    answer = seed_assistant.ask(question, principal=LOCAL_USER)
    struck = Claim("He flew home. [1]", (1,), "unsupported", "Nothing says so.")
    return replace(answer, claims=(*answer.claims, struck))


@pytest.fixture(scope="module")
def exported(answer: Answer) -> list[Exported]:
    lost = [(3, "The document has changed.")]
    first = Exported(1, 0.0, "What of it?", "quote", answer, lost)
    return [first, Exported(2, 0.0, ARABIC, "quote", None)]


def made(kind: str, exported: list[Exported]) -> bytes:
    return FORMATS[kind][2](TITLE, exported, SERVER)


def test_what_is_cited_becomes_footnotes(answer: Answer, exported: list[Exported]) -> None:
    """In Markdown: with speaker, kind of speech, title and link; what is struck is left out."""
    text = made("md", exported).decode()
    quotation, note = answer.citations[0].quote, answer.citations[0].link
    assert f"{quotation}[^1]" in text.replace("\n> ", " ")
    assert "[^1]: Emomali Rahmon (indirect speech" in text
    assert f"<{SERVER}{note}>" in text
    assert "flew home" not in text
    assert "1 written sentence" in text
    assert "The document has changed." in text
    assert "<i>" not in text.replace("\\<i\\>", "")


def test_word_has_the_footnotes_as_its_own(answer: Answer, exported: list[Exported]) -> None:
    """It opens the file, in both directions of writing."""
    content = made("docx", exported)
    document = docx.Document(io.BytesIO(content))
    words = [paragraph.text for paragraph in document.paragraphs]
    assert words[0] == TITLE
    assert ARABIC in words
    assert any(answer.citations[0].quote in each for each in words)
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        notes = parts.read("word/footnotes.xml").decode()
        assert "footnoteReference" in parts.read("word/document.xml").decode()
    assert f"{SERVER}/read/" in notes
    assert "Emomali Rahmon (indirect speech" in notes


def test_a_pdf_prints_words_and_nothing_that_they_ask_for(exported: list[Exported]) -> None:
    """Cyrillic and Arabic come out; of what no font has it is said."""
    odd = replace(exported[1], question="\U00012000 cuneiform")
    page = pypdfium2.PdfDocument(made("pdf", [*exported, odd]))[0]
    text = page.get_textpage().get_text_range()
    assert '#eval("1+1") *b*' in text
    assert "Тоҷикистон" in text
    assert "الرئيس" in text
    assert "Emomali Rahmon (indirect speech" in text
    assert "No font of this computer has 1 of the characters above (CUNEIFORM)" in text


def test_a_row_of_a_table_stands_below_the_names_of_its_columns(
    make_collection: MakeCollection,
) -> None:
    """In every format: in Markdown a bar in a cell ends none."""
    fees = "Boat,Owner,Fee\nTerna,Silje | Foss,340\nSkarv,Ola Dahl,198\n"
    assistant = open_to_chat(Settings(make_collection({"fees.csv": fees}).home))
    found = assistant.ask("What is the fee of the boat Terna?", principal=LOCAL_USER)
    kept = [Exported(1, 0.0, "What is its fee?", "quote", found)]
    table = "> | Boat | Owner | Fee |\n> | --- | --- | --- |\n> | Terna | Silje \\| Foss | 340 |"
    assert f"{table}\n> \n> [^1]" in made("md", kept).decode()
    document = docx.Document(io.BytesIO(made("docx", kept)))
    rows = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    assert rows == [["Boat", "Owner", "Fee"], ["Terna", "Silje | Foss", "340"]]
    page = pypdfium2.PdfDocument(made("pdf", kept))[0].get_textpage().get_text_range()
    assert "Silje | Foss" in page
    assert "Terna;" not in page


def test_json_is_a_receipt(answer: Answer, exported: list[Exported]) -> None:
    whole = json.loads(made("json", exported))
    assert [turn["question"] for turn in whole["turns"]] == ["What of it?", ARABIC]
    receipt = receipt_of(json.loads(to_receipt_file("", exported[:1], SERVER)))
    assert [kept.quote for kept in receipt.citations] == [c.quote for c in answer.citations]


def test_what_is_copied_credits_whoever_spoke(answer: Answer, seed_assistant: Assistant) -> None:
    """Indirect speech in no quotation marks, direct speech in its document's, a plain passage in
    ours; what is struck is left out."""
    quoted, source, link = citation_to_copy(answer.citations[0]).split("\n")
    assert quoted.startswith(f"{answer.citations[0].quote} — Emomali Rahmon (indirect speech")
    assert source == answer.citations[0].source.title
    assert link == answer.citations[0].link
    assert "flew home" not in answer_to_copy(answer)
    direct = seed_assistant.ask("what did Rahmon say about students?", principal=LOCAL_USER)
    assert citation_to_copy(direct.citations[0]).startswith("“We now have")
    plain = replace(answer.citations[0], speaker=None, speech=None)
    assert citation_to_copy(plain).startswith(f"“{plain.quote}”\n")


def test_what_is_marked_in_a_document_is_copied_with_whoever_said_it(
    answer: Answer, seed_assistant: Assistant
) -> None:
    """If the document credits somebody with it; a passage by itself has nobody."""
    view, cited = seed_assistant.view_of(LOCAL_USER), answer.citations[0]
    document = view.document(cited.source.id)
    statements = view.statements_of(cited.source.id)
    said = marked_to_copy(document, [cited.span], statements)
    assert f"{said}\n{cited.link}" == citation_to_copy(cited)
    title = Span(0, len(document.text.split("\n")[0]))
    assert marked_to_copy(document, [title], statements).startswith("“")
