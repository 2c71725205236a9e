"""Short texts of each kind, with what is said in them and by whom. All are made up.

`kinds.txt` has sentences and lines, headed "## kind"; NAME.marked is a whole document, named as
its file would be. Below the text (in documents below =====) stands a statement a line:

    = Speaker/another right name | words … further words        (?: right, but nobody needs it)
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
STATEMENT = re.compile(r"(?P<optional>\??)(?:= )?(?P<names>[^|\n]+?) \| (?P<content>.+)")
NOBODY = "None"


def documents() -> Iterator[tuple[str, dict[str, Any]]]:
    """Whole documents as cases, by the names of their files."""
    for file in sorted(FOLDER.glob("*.marked")):
        text, _, gold = file.read_text("utf-8").partition("\n=====\n")
        yield file.stem, _case(file.stem, text + "\n", gold.splitlines(), Path(file.stem).stem)


def sentences() -> Iterator[tuple[str, dict[str, Any]]]:
    """The short ones, by their kinds and numbers."""
    numbers: Counter[str] = Counter()
    whole = (FOLDER / "kinds.txt").read_text("utf-8")
    for part in re.split(r"^## ", whole, flags=re.MULTILINE)[1:]:
        kind, _, body = part.partition("\n")
        lines = body.rstrip("\n").split("\n")
        gold = [line for line in lines if line.startswith(("= ", "?= "))]
        text = "\n".join(line for line in lines if line not in gold).strip("\n") + "\n"
        numbers[kind] += 1
        yield f"{kind}-{numbers[kind]}", _case("x.txt", text, gold, "short")


def _case(name: str, text: str, gold: list[str], genre: str) -> dict[str, Any]:
    statements = [_statement(match) for match in map(STATEMENT.fullmatch, gold) if match]
    return {"text": text, "doc": name, "genre": genre, "statements": statements}


def _statement(match: re.Match[str]) -> dict[str, Any]:
    names = match["names"].split("/")
    return {
        "speaker": None if NOBODY in names else names[0],
        "also": names[1:],
        "content": match["content"].split(" … "),
        "optional": bool(match["optional"]),
    }
