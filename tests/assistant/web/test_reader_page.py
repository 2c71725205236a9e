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
    return page_of(found, cited).xpath("//*[@class='text']")[0]


def page_of(found: Document, cited: Linked) -> Any:
    """The whole page for what a link cites."""
    return html.document_fromstring(read_page(found, cited, list(find_cited(cited, found))))


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
        borders = shown(found).xpath('.//*[@class="page"]')
        assert words(borders) == [f"{name} 1", f"{name} 2"]


def test_all_citations_are_marked_with_their_numbers_and_those_that_overlap_too() -> None:
    """Where several lie over the same words, they are those of what the link leads to."""
    found = document()
    start = found.text.index("Who comes")
    whole, part = Span(start, start + 24), Span(start + 4, start + 9)
    main = page_of(found, Linked(((2, part), (1, whole)))).xpath("//*[@class='text']")[0]
    (led_to,) = main.xpath(".//mark[@id='cited']")
    assert (led_to.text, led_to.get("data-number")) == ("comes", "2")
    beside = main.xpath(".//mark[@class='beside']")
    assert "".join(words(beside)) == "Who  by boat needs:"
    assert [mark.get("data-number") for mark in beside] == ["1", None]


def test_what_a_file_says_beside_its_text_is_shown_beside_it() -> None:
    """Who speaks and when, what a note is about, what begins where another part does."""
    turn = Block("turn", Span(0, 8), facts={"speaker": "Ann", "time": "00:01"})
    note = Block("note", Span(10, 15), facts={"about": "fees"})
    part = Block("part", Span(17, 22), 1, {"subject": "Re"}, (Block("paragraph", Span(17, 22)),))
    text = "Ann: Hi.\n\nNote.\n\nReply"
    main = shown(Document(Source("d", "d", "T", "1"), text, structure=(turn, note, part)))
    assert words(main.xpath(".//p/b")) == ["Ann:"]
    assert [p.get("data-label") for p in main.xpath(".//p")] == ["00:01", "Note on “fees”", None]
    assert words(main.xpath(".//*[@class='begins']")) == ["Forwarded message"]
    assert main.xpath(".//p")[-1].get("class") == "paragraph depth-1"


def test_a_long_document_is_laid_out_in_runs_and_a_long_table_in_parts() -> None:
    """Of equal columns; a browser need not lay out what is not in view."""
    rows = "".join(f"Port {number},{number}\n" for number in range(150))
    main = shown(document(f"Port,Boats\n{rows}", ".csv"))
    assert len(main.xpath(".//table")) == 3
    assert {len(table.xpath(".//th")) for table in main.xpath(".//table")} == {2}
    runs = shown(document("\n\n".join(f"{'It rained. ' * 100}" for _ in range(40)))).xpath(
        "section"
    )
    assert len(runs) == 10


def test_headings_are_listed_where_there_are_several() -> None:
    """Each leads to its place; the lowest levels are left out of very many."""
    many = "".join(f"# Part {n}\n\n## Section {n}\n\nIt rained.\n\n" for n in range(150))
    found = document(many)
    page = page_of(found, Linked(()))
    listed = page.xpath("//nav//a")
    assert words(listed)[:2] == ["Part 0", "Part 1"]
    assert len(listed) == 150
    ids = set(page.xpath("//main//@id"))
    assert all(link.get("href").removeprefix("#") in ids for link in listed)
    assert page_of(document(), Linked(())).xpath("//nav") == []


def test_columns_of_a_table_are_not_those_of_the_next() -> None:
    two = "| Port | Boats |\n|---|---|\n| Alta | 12 |\n\n| Name | Age |\n|---|---|\n| Ann | 41 |\n"
    names = [table.xpath(".//th/@data-name") for table in shown(document(two)).xpath(".//table")]
    assert names == [["Port", "Boats"], ["Name", "Age"]]


def test_the_names_above_a_table_of_plain_text_stand_there_once() -> None:
    """But where they are cited, they are to be seen as they are."""
    text = "Boat    Fee\nTerna   340\nSkarv   198\n"
    main = shown(document(text, ".txt"))
    assert main.xpath(".//th/@data-name") == ["Boat", "Fee"]
    assert main.xpath(".//p") == []
    assert words(page_of(document(text, ".txt"), Linked(((1, Span(0, 11)),))).xpath("//main//mark"))


def test_each_block_runs_in_its_own_direction() -> None:
    main = shown(document())
    assert {block.get("dir") for block in main.xpath(".//p|.//li|.//td|.//pre|.//h2")} == {"auto"}


def test_nothing_of_a_document_is_markup() -> None:
    """Nor of its title, or of what it says of itself."""
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    turn = Block("turn", Span(0, len(evil)), facts={"speaker": evil, "time": f'"{evil}'})
    found = Document(Source("d", "d", evil, "1", byline=evil), evil, structure=(turn,))
    page = page_of(found, Linked(((0, Span(3, 9)),)))
    assert page.xpath("//img|//main//script|//*[@onerror]") == []
    assert [script.get("src") for script in page.xpath("//script")] == [
        "/page-files/words.js",
        "/page-files/say.js",
        "/page-files/reader.js",
    ]
