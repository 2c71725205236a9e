"""What differs between files and the index: what is to be made, touched and removed."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from index.documents import LOCAL_USER
from index.events import Change, FileDone
from index.making.preparing import Prepared, is_current
from index.reading.finding import Links, find_files, is_upload, place_of_upload, shown
from index.rights.files import Grants
from index.stores.protocols import Catalog
from index.stores.stored import FileState


@dataclass(frozen=True, slots=True)
class Task:
    """A file that is new or may have changed; `real` is where it is if `path` has a link in it.
    Its state has the digest that the index knows. It may have been prepared before."""

    path: Path
    real: Path
    state: FileState
    known: bool
    prepared: Prepared | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What differs between the files and the index. `passed` are files and folders that
    cannot be used, whose documents stay as they are, and links that are not followed;
    `others` as in `Summary`."""

    tasks: tuple[Task, ...]
    touched: tuple[FileState, ...]
    removed: tuple[FileState, ...]
    unchanged: tuple[FileState, ...]
    passed: tuple[FileDone, ...] = ()
    others: Mapping[str, int] = field(default_factory=dict)


def compare(
    catalog: Catalog,
    paths: Sequence[Path],
    grants: Grants,
    prepared: Mapping[Path, Prepared],
    *,
    follow_links: bool,
) -> Plan:
    """What is to be done so that the index says what the files say, and who may read them."""
    tasks: list[Task] = []
    touched: list[FileState] = []
    removed: list[FileState] = []
    unchanged: list[FileState] = []
    passed: list[FileDone] = []
    others = Counter[str]()
    roots = [Path(root) for root in catalog.roots()]
    for path in outermost(paths):
        root = _outermost_root(path, roots)
        listing = find_files(path, Links(root, grants, outside=follow_links))
        known = {state.path: state for state in catalog.files(str(path))}
        for file, _ in listing.files:
            state = known.pop(str(file), None)
            current = _current_state(file, root, state)
            if state is None or not _looks_unchanged(current, state):
                real, known_before = listing.real[file], state is not None
                tasks.append(Task(file, real, current, known_before, prepared.get(file)))
                continue
            unchanged.append(current)
            if current != state:
                touched.append(current)
        removed += [state for state in known.values() if _is_gone(Path(state.path), listing.closed)]
        passed += _told("unreadable", listing.closed) + _told("skipped", listing.links)
        others += listing.others
    return Plan(
        tuple(tasks), tuple(touched), tuple(removed), tuple(unchanged), tuple(passed), others
    )


def _told(change: Change, reasons: Mapping[Path, str]) -> list[FileDone]:
    return [FileDone(shown(path), change, reason=why) for path, why in reasons.items()]


def _is_gone(file: Path, closed: Iterable[Path]) -> bool:
    """Was it looked for, and is it not there?"""
    return not is_upload(file) and not any(file.is_relative_to(path) for path in closed)


def outermost(paths: Sequence[Path]) -> list[Path]:
    """Each path once, without those inside another one."""
    unique = dict.fromkeys(path.resolve() for path in paths)
    return [path for path in unique if not any(other in path.parents for other in unique)]


def _outermost_root(path: Path, roots: Sequence[Path]) -> Path:
    """The largest indexed folder that holds the path, by which its files are named; of what was
    added the folder that was made for it."""
    if place := place_of_upload(path):
        return place
    above = [root for root in roots if path.is_relative_to(root) and root.is_dir()]
    return min(above, key=lambda root: len(root.parts), default=path)


def _current_state(file: Path, root: Path, known: FileState | None) -> FileState:
    """The file as it is now, unread: its digest is the one that the index knows."""
    modified_ns, size = _time_and_size(file)
    return FileState(
        document_id=known.document_id if known else document_id(file),
        path=str(file),
        root=str(root),
        name=shown(file.name if file == root else file.relative_to(root).as_posix()),
        digest=known.digest if known else "",
        modified_ns=modified_ns,
        size=size,
        passages=known.passages if known else 0,
    )


def _looks_unchanged(current: FileState, known: FileState) -> bool:
    """By size and time, and read by this recipe."""
    same = (known.modified_ns, known.size) == (current.modified_ns, current.size)
    return same and is_current(known.digest)


def _time_and_size(file: Path) -> tuple[int, int]:
    try:
        status = file.stat()
    except OSError:
        return 0, 0  # `fetch` says why
    return status.st_mtime_ns, status.st_size


def id_at(catalog: Catalog, file: Path) -> str:
    """The id of the document that this file is, or would be."""
    known = (state.document_id for state in catalog.files(str(file)) if state.path == str(file))
    return next(known, None) or document_id(file)


def path_of(catalog: Catalog, document_id: str) -> Path:
    """Where a document's file is, for an operator. Raises DocumentNotFound."""
    return Path(catalog.file_of(document_id, LOCAL_USER).path)


def document_id(file: Path) -> str:
    """The same for every version of the file at this place; it stays if the file is moved with
    the whole index."""
    return hashlib.sha256(file.as_posix().encode("utf-8", "surrogateescape")).hexdigest()[:16]
