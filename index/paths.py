"""Where links lead."""

from __future__ import annotations

import os
from pathlib import Path


def real_path(path: Path) -> Path:
    """The path without links. One that changes at that very moment stays as it is: whoever opens
    it finds what has become of it."""
    try:
        return Path(os.path.realpath(path))
    except OSError:
        return path
