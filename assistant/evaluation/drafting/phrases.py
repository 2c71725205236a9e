"""The noun phrases of a sentence that can stand in a question by themselves.

"immigration reform", "the wall", "the repeal of Obamacare"; not "his plan", "this", "a
number of people": whoever reads the question has not read the sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from index.attribution.grammar import Grammar
from index.attribution.parsing import Tree, Word
from index.documents import Span
from index.english.word_lists import COMPARING_ADJECTIVES, GENERAL_NOUNS

NOUNS = frozenset({"NN", "NNS", "NNP", "NNPS"})
NAMES = frozenset({"NNP", "NNPS"})
BEFORE_A_NOUN = frozenset({*NOUNS, "JJ", "VBG", "VBN", "HYPH", "DT", "POS", "CC"})
INSIDE = frozenset({"compound", "amod", "nmod", "det", "poss", "case", "punct", "npadvmod"})
"""Relations of the words that a phrase may have before its noun."""

MOST_WORDS = 5
MOST_WORDS_WITH_OF = 7

SHAPE = re.compile(r"[^\W\d_](?:[\w.'’-]*\w)?(?: (?:[\w.'’-]*\w|[\w-]+\.(?= )))*")
"""Words, none with a point at the end of all: "Dr. Carson", not "Calif."."""

OPENING = frozenset("“‘\"'(")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun phrase: as it reads inside a question, and where it stands."""

    text: str
    span: Span
    is_name: bool
    is_indefinite: bool


def phrases(grammar: Grammar, offset: int) -> Iterator[Phrase]:
    """The phrases of a sentence that begins at this offset of its document, in reading order."""
    for position, word in enumerate(grammar.tree):
        if word.tag in NOUNS and word.relation not in ("compound", "poss"):
            found = _phrase(grammar, position, offset)
            if found is not None:
                yield found


def stands_alone(grammar: Grammar, position: int) -> int | None:
    """Where the phrase of this noun begins; None if it needs its sentence."""
    tree = grammar.tree
    first = min((j for j in grammar.children[position] if j < position), default=position)
    first = min(first, tree[position].left)
    before = tree[first:position]
    if len(before) >= MOST_WORDS or tree[position].lemma in GENERAL_NOUNS:
        return None
    fitting = all(w.tag in BEFORE_A_NOUN and w.relation in INSIDE for w in before)
    return first if fitting and _determined(before) else None


def _phrase(grammar: Grammar, position: int, offset: int) -> Phrase | None:
    tree = grammar.tree
    first = stands_alone(grammar, position)
    if first is None:
        return None
    last = _with_of(grammar, first, position)
    if last is None:
        return None
    text = _printed(tree, first, last)
    if not SHAPE.fullmatch(text) or _is_torn(tree, first, last):
        return None
    return Phrase(
        text,
        Span(offset + tree[first].start, offset + tree[last].end),
        tree[position].tag in NAMES,
        tree[first].lemma in ("a", "an"),
    )


def _determined(before: Tree) -> bool:
    """Does nothing in front point to something outside of the phrase?"""
    for word in before:
        small = word.text.lower()
        if word.tag == "DT" and small not in ("the", "a", "an"):
            return False
        if small in COMPARING_ADJECTIVES or word.tag in ("PRP$", "CC"):
            return False
        if word.relation == "poss" and (word.lemma in GENERAL_NOUNS or word.tag not in NOUNS):
            return False
    return True


def _with_of(grammar: Grammar, first: int, position: int) -> int | None:
    """The last word, an "of" behind the noun included; None if that "of" leads outside."""
    tree = grammar.tree
    following = tree[position + 1] if position + 1 < len(tree) else None
    if following is None or following.text.lower() != "of" or following.head != position:
        return position
    objects = grammar.of(position + 1, "pobj")
    if not objects or tree[objects[0]].tag not in NOUNS:
        return None
    start = stands_alone(grammar, objects[0])
    short = objects[0] - first < MOST_WORDS_WITH_OF
    return objects[0] if start == position + 2 and short else None


def _is_torn(tree: Tree, first: int, last: int) -> bool:
    """Is it a piece of a longer word: "trigger" of "trigger-happy"?"""
    before = tree[first - 1].end == tree[first].start if first > 0 else False
    behind = tree[last + 1] if last + 1 < len(tree) else None
    hyphen = behind is not None and behind.text[0] in "-–&" and behind.start == tree[last].end
    return hyphen or (before and tree[first - 1].text not in OPENING)


def _printed(tree: Tree, first: int, last: int) -> str:
    """As it stands there, but for the capital letter of a sentence's beginning."""
    begins = first == 0 or tree[first - 1].text in OPENING
    words = [_small(tree[first]) if begins or tree[first].tag == "DT" else tree[first].text]
    for before, word in zip(tree[first:last], tree[first + 1 : last + 1], strict=True):
        words.append(word.text if before.end == word.start else f" {word.text}")
    return "".join(words)


def _small(word: Word) -> str:
    return word.text if word.tag in NAMES or not word.text.istitle() else word.text.lower()
