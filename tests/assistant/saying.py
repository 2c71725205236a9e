"""What pages say: every phrase and noun that templates, scripts and Python have."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from jinja2 import Environment, nodes

from assistant.languages import COUNTED_BY_SCRIPTS, SAID_BY_SCRIPTS
from tests.conftest import ROOT

ASSISTANT = ROOT / "assistant"
SAYING = {"phrase": 0, "later": 0, "_": 0, "counted": 1}
"""Functions that are told what is said, by which of their arguments."""


def said() -> tuple[set[str], set[str]]:
    """Phrases, and nouns that are counted."""
    calls = [call for file in _files() for call in _calls(file)]
    phrases = {words for name, words in calls if name != "counted"}
    return phrases, {words for name, words in calls if name == "counted"}


def _files() -> Iterator[Path]:
    for suffix in ("py", "html", "js"):
        yield from ASSISTANT.rglob(f"*.{suffix}")


def _calls(file: Path) -> Iterator[tuple[str, str]]:
    text = file.read_text("utf-8")
    if file.suffix == ".js":
        yield from (("_", words.replace('\\"', '"')) for words in SAID_BY_SCRIPTS.findall(text))
        yield from (("counted", noun) for noun in COUNTED_BY_SCRIPTS.findall(text))
    elif file.suffix == ".py":
        yield from _in_python(text, file.parent.name)
    else:
        yield from _in_template(text)


def _in_python(text: str, where: str) -> Iterator[tuple[str, str]]:
    """Calls of what assistant.languages has: others count for the command line."""
    tree = ast.parse(text)
    imported = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "assistant.languages"
        for alias in node.names
    }
    own = SAYING.keys() if where == "languages" else SAYING.keys() & imported
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in own:
            arguments = node.args[SAYING[node.func.id] :]
            yield from ((node.func.id, each) for each in _constants(arguments[:1]))


def _constants(arguments: list[ast.expr]) -> Iterator[str]:
    for argument in arguments:
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
            yield argument.value


def _in_template(text: str) -> Iterator[tuple[str, str]]:
    for call in Environment(autoescape=True).parse(_known(text)).find_all(nodes.Call):
        name = call.node.name if isinstance(call.node, nodes.Name) else ""
        at = SAYING.get(name)
        if at is not None and len(call.args) > at and isinstance(call.args[at], nodes.Const):
            yield name, str(call.args[at].value)  # type: ignore[attr-defined]


def _known(text: str) -> str:
    """Filters that this environment does not know do not matter here."""
    return re.sub(r"\|\s*(?:as_typed|lines|markdown|figure|grouped|iso|moment|retold)\b", "", text)
