"""The file that a document was read from, as long as it is still the same."""

from __future__ import annotations

import json
from pathlib import Path

from index.documents import Principal
from index.errors import OriginalGone, UnreadableFile
from index.reading.finding import place_of_upload
from index.reading.loading import Content, fetch
from index.stores.protocols import Catalog
from index.stores.stored import FileState

ADDRESS = ".address"
"""Beside a document that was added from the web: where it was, as JSON."""


def address_of(catalog: Catalog, document_id: str, principal: Principal) -> str | None:
    """Where on the web a document was taken from; None for every other. Raises
    DocumentNotFound."""
    place = place_of_upload(Path(catalog.file_of(document_id, principal).path))
    try:
        noted = json.loads((place / ADDRESS).read_text("utf-8")) if place else None
    except (OSError, ValueError):
        return None  # it was not taken from the web
    return noted if isinstance(noted, str) and noted.startswith(("http://", "https://")) else None


def original_of(catalog: Catalog, document_id: str, principal: Principal) -> Content:
    """Its bytes, for whoever may read the document. Raises DocumentNotFound for everybody else,
    OriginalGone where there is another file now or none.

    The bytes are compared, so nobody gets anything but what was indexed, whatever stands at the
    path now.
    """
    return content_of(catalog.file_of(document_id, principal))


def content_of(state: FileState) -> Content:
    """The bytes of a file that was indexed. Raises OriginalGone."""
    try:
        content = fetch(Path(state.path), state.name)
    except UnreadableFile as error:
        raise OriginalGone(
            f"The file that {state.name} was read from is not there any more. Its text is."
        ) from error
    if content.digest != digest_of(state):
        raise OriginalGone(
            f"{state.name} has changed since it was indexed. Index it again, then it can be had."
        )
    return content


def digest_of(state: FileState) -> str:
    """The digest of the bytes that were indexed."""
    return state.digest.rpartition(":")[2]  # behind how they were read
