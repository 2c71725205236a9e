"""Reading a sentence's tree: who does something, and what is done.

Relations are ClearNLP's: nsubj a subject, ccomp a clause that is said, xcomp one
without a subject of its own, dobj an object, agent the "by" of a passive.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

from index.attribution.parsing import Tree, Word
from index.english.word_lists import (
    ABOUT_IT_TOO,
    ASKING,
    ASKING_VERBS,
    CONDITIONS,
    DECLINING_VERBS,
    DOUBTING_VERBS,
    HEARSAY,
    HEDGING_VERBS,
    NOBODY,
    QUANTITIES,
    REASONS,
    REPORTING_VERBS,
    SOMEBODY_NEW,
    TELLING_VERBS,
    UNREAL,
)

Range = tuple[int, int]
"""Positions of the first and last word."""

SUBJECTS = frozenset({"nsubj", "csubj"})
PASSIVE = frozenset({"nsubjpass", "auxpass"})
SHARES_SUBJECT = frozenset({"conj", "xcomp", "advcl", "pcomp", "dep"})
"""A verb that stands so to another one has its subject, if none of its own."""

BESIDE = frozenset({"advcl", "acl"})
"""Where a verb without a subject and in no tense stands."""

NOUNS = frozenset({"NN", "NNS", "NNP", "NNPS"})
NAMES_AND_PLURALS = NOUNS - {"NN"}
RELATIVE_PRONOUNS = frozenset({"WP", "WDT"})
IN_NAMES = frozenset({"of", "for"})
"""Prepositions inside the names of bodies."""

COMMENTS = frozenset({"relcl", "appos"})
PUNCTUATION = frozenset(",;:.()-–—")
DEEPEST = 4
"""Verbs that share one subject in a chain: "began to try to say"."""

FARTHEST_BEHIND = 5
"""Words between a verb and the head of the noun phrase right behind it: "the old man"."""


class Grammar:
    """A tree with the questions that are asked of it."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree

    @cached_property
    def children(self) -> Sequence[Sequence[int]]:
        """Positions of the words that depend on each word, in reading order."""
        children: list[list[int]] = [[] for _ in self.tree]
        for position, word in enumerate(self.tree):
            if word.head != position:
                children[word.head].append(position)
        return children

    def of(self, position: int, *relations: str) -> list[int]:
        """The children that stand in one of these relations."""
        return [j for j in self.children[position] if self.tree[j].relation in relations]

    def is_verb(self, position: int) -> bool:
        return self.tree[position].tag.startswith("VB")

    def subject(self, verb: int, depth: int = 0) -> int | None:
        """Who does it, wherever the grammar says so; None for a passive without "by", be it
        only a participle: "asked about the price, he …"."""
        own = self.of(verb, *SUBJECTS)
        if own and self._is_told_what_to_do(own[0], verb):
            return None
        if own:
            relative = self.tree[own[0]].tag in RELATIVE_PRONOUNS
            return self._antecedent(verb) if relative else self._nearest(own, verb)
        if self.of(verb, *PASSIVE) or self._is_bare_participle(verb):
            return self._agent(verb)
        return self._shared_subject(verb, depth) if depth < DEEPEST else None

    def _is_told_what_to_do(self, noun: int, verb: int) -> bool:
        """Does an imperative stand behind a colon: "Tenants who leave: tell the office"?"""
        between = self.tree[noun:verb]
        return self.tree[verb].tag in ("VB", "VBP") and any(word.text == ":" for word in between)

    def _nearest(self, nouns: Sequence[int], verb: int) -> int:
        """The subject right in front, where a parser gives one verb two: "said Lind, and Voss
        replied"."""
        before = [noun for noun in nouns if noun < verb]
        return before[-1] if before else nouns[0]

    def reporting(self, verb: int) -> int | None:
        """The verb that reports this one, with its speaker for an object: "quoted him as
        saying", "is reported to have said"."""
        word = self.tree[verb]
        as_, above = self.tree[word.head], self.tree[word.head].head
        if word.relation == "pcomp" and as_.text.lower() == "as":
            return above if self.tree[above].lemma in REPORTING_VERBS else None
        told = word.relation == "xcomp" and as_.lemma in REPORTING_VERBS | {"say"}
        return word.head if told and self.of(word.head, *PASSIVE) else None

    def reported(self, verb: int) -> int | None:
        """The verb that this one reports: "quoted him as saying"."""
        below = [k for j in self.of(verb, "prep") for k in self.of(j, "pcomp")]
        return next((k for k in below if self.reporting(k) == verb), None)

    def owner(self, noun: int) -> int | None:
        """Whose it is: "Putin's remark"."""
        owners = self.of(noun, "poss") if self.tree[noun].tag in ("NN", "NNS") else []
        return owners[0] if owners else None

    def complements_of_noun(self, noun: int) -> Iterator[tuple[str, list[Range]]]:
        """What a noun is about: a preposition, "ccomp" for a clause, "xcomp" for "to …"."""
        for child in self.children[noun]:
            word = self.tree[child]
            if word.relation == "prep" and child < word.right:
                yield word.text.lower(), [self._without_tail((child + 1, word.right))]
            elif word.relation in ("acl", "ccomp", "relcl") and child > noun:
                that = self.tree[word.left].text.lower() == "that"
                yield "ccomp" if that else "xcomp", [self._without_tail((word.left, word.right))]

    def complements(self, verb: int) -> Iterator[tuple[str, list[Range]]]:
        """What the verb governs and how, the likeliest first: "ccomp", "xcomp", "obj" or
        a preposition."""
        reporting = self.reporting(verb)
        if reporting is not None and self.tree[verb].right == verb:
            yield from self._before(reporting)
            return
        word = self.tree[verb]
        clauses = self.of(verb, "ccomp") or self._asked_clauses(verb)
        if clauses:
            clause = clauses[-1] if clauses[-1] > verb else clauses[0]
            yield (
                "ccomp",
                [self._without_tail(self._beside(verb, clause)), *self._rest(verb, clause)],
            )
            return
        if word.relation == "parataxis":
            yield "ccomp", self._around(verb)
            return
        deep = self._deep_clause(verb)
        if deep is not None:
            yield "ccomp", [self._without_tail(deep)]
        yield from self._phrases(verb)

    def _asked_clauses(self, verb: int) -> list[int]:
        """What parsers take for a clause of time: "asked when it would open"."""
        if self.tree[verb].lemma not in ASKING_VERBS:
            return []
        return [
            j
            for j in self.of(verb, "advcl")
            if self.tree[j].left == verb + 1 and self.tree[verb + 1].text.lower() in ASKING
        ]

    def joined(self, noun: int) -> list[int]:
        """Who does it as well: "A, B and C said". "The owner and editor" are one."""
        chain = [noun]
        while further := self.of(chain[-1], "conj"):
            chain += further[:1]
        both = any(self.tree[k].lemma == "and" for j in chain for k in self.of(j, "cc"))
        return chain[1:] if both and all(map(self._is_somebody, chain[1:])) else []

    def _is_somebody(self, noun: int) -> bool:
        """A name, several, or somebody known: "a" describes whoever is named in front."""
        known = [j for j in self.of(noun, "det", "poss") if self.tree[j].lemma not in SOMEBODY_NEW]
        return self.tree[noun].tag in NAMES_AND_PLURALS or bool(known)

    def behind(self, verb: int) -> int | None:
        """The noun right behind the verb: who speaks in "…," called Piotr Lang, which parsers
        take for an object."""
        after = [j for j in self.children[verb] if j > verb]
        while after and self.tree[after[0]].relation in ("prt", "advmod"):
            after.pop(0)
        noun = self.tree[after[0]] if after else None
        if noun is None or not (noun.tag in NOUNS or noun.tag == "PRP"):
            return self._name_behind(verb)
        return after[0] if after[0] - verb <= FARTHEST_BEHIND else None

    def _name_behind(self, verb: int) -> int | None:
        """The last word of a name that follows at once, whatever the tree has it for."""
        last = verb
        while last + 1 < len(self.tree) and is_name(self.tree[last + 1]):
            last += 1
        return last if last > verb else None

    def is_asserted(self, verb: int) -> bool:
        """Is it said that somebody says it? Not in a question, a condition, a duty or a plan:
        "Did Holt say …?", "if the mayor says", "should tell", "will say"."""
        place = verb
        for _ in range(DEEPEST):
            word = self.tree[place]
            asks = any(self._precedes_subject(j, place) for j in self.of(place, "aux"))
            asks = asks or any(self.tree[j].lemma == "who" for j in self.of(place, *SUBJECTS))
            if asks and word.relation != "relcl" and self._ends_asking():
                return False
            if any(self.tree[j].lemma in UNREAL for j in self.of(place, "aux")):
                return False
            if word.relation == "advcl" and any(
                self.tree[j].text.lower() in CONDITIONS for j in self.of(place, "mark")
            ):
                return False
            if word.relation not in ("conj", "xcomp") or word.head == place:
                return True
            place = word.head
        return True

    def is_past(self, verb: int) -> bool:
        """Is it told that it happened: "said", "has said", "was told"?"""
        tense = self.tree[verb].tag
        return tense == "VBD" or (tense == "VBN" and bool(self.of(verb, "aux", "auxpass")))

    def is_planned(self, verb: int) -> bool:
        """Is it what somebody does something for, may do or is to do: "to say", "can say"?"""
        helped = {self.tree[j].lemma for j in self.of(verb, "aux")}
        return self.tree[verb].tag == "VB" and "do" not in helped

    def declares(self, verb: int) -> bool:
        """Has it a clause that asserts something, in front of it, behind it or around it?"""
        if self.tree[verb].relation == "parataxis" or self._deep_clause(verb) is not None:
            return True
        clauses = [self.tree[self.tree[j].left] for j in self.of(verb, "ccomp")]
        return any(word.text.lower() not in ASKING for word in clauses)

    def _precedes_subject(self, auxiliary: int, verb: int) -> bool:
        return any(auxiliary < j for j in self.of(verb, *SUBJECTS))

    def _ends_asking(self) -> bool:
        return any(word.text == "?" for word in self.tree[-3:])

    def is_negated(self, verb: int) -> bool:
        """Is it not said, or declined to be said?"""
        word = self.tree[verb]
        declined = word.relation == "xcomp" and self.tree[word.head].lemma in DECLINING_VERBS
        declined = declined or word.lemma in DOUBTING_VERBS
        never = any(self.tree[j].lemma in ("never", "no") for j in self.of(verb, "advmod"))
        return declined or never or bool(self.of(verb, "neg")) or self._is_nobodys(verb)

    def _is_nobodys(self, verb: int) -> bool:
        """Is it "neither A nor B" who does it?"""
        subject = self.subject(verb) if self.is_verb(verb) else None
        if subject is None:
            return False
        before = (subject, *(j for j in self.children[subject] if j < subject))
        return any(self.tree[j].text.lower() in NOBODY for j in before)

    def body(self, noun: int) -> int | None:
        """The last word of a name with "of" or "for": "Ministry of Health and Care"."""
        of = [j for j in self.of(noun, "prep") if self.tree[j].text in IN_NAMES and j == noun + 1]
        inner = [k for j in of for k in self.of(j, "pobj") if is_name(self.tree[k])]
        if not inner or not is_name(self.tree[noun]) or self.of(inner[0], "poss"):
            return None
        joined = [j for j in self.of(inner[0], "conj") if is_name(self.tree[j])]
        end = next((j for j in joined if not self.of(j, "det")), inner[0])
        further = self.body(end)
        return end if further is None else further

    def counted(self, noun: int) -> int | None:
        """Who they are of whom "a couple of members" speaks."""
        if self.tree[noun].lemma not in QUANTITIES and self.tree[noun].tag != "CD":
            return None
        counted = [noun, *(k for j in self.of(noun, "prep") for k in self.of(j, "pobj"))]
        of = [j for k in counted for j in self.of(k, "prep") if self.tree[j].text == "of"]
        return next((k for j in of for k in self.of(j, "pobj")), None)

    def is_hedged(self, verb: int) -> bool:
        """Is it said to be said, or does it only seem so?"""
        word = self.tree[verb]
        seems = word.relation == "xcomp" and (
            self.tree[word.head].lemma in HEDGING_VERBS or self.reporting(verb) is not None
        )
        return seems or any(self.tree[j].lemma in HEARSAY for j in self.of(verb, "advmod", "aux"))

    def trimmed(self, words: Range) -> Range | None:
        """Without punctuation at the ends; None if nothing is left."""
        first, last = words
        while first <= last and self.tree[first].text in PUNCTUATION:
            first += 1
        while last >= first and self.tree[last].text in PUNCTUATION:
            last -= 1
        return (first, last) if first <= last else None

    def _before(self, reporting: int) -> Iterator[tuple[str, list[Range]]]:
        """The clause to which "…, he was quoted as saying" is added."""
        clauses = self.of(reporting, "ccomp")
        if clauses:
            yield "ccomp", [self._beside(reporting, clauses[0])]
        elif self.tree[reporting].relation in ("parataxis", "conj") and not self.of(
            self.tree[reporting].head, "cc"
        ):
            yield "ccomp", self._around(reporting)

    def _phrases(self, verb: int) -> Iterator[tuple[str, list[Range]]]:
        after = [j for j in self.children[verb] if j > verb]
        objects = [j for j in after if self.tree[j].relation in ("dobj", "oprd")]
        infinitives = [j for j in after if self.tree[j].relation == "xcomp"]
        prepositions = [j for j in after if self.tree[j].relation == "prep"]
        if infinitives:
            first = min(objects + infinitives)
            words = (self.tree[first].left, self.tree[infinitives[-1]].right)
            yield "xcomp", [self._without_tail(words)]
        elif objects:
            end = self._end(objects[-1], prepositions)
            yield "obj", [self._without_tail((self.tree[objects[0]].left, end))]
        for preposition in prepositions:
            word = self.tree[preposition]
            if word.text.lower() == "that":  # a clause that the parser took for a phrase
                yield "ccomp", [self._without_tail((preposition, word.right))]
            elif word.tag == "IN" and preposition < word.right:
                yield word.text.lower(), [self._without_tail((preposition + 1, word.right))]

    def _deep_clause(self, verb: int) -> Range | None:
        """A clause with "that" which hangs on a phrase behind the verb instead of on the
        verb: "said in a statement that …"."""
        for position in range(verb + 1, self.tree[verb].right + 1):
            word = self.tree[position]
            that = word.text.lower() == "that" and word.relation in ("mark", "nsubj", "dobj")
            clause = self.tree[word.head]
            if that and self.is_verb(word.head) and clause.relation in ("acl", "relcl", "ccomp"):
                if clause.head != verb and self.is_verb(clause.head):
                    continue  # "he said, adding that …"
                told = word.relation == "mark" and self.tree[verb].lemma in TELLING_VERBS
                direct = self.tree[clause.head].relation in ("dobj", "nsubj", "pcomp") and not told
                return None if direct or clause.left != position else (position, clause.right)
        return None

    def _without_tail(self, words: Range) -> Range:
        """Without a comment at the end that the sentence's author may have added:
        ", which …", ", a charge that …"."""
        first, last = words
        for position in range(first + 2, last):
            word = self.tree[position]
            comment = word.relation in COMMENTS or word.text.lower() == "according"
            if comment and word.right == last and self._follows_comma(word):
                return first, word.left - 2
        return words

    def _follows_comma(self, word: Word) -> bool:
        return word.left > 1 and self.tree[word.left - 1].text == ","

    def _antecedent(self, verb: int) -> int:
        """What "who" stands for in a relative clause, else the pronoun itself."""
        word = self.tree[verb]
        return word.head if word.relation == "relcl" else self.of(verb, *SUBJECTS)[0]

    def _patient(self, verb: int) -> int | None:
        """Whom it is done to: the object, or the subject of a passive."""
        passive = self.of(verb, "nsubjpass")
        if passive and self.tree[passive[0]].tag in RELATIVE_PRONOUNS:
            passive = [self.tree[verb].head]
        if self.tree[verb].relation == "acl" and self._is_bare_participle(verb):
            passive = [self.tree[verb].head]
        return next(iter([*passive, *self.of(verb, "dobj")]), None)

    def _is_bare_participle(self, verb: int) -> bool:
        """Is it "asked about …" beside what the one who was asked does? At the beginning
        taggers take such a participle for a past tense."""
        word = self.tree[verb]
        participle = word.tag == "VBN" or (word.tag == "VBD" and verb < word.head)
        if word.relation not in BESIDE or not participle or self.of(verb, "aux"):
            return False
        return word.lemma in TELLING_VERBS or not self.of(verb, "dobj", "ccomp")

    def _agent(self, verb: int) -> int | None:
        named = [k for j in self.of(verb, "agent") for k in self.of(j, "pobj")]
        return named[0] if named else None

    def _shared_subject(self, verb: int, depth: int) -> int | None:
        word = self.tree[verb]
        if word.head == verb:
            return None
        reporting = self.reporting(verb)
        if reporting is not None:
            return self._patient(reporting)
        if word.relation in SHARES_SUBJECT:
            above = word.head
            if self.tree[above].tag == "IN":
                above = self.tree[above].head
            if word.relation != "conj" and self._is_bare_participle(above):
                return self._shared_subject(above, depth + 1)
            return self.subject(above, depth + 1) if self.is_verb(above) else None
        if word.relation == "acl":
            return self._author(word.head, depth)
        if word.relation == "relcl":
            return word.head
        return None

    def _author(self, noun: int, depth: int) -> int:
        """Whose "statement saying that …" it is, if it is somebody's."""
        owners = self.of(noun, "poss")
        if owners:
            return owners[0]
        above = self.tree[noun].head
        if self.tree[noun].relation == "pobj":
            above = self.tree[above].head
        if not is_name(self.tree[noun]) and self.is_verb(above):
            subject = self.subject(above, depth + 1)
            return noun if subject is None else subject
        return noun

    def _beside(self, verb: int, clause: int) -> Range:
        """The clause, without the verb that stands in its middle."""
        first, last = self.tree[clause].left, self.tree[clause].right
        if first < verb < last:
            return (verb + 1, last) if clause > verb else (first, verb - 1)
        if verb < first - 1 and self.tree[verb + 1].text.lower() == "that":
            objects = [self.tree[j] for j in self.of(verb, "dobj")]
            if any(word.left == verb + 1 and word.right == first - 1 for word in objects):
                return verb + 1, last  # "that clause 9 is gone"
        return first, last

    def _rest(self, verb: int, clause: int) -> list[Range]:
        """Why or on what condition, of a clause that is said first: "…, the mayor said on
        Monday, because of ice"."""
        behind = [self.tree[j] for j in self.of(verb, "prep") if j > verb > clause]
        return [
            (word.left, word.right)
            for word in behind
            if self._follows_comma(word) and self.tree[word.left].text.lower() in REASONS
        ]

    def _around(self, verb: int) -> list[Range]:
        """The sentence into which "he said" is put."""
        word, above = self.tree[verb], self.tree[self.tree[verb].head]
        parts = [(above.left, word.left - 1), (word.right + 1, above.right)]
        return [(first, last) for first, last in parts if first <= last]

    def _end(self, last_object: int, prepositions: Sequence[int]) -> int:
        further = [
            self.tree[j].right
            for j in prepositions
            if j > last_object and self.tree[j].text.lower() in ABOUT_IT_TOO
        ]
        return max([self.tree[last_object].right, *further[-1:]])


def words_between(tree: Tree, start: int, end: int) -> list[int]:
    """Positions of the words that overlap these characters."""
    return [i for i, word in enumerate(tree) if word.start < end and word.end > start]


def is_name(word: Word) -> bool:
    """Is it tagged as a proper noun?"""
    return word.tag in ("NNP", "NNPS")
