"""A home in one file, and back again: nothing that cannot be made again is lost."""

from __future__ import annotations

import json
import shutil
import threading
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from assistant.building import open_to_ask_once, open_to_write
from assistant.errors import WrongUse
from assistant.identity.configuring import FILE, Portal
from assistant.operating.backing_up import LIST, back_up, restore
from assistant.operating.doctor import check, examined, mend
from assistant.operating.maintaining import Request, perform
from assistant.settings import Settings
from assistant.web.app import create_app
from assistant.web.services import portal_services
from index.documents import LOCAL_USER
from index.errors import CatalogDamaged, IndexNotFound
from index.ingesting import sync
from index.stores.catalog import SqlCatalog
from tests.commanding import onrecord
from tests.conftest import copy_home, invented_texts

HOST = "assist.example"
UPLOAD = "Mayor Dunmore said the harbour crane cost nine million crowns."
CRANE = "What did Dunmore say about the harbour crane?"
SEED_QUESTION = "what did Rahmon say about students?"


@dataclass(frozen=True)
class Kept:
    """A backup that was made while a server ran, and what a program saw of that."""

    home: Path
    file: Path
    key: str
    upload: str
    conversation: str
    answers: list[Any]


def program(home: Path, opened: Any, key: str = "") -> tuple[TestClient, str]:
    """A program with a key, calling a server over this home."""
    act = partial(perform, opened.stores)
    portal = Portal.model_validate({"url": f"https://{HOST}"})
    services = portal_services(opened.assistant, act, "owner", Settings(home), portal, {})
    assert services.portals is not None
    key = key or services.portals.keys.add("program", ["ask", "write"], "acme")
    headers = {"Authorization": f"Bearer {key}"}
    return TestClient(create_app(services), base_url=f"https://{HOST}", headers=headers), key


def asked(client: TestClient) -> list[Any]:
    """What is answered, but for times and the day."""
    said = [client.post("/api/v1/ask", json={"question": q}).json() for q in (SEED_QUESTION, CRANE)]
    return [[each["claims"], each["citations"]] for each in said]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory, seed_home: Path) -> Kept:
    folder = tmp_path_factory.mktemp("kept")
    home = copy_home(seed_home, folder / "home")
    (home / FILE).write_text('url = "https://assist.example"\n')
    (home / "questions").mkdir()
    (home / "questions" / "set.jsonl").write_text("{}\n")
    with open_to_write(Settings(home), "serve") as opened:
        for _ in perform(
            opened.stores, Request("rights", documents="*", rights={"readers": ["tenant:acme"]})
        ):
            pass
        client, key = program(home, opened)
        added = client.post("/api/v1/documents", files={"file": ("crane.txt", UPLOAD)})
        conversation = client.post("/api/v1/conversations").json()["id"]
        client.post("/api/v1/ask", json={"question": CRANE, "conversation": conversation})
        answers = asked(client)
        said = onrecord(home, "backup", folder / "backup.zip")
    assert said.returncode == 0, said.stderr
    assert "2 documents kept" in said.stdout
    return Kept(home, folder / "backup.zip", key, added.json()["id"], conversation, answers)


@pytest.fixture
def home(tmp_path: Path, models: Path) -> Path:
    """Nothing but the models, which would take long to be made ready."""
    home = tmp_path / "restored"
    home.mkdir()
    (home / "models").symlink_to(models)
    return home


def test_a_home_is_as_it_was_though_it_was_in_use(kept: Kept, home: Path) -> None:
    """At another place: rights, keys, conversations and settings, and what was added can be
    replaced and removed as before."""
    said = onrecord(home, "restore", kept.file)
    assert said.returncode == 0, said.stdout + said.stderr
    assert "2 documents as of" in said.stdout
    assert "BAD" not in said.stdout
    assert (home / FILE).read_text() == (kept.home / FILE).read_text()
    assert (home / "questions" / "set.jsonl").exists()
    assert (home / "accounts.sqlite3").stat().st_mode & 0o777 == 0o600
    with open_to_write(Settings(home), "serve") as opened:
        client, _ = program(home, opened, kept.key)
        assert asked(client) == kept.answers
        turns = client.get(f"/api/v1/conversations/{kept.conversation}").text
        assert "nine million" in turns
        newer = client.post("/api/v1/documents", files={"file": ("crane.txt", UPLOAD + " Twice.")})
        assert newer.json() == {**newer.json(), "id": kept.upload, "replaced": True}
        assert client.delete(f"/api/v1/documents/{kept.upload}").status_code == 204
        assert not any((home / "uploads").glob("*"))


def test_what_can_be_made_again_is_not_kept(kept: Kept) -> None:
    with zipfile.ZipFile(kept.file) as archive:
        (upload,) = [name for name in archive.namelist() if name.startswith("uploads/")]
        assert {*archive.namelist()} == {
            "catalog.sqlite3", "accounts.sqlite3", FILE, "questions/set.jsonl", upload, LIST,
        }  # fmt: skip
    assert kept.file.stat().st_mode & 0o777 == 0o600
    assert [*kept.file.parent.glob(".onrecord-*")] == []


# -- nothing is overwritten ------------------------------------------------------------


def test_a_home_that_holds_anything_is_left_as_it_is(kept: Kept, home: Path) -> None:
    (home / "catalog.sqlite3").write_bytes(b"mine")
    said = onrecord(home, "restore", kept.file)
    assert said.returncode == 2
    assert "is not empty: it holds catalog.sqlite3" in said.stderr
    assert (home / "catalog.sqlite3").read_bytes() == b"mine"


def test_an_earlier_backup_is_left_as_it_is(kept: Kept) -> None:
    before = kept.file.read_bytes()
    with pytest.raises(WrongUse, match="already"):
        back_up(Settings(kept.home), kept.file)
    assert kept.file.read_bytes() == before


def test_no_backup_lies_in_what_it_is_of(kept: Kept) -> None:
    with pytest.raises(WrongUse, match="outside"):
        back_up(Settings(kept.home), kept.home / "uploads" / "backup.zip")


def test_without_an_index_there_is_nothing_to_keep(home: Path, tmp_path: Path) -> None:
    with pytest.raises(IndexNotFound):
        back_up(Settings(home), tmp_path / "backup.zip")
    assert not (tmp_path / "backup.zip").exists()


# -- damage ----------------------------------------------------------------------------


def test_damage_is_not_kept_in_place_of_a_sound_backup(seed_home: Path, tmp_path: Path) -> None:
    """Also one that only the digest of a document shows."""
    home, file = copy_home(seed_home, tmp_path / "home"), tmp_path / "backup.zip"
    with SqlCatalog.make(home / "catalog.sqlite3").writing():
        pass  # the seal is off, as after a kill
    content = (home / "catalog.sqlite3").read_bytes().replace(b"students", b"Students")
    (home / "catalog.sqlite3").write_bytes(content)
    with pytest.raises(CatalogDamaged):
        back_up(Settings(home), file)
    assert [*tmp_path.iterdir()] == [home]


def cut_short(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def with_another_bit(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 3] ^= 4
    file.write_bytes(content)


def emptied(file: Path) -> None:
    file.write_bytes(b"")


def packed_anew(change: Callable[[dict[str, bytes], Any], None]) -> Callable[[Path], None]:
    """A whole archive with other files in it."""

    def write(file: Path) -> None:
        with zipfile.ZipFile(file) as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
        listed = json.loads(files[LIST])
        change(files, listed)
        files[LIST] = json.dumps(listed).encode()
        with zipfile.ZipFile(file, "w") as archive:
            for name, content in files.items():
                archive.writestr(name, content)

    return write


def other_catalog(files: dict[str, bytes], _: Any) -> None:
    files["catalog.sqlite3"] += b"x"


def lacks_a_file(files: dict[str, bytes], _: Any) -> None:
    del files[FILE]


def leads_out(files: dict[str, bytes], listed: Any) -> None:
    files["../evil"] = b""
    listed["files"]["../evil"] = "0"


def no_catalog(_: dict[str, bytes], listed: Any) -> None:
    del listed["files"]["catalog.sqlite3"]


def newer(_: dict[str, bytes], listed: Any) -> None:
    listed["format"] = 2


@pytest.mark.parametrize(
    "damage",
    [
        cut_short,
        with_another_bit,
        emptied,
        *map(packed_anew, (other_catalog, lacks_a_file, leads_out, no_catalog, newer)),
    ],
)
def test_of_a_damaged_backup_nothing_is_restored(
    kept: Kept, home: Path, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    """It is said to be damaged, and the home is as empty as before."""
    file = tmp_path / "damaged.zip"
    shutil.copy(kept.file, file)
    damage(file)
    with pytest.raises(WrongUse, match=str(file)):
        [*restore(Settings(home), file)]
    assert {each.name for each in home.iterdir()} <= {"models", "writer.lock"}
    assert not (tmp_path / "evil").exists()


@pytest.mark.parametrize("name", ["gone.zip", ""])
def test_what_is_no_file_is_no_backup(home: Path, tmp_path: Path, name: str) -> None:
    with pytest.raises(WrongUse, match=r"There is no file|is a folder"):
        [*restore(Settings(home), tmp_path / name)]


# -- while others write ----------------------------------------------------------------


def test_what_is_written_meanwhile_is_kept_whole_or_not_at_all(
    seed_home: Path, home: Path, tmp_path: Path
) -> None:
    """Documents come and go while it is made."""
    used = copy_home(seed_home, tmp_path / "used")
    texts = tmp_path / "texts"
    texts.mkdir()
    with open_to_write(Settings(used), "index") as opened:
        begun, ended = threading.Event(), threading.Event()

        def write() -> None:
            for number, (name, text) in enumerate(invented_texts(40, 5).items()):
                (texts / name).write_text(text)
                for _ in sync(opened.stores, [texts]):
                    pass
                if number == 3:
                    begun.set()
                if ended.is_set():
                    return

        writing = threading.Thread(target=write)
        writing.start()
        assert begun.wait(60)
        made = back_up(Settings(used), tmp_path / "backup.zip")
        ended.set()
        writing.join()
    assert made.documents > 3
    said = [*restore(Settings(home), tmp_path / "backup.zip")]
    assert said[0].startswith(f"{made.documents} documents")
    assert all(each.passed for each in check(Settings(home)))


# -- doctor --mend ---------------------------------------------------------------------


@pytest.fixture
def worn(seed_home: Path, tmp_path: Path) -> Path:
    """A home whose word and vector indexes are damaged."""
    home = copy_home(seed_home, tmp_path / "worn")
    for file in [*(home / "words").glob("*.store"), *home.glob("vectors-*/chroma.sqlite3")]:
        file.write_bytes(b"damaged")
    return home


def test_doctor_makes_again_what_is_made_from_the_catalog(worn: Path) -> None:
    assert not examined("word index", Settings(worn)).passed
    said = onrecord(worn, "doctor", "--mend")
    assert said.returncode == 0, said.stdout
    assert "word index" in said.stderr
    assert "BAD" not in said.stdout
    assert [*mend(Settings(worn))] == []
    with open_to_ask_once(Settings(worn)) as assistant:
        assert assistant.ask(SEED_QUESTION, principal=LOCAL_USER).answered


def test_nothing_is_made_from_a_damaged_catalog(worn: Path) -> None:
    """Only a backup or its folders bring it back, so it is named and left."""
    (worn / "catalog.sqlite3").write_bytes(b"")
    for beside in worn.glob("catalog.sqlite3-*"):
        beside.unlink()
    said = onrecord(worn, "doctor", "--mend")
    assert said.returncode == 1
    assert "it is empty" in said.stdout
    assert (worn / "words" / "meta.json").exists()
