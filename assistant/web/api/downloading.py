"""Files that are sent to be kept: nothing in them is shown or run in a page of ours."""

from __future__ import annotations

from pathlib import PurePosixPath
from urllib.parse import quote

from fastapi.responses import Response

from index.reading.loading import Content


def download(content: Content) -> Response:
    """A file under its own name, whatever its kind."""
    name = quote(PurePosixPath(content.name).name, safe="")
    return Response(
        content.data,
        media_type="application/octet-stream",
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{name}"},
    )
