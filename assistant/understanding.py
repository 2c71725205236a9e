"""A question and what was said before, to a query that stands alone.

A question about somebody's words names a speaker and a topic in one of a few forms:
"What did X say about Y?", "Did X say that Y?", "Who said Y?", "According to X, Y?",
"What is X's view of Y?".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from assistant.answers import Turn
from assistant.comparing import telling
from assistant.errors import WrongUse
from index.chunking import sentences
from index.cues import ENGLISH
from index.documents import Asks, Query, Span
from index.naming import PRONOUNS, whom
from index.words import FUNCTION_WORDS

LONGEST_QUESTION = 2_000

TURNS_READ = 6
"""Earlier messages in which the person that a pronoun stands for is looked for."""

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

ACCORDING = re.compile(
    r"\baccording\s+to\s+(?P<speaker>[^,?]+?)"
    r"(?:,|\?|$|\s(?=(?:what|why|how|when|where|who|which)\b))(?P<topic>.*)",
    re.I,
)
VIEW = re.compile(
    r"\b(?:is|was|are|were)\s+(?P<speaker>.+?)(?:’s|'s|s’|s')\s+(?:view|opinion|position|stance"
    r"|reaction|response|comment|remark|take|statement)s?\b(?P<topic>.*)$",
    re.I,
)

MORE = re.compile(
    r"^\W*(?:is that (?:all|everything)|(?:and )?what else|anything else|(?:tell me )?more"
    r"|did (?:he|she|they) say anything else)\b[\w ]*\W*$",
    re.I,
)
WHERE = re.compile(
    r"^\W*(?:(?:in )?(?:which|what) (?:article|document|file|text|source|report)s?"
    r"|where (?:is|was|does|did) (?:that|this|it|he|she|they))\b[\w ]*\W*$",
    re.I,
)
WHAT_ABOUT = re.compile(
    r"^\W*(?:(?:and )?(?:what|how) about|and(?!\s+(?:how|what|when|where|which|who|why)\b))\s+"
    r"(?P<what>[^?]+?)\W*$",
    re.I,
)
GOES_ON = re.compile(r"^\W*(?:and|but|or|so|then|what about|how about)\b", re.I)
POINTS_BACK = re.compile(
    r"\b(?:he|she|him|his|hers?|they|them|theirs?|it|its|this|these|those)\b"
    r"|\bthe (?:same|latter|former)\b|\b(?:that|there|then|so)\W*$",
    re.I,
)
"""Stands for something that was said before. "That" and "there" in the middle of a question
seldom do: "say that it rained", "are there trains"."""
PERSON = re.compile(r"\b(?:he|she|him)\b", re.I)
NAME = re.compile(r"[A-ZА-ЯЁ][\w’'-]+(?:\s[A-ZА-ЯЁ][\w’'-]+)*")

THINKING = frozenset("think thinks thought believe believes believed feel feels felt".split())
"""A question may put so what a document can only say."""

SAYING = frozenset(
    """say says said tell tells told mention mentioned comment commented remark remarked talk
    talked speak spoke spoken""".split()
)
"""Mean words only. Other cues may mean a deed ("attack", "add"), unless a topic follows."""

ON_A_TOPIC = re.compile(r"\W+(?:about|regarding|concerning)\b", re.I)

NOT_BEFORE_A_VERB = frozenset("of the a an and or ’s 's".split())
"""Behind these a word is a noun: "the State Department", "the secretary of state"."""

NARRATOR = frozenset("paper article document text report story author newspaper".split())
"""Whoever asks for its words asks what the documents say."""

NO_TOPIC = frozenset(
    """about on of regarding concerning that to for with in at anything something whether if
    article document text paper""".split()
)

Restate = Callable[[str, Sequence[Turn]], str | None]


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
    is_speaker: Callable[[str], bool] = bool,
    restate: Restate = lambda *_: None,
) -> Query:
    """`speaker` asks for the words of somebody whom the question need not name;
    `is_speaker` says whether anybody in the documents is called so. `restate` makes a
    question stand alone of which the rules here make nothing; None if it cannot either.

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
    recent = history[-TURNS_READ:]
    previous = _previous(recent, is_speaker)
    query = (
        _follow_up(words, previous, history, is_speaker)
        or _restated(words, previous, recent, restate)
        or _joined(words, previous)
        or _alone(words, history)
    )
    if speaker is not None:
        query = replace(query, asks="said", speaker=speaker, topic=query.topic or words)
    return replace(query, question=question, documents=documents)


def as_typed(query: Query, said: Iterable[str]) -> str:
    """The question as it stands alone, if the person typed every word of it, now or before
    (`said`); else as it was typed. To be kept: a name that was taken from an answer is a
    document's, and may be hidden tomorrow."""
    typed = {word.lower() for text in (query.question, *said) for word in WORD.findall(text)}
    alone = query.standalone_question
    is_theirs = {word.lower() for word in WORD.findall(alone)} <= typed | FUNCTION_WORDS
    return alone if is_theirs else " ".join(query.question.split())


def _alone(words: str, history: Sequence[Turn]) -> Query:
    """A question that is whole, but for "he"."""
    standalone = _without_pronoun(words, history)
    asking = _asking(standalone)
    if asking is None:
        return Query(words, standalone)
    return Query(words, standalone, None, asking.asks, asking.speaker, asking.topic)


def _previous(history: Sequence[Turn], is_speaker: Callable[[str], bool]) -> Query | None:
    """The last question, as it was understood then."""
    for place in range(len(history) - 1, -1, -1):
        asked = " ".join(history[place].content.split())
        if history[place].role == "user" and 0 < len(asked) <= LONGEST_QUESTION:
            return understand(asked, history[:place], is_speaker=is_speaker)
    return None


def _follow_up(
    words: str, previous: Query | None, history: Sequence[Turn], is_speaker: Callable[[str], bool]
) -> Query | None:
    """A question that is nothing without the one before; None for any other."""
    if previous is None:
        return None
    if MORE.match(words):
        seen = "\n".join(turn.content for turn in history if turn.role == "assistant")
        return replace(previous, follow="more", seen=seen)
    if WHERE.match(words):
        return replace(previous, follow="where")
    about = WHAT_ABOUT.match(words)
    return _instead(previous, about["what"].strip(), is_speaker) if about else None


def _restated(
    words: str, previous: Query | None, recent: Sequence[Turn], restate: Restate
) -> Query | None:
    """A question that leans on what was said before, though no rule says how."""
    if previous is None or not _leans(_without_pronoun(words, recent)):
        return None
    whole = restate(words, recent)
    return _alone(whole, ()) if whole else None


def _leans(words: str) -> bool:
    return bool(GOES_ON.match(words) or POINTS_BACK.search(words) or not telling(words))


def _joined(words: str, previous: Query | None) -> Query | None:
    """ "And in May?" behind the question before, which may bring it near."""
    about = WHAT_ABOUT.match(words)
    if previous is None or about is None:
        return None
    return _alone(f"{previous.standalone_question.rstrip(' ?')} – {about['what'].strip()}?", ())


def _instead(previous: Query, what: str, is_speaker: Callable[[str], bool]) -> Query | None:
    """The question before, asked of somebody or something else; None if it has nothing to
    exchange."""
    if previous.speaker is not None and is_speaker(what):
        return _alone(previous.standalone_question.replace(previous.speaker, what, 1), ())
    if previous.topic and previous.topic in previous.standalone_question:
        return _alone(_with_last(previous.standalone_question, previous.topic, what), ())
    name = [*NAME.finditer(previous.standalone_question)][-1:]
    if name and what[:1].isupper():
        return _alone(_with_last(previous.standalone_question, name[0][0], what), ())
    return None


def _with_last(question: str, old: str, new: str) -> str:
    before, _, after = question.rpartition(old)
    return f"{before}{new}{after}"


def _asking(question: str) -> Asking | None:
    """As the last sentence has it that asks for somebody's words."""
    spans = sentences(question, Span(0, len(question)))
    asked = (a for s in reversed(spans) for a in _forms(question[s.start : s.end]))
    return next(asked, None)


def _forms(sentence: str) -> Iterator[Asking]:
    yield from _did_say(sentence)
    for form in (ACCORDING, VIEW):
        match = form.search(sentence)
        if match and _can_speak(match["speaker"]):
            rest = match["topic"] or sentence[: match.start()]
            yield Asking("did", match["speaker"].strip(), _topic(rest))
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
                speaker, rest = sentence[start : word.start()].strip(), sentence[word.end() :]
                if _can_speak(speaker):
                    first = not sentence[: auxiliary.start()].strip()
                    yield Asking(_asks(word[0], rest, first=first), speaker, _topic(rest))
                break
            before = word[0].lower()


def _asks(cue: str, rest: str, *, first: bool) -> Asks:
    """ "Did X say …" asks whether, "What did X say …" what; other verbs may be deeds."""
    if cue not in SAYING and not ON_A_TOPIC.match(rest):
        return "did"
    return "whether" if first else "said"


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


def _without_pronoun(question: str, history: Sequence[Turn]) -> str:
    """With a name in place of "he", if the conversation has one."""
    pronoun = PERSON.search(question)
    if pronoun is None or NAME.search(question[: pronoun.start()].partition(" ")[2]):
        return question
    earlier = "\n".join(turn.content for turn in history[-TURNS_READ:])
    name = whom(pronoun[0], earlier)
    if name is None:
        return question
    return f"{question[: pronoun.start()]}{name}{question[pronoun.end() :]}"
