"""Makes index/english/speakers.txt: which nouns mean somebody, from WordNet 3.0.

    python -m tests.benchmarks.speakers FOLDER > index/english/speakers.txt

FOLDER has WordNet's data.noun, index.noun and cntlist.rev (Debian: package wordnet-base). A noun
means somebody if most of its uses are of persons or bodies: each sense counts as often as
WordNet's texts have it, and a little for standing first. Names of single persons are left out,
and what neither those texts nor the vocabulary of the English spaCy model have.
"""

from __future__ import annotations

import argparse
import textwrap
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from index.attribution.parsing import PACKAGED_MODELS

LEAST_SOMEBODY = 0.5
"""The share of uses from which a noun means somebody."""

MOST_THINGS = 0.25
"""The share of uses for artifacts and texts up to which it means nothing else: a "server" is a
waiter, too."""

LEAST_PERHAPS = 0.05

PERSON, BODIES = "person", ("organization", "social_group", "gathering")
THINGS = frozenset({6, 10})
"""WordNet's files of artifacts and of communication."""

NOTICE = """\
# Made by tests/benchmarks/speakers.py from WordNet 3.0, Copyright 2006 by Princeton University. All
# rights reserved. This software and database is provided "as is" and Princeton University makes no
# representations or warranties, express or implied. By way of example, but not limitation,
# Princeton University makes no representations or warranties of merchantability or fitness for any
# particular purpose or that the use of the licensed software, database or documentation will not
# infringe any third party patents, copyrights, trademarks or other rights. Permission to use, copy,
# modify and distribute this software and database and its documentation for any purpose and without
# fee or royalty is granted, provided that this notice appears on all copies. The name of Princeton
# University or Princeton may not be used in advertising or publicity pertaining to distribution of
# the software and/or database."""


class WordNet:
    """Its nouns."""

    def __init__(self, folder: Path) -> None:
        self._file: dict[str, int] = {}
        self._above: dict[str, list[str]] = {}
        for fields in _rows(folder / "data.noun"):
            words = 4 + 2 * int(fields[3], 16)
            pointers = [fields[i : i + 2] for i in range(words + 1, len(fields) - 3, 4)]
            self._file[fields[0]] = int(fields[1])
            self._above[fields[0]] = [where for sign, where in pointers if sign == "@"]
        self.senses = {
            fields[0]: fields[-int(fields[2]) :] for fields in _rows(folder / "index.noun")
        }
        self.seen: Counter[tuple[str, int]] = Counter()
        for fields in _rows(folder / "cntlist.rev"):
            lemma, _, rest = fields[0].partition("%")
            if rest.startswith("1:"):
                self.seen[lemma, int(fields[1])] = int(fields[2])
        self._somebody = {self.senses[word][0] for word in (PERSON, *BODIES)}

    def uses(self, noun: str) -> tuple[float, float]:
        """The shares of somebody and of things among its uses."""
        counts: defaultdict[str, float] = defaultdict(float)
        for number, sense in enumerate(self.senses[noun], 1):
            is_thing = self._file[sense] in THINGS
            kind = "somebody" if self._is_somebody(sense) else "thing" if is_thing else "other"
            counts[kind] += self.seen[noun, number] + 1 / number
        whole = sum(counts.values())
        return counts["somebody"] / whole, counts["thing"] / whole

    @cache  # noqa: B019
    def _is_somebody(self, sense: str) -> bool:
        return sense in self._somebody or any(map(self._is_somebody, self._above[sense]))


def _rows(file: Path) -> Iterator[list[str]]:
    for line in file.read_text("ascii").splitlines():
        if not line.startswith("  "):
            yield line.partition(" | ")[0].split()


def main() -> None:
    """Print the file."""
    import spacy

    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    wordnet = WordNet(parser.parse_args().folder)
    known = spacy.load(PACKAGED_MODELS["en"]).vocab.strings
    lists: dict[str, list[str]] = {"somebody": [], "perhaps": []}
    for noun in sorted(wordnet.senses):
        if not noun.isalpha() or not (noun in known or wordnet.seen[noun, 1]):
            continue
        somebody, things = wordnet.uses(noun)
        if somebody >= LEAST_SOMEBODY and things < MOST_THINGS:
            lists["somebody"].append(noun)
        elif somebody >= LEAST_PERHAPS:
            lists["perhaps"].append(noun)
    print(NOTICE)
    for name, nouns in lists.items():
        print(f"\n[{name}]\n{textwrap.fill(' '.join(nouns), 100)}")


if __name__ == "__main__":
    main()
