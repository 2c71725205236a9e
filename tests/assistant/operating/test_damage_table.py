"""Each part of a home, damaged in each way: never another answer, never a process that ends.

An answer is the one that it was, or there is none and the reason is said; `doctor` names what
is damaged, and `rebuild` mends what is made from something else.
"""

import random
import shutil
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from assistant.accounts.store import Store
from assistant.building import open_to_ask, open_to_ask_once, open_to_write
from assistant.chat import Assistant
from assistant.operating.doctor import Checked, examined
from assistant.operating.maintaining import Request, maintain, perform
from assistant.settings import Settings
from assistant.web.app import create_app
from assistant.web.services import local_services
from index.documents import LOCAL_USER
from index.errors import CatalogDamaged, StoreDamaged
from index.stores.locking import writer_lock
from tests.conftest import copy_home, run_python

FLIPPED = 100

QUESTION = "What did Rahmon say about students?"

PARTS: Mapping[str, str] = {
    "catalog": "catalog.sqlite3",
    "words": "words/*",
    "vectors": "vectors-*/**/*",
    "models": "models/*/*",
    "accounts": "accounts.sqlite3",
}
"""The files of each part."""

NAMED = {
    "catalog": "catalog",
    "words": "word index",
    "vectors": "vector index",
    "models": "embedding model",
    "accounts": "accounts",
}
"""What doctor calls it."""


def empty(file: Path) -> None:
    file.write_bytes(b"")


def truncate(file: Path) -> None:
    content = file.read_bytes()
    file.write_bytes(content[: len(content) // 2])


def flip(file: Path) -> None:
    """As many bits of it, the same ones every time."""
    content, draw = bytearray(file.read_bytes()), random.Random(7)
    for _ in range(FLIPPED if content else 0):
        content[draw.randrange(len(content))] ^= 1 << draw.randrange(8)
    file.write_bytes(bytes(content))


def delete(file: Path) -> None:
    file.unlink()


WAYS: Mapping[str, Callable[[Path], None]] = {
    "emptied": empty,
    "truncated": truncate,
    "flipped": flip,
    "deleted": delete,
}


@pytest.fixture(scope="module")
def sound(seed_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with accounts. Only for reading."""
    home = copy_home(seed_home, tmp_path_factory.mktemp("sound") / "home")
    Store(home)
    return home


@pytest.fixture(scope="module")
def answer(sound: Path) -> str:
    """What a sound home answers."""
    return ask(sound)


@pytest.fixture
def home(sound: Path, tmp_path: Path) -> Path:
    """A copy that a test may damage, but for the model, which is shared."""
    return copy_home(sound, tmp_path / "home")


def with_own_model(home: Path) -> None:
    shared = (home / "models").resolve()
    (home / "models").unlink()
    shutil.copytree(shared, home / "models", ignore=shutil.ignore_patterns("*.lock"))


def said(assistant: Assistant) -> str:
    """What it answers, with each citation."""
    answer = assistant.ask(QUESTION, principal=LOCAL_USER)
    return repr([answer.claims, answer.citations, answer.refusal])


def ask(home: Path) -> str:
    """The words of the answer, as the command asks."""
    with open_to_ask_once(Settings(home)) as assistant:
        return said(assistant)


def ask_often(home: Path) -> str:
    """As a program that owns the index asks, which opens the vector index as well."""
    with open_to_ask(Settings(home), "eval") as assistant:
        return said(assistant)


def checked(home: Path, part: str) -> Checked:
    """What doctor says of it."""
    return examined(NAMED[part], Settings(home))


def damage(home: Path, part: str, way: str) -> None:
    """Every file of it that is not empty when all is well."""
    for file in sorted(home.glob(PARTS[part])):
        if file.is_file() and file.stat().st_size:
            WAYS[way](file)


def test_all_is_well_with_a_sound_home(home: Path) -> None:
    """Nothing is named that is not damaged."""
    assert [each for part in PARTS if not (each := checked(home, part)).passed] == []


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("part", ["words", "vectors"])
def test_what_is_made_from_the_catalog_is_named_and_mended(
    home: Path, part: str, way: str, answer: str
) -> None:
    """By `rebuild`; whoever asks and owns the index has it made again first."""
    damage(home, part, way)
    assert not checked(home, part).passed
    assert ask(home) == answer
    assert [*maintain(Settings(home), Request("rebuild"))]
    assert checked(home, part).passed
    assert ask(home) == answer


@pytest.mark.parametrize("way", WAYS)
def test_a_damaged_word_index_that_another_process_owns_answers_nothing(
    home: Path, way: str
) -> None:
    """It says what to do."""
    damage(home, "words", way)
    with (
        writer_lock(home, "index /other"),
        pytest.raises(StoreDamaged, match="onrecord rebuild"),
    ):
        ask(home)


@pytest.mark.parametrize("way", ["emptied", "truncated", "flipped"])
@pytest.mark.parametrize("asks", [ask, ask_often])
def test_a_damaged_catalog_answers_nothing(
    home: Path, way: str, asks: Callable[[Path], str]
) -> None:
    """It says what to do, and so does doctor."""
    damage(home, "catalog", way)
    assert not checked(home, "catalog").passed
    with pytest.raises(CatalogDamaged, match="rebuild --from FOLDER"):
        asks(home)


@pytest.mark.parametrize("seed", range(12))
def test_one_bit_of_the_catalog_that_is_another_is_noticed(home: Path, seed: int) -> None:
    """Wherever it is."""
    catalog = home / "catalog.sqlite3"
    content, draw = bytearray(catalog.read_bytes()), random.Random(seed)
    content[draw.randrange(len(content))] ^= 1 << draw.randrange(8)
    catalog.write_bytes(bytes(content))
    with pytest.raises(CatalogDamaged):
        ask(home)


@pytest.mark.parametrize("way", ["emptied", "truncated", "flipped"])
def test_damaged_accounts_are_named_and_change_no_answer(home: Path, way: str, answer: str) -> None:
    """The command needs none."""
    damage(home, "accounts", way)
    assert not checked(home, "accounts").passed
    assert ask(home) == answer


@pytest.mark.parametrize("way", WAYS)
def test_a_damaged_model_is_named(home: Path, way: str) -> None:
    with_own_model(home)
    damage(home, "models", way)
    assert not checked(home, "models").passed
    assert "onrecord rebuild" in checked(home, "models").words


@pytest.mark.parametrize("file", ["model.onnx", "tokenizer.json", "model.json"])
def test_one_bit_of_one_file_of_a_model_is_noticed(home: Path, file: str) -> None:
    """Its other files are as they were."""
    with_own_model(home)
    (damaged,) = home.glob(f"models/*/{file}")
    content = bytearray(damaged.read_bytes())
    content[len(content) // 2] ^= 1
    damaged.write_bytes(content)
    assert not checked(home, "models").passed


@pytest.mark.parametrize("way", ["truncated", "deleted"])
def test_rebuild_prepares_a_damaged_model_again(home: Path, way: str, answer: str) -> None:
    with_own_model(home)
    damage(home, "models", way)
    assert [*maintain(Settings(home), Request("rebuild"))]
    assert checked(home, "models").passed
    assert ask(home) == answer


def test_a_damaged_model_is_prepared_again_before_it_answers(
    home: Path, answer: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """And that is said."""
    with_own_model(home)
    damage(home, "models", "flipped")
    assert ask(home) == answer
    assert "not as it was prepared" in capsys.readouterr().err
    assert checked(home, "models").passed


def test_no_process_ends_by_a_vector_index_with_other_bits(home: Path, answer: str) -> None:
    """A server that is started afresh makes it again, says so and answers as before."""
    damage(home, "vectors", "flipped")
    done = run_python(ASK_OFTEN, home)
    assert done.returncode == 0, done.stderr
    assert done.stdout == answer
    assert "The vector index" in done.stderr


ASK_OFTEN = """
import sys
from pathlib import Path
from assistant.building import open_to_write
from assistant.settings import Settings
from tests.assistant.operating.test_damage_table import said
with open_to_write(Settings(Path(sys.argv[1])), "serve") as opened:
    opened.assistant.check()
    print(said(opened.assistant), end="")
"""


WHILE_IT_RUNS = """
import sys
from contextlib import suppress
from functools import partial
from pathlib import Path
from fastapi.testclient import TestClient
from assistant.building import open_to_write
from assistant.operating.maintaining import perform
from assistant.settings import Settings
from assistant.web.app import create_app
from assistant.web.services import local_services
from index.errors import CatalogDamaged
from tests.assistant.operating import test_damage_table as table
from tests.conftest import copy_home
sound, folder, part = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
for way in table.WAYS:
    home = copy_home(sound, folder / way)
    if part == "models":
        table.with_own_model(home)
    with suppress(CatalogDamaged), open_to_write(Settings(home), "serve") as opened:
        act = partial(perform, opened.stores)
        app = create_app(local_services(opened.assistant, act, "owner", Settings(home)))
        client = TestClient(app, base_url="http://127.0.0.1", raise_server_exceptions=False)
        ask = lambda: client.post("/api/v1/ask", json={"question": table.QUESTION})
        before = ask().json()
        assert before["citations"] and client.get("/api/v1/ready").status_code == 200
        table.damage(home, part, way)
        after = ask()
        same = all(after.json().get(kept) == before[kept] for kept in ("text", "citations"))
        ready = client.get("/api/v1/ready").json()
        is_ready, told = ready["status"] == "ok", str(home) in ready.get("reason", "")
        passed = table.checked(home, part).passed
        print(way, after.status_code, same, is_ready, passed, told, sep=",", flush=True)
"""


@pytest.mark.parametrize("part", PARTS)
def test_what_is_damaged_while_a_server_runs_changes_no_answer(
    sound: Path, tmp_path: Path, part: str
) -> None:
    """It is the one that it was, or there is none; no signal ends the server, which is not ready
    any more, and doctor says why. A model is in memory, so only doctor knows; vectors that
    another process has open are for the server to look at."""
    done = run_python(WHILE_IT_RUNS, sound, tmp_path, part, within=300)
    lines = [line.split(",") for line in done.stdout.splitlines()]
    assert [way for way, *_ in lines] == list(WAYS), (done.returncode, done.stderr)
    for way, status, same, ready, passed, path in lines:
        assert status == "503" or (status, same) == ("200", "True"), (way, status, same)
        assert (ready == "True") == (part == "models"), way
        assert part == "vectors" or passed == "False", way
        assert path == "False", way


def test_other_words_in_a_catalog_that_is_open_are_no_answer(home: Path) -> None:
    """Wherever it has them: a thread that has nothing of it in memory would read them."""
    catalog, words = home / "catalog.sqlite3", b"20,000 of our"
    with open_to_ask(Settings(home), "eval") as assistant:
        assert words.decode() in said(assistant)
        parts = catalog.read_bytes().split(words)
        for at in range(1, len(parts)):
            catalog.write_bytes(words.join(parts[:at]) + b"90,000 of our" + words.join(parts[at:]))
            with ThreadPoolExecutor(1) as other, pytest.raises(CatalogDamaged):
                other.submit(said, assistant).result()


@pytest.mark.parametrize("part", ["words", "vectors"])
def test_a_server_whose_index_is_damaged_is_not_ready(home: Path, part: str) -> None:
    """It says what to do, and no paths."""
    settings = Settings(home)
    with open_to_write(settings, "serve") as opened:
        app = create_app(
            local_services(opened.assistant, partial(perform, opened.stores), "owner", settings)
        )
        client = TestClient(app, base_url="http://127.0.0.1")
        assert client.get("/api/v1/ready").json() == {"status": "ok"}
        for file in home.glob(PARTS[part]):
            if file.suffix in (".idx", ".sqlite3"):
                file.unlink()
        reply = client.get("/api/v1/ready")
        assert reply.status_code == 503
        assert reply.json()["reason"].endswith("is damaged. Make it again with: onrecord rebuild")
        assert str(home) not in reply.text
        assert [*perform(opened.stores, Request("rebuild"))]
        assert client.get("/api/v1/ready").json() == {"status": "ok"}
