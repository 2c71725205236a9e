"""A file to what is embedded and written of it: its document, the passages, who says what.

Whatever goes wrong in that is this file's reason, and no other file's: nobody foresees every text.
"""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from index.attribution.languages import Attributor
from index.chunking import TokenCounter, chunk
from index.documents import Document, Passage, Statement
from index.errors import IndexingError, UnreadableFile
from index.reading.loading import Content, load
from index.timing import Clock

RECIPE = "13"
"""The version of reading, chunking and attributing. A new one makes every file count as changed."""


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
    statements = attributor.attribute(document)
    clock.lap("attribute")
    of_the_bytes = {
        "digest": digest_of(content),
        "modified_ns": content.modified_ns,
        "size": len(content.data),
    }
    return Prepared(document, passages, statements, of_the_bytes)


def digest_of(content: Content) -> str:
    """Of these bytes, prepared in this way."""
    return f"{RECIPE}:{content.digest}"


def is_current(digest: str) -> bool:
    """Is it of something that was prepared in this way?"""
    return digest.startswith(f"{RECIPE}:")


def _where(error: BaseException) -> str:
    """What an error is and where it arose; its words may be the file's."""
    frame, line = [*traceback.walk_tb(error.__traceback__)][-1]
    return f"{type(error).__name__} in {frame.f_globals['__name__']}, line {line}"
