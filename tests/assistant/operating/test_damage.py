"""What has become of a home's files, and what is said of it: never a wrong answer instead."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.building import open_to_ask, open_to_ask_once, open_to_chat, open_to_write
from assistant.operating.doctor import Checked, check, describe
from assistant.operating.maintaining import Event, Request, maintain
from assistant.operating.remaking import Note
from assistant.settings import Settings
from index.documents import LOCAL_USER, Principal
from index.errors import CatalogDamaged, IndexNotFound, MissingSource
from index.stores.catalog import SqlCatalog
from tests.conftest import SEED, copy_home


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
    paths = () if name == "rebuild" else (str(SEED),)
    request = Request(name, paths, name="A", into="B", documents="*")  # type: ignore[arg-type]
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
    assert (damaged / "words" / "meta.json").exists()
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


@pytest.mark.parametrize("left", ["uploads/0011223344556677/c.md", "accounts.sqlite3-shm"])
def test_doctor_misses_accounts_that_something_was_left_of(home: Path, left: str) -> None:
    """Without a trace there may never have been any."""

    def accounts() -> Checked:
        (found,) = [each for each in check(Settings(home)) if each.name == "accounts"]
        return found

    serve(Settings(home))
    for file in home.glob("accounts.*"):
        file.unlink()
    assert accounts() == Checked("accounts", passed=True, words="none yet")
    (home / left).parent.mkdir(parents=True, exist_ok=True)
    (home / left).write_bytes(b"")
    assert not accounts().passed
    assert f"though {left.partition('/')[0]} is there" in accounts().words


# -- a catalog made anew ---------------------------------------------------------------

ANN, BOB = Principal("user:i|ann"), Principal("user:i|bob")
FRONT_MATTER = "---\nreaders: [user:i|ann, user:i|bob]\n---\n"


def do(home: Path, command: str, *paths: Path, **more: object) -> list[Event]:
    request = Request(command, tuple(map(str, paths)), **more)  # type: ignore[arg-type]
    return list(maintain(Settings(home), request))


@pytest.fixture
def texts(home: Path, tmp_path: Path) -> Path:
    """A folder that is indexed: ann and bob may read both, but one was closed to bob by hand;
    and ann added a document that says itself that bob may read it."""
    texts, added = tmp_path / "texts", home / "uploads" / "0011223344556677" / "c.md"
    texts.mkdir()
    for name, words in (("a.md", "The pool opened in May."), ("b.md", "Ada baked bread.")):
        (texts / name).write_text(FRONT_MATTER + words)
    do(home, "index", texts)
    added.parent.mkdir(parents=True)
    added.write_text(FRONT_MATTER + "Rice grows in water.")
    do(home, "index", added, rights={"owner": "user:i|ann"})
    do(home, "rights", documents="b.md", rights={"readers": ["user:i|ann"]})
    return texts


def seen(home: Path, principal: Principal) -> list[str]:
    catalog = SqlCatalog(home / "catalog.sqlite3")
    return [source.name for source in catalog.sources(principal)]


def notes(events: list[Event]) -> str:
    return " ".join(event.words for event in events if isinstance(event, Note))


def cut_short(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:5000])


def break_header(file: Path) -> None:
    file.write_bytes(b"\xff" * 16 + file.read_bytes()[16:])


@pytest.mark.parametrize("harm", [Path.unlink, cut_short, break_header])
def test_what_was_closed_by_hand_stays_closed_where_it_cannot_be_read(
    home: Path, texts: Path, harm: Callable[[Path], None]
) -> None:
    """Nobody but the operator reads anything, and is told how to change that; then files say
    who may, but what was added does not."""
    harm(home / "catalog.sqlite3")
    (home / "portal.toml").write_text("kept")
    events = do(home, "rebuild", texts)
    assert seen(home, LOCAL_USER) == ["a.md", "b.md", "c.md"]
    assert seen(home, ANN) == seen(home, BOB) == []
    assert "--as-files-say" in notes(events)
    assert (home / "portal.toml").exists()
    do(home, "rights", documents="*")
    assert seen(home, BOB) == ["a.md", "b.md"]


def test_rights_that_can_still_be_read_are_taken_over(home: Path, texts: Path) -> None:
    """Given, by hand, and of what was added; the damaged file is kept."""
    events = do(home, "rebuild", texts)
    assert seen(home, ANN) == ["a.md", "b.md", "c.md"]
    assert seen(home, BOB) == ["a.md"]
    kept = min(home.glob("catalog.sqlite3.damaged-*"), key=lambda file: len(file.name))
    assert str(kept) in notes(events)
    assert "cannot be read" not in notes(events)
    with open_to_ask_once(Settings(home)) as assistant:
        answer = assistant.ask("When did the pool open?", principal=BOB)
    assert [citation.quote for citation in answer.citations] == ["The pool opened in May."]


def test_a_folder_that_is_not_there_leaves_the_catalog_where_it_is(damaged: Path) -> None:
    with pytest.raises(MissingSource):
        do(damaged, "rebuild", damaged / "nowhere")
    assert not any(damaged.glob("catalog.sqlite3.*"))


def test_there_is_nothing_to_make_anew_where_nothing_was(home: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("The pool opened in May.")
    with pytest.raises(IndexNotFound):
        do(home, "rebuild", tmp_path / "a.txt")
