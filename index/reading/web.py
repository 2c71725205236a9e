"""Readers of web pages, e-books and mail: bytes -> Reading."""

from __future__ import annotations

import codecs
import json
import posixpath
import re
from collections.abc import Iterable, Iterator
from email import message_from_bytes, policy
from email.message import Message, MIMEPart
from typing import Any
from urllib.parse import unquote
from zipfile import ZipFile

from index.reading.archives import open_zip, xml_root
from index.reading.blocks import Blocks, Reading, Refused, one_line
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
HEADINGS = frozenset("h1 h2 h3 h4 h5 h6 head".split())
LINE_BREAKS = frozenset(["br", "lb"])
ROWS = frozenset(["tr", "row"])
NO_ROW = ("table", "ul", "ol", "list", "script", "style", *sorted(HEADINGS))
"""What a row holds where a table is used for layout."""
VERBATIM = frozenset(["pre"])
INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font hi i img ins kbd label mark "
    "br lb nobr q ref rp rt ruby s samp small span strike strong sub sup time tt u var wbr".split()
)
"""Every other element parts paragraphs."""

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
    main = _main_text(tree, Blocks(len(data)))
    visible = _visible_text(tree, Blocks(len(data)))
    covers_page = len(main.text) >= MAIN_TEXT_SHARE * _weight(tree)
    spares_noise = len(main.text) < (1 - NOISE_SHARE) * len(visible.text)
    text = main if covers_page and spares_noise else visible
    published = _first(tree, DATES) or _field(linked, "datePublished")
    return Reading(
        text.text,
        title=_first(tree, TITLES),
        published=published or _first(tree, DATES_IN_TEXT),
        byline=_first(tree, BYLINES) or _author(linked),
        structure=text.structure,
    )


def read_epub(data: bytes) -> Reading:
    """The chapters of an e-book, in reading order."""
    with open_zip(data) as book:
        if "META-INF/rights.xml" in book.namelist():
            raise Refused("is protected against copying. Index a copy without protection.")
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


def read_mail(data: bytes) -> Reading:
    """The subject and the body of a message; attachments are left out."""
    message = message_from_bytes(data, policy=policy.default)
    subject = one_line(str(_header(message, "Subject") or ""))
    sent = _header(message, "Date")
    blocks = Blocks(len(data))
    blocks.heading(subject)
    body = message.get_body(preferencelist=("plain", "html"))
    if body is None and not subject:
        raise Refused("is not a mail message with text. Save the message again as .eml.")
    if body is not None:
        _write_body(body, blocks)
    return blocks.reading(
        title=subject or None,
        published=sent.datetime.isoformat() if sent and sent.datetime else None,
        byline=one_line(str(_header(message, "From") or "")) or None,
    )


def _header(message: Message, name: str) -> Any:
    """A header that cannot be understood, with comments in comments without end, is none."""
    try:
        return message[name]
    except RecursionError:
        return None


def _declared(data: bytes) -> str | None:
    match = DECLARED_CHARSET.search(data[:2048].lower())
    if match is None:
        return None
    try:
        encoding = codecs.lookup(match[1].decode("ascii")).name
    except LookupError:
        return None
    return READ_AS.get(encoding, encoding)


def _parse_html(text: str) -> Any:
    from lxml import html

    parser = html.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True
    )
    return html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)


def _main_text(tree: Any, blocks: Blocks) -> Reading:
    from trafilatura import bare_extraction

    page = bare_extraction(tree, include_comments=False, favor_recall=True)
    if page is not None and not isinstance(page, dict):
        _Writer(blocks).write(page.body)
    return blocks.reading()


def _visible_text(tree: Any, blocks: Blocks) -> Reading:
    _write_visible(tree, blocks)
    return blocks.reading()


def _write_visible(tree: Any, blocks: Blocks) -> None:
    for body in tree.iter("body"):
        _Writer(blocks).write(body)


def _weight(tree: Any) -> int:
    """How many characters of the page stand outside links, navigation and footer."""
    outside = " or ".join(f"ancestor::{tag}" for tag in sorted({"a", "head", *INVISIBLE}))
    return sum(len(one_line(words)) for words in tree.xpath(f"//text()[not({outside})]"))


class _Writer:
    """Writes an element and all below it, in reading order."""

    def __init__(self, blocks: Blocks) -> None:
        self._blocks = blocks
        self._words: list[str] = []
        self._verbatim = 0

    def write(self, root: Any) -> None:
        from lxml import etree

        walk = etree.iterwalk(root, events=("start", "end"))
        for event, element in walk:
            if event == "start" and self._is_left_out(element):
                walk.skip_subtree()
            elif event == "start":
                self._open(element)
            else:
                self._close(element)
                self._add(element.tail if element is not root else None)
        self._flush()

    def _is_left_out(self, element: Any) -> bool:
        """Hidden elements are, and rows of a table, which are written at once."""
        if element.tag in ROWS and not any(True for _ in element.iter(*NO_ROW)):
            self._flush()
            self._blocks.row(" ".join(cell.itertext()) for cell in element)
            return True
        style = element.get("style", "").replace(" ", "").lower()
        hidden = element.get("hidden") is not None or "display:none" in style
        return hidden or element.tag in INVISIBLE

    def _open(self, element: Any) -> None:
        if element.tag not in INLINE:
            self._flush()
        if element.tag in LINE_BREAKS:
            self._words.append("\n")
        self._verbatim += element.tag in VERBATIM
        self._add(element.text)

    def _close(self, element: Any) -> None:
        if element.tag in HEADINGS:
            self._blocks.heading("".join(self._words))
            self._words.clear()
        elif element.tag not in INLINE:
            self._flush()
        if element.tag in VERBATIM:
            self._verbatim = max(0, self._verbatim - 1)

    def _add(self, words: str | None) -> None:
        spaced = words or ""
        self._words.append(spaced if self._verbatim else SPACES.sub(" ", spaced))

    def _flush(self) -> None:
        lines = "".join(self._words).split("\n")
        tidy = (line.rstrip() if self._verbatim else line.strip() for line in lines)
        self._blocks.paragraph("\n".join(tidy))
        self._words.clear()


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


def _write_body(body: MIMEPart, blocks: Blocks) -> None:
    content = body.get_payload(decode=True)
    if not isinstance(content, bytes):
        return
    text = decode(content, body.get_content_charset())
    if body.get_content_subtype() == "html":
        _write_visible(_parse_html(text), blocks)
    else:
        blocks.paragraph(text)
