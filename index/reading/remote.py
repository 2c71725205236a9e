"""Documents at an address (s3://, gs://, az:// and whatever else fsspec knows) as a folder here.

What is there is fetched into the home, and again once it has changed; then it is a folder like any
other, with its rights.toml. The only file that imports fsspec.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from index.errors import MissingSource, ReaderUnavailable
from index.reading.files import SUFFIXES, suffix_of
from index.reading.finding import HIDDEN, shown
from index.rights.files import NAME as RIGHTS_FILE

ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://")

KEPT = "fetched"
"""The folder in the home with what was fetched, a folder for each address."""

NOTES = ".fetched.json"
"""What is noted there of each file: a digest of what the store said of it."""

TROUBLES = {
    "botocore.exceptions": "BotoCoreError",
    "google.auth.exceptions": "GoogleAuthError",
    "azure.core.exceptions": "AzureError",
    "aiohttp": "ClientError",
}
"""What libraries of stores raise that is no OSError, by the module that has it."""


def is_address(path: str) -> bool:
    """Does it name something elsewhere?"""
    return ADDRESS.match(path) is not None


def place_of(address: str, home: Path) -> Path:
    """The folder here of what is at an address."""
    return home / KEPT / hashlib.sha256(address.rstrip("/").encode()).hexdigest()[:16]


def fetch_all(address: str, home: Path) -> Path:
    """Bring the folder of an address in line with what is there, and say where it is. Raises
    MissingSource where nothing can be had, ReaderUnavailable for a store whose library is not
    installed."""
    try:
        from fsspec.core import url_to_fs

        store, root = url_to_fs(address)
    except (ImportError, ValueError) as error:
        raise ReaderUnavailable(
            f"{address} cannot be opened: {error}. Install what speaks to such stores with: "
            "pip install 'onrecord[remote]'"
        ) from error
    folder = place_of(address, home)
    try:
        found = _readable(store.find(root, detail=True), root)
        if not found:
            raise MissingSource(f"There is nothing at {address} that can be read.")
        folder.mkdir(parents=True, exist_ok=True)
        _bring_in_line(store, found, folder)
    except _troubles() as error:
        raise MissingSource(
            f"{address} cannot be fetched: {shown(str(error))}. Check the address, and that this "
            "computer may read there."
        ) from error
    return folder


def _readable(infos: Mapping[str, Mapping[str, Any]], root: str) -> dict[str, tuple[str, str]]:
    """Files by their paths below the root: what the store calls each, and a digest of what it says
    of it. As in a folder, hidden ones and other kinds are passed over."""
    found = {}
    for name, info in infos.items():
        path = PurePosixPath(name)
        inner = path.name if name == root else str(path.relative_to(PurePosixPath(root)))
        parts = PurePosixPath(inner).parts
        is_read = suffix_of(Path(inner)) in SUFFIXES or parts[-1] == RIGHTS_FILE
        if is_read and not any(part.startswith(HIDDEN) for part in parts):
            said = repr(sorted((key, str(value)) for key, value in info.items()))
            found[inner] = name, hashlib.sha256(said.encode()).hexdigest()
    return found


def _bring_in_line(store: Any, found: Mapping[str, tuple[str, str]], folder: Path) -> None:
    """Fetch what is new or changed, take away what is gone; what was done stays noted."""
    notes = folder / NOTES
    noted: dict[str, str] = json.loads(notes.read_text("utf-8")) if notes.exists() else {}
    try:
        for inner in sorted(noted.keys() - found.keys()):
            (folder / inner).unlink(missing_ok=True)
            del noted[inner]
        for inner, (name, digest) in found.items():
            if noted.get(inner) == digest and (folder / inner).exists():
                continue
            file = folder / inner
            file.parent.mkdir(parents=True, exist_ok=True)
            fresh = file.with_name(f".{os.getpid()}.{hashlib.sha256(inner.encode()).hexdigest()}")
            store.get_file(name, str(fresh))
            fresh.replace(file)
            noted[inner] = digest
    finally:
        fresh = folder / f"{NOTES}.{os.getpid()}"
        fresh.write_text(json.dumps(noted, ensure_ascii=False), "utf-8")
        fresh.replace(notes)


def _troubles() -> tuple[type[Exception], ...]:
    """Those of the libraries that are in use by now."""
    used = [(sys.modules[m], name) for m, name in TROUBLES.items() if m in sys.modules]
    return OSError, *(getattr(module, name) for module, name in used)
