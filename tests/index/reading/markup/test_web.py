"""Of a page the structure is kept, however short it is."""

import pytest

from index.documents import walk
from index.reading.blocks import Reading
from index.reading.files import read

PROSE = "<p>In year {} the mayor said that the bridge would be built, and wept for an hour.</p>"


def page(body: str) -> Reading:
    return read(".html", f"<html><head><title>T</title></head><body>{body}</body></html>".encode())


def said(reading: Reading) -> list[tuple[str, int, str]]:
    """Every leaf and row: its kind, its level and its words."""
    found = [b for b in walk(reading.structure) if b.kind == "row" or not b.within]
    return [
        (b.kind, b.level, reading.text[b.span.start : b.span.end])
        for b in found
        if b.kind != "cell"
    ]


def test_a_short_page_keeps_its_rows_apart_and_cells_in_their_columns() -> None:
    reading = page(
        "<h1>Fees</h1><table><tr><th>Item<th>Member<th>Guest</tr>"
        "<tr><td>Kayak<td>4<td>9</tr><tr><td>Bicycle<td><td>6</tr></table>"
    )
    assert said(reading) == [
        ("heading", 1, "Fees"),
        ("row", 0, "Item: Kayak; Member: 4; Guest: 9."),
        ("row", 0, "Item: Bicycle; Guest: 6."),
    ]


def test_a_cell_over_several_rows_or_columns_stands_in_each() -> None:
    reading = page(
        "<table><caption>Boats of <b>Alta</b></caption><thead>"
        "<tr><th rowspan=2>Port<th colspan=2>2029</tr><tr><th>In<th>Out</tr></thead>"
        "<tr><td colspan=3>North</tr><tr><td rowspan=2>Alta<td>1<br>2<td></tr>"
        "<tr><td><ul><li>5<li>7</ul><td>6</tr></table>"
    )
    assert said(reading) == [
        ("caption", 0, "Boats of Alta"),
        ("row", 0, "North"),
        ("row", 0, "Port: Alta; 2029, In: 1 2."),
        ("row", 0, "Port: Alta; 2029, In: 5, 7; 2029, Out: 6."),
    ]


def test_items_have_the_markers_that_a_browser_shows() -> None:
    reading = page(
        "<p>Steps:<ol start=3><li>one<li>two<ol type=a><li>x</ol><li value=9>nine<li>ten</ol>"
        "<ul><li>loose</ul>"
    )
    assert said(reading) == [
        ("paragraph", 0, "Steps:"),
        ("item", 1, "3. one"),
        ("item", 1, "4. two"),
        ("item", 2, "a. x"),
        ("item", 1, "9. nine"),
        ("item", 1, "10. ten"),
        ("item", 1, "loose"),
    ]


def test_terms_quotations_code_and_captions_are_what_they_are() -> None:
    reading = page(
        "<dl><dt>Quay<dd>Where boats lie.<dt>Pier<dt>Jetty<dd>Where people walk.</dl>"
        "<blockquote><p>She said <q>yes</q>.<blockquote>Deep.</blockquote></blockquote>"
        "<pre>a = 1\n  b = 2</pre><figure><img><figcaption>A boat.</figcaption></figure>"
    )
    assert said(reading) == [
        ("item", 1, "Quay: Where boats lie."),
        ("item", 1, "Pier / Jetty: Where people walk."),
        ("quotation", 1, "She said “yes”."),
        ("quotation", 2, "Deep."),
        ("code", 0, "a = 1\n  b = 2"),
        ("caption", 0, "A boat."),
    ]


def test_soft_hyphens_part_no_word() -> None:
    assert page("<p>Frau Hil&shy;de&shy;brandt").text == "Frau Hildebrandt"


def test_tables_of_an_article_are_read_wherever_they_stand_in_it() -> None:
    """Though they are no part of what is recognised as its text, as links around it are not."""
    prose = "".join(PROSE.format(2000 + year) for year in range(30))
    links = "".join(f'<li><a href="/{n}">Another story number {n}</a>' for n in range(40))
    table = "<table><tr><th>Year<th>Cost</tr><tr><td>2001<td>5</tr></table>"
    text = page(f"<div><ul>{links}</ul></div><article>{table}{prose}</article>").text
    assert text.startswith("Year: 2001; Cost: 5.")
    assert "In year 2029" in text
    assert "Another story" not in text


def test_a_table_that_only_places_things_is_no_table() -> None:
    reading = page("<table><tr><td><h2>Left</h2>One.<td><table><tr><td>Two.</table></table>")
    assert said(reading) == [
        ("heading", 2, "Left"),
        ("paragraph", 0, "One."),
        ("paragraph", 0, "Two."),
    ]


def test_the_heading_over_the_main_text_is_of_it() -> None:
    """Though what recognises the text has passed it over."""
    links = "".join(f'<li><a href="/{n}">Another story number {n}</a>' for n in range(40))
    prose = "".join(PROSE.format(2000 + year) for year in range(30))
    text = page(f"<div><ul>{links}</ul></div><h2>The bridge</h2>{prose}").text
    assert text.startswith("The bridge\n\nIn year 2000")


def test_short_items_around_the_text_between_them_are_read() -> None:
    reading = page(
        "<h1>Rules</h1><ol><li>Knock.</li>Then wait until somebody comes.<li>Go in.</li>"
        "<p>Nobody there?</p><li>Leave.</li></ol><p>Bye.</p>"
    )
    assert [words for _, _, words in said(reading)] == [
        "Rules",
        "1. Knock.",
        "Then wait until somebody comes.",
        "2. Go in.",
        "Nobody there?",
        "3. Leave.",
        "Bye.",
    ]


@pytest.mark.parametrize(
    ("mark", "note"),
    [
        ('<sup><a href="#n1" id="r1">1</a></sup>', '<p id="n1">1. At most fourteen.</p>'),
        (
            '<a href="#n1" id="r1" role="doc-noteref">[1]</a>',
            '<aside id="n1" role="doc-footnote"><p>At most fourteen.<a href="#r1">↩</a></aside>',
        ),
        (
            '<sup id="r1"><a href="#n1">[1]</a></sup>',
            '<ol class="references"><li id="n1"><a href="#r1">^</a> At most fourteen.</li></ol>',
        ),
        ('<a href="#n1">*</a>', '<div><a name="n1"></a>* At most fourteen.</div>'),
    ],
    ids=["number", "role", "references", "star"],
)
def test_a_footnote_is_about_the_words_before_its_mark(mark: str, note: str) -> None:
    """The mark is no part of them, and the way back none of the note."""
    reading = page(
        f"<h1>Bees</h1><p>They swarm. Hives stand on the slope{mark} all year.</p>{note}"
    )
    assert said(reading) == [
        ("heading", 1, "Bees"),
        ("paragraph", 0, "They swarm. Hives stand on the slope all year."),
        ("note", 0, "At most fourteen."),
    ]
    (found,) = [block for block in reading.structure if block.kind == "note"]
    assert found.facts["about"] == "Hives stand on the slope"


def test_a_link_to_a_part_of_the_page_is_no_mark() -> None:
    reading = page('<p>See part <a href="#s">3</a> of it.</p><h2 id="s">Fees</h2><p>3 boats.</p>')
    assert said(reading)[0] == ("paragraph", 0, "See part 3 of it.")
