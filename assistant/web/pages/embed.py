"""The frame that portals show, and the script that puts it there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import FileResponse, HTMLResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from assistant.rendering.templating import render
from assistant.web.entry import doors
from assistant.web.entry.policies import DATA_POLICY, frame_policy

FILES = Path(__file__).parents[1] / "embed_files"
SCRIPT_KEPT = "public, max-age=300"
"""Portals get a new loader within minutes."""


def add_embed_pages(app: FastAPI, embeds: Mapping[str, Sequence[str]]) -> None:
    """The routes /embed.js, /embed/{embed} and /embed-files; `embeds` has the origins that
    may show each of them."""

    @app.get("/embed.js")
    @doors.files("public", for_other_sites=True)
    def loader() -> Response:
        headers = {"Cache-Control": SCRIPT_KEPT}
        return FileResponse(FILES / "embed.js", media_type="text/javascript", headers=headers)

    @app.get("/embed/{embed}")
    @doors.page("public", DATA_POLICY, own_policy=True)
    def frame(embed: str) -> Response:
        if embed not in embeds:
            raise HTTPException(404, "There is no such embed.")
        origins = embeds[embed]
        html = render("web/embed.html", embed=embed, origins=origins)
        return HTMLResponse(html, headers={"Content-Security-Policy": frame_policy(origins)})

    app.mount("/embed-files", doors.files("public")(StaticFiles(directory=FILES)))
