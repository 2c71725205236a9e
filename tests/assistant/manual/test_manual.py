"""What README and manual show works as it is written there."""

from __future__ import annotations

import ast
import importlib
import json
import re
import shlex
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path

import click
import pytest
import yaml
from click.testing import CliRunner

from assistant.commands.cli import commands
from assistant.errors import WrongUse
from assistant.evaluation import read_questions
from assistant.manual import TOPICS, page, pages
from assistant.settings import Settings, read_settings
from index.attribution.languages import languages
from tests.conftest import ROOT, SEED

MANUAL = ROOT / "assistant" / "manual"
FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)#]+)\)")


@dataclass(frozen=True)
class Block:
    """A piece of code, and where it stands."""

    where: str
    language: str
    text: str


def blocks(*wanted: str) -> list[Block]:
    """All of these languages, in README and manual."""
    return [
        Block(f"{file.name}:{text[: found.start()].count(chr(10)) + 1}", *found.groups())
        for file in (ROOT / "README.md", *sorted(MANUAL.glob("*.md")))
        for text in [file.read_text("utf-8")]
        for found in FENCED.finditer(text)
        if found[1] in wanted
    ]


def where(block: Block) -> str:
    return block.where


def command_lines(block: Block) -> Iterator[list[str]]:
    """What follows `onrecord` in each of a block's commands."""
    joined = block.text.replace("\\\n", " ")
    shown = re.findall(r"^(?:\$ )?onrecord (.*)$", joined, re.MULTILINE)
    for line in shown:
        words = shlex.split(line.partition(" | ")[0], comments=True)
        yield (
            [word for word in words[: words.index(">")] if word]
            if ">" in words
            else [word for word in words if word != "&"]
        )


@pytest.mark.parametrize("block", blocks("sh", "console"), ids=where)
def test_every_command_shown_could_be_given(
    block: Block, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The command is there, and takes these options and arguments, if there are such files."""
    monkeypatch.chdir(tmp_path)
    for words in command_lines(block):
        for word in words:
            if re.fullmatch(r"[\w-]+\.jsonl?|[\w-]+\.csv", word):
                (tmp_path / word).touch()
        context: click.Context = commands.make_context("onrecord", list(words))
        command: click.Command = commands
        while isinstance(command, click.Group):
            rest = [*context._protected_args, *context.args]
            _, found, rest = command.resolve_command(context, rest)
            assert found is not None, words
            command = found
            context = command.make_context(command.name, rest, parent=context)


@pytest.mark.parametrize("block", blocks("console"), ids=where)
def test_what_a_command_is_shown_to_print_is_what_it_prints(block: Block, seed_home: Path) -> None:
    """But for what is left out after it, and for changed documents."""
    for words in command_lines(block):
        if words[0] not in ("ask", "statements") or "--json" in words:
            continue
        printed = CliRunner().invoke(
            commands, ["--home", str(seed_home), *words], obj=None, env={"COLUMNS": "90"}
        )
        shown = block.text.partition("\n")[2].strip()
        assert " ".join(shown.split()) in " ".join(printed.output.split())


@pytest.mark.parametrize("block", blocks("json"), ids=where)
def test_json_is_json_and_question_sets_can_be_read(block: Block, tmp_path: Path) -> None:
    """Each line of it, with evidence that stands in the sample document."""
    lines = [json.loads(line) for line in block.text.splitlines()]
    if "question" in lines[0]:
        (tmp_path / "set.jsonl").write_text(block.text, "utf-8")
        assert len(read_questions(tmp_path / "set.jsonl").questions) == len(lines)
        text = SEED.read_text("utf-8")
        evidence = [piece["text"] for line in lines for piece in line.get("evidence", ())]
        assert evidence
        assert all(piece in text for piece in evidence)


@pytest.mark.parametrize("block", blocks("toml"), ids=where)
def test_toml_can_be_read(block: Block, tmp_path: Path) -> None:
    """And what is said of languages in the settings is understood."""
    read = tomllib.loads(block.text)
    if "languages" in read:
        (tmp_path / "settings.toml").write_text(block.text, "utf-8")
        assert set(languages(read_settings(tmp_path).languages)) >= set(read["languages"])


@pytest.mark.parametrize("block", blocks("yaml"), ids=where)
def test_yaml_can_be_read(block: Block, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And the commands in it could be given."""
    for job in yaml.safe_load(block.text)["jobs"].values():
        runs = "\n".join(step["run"] for step in job["steps"] if "run" in step)
        test_every_command_shown_could_be_given(
            Block(block.where, "sh", runs), tmp_path, monkeypatch
        )


@pytest.mark.parametrize("block", blocks("python"), ids=where)
def test_python_imports_what_there_is(block: Block) -> None:
    """Its syntax is right, and every name that it takes from a module is in it."""
    for node in ast.walk(ast.parse(block.text)):
        if isinstance(node, ast.ImportFrom):
            module = importlib.import_module(node.module or "")
            assert all(hasattr(module, alias.name) for alias in node.names), ast.unparse(node)


def test_no_block_is_of_a_language_that_nobody_checks() -> None:
    """Drawings have none."""
    checked = {"sh", "console", "json", "toml", "yaml", "python", "html", ""}
    every = FENCED.findall("".join(p.text for p in pages()) + (ROOT / "README.md").read_text())
    assert {language for language, _ in every} <= checked


def test_every_page_is_a_topic_and_says_what_it_is_about() -> None:
    """In one line below its title; `onrecord help` shows that line."""
    assert {file.stem for file in MANUAL.glob("*.md")} == set(TOPICS)
    listed = CliRunner().invoke(commands, ["help"]).output
    for each in pages():
        assert each.text.startswith(f"# {each.title}\n\n{each.about}\n")
        assert each.about.endswith(".")
        assert each.about in listed


def test_a_page_is_opened_by_its_topic() -> None:
    """Piped somewhere, as it is written."""
    assert CliRunner().invoke(commands, ["help", "rights"]).output == page("rights").text


def test_a_topic_that_is_not_there_is_answered_with_those_that_are() -> None:
    with pytest.raises(WrongUse, match=r"no page “wrongs”.*rights"):
        page("wrongs")


def test_files_and_pages_that_are_named_exist() -> None:
    """In links, and as paths in code."""
    for file in (ROOT / "README.md", *MANUAL.glob("*.md")):
        text = file.read_text("utf-8")
        for target in LINK.findall(text):
            assert target.startswith("http") or (file.parent / target).exists(), (file, target)
        for path in re.findall(r"`((?:index|assistant|tests|prompts)/[\w/.]*)`", text):
            assert (ROOT / path).exists(), (file, path)
        for topic in re.findall(r"onrecord help ([a-z-]+)", text):
            assert topic in TOPICS, (file, topic)


def test_every_setting_and_every_variable_is_in_the_manual() -> None:
    """Also those that the code reads past the settings."""
    told = page("commands").text
    code = "\n".join(path.read_text("utf-8") for path in (ROOT / "assistant").rglob("*.py"))
    variables = set(re.findall(r"\bONRECORD_[A-Z_]+[A-Z]\b", code))
    settings = {each.name for each in fields(Settings)} - {"home"}
    by_variable_only = {"database", "chroma_token", "api_key"}
    assert [name for name in sorted(variables) if f"`{name}`" not in told] == []
    assert [name for name in settings - by_variable_only if f"`{name}`" not in told] == []


def test_the_readme_is_read_in_a_minute_or_two() -> None:
    assert len((ROOT / "README.md").read_text("utf-8").splitlines()) <= 130
