"""Kills `onrecord index` at random moments; the index has to answer and to recover.

    python -m tests.benchmarks.kills --first 10 --again 10

Each kill is a SIGKILL some way into a run that has every document to do: for the first of all
in a home of its own, or again, as they change before each. What the run said that it had done
has to be there; then a question is asked of what is there. In the end the documents are what
they were at first, and a run that is left alone has to give the catalog that an undisturbed one
gives, with each vector found by itself. Exits with 1 if anything is lost or differs.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count as count_up
from pathlib import Path

from assistant.building import open_to_ask_once, open_to_write, open_vectors
from assistant.settings import Settings
from index.documents import LOCAL_USER, Span
from index.models.embedding import Vectors
from index.models.opening import open_embedder
from index.stores.catalog import SqlCatalog
from tests.conftest import ROOT, SEED, invented_texts, new_home, passage_ids

DONE = re.compile(r"^[+~] (\S+)  \(", re.MULTILINE)
"""What a run says of a document once it is written."""

SAME = 0.999
"""What is embedded beside other passages differs by so little: the model rounds."""

FOUND = 0.995
"""The share of passages that have to find themselves by their own vector, among five."""

QUESTION = "what did Rahmon say about students?"
COMMAND = "from assistant.commands.cli import main; main()"

Place = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Kill:
    """What a killed run left, and after how long. `lost` is what it had said to be done and is
    not there."""

    seconds: float
    documents: int
    unpublished: int
    answered: bool
    lost: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Content:
    """What a catalog holds, without its ids."""

    documents: dict[str, tuple[str, str]]
    sentences: dict[Place, tuple[Span, ...]]
    vectors: dict[Place, Vectors]


def write_texts(folder: Path, count: int, turn: int = 0) -> None:
    """The sample document, and so many invented ones, their lines in another order
    each turn."""
    folder.mkdir(exist_ok=True)
    (folder / SEED.name).write_bytes(SEED.read_bytes())
    for name, text in invented_texts(count).items():
        lines = text.splitlines()
        if turn:
            random.Random(turn).shuffle(lines)
        (folder / name).write_text("\n".join(lines), "utf-8")


def index(home: Path, *paths: Path) -> float:
    """Run to the end; gives the seconds it took."""
    began = time.monotonic()
    with _started(home, *paths) as process:
        output, _ = process.communicate()
    if process.returncode != 0:
        raise AssertionError(f"onrecord index failed:\n{output}")
    return time.monotonic() - began


def kill_while_indexing(home: Path, folder: Path, seconds: float) -> Kill | None:
    """Kill a run after so many seconds and ask what is there; None if it ended before."""
    began = time.monotonic()
    with _started(home, folder) as process:
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
        said = process.stdout.read() if process.stdout else ""
    if process.returncode == 0:
        return None
    took = round(time.monotonic() - began, 2)
    if not (home / "catalog.sqlite3").exists():
        return Kill(took, 0, 0, answered=False, lost=tuple(DONE.findall(said)))
    catalog = SqlCatalog.make(home / "catalog.sqlite3")
    there = {source.name for source in catalog.sources(LOCAL_USER)}
    lost = tuple(name for name in DONE.findall(said) if name not in there)
    seen = open_vectors(Settings(home), catalog).seen
    unpublished = len(catalog.changes("vectors", seen)[0])
    return Kill(took, len(there), unpublished, answers(home), lost)


def answers(home: Path) -> bool:
    """Is the question answered from the sample document?"""
    with open_to_ask_once(Settings(home)) as assistant:
        answer = assistant.ask(QUESTION, principal=LOCAL_USER)
    return any("quota for Tajik students" in citation.quote for citation in answer.citations)


def first(scratch: Path, folder: Path, count: int, seed: int, run_time: float) -> Iterator[Kill]:
    """That many, each in a home of its own, which then has to come to what is undisturbed. No two
    have the same path: Chroma remembers in this process what it opened."""
    draw, paths = random.Random(seed), (scratch / f"first-{number}" for number in count_up())
    while count:
        home = new_home(next(paths), scratch / "models")
        kill = kill_while_indexing(home, folder, draw.uniform(0.1, 0.9) * run_time)
        if kill is None:
            run_time *= 0.9  # runs have become quicker than the first
        else:
            count -= 1
            index(home, folder)
            check(home, scratch / "undisturbed")
            yield kill
        shutil.rmtree(home)


def again(home: Path, folder: Path, count: int, seed: int, run_time: float) -> Iterator[Kill]:
    """That many, each at a random moment of a run; the texts are then as they were."""
    index(home, folder / SEED.name)
    texts = len(list(folder.iterdir())) - 1
    draw = random.Random(seed)
    turn = killed = 0
    while killed < count:
        turn += 1
        write_texts(folder, texts, turn)
        kill = kill_while_indexing(home, folder, draw.uniform(0.1, 0.9) * run_time)
        if kill is None:
            run_time *= 0.9
        else:
            killed += 1
            yield kill
    write_texts(folder, texts)


def content(home: Path) -> Content:
    """Documents, spans and vectors of a catalog."""
    catalog = SqlCatalog.make(home / "catalog.sqlite3")
    scope = catalog.scope(LOCAL_USER)
    stored = catalog.passages(passage_ids(catalog), scope)
    ids, vectors = catalog.vectors(scope)
    rows = dict(zip(ids.tolist(), vectors, strict=True))
    places = {p.id: (p.source.name, p.passage.start, p.passage.end) for p in stored}
    return Content(
        {s.name: (s.id, s.version) for s in catalog.sources(LOCAL_USER)},
        {places[p.id]: p.passage.sentences for p in stored},
        {places[id]: row for id, row in rows.items()},
    )


def compare(recovered: Path, undisturbed: Path) -> float:
    """The smallest cosine between vectors of the two; all else has to be equal."""
    one, other = content(recovered), content(undisturbed)
    if (one.documents, one.sentences) != (other.documents, other.sentences):
        raise AssertionError("The recovered catalog differs from the undisturbed one.")
    return min(float(one.vectors[place] @ vector) for place, vector in other.vectors.items())


def probe(home: Path) -> float:
    """How many passages are found by their own vector; words and vectors have to have as many
    as the catalog."""
    with open_to_write(Settings(home), "check") as opened:
        catalog, words, vectors = (
            opened.stores.catalog, opened.stores.words, opened.stores.vectors,
        )  # fmt: skip
        if not words.count == vectors.count == catalog.passage_count:
            raise AssertionError("The stores do not agree with the catalog.")
        ids, own = catalog.vectors(catalog.scope(LOCAL_USER))
        found = [int(id) in vectors.search(row, 5) for id, row in zip(ids, own, strict=True)]
    return sum(found) / len(found)


def check(recovered: Path, undisturbed: Path) -> tuple[float, float]:
    """The smallest cosine, and the share that finds itself. Raises AssertionError."""
    cosine, share = compare(recovered, undisturbed), probe(recovered)
    if cosine < SAME or share < FOUND:
        raise AssertionError(f"smallest cosine {cosine:.5f}, {share:.2%} find themselves")
    return cosine, share


def _started(home: Path, *paths: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", COMMAND, "--home", home, "index", *paths]
    return subprocess.Popen(
        list(map(str, command)),
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )  # fmt: skip


def main() -> None:
    """Kill as often as was asked for, and say what happened."""
    parser = argparse.ArgumentParser(description="Kill indexing runs and see what is left.")
    parser.add_argument("--first", type=int, default=10, help="kills of a first run")
    parser.add_argument("--again", type=int, default=10, help="kills of a run after changes")
    parser.add_argument("--documents", type=int, default=150)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        _report(Path(scratch), options)


def _report(scratch: Path, options: argparse.Namespace) -> None:
    open_embedder(Settings().embedder, scratch / "models")
    write_texts(scratch / "texts", options.documents)
    undisturbed = new_home(scratch / "undisturbed", scratch / "models")
    killed = new_home(scratch / "killed", scratch / "models")
    run_time = index(undisturbed, scratch / "texts")
    print(f"undisturbed: {run_time:.1f} s", flush=True)
    lost = 0
    for runs in (
        first(scratch, scratch / "texts", options.first, options.seed, run_time),
        again(killed, scratch / "texts", options.again, options.seed, run_time),
    ):
        for kill in runs:
            lost += len(kill.lost)
            print(kill, flush=True)
    print(f"recovered in {index(killed, scratch / 'texts'):.1f} s")
    cosine, share = check(killed, undisturbed)
    print(
        f"{options.first + options.again} kills: {lost} documents lost, smallest cosine "
        f"{cosine:.5f}, {share:.2%} of passages find themselves"
    )
    sys.exit(bool(lost))


if __name__ == "__main__":
    main()
