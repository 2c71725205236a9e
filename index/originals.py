"""The file that a document was read from, as long as it is still the same; of one that was added
also those whose place it took."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from index.documents import Principal
from index.errors import DocumentNotFound, OriginalGone, UnreadableFile
from index.reading.finding import place_of_upload
from index.reading.loading import Content, fetch
from index.stores.protocols import Catalog
from index.stores.stored import FileState

ADDRESS = ".address"
"""Beside a document that was added from the web: where it was, as JSON."""

EARLIER = ".earlier"
"""In the folder of a document that was added: the files that it replaced, each in a folder that is
called by the time of that."""

REPLACED = "%Y%m%dT%H%M%S.%f%z"


@dataclass(frozen=True, slots=True)
class EarlierVersion:
    """A file whose place another one took, what it is asked for by, when that was, and its size in
    bytes."""

    id: str
    replaced: datetime
    path: Path
    size: int


def place_of_version(place: Path) -> Path:
    """Where a file is kept that is replaced now, in the folder of its document."""
    now = datetime.now(UTC).strftime(REPLACED).replace("+0000", "Z")
    return place / EARLIER / now


def earlier_versions(
    catalog: Catalog, document_id: str, principal: Principal
) -> list[EarlierVersion]:
    """The files that a document has replaced, the latest first. Raises DocumentNotFound."""
    place = place_of_upload(Path(catalog.file_of(document_id, principal).path))
    kept = sorted((place / EARLIER).glob("*/*"), reverse=True) if place else []
    return [
        EarlierVersion(
            path.parent.name,
            datetime.strptime(path.parent.name, REPLACED),
            path,
            path.stat().st_size,
        )
        for path in kept
    ]


def earlier_version(
    catalog: Catalog, document_id: str, principal: Principal, version: str
) -> Content:
    """The bytes of one of these. Raises DocumentNotFound, for one that is not there, too."""
    for each in earlier_versions(catalog, document_id, principal):
        if each.id == version:
            return fetch(each.path, each.path.name)
    raise DocumentNotFound(f"There is no earlier version {version} of this document.")


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
