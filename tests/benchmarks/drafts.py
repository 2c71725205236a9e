"""Judges drafted questions about speakers by statements that people annotated.

    python -m tests.benchmarks.drafts DRAFT.jsonl --statements STATEMENTS.jsonl [--sample 200]

The draft is made with `onrecord questions` from the annotated documents. A question that
is answered has right gold if annotated statements of that speaker (the surnames agree)
cover at least half of every gold span; an unanswerable one if no annotated statement of
that speaker in the document has all words of the topic.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.evaluation.scoring.spans import covered
from index.documents import Span
from index.english.spelling import TOKEN, folded
from index.english.word_lists import FUNCTION_WORDS

STEM = 5
"""Letters in which two words have to agree to be one."""


@dataclass(frozen=True, slots=True)
class Annotated:
    """A statement as people annotated it, with the words that may name its speaker."""

    names: frozenset[str]
    spans: tuple[Span, ...]
    text: str


def main() -> None:
    """Sample, judge, print the shares and what was judged wrong."""
    parser = argparse.ArgumentParser(description="Judge drafted questions about speakers.")
    parser.add_argument("draft", type=Path)
    parser.add_argument("--statements", type=Path, required=True)
    parser.add_argument("--sample", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--wrong", type=int, default=20, help="How many wrong ones to print.")
    options = parser.parse_args()
    rows = [row for row in _rows(options.draft) if row.get("speaker")]
    sample = random.Random(options.seed).sample(rows, min(options.sample, len(rows)))
    annotated = read_annotated(options.statements)
    judged = [(row, is_right(row, annotated[row["document"]])) for row in sample]
    report(judged)
    for row in [row for row, right in judged if not right][: options.wrong]:
        print(f"\n{row['document']}\n  {row['question']}")
        for place in row["evidence"]:
            print(f"    {place['start']}-{place['end']} {place['text'][:150]}")


def read_annotated(path: Path) -> Mapping[str, Sequence[Annotated]]:
    """The annotated statements of each document."""
    found: defaultdict[str, list[Annotated]] = defaultdict(list)
    for row in _rows(path):
        named = f"{row['speaker'] or ''} {row['source_text'] or ''}"
        spans = tuple(Span(start, end) for start, end in row["content_spans"])
        names = frozenset(map(folded, TOKEN.findall(named)))
        found[row["doc"]].append(Annotated(names, spans, row["content_text"]))
    return found


def is_right(row: Mapping[str, Any], annotated: Sequence[Annotated]) -> bool:
    """Do the annotations agree with the gold, or with that there is none?"""
    surname = folded(TOKEN.findall(row["speaker"])[-1])
    own = [each for each in annotated if surname in each.names]
    if not row["answerable"]:
        return not any(_words(row["topic"]) <= _words(each.text) for each in own)
    spans = [span for each in own for span in each.spans]
    gold = [Span(place["start"], place["end"]) for place in row["evidence"]]
    return all(2 * covered(span, spans) >= len(span) for span in gold)


def report(judged: Sequence[tuple[Mapping[str, Any], bool]]) -> None:
    """The share of right ones, of each kind and of all."""
    for answerable in (True, False):
        right = [ok for row, ok in judged if row["answerable"] == answerable]
        kind = "answered" if answerable else "unanswerable"
        print(f"{kind:<13}{sum(right):>4} of {len(right):>4} {sum(right) / max(1, len(right)):.3f}")
    right = [ok for _, ok in judged]
    print(f"{'all':<13}{sum(right):>4} of {len(right):>4} {sum(right) / max(1, len(right)):.3f}")
    speakers = Counter(row["speaker"] for row, _ in judged)
    print(f"{len({row['document'] for row, _ in judged})} documents, {len(speakers)} speakers")


def _words(text: str) -> frozenset[str]:
    words = (folded(word) for word in TOKEN.findall(text))
    return frozenset(word[:STEM] for word in words if word not in FUNCTION_WORDS)


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        yield from map(json.loads, file)


if __name__ == "__main__":
    main()
