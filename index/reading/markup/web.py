"""Readers of web pages and e-books: bytes -> Reading."""

from __future__ import annotations

import codecs
import json
import posixpath
import re
from collections.abc import Container, Iterable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from itertools import count, repeat, takewhile
from typing import Any
from urllib.parse import unquote
from zipfile import ZipFile

from index.reading.archives import check_attributes, open_zip, xml_root
from index.reading.blocks import Blocks, Reading, Unreadable, one_line
from index.reading.markup.page_notes import BEFORE_A_NOTE, PageNotes, notes_of
from index.reading.tables import column_names, write_table
from index.reading.text import decode

MAIN_TEXT_SHARE = 0.6
"""If the main text that was recognised is a smaller share of the words outside links,
navigation and footer, the page is unusual and all its visible text is taken."""

NOISE_SHARE = 0.1
"""If less of the visible text than this lies outside the main text, all of it is taken,
too: little is gained by leaving words out, and some may be the ones that are asked for."""

INVISIBLE = frozenset(
    "script style noscript template nav footer svg iframe object canvas audio video "
    "button select textarea".split()
)
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
LISTS = frozenset(["ul", "ol", "menu"])
CAPTIONS = frozenset(["caption", "figcaption", "legend"])
LINE_BREAKS = frozenset(["br"])
FLOW = ("form", "script", *HEADINGS)
"""What a table holds that only puts things in their places."""
MOST_SPANNED = 100
"""Rows or columns that one cell goes over."""

TELLING, MOST_COMPARED = 20, 80
"""Characters without white space by which a paragraph is known again."""

VERBATIM = frozenset(["pre"])
INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd label mark "
    "br nobr q rp rt ruby s samp small span strike strong sub sup time tt u var wbr".split()
)
"""Every other element parts paragraphs."""

SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
LONGEST_ABOUT = 60
"""Characters of what a note is about."""

SPACES = re.compile(r"\s+")

DECLARED_CHARSET = re.compile(rb"""<(?:meta|\?xml)[^>]+(?:charset|encoding)\s*=\s*["']?([\w-]+)""")
READ_AS = {"iso8859-1": "cp1252", "ascii": "cp1252", "utf-16": "utf-8"}
"""Declared encodings that browsers read as another one."""

TITLES = (
    '//meta[@property="og:title"]/@content',
    "string(//h1[normalize-space() and starts-with(normalize-space(//title), normalize-space())])",
    "//title/text()",
    "string(//h1)",
)
"""A <title> often goes on after the heading with the name of the site."""

DATES = (
    '//meta[@property="article:published_time"]/@content',
    '//meta[@itemprop="datePublished"]/@content',
    '//meta[@name="date" or @name="dc.date" or @name="DC.date"]/@content',
)
DATES_IN_TEXT = ("//time[@pubdate]/@datetime", "//article//time/@datetime", "//time/@datetime")
BYLINES = ('//meta[@name="author"]/@content', '//meta[@property="article:author"]/@content')

DC = "{http://purl.org/dc/elements/1.1/}"


def read_html(data: bytes) -> Reading:
    """The main text of a page, or all its visible text where little is recognised."""
    tree = _parse_html(decode(data, _declared(data)))
    linked = list(_json_ld(tree))
    text = _reading(tree, len(data))
    main = _main_words(tree)
    covers_page = len(main) >= MAIN_TEXT_SHARE * _weight(tree)
    spares_noise = len(main) < (1 - NOISE_SHARE) * len(text.text)
    if covers_page and spares_noise:
        beside = _beside(tree, main)
        text = _reading(tree, len(data), beside - _within_notes(tree, beside))
    published = _first(tree, DATES) or _field(linked, "datePublished")
    return Reading(
        text.text,
        title=_first(tree, TITLES),
        published=published or _first(tree, DATES_IN_TEXT),
        byline=_first(tree, BYLINES) or _author(linked),
        structure=text.structure,
    )


def _reading(tree: Any, size: int, left_out: Container[Any] = ()) -> Reading:
    blocks = Blocks(size)
    _write_visible(tree, blocks, left_out)
    return blocks.reading()


def read_epub(data: bytes) -> Reading:
    """The chapters of an e-book, in reading order."""
    with open_zip(data) as book:
        if "META-INF/rights.xml" in book.namelist():
            raise Unreadable("is protected against copying. Index a copy without protection.")
        package, folder = _package(book)
        blocks = Blocks(len(data))
        for chapter in dict.fromkeys(_spine(package)):
            content = book.read(posixpath.normpath(posixpath.join(folder, chapter)))
            _write_visible(_parse_html(decode(content, _declared(content))), blocks)
    return blocks.reading(
        title=_dublin_core(package, "title"),
        published=_dublin_core(package, "date"),
        byline=_dublin_core(package, "creator"),
    )


def _declared(data: bytes) -> str | None:
    match = DECLARED_CHARSET.search(data[:2048].lower())
    if match is None:
        return None
    return read_as(match[1].decode("ascii"))


def read_as(declared: str) -> str | None:
    """The encoding that a declared one is read as, which is what browsers do; None for one
    that nobody knows."""
    try:
        encoding = codecs.lookup(declared).name
    except (LookupError, ValueError):
        return None
    return READ_AS.get(encoding, encoding)


def _parse_html(text: str) -> Any:
    from lxml import html

    parser = html.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True
    )
    data = text.encode("utf-8", "replace")
    check_attributes(data)
    return html.document_fromstring(data, parser=parser)


def write_page(text: str, blocks: Blocks) -> None:
    """What is to be seen of a page, or of a part of one."""
    _write_visible(_parse_html(f"<body>{text}"), blocks)


def _main_words(tree: Any) -> str:
    """The words that are recognised as what the page is about, on one line."""
    from trafilatura import bare_extraction

    page = bare_extraction(deepcopy(tree), include_comments=False, favor_recall=True)
    if page is None or isinstance(page, dict):
        return ""
    return one_line(" ".join(page.body.itertext()))


def _beside(tree: Any, main: str) -> set[Any]:
    """The elements that are not of the main text: those before and after all of it, and the
    links within that are not known from it."""
    known = "".join(main.split())
    pieces = [each for body in tree.iter("body") for each in body.iter() if _own_words(each)]
    places = [place for place, piece in enumerate(pieces) if _is_known(piece, known)]
    if not places:
        return set()
    first, last = _widened(places[0], places[-1], pieces, known)
    kept = {pieces[place] for place in places}
    tables = [table for table in tree.iter("table") if _is_of_data(table)]
    kept.update(each for table in tables for each in table.iter() if not _is_mostly_links(table))
    beside = {
        piece
        for place, piece in enumerate(pieces)
        if piece not in kept
        and piece.tag != "h1"
        and (not first <= place <= last or _is_mostly_links(piece))
        and kept.isdisjoint(piece.iterdescendants())
    }
    return beside | {
        table for table in tree.iter("table") if beside.issuperset(filter(_own_words, table.iter()))
    }


def _within_notes(tree: Any, beside: Container[Any]) -> set[Any]:
    """The footnotes of the page and what is in them, if what they are about is not left out."""
    notes = {
        note
        for mark, note in notes_of(tree, INLINE).marked.items()
        if not any(around in beside for around in mark.iterancestors())
    }
    return {each for note in notes for each in note.iter()}


def _widened(first: int, last: int, pieces: Sequence[Any], known: str) -> tuple[int, int]:
    """Where the main text begins and ends, with the short pieces before and behind that are of
    it, too: too short to be known by themselves; and with the headings over its beginning."""

    def is_of_it(place: int) -> bool:
        return 0 <= place < len(pieces) and _letters(pieces[place])[:MOST_COMPARED] in known

    while is_of_it(first - 1) and not _is_mostly_links(pieces[first - 1]):
        first -= 1
    while first and pieces[first - 1].tag in HEADINGS:
        first -= 1
    while is_of_it(last + 1) and not _is_mostly_links(pieces[last + 1]):
        last += 1
    return first, last


def _own_words(element: Any) -> str:
    """Those of its own lines, without those of blocks in it."""
    if element.tag in INLINE or element.tag in INVISIBLE:
        return ""
    inline = ("".join(child.itertext()) for child in element if child.tag in INLINE)
    tails = (child.tail or "" for child in element)
    return one_line(" ".join([element.text or "", *inline, *tails]))


def _is_known(piece: Any, known: str) -> bool:
    words = _letters(piece)
    return len(words) >= TELLING and words[:MOST_COMPARED] in known


def _letters(piece: Any) -> str:
    return "".join("".join(piece.itertext()).split())


def _is_mostly_links(piece: Any) -> bool:
    if piece.tag in ("td", "th"):
        return False
    linked = sum(len(one_line("".join(link.itertext()))) for link in piece.iter("a"))
    return 2 * linked > len(one_line("".join(piece.itertext())))


def _write_visible(tree: Any, blocks: Blocks, left_out: Container[Any] = ()) -> None:
    for body in tree.iter("body"):
        _Writer(blocks, left_out).write(body)


def _weight(tree: Any) -> int:
    """How many characters of the page stand outside links, navigation and footer."""
    outside = " or ".join(f"ancestor::{tag}" for tag in sorted({"a", "head", *INVISIBLE}))
    return sum(len(one_line(words)) for words in tree.xpath(f"//text()[not({outside})]"))


class _Writer:
    """Writes an element and all below it but what is `left_out`, in reading order."""

    def __init__(self, blocks: Blocks, left_out: Container[Any] = ()) -> None:
        self._blocks = blocks
        self._left_out = left_out
        self._words: list[str] = []
        self._verbatim = self._quoted = 0
        self._lists: list[Iterator[str]] = []
        self._marker: str | None = None
        self._term = ""
        self._notes = PageNotes()
        self._about: dict[Any, str] = {}
        self._note: str | None = None

    def write(self, root: Any) -> None:
        from lxml import etree

        self._notes = notes_of(root, INLINE)
        walk = etree.iterwalk(root, events=("start", "end"))
        for event, element in walk:
            if event == "start" and (self._is_left_out(element) or self._is_written(element)):
                walk.skip_subtree()
            elif event == "start":
                self._open(element)
            else:
                self._close(element)
                self._add(element.tail if element is not root else None)
        self._flush()

    def _is_left_out(self, element: Any) -> bool:
        style = element.get("style", "").replace(" ", "").lower()
        hidden = element.get("hidden") is not None or "display:none" in style
        is_mark = self._is_marked(element) or element in self._notes.back
        return hidden or element.tag in INVISIBLE or element in self._left_out or is_mark

    def _is_marked(self, element: Any) -> bool:
        """Does it mark a note? That is about the words before it."""
        note = self._notes.marked.get(element)
        if note is None:
            return False
        before = SENTENCE_END.split(one_line("".join(self._words)))[-1]
        self._about.setdefault(note, before[-LONGEST_ABOUT:])
        return True

    def _is_written(self, element: Any) -> bool:
        """A table is written at once, unless it only puts things in their places."""
        if element.tag != "table" or not _is_of_data(element):
            return False
        self._flush()
        _write_table(element, self._blocks)
        return True

    def _open(self, element: Any) -> None:
        tag = element.tag
        if tag not in INLINE:
            self._flush(element.getparent().tag)
        if element in self._about:
            self._note = self._about[element]
        if tag in LINE_BREAKS:
            self._words.append("\n")
        elif tag == "q":
            self._words.append("“")
        elif tag in LISTS:
            self._lists.append(_markers(element))
        elif tag == "li":
            own = _whole(element.get("value"))
            if own is not None and self._lists:
                self._lists[-1] = _numbers(own, 1)
            self._marker = next(self._lists[-1], "") if self._lists else "•"
        self._verbatim += tag in VERBATIM
        self._quoted += tag == "blockquote"
        self._add(element.text)

    def _close(self, element: Any) -> None:
        tag = element.tag
        if tag == "q":
            self._words.append("”")
        if tag not in INLINE:
            self._flush(tag)
        if element in self._about:
            self._note = None
        if tag in LISTS and self._lists:
            self._lists.pop()
        self._verbatim -= tag in VERBATIM
        self._quoted -= tag == "blockquote"

    def _add(self, words: str | None) -> None:
        spaced = words or ""
        self._words.append(spaced if self._verbatim else SPACES.sub(" ", spaced))

    def _flush(self, tag: str = "") -> None:
        """Write the words since the last block, which are those of an element that ends, or
        stand before one."""
        lines = "".join(self._words).split("\n")
        self._words.clear()
        tidy = (line.rstrip() if self._verbatim else one_line(line) for line in lines)
        words = "\n".join(tidy).strip("\n")
        if not words.strip():
            return
        if tag == "dt":
            self._term = f"{self._term} / {one_line(words)}" if self._term else one_line(words)
            return
        if self._term:
            words = f"{self._term.removesuffix(':')}: {words}"
            self._marker, self._term = "", ""
        self._write(words, tag)

    def _write(self, words: str, tag: str) -> None:
        if tag in HEADINGS:
            self._blocks.heading(words, int(tag[1]))
        elif self._verbatim:
            self._blocks.paragraph(words, "code")
        elif tag in CAPTIONS:
            self._blocks.paragraph(words, "caption")
        elif self._note is not None:
            said = BEFORE_A_NOTE.sub("", words) if any(map(str.isalnum, words)) else ""
            self._blocks.paragraph(said, "note", about=self._note)
        elif self._marker is not None:
            self._blocks.item(words, max(1, len(self._lists)), self._marker)
        elif self._quoted:
            self._blocks.paragraph(words, "quotation", self._quoted)
        else:
            self._blocks.paragraph(words)
        self._marker = None


def _markers(element: Any) -> Iterator[str]:
    """Those of the items of a list, one after the other."""
    if element.tag != "ol":
        return repeat("•")
    step = -1 if element.get("reversed") is not None else 1
    first = len(element) if step < 0 else 1
    start = _whole(element.get("start"))
    return _numbers(first if start is None else start, step, element.get("type", "1"))


def _numbers(first: int, step: int, type_: str = "1") -> Iterator[str]:
    for number in count(first, step):
        letter = "abcdefghijklmnopqrstuvwxyz"[number - 1] if 0 < number <= 26 else str(number)
        yield {"a": f"{letter}.", "A": f"{letter.upper()}."}.get(type_, f"{number}.")


def _whole(words: str | None) -> int | None:
    found = re.fullmatch(r"\s*(-?\d{1,9})\s*", words or "")
    return None if found is None else int(found[1])


def _is_of_data(table: Any) -> bool:
    """Does it have rows and columns, and is it no more than a way to place things?"""
    places_only = table.get("role") in ("presentation", "none")
    holds_more = any(each is not table for each in table.iter("table", *FLOW))
    return not places_only and not holds_more and any(len(row) > 1 for row in table.iter("tr"))


def _write_table(table: Any, blocks: Blocks) -> None:
    """Rows with the names of their columns, below the caption."""
    for caption in table.iter("caption"):
        blocks.paragraph(_said(caption), "caption")
    grid = _grid(table)
    header = [[cell.words for cell in row] for row in takewhile(_names_columns, grid)]
    body = grid[len(header) :]
    if not header or not body:
        write_table([[cell.words for cell in row] for row in grid], blocks)
        return
    names = column_names(header)
    with blocks.container("table"):
        for row in body:
            if len(row) > 1 and len(set(map(id, row))) == 1:
                blocks.row([row[0].words])
            else:
                blocks.row([cell.words for cell in row], names)


@dataclass(frozen=True, slots=True)
class _Cell:
    """One cell, which may stand in several places of a table."""

    words: str
    is_header: bool


NOTHING = _Cell("", is_header=False)


def _names_columns(row: Sequence[_Cell]) -> bool:
    """Do its cells name columns? One over all of them is a title or part of the table."""
    filled = [cell for cell in row if cell.words]
    return all(cell.is_header for cell in filled) and len(set(map(id, filled))) > 1


def _grid(table: Any) -> list[list[_Cell]]:
    """The cells row by row; one that goes over several rows or columns stands in each."""
    grid: list[list[_Cell]] = []
    hanging: dict[int, tuple[_Cell, int]] = {}
    for element in table.iter("tr"):
        row: dict[int, _Cell] = {}
        for column, (cell, left) in list(hanging.items()):
            row[column] = cell
            hanging[column] = (cell, left - 1)
        hanging = {column: kept for column, kept in hanging.items() if kept[1] > 0}
        in_head = element.getparent().tag == "thead"
        column = 0
        for found in element.iterchildren("td", "th"):
            while column in row:
                column += 1
            width = min(_whole(found.get("colspan")) or 1, MOST_SPANNED)
            height = min(_whole(found.get("rowspan")) or 1, MOST_SPANNED)
            cell = _Cell(one_line(_said(found)), in_head or found.tag == "th")
            for place in range(column, column + width):
                row[place] = cell
                if height > 1:
                    hanging[place] = (cell, height - 1)
            column += width
        width = max(row, default=-1) + 1
        grid.append([row.get(place, NOTHING) for place in range(width)])
    return grid


def _said(element: Any) -> str:
    """The words of a cell, its items and lines told apart."""
    blocks = Blocks(0)
    _Writer(blocks).write(element)
    reading = blocks.reading()
    between = ", " if any(block.kind == "item" for block in reading.structure) else " "
    return between.join(
        reading.text[block.span.start : block.span.end].removeprefix("•").strip()
        for block in reading.structure
    )


def _first(tree: Any, paths: Iterable[str]) -> str | None:
    """The first words found; an address is nobody's name."""
    for path in paths:
        found = tree.xpath(path)
        for words in [found] if isinstance(found, str) else found:
            line = one_line(words)
            if line and not line.startswith(("http://", "https://")):
                return line
    return None


def _json_ld(tree: Any) -> Iterator[dict[str, Any]]:
    """Every object of the linked data in a page; what is not JSON is passed over."""
    for script in tree.xpath('//script[@type="application/ld+json"]/text()'):
        try:
            pending = [json.loads(script)]
        except (ValueError, RecursionError):
            continue
        while pending:
            value = pending.pop(0)
            if isinstance(value, dict):
                yield value
                pending += value.values()
            elif isinstance(value, list):
                pending += value


def _field(objects: Iterable[dict[str, Any]], name: str) -> str | None:
    values = (value.get(name) for value in objects)
    return next((one_line(value) for value in values if isinstance(value, str)), None)


def _author(objects: Iterable[dict[str, Any]]) -> str | None:
    for value in objects:
        author = value.get("author")
        people = author if isinstance(author, list) else [author]
        names = [p.get("name") if isinstance(p, dict) else p for p in people]
        known = [one_line(name) for name in names if isinstance(name, str) and name.strip()]
        if known:
            return ", ".join(known)
    return None


def _package(book: ZipFile) -> tuple[Any, str]:
    """The package document of an e-book and the folder that it stands in."""
    container = xml_root(book.read("META-INF/container.xml"))
    path = container.find(".//{*}rootfile").get("full-path")
    return xml_root(book.read(path)), posixpath.dirname(path)


def _spine(package: Any) -> Iterator[str]:
    """Names of the chapters in reading order, without the table of contents."""
    items = {item.get("id"): item for item in package.iterfind(".//{*}manifest/{*}item")}
    for reference in package.iterfind(".//{*}spine/{*}itemref"):
        item = items[reference.get("idref")]
        is_page = "html" in item.get("media-type", "")
        if is_page and "nav" not in item.get("properties", "").split():
            yield unquote(item.get("href"))


def _dublin_core(package: Any, field: str) -> str | None:
    values = [one_line(element.text or "") for element in package.iter(DC + field)]
    return ", ".join(filter(None, values if field == "creator" else values[:1])) or None
