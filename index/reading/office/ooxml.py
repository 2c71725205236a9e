"""What Word, PowerPoint and Excel files have in common: packages of XML, as ECMA-376 says.

opened      the bytes in the form that libraries read: Strict files are put into it
properties  title, date and author
write_chart, write_diagram   the words and figures of a picture that has some
numeral     the number of a list's item, as it is printed
"""

from __future__ import annotations

import io
import posixpath
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zipfile import ZIP_STORED, ZipFile

from index.reading.archives import open_zip, xml_root
from index.reading.blocks import Blocks, one_line
from index.reading.office.number_formats import shown

STRICT = b"http://purl.oclc.org/ooxml/"
STRICT_NAMES = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/([\w/]*)")
NAMED_OTHERWISE = {
    b"extendedProperties": b"extended-properties",
    b"customProperties": b"custom-properties",
    b"relationships/extendedProperties": b"relationships/extended-properties",
    b"relationships/customProperties": b"relationships/custom-properties",
}
MAIN_PARTS = ("word/document.xml", "ppt/presentation.xml", "xl/workbook.xml", "_rels/.rels")

TEMPLATE_DATES = frozenset(["2013-12-23T23:15:00", "2013-01-27T09:14:16"])
"""When the empty documents were made that libraries begin with."""

FIRST_YEAR = 1990
"""No such file is older; earlier dates are those of an empty clock."""

PROGRAMS = frozenset(["python-docx", "openpyxl", "XlsxWriter", "Unknown", "Calc"])
"""Stand where an author should and are none."""

CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"

MOST_POINTS = 1_000
"""Points of a chart's line. Nobody reads figures from one with more."""

ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"),
    (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
LARGEST_NUMERAL = 10_000


def opened(data: bytes) -> io.BytesIO:
    """The file, in the Transitional form. Raises Unreadable and zipfile.BadZipFile, as
    `archives.open_zip` does."""
    with open_zip(data) as archive:
        names = set(archive.namelist())
        if any(STRICT in archive.read(name) for name in MAIN_PARTS if name in names):
            return _transitional(archive)
    return io.BytesIO(data)


def properties(file: io.BytesIO) -> dict[str, str | None]:
    """The title, when it was first saved and by whom. A date that a template or an empty clock
    gave is none, and so is a program's name."""
    with ZipFile(file) as archive:
        relations = related(archive, "").values()
        parts = [part for kind, part in relations if kind.endswith("/core-properties")]
        core = xml_root(archive.read(parts[0])) if parts else None
    if core is None:
        return {"title": None, "published": None, "byline": None}
    author = one_line(core.findtext("{*}creator") or "")
    return {
        "title": one_line(core.findtext("{*}title") or "") or None,
        "published": date_of(core.findtext("{*}created")),
        "byline": person(author),
    }


def related(archive: ZipFile, part: str) -> dict[str, tuple[str, str]]:
    """What a part of the package refers to: id -> (type, name of the part). "" is the whole."""
    folder, name = posixpath.split(part)
    path = posixpath.join(folder, "_rels", f"{name}.rels")
    if path not in archive.namelist():
        return {}
    relations = {}
    for relation in xml_root(archive.read(path)).iterfind("{*}Relationship"):
        if relation.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/", folder, relation.get("Target", "")))
            relations[relation.get("Id")] = (relation.get("Type", ""), target.lstrip("/"))
    return relations


def write_chart(chart: Any, blocks: Blocks) -> None:
    """A row for each line of the chart, with the names of what it has figures for."""
    title = chart.find(f"{CHART}chart/{CHART}title")
    words = _drawn(title) if title is not None else ""
    series = list(chart.iter(f"{CHART}ser"))
    names = [_drawn_or_cached(one.find(f"{CHART}tx")) for one in series]
    if words and words not in names:
        blocks.paragraph(words, "caption")
    with blocks.container("table"):
        for one, name in zip(series, names, strict=True):
            over = _points(one, "cat", "xVal")
            figures = _points(one, "val", "yVal")
            places = sorted(figures)[:MOST_POINTS]
            cells = [name, *(figures[place] for place in places)]
            blocks.row(cells, ["", *(over.get(place, str(place + 1)) for place in places)])


def write_diagram(data: Any, blocks: Blocks) -> None:
    """The words of a SmartArt picture's boxes."""
    for point in data.iter(f"{DIAGRAM}pt"):
        if point.get("type", "node") != "pres":
            blocks.item(" ".join(_drawn(text) for text in point.iterfind(f"{DIAGRAM}t")))


def equation(element: Any) -> str:
    """An equation on one line: "(a+b)/2", "x^2", "√(y)"."""
    kind = str(element.tag).removeprefix(MATH)
    if kind == "t":
        return element.text or ""
    parts = {str(child.tag).removeprefix(MATH): equation(child) for child in element}
    if kind == "f":
        return f"{_grouped(parts.get('num', ''))}/{_grouped(parts.get('den', ''))}"
    if kind in ("sSup", "sSub", "sSubSup", "sPre"):
        sub, above = parts.get("sub", ""), parts.get("sup", "")
        low = f"_{_grouped(sub)}" if sub else ""
        return parts.get("e", "") + low + (f"^{_grouped(above)}" if above else "")
    if kind == "rad":
        return f"{parts.get('deg', '')}√({parts.get('e', '')})"
    if kind == "d":
        return f"({', '.join(equation(child) for child in element.iterfind(f'{MATH}e'))})"
    if kind == "nary":
        sign = element.find(f"{MATH}naryPr/{MATH}chr")
        sub, above = parts.get("sub", ""), parts.get("sup", "")
        ends = (f"_{_grouped(sub)}" if sub else "") + (f"^{_grouped(above)}" if above else "")
        return f"{sign.get(f'{MATH}val', '∫') if sign is not None else '∫'}{ends} {parts.get('e')}"
    return "".join(map(equation, element))


def numeral(number: int, form: str) -> str:
    """A number in the form that OOXML calls "decimal", "lowerLetter", "upperRoman" …"""
    is_plain = not 0 < number <= LARGEST_NUMERAL
    if form == "none":
        return ""
    if form.endswith("Letter") and not is_plain:
        repeated, letter = divmod(number - 1, 26)
        written = chr(ord("a") + letter) * (repeated + 1)
    elif form.endswith("Roman") and not is_plain:
        written = _roman(number)
    else:
        return f"{number:02}" if form == "decimalZero" else str(number)
    return written.upper() if form.startswith("upper") else written


def _roman(number: int) -> str:
    written = ""
    for value, letters in ROMAN:
        times, number = divmod(number, value)
        written += letters * times
    return written


def _transitional(archive: ZipFile) -> io.BytesIO:
    file = io.BytesIO()
    with ZipFile(file, "w", ZIP_STORED) as other:
        for entry in archive.infolist():
            content = archive.read(entry)
            if entry.filename.endswith((".xml", ".rels")):
                content = STRICT_NAMES.sub(_transitional_name, content)
            other.writestr(entry.filename, content)
    file.seek(0)
    return file


def _transitional_name(match: re.Match[bytes]) -> bytes:
    rest = NAMED_OTHERWISE.get(match[2], match[2])
    return b"http://schemas.openxmlformats.org/" + match[1] + b"/2006/" + rest


def person(author: str) -> str | None:
    """The author, unless it is a program."""
    return author if author and author not in PROGRAMS else None


def date_of(written: str | None) -> str | None:
    """A date that a file has of itself, unless a template or an empty clock gave it."""
    try:
        moment = datetime.fromisoformat((written or "").strip())
    except ValueError:
        return None
    is_template = moment.replace(tzinfo=None).isoformat() in TEMPLATE_DATES
    return None if is_template or moment.year < FIRST_YEAR else moment.isoformat()


def _drawn(element: Any) -> str:
    """The words below an element of a drawing; paragraphs and lines end in a space."""
    words = []
    for child in element.iter(f"{DRAWING}t", f"{DRAWING}br", f"{DRAWING}p"):
        words.append(child.text or "" if child.tag == f"{DRAWING}t" else " ")
    return one_line("".join(words))


def _drawn_or_cached(text: Any) -> str:
    if text is None:
        return ""
    return _drawn(text) or one_line(" ".join(v.text or "" for v in text.iter(f"{CHART}v")))


def _points(series: Any, *kinds: str) -> dict[int, str]:
    """What a chart was last drawn with, by place; figures as they are shown."""
    found = {}
    for kind in kinds:
        for cache in _caches(series.find(f"{CHART}{kind}")):
            form = cache.findtext(f"{CHART}formatCode") or "General"
            for point in cache.iterfind(f"{CHART}pt"):
                value = point.findtext(f"{CHART}v") or ""
                found[int(point.get("idx", "0"))] = _figure(value, form)
    return found


def _caches(values: Any) -> Iterator[Any]:
    for tag in ("numCache", "strCache", "numLit", "strLit", "lvl"):
        yield from () if values is None else values.iter(f"{CHART}{tag}")


def _figure(value: str, form: str) -> str:
    try:
        return shown(float(value), form)
    except ValueError:
        return one_line(value)


def _grouped(words: str) -> str:
    return words if len(words) < 2 or words.isalnum() else f"({words})"
