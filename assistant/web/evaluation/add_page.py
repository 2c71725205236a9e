"""Below an answer of the chat: to which question set is it added? Opens beside it."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape as attribute

from assistant.evaluation.sets.collecting import DEFAULT_SET, Answered
from assistant.evaluation.sets.sets import Row
from assistant.rendering.answers import escape
from assistant.web.evaluation.pages import set_address
from assistant.web.pages.frame import problem
from index.english.spelling import counted

PAGE = """<!doctype html>
<html lang="en" data-theme="{theme}">
<head>
<meta charset="utf-8">
<meta name="referrer" content="same-origin">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Add to question set · On Record</title>
<link rel="icon" href="/page-files/icon.svg">
<link rel="stylesheet" href="/page-files/frame.css">
<link rel="stylesheet" href="/page-files/evaluation.css">
</head>
<body class="beside"><main id="add">{body}</main></body>
</html>
"""

FORM = """<h1>Add to question set</h1>{problem}
<p class="asked">{question}</p><p class="words">{about}</p>{evidence}
<form method="post" action="/evaluation/add">
<input type="hidden" name="answer" value="{answer}">
<input type="hidden" name="theme" value="{theme}">
<label for="questions">Question set</label>
<select id="questions" name="questions">{sets}</select>
<label for="other">or a new one</label>
<input id="other" name="other" placeholder="name" pattern="[A-Za-z0-9][A-Za-z0-9_\\-]*"
maxlength="64" autocomplete="off">
<p class="ends"><button class="main">Add</button></p></form>"""

GONE = """<h1>Add to question set</h1>
<p class="words">The server does not remember this answer any more. Ask the question again.</p>"""

ADDED = """<h1 role="status">Added to {name}</h1><p class="asked">{question}</p>
<p><a href="{address}" target="_top">See it in the set</a></p>"""


def add_page(
    answer: str, answered: Answered | None, sets: Sequence[str], theme: str, wrong: str = ""
) -> str:
    """What would be added, and where to."""
    if answered is None:
        return _page(GONE, theme)
    row = answered.as_row()
    names = dict.fromkeys([DEFAULT_SET, *sets])
    body = FORM.format(
        problem=problem(wrong),
        question=escape(row["question"]),
        about=escape(_about(row)),
        evidence="".join(f"<blockquote>{escape(e['text'])}</blockquote>" for e in row["evidence"]),
        answer=attribute(answer),
        theme=_theme(theme),
        sets="".join(f"<option>{escape(name)}</option>" for name in names),
    )
    return _page(body, theme)


def added_page(name: str, row: Row, theme: str) -> str:
    """Where it went."""
    address = attribute(set_address(name, show="all", at=row["id"]))
    words = escape(row["question"])
    return _page(ADDED.format(name=escape(name), question=words, address=address), theme)


def _about(row: Row) -> str:
    if not row["answerable"]:
        return "Added as a question that the documents do not answer."
    pieces = counted(len(row["evidence"]), "cited piece")
    after = " It is asked after the conversation before it." if "history" in row else ""
    return f"With {pieces} as the expected evidence.{after}"


def _page(body: str, theme: str) -> str:
    return PAGE.format(theme=_theme(theme), body=body)


def _theme(theme: str) -> str:
    return theme if theme in ("dark", "light") else "system"
