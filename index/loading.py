"""Files to documents: one text with stable offsets, and what the format says of it.

`READERS` maps each suffix to its reader. Text and Markdown are kept exactly as they
stand in the file, so that offsets into the file are offsets into the document.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from index import formats
from index.documents import Document, Source
from index.errors import MissingSource, UnreadableFile
from index.formats import Reading

LARGEST_FILE = 200_000_000
"""Bytes. What is larger is hardly a document, and is read whole into memory."""

READERS: Mapping[str, Callable[[Path], Reading]] = {
    ".txt": formats.read_text,
    ".md": formats.read_markdown,
    ".html": formats.read_html,
    ".htm": formats.read_html,
    ".pdf": formats.read_pdf,
    ".docx": formats.read_word,
    ".pptx": formats.read_powerpoint,
    ".xlsx": formats.read_excel,
    ".csv": formats.read_csv,
    ".json": formats.read_json,
    ".jsonl": formats.read_json_lines,
    ".epub": formats.read_epub,
    ".eml": formats.read_mail,
}

SUFFIXES = frozenset(READERS)


def load(path: Path, name: str, document_id: str) -> Document:
    """The document of a file. Raises UnreadableFile, which names it and says why."""
    try:
        reading = _read(path)
    except formats.NotReadable as problem:
        raise UnreadableFile(f"{name} {problem}") from problem
    except OSError as error:
        raise UnreadableFile(f"{name} cannot be opened: {error.strerror or error}.") from error
    title = reading.title.strip() or _prettified(path.stem)
    source = Source(
        id=document_id,
        name=name,
        title=title,
        version=_version(reading, title),
        published=reading.published or None,
        byline=reading.byline.strip() or None,
    )
    return Document(source, reading.text, reading.page_starts, reading.headings)


def find_files(path: Path) -> list[tuple[Path, str]]:
    """The readable files of a folder with their names below it, or one file with its own.

    Hidden files and folders are passed over. Raises MissingSource for a path that is
    not there or holds nothing readable.
    """
    if path.is_file():
        return [(path, path.name)]
    if not path.is_dir():
        raise MissingSource(f"There is no file or folder {path}. Nothing was changed.")
    files = sorted((file.relative_to(path).as_posix(), file) for file in _readable(path))
    if not files:
        raise MissingSource(
            f"{path} holds no file that can be read, so nothing was changed. "
            f"What can be read: {' '.join(sorted(SUFFIXES))}. To remove its documents from "
            f"the index: onrecord index --forget {path}"
        )
    return [(file, name) for name, file in files]


def _readable(folder: Path) -> Iterator[Path]:
    """Every file below the folder that has a reader; links to folders are not followed."""
    for entry in folder.iterdir():
        if entry.name.startswith((".", "~$")):
            continue
        if entry.is_dir():
            if not entry.is_symlink():
                yield from _readable(entry)
        elif entry.suffix.lower() in SUFFIXES and entry.is_file():
            yield entry


def _read(path: Path) -> Reading:
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise formats.NotReadable(
            f"is of a kind that cannot be read. What can be: {' '.join(sorted(SUFFIXES))}."
        )
    size = path.stat().st_size
    if size > LARGEST_FILE:
        raise formats.NotReadable(
            f"has {size / 1e6:,.0f} MB; at most {LARGEST_FILE / 1e6:,.0f} MB are read. Divide it."
        )
    reading = reader(path)
    if not reading.text.strip():
        raise formats.NotReadable("is empty: it holds no text.")
    return reading


def _version(reading: Reading, title: str) -> str:
    """Of what was read: another text or another byline is another version."""
    parts = (reading.text, title, reading.published, reading.byline)
    joined = "\0".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.sha256(joined).hexdigest()[:16]


def _prettified(stem: str) -> str:
    """minutes-of_march becomes "minutes of march"; one long code stays as it is."""
    words = stem.replace("_", " ").replace("-", " ").split()
    return " ".join(words) if len(words) > 1 and not stem[0].isdigit() else stem
