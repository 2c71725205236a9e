"""Whether a question is answered, answered in part or refused: all of it is decided here.

    search, quoting, crediting: signs -> RULINGS -> answered, partly or refused, and in
    which words
    verifying: what became of the sentences -> REMARKS

The other stages only look: they deliver what they found and what of the question it has.
Here are the weights that turn signs into a probability, the thresholds, the conditions,
and which prompt says what. The first row of RULINGS that applies decides; where none does,
the question is answered.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from assistant.answering.matching import Matching
from assistant.answering.units import Told
from assistant.answers import ANSWERABLE_FROM, Claim, Draft
from assistant.languages.prompting import fill
from index.documents import (
    OR,
    Evidence,
    Found,
    Glob,
    Hit,
    Query,
    Source,
    StatementHit,
)
from index.english.dates import days
from index.english.kinds import Kind
from index.english.quantities import is_number
from index.english.spelling import WORD, counted, root
from index.english.word_lists import FUNCTION_WORDS, MONTHS, SAID
from index.models.opening import MULTILINGUAL
from index.search.demands import (
    RARE,
    as_printed,
    insistence,
    seems_foreign,
)
from index.search.late_interaction import READ

ANSWERABILITY = (-10.6, 19.5, 10.5, -2.0, -0.5, -6.0)
"""A bias, and the weights of `index.documents.Signs`, by tests.benchmarks.answerability on
squad/dev.

The scores' are a logistic regression on 1,452 answerable questions with half of the articles
indexed: cross-validated by article, area under the ROC curve .996, .992 of the questions on
missing articles are refused where .95 of the others are answered. The others' are those that
tell questions best which only look answerable (area .671, without them .638), of those with
which no fewer of the former are refused."""

SELECTED = (0.4, 0.3, 0.26)
"""A bias, and what the log odds by the signs and the best of an answer selector count: one of the
best of a grid, by what is answered and what is refused of handbooks, tests.benchmarks.context,
squad/dev and the everyday questions on documents that are kept back from its training
(tests.benchmarks.everyday). Answered and near misses refused, by the signs alone -> with both:
handbooks .97 .83 -> .97 .83, context .89 .51 -> .87 .59, squad/dev .95 .21 -> .94 .22, everyday
.62 .14 -> .74 .24; two sets in everyday words on public documents, which had no part in it,
.32 .61 -> .39 .56 and .64 .44 -> .69 .78."""

MOST_OF_SIGNS = 6.0
"""The most that the log odds by the signs are held to be: where they are greater they say no more.
With 3 context is .84 .63, all others are as before or .01 off."""

OF_ANOTHER = 3.0
"""What is taken from these log odds where what would be quoted says nothing of whom, where, for
what or of which thing it is asked. With 2 .00 to .06 more are answered, and up to .05 fewer near
misses refused."""

LIKELY_OF_ANOTHER = 0.25
"""What is left of the probability in that case where no answer selector has read it. Of 37 near
misses of a library's rules and a program's help 24 are refused instead of 14, where 33 of the 37
questions that can be answered are answered instead of 31; of those of three collections of
tests.benchmarks.context 16 of 25 instead of 10, and 74 of 81 are answered instead of 73. Of two
collections that were kept back 21 of 41 are refused instead of 12, and 35 of 40 answered instead
of 36."""

PUT_ALIKE = 0.8
"""The probability by its signs from which a word that is lacking counts. Of the questions of two
sets in everyday words on public documents .60 and .64 are answered instead of .56 and .55, with the
same near misses refused, .61 and .39; on handbooks both stay, .98 and .90, on squad/dev it is .95
and .24 instead of .93 and .24; of tests.benchmarks.context .89 and .49 instead of .88 and .57. With
.9 these are .61 and .61, .65 and .33, .99 and .85, .95 and .24, .89 and .45. The words of
`index.english.word_lists.LITTLE_WORDS` are a part of it."""

CERTAIN = 0.9985
"""The probability by its signs from which an answer need not name the thing that is asked about, if
the question only mentions it: of 56 questions of squad/dev that can be answered 4 lack such a word,
with .9985 or more 2 of them; of 55 near misses of the other collections 36, with as much 3."""

LIKELY = 0.98
"""The same from which it is enough that its document names it. Chosen, not fitted."""

IN_OTHER_WORDS = 0.3
"""How much less a passage is held to have of a question where it has the words in other words. On
the same questions .97 pass the signs instead of .96, and .14 of 204 that are asked of another
collection as before; with .2 it is .98 and .16, with .1 .99 and .19. With .2 a question of the
sample document that it does not answer was held to be answered with .95."""

NEAR = 0.93
"""Where only some sentences can be the answer, those with a date or those that are nobody
else's, the share of the best one's score down to which they are looked for. The 112
questions of squad/dev that ask for a date or number and can be answered still are; 17 of
194 that cannot be are refused by it."""

IN_THE_TEXT = 0.8
"""The share of the question's words, by idf, from which a sentence is shown with which nobody is
credited."""

MOST_NAMED = 3
"""Speakers, or globs, that a refusal names."""

CONSIDERED = 3
"""Passages or statements that a refusal shows."""

ASKS_WHO_SAID = re.compile(rf"\W*who\s+(?:else\s+)?(?:{'|'.join(sorted(SAID))})\b", re.I)

ASKED_ABOUT_DOCUMENTS = frozenset(
    map(
        root,
        """summarise summarize summary overview give short brief document file text article paper
        page pages about main key points topics discussed discuss covered decided meeting tldr
        documents files see""".split(),
    )
)
"""Words of a question for a summary that do not say of what."""

Decided = Literal["answered", "partly", "refused"]


@dataclass(frozen=True)
class Case:
    """A question with the signs that tell whether it is answered.

    `quotable` are the passages of the sentences that would be quoted, `statements` those
    that would be credited; None while they were not looked for. `kind` is the kind of
    answer that the question asks for, `told` the words that would be quoted first, with those
    that say of what they speak.
    """

    query: Query
    found: Found
    quotable: Sequence[Hit] | None = None
    statements: Sequence[StatementHit] | None = None
    kind: Kind | None = None
    told: Told | None = None
    answer_from: float = ANSWERABLE_FROM

    @property
    def asks_for_more(self) -> bool:
        return self.query.follow == "more"

    @property
    def was_said_before(self) -> bool:
        """Does the conversation have all statements that were found?"""
        said = self.found.said
        found_some = said is not None and bool(said.statements)
        return self.asks_for_more and found_some and self.is_not_said

    @property
    def is_not_said(self) -> bool:
        """Is there no statement on it, where statements were looked for?"""
        return self.statements is not None and not self.statements

    @property
    def is_compared(self) -> bool:
        """Can statements be compared with the question, or is it in a language that the model
        does not know?"""
        return knows_languages(self.found) or not is_foreign(self.query, self.found)

    @property
    def is_nobody(self) -> bool:
        """Is nobody called like the one whose words are asked for?"""
        return self.found.said is not None and not self.found.said.speakers

    @property
    def is_quoted_for_nobody(self) -> bool:
        """Would passages be quoted to somebody who asks who said it, for nobody is credited?"""
        asks = ASKS_WHO_SAID.match(self.query.standalone_question) is not None
        return bool(self.quotable) and asks and self.found.said is not None

    @property
    def text(self) -> Evidence | None:
        """The sentence of the best passage that has what was asked, where nobody is known to have
        said it, nor is anybody called like the one asked about."""
        said = self.found.said
        hit = next(iter(self.found.hits), None)
        if said is None or hit is None or said.by_others or hit.scores.coverage < IN_THE_TEXT:
            return None
        best = max(hit.evidence, key=lambda each: each.score, default=None)
        if best is None or (self.query.asks != "who" and not self._names_asked(best.text)):
            return None
        return best

    @property
    def untold(self) -> tuple[Hit, Evidence] | None:
        """The best sentence with the name of whoever is asked about, in a document in a language
        in which nobody is told to have said what."""
        unattributed = self.found.said.unattributed if self.found.said else ()
        hits = (hit for hit in self.found.hits if hit.source.id in unattributed)
        named = (
            (hit, each) for hit in hits for each in hit.evidence if self._names_asked(each.text)
        )
        return max(named, key=lambda found: found[1].score, default=None)

    def _names_asked(self, words: str) -> bool:
        """Has it the words for whose words are asked, if nobody is credited who is called so?"""
        asked = {root(word) for word in WORD.findall((self.query.speaker or "").lower())}
        asked -= {root(word) for word in FUNCTION_WORDS}
        return self.is_nobody and asked <= {root(word) for word in WORD.findall(words.lower())}

    @property
    def others(self) -> tuple[str, ...]:
        """Who else spoke of it."""
        hits = self.found.said.by_others if self.found.said else ()
        return tuple(dict.fromkeys(hit.speaker for hit in hits if hit.speaker))

    @property
    def is_said_by_others(self) -> bool:
        """Did others say what somebody is asked to have said?"""
        said = self.found.said
        return self.query.asks == "whether" and said is not None and bool(said.by_others)

    @property
    def is_unlikely(self) -> bool:
        """Does what would be quoted more likely than not hold no answer?"""
        return self.quotable is not None and self._read < self.answer_from

    @property
    def likelihood(self) -> float:
        """That the passage which would be quoted first answers, by its signs alone; that the
        best one does while none is chosen."""
        signs = self.quotable[0].signs if self.quotable else None
        if signs is None:
            return answerability(self.found)
        meant = self._matching.share(self.told) - IN_OTHER_WORDS if self.told else 0.0
        signs = signs._replace(coverage=max(signs.coverage, meant))
        return answerability(replace(self.found, signs=signs))

    @property
    def _read(self) -> float:
        """The same, where an answer selector has read the passages: by what it found as well."""
        return with_odds(self.likelihood, self.found.hits)

    @property
    def is_of_another(self) -> bool:
        """Is it more likely not answered, for it is of whom or what the documents do not speak?"""
        return bool(self.unmentioned) and self.probability < self.answer_from

    @property
    def probability(self) -> float:
        """That the documents answer the question."""
        if not self.unmentioned:
            return self._read
        if best_odds(self.found.hits) is None:
            return LIKELY_OF_ANOTHER * self.likelihood
        return _probability(_log_odds(self._read) - OF_ANOTHER)

    @property
    def has_nothing_to_quote(self) -> bool:
        return self.quotable is not None and not self.quotable

    @property
    def absent(self) -> tuple[str, ...]:
        """Names and numbers that no document has, nor is one that would be quoted of that year."""
        years = {(hit.source.published or "")[:4] for hit in self.quotable or ()}
        return tuple(word for word in self.found.absent if word not in years)

    @cached_property
    def unmentioned(self) -> tuple[str, ...]:
        """Words that say of whom, where, for what or of which thing is asked, and of which what
        would be quoted first says nothing; none where the question is put in quite other words
        than the documents, for then that one of them is lacking tells nothing."""
        if not self.told or self.likelihood < PUT_ALIKE:
            return ()
        lacking = self._matching.lacking(
            self.told,
            even_mentioned=self.likelihood < CERTAIN,
            likely=self.likelihood >= LIKELY,
        )
        return tuple(word for word in lacking if not self._is_in_a_name(word))

    @cached_property
    def _matching(self) -> Matching:
        return Matching(
            self.query,
            self.found,
            tells_kind=self.kind is not None,
            knows_languages=knows_languages(self.found),
        )

    def _is_in_a_name(self, word: str) -> bool:
        """Is it of the day for which a document that would be quoted is called?"""
        named = " ".join(_named(hit.source) for hit in self.quotable or ())
        dated = any(day in named for day in days(self.query.standalone_question))
        return dated and (is_number(word) or word.lower() in MONTHS)

    @property
    def missing(self) -> tuple[str, ...]:
        """Names and numbers of the question that nothing has of what would be quoted."""
        quoted = self.quotable or ()
        texts = (text for hit in quoted for text in (hit.passage.text, _named(hit.source)))
        question, rarity = self.query.standalone_question, self.found.rarity
        missing = as_printed(question, insistence(question).missing_from(*texts))
        rare = (word for word in missing if rarity.get(word, 1.0) >= RARE)
        return tuple(word for word in rare if not self._is_in_a_name(word))


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether a question is answered; `words` give the reason if it is not, and say what
    is missing if it is in part."""

    outcome: Decided
    words: str = ""


def decide(case: Case) -> Decision:
    """By the first ruling that applies."""
    ruling = next((ruling for ruling in RULINGS if ruling.applies(case)), None)
    return Decision(ruling.outcome, ruling.words(case)) if ruling else Decision("answered")


def is_foreign(query: Query, found: Found) -> bool:
    """Does the question seem to be in another language than the documents?"""
    passages = " ".join(hit.passage.text for hit in found.hits[:READ])  # one may be a heading
    known = found.rarity.keys() - found.corrections.values()
    return seems_foreign(query.standalone_question, len(known), passages)


def knows_languages(found: Found) -> bool:
    """Does the model that searches compare texts in two languages?"""
    return found.embedder.startswith(f"{MULTILINGUAL}@")


def answerability(found: Found) -> float:
    """The probability that the hits answer the question, from the signs of the best one."""
    if found.signs is None:
        return 0.0
    bias, *weights = ANSWERABILITY
    return _probability(bias + sum(map(operator.mul, weights, found.signs)))


def with_odds(likelihood: float, hits: Sequence[Hit]) -> float:
    """The probability that hits answer, by their signs and by the best odds that an answer selector
    gave a sentence of theirs; by their signs alone where it read none."""
    odds = best_odds(hits)
    if odds is None or not 0 < likelihood < 1:
        return likelihood
    bias, of_signs, of_odds = SELECTED
    signs = min(_log_odds(likelihood), MOST_OF_SIGNS)
    return _probability(bias + of_signs * signs + of_odds * odds)


def best_odds(hits: Sequence[Hit]) -> float | None:
    """The best log odds of all their sentences; None where none was read."""
    told = (each.odds for hit in hits for each in hit.evidence if each.odds is not None)
    return max(told, default=None)


def _log_odds(probability: float) -> float:
    return math.log(probability / (1 - probability))


def _probability(log_odds: float) -> float:
    return 1 / (1 + math.exp(-log_odds))


def missing_parts(parts: Sequence[str]) -> Sequence[str]:
    """Which parts of a question the documents do not answer, in words."""
    return [fill("missing_part", part=part.rstrip(" ?.")) for part in parts]


def _not_said(case: Case) -> str:
    """How many statements were looked at, and who did speak of it."""
    asked, said = case.query.speaker or "", case.found.said
    if said is None or case.is_nobody:
        reason = fill("nobody_called", speaker=asked, documents=_documents(case))
    else:
        speaker = " or ".join(said.speakers[:MOST_NAMED])
        are = "is" if said.considered == 1 else "are"
        statements = counted(said.considered, "statement")
        reason = fill("not_said", speaker=speaker, statements=statements, are=are)
    return " ".join([reason, *_by_others(case)])


def _by_others(case: Case) -> Sequence[str]:
    """Who else spoke of it, if anybody did."""
    others = " and ".join(case.others[:MOST_NAMED])
    return [fill("said_by_others", others=others)] if others else []


def _not_compared(case: Case) -> str:
    """That nobody can tell which statements are about what is asked in another language."""
    said = case.found.said
    if said is None or not said.speakers:
        return _nothing_answers(case)
    speaker = " or ".join(said.speakers[:MOST_NAMED])
    statements = counted(said.considered, "statement")
    topic = case.query.topic
    reason = fill("not_compared", speaker=speaker, statements=statements, topic=topic)
    return " ".join([reason, *_by_others(case)])


def _untold(case: Case) -> str:
    """In which document statements are not told apart."""
    document = case.untold[0].source.title if case.untold else ""
    return fill("not_told_apart", document=document, speaker=case.query.speaker or "")


def _nothing_answers(case: Case) -> str:
    passages = counted(case.found.passages_searched, "passage")
    reason = fill("nothing_answers", passages=passages, documents=_documents(case))
    if is_foreign(case.query, case.found):
        return f"{reason} " + fill("foreign")
    return reason


def _filter(documents: Glob) -> str:
    """The globs as a person reads them, the first few of them."""
    globs = documents.split(OR)
    more = len(globs) - MOST_NAMED
    further = [f"{more} others"] if more > 0 else []
    return " or ".join([*globs[:MOST_NAMED], *further])


def _seen(case: Case) -> str:
    said = case.found.said
    return counted(len(said.statements) if said else 0, "statement")


def _documents(case: Case) -> str:
    return counted(case.found.documents_searched, "document")


def _named(source: Source) -> str:
    return f"{source.title} {source.name}"


def _either(words: Sequence[str]) -> str:
    return " or ".join(f"“{word}”" for word in words)


@dataclass(frozen=True, slots=True)
class Ruling:
    """Where this is so, that is decided, and said in these words."""

    name: str
    outcome: Decided
    applies: Callable[[Case], bool]
    words: Callable[[Case], str]


RULINGS = (
    Ruling(
        "nothing is asked", "refused",
        lambda case: case.query.follow == "courtesy",
        lambda case: fill("courtesy"),
    ),
    Ruling(
        "no document is called so", "refused",
        lambda case: not case.found.hits and case.query.documents is not None,
        lambda case: fill("nothing_in_scope", filter=_filter(case.query.documents or "")),
    ),
    Ruling(
        "there is no document", "refused",
        lambda case: not case.found.hits,
        lambda case: fill("nothing_indexed"),
    ),
    Ruling(
        "all statements were seen", "refused",
        lambda case: case.was_said_before,
        lambda case: fill("that_is_all", statements=_seen(case)),
    ),
    Ruling(
        "nobody is credited, and the text has it", "partly",
        lambda case: case.is_not_said and case.text is not None,
        lambda case: fill("nobody_credited"),
    ),
    Ruling(
        "statements of the language are not told apart", "partly",
        lambda case: case.is_not_said and case.untold is not None,
        _untold,
    ),
    Ruling(
        "another language is not understood", "refused",
        lambda case: case.is_not_said and not case.is_compared,
        _not_compared,
    ),
    Ruling(
        "nobody said it", "refused",
        lambda case: case.is_not_said and case.query.asks == "who",
        lambda case: fill("nobody_said", documents=_documents(case)),
    ),
    Ruling(
        "others said it", "partly",
        lambda case: case.is_not_said and case.is_said_by_others,
        _not_said,
    ),
    Ruling("the speaker did not say it", "refused", lambda case: case.is_not_said, _not_said),
    Ruling(
        "there is nothing else", "refused",
        lambda case: case.asks_for_more and (case.is_unlikely or case.has_nothing_to_quote),
        lambda case: fill("nothing_else"),
    ),
    Ruling(
        "it is of somebody or something else", "refused",
        lambda case: case.is_of_another and not case.asks_for_more,
        lambda case: fill("not_of", words=_either(case.unmentioned)),
    ),
    Ruling("an answer is unlikely", "refused", lambda case: case.is_unlikely, _nothing_answers),
    Ruling(
        "no sentence has the kind of answer", "refused",
        lambda case: case.has_nothing_to_quote and case.kind is not None,
        lambda case: fill("nothing_of_that_kind", kind=case.kind.name if case.kind else ""),
    ),
    Ruling(
        "no sentence may answer", "refused",
        lambda case: case.has_nothing_to_quote,
        _nothing_answers,
    ),
    Ruling(
        "no document has a name", "partly",
        lambda case: bool(case.quotable and case.absent) and not case.asks_for_more,
        lambda case: fill("not_mentioned", words=_either(case.absent)),
    ),
    Ruling(
        "no quoted passage has a name", "partly",
        lambda case: bool(case.quotable and case.missing) and not case.asks_for_more,
        lambda case: fill("not_mentioned_here", words=_either(case.missing)),
    ),
    Ruling(
        "nobody is credited with what is quoted", "partly",
        lambda case: case.is_quoted_for_nobody,
        lambda case: fill("nobody_credited"),
    ),
)  # fmt: skip


# -- once the sentences were judged ------------------------------------------------


@dataclass(frozen=True, slots=True)
class Judged:
    """What became of an answer's sentences: was any withheld, for its document may no
    longer be read, and the written ones, None for each that was left out."""

    withheld: bool
    written: Sequence[Claim | None]

    @property
    def left_out(self) -> int:
        """How many written sentences are not shown."""
        return sum(claim is None for claim in self.written)

    @property
    def nothing_holds(self) -> bool:
        """Is a written sentence shown, and none of them supported?"""
        shown = [claim for claim in self.written if claim is not None]
        return bool(shown) and all(claim.verdict == "unsupported" for claim in shown)


@dataclass(frozen=True, slots=True)
class Remark:
    """Where this is so, these words are said beside the answer."""

    applies: Callable[[Judged], bool]
    words: Callable[[Judged], str]


REMARKS = (
    Remark(lambda judged: judged.withheld, lambda judged: fill("no_longer_readable")),
    Remark(
        lambda judged: judged.left_out > 0,
        lambda judged: fill("left_out", sentences=counted(judged.left_out, "written sentence")),
    ),
    Remark(lambda judged: judged.nothing_holds, lambda judged: fill("nothing_supported")),
)


def noticed(draft: Draft, judged: Judged) -> str:
    """What the reader should know of how the answer came about."""
    remarks = (remark.words(judged) for remark in REMARKS if remark.applies(judged))
    return " ".join(filter(None, [draft.notice, *remarks]))


def shown(query: Query, found: Found) -> Found:
    """What a refusal may show: nothing is near where nothing was asked."""
    return replace(found, hits=()) if query.follow == "courtesy" else found


def refused(draft: Draft, notice: str) -> str:
    """Why an answer without a claim has none: as it was decided, or what became of it."""
    return draft.reason or notice
