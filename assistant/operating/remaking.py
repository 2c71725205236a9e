"""Makes the catalog anew where it is damaged: from the folders that were indexed, from what was
added, and from what can still be read of who may read what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.building import open_anew
from assistant.settings import Settings
from index.english.spelling import counted
from index.events import IngestEvent
from index.ingesting import sync
from index.paths import CATALOG
from index.planning import document_id
from index.reading.files import SUFFIXES, suffix_of
from index.reading.finding import find_files, uploads_in
from index.rights.deciding import NOTHING_SAID, Rights
from index.stores.protocols import Catalog
from index.stores.salvaging import Salvaged, salvage


@dataclass(frozen=True, slots=True)
class Note:
    """Something that a person has to know of a command."""

    words: str


def remake(settings: Settings, folders: Sequence[Path]) -> Iterator[IngestEvent | Note]:
    """Index these folders and the home's uploads into a new catalog; the earlier one is kept
    aside. Raises MissingSource before anything is changed, IndexBusy, IndexNotFound.

    What was closed stays closed: where rights that were set by hand cannot be read, every
    document is its operator's only, by hand.
    """
    files = [file for folder in folders for file, _ in find_files(folder).files]
    uploads = _uploads(settings.home)
    salvaged = salvage(settings.home / CATALOG)

    def keep(catalog: Catalog) -> None:
        _keep(catalog, salvaged, files, uploads)

    with open_anew(settings, "rebuild", keep) as (opened, aside):
        if aside:
            yield Note(f"The earlier catalog is kept as {aside}.")
        yield from _told(salvaged, uploads)
        opened.stores.rebuild()
        yield from sync(opened.stores, [*folders, *uploads])


def _uploads(home: Path) -> list[Path]:
    return [file for file in uploads_in(home) if suffix_of(file) in SUFFIXES]


def _keep(
    catalog: Catalog, salvaged: Salvaged, files: Sequence[Path], uploads: Sequence[Path]
) -> None:
    """Before anything is indexed, so that nothing is open even for a moment."""
    by_hand = dict(salvaged.by_hand or {})
    if salvaged.by_hand is None:
        by_hand |= {document_id(file): NOTHING_SAID.rights for file in files}
    for file in uploads:
        by_hand.setdefault(document_id(file), _given(salvaged, file))
    with catalog.writing():
        for path, rights in (salvaged.given or {}).items():
            catalog.give_rights(path, rights)
        for id, rights in by_hand.items():
            catalog.set_by_hand(id, rights)
        for name, id, becomes in salvaged.corrections or ():
            catalog.edit_speaker(name, becomes, id)


def _given(salvaged: Salvaged, upload: Path) -> Rights:
    """What an upload says itself of its readers does not count. Where rights by hand are lost,
    so is whether somebody closed it since."""
    if salvaged.given is None or salvaged.by_hand is None:
        return NOTHING_SAID.rights
    return salvaged.given.get(str(upload), NOTHING_SAID.rights)


def _told(salvaged: Salvaged, uploads: Sequence[Path]) -> Iterator[Note]:
    if salvaged.by_hand is None:
        yield Note(
            "Rights that were set by hand cannot be read, so nobody but its operator may read "
            "any document now. To let those read that files name: onrecord rights '*' "
            "--as-files-say"
        )
    if salvaged.given is None:
        yield Note(
            "Who may read was kept for some paths, perhaps, and cannot be read. Say it again: "
            "onrecord index FOLDER --readers …"
        )
    if uploads and (salvaged.given is None or salvaged.by_hand is None):
        yield Note(
            f"Whose the {counted(len(uploads), 'added document')} were cannot be read. Say it with "
            "onrecord rights NAME --owner …"
        )
    if salvaged.corrections is None:
        yield Note(
            "Corrections of speakers cannot be read. Say them again: onrecord statements --merge"
        )
