"""Marks in every form, no links, no pictures, nothing that was only thought."""

from __future__ import annotations

import pytest

from assistant.answering.plain_sentences import Aloud, split, tidy


@pytest.mark.parametrize(
    ("text", "complete", "left"),
    [
        ("Ann swam", [], "Ann swam"),
        ("Ann swam.", [], "Ann swam."),
        ("Ann swam. [1]", [], "Ann swam. [1]"),
        ("Ann swam. [1", [], "Ann swam. [1"),
        ("Ann swam. [1][2] Bo", ["Ann swam. [1][2]"], "Bo"),
        ("Ann swam [1]. Bo", ["Ann swam [1]."], "Bo"),
        ("Ann swam [1, 2].\nBo", ["Ann swam [1][2]."], "Bo"),
        ("- Ann swam [1].\n- **Bo** sat [2].\n", ["Ann swam [1].", "Bo sat [2]."], ""),
        ("Gen. Lee swam at 3.5 mph. Bo", ["Gen. Lee swam at 3.5 mph."], "Bo"),
    ],
)
def test_a_sentence_is_complete_when_another_one_begins(
    text: str, complete: list[str], left: str
) -> None:
    """Marks behind it are part of it; lists and bold letters are not."""
    assert split(text) == (complete, left)


@pytest.mark.parametrize(
    ("text", "complete"),
    [
        ("Ann swam.【1】 Bo sat【2†source】. x", ["Ann swam. [1]", "Bo sat [2]."]),
        ("Ann swam (1). Bo sat (1, 2). x", ["Ann swam [1].", "Bo sat [1][2]."]),
        ("Ann swam.¹ Bo had 5 m² there². x", ["Ann swam. [1]", "Bo had 5 m² there [2]."]),
        ("Ann swam [^1]. Bo sat [1-3]. x", ["Ann swam [1].", "Bo sat [1][2][3]."]),
        ("Ann [passage 2]. Bo [Source: 1]. x", ["Ann [2].", "Bo [1]."]),
        ("Ann swam [1](http://a.b). Bo<sup>2</sup> sat. x", ["Ann swam [1].", "Bo [2] sat."]),
        ("Within three (3) days (2). x", ["Within three (3) days [2]."]),
    ],
)
def test_a_mark_is_understood_in_every_form(text: str, complete: list[str]) -> None:
    assert split(text)[0] == complete


@pytest.mark.parametrize(
    "text", ["[1]", "[1] [2].", "Sources: [1], [2]", "【1】", "* [1]", "![x](y)"]
)
def test_marks_alone_are_no_sentence(text: str) -> None:
    assert tidy(text) == ""


@pytest.mark.parametrize(
    ("text", "tidied"),
    [
        ("See [the rules](http://evil.example/x) [1].", "See the rules [1]."),
        ("See <a href='http://evil.example'>the rules</a> [1].", "See the rules [1]."),
        ("It is shown here: ![plan](http://evil.example/p.png) [1]", "It is shown here: [1]"),
        ("Go to https://evil.example/a?b=c.", "Go to ."),
        ("Go to www.evil.example [1].", "Go to [1]."),
        ("Go to https://arden.example/ferry.", "Go to https://arden.example/ferry."),
        ("Go to <https://arden.example/ferry>.", "Go to https://arden.example/ferry."),
    ],
)
def test_an_address_is_kept_only_if_the_passages_have_it(text: str, tidied: str) -> None:
    assert tidy(text, "Times are at https://arden.example/ferry every day.") == tidied


@pytest.mark.parametrize(
    ("pieces", "said"),
    [
        (["<think>hm</think>Ann"], "Ann"),
        (["<thi", "nk>h", "m</thi", "nk>", "Ann"], "Ann"),
        (["Ann <thinking>x. y</thinking>swam"], "Ann swam"),
        (["[THINK]hm[/THINK]Ann"], "Ann"),
        (["<think>never ends. Ann swam [1]."], ""),
        (["a < b", " and [1]"], "a < b and [1]"),
        (["Ann swam ["], "Ann swam ["),
    ],
)
def test_what_stands_in_think_is_left_out(pieces: list[str], said: str) -> None:
    aloud = Aloud()
    assert "".join(map(aloud.hear, pieces)) + aloud.rest() == said
