"""Questions with their answers as a file for elsewhere: Markdown, Word, PDF, JSON.

What is cited becomes footnotes: who said it and how, the title, the page, the link. Struck
sentences are left out, and it is said how many. Words stay data to the end: nothing in them is
taken for markup.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.answers import Answer, Citation, Claim, without_marks
from assistant.languages import counted, phrase, sentence
from assistant.rendering.answers import as_markdown, to_dict
from assistant.rendering.copying import quoted, source_line, who_said_it
from assistant.rendering.tables import table_of
from assistant.rendering.telling import told_answer
from assistant.rendering.templating import direction, visible

NO_XML = str.maketrans("", "", "\ufffe\uffff")
"""Characters that no file of XML may have, besides those that cannot be seen."""


@dataclass(frozen=True, slots=True)
class Exported:
    """A question and its answer of today, None if nothing of it can be shown. `lost` are
    (number, why) of citations whose words cannot be; `asked` is in seconds since 1970."""

    number: int
    asked: float
    question: str
    mode: str
    answer: Answer | None
    lost: Sequence[tuple[int, str]] = ()


@dataclass(frozen=True, slots=True)
class Footnote:
    """A footnote, and where its link leads."""

    words: str
    link: str

    @property
    def printed(self) -> str:
        """The link as it is read: without the words by which it finds its place again."""
        return self.link.partition("#")[0]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """`is_quoted`: what the documents say, not what is said about it. `table`, if it is one: the
    names of its columns and the cells of each row, whose words are the same."""

    words: str
    notes: tuple[Footnote, ...] = ()
    is_quoted: bool = False
    table: tuple[tuple[str, ...], ...] = ()


Export = Callable[[str, Sequence[Exported], str], bytes]
"""A title, what is exported, and the address of the server before its links."""


def paragraphs(exported: Exported, server: str) -> Iterator[Paragraph]:
    """The answer, part by part."""
    answer = exported.answer and told_answer(exported.answer)
    if answer is not None and answer.refusal is not None:
        yield Paragraph(_clean(answer.refusal.reason))
    elif answer is not None:
        for words in filter(None, [answer.notice, answer.opening]):
            yield Paragraph(_clean(words))
        supported = [claim for claim in answer.claims if claim.verdict != "unsupported"]
        for claim in supported:
            yield _claim(claim, answer, server)
        if struck := len(answer.claims) - len(supported):
            yield Paragraph(sentence("left_out", sentences=counted(struck, "written sentence")))
    for number, why in exported.lost:
        yield Paragraph(f"[{number}] {phrase(why)}")


def _claim(claim: Claim, answer: Answer, server: str) -> Paragraph:
    cited = {citation.number: citation for citation in answer.citations}
    is_written = answer.mode == "write"
    notes = (_note(cited[n], server, with_words=is_written) for n in claim.citations if n in cited)
    words = _clean(without_marks(claim))
    return Paragraph(words, tuple(notes), is_quoted=not is_written, table=tuple(_table(claim)))


def _table(claim: Claim) -> Iterator[tuple[str, ...]]:
    table = table_of(claim)
    if table is not None:
        yield tuple(map(_clean, table.header))
        for row in table.rows:
            yield tuple(_clean(cell.text) if cell else "" for cell in row)


def _note(citation: Citation, server: str, *, with_words: bool) -> Footnote:
    said = quoted(citation) if with_words else who_said_it(citation)
    words = ". ".join(filter(None, [said, source_line(citation)]))
    return Footnote(_clean(words), server + citation.link)


def _clean(words: str) -> str:
    return visible(words).translate(NO_XML)


def to_markdown_file(title: str, exported: Sequence[Exported], server: str) -> bytes:
    """Footnotes as most readers of Markdown know them."""
    parts, notes = [f"# {as_markdown(_clean(title))}"], list[str]()
    for each in exported:
        parts.append(f"## {as_markdown(_clean(each.question))}")
        for paragraph in paragraphs(each, server):
            marks = ""
            for note in paragraph.notes:
                name = f"{len(notes) + 1}"
                marks += f"[^{name}]"
                notes.append(f"[^{name}]: {_one_line(as_markdown(note.words))} <{note.link}>")
            words = _table_in_markdown(paragraph.table) or as_markdown(paragraph.words)
            words += f"\n\n{marks}" if paragraph.table else marks
            parts.append("> " + words.replace("\n", "\n> ") if paragraph.is_quoted else words)
    return ("\n\n".join([*parts, *notes]) + "\n").encode()


def _table_in_markdown(rows: Sequence[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(map(as_markdown, row))} |" for row in rows]
    return "\n".join([*lines[:1], f"|{' --- |' * len(rows[0])}", *lines[1:]]) if lines else ""


def _one_line(words: str) -> str:
    return " ".join(words.split())


def to_json_file(title: str, exported: Sequence[Exported], server: str) -> bytes:
    """Each answer as `onrecord verify` and programs read it."""
    rows = [
        {
            "number": each.number,
            "asked": each.asked,
            "question": each.question,
            "mode": each.mode,
            "answer": each.answer and to_dict(each.answer),
            "lost": [{"number": number, "why": why} for number, why in each.lost],
        }
        for each in exported
    ]
    whole = {"title": title, "server": server, "turns": rows}
    return json.dumps(whole, ensure_ascii=False, indent=1).encode()


def to_receipt_file(_: str, exported: Sequence[Exported], server: str) -> bytes:
    """One answer by itself."""
    (one,) = exported
    whole = to_dict(one.answer) if one.answer else {"question": one.question, "citations": []}
    return json.dumps({**whole, "server": server}, ensure_ascii=False, indent=1).encode()


def to_word_file(title: str, exported: Sequence[Exported], server: str) -> bytes:
    """For Word and what reads its files."""
    from assistant.rendering.word import word_file

    return word_file(_directed(_clean(title)), as_data(exported, server))


def to_pdf_file(title: str, exported: Sequence[Exported], server: str) -> bytes:
    """With the fonts of this computer beside Typst's own, which has Latin, Greek and Cyrillic. It
    is said in the file how many characters no font has."""
    from assistant.rendering.typesetting import pdf_file

    return pdf_file(_directed(_clean(title)), as_data(exported, server))


def as_data(exported: Sequence[Exported], server: str) -> list[dict[str, Any]]:
    """Plain data of everything that is printed."""
    return [
        {
            **_directed(_clean(each.question)),
            "paragraphs": [
                {
                    **_directed(paragraph.words),
                    "quoted": paragraph.is_quoted,
                    "table": [list(row) for row in paragraph.table],
                    "notes": [
                        {**_directed(note.words), "link": note.link, "printed": note.printed}
                        for note in paragraph.notes
                    ],
                }
                for paragraph in paragraphs(each, server)
            ],
        }
        for each in exported
    ]


def _directed(words: str) -> dict[str, Any]:
    return {"words": words, "rtl": direction(words) == "rtl"}


FORMATS: Mapping[str, tuple[str, str, Export]] = {
    "md": ("Markdown", "text/markdown; charset=utf-8", to_markdown_file),
    "docx": (
        "Word",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        to_word_file,
    ),
    "pdf": ("PDF", "application/pdf", to_pdf_file),
    "json": ("JSON", "application/json", to_json_file),
}
"""By the end of a file's name: what it is called, its type, and what makes it."""
