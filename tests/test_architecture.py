"""What imports what, and that every module says what it is."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from inspect import getmembers, isfunction, signature
from pathlib import Path

import pytest

import assistant.errors
import index.errors
from assistant.errors import AssistantError
from index.errors import IndexingError
from tests.conftest import ROOT, run_python

PACKAGES = ("index", "assistant")
MODULES = sorted(file for package in PACKAGES for file in (ROOT / package).rglob("*.py"))

HOMES = {
    "chromadb": {"index/stores/engines/chroma.py"},
    "tantivy": {"index/stores/engines/bm25.py"},
    "sqlite3": {"index/stores/engines/sqlite.py"},
    "psycopg": {"index/stores/engines/postgres.py"},
    "prometheus_client": {"assistant/web/entry/observing.py"},
    "opentelemetry": {"assistant/web/entry/observing.py"},
    "jwt": {"assistant/identity/keysets.py"},
    "authlib": {"assistant/identity/logging_in.py"},
    "filelock": {"index/stores/locking.py"},
    "ray": {"index/making/cluster.py"},
    "fsspec": {"index/reading/remote.py"},
    "sentence_transformers": {"index/models/opening.py", "index/models/cross_encoding.py"},
    "onnxruntime": {"index/models/exported.py"},
    "torch": {"index/models/opening.py"},
    "sentencex": {"index/chunking.py"},
    "spacy": {"index/attribution/parsing.py"},
    "py3langid": {"index/attribution/languages.py"},
    "anyascii": {"index/sounds.py"},
    "names": {"index/attribution/names.py"},
    "rapidfuzz": {"index/english/spelling.py"},
    "langchain": {"assistant/answering/writing.py"},
    "httpx2": {"assistant/answering/writing.py"},
    "httpcore2": {"assistant/web/fetching.py"},
    "watchfiles": {"assistant/operating/watching.py"},
    "jinja2": {"assistant/rendering/templating.py"},
    "markupsafe": {"assistant/rendering/templating.py"},
    "mcp": {"assistant/web/api/mcp_server.py"},
    "pytest": {"assistant/programs/pytest_plugin.py"},
}
"""The file that imports a library: one, but for the two kinds of model."""

STANDARD = {"__future__", "collections", "dataclasses", "typing"}

WEB_ONLY = {"gradio", "fastapi", "starlette", "uvicorn"}

HEAVY = {
    "numpy", "torch", "transformers", "chromadb", "gradio", "fastapi", "onnxruntime",
    "sentence_transformers", "spacy", "tantivy", "tokenizers", "rich", "httpx", "sentencex",
    "langchain", "langchain_core", "langchain_openai", "openai", "httpx2",
    "scipy", "mcp", "jinja2", "pydantic",
}  # fmt: skip


def name(module: Path) -> str:
    return module.relative_to(ROOT).as_posix()


@cache
def tree(module: Path) -> ast.Module:
    return ast.parse(module.read_text("utf-8"))


def _imported(module: Path) -> Iterator[str]:
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name(module)} imports relatively"
            yield node.module or ""


@cache
def imported(module: Path) -> tuple[str, ...]:
    """Every module that it imports, at the top or inside a function."""
    return tuple(_imported(module))


@cache
def libraries(module: Path) -> frozenset[str]:
    return frozenset(path.partition(".")[0] for path in imported(module))


def below(folder: str) -> list[Path]:
    return [module for module in MODULES if name(module).startswith(folder)]


def test_the_index_knows_no_assistant() -> None:
    """Nor does either know the tests."""
    assert [name(module) for module in below("index/") if "assistant" in libraries(module)] == []
    assert [name(module) for module in MODULES if "tests" in libraries(module)] == []


def test_a_library_is_imported_in_one_place() -> None:
    """So that it can be exchanged there."""
    found = {
        library: {name(module) for module in MODULES if library in libraries(module)}
        for library in HOMES
    }
    assert found == HOMES


def room(package: str, module: str) -> str | None:
    """What of a package a dotted name lies in: index.stores.engines.bm25 lies in the room stores of
    index. None for what is not inside."""
    inside = module.removeprefix(f"{package}.")
    return inside.partition(".")[0] if inside != module else None


def picture(package: str) -> dict[str, set[str]]:
    """For each room of a package the other rooms that it imports from."""
    rooms: dict[str, set[str]] = {}
    for module in below(package.replace(".", "/") + "/"):
        dotted = name(module).removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        own = room(package, dotted)
        if own is not None:
            others = {room(package, path) for path in imported(module)} - {own, None}
            rooms.setdefault(own, set()).update(filter(None, others))
    return rooms


@pytest.mark.parametrize("package", ["index", "assistant", "assistant.web", "assistant.evaluation"])
def test_no_two_rooms_need_each_other(package: str) -> None:
    """Each can be understood after those that it imports, be it inside a function: there is
    an order."""
    order = TopologicalSorter(picture(package))
    order.prepare()


def test_only_one_place_names_the_stores_that_there_are() -> None:
    """The others know what they need of a store, so that another engine can take its place."""
    engines = {
        "index.stores.catalog",
        "index.stores.engines.chroma",
        "index.stores.engines.chroma_server",
        "index.stores.engines.bm25",
    }
    others = set(MODULES) - set(below("index/stores/"))
    known = {name(module) for module in others if engines & {*imported(module)}}
    assert known == {"assistant/building.py"}


def test_only_the_web_knows_the_web() -> None:
    strangers = set(MODULES) - set(below("assistant/web/"))
    assert [name(module) for module in strangers if libraries(module) & WEB_ONLY] == []


def test_the_nouns_need_the_standard_library_only() -> None:
    """And the errors: everybody imports them."""
    nouns = ("index/documents.py", "index/errors.py", "assistant/errors.py")
    for module in (ROOT / noun for noun in nouns):
        assert libraries(module) <= {
            "__future__",
            "collections",
            "dataclasses",
            "errno",
            "typing",
        }, name(module)


def test_every_module_says_what_it_is() -> None:
    """In a docstring that begins with a sentence."""
    for module in MODULES:
        docstring = ast.get_docstring(tree(module))
        assert docstring, name(module)
        assert docstring.split("\n\n")[0].endswith((".", ":")), name(module)


def test_what_is_explained_says_what_it_is() -> None:
    """ "Of a glob" says nothing to whoever has not read the line above."""
    begun_so = [
        f"{name(module)}:{node.lineno}"
        for module in MODULES
        for node in ast.walk(tree(module))
        if isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and str(node.value.value).startswith("Of ")
    ]
    assert begun_so == []


def test_importing_a_module_does_nothing() -> None:
    """But define: no bare calls or loops at its top."""
    for module in MODULES:
        for node in tree(module).body:
            says = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
            does = isinstance(node, ast.Expr | ast.For | ast.While | ast.With)
            assert says or not does, f"{name(module)}:{node.lineno}"


@pytest.mark.parametrize(
    ("module", "root"), [(index.errors, IndexingError), (assistant.errors, AssistantError)]
)
def test_every_error_is_drawn_in_the_tree(module: object, root: type[Exception]) -> None:
    """In the docstring of its module, and nothing that does not exist."""
    docstring = getattr(module, "__doc__", "")
    lines = [line for line in docstring.splitlines() if line.startswith(("├", "└"))]
    drawn = {line.split()[1] for line in lines}
    assert root.__name__ in docstring
    assert drawn == {error.__name__ for error in root.__subclasses__()}


def test_the_command_starts_without_anything_heavy() -> None:
    """`onrecord --help` takes no second."""
    done = run_python(
        "import sys; import assistant.commands.cli; print(*sorted(sys.modules), sep='\\n')"
    )
    assert done.returncode == 0, done.stderr
    loaded = {module.partition(".")[0] for module in done.stdout.split()}
    assert loaded & HEAVY == set()


def test_everything_can_be_imported() -> None:
    """Each module in one process; none prints."""
    names = [name(module).removesuffix(".py").removesuffix("/__init__") for module in MODULES]
    lines = "\n".join(f"import {dotted.replace('/', '.')}" for dotted in names)
    done = run_python(lines)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr


def test_no_door_reads_past_a_view() -> None:
    """What the catalog gives in a scope, or for a principal, only the index asks it for; the
    doctor looks at vectors, of everything, and shows none."""
    from index.stores.catalog import SqlCatalog

    reads = {
        named
        for named, method in getmembers(SqlCatalog, isfunction)
        if named == "scope" or {"scope", "principal"} & signature(method).parameters.keys()
    }
    assert {"scope", "sources", "document", "passages", "visible"} <= reads
    past = {
        (name(module), call.func.attr)
        for module in below("assistant/")
        for call in ast.walk(tree(module))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)
        if call.func.attr in reads and ast.unparse(call.func.value).endswith("catalog")
    }
    doctor = "assistant/operating/doctor.py"
    assert past == {(doctor, "scope"), (doctor, "vectors")}


def test_a_package_names_each_of_its_modules() -> None:
    """Whoever opens it is told by its docstring what is where."""
    unnamed = [
        f"{name(init.parent)}: {part.stem}"
        for init in MODULES
        if init.name == "__init__.py"
        for part in sorted(init.parent.iterdir())
        if (part.suffix == ".py" and part != init) or (part / "__init__.py").exists()
        if not re.search(rf"\b{part.stem}\b", ast.get_docstring(tree(init)) or "")
    ]
    assert unnamed == []
