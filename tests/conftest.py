"""What the tests share: one exported model, seeds/ indexed, and indexes of texts given."""

from __future__ import annotations

import os
import random
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from filelock import FileLock

from assistant.building import open_to_chat, open_to_write
from assistant.chat import Assistant
from assistant.settings import Settings
from index.attribution.languages import Attributor, languages
from index.documents import LOCAL_USER, Document, Found, Query
from index.events import FileDone, IngestEvent, Summary
from index.ingesting import Stores, sync
from index.models.embedding import Embedder
from index.models.exported import OnnxEmbedder
from index.models.opening import open_embedder
from index.search.view import Index
from index.stores.catalog import SqlCatalog
from index.stores.engines.bm25 import TantivyWords
from index.stores.engines.chroma import ChromaVectors
from index.stores.engines.database import Where
from index.stores.protocols import Catalog
from tests.postgres import Server, server

ROOT = Path(__file__).resolve().parent.parent
SEEDS = ROOT / "seeds"
ONRECORD = (sys.executable, "-c", "from assistant.commands.cli import main; main()")
"""The command, in a process of its own."""
ATTRIBUTOR = Attributor(languages())
"""One for all tests: it loads its parser at first use."""
SEED = SEEDS / "000_073ea1584fa286fd.txt"


LONGEST = [
    "test_composed.py",
    "test_crashes.py",
    "test_cli.py",
    "test_small_model.py",
    "test_canaries.py",
    "test_embed.py",
    "test_terminal.py",
    "test_oracle.py",
    "test_writing.py",
    "test_disks.py",
    "test_damage_table.py",
]
"""Files that take longest. They begin, so that no process is left alone with one at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest files first; the others stay in their order."""
    ranks = {name: rank for rank, name in enumerate(LONGEST)}
    items.sort(key=lambda item: ranks.get(item.path.name, len(LONGEST)))


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A server of PostgreSQL."""
    with server() as started:
        yield started


ENGINES = ("sqlite", "postgresql")

Engine = Callable[[Path], Where]
"""What gives a home the place of its catalog."""


@pytest.fixture(params=ENGINES)
def where(request: pytest.FixtureRequest, tmp_path: Path) -> Where:
    """The place of a catalog, by each engine."""
    return engine_of(request)(tmp_path)


@pytest.fixture
def engine(request: pytest.FixtureRequest) -> Engine:
    """In a file. Tests that are for each engine have a fixture of this name by ENGINES; with
    ONRECORD_TEST_ENGINE=postgresql every test is for that one."""
    on_a_server = os.environ.get("ONRECORD_TEST_ENGINE") == "postgresql"
    return _on_a_server(request) if on_a_server else in_a_file


def in_a_file(home: Path) -> Where:
    """The file of a home's catalog."""
    return home / "catalog.sqlite3"


def engine_of(request: pytest.FixtureRequest) -> Engine:
    """The one that a parameter names."""
    return in_a_file if request.param == "sqlite" else _on_a_server(request)


def _on_a_server(request: pytest.FixtureRequest) -> Engine:
    started: Server = request.getfixturevalue("postgres")
    return lambda _: started.new_database()


@dataclass(frozen=True, slots=True)
class Collection:
    """A folder of texts and its index, with every part open. It holds no lock."""

    home: Path
    folder: Path
    stores: Stores
    where: Where = Path()

    def reopened(self, embedder: Embedder | None = None) -> Collection:
        """The same as another process opens it."""
        stores = open_stores(self.home, embedder or self.stores.embedder, self.where)
        return replace(self, stores=stores)

    def write(self, texts: Mapping[str, str]) -> None:
        """Write files below the folder, {name: text}; line ends are kept as given."""
        for name, text in texts.items():
            file = self.folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(text.encode())

    def sync(self, *paths: Path) -> tuple[Summary, dict[str, FileDone]]:
        """Index these paths, else the folder: (summary, {name: what became of the file})."""
        events: list[IngestEvent] = list(sync(self.stores, paths or (self.folder,)))
        summary = events[-1]
        assert isinstance(summary, Summary)
        return summary, {event.name: event for event in events if isinstance(event, FileDone)}

    def open_index(self, *, with_vectors: bool = True) -> Index:
        """The index as a server opens it, or as a single question does."""
        stores = self.stores
        vectors = stores.vectors if with_vectors else None
        return Index(stores.catalog, stores.words, stores.embedder, vectors)

    def search(self, question: str, documents: str | None = None) -> Found:
        """What the index finds, vector store and all."""
        return self.open_index().view_of(LOCAL_USER).search(Query(question, question, documents))

    def names(self) -> list[str]:
        """Of every document in the catalog."""
        return [source.name for source in self.stores.catalog.sources(LOCAL_USER)]

    def document(self, name: str) -> Document:
        """The document of that name."""
        catalog = self.stores.catalog
        (id,) = [s.id for s in catalog.sources(LOCAL_USER) if s.name == name]
        return catalog.document(id, LOCAL_USER)

    def passage_ids(self, name: str) -> list[int]:
        """Ids of the passages of the document of that name."""
        catalog = self.stores.catalog
        scope = catalog.scope(LOCAL_USER)
        passages = catalog.passages(passage_ids(catalog), scope)
        return [passage.id for passage in passages if passage.source.name == name]


def passage_ids(catalog: Catalog) -> list[int]:
    """Every passage of an index, in the order of writing."""
    ids, _ = catalog.vectors(catalog.scope(LOCAL_USER))
    return sorted(int(id) for id in ids)


MakeCollection = Callable[[Mapping[str, str]], Collection]


def open_stores(home: Path, embedder: Embedder, where: Where = Path()) -> Stores:
    """Everything that a run writes to, as a process opens it."""
    catalog = SqlCatalog.make(in_a_file(home) if where == Path() else where)
    vectors = ChromaVectors(home, catalog)
    return Stores(catalog, TantivyWords(home / "words", catalog), vectors, embedder, ATTRIBUTOR)


def damage(file: Path, content: bytes = b"damaged " * 100) -> None:
    """Put something else in place of a file.

    It is not written into: this process may have it mapped, and would be killed.
    """
    file.unlink()
    file.write_bytes(content)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def run_python(
    script: str, *arguments: object, within: float = 120
) -> subprocess.CompletedProcess[str]:
    """Run a script in a process of its own, in the repository; so many seconds at most."""
    return subprocess.run(
        [sys.executable, "-c", script, *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=within,
        check=False,
    )


@pytest.fixture(scope="session")
def models(pytestconfig: pytest.Config) -> Path:
    """A folder with the default model, exported: it takes seconds, so once for all runs, and
    for all processes of one."""
    folder = pytestconfig.cache.mkdir("models")
    with FileLock(folder / "export.lock"):
        open_embedder(Settings().embedder, folder)
    return folder


@pytest.fixture(scope="session")
def embedder(models: Path) -> OnnxEmbedder:
    """The default embedder."""
    opened = open_embedder(Settings().embedder, models)
    assert isinstance(opened, OnnxEmbedder)
    return opened


@pytest.fixture
def home(tmp_path: Path, models: Path) -> Path:
    """An empty home that has the exported model."""
    return new_home(tmp_path / "home", models)


def new_home(home: Path, models: Path) -> Path:
    """Make a home that shares the exported model."""
    home.mkdir()
    (home / "models").symlink_to(models)
    return home


def copy_home(home: Path, copy: Path) -> Path:
    """A copy of an index that nobody owns.

    By another process: where this one has the catalog open, to close a second handle of it
    would drop SQLite's locks, and others would take the catalog from under it.
    """
    subprocess.run(["cp", "-R", home, copy], check=True)
    for left in copy.glob("writer.*"):
        left.unlink()
    return copy


@pytest.fixture
def make_collection(
    tmp_path: Path, models: Path, embedder: OnnxEmbedder, engine: Engine
) -> MakeCollection:
    """Makes a folder and its index of {name: text}."""
    return _collections(tmp_path, models, embedder, engine)


@pytest.fixture(scope="module")
def make_collection_once(
    tmp_path_factory: pytest.TempPathFactory, models: Path, embedder: OnnxEmbedder
) -> MakeCollection:
    """The same for all tests of a module, which only read it."""
    return _collections(tmp_path_factory.mktemp("collections"), models, embedder, in_a_file)


def _collections(
    folder: Path, models: Path, embedder: OnnxEmbedder, engine: Engine
) -> MakeCollection:
    made = 0

    def make(texts: Mapping[str, str]) -> Collection:
        nonlocal made
        made += 1
        home = new_home(folder / f"home-{made}", models)
        files = folder / f"texts-{made}"
        files.mkdir()
        where = engine(home)
        collection = Collection(home, files, open_stores(home, embedder, where), where)
        if texts:
            collection.write(texts)
            collection.sync()
        return collection

    return make


@pytest.fixture(scope="session")
def seed_home(tmp_path_factory: pytest.TempPathFactory, models: Path) -> Path:
    """A home with seeds/ indexed. Only for reading."""
    home = new_home(tmp_path_factory.mktemp("seeds") / "home", models)
    with open_to_write(Settings(home), "index seeds") as opened:
        for _ in sync(opened.stores, [SEEDS]):
            pass
    return home


@pytest.fixture(scope="session")
def seed_settings(seed_home: Path) -> Settings:
    """The settings of that home."""
    return Settings(seed_home)


@pytest.fixture(scope="session")
def seed_assistant(seed_settings: Settings) -> Assistant:
    """An assistant that answers from seeds/."""
    return open_to_chat(seed_settings)


def invented_texts(count: int, sentences: int = 30) -> dict[str, str]:
    """So many documents of unlike sentences, the same ones every time."""
    draw = random.Random(7)
    choose = draw.choice
    return {
        f"report-{number:03}.txt": "\n".join(
            f"The {choose(WHO)} of {choose(WHERE)} {choose(DID)} the {choose(WHAT)} "
            f"{choose(WHEN)}, and {draw.randint(2, 900)} people came."
            for _ in range(sentences)
        )
        for number in range(count)
    }


WHO = "mayor baker council teacher miller captain choir gardener".split()
WHERE = "Arden Brill Colm Dover Elm Farlow Garth Holt".split()
DID = "opened closed painted sold inspected praised flooded measured".split()
WHAT = "bridge library swimming-pool railway orchard archive harbour windmill".split()
WHEN = ["in May", "on a Sunday", "after the storm", "before dawn", "last winter", "at noon"]
