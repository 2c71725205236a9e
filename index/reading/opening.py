"""How a file is opened, so that it is the one that was found."""

from __future__ import annotations

import os
from io import BufferedReader
from pathlib import Path

SEARCH_ONLY = getattr(os, "O_PATH", os.O_RDONLY)
"""To go through a folder that may be entered and not be listed."""


def open_real(path: Path) -> BufferedReader:
    """Open a file by a path that has no link in it. Raises OSError if it has one now: somebody
    put it there after the path was looked at."""
    folder = os.open(path.anchor, SEARCH_ONLY)
    try:
        for part in path.parts[1:-1]:
            flags = SEARCH_ONLY | os.O_DIRECTORY | os.O_NOFOLLOW
            inner = os.open(part, flags, dir_fd=folder)
            os.close(folder)
            folder = inner
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK  # or a pipe would be waited for
        return os.fdopen(os.open(path.name, flags, dir_fd=folder), "rb")
    finally:
        os.close(folder)
