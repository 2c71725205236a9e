"""What rights cost: questions by an operator and by somebody who may read a part, in turns.

    python -m tests.benchmarks.rights --docs FOLDER --size 100000

50 distinct sets of rights name one to four of 100 groups each; the one who asks is in 20.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from assistant.building import open_to_ask, open_to_write
from assistant.chat import Assistant
from assistant.settings import Settings
from index.documents import LOCAL_USER, Principal
from index.rights.deciding import Granted, Rights
from tests.benchmarks.corpus import (
    embedded_sentences,
    fill,
    find_texts,
    new_settings,
    prepare_model,
    questions,
    speaker_questions,
)

SETS, GROUPS, GROUPS_OF_ONE = 50, 100, 20
PASSAGES_EACH = 5
"""Of a document: 20,000 documents in 100,000 passages."""


def main() -> None:
    """Print the figures of both."""
    parser = argparse.ArgumentParser(description="Measure what rights cost.")
    parser.add_argument("--docs", type=Path, nargs="*", default=[])
    parser.add_argument("--size", type=int, default=100_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        models = prepare_model(Path(scratch))
        sentences = embedded_sentences(find_texts(options.docs, Path(scratch)), models)
        with new_settings(models) as settings:
            sets = list(_sets(random.Random(5)))
            with open_to_write(settings, "benchmark") as opened:
                fill(opened, sentences, options.size, lambda n: sets[n % SETS], PASSAGES_EACH)
                opened.stores.publish()
            _compare(settings, "questions", questions(sentences))
            _compare(
                settings, "of one who made a third of all statements", speaker_questions(sentences)
            )


def _sets(draw: random.Random) -> Sequence[Granted]:
    """Distinct ones."""
    made = {
        Rights(
            f"user:i|owner{number}", readers=frozenset(draw.sample(_groups(), draw.randint(1, 4)))
        )
        for number in range(SETS)
    }
    return [Granted(each, "the benchmark") for each in sorted(made, key=lambda each: each.owner)]


def _groups() -> list[str]:
    return [f"group:i|{number}" for number in range(GROUPS)]


def _compare(settings: Settings, what: str, asked: Sequence[str]) -> None:
    """Each question by one and by the other, so that a busy machine is so for both."""
    somebody = Principal("user:i|ada", groups=frozenset(_groups()[:GROUPS_OF_ONE]))
    askers = {"without rights": LOCAL_USER, "with rights": somebody}
    times: defaultdict[str, list[float]] = defaultdict(list)
    with open_to_ask(settings, "benchmark") as assistant:
        for principal in askers.values():
            status = assistant.view_of(principal).status()
            print(f"{principal.id}: {status.documents:,} documents, {status.passages:,} passages")
        for question in asked[:10]:
            for principal in askers.values():
                assistant.ask(question, principal=principal)
        for question in asked:
            for name, principal in askers.items():
                _measure(assistant, question, principal, name, times)
    print(what)
    for name, each in times.items():
        p50, p95 = np.percentile(each, [50, 95])
        print(f"  {name:<30}{p50:7.1f} ms p50 {p95:7.1f} ms p95")
    ratio = np.percentile(times["with rights"], 95) / np.percentile(times["without rights"], 95)
    print(f"  p95 with rights is {ratio:.2f} times that without")


def _measure(
    assistant: Assistant,
    question: str,
    principal: Principal,
    name: str,
    times: defaultdict[str, list[float]],
) -> None:
    began = time.perf_counter()
    answer = assistant.ask(question, principal=principal)
    times[name].append((time.perf_counter() - began) * 1000)
    for stage, milliseconds in answer.timings_ms.items():
        times[f"{name}: {stage}"].append(milliseconds)


if __name__ == "__main__":
    main()
