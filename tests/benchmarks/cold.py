"""How long a question takes from the shell, when nothing is loaded, and what is loaded for it.

    python -m tests.benchmarks.cold [--beside CHECKOUT] [--rounds N]

With another checkout of this project both ask in turns, and the medians are compared: wall time,
and time of a processor, which a busy machine changes less. Each makes an index of its own. A
pattern that is compiled on import, or a library that is imported for nothing, is seen here and
in no test.
"""

from __future__ import annotations

import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.conftest import ROOT

COMMAND = "import importlib, sys; importlib.import_module(sys.argv.pop(1)).main()"

MAINS = ("assistant.commands.cli", "assistant.cli")
"""Where the command begins: today, and in checkouts of the first versions."""

QUESTION = "What did Rahmon say about students?"

MOST_SHOWN = 12

IMPORTED = re.compile(r"import time:\s+(\d+) \|\s+\d+ \|\s+(\S+)")


def main() -> None:
    """Print the medians, and which modules take longest to import."""
    parser = argparse.ArgumentParser(description="Measure a cold question.")
    parser.add_argument("--beside", type=Path)
    parser.add_argument("--rounds", type=int, default=24)
    options = parser.parse_args()
    trees = [ROOT, *([options.beside.resolve()] if options.beside else [])]
    with tempfile.TemporaryDirectory() as scratch:
        homes = [Path(scratch) / str(number) for number in range(len(trees))]
        for tree, home in zip(trees, homes, strict=True):
            _run(tree, home, ["index", str(ROOT / "seeds")])
        taken: list[list[tuple[float, float]]] = [[] for _ in trees]
        for _ in range(options.rounds):
            for tree, home, times in zip(trees, homes, taken, strict=True):
                times.append(_timed(tree, home))
        medians = [[statistics.median(t) for t in zip(*times, strict=True)] for times in taken]
        for tree, (wall, processor) in zip(trees, medians, strict=True):
            of_ours = (
                f" ({medians[0][0] / wall:.2f} and {medians[0][1] / processor:.2f} of it here)"
            )
            beside = "" if tree == ROOT else of_ours
            print(f"{tree.name}: {wall:.3f} s, {processor:.3f} s of a processor{beside}")
        told = _run(trees[0], homes[0], ["ask", QUESTION], ["-X", "importtime"])
    print("longest imports, in milliseconds, without what they import:")
    found = sorted(((int(spent), module) for spent, module in IMPORTED.findall(told)), reverse=True)
    for spent, module in found[:MOST_SHOWN]:
        print(f"  {spent / 1000:6.1f}  {module}")


def _timed(tree: Path, home: Path) -> tuple[float, float]:
    """Seconds of a clock and of a processor that one question takes."""
    before, began = os.times(), time.perf_counter()
    _run(tree, home, ["ask", QUESTION])
    wall, after = time.perf_counter() - began, os.times()
    used = after.children_user + after.children_system
    return wall, used - before.children_user - before.children_system


def _run(tree: Path, home: Path, words: Sequence[str], python: Sequence[str] = ()) -> str:
    """What the command says of itself. Compiled files are kept, as they are for people."""
    begins = next(
        each for each in MAINS if (tree / each.replace(".", "/")).with_suffix(".py").exists()
    )
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(
        [sys.executable, *python, "-c", COMMAND, begins, "--home", str(home), *words],
        cwd=tree,
        env={**environment, "PYTHONPATH": str(tree)},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stderr


if __name__ == "__main__":
    main()
