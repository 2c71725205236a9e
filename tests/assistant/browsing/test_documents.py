"""The list of documents: found, chosen, in order."""

from __future__ import annotations

import pytest

from assistant.browsing.documents import DocumentFilter, chosen, folders_in, kind_of, kinds_in
from index.documents import Details, Source


def details(
    name: str,
    title: str,
    size: int,
    published: str | None = None,
    pages: int = 0,
    indexed: int | None = None,
) -> Details:
    return Details(Source(name, name, title, "v", published), size, pages, 1, 1, indexed)


SHELF = [
    details("2019/may.pdf", "Élan of the harbour", 300, published="2019-05-01", pages=3),
    details("2020/june.docx", "Budget", 20, published="2020-06-01", indexed=7),
    details("notes.txt", "The Café", 1_000),
]


def found(**sought: str) -> list[str]:
    return [each.source.name for each in chosen(SHELF, DocumentFilter(**sought))]


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("cafe", ["notes.txt"]),
        ("ELAN harb", ["2019/may.pdf"]),
        ("2020", ["2020/june.docx"]),
        ("nothing", []),
    ],
)
def test_words_are_looked_for_in_titles_and_names(words: str, names: list[str]) -> None:
    """All of them, without accents, in small letters or large."""
    assert found(find=words) == names


def test_a_kind_and_a_folder_are_chosen() -> None:
    assert found(kind="Word document") == ["2020/june.docx"]
    assert found(folder="2019") == ["2019/may.pdf"]
    assert found(folder="201") == []
    assert folders_in(SHELF) == {"2019": 1, "2020": 1}
    assert kinds_in(SHELF) == {"PDF file": 1, "Text": 1, "Word document": 1}
    assert kind_of("a.unknown") == "UNKNOWN"


@pytest.mark.parametrize(
    ("order", "names"),
    [
        ("title", ["2020/june.docx", "2019/may.pdf", "notes.txt"]),
        ("-title", ["notes.txt", "2019/may.pdf", "2020/june.docx"]),
        ("-size", ["notes.txt", "2019/may.pdf", "2020/june.docx"]),
        ("date", ["2019/may.pdf", "2020/june.docx", "notes.txt"]),
        ("-date", ["2020/june.docx", "2019/may.pdf", "notes.txt"]),
        ("-indexed", ["2020/june.docx", "2019/may.pdf", "notes.txt"]),
        ("pages", ["2019/may.pdf", "2020/june.docx", "notes.txt"]),
        ("nonsense", ["2020/june.docx", "2019/may.pdf", "notes.txt"]),
    ],
)
def test_what_has_no_value_to_go_by_stands_last(order: str, names: list[str]) -> None:
    """In either direction."""
    assert found(order=order) == names
