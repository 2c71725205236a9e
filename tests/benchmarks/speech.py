"""Who said what, in each kind of text: what is found, and whose words it is.

    python -m tests.benchmarks.speech [FOLDER] [--kind probe|own] [--wrong]

Without a folder the texts of the tests are measured; those that are about forms alone by what
their form says. FOLDER has one text a file, NAME.json: `text`, `doc` (its suffix says which reader
reads it), `genre`, and `statements`: `speaker` (null: nobody can tell), `also` (other names that
are right), `content` (a string or a list of them), `speech`, `optional` (right, but nobody needs
it). Contents are matched
by their words, since a reader may put line ends and marks otherwise. A statement is found if half
of its words and half of ours are the same words of the text.

    precision   ours that are annotated, of all of ours
    recall      annotated ones that are found, without the optional ones
    speakers    of those found, with a right name
    several     ours that hold the words of several people, by what is annotated
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from index.attribution.forms.table import FORMS, LINES
from index.attribution.languages import Attributor, languages
from index.documents import Document, Source, Statement
from index.reading.files import read
from tests.index.attribution import spoken
from tests.index.attribution.forms.texts import SILENT, SPOKEN, text_and_turns

WORD = re.compile(r"\w+")
LEAST_SHARED = 0.5
LEAST_OF_ANOTHER = 0.5
"""The share of another person's statement that ours holds to be theirs, too."""

NOT_OF_A_NAME = frozenset("the a an mr mrs ms dr cllr".split())

Gold = Mapping[str, Any]
Wanted = tuple[Gold, set[int]]
"""An annotated statement, and which words of the text it is."""


@dataclass
class Tally:
    """What was found of the texts of one kind."""

    ours: int = 0
    right: int = 0
    there: int = 0
    found: int = 0
    credited: int = 0
    several: int = 0
    texts: int = 0
    right_texts: int = 0
    wrong: list[str] = field(default_factory=list)

    def row(self) -> str:
        """Its figures on one line."""
        return (
            f"precision {self.right / max(1, self.ours):.3f}  recall "
            f"{self.found / max(1, self.there):.3f}  speakers "
            f"{self.credited / max(1, self.found):.3f}  several {self.several}  "
            f"({self.ours} ours, {self.there} annotated; {self.right_texts} of {self.texts} "
            "texts all right)"
        )

    def count(self, name: str, text: str, ours: Sequence[Statement], gold: Sequence[Gold]) -> None:
        """Add one text."""
        said = [Said(s, text, _positions(text, _content(text, s))) for s in ours]
        wanted = [(each, _positions(text, _pieces(each))) for each in gold]
        wrong = [*self._wrong_of_ours(said, wanted), *self._wrong_of_gold(said, wanted)]
        self.texts += 1
        self.right_texts += not wrong
        self.wrong += [f"{name}  {line}" for line in wrong]

    def _wrong_of_ours(self, said: Sequence[Said], wanted: Sequence[Wanted]) -> Iterator[str]:
        self.ours += len(said)
        for each in said:
            is_right = any(each.is_same(words) for _, words in wanted)
            self.right += is_right
            if not is_right:
                yield f"+ {each}"
            if each.holds_anothers(wanted):
                self.several += 1
                yield f"& {each}"

    def _wrong_of_gold(self, said: Sequence[Said], wanted: Sequence[Wanted]) -> Iterator[str]:
        for gold, words in wanted:
            found = [each for each in said if each.is_same(words)]
            if gold["optional"]:
                continue
            self.there += 1
            self.found += bool(found)
            is_right = any(is_credited(each.statement, gold) for each in found)
            self.credited += is_right
            if not found:
                yield f"- {gold['speaker']}: {gold['content']!r}"
            elif not is_right:
                yield f"? {found[0].statement.speaker} for {gold['speaker']}: {gold['content']!r}"


@dataclass(frozen=True, slots=True)
class Said:
    """One of our statements, and which words of the text it is, by number."""

    statement: Statement
    text: str
    words: set[int]

    def __str__(self) -> str:
        return f"{self.statement.speaker}: {' … '.join(_content(self.text, self.statement))!r}"

    def is_same(self, other: set[int]) -> bool:
        """Is half of each the other one?"""
        return len(self.words & other) >= LEAST_SHARED * max(len(self.words), len(other), 1)

    def holds_anothers(self, wanted: Sequence[Wanted]) -> bool:
        """Has it most of what another one said, which is no part of what its own speaker did?"""
        own = [words for gold, words in wanted if is_credited(self.statement, gold)]
        return any(
            len(self.words & words) > LEAST_OF_ANOTHER * max(1, len(words))
            and not self.is_same(words)
            and not is_credited(self.statement, gold)
            and not any(words <= others for others in own)
            for gold, words in wanted
        )


def _content(text: str, statement: Statement) -> list[str]:
    return [text[span.start : span.end] for span in statement.content]


def _pieces(gold: Gold) -> list[str]:
    content = gold["content"]
    return [content] if isinstance(content, str) else [*content]


def _positions(text: str, pieces: Sequence[str]) -> set[int]:
    """Which words of the text these are, by number; each piece where it first fits."""
    words = WORD.findall(text)
    taken: set[int] = set()
    for piece in pieces:
        wanted = WORD.findall(piece)
        for start in range(len(words) - len(wanted) + 1):
            if words[start : start + len(wanted)] == wanted and start not in taken:
                taken.update(range(start, start + len(wanted)))
                break
    return taken


def is_credited(statement: Statement, gold: Gold) -> bool:
    """Has it one of the right names, or the end or the beginning of one?"""
    if gold["speaker"] is None:
        return True
    ours = _plain(statement.speaker or "")
    return bool(ours) and any(
        wanted in (ours[-len(wanted) :], ours[: len(wanted)]) or wanted[-len(ours) :] == ours
        for name in (gold["speaker"], *gold["also"])
        for wanted in [_plain(name)]
    )


def _plain(name: str) -> list[str]:
    return [word for word in WORD.findall(name.lower()) if word not in NOT_OF_A_NAME]


def cases(folder: Path) -> Iterator[tuple[str, Gold]]:
    """The texts, by name."""
    for file in sorted(folder.glob("*.json")):
        yield file.name.removesuffix(".json"), json.loads(file.read_text("utf-8"))


def own_cases() -> Iterator[tuple[str, Gold]]:
    """The texts of the tests: of all kinds, those that have a form, and those that have none."""
    yield from ((name, case | {"is_whole": True}) for name, case in spoken.documents())
    yield from ((name, case | {"is_whole": True}) for name, case in spoken.sentences())
    for kind, texts in (("form", SPOKEN), ("no form", SILENT)):
        for name, marked in texts.items():
            text, turns = text_and_turns(marked)
            gold = [
                {"speaker": speaker, "also": [], "content": words, "optional": False}
                for speaker, words in turns
            ]
            yield name, {"text": text, "doc": name, "genre": kind, "statements": gold}


def document(name: str, case: Gold) -> Document:
    """A text as its reader reads it."""
    suffix = Path(case.get("doc") or "x.txt").suffix or ".txt"
    reading = read(suffix, case["text"].encode())
    source = Source(name, name, reading.title or name, "", reading.published, reading.byline)
    return Document(source, reading.text, reading.page_starts, reading.structure)


def main() -> None:
    """Measure and print."""
    argument = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    argument.add_argument("folder", type=Path, nargs="?")
    argument.add_argument("--kind", default="", help="only texts whose name begins so")
    argument.add_argument("--wrong", action="store_true", help="print what is wrong")
    options = argument.parse_args()
    attributor, tallies = Attributor(languages()), defaultdict[str, Tally](Tally)
    forms: Counter[str] = Counter()
    for name, case in cases(options.folder) if options.folder else own_cases():
        if not name.startswith(options.kind):
            continue
        kind = "probes" if name.startswith("probe") else case.get("genre") or "other"
        read_in = document(name, case)
        ours = attributor.attribute(read_in)
        if not options.folder and "is_whole" not in case:
            ours = tuple(
                statement for statement in ours if statement.found_by in {**FORMS, **LINES}
            )
        forms.update(statement.found_by for statement in ours)
        for tally in (tallies[kind], tallies["all" if kind == "probes" else "documents"]):
            tally.count(name, read_in.text, ours, case["statements"])
    for kind, tally in tallies.items():
        print(f"  {kind:<12} {tally.row()}")
    print(f"  found by     {', '.join(f'{row} {many}' for row, many in forms.most_common())}")
    if options.wrong:
        for kind, tally in tallies.items():
            print("\n".join(tally.wrong) if kind in ("all", "documents") else "", end="")


if __name__ == "__main__":
    main()
