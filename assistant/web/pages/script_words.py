"""What the scripts of pages say in another language than English."""

from __future__ import annotations

import json
from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from assistant.browsing.documents import kind_of
from assistant.languages import ENGLISH, LANGUAGES, speaking, words_for
from assistant.web.entry import doors
from index.reading.files import READERS

SCRIPTS = Path(__file__).parents[1] / "static"

KEPT = {"Cache-Control": "max-age=300"}
"""So that it goes from page to page, and a new version is heard soon."""


def add_words(app: FastAPI) -> None:
    """The route /words/LANGUAGE.js."""
    kinds = {kind_of(f"x{suffix}") for suffix in READERS}
    scripts = [file.read_text("utf-8") for file in SCRIPTS.glob("*.js")]

    @app.get("/words/{code}.js")
    @doors.files("public")
    def words(code: str) -> Response:
        if code not in LANGUAGES or code == ENGLISH:
            raise HTTPException(404, "There is nothing at this address.")
        with speaking(code):
            said = json.dumps(words_for(scripts, kinds), ensure_ascii=False)
        script = f"globalThis.WORDS = {said};"
        return Response(script, media_type="text/javascript; charset=utf-8", headers=KEPT)
