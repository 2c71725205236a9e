"""A document's page shows what its parts are, and every character of it in order."""

from typing import Any

from lxml import html

from assistant.receipts.links import Linked, find_cited
from assistant.web.pages.reader import read_page
from index.documents import Block, BlockKind, Document, Source, Span
from index.reading.files import read

MARKDOWN = """# Harbour

Who comes by boat needs:

1. a licence
   - of *Alta*
2. money

| Port | 2029 | 2030 |
|------|------|------|
| Alta | 12   |      |
| Bodo |      | 14   |

| Berth |
|-------|

> Quiet, please.

```
run --fast
  now
```

### Hours

It opens at seven.
"""


def document(text: str = MARKDOWN, suffix: str = ".md") -> Document:
    reading = read(suffix, text.encode())
    source = Source("d", f"d{suffix}", "The harbour", "1")
    return Document(source, reading.text, structure=reading.structure)


def shown(found: Document, *quotes: str) -> Any:
    """The part of the page with the text, in which these words are cited."""
    starts = [found.text.index(quote) for quote in quotes]
    cited = Linked(tuple((0, Span(s, s + len(q))) for s, q in zip(starts, quotes, strict=True)))
    return page_of(found, cited).xpath("//main")[0]


def page_of(found: Document, cited: Linked) -> Any:
    """The whole page for what a link cites."""
    return html.document_fromstring(
        read_page(found, cited, list(find_cited(cited, found)), "light")
    )


def words(elements: list[Any]) -> list[str]:
    return ["".join(element.itertext()) for element in elements]


def test_every_character_is_in_the_page_in_order() -> None:
    found = document()
    assert "".join(shown(found).text_content().split()) == "".join(found.text.split())


def test_parts_are_what_they_are() -> None:
    main = shown(document())
    assert words(main.xpath("section/h2")) == ["Harbour"]
    assert words(main.xpath("section/h4")) == ["Hours"]
    assert words(main.xpath("section/blockquote")) == ["Quiet, please."]
    assert words(main.xpath("section/pre")) == ["run --fast\n  now"]
    items = main.xpath("section/ul/li")
    assert words(items) == ["1. a licence", "of Alta", "2. money"]
    assert [item.get("class") for item in items] == ["level-1", "level-2", "level-1"]
    assert [item.get("data-marker") for item in items] == ["", "•", ""]


def test_cells_stand_below_the_names_of_their_columns() -> None:
    """Also where a row has none; what names them in the text is there unseen."""
    main = shown(document())
    assert [name.get("data-name") for name in main.xpath(".//th")] == ["Port", "2029", "2030"]
    seen = [
        ["".join(cell.xpath("text()|mark/text()")) for cell in row.xpath("td")]
        for row in main.xpath(".//tr[td]")
    ]
    assert seen == [["Alta", "12", ""], ["Bodo", "", "14"]]
    assert words(main.xpath(".//tr[td]")) == ["Port: Alta; 2029: 12.", "Port: Bodo; 2030: 14."]


def test_exactly_the_cited_characters_are_marked() -> None:
    """Also where they go over several cells."""
    quotes = ("a licence", "Port: Bodo; 2030: 14.", "fast\n  now")
    marks = shown(document(), *quotes).xpath(".//mark")
    assert "".join(words(marks)) == "".join(quotes)
    assert [mark.get("id") for mark in marks][:2] == ["cited", None]


def test_a_table_without_names_has_its_rows_one_below_the_other() -> None:
    main = shown(document("Ann,5\nBob,6\n", ".csv"))
    assert main.xpath(".//th") == []
    assert words(main.xpath(".//tr")) == ["Ann | 5", "Bob | 6"]


def test_slides_are_called_slides_and_pages_pages() -> None:
    """Before the first character of each."""
    names: dict[BlockKind, str] = {"slide": "Slide", "paragraph": "Page"}
    for kind, name in names.items():
        blocks = (Block(kind, Span(0, 4)), Block(kind, Span(6, 10)))
        found = Document(Source("d", "d", "T", "1"), "One.\n\nTwo.", (0, 6), blocks)
        borders = shown(found).xpath('.//*[@role="separator"]')
        assert words(borders) == [f"{name} 1", f"{name} 2"]
