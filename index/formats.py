"""What stands in each kind of file: its text, title, date, byline, pages and headings."""

from __future__ import annotations

import codecs
import csv
import io
import json
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from index.documents import Span

if TYPE_CHECKING:
    from datetime import datetime
    from email.message import EmailMessage, MIMEPart

LARGEST_UNPACKED = 500_000_000
MOST_PARTS = 10_000
"""Of a file that is an archive (Word, EPUB, …): beyond it is a bomb, not a document."""

BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

EMPTY_TITLES = frozenset({"", "untitled", "document", "presentation", "powerpoint presentation"})


class NotReadable(Exception):
    """Why a file cannot be read and what to do, without its name."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read. `headings` are spans of the text; see `Document` for the rest."""

    text: str
    title: str = ""
    published: str = ""
    byline: str = ""
    page_starts: tuple[int, ...] = ()
    headings: tuple[Span, ...] = ()


class Writer:
    """Puts blocks together with a blank line between, and notes where they begin."""

    def __init__(self) -> None:
        self._blocks: list[str] = []
        self._length = 0
        self._page_starts: list[int] = []
        self._headings: list[Span] = []

    def add(self, block: str, *, heading: bool = False) -> None:
        """A paragraph, or a heading."""
        words = block.strip()
        if words:
            start = self._next
            self._blocks.append(words)
            self._length = start + len(words)
            if heading:
                self._headings.append(Span(start, self._length))

    def begin_page(self) -> None:
        """What is added next stands on a new page."""
        self._page_starts.append(self._next)

    def reading(self, title: str = "", published: str = "", byline: str = "") -> Reading:
        """Everything added so far."""
        text = "\n\n".join(self._blocks)
        pages = tuple(min(start, len(text)) for start in self._page_starts)
        return Reading(text, title, published, byline, pages, tuple(self._headings))

    @property
    def _next(self) -> int:
        return self._length + 2 if self._blocks else 0


# -- text ------------------------------------------------------------------------


def decode(data: bytes) -> str:
    """UTF-8, UTF-16 and UTF-32, with or without a byte order mark, else a single-byte
    encoding told by the letters it gives. Raises NotReadable for what is not text."""
    for bom, encoding in BOMS:
        if data.startswith(bom):
            return _decode_as(data, encoding)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = ""
    if text and "\0" not in text:
        return text
    wide = _utf_16_kind(data)
    if wide:
        return _decode_as(data, wide)
    if b"\0" in data:
        raise NotReadable("is not text, though its name says so.")
    return _decode_single_bytes(data)


def _decode_as(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise NotReadable(f"begins like {encoding} but is damaged: {error.reason}.") from error


def _utf_16_kind(data: bytes) -> str:
    """In UTF-16 every other byte says which alphabet it is: mostly the same one."""
    sample = data[:4000]
    for offset, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        alphabets = sample[offset::2]
        if len(alphabets) > 1 and len(data) % 2 == 0:
            (byte, count), *_ = Counter(alphabets).most_common(1)
            if count > len(alphabets) * 0.5 and byte < 0x20:
                return encoding
    return ""


def _decode_single_bytes(data: bytes) -> str:
    try:
        text = data.decode("cp1251" if _is_cyrillic(data) else "cp1252")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    controls = sum(character < " " and character not in "\t\n\r\f" for character in text)
    controls += sum("\x7f" <= character < "\xa0" for character in text)
    if controls > 0.01 * len(text):
        raise NotReadable("is not text, or in an encoding that is not known. Save it as UTF-8.")
    return text


def _is_cyrillic(data: bytes) -> bool:
    """In Cyrillic words letters above ASCII follow each other; in Latin ones they are few."""
    high = [byte >= 0xC0 or byte in (0xA8, 0xB8) for byte in data]
    pairs = sum(here and following for here, following in pairwise(high))
    return pairs > sum(high) / 2


def _decoded(path: Path) -> str:
    return decode(path.read_bytes())


def read_text(path: Path) -> Reading:
    """The file's text exactly."""
    return Reading(_decoded(path))


def read_markdown(path: Path) -> Reading:
    """The file's text exactly; title, date and author from its front matter."""
    from markdown_it import MarkdownIt

    text = _decoded(path)
    matter, body_line = _front_matter(text)
    lines = _line_spans(text)
    tokens = MarkdownIt().parse("\n" * body_line + _from_line(text, lines, body_line))
    headings = tuple(
        heading
        for token in tokens
        if token.type == "heading_open" and token.map
        for heading in [_stripped(text, lines[token.map[0]])]
        if len(heading)
    )
    first = next((t for t in _heading_texts(text, headings)), "")
    return Reading(
        text,
        title=str(matter.get("title") or first),
        published=str(matter.get("date") or ""),
        byline=str(matter.get("author") or ""),
        headings=headings,
    )


def _front_matter(text: str) -> tuple[Mapping[str, Any], int]:
    """The YAML between the first two lines of three dashes, and the line after it."""
    import yaml

    lines = text.splitlines()
    if not lines or lines[0].strip() != "---" or "---" not in (x.strip() for x in lines[1:]):
        return {}, 0
    end = next(i for i, line in enumerate(lines[1:], 1) if line.strip() == "---")
    try:
        matter = yaml.safe_load("\n".join(lines[1:end]))
    except yaml.YAMLError:
        return {}, 0  # a rule and a table may look like it; then it is text
    return (matter, end + 1) if isinstance(matter, dict) else ({}, 0)


def _line_spans(text: str) -> list[Span]:
    spans, start = [], 0
    for line in text.split("\n"):
        spans.append(Span(start, start + len(line)))
        start += len(line) + 1
    return spans


def _from_line(text: str, lines: Sequence[Span], number: int) -> str:
    return text[lines[number].start :] if number < len(lines) else ""


def _stripped(text: str, span: Span) -> Span:
    words = text[span.start : span.end]
    lead = len(words) - len(words.lstrip())
    return Span(span.start + lead, span.start + lead + len(words.strip()))


def _heading_texts(text: str, headings: Iterable[Span]) -> Iterator[str]:
    return (text[span.start : span.end].strip("# \t") for span in headings)


# -- web pages, mail and books -----------------------------------------------------


def read_html(path: Path) -> Reading:
    """The main text of a page, or all that is visible where little seems to be main."""
    return _from_html(path.read_bytes())


SHARE_OF_VISIBLE = 0.5
"""Where the main text is less than this part of what is visible, all of it is taken:
a list or a short notice is no article, but nothing of it may be lost."""

BLOCKS = "p|h1|h2|h3|h4|h5|h6|li|tr|pre|blockquote|dt|dd|figcaption|caption".split("|")
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "head"})
UNSEEN = ("script", "style", "noscript", "template", "svg", "head")


def _from_html(page: bytes | str) -> Reading:
    import trafilatura
    from trafilatura.metadata import extract_metadata

    tree = trafilatura.load_html(page)
    if tree is None:
        raise NotReadable("is not a web page: it holds no HTML.")
    metadata = extract_metadata(tree)
    visible = _visible_blocks(trafilatura.load_html(page))
    main = trafilatura.extract(
        page, output_format="xml", include_comments=False, favor_recall=True, include_tables=True
    )
    blocks = _main_blocks(main) if main else []
    if _length(blocks) < SHARE_OF_VISIBLE * _length(visible):
        blocks = visible
    writer = Writer()
    for words, heading in blocks:
        writer.add(words, heading=heading)
    return writer.reading(metadata.title or "", metadata.date or "", metadata.author or "")


def _main_blocks(xml: str) -> list[tuple[str, bool]]:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    body = etree.fromstring(xml.encode(), parser)
    found = []
    for element in body.iter("head", "p", "item", "row", "quote", "code"):
        if not any(
            parent.tag in ("p", "item", "row", "quote") for parent in element.iterancestors()
        ):
            cells = [" ".join("".join(cell.itertext()).split()) for cell in element.iter("cell")]
            words = "; ".join(filter(None, cells)) or " ".join("".join(element.itertext()).split())
            found.append((words, element.tag == "head"))
    return found


def _visible_blocks(tree: Any) -> list[tuple[str, bool]]:
    """The words of each block of a page that can be seen, in order."""
    for element in list(tree.iter(*UNSEEN)):
        element.drop_tree()
    found: list[tuple[str, bool]] = []
    _collect(tree, found, [])
    return found


def _collect(element: Any, found: list[tuple[str, bool]], line: list[str]) -> None:
    """Depth first; an element that is a block ends the line before and after it."""
    is_block = element.tag in BLOCKS or element.tag in ("div", "section", "article", "body", "br")
    if is_block:
        _flush(found, line, heading=False)
    line.append(element.text or "")
    for child in element:
        if isinstance(child.tag, str):
            _collect(child, found, line)
        line.append(child.tail or "")
    if is_block:
        _flush(found, line, heading=element.tag in HEADINGS)


def _flush(found: list[tuple[str, bool]], line: list[str], *, heading: bool) -> None:
    words = " ".join("".join(line).split())
    if words:
        found.append((words, heading))
    line.clear()


def _length(blocks: Iterable[tuple[str, bool]]) -> int:
    return sum(len(words) for words, _ in blocks)


def read_mail(path: Path) -> Reading:
    """The body of a message; attachments are not read."""
    from email import message_from_bytes, policy

    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    body = message.get_body(("plain", "html"))
    if body is None:
        raise NotReadable("holds no readable message, only attachments. Save them as files.")
    reading = _mail_body(body)
    return Reading(
        reading.text,
        title=str(message["subject"] or ""),
        published=_mail_date(message),
        byline=str(message["from"] or ""),
        headings=reading.headings,
    )


def _mail_body(body: MIMEPart) -> Reading:
    try:
        content = body.get_content()
    except (LookupError, UnicodeError):
        content = decode(bytes(body.get_payload(decode=True)))
    return _from_html(content) if body.get_content_subtype() == "html" else Reading(content)


def _mail_date(message: EmailMessage) -> str:
    date = message["date"]
    sent: datetime | None = date.datetime if date else None
    return sent.isoformat() if sent else ""


def read_epub(path: Path) -> Reading:
    """The chapters in reading order."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
    with _archive(path) as archive:
        try:
            container = etree.fromstring(archive.read("META-INF/container.xml"), parser)
            package_name = container.find(".//{*}rootfile").get("full-path")
            package = etree.fromstring(archive.read(package_name), parser)
            chapters = [archive.read(name) for name in _spine(package, package_name)]
        except (KeyError, AttributeError, etree.XMLSyntaxError) as error:
            raise NotReadable(f"is a damaged EPUB: {error}. Save it again.") from error
    writer = Writer()
    for chapter in chapters:
        for words, heading in _chapter_blocks(chapter):
            writer.add(words, heading=heading)
    title, date, creator = (
        package.findtext(f".//{{*}}metadata/{{*}}{name}") or ""
        for name in ("title", "date", "creator")
    )
    return writer.reading(title, date, creator)


def _spine(package: Any, package_name: str) -> list[str]:
    """The names of the chapters within the archive."""
    folder = PurePosixPath(package_name).parent
    files = {item.get("id"): item.get("href") for item in package.iterfind(".//{*}item")}
    order = [item.get("idref") for item in package.iterfind(".//{*}itemref")]
    return [str(folder / unquote(files[idref])) for idref in order]


def _chapter_blocks(chapter: bytes) -> list[tuple[str, bool]]:
    import trafilatura

    tree = trafilatura.load_html(chapter)
    return [] if tree is None else _visible_blocks(tree)


# -- office ------------------------------------------------------------------------


def _archive(path: Path) -> zipfile.ZipFile:
    """An archive of a sane size. Raises NotReadable."""
    try:
        archive = zipfile.ZipFile(path)
    except zipfile.BadZipFile as error:
        raise NotReadable(
            "is damaged, or of another kind than its name says. Save it again."
        ) from error
    parts = archive.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        archive.close()
        raise NotReadable("unpacks to far more than a document. It was left alone.")
    return archive


def _title(title: str | None) -> str:
    """A title that a person gave, not the program."""
    given = (title or "").strip()
    junk = given.lower() in EMPTY_TITLES or given.startswith("Microsoft ")
    return "" if junk else given


def _date(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""


def _office(path: Path, kind: str) -> Any:
    """A Word, PowerPoint or Excel file as its library opens it. Raises NotReadable."""
    _archive(path).close()
    try:
        if kind == "Word":
            import docx

            return docx.Document(str(path))
        if kind == "PowerPoint":
            import pptx

            return pptx.Presentation(str(path))
        import openpyxl

        return openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (KeyError, ValueError, AttributeError, zipfile.BadZipFile) as error:
        raise NotReadable(f"is no {kind} file, or a damaged one. Save it again.") from error


def read_word(path: Path) -> Reading:
    """Paragraphs and tables in order."""
    document = _office(path, "Word")
    writer = Writer()
    for block in document.iter_inner_content():
        if hasattr(block, "rows"):
            for row in block.rows:
                writer.add(
                    "; ".join(dict.fromkeys(filter(None, (c.text.strip() for c in row.cells))))
                )
        else:
            style = block.style.name if block.style is not None else ""
            writer.add(block.text, heading=style.startswith(("Heading", "Title")))
    properties = document.core_properties
    return writer.reading(
        _title(properties.title), _date(properties.created), properties.author or ""
    )


def read_powerpoint(path: Path) -> Reading:
    """A slide is a page; notes follow the slide's own words."""
    presentation = _office(path, "PowerPoint")
    writer = Writer()
    for slide in presentation.slides:
        writer.begin_page()
        title = slide.shapes.title
        for shape in slide.shapes:
            for words in _shape_texts(shape):
                writer.add(words, heading=title is not None and shape.shape_id == title.shape_id)
        if slide.has_notes_slide:
            writer.add(slide.notes_slide.notes_text_frame.text)
    properties = presentation.core_properties
    return writer.reading(
        _title(properties.title), _date(properties.created), properties.author or ""
    )


def _shape_texts(shape: Any) -> Iterator[str]:
    if shape.has_text_frame:
        yield from (paragraph.text for paragraph in shape.text_frame.paragraphs)
    elif getattr(shape, "has_table", False):
        for row in shape.table.rows:
            yield "; ".join(filter(None, (cell.text.strip() for cell in row.cells)))
    elif hasattr(shape, "shapes"):
        for inner in shape.shapes:
            yield from _shape_texts(inner)


def read_excel(path: Path) -> Reading:
    """Each sheet under its name, each row as "Header: value; Header: value."."""
    workbook = _office(path, "Excel")
    writer = Writer()
    for sheet in workbook.worksheets:
        writer.add(sheet.title, heading=True)
        _add_table(writer, ([_cell(value) for value in row] for row in sheet.values))
    properties = workbook.properties
    reading = writer.reading(
        _title(properties.title), _date(properties.created), properties.creator or ""
    )
    workbook.close()
    return reading


def _cell(value: object) -> str:
    return "" if value is None else " ".join(str(value).split())


def _add_table(writer: Writer, rows: Iterable[Sequence[str]]) -> None:
    """The first row that is not empty names the columns."""
    filled = (row for row in rows if any(row))
    header = next(filled, None)
    if header is None:
        return
    bare = True
    for row in filled:
        bare = False
        writer.add(_row(header, row))
    if bare:
        writer.add("; ".join(filter(None, header)))


def _row(header: Sequence[str], row: Sequence[str]) -> str:
    names = [*header, *[""] * (len(row) - len(header))]
    cells = (
        f"{name}: {value}" if name else value
        for name, value in zip(names, row, strict=False)
        if value
    )
    return "; ".join(cells) + "."


# -- PDF ---------------------------------------------------------------------------


def read_pdf(path: Path) -> Reading:
    """The text of each page, its lines joined to paragraphs."""
    import pypdfium2

    try:
        pdf = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        raise NotReadable(_pdf_problem(str(error))) from error
    writer = Writer()
    with pdf:
        for page in pdf:
            writer.begin_page()
            for paragraph in _pdf_paragraphs(page.get_textpage().get_text_bounded()):
                writer.add(paragraph)
        metadata = pdf.get_metadata_dict()
    reading = writer.reading(
        _title(metadata.get("Title")),
        _pdf_date(metadata.get("CreationDate", "")),
        metadata.get("Author", ""),
    )
    if not reading.text:
        raise NotReadable(
            "holds only pictures of pages. Run it through text recognition "
            "(for example ocrmypdf) and index the result."
        )
    return reading


def _pdf_problem(reason: str) -> str:
    if "password" in reason.lower():
        return "is locked with a password. Save a copy without one and index that."
    return f"is no PDF, or a damaged one ({reason}). Save or download it again."


def _pdf_paragraphs(text: str) -> Iterator[str]:
    """Lines joined until one ends a sentence well short of the widest line."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    widest = max(map(len, lines))
    paragraph = ""
    for line in [*map(str.strip, lines), ""]:
        if not line:
            yield paragraph
            paragraph = ""
            continue
        paragraph = _joined(paragraph, line)
        if len(line) < 0.75 * widest and line[-1] in ".!?:”\"'’)":
            yield paragraph
            paragraph = ""


def _joined(before: str, line: str) -> str:
    """One line after another; a word that is divided between them is made whole."""
    if before.endswith(("\ufffe", "\u0002", "\u00ad")):
        return before[:-1] + line
    if before.endswith("-") and before[-2:-1].isalpha() and line[0].islower():
        return before[:-1] + line
    return f"{before} {line}" if before else line


def _pdf_date(date: str) -> str:
    """2016-04-13 of "D:20160413120000Z"."""
    digits = date.removeprefix("D:")[:8]
    return (
        f"{digits[:4]}-{digits[4:6]}-{digits[6:]}"
        if digits.isdecimal() and len(digits) == 8
        else ""
    )


# -- tables and records --------------------------------------------------------------


def read_csv(path: Path) -> Reading:
    """Each row as "Header: value; Header: value."."""
    text = _decoded(path)
    csv.field_size_limit(LARGEST_UNPACKED)
    try:
        dialect: Any = csv.Sniffer().sniff(text[:10_000], delimiters=",;\t|")
    except csv.Error:
        dialect = csv.excel
    writer = Writer()
    rows = csv.reader(io.StringIO(text, newline=""), dialect)
    try:
        _add_table(writer, ([_cell(value) for value in row] for row in rows))
    except csv.Error as error:
        raise NotReadable(f"is no table: {error} in line {rows.line_num}.") from error
    return writer.reading()


def read_json(path: Path) -> Reading:
    """Every value with its name, a line each."""
    return _records([_parsed(_decoded(path), "")])


def read_json_lines(path: Path) -> Reading:
    """One record a paragraph."""
    lines = enumerate(_decoded(path).split("\n"), 1)
    return _records(_parsed(line, f" in line {number}") for number, line in lines if line.strip())


def _parsed(text: str, where: str) -> object:
    try:
        return json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise NotReadable(f"is not valid JSON{where}: {error}.") from error


def _records(values: Iterable[object]) -> Reading:
    writer = Writer()
    for value in values:
        items = value if isinstance(value, list) else [value]
        for item in items:
            writer.add("\n".join(_leaves(item, "")))
    return writer.reading()


def _leaves(value: object, name: str) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(inner, str(key))
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner, name)
    elif value is not None and str(value).strip():
        yield f"{name}: {value}" if name else str(value)
