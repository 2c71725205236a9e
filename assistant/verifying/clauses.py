"""What a sentence asserts and denies, clause by clause, as a parse has it.

    tree -> clauses: their words, and whether it is said that it is so or that it is not

A negation reaches all of its clause, wherever it stands: "Wire transfers are not accepted"
and "We’re not able to accept wire transfers" deny the same.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from index.attribution.parsing import Tree, Word
from index.english.negation import ENDINGS, NEGATORS, OPPOSITES, is_negating
from index.english.quantities import is_number
from index.english.spelling import NAMELIKE, WORD_OR_NUMBER, begins_alike, root
from index.english.word_lists import (
    COMPARING_ADJECTIVES,
    CONTRARY_PREPOSITIONS,
    FUNCTION_WORDS,
    GENERAL_NOUNS,
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

CELL = re.compile(r"(?:^|; )([^:;\n]{1,60}): (?=\S)")
ROW = re.compile(r"[^:;\n]{1,60}: [^\n]+?; [^:;\n]{1,60}: \S[^\n]*")

CONDITIONS = frozenset({"if", "when", "whenever", "unless"})
"""They begin the same condition, "unless" what is denied by it."""

HINGES = CONDITIONS | frozenset({"until", "till", "before", "after", "once"})
"""What may begin a condition."""

SUBJECT = "subject"

APART = frozenset({"ROOT", "ccomp", "advcl", "relcl", "conj", "parataxis"})
"""Relations in which a verb makes a clause of its own."""

MOST_NAMED = 3
"""Words that name somebody or something; more are a phrase that was not parsed well."""

NOTHING_NAMED = frozenset(map(root, GENERAL_NOUNS | COMPARING_ADJECTIVES))

ARGUMENTS = frozenset({"nsubj", "nsubjpass", "dobj", "attr", "acomp", "oprd", "conj", "dative"})
"""What is denied of these is denied of the clause: "There is no bank"."""


@dataclass(frozen=True, slots=True)
class Clause:
    """The roots of its telling words, those but for the subject's (`core`), and all of its words
    by their roots. Each of `denials` is one "not", with what it is about: nothing in particular,
    or the thing of "no thing". `slots` are the roots of the subject and behind each preposition,
    `verb` is the root of what heads it, `hinge` what makes it a condition: if, unless, before.
    A heading `asserts` nothing.
    """

    words: frozenset[str]
    core: frozenset[str]
    spelt: frozenset[str]
    denials: tuple[frozenset[str], ...]
    slots: Mapping[str, frozenset[str]]
    verb: str
    is_main: bool
    hinge: str = ""
    asserts: bool = True


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
        hinge = _hinge(tree, part)
        own += (frozenset(),) if hinge == "unless" else ()
        subject = _subject_before(tree, part, parts)
        slots |= {SUBJECT: subject} if subject else {}
        verb, asserts = _root(tree[part]), _is_verb(tree, part)
        found.append(
            Clause(words | subject, core, spelt, own, slots, verb, is_main, hinge, asserts)
        )
    return found


def cells(row: str) -> list[Clause]:
    """What a row of a table says, "Fee: none; Term: two years", cell by cell: each with what it is
    the row of."""
    found = []
    pairs = cells_of(row)
    of_row = _roots_in(pairs[0][1])
    for label, value in pairs:
        is_none = is_empty(value)
        words = of_row | _roots_in(label) | (frozenset() if is_none else _roots_in(value))
        nots = [frozenset[str]() for word in NAMELIKE.findall(value) if is_negating(word)]
        denials = (_roots_in(label),) if is_none else tuple(nots)
        found.append(Clause(words, words, words, denials, {}, "", is_main=True))
    return found


def cells_of(row: str) -> list[tuple[str, str]]:
    """The cells of a row: (the name of the column, what stands there)."""
    starts = [*CELL.finditer(row)]
    ends = [*(found.start() for found in starts[1:]), len(row)]
    return [
        (found[1].strip(), row[found.end() : end].strip(" ;.\n"))
        for found, end in zip(starts, ends, strict=True)
    ]


def by_cell(row: str) -> list[str]:
    """A row in parts: each cell behind what it is the row of."""
    first, *others = cells_of(row)
    return [f"{first[1]} {label} {value}" for label, value in others]


def is_row(sentence: str) -> bool:
    """Is it a row of a table, with the name of each column?"""
    return ROW.fullmatch(sentence) is not None


def is_empty(value: str) -> bool:
    """Does a cell say that there is nothing?"""
    return value.strip(" .").lower() in ("no", "none", "never", "nothing", "-", "–", "—", "n/a")


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
        all(_differ(clause, other) for other in best)
        for clause, best in pairs(said, printed)
        if all(_may_differ(clause, other) for other in best)
    )


def exchanged_in(
    said: Sequence[Clause], printed: Sequence[Clause], around: Collection[str]
) -> tuple[frozenset[str], frozenset[str]] | None:
    """The roots of what stands where the document has something else, of two things that it
    knows apart, and of that: (what is said, what is printed)."""
    here = frozenset[str]().union(*(clause.spelt for clause in said))
    for clause in said:
        for slot, mine in clause.slots.items():
            if len(mine) > MOST_NAMED or not all(is_akin(word, around) for word in mine):
                continue
            rest = replace(clause, words=clause.words - mine, core=frozenset())
            in_place = (other for _, best in pairs([clause], printed) for other in best)
            if any(all(is_akin(word, other.words) for word in mine) for other in in_place):
                continue
            for _, best in pairs([rest] if rest.words else [], printed):
                theirs = [other.slots.get(slot, frozenset()) - NOTHING_NAMED for other in best]
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


def _may_differ(one: Clause, other: Clause) -> bool:
    """Is more alike than one word, or all that is said, and are both conditions or neither?"""
    shared = sum(is_akin(word, other.words) for word in one.words)
    denied = frozenset[str]().union(*one.denials, *other.denials)
    is_says = bool(one.words - NOTHING_NAMED) and shared == len(one.words)
    is_all = one.is_main and is_says and other.verb not in FUNCTION_WORDS
    has_more = shared > 1 or one.verb == other.verb or bool(denied & one.words & other.words)
    is_enough = (is_all or has_more) and (other.asserts or bool(other.denials))
    hinges = {one.hinge, other.hinge}
    return is_enough and (len(hinges) == 1 or hinges <= CONDITIONS)


def _differ(one: Clause, other: Clause) -> bool:
    """Is one so and the other not? A contrary, and "in-" before a word, turn it round."""
    contraries = _contraries(one.spelt, other.spelt)
    ends = 0 if contraries else (one.verb in ENDINGS) + (other.verb in ENDINGS)
    return (_denies(one, other) + _denies(other, one) + contraries + ends) % 2 == 1


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
    return (
        word.relation in APART
        and _is_verb(tree, position)
        and not (infinite and word.relation == "ccomp")
    )


def _is_verb(tree: Tree, position: int) -> bool:
    has_subject = any(w.head == position and w.relation.startswith("nsubj") for w in tree)
    return tree[position].tag.startswith("VB") or has_subject


def _is_denied_alone(tree: Tree, position: int) -> bool:
    word = tree[position]
    if word.tag.startswith("VB") or word.relation in ARGUMENTS - {"conj"}:
        return False
    own = [other for other in tree if other.head == position and other is not word]
    return any(_is_not(other) and other.relation in ("neg", "det", "preconj") for other in own)


def _denials(tree: Tree, positions: Sequence[int]) -> tuple[frozenset[str], ...]:
    """Every "not" of a clause; "no" before a thing is about it."""
    found: list[frozenset[str]] = []
    for position in positions:
        word = tree[position]
        if _is_not(word) and frozenset() in found:
            continue  # "no, never"
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
        if not slot or not word.tag.startswith("NN"):
            continue
        if slot == "of":  # "mugs of stoneware"
            slot = f"{_root(tree[tree[word.head].head])} of"
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


def _hinge(tree: Tree, part: int) -> str:
    """What makes a clause a condition for the one above; empty for every other clause."""
    if tree[part].text.lower() == "without":
        return "without"
    if tree[part].relation not in ("advcl", "pcomp"):
        return ""
    marks = (w.text.lower() for w in tree if w.head == part and w.relation in ("mark", "advmod"))
    return next((mark for mark in marks if mark in HINGES), "")


def _subject_before(tree: Tree, part: int, parts: Mapping[int, Sequence[int]]) -> frozenset[str]:
    """The roots of the subject that a verb shares with the one before: "are included and not
    added"."""
    has_own = any(w.head == part and w.relation.startswith("nsubj") for w in tree)
    if tree[part].relation != "conj" or has_own or not tree[part].tag.startswith("VB"):
        return frozenset()
    before = parts.get(_part(tree, tree[part].head), ())
    return _slots(tree, before).get(SUBJECT, frozenset())


def _roots_in(words: str) -> frozenset[str]:
    found = (word for word in WORD_OR_NUMBER.findall(words) if word.lower() not in FUNCTION_WORDS)
    return frozenset(root(word) for word in found if not is_number(word))


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
