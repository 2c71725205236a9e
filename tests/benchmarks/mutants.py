"""Does a broken line make a test fail? Breaks what people trust us for, one line at a time.

    python -m tests.benchmarks.mutants                        all of TARGETS, half an hour or so
    python -m tests.benchmarks.mutants verifying --jobs 2     those whose path has the word
    python -m tests.benchmarks.mutants refusing --list        what would be broken

A change that no test notices survives, and is printed with its line. Comparisons are turned
round, conditions negated, "and" and "or" exchanged, results replaced, and rows taken out of
tables.

The tests of a target run once, to learn which functions each of them calls. Each change is
then made in a process forked from one that has imported everything, and tried by the tests
that call its function: those of the quickest files first, until one fails.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import gc
import json
import os
import resource
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import CodeType, FrameType, FunctionType
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[2]

TARGETS = {
    "assistant/verifying": ["tests/assistant/verifying"],
    "assistant/answering/refusing.py": ["tests/assistant/answering/test_refusing.py"],
    "index/rights": [
        "tests/index/rights/test_deciding.py", "tests/index/rights/test_patterns.py",
        "tests/index/rights/test_links.py", "tests/index/rights/test_oracle.py",
    ],
    "index/stores/rights.py": [
        "tests/index/stores/test_rights.py", "tests/index/rights/test_oracle.py",
        "tests/index/rights/test_deciding.py", "tests/index/stores/test_catalog.py",
    ],
}  # fmt: skip
"""Files or folders whose lines are broken, and the tests that should notice."""

PATIENCE = 900
"""Seconds that the tests of one change may hang."""

LONGER = 4
"""Times the seconds of the processor that tests take without a change, and BEGINS more, after
which they have noticed it."""

BEGINS = 20

NOT_TRIED = 70
"""The exit code of a process that could not make the change or run the tests."""

SCRATCH = "PYTEST_DEBUG_TEMPROOT"
"""The variable with the folder below which pytest makes temporary ones."""

NOTICED = "noticed"
"""The file there that names the test that failed."""

ONE_THREAD = {"OMP_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "false"}
"""What is set before the first import: threads do not survive a fork."""

OPPOSITE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.GtE, ast.GtE: ast.Lt, ast.Gt: ast.LtE,
    ast.LtE: ast.Gt, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip

NEGATED = ast.Call | ast.Attribute | ast.Subscript | ast.UnaryOp
"""Conditions that are negated; comparisons are turned round, and TYPE_CHECKING is a name."""

Change = tuple[int, str, Callable[[], None], int | None]
"""A line, what would be changed there, how to do it, and the row of a table that it is, from
the table's end: -1 is the last."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """One broken line. `number` counts the changes of a file."""

    file: Path
    number: int
    line: int
    change: str
    row: int | None

    def __str__(self) -> str:
        source = self.file.read_text("utf-8").splitlines()[self.line - 1].strip()
        return f"{self.file.relative_to(ROOT)}:{self.line}  {self.change}:  {source}"


def breaks(tree: ast.Module) -> Iterator[Change]:
    """Every change of a file that is tried."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare) and type(node.ops[0]) in OPPOSITE:
            yield node.lineno, "turned round", lambda n=node: _turn_round(n), None  # type: ignore[misc]
        elif isinstance(node, ast.BoolOp):
            yield node.lineno, "and/or exchanged", lambda n=node: _exchange(n), None  # type: ignore[misc]
        elif isinstance(node, ast.If | ast.IfExp) and isinstance(node.test, NEGATED):
            yield node.lineno, "condition negated", lambda n=node: _negate(n), None  # type: ignore[misc]
        elif isinstance(node, ast.FunctionDef):
            yield from _results(node)
    yield from _fewer_rows(tree)


def _fewer_rows(tree: ast.Module) -> Iterator[Change]:
    for _, table in _tables(tree):
        for number, row in enumerate(table.elts):
            if not isinstance(row, ast.Starred):
                make = partial(table.elts.remove, row)
                yield row.lineno, "row taken out", make, number - len(table.elts)


def _turn_round(node: ast.Compare) -> None:
    node.ops[0] = OPPOSITE[type(node.ops[0])]()


def _exchange(node: ast.BoolOp) -> None:
    node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()


def _negate(node: ast.If | ast.IfExp) -> None:
    node.test = ast.UnaryOp(ast.Not(), node.test)


def _results(function: ast.FunctionDef) -> Iterator[Change]:
    """What its returns could give instead: the other truth, nothing, no words."""
    annotation = ast.unparse(function.returns) if function.returns else ""
    others: list[object] = [True, False] if annotation == "bool" else []
    others += [""] if annotation == "str" else []
    others += [None] if annotation.endswith("| None") else []
    for node in ast.walk(function):
        if isinstance(node, ast.Return) and not isinstance(node.value, ast.Constant | None):
            for value in others:
                yield node.lineno, f"gives {value!r}", lambda n=node, v=value: _give(n, v), None  # type: ignore[misc]


def _give(node: ast.Return, value: object) -> None:
    node.value = ast.Constant(value)  # type: ignore[arg-type]


def _tables(tree: ast.Module) -> Iterator[tuple[str, ast.Tuple]]:
    """Tuples at the top of a module whose rows are more than words and numbers, by name."""
    for node in tree.body:
        match node:
            case ast.Assign([ast.Name(name)], ast.Tuple() as table):
                pass
            case ast.AnnAssign(ast.Name(name), _, ast.Tuple() as table):
                pass
            case _:
                continue
        if not all(isinstance(row, ast.Constant | ast.UnaryOp) for row in table.elts):
            yield name, table


def mutants(file: Path) -> list[Mutant]:
    """The changes of a file, in the order of its lines."""
    found = enumerate(breaks(ast.parse(file.read_text("utf-8"))))
    listed = [Mutant(file, n, line, change, row) for n, (line, change, _, row) in found]
    return sorted(listed, key=lambda mutant: mutant.line)


def broken(mutant: Mutant) -> ast.Module:
    """Its file with this one change."""
    tree = ast.parse(mutant.file.read_text("utf-8"))
    _, _, make, _ = list(breaks(tree))[mutant.number]
    make()
    return ast.fix_missing_locations(tree)


# -- a change in the modules that are loaded -----------------------------------------


class Key(NamedTuple):
    """What a function is known by in all processes."""

    file: str
    line: int
    name: str


def changed(mutant: Mutant) -> list[tuple[CodeType, CodeType]]:
    """Each function that the change is in, as it is and as it would be, the innermost last."""
    name = str(mutant.file)
    whole = compile(mutant.file.read_text("utf-8"), name, "exec")
    return list(_differing(whole, compile(broken(mutant), name, "exec")))[1:]


def _differing(one: CodeType, other: CodeType) -> Iterator[tuple[CodeType, CodeType]]:
    if one == other:
        return
    yield one, other
    inner, others = _inner(one), _inner(other)
    if len(inner) == len(others):
        for pair in zip(inner, others, strict=True):
            yield from _differing(*pair)


def _inner(code: CodeType) -> list[CodeType]:
    return [each for each in code.co_consts if isinstance(each, CodeType)]


def key_of(code: CodeType) -> Key:
    """Of a function's code."""
    return Key(code.co_filename, code.co_firstlineno, code.co_qualname)


def make_change(mutant: Mutant) -> None:
    """Make it in this process, wherever the function or the table is in use."""
    if mutant.row is not None:
        _shorten(mutant, mutant.row)
        return
    instead = {key_of(one): other for one, other in changed(mutant)}
    for function in gc.get_objects():
        if isinstance(function, FunctionType) and key_of(function.__code__) in instead:
            function.__code__ = instead[key_of(function.__code__)]


def _shorten(mutant: Mutant, row: int) -> None:
    tree = ast.parse(mutant.file.read_text("utf-8"))
    name = next(n for n, table in _tables(tree) if table.lineno <= mutant.line <= _end(table))
    module = ".".join(mutant.file.relative_to(ROOT).with_suffix("").parts)
    whole = getattr(sys.modules[module], name)
    rows = list(whole)
    del rows[row]
    for space in [vars(other) for other in list(sys.modules.values())]:
        for known in [known for known, value in space.items() if value is whole]:
            space[known] = tuple(rows)


def _end(table: ast.Tuple) -> int:
    return table.end_lineno or table.lineno


# -- which tests call which functions ------------------------------------------------


@dataclass(slots=True)
class Calls:
    """What a test or a fixture calls of the files that are watched, and how long it takes."""

    seconds: float = 0.0
    keys: set[Key] = field(default_factory=set)


class Watching:
    """While the tests run: which functions of some files each test calls, itself or by a
    fixture."""

    def __init__(self, files: Sequence[Path]) -> None:
        self._files = {str(file) for file in files}
        self._calls: defaultdict[str, Calls] = defaultdict(Calls)
        self._now = [""]
        self.failed: list[str] = []

    def run(self, items: Sequence[pytest.Item]) -> dict[str, Calls]:
        """What each test calls, by its node id."""
        threading.settrace(self._note)
        sys.settrace(self._note)
        for item, following in zip(items, [*items[1:], None], strict=True):
            began = time.process_time()
            with self._of(item.nodeid):
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            self._calls[item.nodeid].seconds = time.process_time() - began
        sys.settrace(None)
        for item in items:
            for name in getattr(item, "fixturenames", ()):
                self._calls[item.nodeid].keys |= self._calls[f"fixture {name}"].keys
        return {item.nodeid: self._calls[item.nodeid] for item in items}

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(
        self, fixturedef: pytest.FixtureDef[object]
    ) -> Generator[None, object, object]:
        """What is called meanwhile is called by all tests that have the fixture."""
        with self._of(f"fixture {fixturedef.argname}"):
            return (yield)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A test that fails without any change can tell nothing."""
        if report.failed:
            self.failed.append(report.nodeid)

    @contextlib.contextmanager
    def _of(self, caller: str) -> Iterator[None]:
        self._now.append(caller)
        yield
        self._now.pop()

    def _note(self, frame: FrameType, event: str, arg: object) -> None:
        if frame.f_code.co_filename in self._files:
            self._calls[self._now[-1]].keys.add(key_of(frame.f_code))


class Trying:
    """Runs no test of the session itself: its children do, each with one change."""

    def __init__(self, work: Sequence[Mutant], jobs: int, say: Callable[[object], None]) -> None:
        self._work, self._jobs, self._say = work, jobs, say
        self.survivors = 0
        self.error = ""
        self._noticed: set[str] = set()

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Learn who calls what, then make one change after the other."""
        _warm_up()
        calls = self._learned(session.items)
        if not calls:
            return True
        running: deque[tuple[Mutant, Sequence[pytest.Item], Child]] = deque()
        for mutant in self._work:
            if len(running) == self._jobs:
                self._count(*running.popleft())
            items = _noticing(mutant, session.items, calls, self._noticed)
            seconds = sum(calls[item.nodeid].seconds for item in items)
            child = Child(partial(_try, mutant, items), BEGINS + round(LONGER * seconds))
            running.append((mutant, items, child))
        while running:
            self._count(*running.popleft())
        return True

    def _count(self, mutant: Mutant, items: Sequence[pytest.Item], child: Child) -> None:
        end = child.end()
        if end == "survived":
            self.survivors += 1
            self._say(mutant if items else f"{mutant}   (no test calls it)")
        elif end != "noticed":
            self._say(f"{mutant}   ({end})")
        self._noticed |= child.told

    def _learned(self, items: Sequence[pytest.Item]) -> dict[str, Calls]:
        with tempfile.NamedTemporaryFile("r", encoding="utf-8") as told:
            child = Child(partial(_learn, items, self._work, Path(told.name)))
            if child.end() != "survived":
                self.error = told.read() or "The tests broke off before a change was made."
                return {}
            learned = json.load(told)
        return {id: Calls(seconds, {Key(*key) for key in keys}) for id, seconds, keys in learned}


def _warm_up() -> None:
    """Load once for all children what takes longest and starts no thread."""
    import chromadb  # noqa: F401

    from tests.conftest import ATTRIBUTOR

    ATTRIBUTOR.prepare()


def _learn(items: Sequence[pytest.Item], work: Sequence[Mutant], told: Path) -> bool:
    watching = Watching([mutant.file for mutant in work])
    items[0].config.pluginmanager.register(watching)
    calls = watching.run(items)
    rows = [(id, each.seconds, sorted(each.keys)) for id, each in calls.items()]
    failed = "These tests fail without any change:\n" + "\n".join(watching.failed)
    told.write_text(failed if watching.failed else json.dumps(rows), "utf-8")
    return not watching.failed


def _noticing(
    mutant: Mutant, items: Sequence[pytest.Item], calls: dict[str, Calls], noticed: set[str]
) -> list[pytest.Item]:
    """The tests that may notice: all for a row of a table, else those that call the function
    that is changed, and all beside them, for which it may have been called already. First those
    that noticed another change, then those of the quickest files."""
    key = key_of(changed(mutant)[-1][0]) if mutant.row is None else None
    callers = {item for item in items if key is None or key in calls[item.nodeid].keys}
    seconds: defaultdict[Path, float] = defaultdict(float)
    for item in callers:
        seconds[item.path] += calls[item.nodeid].seconds
    return sorted(
        (item for item in items if item.path in seconds),
        key=lambda item: (item.nodeid not in noticed, seconds[item.path], item not in callers),
    )


class Failures:
    """Has any test failed?"""

    def __init__(self) -> None:
        self.any = False

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Of a test's call, or of a fixture's."""
        self.any |= report.failed


def _try(mutant: Mutant, items: Sequence[pytest.Item]) -> bool:
    """Do all these tests pass with the change?"""
    make_change(mutant)
    failures = Failures()
    for number, item in enumerate(items, 1):
        following = items[number] if number < len(items) else None
        item.config.pluginmanager.register(failures, "failures")
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        item.config.pluginmanager.unregister(failures)
        if failures.any:
            Path(os.environ[SCRATCH], NOTICED).write_text(item.nodeid, "utf-8")
            return False
    return True


class Child:
    """Tries something in a process of its own. `told` is which test noticed the change."""

    def __init__(self, trying: Callable[[], bool], most_processor: int | None = None) -> None:
        self.told: set[str] = set()
        self._scratch = tempfile.mkdtemp(prefix="mutants-")
        self._ends = time.monotonic() + PATIENCE
        self._pid = os.fork()
        if self._pid == 0:
            _be_child(trying, self._scratch, most_processor)

    def end(self) -> str:
        """Wait for it: "survived", "noticed", "hung" or "not tried"."""
        done = 0
        while not done and time.monotonic() < self._ends:
            time.sleep(0.02)
            done, status = os.waitpid(self._pid, os.WNOHANG)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._pid, signal.SIGKILL)
        if not done:
            os.waitpid(self._pid, 0)
        noticed = Path(self._scratch, NOTICED)
        if noticed.exists():
            self.told = {noticed.read_text("utf-8")}
        shutil.rmtree(self._scratch, ignore_errors=True)
        if not done:
            return "hung"
        return {0: "survived", NOT_TRIED: "not tried"}.get(
            os.waitstatus_to_exitcode(status), "noticed"
        )


def _be_child(trying: Callable[[], bool], scratch: str, most_processor: int | None) -> None:
    code = NOT_TRIED
    try:
        os.setsid()
        os.environ[SCRATCH] = scratch
        if most_processor is not None:
            resource.setrlimit(resource.RLIMIT_CPU, (most_processor, most_processor))
        code = 0 if trying() else 1
    finally:
        os._exit(code)


def chosen(words: Sequence[str]) -> Iterator[tuple[list[str], list[Mutant]]]:
    """The tests of each target, and the changes of its files whose path has one of these
    words, of all without any."""
    for target, tests in TARGETS.items():
        place = ROOT / target
        files = [place] if place.is_file() else sorted(place.rglob("*.py"))
        names = {file: file.relative_to(ROOT).as_posix() for file in files}
        some = [f for f in files if not words or any(word in names[f] for word in words)]
        if some:
            yield tests, [mutant for file in some for mutant in mutants(file)]


def main() -> None:
    """Break and test, and print what survived; exit code 1 if anything did."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("words", nargs="*", help="only files whose path has one of these")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--list", action="store_true", help="only say what would be broken")
    asked = parser.parse_args()
    work = list(chosen(asked.words))
    if asked.list:
        print(*(mutant for _, some in work for mutant in some), sep="\n")
        return
    survived = [_tried(tests, some, asked.jobs) for tests, some in work]
    sys.exit(any(survived))


def _tried(tests: Sequence[str], work: Sequence[Mutant], jobs: int) -> bool:
    """Did any of these changes survive these tests? In a process of its own."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != 0
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    os.environ |= ONE_THREAD
    trying = Trying(work, jobs, lambda words: print(words, file=out, flush=True))
    pytest.main(["-q", "-s", "-p", "no:xdist", *tests], plugins=[trying])
    names = ", ".join(sorted({m.file.relative_to(ROOT).as_posix() for m in work}))
    print(
        trying.error or f"{names}: {len(work):,} changes, {trying.survivors:,} survived", file=out
    )
    out.flush()
    os._exit(bool(trying.error or trying.survivors))


if __name__ == "__main__":
    main()
