"""A question and what was said before, to a query that stands alone.

A question about somebody's words names a speaker and a topic in one of a few forms:
"What did X say about Y?", "Did X say that Y?", "Who said Y?", "According to X, Y?",
"What is X's view of Y?".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, zip_longest
from typing import Literal

from assistant.answers import Turn
from assistant.errors import WrongUse
from assistant.understanding.clearing import cleared
from assistant.understanding.other_languages import asked_elsewhere, is_third_person
from assistant.understanding.shaping import shaped
from index.attribution.cues import CONCLUDERS, ENGLISH_CUES, may_be_concluded
from index.chunking import sentences
from index.documents import Asks, Glob, Query, Span
from index.english.kinds import (
    ACCORDING,
    AND_THE_ANSWER,
    ANOTHER_QUESTION,
    ARTICLE,
    ASKS_HOW,
    AUXILIARY,
    COURTESY,
    EVER,
    GOES_ON,
    HAS_TO,
    HOW_ELSE,
    MORE,
    NAME,
    NARRATED,
    NOT_WORDS,
    ON_A_TOPIC,
    PERSON,
    POINTS_BACK,
    REPLY,
    REPLY_TO,
    THAT,
    VIEW,
    WHAT_ABOUT,
    WHERE,
    WHICH,
    WHO,
    YEAR,
    YEAR_ONLY,
)
from index.english.somebody import is_written_or_thing, may_be_named
from index.english.spelling import WORD, root, telling
from index.english.word_lists import (
    BEFORE_A_NOUN,
    BEFORE_A_TOPIC,
    FUNCTION_WORDS,
    OF_DEEDS_TOO,
    POINTED_AT,
    PRONOUNS,
    SAYING,
    SUBJECTS,
    THINKING,
)
from index.search.dated import without_date

LONGEST_QUESTION = 2_000

TURNS_READ = 6
"""Earlier messages in which the person that a pronoun stands for is looked for."""

TURNS_FOLLOWED = 20
"""Earlier messages in which the question is looked for that follow-ups go back to."""

QUESTIONS_BEHIND = 3
"""Earlier questions that are searched along with a question."""

LONGEST_BEHIND = 300
"""Characters of the last answer that are."""

LONGEST_KIND = 4
"""Words between "which" and the cue: "which local news site reports"."""


DECIDED = frozenset(map(root, "agree decide resolve note recommend conclude".split()))
"""Verbs of bodies, whose decisions are asked for where no topic follows."""

DEEDS = frozenset(map(root, OF_DEEDS_TOO))

Restate = Callable[[str, Sequence[Turn]], str | None]


@dataclass(frozen=True, slots=True)
class WordsAskedFor:
    """Whose words a question asks for, and about what; `may_be_a_deed`: what is done rather."""

    asks: Asks
    speaker: str | None
    topic: str
    may_be_a_deed: bool = False
    replies: Literal["", "alone", "too"] = ""
    is_foreign: bool = False


def understand(
    question: str,
    history: Sequence[Turn] = (),
    documents: Glob | None = None,
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
    if COURTESY.match(words):
        return Query(question, words, documents, follow="courtesy")
    asked = cleared(words)
    previous = _previous(history[-TURNS_FOLLOWED:], is_speaker)
    query = (
        _follow_up(asked, previous, history, is_speaker)
        or _restated(asked, previous, history[-TURNS_READ:], restate)
        or _alone(asked, history, is_speaker, previous)
    )
    if speaker is not None:
        query = replace(query, asks="said", speaker=speaker, topic=query.topic or asked)
    if query.asks == "anything" and not query.follow:
        seen = "\n".join(turn.content for turn in history if turn.role == "assistant")
        leans = previous is not None and (_leans(asked) or _what_about(asked) is not None)
        query = replace(query, behind=_behind(history), leans=leans, seen=seen)
    return replace(shaped(query), question=question, documents=documents)


def _behind(history: Sequence[Turn]) -> tuple[str, ...]:
    """What was asked before, and the beginning of the last answer."""
    asked = [turn.content for turn in history if turn.role == "user"][-QUESTIONS_BEHIND:]
    answered = [turn.content for turn in history if turn.role == "assistant"][-1:]
    said = (" ".join(asked), *(words[:LONGEST_BEHIND] for words in answered))
    return tuple(" ".join(words.split())[:LONGEST_QUESTION] for words in said if words.strip())


def as_typed(query: Query, said: Iterable[str]) -> str:
    """The question as it stands alone, if the person typed every word of it, now or before
    (`said`); else as it was typed. To be kept: a name that was taken from an answer is a
    document's, and may be hidden tomorrow."""
    typed = {word.lower() for text in (query.question, *said) for word in WORD.findall(text)}
    alone = query.standalone_question
    is_theirs = {word.lower() for word in WORD.findall(alone)} <= typed | FUNCTION_WORDS
    return alone if is_theirs else " ".join(query.question.split())


def _alone(
    words: str,
    history: Sequence[Turn],
    is_speaker: Callable[[str], bool],
    previous: Query | None = None,
) -> Query:
    """A question that is whole, but for "he" and "about it"."""
    standalone = _without_pronoun(words, history, previous)
    asking = _asking(standalone)
    if asking is None:
        return Query(words, standalone)
    if previous and previous.speaker and is_third_person(asking.speaker or ""):
        whose = re.sub(rf"\b{asking.speaker}\b", previous.speaker, standalone, count=1)
        return _alone(whose, (), is_speaker)
    if previous and previous.topic and asking.topic.lower() in POINTED_AT:
        return _alone(_with_last(standalone, asking.topic, previous.topic), (), is_speaker)
    if asking.replies == "alone" and not is_speaker(asking.speaker or ""):
        return Query(words, standalone)
    if asking.speaker and _is_no_speaker(asking, is_speaker):
        return Query(words, standalone)
    asked = Query(words, standalone, None, asking.asks, asking.speaker, asking.topic)
    return replace(asked, replies=asking.replies, is_foreign=asking.is_foreign)


def _is_no_speaker(asking: WordsAskedFor, is_speaker: Callable[[str], bool]) -> bool:
    """Is nobody credited who is called so, where the words of a document may be meant, or a
    deed?"""
    speaker = asking.speaker or ""
    return (asking.may_be_a_deed or _is_document(speaker)) and not is_speaker(speaker)


def _is_document(speaker: str) -> bool:
    """ "The park rules", "article 3", "the form": what stands in a document, not who speaks."""
    named = [word for word in WORD.findall(speaker) if not word.isdigit()]
    return bool(named) and is_written_or_thing(named)


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
    if MORE.match(words.replace(previous.speaker, "he") if previous.speaker else words):
        seen = "\n".join(turn.content for turn in history if turn.role == "assistant")
        return replace(previous, follow="more", seen=seen)
    if WHERE.match(words):
        return replace(previous, follow="where")
    how, asked = HOW_ELSE.match(words), ASKS_HOW.match(previous.standalone_question)
    if how and asked and previous.asks == "anything":
        rest = previous.standalone_question[asked.end() :]
        return _alone(f"{how['how'].capitalize()}{rest}", (), is_speaker)
    what = _what_about(words)
    return _instead(previous, what, is_speaker) if what else None


def _what_about(words: str) -> str | None:
    """What a question puts in place of something in the one before: "And Putin?"."""
    if YEAR_ONLY.match(words):
        return words.strip(" ?.!")
    about = WHAT_ABOUT.match(words)
    return about["what"].strip() if about else None


def _restated(
    words: str, previous: Query | None, recent: Sequence[Turn], restate: Restate
) -> Query | None:
    """A question that leans on what was said before, though no rule says how."""
    if previous is None or not _leans(_without_pronoun(words, recent)):
        return None
    whole = restate(words, recent)
    return _alone(whole, (), bool) if whole else None


def _leans(words: str) -> bool:
    return bool(GOES_ON.match(words) or POINTS_BACK.search(words) or not telling(words))


def _instead(previous: Query, what: str, is_speaker: Callable[[str], bool]) -> Query | None:
    """The question before, asked of somebody or something else; None if it has nothing to
    exchange."""
    asked = previous.standalone_question
    if previous.speaker is not None and is_speaker(what):
        return _alone(asked.replace(previous.speaker, what, 1), (), is_speaker)
    year, earlier = YEAR.search(what), [*YEAR.finditer(asked)]
    if year and earlier and not telling(what.replace(year[0], "")):
        return _alone(_with_last(asked, earlier[-1][0], year[0]), (), is_speaker)
    if previous.topic and previous.topic in asked:
        return _alone(_with_last(asked, previous.topic, what), (), is_speaker)
    name, other = _last_name(asked), ARTICLE.sub("", what)
    if name and other[:1].isupper():
        return _alone(_with_last(asked, name, other), (), is_speaker)
    return None


def _last_name(question: str) -> str | None:
    """Without the verb that begins the question: "Did Paul Reed resign?"."""
    for found in reversed([*NAME.finditer(question)]):
        words = found[0].split()
        while words and words[0].lower() in FUNCTION_WORDS:
            words.pop(0)
        if words:
            return " ".join(words)
    return None


def _with_last(question: str, old: str, new: str) -> str:
    before, _, after = question.rpartition(old)
    return f"{before}{new}{after}"


def _asking(question: str) -> WordsAskedFor | None:
    """As the last sentence has it that asks for somebody's words."""
    spans = sentences(question, Span(0, len(question)))
    asked = (a for s in reversed(spans) for a in _forms(question[s.start : s.end]))
    return next(asked, None)


def _forms(sentence: str) -> Iterator[WordsAskedFor]:
    if (reply := REPLY_TO.search(sentence)) and _can_speak(reply["speaker"]):
        yield WordsAskedFor(
            "said", reply["speaker"].strip(), _topic(reply["topic"]), replies="alone"
        )
    yield from _did_say(sentence)
    for form in (ACCORDING, REPLY, VIEW):
        match = form.search(sentence)
        if match and _can_speak(match["speaker"]):
            rest = match["topic"] or sentence[: match.start()]
            yield WordsAskedFor("did", match["speaker"].strip(), _topic(rest))
    who = WHO.match(sentence)
    if who and _is_cue(who["cue"], "") and _means_words(who["cue"], who["topic"]):
        too = AND_THE_ANSWER.search(sentence) is not None
        for asking in _who_said(who["topic"]):
            yield replace(asking, replies="too" if too else "")
    yield from _which_said(NARRATED.sub("", sentence))
    elsewhere = asked_elsewhere(sentence)
    if elsewhere is not None:
        yield WordsAskedFor(elsewhere.asks, elsewhere.speaker, elsewhere.topic, is_foreign=True)


def _which_said(sentence: str) -> Iterator[WordsAskedFor]:
    """ "Which newspaper reported that …"."""
    which = WHICH.match(sentence)
    if which is None:
        return
    words = [*WORD.finditer(sentence, which.end())]
    for before, word in list(pairwise(words))[:LONGEST_KIND]:
        if _is_cue(word[0], before[0]) and before[0].lower() not in FUNCTION_WORDS:
            if _means_words(word[0], sentence[word.end() :]):
                yield from _who_said(sentence[word.end() :])
            return


def _who_said(words: str) -> Iterator[WordsAskedFor]:
    topic = _topic(words)
    if any(word.lower() not in FUNCTION_WORDS for word in WORD.findall(topic)):
        yield WordsAskedFor("who", None, topic)


def _did_say(sentence: str) -> Iterator[WordsAskedFor]:
    """ "What did X say about Y", "Did X say that Y", "What has X said on Y"."""
    for auxiliary in AUXILIARY.finditer(sentence):
        start = auxiliary.end()
        cue = _first_cue([*WORD.finditer(sentence, start)])
        if cue is None:
            continue
        speaker, rest = sentence[start : cue.start()].strip(), sentence[cue.end() :]
        speaker = EVER.sub("", HAS_TO.sub("", speaker))
        is_name = not (NOT_WORDS.search(speaker) or ANOTHER_QUESTION.search(f" {speaker}"))
        is_noun = auxiliary[0].lower().startswith("d") and cue[0].lower().endswith("ing")
        if _can_speak(speaker) and is_name and not is_noun:
            first = not sentence[: auxiliary.start()].strip()
            asks = _asks(cue[0], rest, first=first)
            deed = asks == "did" and root(cue[0]) in DEEDS and speaker.lower() not in PRONOUNS
            yield WordsAskedFor(asks, speaker, _topic(rest), deed)


def _first_cue(words: Sequence[re.Match[str]]) -> re.Match[str] | None:
    """The first word for saying; the second of two in a row, for the first is a noun: "does the
    police report say"."""
    before, asked = "", [word[0].lower() for word in words]
    for place, (word, following) in enumerate(zip_longest(words, words[1:])):
        is_noun = following is not None and _is_cue(following[0], word[0].lower())
        if not is_noun and _is_cue(word[0], before):
            return word
        if may_be_concluded(asked[: place + 1]) and asked[place] not in CONCLUDERS:
            return word
        before = word[0].lower()
    return None


def _means_words(cue: str, rest: str) -> bool:
    """Does "who reported …" ask who said something, not who did it?"""
    return cue in SAYING or root(cue) not in DEEDS or bool(THAT.match(rest))


def _asks(cue: str, rest: str, *, first: bool) -> Asks:
    """ "Did X say …" asks whether, "What did X say …" what; other verbs may be deeds."""
    decided = root(cue) in DECIDED and not first and not telling(without_date(rest))
    if cue not in SAYING and not ON_A_TOPIC.match(rest) and not decided:
        return "did"
    return "whether" if first else "said"


def _is_cue(word: str, before: str) -> bool:
    if not word.islower() or before in BEFORE_A_NOUN or _is_somebodys(before):
        return False
    return word in THINKING or ENGLISH_CUES.may_be_among([word])


def _is_somebodys(word: str) -> bool:
    """What follows "doctor's" is a noun; what follows "who's" need not be."""
    owner, mark, _ = word.replace("’", "'").partition("'s")
    return bool(mark) and owner.lower() not in FUNCTION_WORDS


def _can_speak(speaker: str) -> bool:
    """Has it a word that could name somebody other than the documents themselves? What ends with
    "unless I" is a clause and no name."""
    said = [word.lower() for word in WORD.findall(speaker)]
    words = set(said)
    if len(said) > 1 and said[-1] in SUBJECTS:
        return False
    return bool(words & PRONOUNS.keys()) or may_be_named(words)


def _topic(words: str) -> str:
    """Without the words that lead to it."""
    rest = without_date(ANOTHER_QUESTION.sub("", words)).strip(" ?.,!") or words.strip(" ?.,!")
    while (first := WORD.match(rest)) and first[0].lower() in BEFORE_A_TOPIC:
        rest = rest[first.end() :].strip(" ,")
    return rest


def _without_pronoun(question: str, history: Sequence[Turn], previous: Query | None = None) -> str:
    """With a name in place of "he", if the conversation has one, or who was asked about."""
    pronoun = PERSON.search(question)
    if pronoun is None or NAME.search(question[: pronoun.start()].partition(" ")[2]):
        return question
    earlier = "\n".join(turn.content for turn in history[-TURNS_READ:])
    from index.attribution.people import whom  # few questions need it

    name = whom(pronoun[0], earlier) or (previous.speaker if previous else None)
    if name is None:
        return question
    return f"{question[: pronoun.start()]}{name}{question[pronoun.end() :]}"
