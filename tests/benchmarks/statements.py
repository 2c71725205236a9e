"""Are statements found, and credited to whoever made them?

    python -m tests.benchmarks.statements --docs FOLDER --statements GOLD.jsonl

GOLD has one annotated statement a line: `doc`, `content_spans`, `cue_spans`,
`cue_type`, `kind` (direct, indirect, mixed) and `speaker` (a full name or null). A
statement is found if its content and the annotated one overlap by at least half of
each. Statements with a speech cue count; what overlaps another annotation (a belief,
an intention) is neither right nor wrong and counted apart, and so is what the form of a
document says without a cue, where nobody annotated it.

    … --learn    prints LEARNED of index/attribution/cues.py, and the figures cross-validated
                 by document: no cue was learned from a document it is measured on
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from index.attribution.attributing import attribute
from index.attribution.cues import ENGLISH_CUES, LEAST_SEEN, LEAST_SHARE, Cues
from index.attribution.names import same_person
from index.attribution.parsing import PACKAGED_MODELS, Parser, SpacyParser, Tree
from index.documents import Document, Source, Span, Statement

FOLDS = 5
KINDS = ("direct", "mixed", "indirect")

Gold = Mapping[str, Any]
Documents = Mapping[str, Document]
Annotations = Mapping[str, Sequence[Gold]]


class AnyVerb(Cues):
    """Takes every verb for a cue, to see which ones the annotators took."""

    def __init__(self) -> None:
        super().__init__("")
        self.asked: list[tuple[str, str]] = []

    def takes(self, verb: str, kind: str) -> bool:
        return True

    def may_be_among(self, words: Iterable[str]) -> bool:
        return True


class Remembering:
    """A parser that parses each sentence once, however often it is asked."""

    def __init__(self, parser: Parser) -> None:
        self._parser = parser
        self._trees: dict[str, Tree] = {}

    def parse(self, sentences: Sequence[str]) -> Iterator[Tree]:
        new = [s for s in dict.fromkeys(sentences) if s not in self._trees]
        self._trees.update(zip(new, self._parser.parse(new), strict=True))
        return iter([self._trees[sentence] for sentence in sentences])


@dataclass
class Tally:
    """What was found of what is there, by kind of statement."""

    right: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    apart: Counter[str] = field(default_factory=Counter)
    there: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    credited: Counter[bool] = field(default_factory=Counter)

    def count(self, statements: Sequence[Statement], gold: Sequence[Gold]) -> None:
        """Add one document."""
        found: set[int] = set()
        for statement in statements:
            alike = [i for i, g in enumerate(gold) if overlap(statement.content, spans(g))]
            speech = [i for i in alike if gold[i]["cue_type"] == "speech"]
            is_apart = alike or statement.cue is None
            verdict = self.right if speech else self.apart if is_apart else self.wrong
            verdict[statement.speech] += 1
            found.update(speech)
            for i in speech:
                if gold[i]["speaker"] and cued(statement, gold[i]):
                    self.credited[is_credited(statement, gold[i])] += 1
        for i, each in enumerate(gold):
            if each["cue_type"] == "speech":
                self.there[each["kind"]] += 1
                self.found[each["kind"]] += i in found

    def report(self) -> None:
        """Precision, recall and F1 by kind, and how many are credited rightly."""
        for kinds in (*((kind,) for kind in KINDS), KINDS):
            right, wrong, apart, there, found = (
                sum(counter[kind] for kind in kinds)
                for counter in (self.right, self.wrong, self.apart, self.there, self.found)
            )
            precision, recall = right / max(1, right + wrong), found / max(1, there)
            f1 = 2 * precision * recall / max(1e-9, precision + recall)
            print(
                f"  {'all' if len(kinds) > 1 else kinds[0]:<9} precision {precision:.3f} "
                f"recall {recall:.3f} F1 {f1:.3f}   {there:,} annotated, {apart:,} of ours "
                "are beliefs and the like"
            )
        known = self.credited.total()
        print(f"  speaker   {self.credited[True] / max(1, known):.3f} of {known:,} right")


def overlap(one: Sequence[Span], other: Sequence[Span]) -> bool:
    """Do they share at least half of each?"""
    shared = sum(max(0, min(a.end, b.end) - max(a.start, b.start)) for a in one for b in other)
    return 2 * shared >= max(sum(map(len, one)), sum(map(len, other)))


def spans(gold: Gold) -> list[Span]:
    """Where the annotated content stands."""
    return [Span(start, end) for start, end in gold["content_spans"]]


def is_credited(statement: Statement, gold: Gold) -> bool:
    """Is it the same surname, with the same first name where both have one?"""
    plain = [
        name.replace("’", "'").replace(".", "").split()
        for name in (statement.speaker or "", gold["speaker"])
    ]
    return all(plain) and same_person(tuple(plain[0]), tuple(plain[1]))


def learn(documents: Documents, gold: Annotations, parser: Parser) -> str:
    """LEARNED of index/attribution/cues.py, from these documents."""
    seen: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for name, document in documents.items():
        for statement, key in candidates(document, parser):
            alike = [
                g for g in gold[name] if overlap(statement.content, spans(g)) and cued(statement, g)
            ]
            types = {g["cue_type"] for g in alike}
            seen[key]["speech" if "speech" in types else "other" if types else "none"] += 1
    kinds: defaultdict[str, list[str]] = defaultdict(list)
    for (verb, kind), counts in sorted(seen.items()):
        share = counts["speech"] / max(1, counts["speech"] + counts["none"])
        if counts["speech"] >= LEAST_SEEN and share >= LEAST_SHARE:
            kinds[verb].append(kind)
    return "\n".join(f"{verb}: {' '.join(of)}" for verb, of in kinds.items())


def candidates(document: Document, parser: Parser) -> Iterable[tuple[Statement, tuple[str, str]]]:
    """Everything that any verb governs, with the verb and the kind of its complement."""
    from index.attribution.attributing import governed

    return governed(document, parser, AnyVerb())


def cued(statement: Statement, gold: Gold) -> bool:
    """Is it the same cue?"""
    return any(
        statement.said_at.overlaps(Span(start, end)) for start, end in gold["cue_spans"] or ()
    )


def read(docs: Path, names: Iterable[str]) -> dict[str, Document]:
    """The documents of these names, line ends as they are."""
    return {
        name: Document(Source(name, name, name, ""), (docs / name).read_bytes().decode())
        for name in names
    }


def measure(
    documents: Mapping[str, Document],
    gold: Mapping[str, Sequence[Gold]],
    parser: Parser,
    cues: Cues,
    tally: Tally,
) -> None:
    """Count these documents."""
    for name, document in documents.items():
        tally.count(attribute(document, parser, cues), gold[name])


def cross_validate(documents: Documents, gold: Annotations, parser: Parser) -> Tally:
    """Each fold measured with the cues of the others."""
    tally, names = Tally(), sorted(documents)
    for fold in range(FOLDS):
        held = set(names[fold::FOLDS])
        learned = learn({n: documents[n] for n in names if n not in held}, gold, parser)
        measure({n: documents[n] for n in held}, gold, parser, Cues(learned), tally)
    return tally


def main() -> None:
    """Measure, or learn and measure."""
    argument = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    argument.add_argument("--docs", type=Path, required=True)
    argument.add_argument("--statements", type=Path, required=True)
    argument.add_argument("--learn", action="store_true")
    options = argument.parse_args()
    gold: defaultdict[str, list[Gold]] = defaultdict(list)
    for line in options.statements.read_text("utf-8").splitlines():
        row = json.loads(line)
        gold[row["doc"]].append(row)
    documents = read(options.docs, gold)
    if options.learn:
        remembering = Remembering(SpacyParser(PACKAGED_MODELS["en"]))
        print(learn(documents, gold, remembering))
        print("cross-validated by document")
        cross_validate(documents, gold, remembering).report()
        return
    tally, parser, began = Tally(), SpacyParser(PACKAGED_MODELS["en"]), time.perf_counter()
    measure(documents, gold, parser, ENGLISH_CUES, tally)
    words = sum(len(document.text.split()) for document in documents.values())
    tally.report()
    print(f"  {words / (time.perf_counter() - began):,.0f} words/s, scoring included")


if __name__ == "__main__":
    main()
