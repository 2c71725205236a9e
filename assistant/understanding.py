"""A question and what was said before, to a query that stands alone.

A question about somebody's words names a speaker and a topic in one of a few forms:
"What did X say about Y?", "Did X say that Y?", "Who said Y?", "According to X, Y?",
"What is X's view of Y?".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.answers import Turn
from assistant.errors import WrongUse
from index.cues import ENGLISH
from index.documents import Asks, Query
from index.naming import PRONOUNS, whom
from index.words import FUNCTION_WORDS

LONGEST_QUESTION = 2_000

TURNS_READ = 6
"""Earlier messages in which the person that a pronoun stands for is looked for."""

SENTENCE_END = re.compile(r"(?<=[?!])\s+|(?<=[a-z]{3}\.)\s+(?=[A-Z])")
"""Not the full stop of "William A. Ackman" or "Gen. Lee"."""

AUXILIARY = re.compile(r"\b(?:did|does|do|has|have|had)\b\s+", re.IGNORECASE)
WORD = re.compile(r"[\w’'-]+")
WHO = re.compile(r"^\W*who(?:\s+(?:else|has|have|had|also))*\s+(?P<cue>\w+)\s*(?P<topic>.*)$", re.I)
WHICH = re.compile(r"^\W*(?:which|what)\s+(?=[\w’'-]+\s+\S)", re.I)
NARRATED = re.compile(
    r"\b(?:do|does|did|has|have)\s+(?:the|this)\s+(?:paper|article|document|report|story)\s+", re.I
)
""" "Which source does the article cite for …" asks which source says it."""

LONGEST_KIND = 4
"""Words between "which" and the cue: "which local news site reports"."""

ANOTHER_QUESTION = re.compile(r",?\s+and\s+(?:how|what|when|why|where|who|which)\b.*", re.I)

ACCORDING = re.compile(r"\baccording\s+to\s+(?P<speaker>[^,?]+)(?:,(?P<topic>.*))?", re.I)
VIEW = re.compile(
    r"\b(?:is|was|are|were)\s+(?P<speaker>.+?)(?:’s|'s|s’|s')\s+(?:view|opinion|position|stance"
    r"|reaction|response|comment|remark|take|statement)s?\b(?P<topic>.*)$",
    re.I,
)

THINKING = frozenset("think thinks thought believe believes believed feel feels felt".split())
"""A question may put so what a document can only say."""

NOT_BEFORE_A_VERB = frozenset("of the a an and or ’s 's".split())
"""Behind these a word is a noun: "the State Department", "the secretary of state"."""

NARRATOR = frozenset("paper article document text report story author newspaper".split())
"""Whoever asks for its words asks what the documents say."""

NO_TOPIC = frozenset(
    """about on of regarding concerning that to for with in at anything something whether if
    article document text paper""".split()
)


@dataclass(frozen=True, slots=True)
class Asking:
    """Whose words a question asks for, and about what."""

    asks: Asks
    speaker: str | None
    topic: str


def understand(
    question: str,
    history: Sequence[Turn] = (),
    documents: str | None = None,
    speaker: str | None = None,
) -> Query:
    """`speaker` asks for the words of somebody whom the question need not name.

    Raises WrongUse for a question that is empty or too long.
    """
    words = " ".join(question.split())
    if not words:
        raise WrongUse("The question is empty. Ask something, for example: What is this about?")
    if len(words) > LONGEST_QUESTION:
        raise WrongUse(
            f"The question has {len(words):,} characters; "
            f"at most {LONGEST_QUESTION:,} can be asked."
        )
    asking = _asking(words)
    if speaker is not None:
        topic = asking.topic if asking and asking.topic else words
        asking = Asking("said", speaker, topic)
    if asking is None:
        return Query(question, words, documents)
    standalone, named = _without_pronoun(words, asking.speaker, history)
    return Query(question, standalone, documents, asking.asks, named, asking.topic)


def _asking(question: str) -> Asking | None:
    """As the last sentence has it that asks for somebody's words."""
    sentences = SENTENCE_END.split(question)
    asked = (asking for sentence in reversed(sentences) for asking in _forms(sentence))
    return next(asked, None)


def _forms(sentence: str) -> Iterator[Asking]:
    yield from _did_say(sentence)
    for form in (ACCORDING, VIEW):
        match = form.search(sentence)
        if match and _can_speak(match["speaker"]):
            rest = match["topic"] or sentence[: match.start()]
            yield Asking("said", match["speaker"].strip(), _topic(rest))
    who = WHO.match(sentence)
    if who and _is_cue(who["cue"], ""):
        yield from _who_said(who["topic"])
    yield from _which_said(NARRATED.sub("", sentence))


def _which_said(sentence: str) -> Iterator[Asking]:
    """ "Which newspaper reported that …"."""
    which = WHICH.match(sentence)
    if which is None:
        return
    words = [*WORD.finditer(sentence, which.end())]
    for before, word in list(pairwise(words))[:LONGEST_KIND]:
        if _is_cue(word[0], before[0]) and before[0].lower() not in FUNCTION_WORDS:
            yield from _who_said(sentence[word.end() :])
            return


def _who_said(words: str) -> Iterator[Asking]:
    topic = _topic(words)
    if any(word.lower() not in FUNCTION_WORDS for word in WORD.findall(topic)):
        yield Asking("who", None, topic)


def _did_say(sentence: str) -> Iterator[Asking]:
    """ "What did X say about Y", "Did X say that Y", "What has X said on Y"."""
    for auxiliary in AUXILIARY.finditer(sentence):
        start = auxiliary.end()
        before = ""
        for word in WORD.finditer(sentence, start):
            if _is_cue(word[0], before):
                speaker = sentence[start : word.start()].strip()
                asks: Asks = "said" if sentence[: auxiliary.start()].strip() else "whether"
                if _can_speak(speaker):
                    yield Asking(asks, speaker, _topic(sentence[word.end() :]))
                break
            before = word[0].lower()


def _is_cue(word: str, before: str) -> bool:
    if not word.islower() or before in NOT_BEFORE_A_VERB:
        return False
    return word in THINKING or ENGLISH.may_be_among([word])


def _can_speak(speaker: str) -> bool:
    """Has it a word that could name somebody other than the documents themselves?"""
    words = {word.lower() for word in WORD.findall(speaker)}
    return bool(words & PRONOUNS.keys() or words - FUNCTION_WORDS - NARRATOR)


def _topic(words: str) -> str:
    """Without the words that lead to it."""
    rest = ANOTHER_QUESTION.sub("", words).strip(" ?.,!")
    while (first := WORD.match(rest)) and first[0].lower() in NO_TOPIC:
        rest = rest[first.end() :].strip(" ,")
    return rest


def _without_pronoun(
    question: str, speaker: str | None, history: Sequence[Turn]
) -> tuple[str, str | None]:
    """The question with a name in place of "he", if the conversation has one."""
    if speaker is None or speaker.lower() not in PRONOUNS:
        return question, speaker
    earlier = "\n".join(turn.content for turn in history[-TURNS_READ:])
    name = whom(speaker, earlier)
    if name is None:
        return question, speaker
    return re.sub(rf"\b{re.escape(speaker)}\b", name, question, count=1), name
