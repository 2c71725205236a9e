"""Does a broken line make a test fail? Breaks what people trust us for, one line at a time.

    python -m tests.benchmarks.mutants                        all of TARGETS, an hour or so
    python -m tests.benchmarks.mutants verifying --jobs 2     those whose path has the word
    python -m tests.benchmarks.mutants refusing --list        what would be broken

A change that no test notices survives, and is printed with its line. Comparisons are turned
round, conditions negated, "and" and "or" exchanged, results replaced, and rows taken out of
tables. Each change is tried in a process of its own, forked from one that has loaded the
libraries already, so that it costs its tests' seconds only.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import importlib
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]

TARGETS = {
    "assistant/verifying": ["tests/assistant/verifying"],
    "assistant/answering/refusing.py": ["tests/assistant/answering"],
    "index/rights": ["tests/index/rights"],
    "index/stores/rights.py": ["tests/index/rights"],
}
"""Files or folders whose lines are broken, and the tests that should notice."""

LIBRARIES = ["numpy", "onnxruntime", "tokenizers", "spacy", "rapidfuzz", "pydantic", "tantivy"]
"""Loaded before the first fork. None of our own modules may be."""

PATIENCE = 300
"""Seconds for the tests of one change; whatever takes longer has noticed it."""

OPPOSITE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.GtE, ast.GtE: ast.Lt, ast.Gt: ast.LtE,
    ast.LtE: ast.Gt, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip

NEGATED = ast.Call | ast.Attribute | ast.Subscript | ast.UnaryOp
"""Conditions that are negated; comparisons are turned round, and TYPE_CHECKING is a name."""

Break = Callable[[], None]
"""Breaks the tree in which its line stands."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """One broken line. `number` counts the changes of a file."""

    file: Path
    number: int
    line: int
    change: str

    def __str__(self) -> str:
        source = self.file.read_text("utf-8").splitlines()[self.line - 1].strip()
        return f"{self.file.relative_to(ROOT)}:{self.line}  {self.change}:  {source}"


def breaks(tree: ast.Module) -> Iterator[tuple[int, str, Break]]:
    """Every change of a file that is tried: its line, what it is, and how to make it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare) and type(node.ops[0]) in OPPOSITE:
            yield node.lineno, "turned round", lambda n=node: _turn_round(n)  # type: ignore[misc]
        elif isinstance(node, ast.BoolOp):
            yield node.lineno, "and/or exchanged", lambda n=node: _exchange(n)  # type: ignore[misc]
        elif isinstance(node, ast.If | ast.IfExp) and isinstance(node.test, NEGATED):
            yield node.lineno, "condition negated", lambda n=node: _negate(n)  # type: ignore[misc]
        elif isinstance(node, ast.FunctionDef):
            yield from _results(node)
    for table in _tables(tree):
        for row in range(_length(table)):
            yield table.lineno, f"row {row + 1} taken out", lambda t=table, r=row: _take_out(t, r)  # type: ignore[misc]


def _turn_round(node: ast.Compare) -> None:
    node.ops[0] = OPPOSITE[type(node.ops[0])]()


def _exchange(node: ast.BoolOp) -> None:
    node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()


def _negate(node: ast.If | ast.IfExp) -> None:
    node.test = ast.UnaryOp(ast.Not(), node.test)


def _results(function: ast.FunctionDef) -> Iterator[tuple[int, str, Break]]:
    """What its returns could give instead: the other truth, nothing, no words."""
    annotation = ast.unparse(function.returns) if function.returns else ""
    others: list[object] = [True, False] if annotation == "bool" else []
    others += [""] if annotation == "str" else []
    others += [None] if annotation.endswith("| None") else []
    for node in ast.walk(function):
        if isinstance(node, ast.Return) and not isinstance(node.value, ast.Constant | None):
            for value in others:
                yield node.lineno, f"gives {value!r}", lambda n=node, v=value: _give(n, v)  # type: ignore[misc]


def _give(node: ast.Return, value: object) -> None:
    node.value = ast.Constant(value)  # type: ignore[arg-type]


Table = ast.Tuple | ast.List | ast.Set | ast.Dict


def _tables(tree: ast.Module) -> Iterator[Table]:
    """Tables at the top of a module whose rows are more than words and numbers."""
    for node in tree.body:
        value = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
        if isinstance(value, Table) and _length(value) > 1:
            rows = value.values if isinstance(value, ast.Dict) else value.elts
            if not all(isinstance(row, ast.Constant) for row in rows):
                yield value


def _length(table: Table) -> int:
    return len(table.values if isinstance(table, ast.Dict) else table.elts)


def _take_out(table: Table, row: int) -> None:
    if isinstance(table, ast.Dict):
        del table.keys[row], table.values[row]
    else:
        del table.elts[row]


def mutants(file: Path) -> list[Mutant]:
    """The changes of a file, in the order of its lines."""
    found = enumerate(breaks(ast.parse(file.read_text("utf-8"))))
    listed = [Mutant(file, number, line, change) for number, (line, change, _) in found]
    return sorted(listed, key=lambda mutant: mutant.line)


def broken(mutant: Mutant) -> ast.Module:
    """Its file with this one change."""
    tree = ast.parse(mutant.file.read_text("utf-8"))
    *_, make = list(breaks(tree))[mutant.number]
    make()
    return ast.fix_missing_locations(tree)


class Breaking(MetaPathFinder, Loader):
    """Imports one module as it was broken, and leaves all others to others."""

    def __init__(self, mutant: Mutant) -> None:
        self._mutant = mutant
        parts = mutant.file.relative_to(ROOT).with_suffix("").parts
        self._name = ".".join(parts).removesuffix(".__init__")

    def find_spec(
        self, fullname: str, path: object = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The broken module's place; None for every other."""
        if fullname != self._name:
            return None
        package = self._mutant.file.name == "__init__.py"
        spec = ModuleSpec(fullname, self, origin=str(self._mutant.file), is_package=package)
        if package:
            spec.submodule_search_locations = [str(self._mutant.file.parent)]
        return spec

    def exec_module(self, module: ModuleType) -> None:
        """Run the broken source."""
        module.__file__ = str(self._mutant.file)
        exec(compile(broken(self._mutant), str(self._mutant.file), "exec"), module.__dict__)


def survives(mutant: Mutant, tests: Sequence[str]) -> bool:
    """Do all of these tests pass with it?"""
    child = os.fork()
    if child == 0:
        os.setsid()
        _be_tested(mutant, tests)
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status) == 0
        time.sleep(0.05)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return False


def _be_tested(mutant: Mutant, tests: Sequence[str]) -> None:
    import pytest

    code = 70
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        sys.meta_path.insert(0, Breaking(mutant))
        code = pytest.main(["-x", "-q", "-n", "0", "--no-header", *tests])
    finally:
        os._exit(code)


def chosen(words: Sequence[str]) -> Iterator[tuple[Path, list[str]]]:
    """The files of TARGETS whose path has one of these words, all without any, with their
    tests."""
    for target, tests in TARGETS.items():
        place = ROOT / target
        files = [place] if place.is_file() else sorted(place.rglob("*.py"))
        for file in files:
            name = file.relative_to(ROOT).as_posix()
            if not words or any(word in name for word in words):
                yield file, tests


def main() -> None:
    """Break and test, and print what survived; exit code 1 if anything did."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("words", nargs="*", help="only files whose path has one of these")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--list", action="store_true", help="only say what would be broken")
    asked = parser.parse_args()
    work = [(mutant, tests) for file, tests in chosen(asked.words) for mutant in mutants(file)]
    if asked.list:
        print(*(mutant for mutant, _ in work), sep="\n")
        return
    for library in LIBRARIES:
        with contextlib.suppress(ImportError):
            importlib.import_module(library)
    import pytest  # noqa: F401  loaded before the first fork

    survivors = 0
    with ThreadPoolExecutor(asked.jobs) as pool:
        for (mutant, _), alive in zip(work, pool.map(lambda w: survives(*w), work), strict=True):
            if alive:
                survivors += 1
                print(mutant, flush=True)
    print(f"{len(work):,} changes, {survivors:,} survived")
    sys.exit(bool(survivors))


if __name__ == "__main__":
    main()
