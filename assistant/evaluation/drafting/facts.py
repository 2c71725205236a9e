"""Sentences to questions that they answer by themselves: when, how many, who.

A sentence is asked about where its tree is one of a few plain forms and where nothing that
is taken into the question points outside: no pronoun, no "the plan", no one's words.

    In May 1999 the mayor of Elm opened the bridge.   When did the mayor of Elm open …?
    Ann Lee sold 40 boats to Dover.                   How many boats did Ann Lee sell …?
                                                      Who sold 40 boats to Dover?
    Ann Lee, a baker in Elm, was there.               Who is Ann Lee?
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.evaluation.drafting.drafts import DraftedQuestion
from assistant.evaluation.drafting.material import Material, ParsedSentence
from assistant.evaluation.drafting.phrases import NAMES, NOUNS
from index.attribution.cues import ENGLISH_CUES
from index.attribution.grammar import Grammar, is_name
from index.attribution.names import usual_gender
from index.attribution.parsing import Tree
from index.documents import Span
from index.english.quantities import A_NUMBER_ALONE
from index.english.word_lists import DAYS, GENERAL_NOUNS, GENERAL_VERBS, MONTHS, POINTS_OUTSIDE

MONTH, DAY = "|".join(MONTHS), "|".join(DAYS)
DATE = re.compile(
    rf"(?:(?:in|on) )?(?P<date>(?:early |late )?(?:(?:{MONTH})\.?(?: \d{{1,2}})?,? )?(?:19|20)\d\d"
    rf"|(?:{MONTH}) \d{{1,2}}|(?:{DAY})(?: (?:morning|afternoon|evening|night))?)",
    re.I,
)
"""A year, a day of a month, or one of the week as news has it; not "last week"."""

PRONOUN_TAGS = frozenset({"PRP", "PRP$", "WP", "WDT", "WRB", "WP$", "EX"})
MARKS = frozenset('"“”‘«»()[]:;—–\n/@#')

FEWEST_BEHIND, MOST_BEHIND = 3, 18
"""Words that a question has behind its verb and subject."""

MOST_IN_SUBJECT = 10

BESIDE_A_VERB = frozenset({"prep", "dobj", "prt", "agent", "npadvmod", "dative", "punct"})
"""What may stand behind the verb: no second clause."""

FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})
INCOMPLETE = frozenset({"CC", "IN", "DT", "TO", ",", ":", "RP", "JJ"})

FEWEST_TOLD, MOST_TOLD = 3, 16
"""Words of an apposition that says who somebody is."""

Range = tuple[int, int]
AskedFact = tuple[str, str, Range]
"""A question, its short answer, and the words of the sentence that were taken."""


@dataclass(frozen=True, slots=True)
class FactClause:
    """The first clause of a sentence: one subject, and a finite verb in the past.

    `subject` and `rest` are positions of the first and last word; `auxiliary` is "was" or
    "were" of a passive, else empty. `opening` are the words before the subject.
    """

    sentence: ParsedSentence
    noun: int
    subject: Range
    auxiliary: str
    verb: int
    rest: Range
    opening: str

    @property
    def tree(self) -> Tree:
        return self.sentence.grammar.tree

    def words(self, first: int, last: int) -> str:
        """The words from one position to another, as they stand in the sentence."""
        return words_of(self.sentence, first, last)

    @property
    def who(self) -> str:
        """The subject inside of a question."""
        words = self.words(*self.subject)
        begins = self.subject[0] == 0 and not is_name(self.tree[0])
        return words[:1].lower() + words[1:] if begins else words


def words_of(sentence: ParsedSentence, first: int, last: int) -> str:
    """The words from one position to another, as they stand in the sentence."""
    tree = sentence.grammar.tree
    return sentence.text[tree[first].start : tree[last].end]


def fact_questions(material: Material) -> Iterator[DraftedQuestion]:
    """Questions that one sentence of the document answers: deeds first, then who people
    are, each in reading order."""
    said = [span for hit in material.statements for span in hit.statement.content]
    for ask in (_about_a_deed, _about_a_person):
        for sentence in material.sentences:
            for question, answer, taken in ask(sentence):
                if not any(map(_place(sentence, taken).overlaps, said)):
                    yield _draft(material, sentence, question, answer)


def _place(sentence: ParsedSentence, taken: Range) -> Span:
    tree, start = sentence.grammar.tree, sentence.span.start
    return Span(start + tree[taken[0]].start, start + tree[taken[1]].end)


def _draft(
    material: Material, sentence: ParsedSentence, question: str, answer: str
) -> DraftedQuestion:
    return DraftedQuestion(
        "fact",
        question,
        material.name,
        ((sentence.span,),),
        material.vocabulary.stems(question),
        answers=(answer,),
    )


def _about_a_deed(sentence: ParsedSentence) -> Iterator[AskedFact]:
    clause = _clause(sentence)
    if clause is not None:
        for ask in (_when, _how_many, _who):
            found = ask(clause)
            if found is not None:
                yield found


# -- clauses -----------------------------------------------------------------------


def _clause(sentence: ParsedSentence) -> FactClause | None:
    grammar = sentence.grammar
    root = next((i for i, word in enumerate(grammar.tree) if word.head == i), None)
    if root is None or grammar.of(root, "neg", "ccomp", "csubj", "expl", "mark"):
        return None
    subjects = grammar.of(root, "nsubj", "nsubjpass")
    if len(subjects) != 1 or subjects[0] > root:
        return None
    return _with_verb(sentence, subjects[0], root)


def _with_verb(sentence: ParsedSentence, noun: int, root: int) -> FactClause | None:
    """If the subject stands right before the verb."""
    tree = sentence.grammar.tree
    subject = (tree[noun].left, tree[noun].right)
    between = tree[subject[1] + 1 : root]
    passive = tree[noun].relation == "nsubjpass"
    auxiliary = between[0].text.lower() if passive and len(between) == 1 else ""
    fitting = auxiliary in ("was", "were") if passive else not between
    last = _last(sentence.grammar, root)
    if not fitting or tree[root].tag != ("VBN" if passive else "VBD") or last <= root:
        return None
    opening = sentence.text[: tree[subject[0]].start].strip(" ,")
    return FactClause(sentence, noun, subject, auxiliary, root, (root + 1, last), opening)


def _last(grammar: Grammar, root: int) -> int:
    """The last word of the clause: a comma or "and" with another verb ends it, unless
    names or numbers are listed there."""
    tree = grammar.tree
    verbs = [j for j in grammar.of(root, "conj") if tree[j].tag.startswith("VB")]
    ends = [j for j in grammar.of(root, "cc") if verbs] or [len(tree) - 1]
    for position in range(root + 1, ends[0]):
        if tree[position].text in (",", ".", "-", "--"):
            return position - 1
    return ends[0] - 1 if tree[ends[0]].relation in ("punct", "cc") else ends[0]


def _names_itself(clause: FactClause) -> bool:
    """Is the subject a phrase with a name in it, that needs no sentence before it?"""
    first, last = clause.subject
    words = clause.tree[first : last + 1]
    if clause.tree[clause.noun].tag not in NOUNS or len(words) > MOST_IN_SUBJECT:
        return False
    if words[0].lemma in ("a", "an", "some", "any", "no", "many", "several", "one"):
        return False
    return any(map(is_name, words)) and _stand_alone(words)


def _stand_alone(words: Tree) -> bool:
    """Do they name all that they mean, without marks and half of a clause?"""
    return not any(
        word.tag in PRONOUN_TAGS
        or word.tag in FINITE
        or word.lemma in POINTS_OUTSIDE
        or MARKS & set(word.text)
        or word.text in (",", "-", "--")
        for word in words
    )


def _rest(clause: FactClause, behind: Range) -> str | None:
    """The words behind the verb, if they are whole and can be understood."""
    first, last = behind
    words = clause.tree[first : last + 1]
    if not FEWEST_BEHIND <= len(words) <= MOST_BEHIND or words[-1].tag in INCOMPLETE:
        return None
    beside = [word for word in words if word.head == clause.verb]
    fitting = all(word.relation in BESIDE_A_VERB for word in beside)
    if not fitting or not _stand_alone(words) or _has_bare_noun(clause, behind):
        return None
    return clause.words(first, last)


def _has_bare_noun(clause: FactClause, behind: Range) -> bool:
    """Is there a "the plan", of which only the document before says which?"""
    words = [clause.tree[position] for position in range(behind[0], behind[1] + 1)]
    return any(
        word.tag in NOUNS - NAMES and _is_the(clause.tree, behind[0] + number)
        for number, word in enumerate(words)
    )


def _is_the(tree: Tree, noun: int) -> bool:
    """Is the phrase of this noun "the" and nothing else?"""
    word = tree[noun]
    return word.right == noun and word.left == noun - 1 and tree[noun - 1].lemma == "the"


# -- questions ---------------------------------------------------------------------


def _when(clause: FactClause) -> AskedFact | None:
    """The date stands in front, or at the end and beside the verb."""
    if not _names_itself(clause):
        return None
    first, last = clause.rest
    opened = DATE.fullmatch(clause.opening)
    if opened:
        return _dated(clause, clause.rest, opened["date"])
    for position in range(first + 1, last + 1):
        date = DATE.fullmatch(clause.words(position, last))
        if date and clause.tree[position].relation in ("prep", "npadvmod"):
            beside = clause.tree[position].head == clause.verb
            return _dated(clause, (first, position - 1), date["date"]) if beside else None
    return None


def _dated(clause: FactClause, behind: Range, date: str) -> AskedFact | None:
    verb, rest = clause.tree[clause.verb], _rest(clause, behind)
    if rest is None or DATE.search(rest) or verb.lemma in GENERAL_VERBS:
        return None
    asked = (
        f"When {clause.auxiliary} {clause.who} {verb.text} {rest}?"
        if clause.auxiliary
        else f"When did {clause.who} {verb.lemma} {rest}?"
    )
    return asked, date, (clause.subject[0], behind[1])


def _how_many(clause: FactClause) -> AskedFact | None:
    """Things that are counted as the object of the verb."""
    grammar, tree = clause.sentence.grammar, clause.tree
    objects = [] if clause.auxiliary else grammar.of(clause.verb, "dobj")
    if not objects or tree[objects[0]].tag != "NNS" or not _names_itself(clause):
        return None
    noun = objects[0]
    number = _number(grammar, noun)
    rest = _rest(clause, (noun + 1, clause.rest[1])) if number is not None else None
    counted = clause.words(number + 1, noun) if number is not None else ""
    if number is None or rest is None or tree[noun].left != clause.verb + 1:
        return None
    asked = f"How many {counted} did {clause.who} {tree[clause.verb].lemma} {rest}?"
    return asked, clause.words(tree[noun].left, number), (clause.subject[0], clause.rest[1])


def _number(grammar: Grammar, noun: int) -> int | None:
    """The one number that counts this noun, right before it and its adjectives."""
    tree = grammar.tree
    numbers = grammar.of(noun, "nummod")
    if len(numbers) != 1 or tree[numbers[0]].tag != "CD" or tree[numbers[0]].right != numbers[0]:
        return None
    between = tree[numbers[0] + 1 : noun]
    plain = all(word.relation in ("amod", "compound") for word in between)
    single = A_NUMBER_ALONE.fullmatch(tree[numbers[0]].text)
    return numbers[0] if plain and single and not grammar.of(noun, "det", "poss") else None


def _who(clause: FactClause) -> AskedFact | None:
    """A person did something that names something else."""
    first, last = clause.subject
    verb, behind = clause.tree[clause.verb], clause.tree[clause.rest[0] : clause.rest[1] + 1]
    if not is_person_name(clause.tree[first : last + 1]) or clause.auxiliary:
        return None
    if verb.lemma in GENERAL_VERBS or ENGLISH_CUES.may_be_among([verb.text.lower()]):
        return None
    rest = _rest(clause, clause.rest)
    if rest is None or not any(map(is_name, behind)):
        return None
    return f"Who {verb.text} {rest}?", clause.words(first, last), (first, clause.rest[1])


def _about_a_person(sentence: ParsedSentence) -> Iterator[AskedFact]:
    """A name, a comma, and what it is: up to the next comma or the end."""
    grammar = sentence.grammar
    tree = grammar.tree
    for noun, word in enumerate(tree):
        told = [j for j in grammar.of(noun, "appos") if j > noun + 1]
        if word.tag != "NNP" or not told or tree[told[0]].lemma in GENERAL_NOUNS:
            continue
        first, last = noun + 2, tree[told[0]].right
        name = range(min(grammar.of(noun, "compound"), default=noun), noun + 1)
        if _is_told(tree, name, (first, last)):
            person = words_of(sentence, name.start, noun)
            yield f"Who is {person}?", words_of(sentence, first, last), (name.start, last)


def _is_told(tree: Tree, name: range, told: Range) -> bool:
    """Is it a person, between commas what they are, and clear without the sentence?"""
    first, last = told
    words = tree[first : last + 1]
    if not FEWEST_TOLD <= len(words) <= MOST_TOLD:
        return False
    if not is_person_name(tree[name.start : name.stop]):
        return False
    ends = last + 1 < len(tree) and tree[last + 1].text in (",", ".")
    begins = tree[first].text.lower() in ("a", "an", "the") or tree[first].tag in NOUNS
    parted = tree[first - 1].text == "," and tree[first].left >= first
    tells = any(w.tag in ("NN", "NNS") for w in words) and not is_person_name(words)
    return ends and begins and parted and tells and _stand_alone(words)


def is_person_name(words: Tree) -> bool:
    """First name, of those that people have, and surname."""
    named = 2 <= len(words) <= 3 and all(word.tag == "NNP" for word in words)
    return named and usual_gender(words[0].text) is not None
