"""What is where in the home of an index, and where links lead."""

from __future__ import annotations

import os
from pathlib import Path

CATALOG = "catalog.sqlite3"
"""A folder that holds a file of this name is the home of an index."""

IN_A_HOME = (CATALOG, "writer.lock")
"""What tells the home of an index; its catalog may be on a server."""

UPLOADS = "uploads"
"""The folder in it with documents that did not come from an indexed folder."""


def real_path(path: Path) -> Path:
    """The path without links. One that changes at that very moment stays as it is: whoever opens
    it finds what has become of it."""
    try:
        return Path(os.path.realpath(path))
    except OSError:
        return path
