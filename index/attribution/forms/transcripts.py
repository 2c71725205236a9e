"""Transcripts, interviews, notes of meetings and chats: names before what each says."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from index.attribution.capitals import UPPER
from index.attribution.forms.labels import DATE, NAME, STAMP, Label, labels
from index.attribution.forms.printed_words import NO_MESSAGE, STAGE
from index.attribution.forms.talking import (
    LEAST_AGAIN,
    LEAST_DENSE,
    LEAST_KNOWN,
    LEAST_SPEAKERS,
    LEAST_SPOKEN,
    LEAST_TALK,
    LEAST_TALK_WITH_TIMES,
    ROLES,
    Cast,
    ends_a_sentence,
    initialled,
    is_persons,
    is_talk,
    known,
    may_speak,
    share,
    take_turns,
    who_is_who,
)
from index.attribution.forms.turns import PrintedDocument, SpeakerTurn
from index.attribution.names import is_first_name
from index.documents import Span
from index.english.word_lists import ORGANIZATION, TITLES

LEAST_PRINTED = 2
LEAST_TIMED = 3
LONGEST_QUESTION = 80
"""Words of a question that has a paragraph of its own."""

LEAST_HANDLES = 6
LEAST_AGAIN_OF_HANDLES = 0.7
LEAST_TALK_OF_HANDLES = 0.4
"""For words in small letters, which stand before a colon in files of settings as well."""

HEAD_WORDS = 12
"""Words of a line that says what somebody is."""

LONGEST_ALONE = 5
"""Words of a name that has a line of its own."""

NAMED_ROWS = ("office", "anchor", "dash", "record", "letter", "asked", "printed", "label")
"""The rows of the table of labels that transcripts have."""

QUESTION, ANSWER = frozenset("q question frage".split()), frozenset("a answer antwort".split())
LETTERS = QUESTION | ANSWER

NO_WORDS = re.compile(
    rf"(?:(?:[*_]{{0,2}}[\[(][^\])\n]*[\])][*_]{{0,2}}[ \t]*)+\.?|{STAMP}(?:[ \t]*-->.*)?"
    rf"|[-–—─ ]*(?i:{DATE})[-–—─ ]*|[-*_=─—]{{3,}}|(?i:{NO_MESSAGE}))"
)
"""A line that tells what happens or when: "(Laughter.)"."""

IN_STAGE = re.compile(rf"[ \t]*[\[(]\s*(?i:(?:{STAGE})\b[^\])\n]{{0,40}})[\])]\.?")
"""What happens while somebody speaks."""

TIMED = re.compile(r"\d:\d\d|^[ \t]*<\S", re.MULTILINE)
"""What each message of a chat has: a time, or a <nick>."""

NOT_SAID = re.compile(rf"[ \t]*(?:{STAMP}[ \t]|-!-|\*\*\*? |\* |---? |<-- |--> |=== )")
"""How a program's own line begins in a log of a chat."""

OUTLINE = re.compile(r"^[ \t]*[B-P][.)][ \t]", re.MULTILINE)
EXAMINED_BY = re.compile(
    r"^[ \t\d]*BY (?P<name>(?:MR|MS|MRS|DR)\.? [A-Z][A-Z’'-]+):?[ \t]*$", re.MULTILINE
)
SWORN = re.compile(
    rf"^[ \t\d]*(?P<name>[A-Z][A-Z.’'-]+(?: [A-Z][A-Z.’'-]+){{1,3}}|{NAME})"
    r",?[^.\n]{0,80}?\n?[^.\n]{0,80}\b(?:sworn|affirmed|called as a witness)\b",
    re.MULTILINE,
)
CALLED = re.compile(
    r"\b(?i:we|state|people|prosecution|defen[cs]e|plaintiff|government|crown|respondent|claimant|"
    r"petitioner|applicant) (?:would )?(?:calls?|recalls?) (?:to the stand )?(?:as (?:our|its) "
    rf"\w+ witness,? )?(?P<name>{NAME})"
)
EXAMINATION = re.compile(r"\b(?:EXAMINATION|(?:THE )?WITNESS)\b|\b(?:witness|duly) sworn\b")
INTERVIEWEE = re.compile(
    r"(?i:interview(?: with|:)|conversation with|q ?& ?a(?: with|:)|questions (?:for|to)|"
    r"sat down with|spoke (?:to|with)|talk(?:s|ed)? with|speaks with|we asked|interviewed)"
    rf"[ ]+(?:[a-z][\w-]* ){{0,6}}(?P<name>{NAME})"
)
ADDRESSED_AS = re.compile(
    rf"\b(?:Mr|Ms|Mrs|Miss|Dr|Prof(?:essor)?|Herr|Frau|Monsieur|Madame)\.? (?P<name>{NAME})"
)
INTERVIEW_CREDIT = re.compile(rf"(?:^|[.!?)*_] ?|\n)Interview: (?P<name>{NAME})")
INTERVIEWER = re.compile(
    r"(?i:interviewed by|interview by|questions by|words by|^by|talk(?:s|ed) to|speaks to|spoke to)"
    rf"[ ]+(?P<asks>{NAME})",
    re.MULTILINE,
)
TOLD_OF = re.compile(rf"(?:^|[*_]|[.!?] )(?P<name>{NAME}) (?=[a-z])", re.MULTILINE)
ASKED_THEM = re.compile(
    r"\b(?:[Ww]e (?:asked|met|visited|called|rang|spoke (?:to|with)|talked (?:to|with))|told us|"
    r"[Aa]sked (?:her|him|them)|(?:[Hh]er|[Hh]is|[Tt]heir) own words|[Ii]nterview|[Qq]uestions)\b"
)
""" "Ada Moe keeps bees. We asked her about honey." """

ASKS_DESCRIBED = re.compile(
    rf"(?P<asks>{NAME}) (?:(?:talks|talked|speaks|spoke) (?:to|with)|meets|met|visits|visited|asks|"
    rf"asked|interviews|interviewed) (?:[a-z][\w-]* ){{0,6}}(?P<name>{NAME}), (?:who|a|an|the)\b"
)
"""Whoever is described answers: "Jo Lind talks to Ada Moe, who keeps bees"."""

HEAD = 1_500
"""Characters before the first turn in which an interview says who talks to whom."""


def chat(layout: PrintedDocument) -> list[SpeakerTurn]:
    """Messages that a program wrote down, each with its time or its <nick>."""
    if len(TIMED.findall(layout.text)) < LEAST_TIMED:
        return []
    rows = ("nick", "chat", "line", "behind", "above")
    found = [*_labels(layout, *rows)]
    if len(found) < LEAST_TIMED:
        return []
    cast = Cast(layout)
    found = [*_with_scribed(layout, found, cast)]
    turns = [*_turns(layout, found, cast, is_chat=True)]
    said = [_said(layout, turn) for turn in turns]
    persons = known(found, layout.text)
    names = who_is_who(found)
    are_persons = share(persons[label.key] for label in found) >= LEAST_KNOWN
    several = len({*names}) >= LEAST_SPEAKERS or are_persons
    talk = share(map(is_talk, said)) >= LEAST_TALK_WITH_TIMES
    sentences = share(map(ends_a_sentence, said)) >= LEAST_SPOKEN
    messages = share(any(map(str.isalpha, words)) for words in said if words)
    fits = (
        _come_again(names)
        and _are_dense(layout, found)
        and messages >= LEAST_SPOKEN
        and ((talk and several) or (are_persons and sentences))
    )
    return turns if fits else []


def handles(layout: PrintedDocument) -> list[SpeakerTurn]:
    """Notes of a meeting whose people go by one word in small letters: "ana: I would wait"."""
    found = [*_labels(layout, "label", "handle")]
    names = who_is_who(found)
    counts = Counter(names)
    again = share(counts[name] > 1 for name in names)
    small = share(label.row == "handle" for label in found)
    if len(found) < LEAST_HANDLES or min(again, small) < LEAST_AGAIN_OF_HANDLES:
        return []
    turns = [*_turns(layout, found, Cast(layout))]
    said = [_said(layout, turn) for turn in turns]
    fits = (
        take_turns(names)
        and _are_dense(layout, found)
        and share(map(is_talk, said)) >= LEAST_TALK_OF_HANDLES
        and share(len(words.split()) > 2 for words in said) >= LEAST_SPOKEN
    )
    return turns if fits else []


def voices(layout: PrintedDocument) -> list[SpeakerTurn]:
    """What the file itself says of who speaks, subtitles or exported messages: "Ann Lee: words"."""
    return [
        SpeakerTurn(
            Span(start, words),
            name,
            (Span(words, block.span.end),),
            time=block.facts.get("time", ""),
        )
        for block in layout.blocks
        if block.kind == "turn" and "speaker" in block.facts
        for start in [block.span.start]
        for name in [Span(start, start + len(block.facts["speaker"]))]
        for words in [name.end + len(": ")]
    ]


def transcript(layout: PrintedDocument) -> list[SpeakerTurn]:
    """Lines that begin with a name and a colon, or with one in capitals and a full stop, as of
    hearings, interviews and notes of meetings: two speakers at least, who take turns, most of
    them known for people, and what they say is sentences."""
    found = [*_without_letters(layout.text, _candidates(layout))]
    if len(found) < LEAST_PRINTED:
        return []
    cast = Cast(layout)
    printed = [_is_printed(label) or cast.lists(label.words) for label in found]
    turns = [*_turns(layout, found, cast)]
    said = [_said(layout, turn) for turn in turns]
    if not any(turn.speaker or turn.who for turn in turns):
        return []
    sentences = share(map(ends_a_sentence, said)) >= LEAST_SPOKEN
    if share(printed) >= LEAST_KNOWN:
        several = len({label.key for label in found}) >= LEAST_SPEAKERS
        whole = len(found) > LEAST_TIMED or _are_whole(layout, found)
        listed = share(cast.lists(label.words) for label in found) >= LEAST_KNOWN
        again = _come_again(who_is_who(found))
        return turns if several and whole and (sentences or (listed and again)) else []
    persons = known(found, layout.text)
    fits = (
        take_turns(who_is_who(found))
        and share(persons[label.key] for label in found) >= LEAST_KNOWN
        and sentences
        and share(map(is_talk, said)) >= LEAST_TALK
        and _are_dense(layout, found)
    )
    return turns if fits else []


def interview(layout: PrintedDocument) -> list[SpeakerTurn]:
    """Questions in paragraphs of their own, and answers by the one whom the head names."""
    asked = [n for n, p in enumerate(layout.paragraphs) if _is_question(layout, p)]
    if len(asked) < LEAST_TIMED:
        return []
    head = Span(0, min(layout.paragraphs[asked[0]].end, HEAD))
    described = _named(ASKS_DESCRIBED, layout, head)
    answers = described or _addressed(layout, asked, head) or _named(INTERVIEWEE, layout, head)
    credit = _named(INTERVIEW_CREDIT, layout, head)
    if answers is None or answers == credit:
        answers = _told_of(layout, head, credit) or answers
    title = INTERVIEWEE.search(layout.title)
    who: Span | str | None = answers or (title["name"] if title else None)
    if who is None:
        return []
    asks = _named(ASKS_DESCRIBED if described else INTERVIEWER, layout, head, "asks")
    if asks is None and credit is not None and credit != answers:
        asks = credit
    turns = [*_answered(layout, asked, asks, who)]
    said = [_said(layout, turn) for turn in turns if turn.who == who]
    fits = share(map(is_talk, said)) >= LEAST_KNOWN and share(map(bool, said)) >= LEAST_SPOKEN
    return turns if fits else []


def named_lines(layout: PrintedDocument) -> list[SpeakerTurn]:
    """Names on a line of their own above what each says."""
    found = [
        label for label in _labels(layout, "alone") if len(label.words.split()) <= LONGEST_ALONE
    ]
    counts = Counter(label.key for label in found)
    persons = known(found, layout.text)
    again = [
        label
        for label in found
        if counts[label.key] > 1 and (persons[label.key] or label.words.isupper())
    ]
    if not take_turns(who_is_who(again)) or not _are_dense(layout, again):
        return []
    told = {label.key for label in again}
    found = [label for label in found if label.key in told or _is_full_name(label, persons)]
    turns = [*_turns(layout, found, Cast(layout))]
    said = [_said(layout, turn) for turn in turns]
    fits = (
        share(map(ends_a_sentence, said)) >= LEAST_SPOKEN
        and share(map(is_talk, said)) >= LEAST_TALK
    )
    return turns if fits else []


def _is_full_name(label: Label, persons: Mapping[str, bool]) -> bool:
    """May it be a person's who speaks once?"""
    return persons[label.key] and len(label.words.split()) > 1


def _with_scribed(layout: PrintedDocument, found: Sequence[Label], cast: Cast) -> Iterator[Label]:
    """With what somebody noted for others in between: "Ana: we should wait"."""
    nicks = {label.key for label in found}
    if all(label.row != "nick" for label in found):
        yield from found
        return
    scribed = [
        label
        for label in _labels(layout, "label", "handle")
        if label.key in nicks or cast.lists(label.words) or is_persons(label, layout.text)
    ]
    starts = {label.span.start for label in found}
    more = [label for label in scribed if label.span.start not in starts]
    yield from sorted([*found, *more], key=lambda label: label.span.start)


def _addressed(layout: PrintedDocument, asked: Sequence[int], head: Span) -> Span | None:
    """Whom the questions call by a name that the head has in full: "Ms Osei, how …?"."""
    questions = " ".join(layout.words(layout.paragraphs[number]) for number in asked)
    for match in ADDRESSED_AS.finditer(questions):
        full = re.compile(rf"\b(?:[{UPPER}][\w’'-]+ )+{re.escape(match['name'])}\b")
        if found := full.search(layout.text, head.start, head.end):
            words = found[0].split(" ")
            first = next((n for n, w in enumerate(words[:-1]) if is_first_name(w)), 0)
            return Span(found.start() + len(" ".join(["", *words[:first]])), found.end())
    return None


def _told_of(layout: PrintedDocument, head: Span, credit: Span | None) -> Span | None:
    """The person of whom the head tells before it says that somebody was asked, or who asked."""
    asked = ASKED_THEM.search(layout.text, head.start, head.end)
    end = max(asked.start() if asked else 0, credit.start if credit else 0)
    for match in TOLD_OF.finditer(layout.text, head.start, end):
        words = match["name"].split()
        if len(words) > 1 and ORGANIZATION.isdisjoint(map(str.lower, words)):
            return Span(*match.span("name"))
    return None


def _is_question(layout: PrintedDocument, paragraph: Span) -> bool:
    words = layout.words(paragraph).strip("*_# ")
    if paragraph.start in layout.strong:
        return len(words.split()) <= LONGEST_QUESTION
    return words.endswith("?") and len(words.split()) <= LONGEST_QUESTION and words[0] not in '“"'


def _answered(
    layout: PrintedDocument, asked: Sequence[int], asks: Span | None, who: Span | str
) -> Iterator[SpeakerTurn]:
    for number, following in zip(asked, [*asked[1:], asked[-1] + 2], strict=True):
        question = layout.paragraphs[number]
        answer = tuple(
            p for p in layout.paragraphs[number + 1 : following] if p not in layout.headings
        )
        at = Span(question.start, question.start)
        yield SpeakerTurn(at, asks, (question,) if asks else (), asks)
        if answer:
            at = Span(answer[0].start, answer[0].start)
            yield SpeakerTurn(at, who if isinstance(who, Span) else None, answer, who)


def _labels(layout: PrintedDocument, *rows: str) -> Iterator[Label]:
    """Those of these rows that may be a speaker's, in running text."""
    for label in labels(layout.text, *rows):
        if may_speak(label) and layout.is_running(label.name.start):
            yield label


def _candidates(layout: PrintedDocument) -> Iterator[Label]:
    """Those that may be a speaker's. "Lee: mill will not close" on the first line is none, nor
    what a cast has: "Moderator: Ann Lee"."""
    found = [*_labels(layout, *NAMED_ROWS)]
    counts = Counter(label.key for label in found)
    for label in found:
        is_first = not layout.text[: label.span.start].strip()
        is_first = is_first and not ends_a_sentence(_line_from(layout, label.span.end))
        words = _line_from(layout, label.span.end)
        is_cast = re.fullmatch(rf"(?:{NAME}(?:[,;] | and )?)+", words) is not None
        if (
            is_cast
            and (counts[label.key] == 1 or not ends_a_sentence(words))
            and len(words.split()) > 1
        ):
            continue
        if not is_first or counts[label.key] > 1 or _is_printed(label):
            yield label


def _line_from(layout: PrintedDocument, start: int) -> str:
    end = layout.text.find("\n", start)
    return layout.text[start : end if end >= 0 else None].strip()


def _without_letters(text: str, found: Iterable[Label]) -> Iterator[Label]:
    """The letters Q and A are speakers where both, or one and names, take turns; A and B are
    parts of an outline."""
    found = [*found]
    keys = {label.key for label in found}
    are_letters = not OUTLINE.search(text) and ("q" in keys or "a" not in keys)
    yield from (each for each in found if are_letters or each.row not in ("letter", "asked"))


def _is_printed(label: Label) -> bool:
    """Is it as only transcripts print a name: "MS ORR", "The CHAIRMAN"?"""
    words = [word for word in label.words.split() if len(word.strip(".")) > 1]
    return label.row == "printed" or (len(words) > 1 and words[-1].isupper() and len(words[-1]) > 2)


def _come_again(names: Sequence[str]) -> bool:
    """Do enough of them speak more than once?"""
    return len(names) - len({*names}) >= LEAST_AGAIN * (len(names) - 1)


def _are_dense(layout: PrintedDocument, found: Sequence[Label]) -> bool:
    start, end = found[0].span.start, found[-1].span.start
    lines = sum(start <= line.start <= end for line in layout.lines)
    return len(found) >= LEAST_DENSE * lines


def _are_whole(layout: PrintedDocument, found: Sequence[Label]) -> bool:
    """Is nearly each paragraph of the document a turn?"""
    starts = {line.start for line in layout.lines}
    began = sum(label.span.start in starts or label.name.start in starts for label in found)
    return 2 * began >= len(layout.lines)


def _said(layout: PrintedDocument, turn: SpeakerTurn) -> str:
    return " ".join(map(layout.words, turn.content))


def _turns(
    layout: PrintedDocument, found: Sequence[Label], cast: Cast, *, is_chat: bool = False
) -> Iterator[SpeakerTurn]:
    """One for each label; that of nobody ends the one before."""
    same = who_is_who(found)
    again = Counter(same)
    persons = known(found, layout.text)
    starts = [label.span.start for label in found]
    made = []
    for label, who_is, end in zip(found, same, [*starts[1:], None], strict=True):
        is_named = is_chat or persons[label.key] or again[who_is] > 1 or cast.lists(label.words)
        speaker = label.name if is_named and label.key not in LETTERS else None
        content = tuple(_content(layout, label, end, is_chat=is_chat))
        who = _meant(layout, label, cast) if speaker else None
        time = label.time or layout.time_at(label.span.start)
        made.append(SpeakerTurn(label.span, speaker, content, who, time))
    yield from _with_letters_named(layout, found, made)


def _meant(layout: PrintedDocument, label: Label, cast: Cast) -> Span | str | None:
    """Whoever has the role or the initials that stand there; "THE COURT" is called so."""
    is_role = label.key.startswith("the ") or {*label.key.split()} <= ROLES | TITLES
    named = cast.called(label.words) or (label.words.title() if is_role else None)
    return named or initialled(label.words, layout.text)


def _content(
    layout: PrintedDocument, label: Label, end: int | None, *, is_chat: bool
) -> Iterator[Span]:
    """The lines up to the next turn or heading; of the last turn, which has none behind it,
    those up to a blank line: what follows may be the reporter's."""
    taken = _lines_of_turn(layout, label, end, is_chat=is_chat)
    for _, group in groupby(taken, key=lambda line: line[0]):
        lines = [line for _, line in group]
        yield from _without_stage(layout.text, Span(lines[0].start, lines[-1].end))


def _lines_of_turn(
    layout: PrintedDocument, label: Label, end: int | None, *, is_chat: bool
) -> Iterator[tuple[int, Span]]:
    """The lines with the number of their run: what is left out or blank parts runs."""
    start = label.span.end
    run, previous, yielded = 0, start, False
    depth = _depth(layout, label)
    for line in layout.between_lines(start, end if end is not None else len(layout.text)):
        words = layout.words(line)
        is_apart = layout.text.count("\n", previous, line.start) > 1
        if previous != start and (
            (end is None and is_apart and yielded)
            or _is_title(layout, line, words, is_apart=is_apart)
            or (is_chat and NOT_SAID.match(words))
            or (depth is not None and _is_beside(layout, line, depth, is_apart=is_apart))
        ):
            return
        previous = line.end
        is_office = label.row == "alone" and _is_office(layout, label, line)
        if NO_WORDS.fullmatch(words) or words in layout.furniture or is_office:
            run += 1
            continue
        run += is_apart
        yielded = True
        yield run, line


def _depth(layout: PrintedDocument, label: Label) -> int | None:
    """How deep the item lies whose beginning the label is."""
    lead = layout.text[label.span.start : label.name.start]
    start = label.span.start + len(lead) - len(lead.lstrip())
    return layout.depth_at(Span(start, label.span.end))


def _is_title(layout: PrintedDocument, line: Span, words: str, *, is_apart: bool) -> bool:
    is_shouted = words.isupper() and not ends_a_sentence(words)
    return line in layout.headings or (is_shouted and (is_apart or layout.is_centred(line)))


def _is_office(layout: PrintedDocument, label: Label, line: Span) -> bool:
    """Is it what somebody is, below the name and above what they say?"""
    words = layout.words(line)
    is_next = layout.text.count("\n", label.name.end, line.start) == 1
    is_alone = layout.text[line.end : line.end + 2].isspace()
    return is_next and is_alone and not ends_a_sentence(words) and len(words.split()) <= HEAD_WORDS


def _is_beside(layout: PrintedDocument, line: Span, depth: int, *, is_apart: bool) -> bool:
    """Is it another item of the list, or what follows the list?"""
    other = layout.depth_at(line)
    return is_apart if other is None else other <= depth


def _without_stage(text: str, span: Span) -> Iterator[Span]:
    start = span.start
    for match in IN_STAGE.finditer(text, span.start, span.end):
        if text[start : match.start()].strip():
            yield _trimmed(text, start, match.start())
        start = match.end()
    if any(map(str.isalnum, text[start : span.end])):
        yield _trimmed(text, start, span.end)


def _trimmed(text: str, start: int, end: int) -> Span:
    words = text[start:end]
    return Span(start + len(words) - len(words.lstrip()), start + len(words.rstrip()))


# -- Q and A -------------------------------------------------------------------------------------


def _with_letters_named(
    layout: PrintedDocument, found: Sequence[Label], turns: Sequence[SpeakerTurn]
) -> Iterator[SpeakerTurn]:
    """The turns, those of Q and A with whoever the document says these are."""
    if not any(label.key in LETTERS for label in found):
        yield from turns
        return
    asks, answers = _who_asks_and_answers(layout, found, turns)
    examined = [*_places(layout, EXAMINED_BY)]
    heard = sorted([*_places(layout, SWORN), *_places(layout, CALLED)])
    for label, turn in zip(found, turns, strict=True):
        who = asks if label.key in QUESTION else answers if label.key in ANSWER else None
        known = examined if label.key in QUESTION else heard if label.key in ANSWER else []
        who = next((name for name in reversed(known) if name.start < label.span.start), who)
        yield replace(turn, speaker=label.name, who=who) if who is not None else turn


def _who_asks_and_answers(
    layout: PrintedDocument, found: Sequence[Label], turns: Sequence[SpeakerTurn]
) -> tuple[Span | None, Span | str | None]:
    """Who is meant by Q and by A: those whose names stand before other turns, by whether they
    ask; else whom the head names as the one asked. In court a witness answers."""
    asking: dict[str, list[bool]] = {}
    at: dict[str, Span] = {}
    for label, turn in zip(found, turns, strict=True):
        if label.key not in LETTERS:
            asking.setdefault(label.key, []).append("?" in _said(layout, turn))
            at.setdefault(label.key, label.name)
    head = Span(0, min(found[0].span.start, HEAD))
    interviewee, interviewer = (
        _named(INTERVIEWEE, layout, head),
        _named(INTERVIEWER, layout, head, "asks"),
    )
    if EXAMINED_BY.search(layout.text) or EXAMINATION.search(layout.text):
        return interviewer, "The witness"
    if len(asking) == LEAST_SPEAKERS:
        first, second = sorted(asking, key=lambda key: share(asking[key]))
        if share(asking[first]) < share(asking[second]):
            return at[second], at[first]
    if len(asking) == 1 and {label.key for label in found} & ANSWER == set():
        return interviewer, None
    if interviewee is not None and interviewee == interviewer:
        interviewer = None
    return interviewer, interviewee


def _places(layout: PrintedDocument, pattern: re.Pattern[str]) -> Iterator[Span]:
    """Where it names somebody."""
    return (Span(*match.span("name")) for match in pattern.finditer(layout.text))


def _named(
    pattern: re.Pattern[str], layout: PrintedDocument, within: Span, group: str = "name"
) -> Span | None:
    match = pattern.search(layout.text, within.start, within.end)
    return None if match is None else Span(*match.span(group))
