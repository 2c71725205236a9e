"""Templates: what they print is escaped, and nothing hides in it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from jinja2 import UndefinedError

from assistant.rendering.templating import ROOMS, embedded, part, render, visible
from tests.conftest import ROOT

HIDDEN = "a\U000e0041\u202eb\u200bc\x1b[31m"

MARKUP = re.compile(r"(?<!\(\?P)</?[a-zA-Z]")
"""The beginning of a tag, and not of a named group."""

SMALLEST = {"assistant/rendering/templating.py": ["<br>"]}
"""Fragments that stand in no template."""

FOLDERS = ("assistant/web", "assistant/evaluation", "assistant/rendering")


def paragraph(words: str) -> str:
    return part("rendering/parts.html", "paragraph", "note", words)


def test_what_a_template_prints_is_words() -> None:
    """Never markup."""
    hostile = "<b onclick='x' title=\"y\">&amp;"
    assert "<b" not in paragraph(hostile)
    assert "&lt;b onclick=&#39;x&#39; title=&#34;y&#34;&gt;&amp;amp;" in paragraph(hostile)


def test_characters_that_cannot_be_seen_are_dropped() -> None:
    """Tags and direction overrides can hide or turn words: in text as in attributes."""
    assert visible(HIDDEN) == "abc[31m"
    assert paragraph(HIDDEN) == '<p class="note">abc[31m</p>'
    page = render("web/notice.html", title=HIDDEN, why="", address=f"/{HIDDEN}", link="")
    assert "<h1>abc[31m</h1>" in page
    assert 'href="/abc[31m"' in page


def test_what_is_sent_back_is_as_it_was_typed() -> None:
    """With every character, and escaped all the same."""
    field = part("web/parts.html", "hidden", "question", f'{HIDDEN}">')
    assert field == f'<input type="hidden" name="question" value="{HIDDEN}&#34;&gt;">'


def test_the_lines_of_a_text_stay_lines() -> None:
    """With no line end left: Markdown would begin anew after an empty one."""
    assert paragraph("a\n\n<b>") == '<p class="note">a<br><br>&lt;b&gt;</p>'


@pytest.mark.parametrize("word", ["👩\u200d👧", "می\u200cخواهم"])
def test_joiners_within_words_and_emoji_are_kept(word: str) -> None:
    """Without them it is another word or another picture than the document has."""
    assert visible(word) == word


def test_a_value_that_a_template_misses_is_an_error() -> None:
    """Rather than a gap in the page."""
    with pytest.raises(UndefinedError):
        render("web/notice.html", title="x")


def test_data_in_a_script_cannot_end_it() -> None:
    assert embedded({"a": "</script>&"}) == '{"a":"\\u003c/script\\u003e\\u0026"}'


@pytest.mark.parametrize("room", ROOMS)
def test_every_template_compiles_and_marks_nothing_as_safe(room: str) -> None:
    """There is one escaper, and no template goes around it."""
    folder = ROOT / "assistant" / ROOMS[room]
    for file in folder.rglob("*.*"):
        words = file.read_text("utf-8")
        assert not re.search(r"\|\s*safe\b|autoescape|Markup", words), file
    assert [*folder.rglob("*.html")]


def markup_in(module: Path) -> list[str]:
    """What of a module's strings looks like markup, but for its docstrings."""
    tree = ast.parse(module.read_text("utf-8"))
    said = {
        node.value
        for parent in ast.walk(tree)
        if isinstance(body := getattr(parent, "body", None), list)
        for node in body
        if isinstance(node, ast.Expr)
    }
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and node not in said
        and MARKUP.search(node.value)
    ]


def test_no_markup_stands_in_a_python_string() -> None:
    """Pages are made by templates."""
    found = {}
    for folder in FOLDERS:
        for module in (ROOT / folder).rglob("*.py"):
            name = module.relative_to(ROOT).as_posix()
            if markup := markup_in(module):
                found[name] = markup
    assert found == SMALLEST


def test_only_the_templates_escape() -> None:
    """No module escapes by hand."""
    for module in (ROOT / "assistant").rglob("*.py"):
        words = module.read_text("utf-8")
        assert not re.search(r"html\.escape|from html import escape", words), module
