"""What a sentence asserts and denies, clause by clause, as a parse has it.

    tree -> clauses: their words, and whether it is said that it is so or that it is not

A negation reaches all of its clause, wherever it stands: "Wire transfers are not accepted"
and "We’re not able to accept wire transfers" deny the same.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from index.attribution.parsing import Tree, Word
from index.english.negation import NEGATORS, OPPOSITES
from index.english.quantities import is_number
from index.english.spelling import begins_alike, root
from index.english.word_lists import (
    CONTRARY_PREPOSITIONS,
    FUNCTION_WORDS,
    LIGHT_VERBS,
    MEASURES,
    NEGATING_PREFIXES,
    NEGATING_WORDS,
)

SHORTEST_ROOT = 5
"""Letters in which two words have to agree to be of one root: resign, resignation."""

SAME = 0.5
"""Share of the words of a clause from which another one is about the same. Chosen, not
fitted: half."""

PARTLY = 0.15
"""Share of the words of the printed clause that the written one has at least: models leave much
out, but "resigns" alone is about nothing."""

SUBORDINATE = 0.3
"""The same for what only says which or when: "that was issued to you"."""

SUBJECT = "subject"

APART = frozenset({"ROOT", "ccomp", "advcl", "relcl", "conj", "parataxis"})
"""Relations in which a verb makes a clause of its own."""

ARGUMENTS = frozenset({"nsubj", "nsubjpass", "dobj", "attr", "acomp", "oprd", "conj", "dative"})
"""What is denied of these is denied of the clause: "There is no bank"."""


@dataclass(frozen=True, slots=True)
class Clause:
    """The roots of its telling words, those but for the subject's (`core`), and all of its words
    by their roots. Each of `denials` is one "not", with what it is about: nothing in particular,
    or the thing of "no thing". `slots` are the roots of the subject and behind each preposition,
    `verb` is the root of what heads it.
    """

    words: frozenset[str]
    core: frozenset[str]
    spelt: frozenset[str]
    denials: tuple[frozenset[str], ...]
    slots: Mapping[str, frozenset[str]]
    verb: str
    is_main: bool


def clauses(tree: Tree) -> list[Clause]:
    """Those of a sentence that say something."""
    parts: dict[int, list[int]] = {}
    for position in range(len(tree)):
        parts.setdefault(_part(tree, position), []).append(position)
    denials = {part: _denials(tree, positions) for part, positions in parts.items()}
    found = []
    for part, positions in parts.items():
        words = frozenset(_telling(tree, positions))
        if not words:
            continue
        slots = _slots(tree, positions)
        own = denials[part]
        if _shares_denial(tree, part):
            own += denials.get(_part(tree, tree[part].head), ())
        core = frozenset(_telling(tree, [i for i in positions if not _is_of_subject(tree, i)]))
        spelt = frozenset(_root(tree[i]) for i in positions)
        is_main = tree[part].relation not in ("relcl", "advcl")
        found.append(Clause(words, core, spelt, own, slots, _root(tree[part]), is_main))
    return found


def pairs(
    said: Sequence[Clause], printed: Sequence[Clause]
) -> Iterator[tuple[Clause, list[Clause]]]:
    """Each clause with the printed ones that are about the same, those that fit best."""
    for clause in said:
        fits = sorted(((_alike(clause, other), i) for i, other in enumerate(printed)), reverse=True)
        if fits and _is_same(clause, fits[0][0]):
            yield clause, [printed[i] for alike, i in fits if alike == fits[0][0]]


def contradicted(said: Sequence[Clause], printed: Sequence[Clause]) -> bool:
    """Is a clause asserted by the one and denied by the other, in whichever words?"""
    return any(
        all(_differ(clause, other) for other in best) for clause, best in pairs(said, printed)
    )


def exchanged_in(
    said: Sequence[Clause], printed: Sequence[Clause], around: Collection[str]
) -> tuple[frozenset[str], frozenset[str]] | None:
    """The roots of what stands where the document has something else, of two things that it
    knows apart, and of that: (what is said, what is printed)."""
    here = frozenset[str]().union(*(clause.spelt for clause in said))
    for clause in said:
        for slot, mine in clause.slots.items():
            if not all(is_akin(word, around) for word in mine):
                continue
            rest = replace(clause, words=clause.words - mine, core=frozenset())
            for _, best in pairs([rest] if rest.words else [], printed):
                theirs = [other.slots.get(slot, frozenset()) for other in best]
                known = any(is_akin(word, other.spelt) for other in best for word in mine)
                kept = any(is_akin(word, here) for words in theirs for word in words)
                converse = slot == SUBJECT and all(other.verb != clause.verb for other in best)
                if all(theirs) and not (known or kept or converse):
                    return mine, theirs[0]
    return None


def opposed(said: Sequence[Clause], printed: Sequence[Clause]) -> tuple[str, str] | None:
    """A preposition before what the document has behind its contrary only, and that: "in the US"
    for "outside of the US"."""
    for pair in CONTRARY_PREPOSITIONS:
        for mine, theirs in (pair, pair[::-1]):
            here, there, also = (
                frozenset[str]().union(
                    *(c.slots.get(slot, frozenset()) for c in those for slot in slots)
                )
                for those, slots in ((said, mine), (printed, theirs), (printed, mine))
            )
            if (here & there) - also:
                return mine[0], theirs[0]
    return None


def _is_same(clause: Clause, alike: tuple[float, float]) -> bool:
    return alike[0] >= SAME and alike[1] >= (PARTLY if clause.is_main else SUBORDINATE)


def _differ(one: Clause, other: Clause) -> bool:
    """Is one so and the other not? A contrary, and "in-" before a word, turn it round."""
    turns = _denies(one, other) + _denies(other, one) + _contraries(one.spelt, other.spelt)
    return turns % 2 == 1


def _denies(clause: Clause, other: Clause) -> int:
    """How often it denies what the other one is about, or denies in its turn."""
    of_things = [about for about in clause.denials if about]
    applies = bool(other.denials) or any(
        is_akin(word, other.words) for about in of_things for word in about
    )
    return len(clause.denials) - len(of_things) + (1 if of_things and applies else 0)


def _contraries(one: Collection[str], other: Collection[str]) -> int:
    """How many words of the one stand in their contrary in the other."""
    found = 0
    for pair in OPPOSITES:
        for side, contrary in (pair, pair[::-1]):
            here, there = side & {*one}, contrary & {*other}
            found += bool(here and there and not side & {*other} and not contrary & {*one})
    return found + negated_by_prefix(one, other) + negated_by_prefix(other, one)


def negated_by_prefix(one: Collection[str], other: Collection[str]) -> bool:
    """Has the other a root with "in-", "un-" and the like before one of these? valid, invalid."""
    made = {prefix + word for prefix in NEGATING_PREFIXES for word in one if len(word) >= 4}
    return bool(made & ({*other} - {*one}))


def _alike(clause: Clause, other: Clause) -> tuple[float, float]:
    """The shares of the words of each that the other has; of those of the first at least half,
    if the other says all of it of somebody."""
    mine = sum(is_akin(word, other.words) for word in clause.words) / len(clause.words)
    theirs = sum(is_akin(word, clause.words) for word in other.words) / len(other.words)
    has_core = len(clause.core) > 1 and all(is_akin(word, other.words) for word in clause.core)
    return max(mine, SAME if has_core else 0.0), theirs


def is_akin(word: str, among: Collection[str]) -> bool:
    """Is a root, or one that begins so, among these?"""
    return word in among or any(begins_alike(word, other, SHORTEST_ROOT) for other in among)


def _part(tree: Tree, position: int) -> int:
    """The position of what heads the clause that a word is in, or the phrase that is denied by
    itself: "at no cost", "not a personal device"."""
    while True:
        word = tree[position]
        is_without = word.text.lower() == "without"
        if is_without or _is_clause(tree, position) or _is_denied_alone(tree, position):
            return position
        if word.text.lower() == "nor" and word.relation == "cc":
            following = [j for j in range(position + 1, len(tree)) if tree[j].head == word.head
                         and tree[j].relation == "conj"]  # fmt: skip
            if following:
                return following[0]
        position = word.head


def _is_clause(tree: Tree, position: int) -> bool:
    word = tree[position]
    if word.head == position:
        return True
    below = [other for other in tree if other.head == position and other is not word]
    infinite = any(other.text.lower() == "to" and other.relation == "aux" for other in below)
    has_subject = any(other.relation.startswith("nsubj") for other in below)
    is_verb = word.tag.startswith("VB") or has_subject
    return word.relation in APART and is_verb and not (infinite and word.relation == "ccomp")


def _is_denied_alone(tree: Tree, position: int) -> bool:
    word = tree[position]
    if word.tag.startswith("VB") or word.relation in ARGUMENTS - {"conj"}:
        return False
    own = [other for other in tree if other.head == position and other is not word]
    return any(_is_not(other) and other.relation in ("neg", "det", "preconj") for other in own)


def _denials(tree: Tree, positions: Sequence[int]) -> tuple[frozenset[str], ...]:
    """Every "not" of a clause; "no" before a thing is about it."""
    found = []
    for position in positions:
        word = tree[position]
        if _is_not(word):
            after = tree[position + 1].text.lower() if position + 1 < len(tree) else ""
            if after not in ("only", "just", "merely"):
                about = {_root(tree[word.head])} if word.relation == "det" else set()
                found.append(frozenset(about))
        elif word.tag.startswith("VB") and NEGATORS.hold(word.lemma):
            found.append(frozenset())
    return tuple(found)


def _slots(tree: Tree, positions: Sequence[int]) -> dict[str, frozenset[str]]:
    """The roots of what the subject names, and of what stands behind each preposition."""
    slots: dict[str, frozenset[str]] = {}
    for position in positions:
        word = tree[position]
        slot = SUBJECT if word.relation in ("nsubj", "nsubjpass") else ""
        if word.relation == "pobj":
            above = tree[word.head]
            outer = tree[above.head]  # "outside of"
            slot = (outer if outer.tag == "IN" and above.head != word.head else above).text.lower()
        if slot in ("", "of") or not word.tag.startswith("NN"):
            continue
        phrase = [i for i in positions if _is_below(tree, i, position)]
        words = frozenset(_root(tree[i]) for i in phrase if tree[i].tag[:2] in ("NN", "JJ"))
        slots[slot] = slots.get(slot, frozenset()) | words
    return slots


def _is_of_subject(tree: Tree, position: int) -> bool:
    """Does it stand in the phrase that names who or what?"""
    while tree[position].head != position:
        if tree[position].relation in ("nsubj", "nsubjpass", "csubj", "csubjpass"):
            return True
        position = tree[position].head
    return False


def _is_below(tree: Tree, position: int, top: int) -> bool:
    """Does a word depend on another one, by no preposition of its own?"""
    while position != top:
        if tree[position].relation == "prep" or tree[position].head == position:
            return False
        position = tree[position].head
    return True


def _shares_denial(tree: Tree, part: int) -> bool:
    """Is it a verb that shares the auxiliary of the one before: "doesn’t ask or want"?"""
    own = {word.relation for i, word in enumerate(tree) if word.head == part and i != part}
    shares = tree[part].relation == "conj" and not any(
        relation.startswith(("nsubj", "aux", "neg")) for relation in own
    )
    joined = {w.text.lower() for w in tree if w.head == tree[part].head and w.relation == "cc"}
    return shares and "but" not in joined


def _is_not(word: Word) -> bool:
    return word.relation == "neg" or word.text.lower().replace("’", "'") in NEGATING_WORDS


def _telling(tree: Tree, positions: Sequence[int]) -> Iterator[str]:
    """Without verbs that any sentence has, unless there is nothing else."""
    words = [
        (tree[i], _root(tree[i]))
        for i in positions
        if tree[i].text[0].isalnum()
        and tree[i].text.lower() not in FUNCTION_WORDS
        and not _is_not(tree[i])
        and not is_number(tree[i].text)
        and tree[i].text.lower() not in MEASURES
    ]
    heavy = [r for word, r in words if not (word.tag[:2] == "VB" and word.lemma in LIGHT_VERBS)]
    yield from heavy or [r for _, r in words]


def _root(word: Word) -> str:
    return root(word.lemma or word.text)
