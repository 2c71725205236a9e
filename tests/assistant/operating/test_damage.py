"""What has become of a home's files, and what is said of it: never a wrong answer instead."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.building import open_to_ask, open_to_ask_once, open_to_chat, open_to_write
from assistant.operating.doctor import check, describe
from assistant.operating.maintaining import Request, maintain
from assistant.settings import Settings
from index.errors import CatalogDamaged, IndexNotFound
from index.stores.bm25 import Words
from tests.conftest import copy_home


@pytest.fixture
def damaged(seed_home: Path, tmp_path: Path) -> Path:
    """A home whose catalog was emptied."""
    home = copy_home(seed_home, tmp_path / "damaged")
    for beside in home.glob("catalog.sqlite3-*"):
        beside.unlink()
    (home / "catalog.sqlite3").write_bytes(b"")
    return home


def ask(settings: Settings) -> None:
    with open_to_ask_once(settings):
        pass


def ask_often(settings: Settings) -> None:
    with open_to_ask(settings, "eval"):
        pass


def serve(settings: Settings) -> None:
    with open_to_write(settings, "serve"):
        pass


def command(name: str) -> Callable[[Settings], object]:
    request = Request(name, ("/",), name="A", into="B", documents="*")  # type: ignore[arg-type]
    return lambda settings: list(maintain(settings, request))


OPENING = [
    ask,
    ask_often,
    open_to_chat,
    describe,
    serve,
    *map(command, ("index", "forget", "rebuild", "rights", "merge", "split", "undo")),
]


@pytest.mark.parametrize("opens", OPENING)
@pytest.mark.parametrize("gone", [False, True])
def test_nothing_takes_an_emptied_or_lost_catalog_for_a_new_one(
    damaged: Path, opens: Callable[[Settings], object], gone: bool
) -> None:
    """It would answer that there is nothing, and forget who may read what; what was made from
    it is left as it was."""
    if gone:
        (damaged / "catalog.sqlite3").unlink()
    with pytest.raises(CatalogDamaged, match="rebuild --from FOLDER"):
        opens(Settings(damaged))
    assert Words(damaged / "words").count > 0
    assert not any(damaged.glob("catalog.sqlite3-*"))


def test_what_to_do_about_a_damaged_catalog_costs_nothing_else(damaged: Path) -> None:
    """Its folder has accounts, uploads and settings, too."""
    with pytest.raises(CatalogDamaged) as error:
        ask(Settings(damaged))
    assert "this one file" in str(error.value)
    assert "elete" not in str(error.value)


def test_doctor_names_a_damaged_catalog(damaged: Path) -> None:
    found = {each.name: each for each in check(Settings(damaged))}
    assert not found["catalog"].passed
    assert "it is empty" in found["catalog"].words


def test_an_index_that_was_never_made_is_no_damage(home: Path) -> None:
    with pytest.raises(IndexNotFound):
        ask(Settings(home))
    serve(Settings(home))
    assert describe(Settings(home))["documents"] == 0


def test_doctor_looks_at_the_accounts(seed_home: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(seed_home, home, symlinks=True, ignore=shutil.ignore_patterns("writer.*"))
    (home / "accounts.sqlite3").write_bytes(b"")
    (found,) = [each for each in check(Settings(home)) if each.name == "accounts"]
    assert not found.passed
    assert "damaged: it is empty" in found.words
