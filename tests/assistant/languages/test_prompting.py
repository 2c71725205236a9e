"""Every name in a prompt has a value, every value a name."""

import re

import pytest

from assistant.languages.prompting import fill
from tests.conftest import ROOT

PROMPTS = sorted((ROOT / "prompts").glob("*.md"))


def test_names_are_filled_in() -> None:
    """Whatever stands in the values stays as it is."""
    assert "none matches $x/*." in fill("nothing_in_scope", filter="$x/*")


def test_a_name_without_a_value_is_a_slip() -> None:
    with pytest.raises(KeyError, match="filter"):
        fill("nothing_in_scope")


def test_a_value_without_a_name_is_a_slip() -> None:
    with pytest.raises(KeyError, match=r"nothing_in_scope\.md does not use folder"):
        fill("nothing_in_scope", filter="*", folder="x")


@pytest.mark.parametrize("prompt", PROMPTS, ids=lambda path: path.stem)
def test_each_prompt_is_used_in_the_code(prompt: object) -> None:
    """By its name; a prompt nobody fills is dropped."""
    from pathlib import Path

    assert isinstance(prompt, Path)
    code = "\n".join(path.read_text("utf-8") for path in (ROOT / "assistant").rglob("*.py"))
    assert re.search(rf"(?:fill|sentence)\(\s*\"{prompt.stem}\"", code)
