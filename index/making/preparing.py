"""A file to what is embedded and written of it: its document, the passages, who says what.

Whatever goes wrong in that is this file's reason, and no other file's: nobody foresees every text.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from index.attribution.languages import Attributor
from index.chunking import TokenCounter, chunk
from index.documents import Document, Passage, Statement
from index.errors import IndexingError, UnreadableFile
from index.reading.files import sentences_in
from index.reading.loading import Content, load
from index.timing import Clock

RECIPE = "16"
"""The version of reading, chunking, attributing and embedding. A new one makes every file count as
changed."""


MOST_SENTENCES = 150_000
"""Sentences and lines of a document in which is looked for who says what. War and Peace has
30,000, and 100,000 take about 20 s of a processor."""

OVERLONG = re.compile(r"[^\n]{50000,}")
"""A line in which nobody is looked for: people write none like it, and the time for a million
quotation marks or names in one grows with the square of their number."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document with its passages and statements, and what is noted of the very bytes that it
    was read from: fields of FileState."""

    document: Document
    passages: list[Passage]
    statements: tuple[Statement, ...]
    of_the_bytes: Mapping[str, Any]


def prepare(
    content: Content, document_id: str, counter: TokenCounter, attributor: Attributor
) -> Prepared:
    """What is in a file. Raises UnreadableFile, which says why and what to do; other
    IndexingErrors and OSErrors are about the machine."""
    try:
        return _prepared(content, document_id, counter, attributor)
    except (IndexingError, OSError, ImportError, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic of a library in Rust is no Exception
        raise UnreadableFile(
            f"{content.name} cannot be made sense of ({_where(error)}). That is a fault of this "
            "program: report it, and leave the file out until it is mended."
        ) from error


def _prepared(
    content: Content, document_id: str, counter: TokenCounter, attributor: Attributor
) -> Prepared:
    clock = Clock()
    document = load(content, document_id)
    clock.lap("read")
    passages = chunk(document, counter)
    clock.lap("chunk")
    document, statements = _attributed(document, attributor)
    clock.lap("attribute")
    of_the_bytes = {
        "digest": digest_of(content),
        "modified_ns": content.modified_ns,
        "size": len(content.data),
    }
    return Prepared(document, passages, statements, of_the_bytes)


def _attributed(
    document: Document, attributor: Attributor
) -> tuple[Document, tuple[Statement, ...]]:
    """The statements of all that people may have written, and the document with what is none of
    that counted as left out."""
    if sentences_in(document.text) > MOST_SENTENCES:
        return _leaving_out(document, "search for statements", 1), ()
    text, overlong = OVERLONG.subn(lambda line: " " * len(line[0]), document.text)
    statements = attributor.attribute(replace(document, text=text) if overlong else document)
    return _leaving_out(document, "overlong line", overlong), statements


def _leaving_out(document: Document, what: str, count: int) -> Document:
    if not count:
        return document
    return replace(document, left_out={**document.left_out, what: count})


def digest_of(content: Content) -> str:
    """The digest of these bytes, prepared in this way."""
    return f"{RECIPE}:{content.digest}"


def is_current(digest: str) -> bool:
    """Is it of something that was prepared in this way?"""
    return digest.startswith(f"{RECIPE}:")


def _where(error: BaseException) -> str:
    """What an error is and where it arose; its words may be the file's."""
    frame, line = [*traceback.walk_tb(error.__traceback__)][-1]
    return f"{type(error).__name__} in {frame.f_globals['__name__']}, line {line}"
