"""Sentences of languages without a parser: who is named beside a verb of saying.

„…“, sagte Karin Voss. « … », a-t-il dit. Der Landrat erklärte, … El alcalde dijo que …
По словам министра, … Laut Polizei …
Whoever is named has to stand right beside the verb, and the verb right beside what is said. A
pronoun stands for whoever was credited right before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from index.attribution.capitals import NAME_WORD, RUN
from index.attribution.names import is_first_name
from index.attribution.sentence import Sentence
from index.attribution.unparsed_words import NOBODYS, PRONOUNS, SEPARABLE, SPEECH_VERBS, SPOKEN
from index.attribution.utterances import Utterance
from index.documents import Span

BY_ITS_END = "|".join(
    rf"(?:{'|'.join(verbs.split())})(?=[^,.:;!?]* (?:{'|'.join(ends.split())})\b)"
    for verbs, ends in (line.split(":") for line in SEPARABLE.strip().splitlines())
)
CUE = rf"(?P<cue>{'|'.join(sorted({*SPEECH_VERBS.split()}, key=len, reverse=True))}|{BY_ITS_END})"
VERB = rf"(?:(?:a|ha|avait|había|heeft|hat)[ ])?{CUE}\b"
ARTICLE = r"(?:[Dd]er|[Dd]ie|[Dd]as|[Ll]e|[Ll]a|[Ll]es|[Ee]l|[Ll]os|[Ii]l|[Dd]e|[Hh]et|[Ll][’'])"
POSSESSIVE = r"(?:[Ss]on|[Ss]a|[Ll]eur|[Ss]eine?|[Ii]hre?|[Ss]u|[Ее]го|[Ее]ё|[Ее]е)"
APPOSED = rf"(?:[\w’'-]+,[ ](?=(?:{NAME_WORD} )+{NAME_WORD}(?:[,.]|$)))?"
SPEAKER = (
    rf"(?:{POSSESSIVE} [\w-]+,? )?(?P<article>{ARTICLE}[ ]?)?"
    rf"(?:(?!(?:{'|'.join(PRONOUNS)})\b)"
    rf"(?:[^\W\d_A-ZÀ-Þ][\w’'-]*[ ]){{0,4}}{APPOSED}(?P<name>{RUN.pattern})|(?P<title>\w+))"
)
""" "… l’adjointe au patrimoine, Claire Fabre, …" """

TO_WHOM = re.compile(r"(?<! von)(?<! van)(?<! zu) (?:der|dem|den|des)\b")
"""Behind a German name: "sagte Karin Voss der Zeitung"."""

OFFICE = re.compile(
    r"[A-ZÄÖÜ][\w-]*(?:in|er|or|ist|ent|ant|rat|rätin|mann|frau|chef|chefin|arzt|ärztin)|[А-ЯЁ][а-яё]+"
)
PATRONYMIC = re.compile(r"[А-ЯЁ][а-яё]+(?:вич|ична|вна)(?:а|у|ем|ой|е)?")
ASIDE = r"(?P<aside>(?: [^,.:«„“\"]{2,50})?,[ ][^,.:«„“\"]{3,90},)?"
"""What is told of whoever speaks: ", der Unterschriften gesammelt hat,", or the name."""

LEAD = r"(?:[A-ZÀ-ÞА-Я][^,:«„“\"]{3,60},[ ])??"
""" "Interrogé par la radio, …" """

ENDS = r"(?=[\s]*(?:[,.;:–—]|$|[a-zà-ÿа-яё]))"
BEHIND = re.compile(rf"^[\s,.]*[–—-]?\s*{VERB}[ ]{SPEAKER}{ENDS}")
ASKED_BACK = re.compile(
    rf"^[\s,.]*[–—-]?\s*(?:(?:a|avait)-t-(?P<name>il|elle)[ ]{CUE}\b"
    r"|(?P<verb>[a-zà-ÿ’']+?)(?:-t)?-(?P<title>il|elle)\b)"
)
""" « … », a-t-il dit; assure-t-elle; dit-il."""

ALONE = re.compile(
    r"^[\s,.]*[–—-]?\s*(?P<cue>(?P<name>[^\W\d_]+ó|dijo|dice|afirma|asegura|explica|advierte|disse))\b"
    r"(?P<title>)(?:[ ][^,.:;]{0,40})?[.,]?\s*$"
)
""" «…», prometió: languages that say no "he"."""

BEFORE = re.compile(rf"(?:^|[.?!,–—] ){SPEAKER}{ASIDE}[ ]{VERB}[^.:?!]{{0,60}}[:,]\s*$")
INDIRECT = re.compile(
    rf"^{LEAD}{SPEAKER}{ASIDE}[ ]{VERB}(?:[ ][^,.:?!]{{0,40}}?)?"
    r"(?:,[ ](?:dass|daß|что|dat)?[ ]?|[ ](?:que|qu’|qu'|che)[ ]?)(?P<content>[^?:]+?)[.!:]?$"
)
AFTER_TIME = re.compile(
    r"^(?:Am|Im|An|In|Nach|Vor|Bei|Beim|Zum|Zur|Seit|Auf|Aus|Bis|Mit)[ ][^,:«„“\"]{2,60}?[ ]"
    rf"{VERB}[ ]{SPEAKER}(?:[ ][^,.:?!]{{0,40}}?)?,[ ](?:dass[ ])?(?P<content>[^?:]+?)[.!:]?$"
)
""" "Am Dienstag teilte die Polizei mit, dass …": when or where stands first."""

INVERTED = re.compile(
    rf"^(?P<content>[^«„“\"?]{{12,}}?),[ ](?:[–—][ ])?{VERB}[ ]{SPEAKER}(?=[\s,.]|$)[^«„“\"?]*$"
)
""" "Das Projekt zerstöre das Tal, erklärte Nora Feldmann." """

ASKED = re.compile(r"(?:Auf die Frage|Gefragt|À la question|Interrogée?|A la pregunta|На вопрос)\b")
ACCORDING = re.compile(
    r"^(?:(?P<german>Laut|Nach (?:Angaben|Worten|Ansicht|Meinung|Einschätzung|Auskunft|Aussage|"
    r"Informationen))[ ]|(?:[Ss]elon|D[’']après|Según|De acuerdo con|Secondo|Segundo|Volgens|"
    r"По (?:словам|данным|мнению|информации|оценке|сведениям)|Как сообщил[аи]?(?: в)?|"
    r"Как (?:заявил|рассказал|пояснил|отметил)[аи]?)[ ])"
)
NOUN_PHRASE = re.compile(
    rf"(?:von |der |des |dem |den )?(?:[a-zß-ÿ]+ )*?(?P<name>{RUN.pattern})(?P<comma>,?)[ ]"
)
BY_PRONOUN = re.compile(
    r"^(?:По (?P<one>его|её|ее) (?:словам|мнению|данным|оценке)"
    r"|(?:Selon|D[’']après) (?P<two>lui|elle)|Según (?P<three>él|ella)"
    r"|Secondo (?P<four>lui|lei)),? "
)
UP_TO_COMMA = re.compile(rf"(?:{ARTICLE}[ ]?)?(?P<name>[^,.«»„“]{{2,70}}),[ ]")


def beside(sentence: Sentence) -> Iterator[Utterance]:
    """What is said in a sentence that has no grammar: a quotation, else a clause."""
    if sentence.grammar.tree:
        return
    pieces = sentence.segment.pieces
    quoted = [piece.source for piece in pieces if piece.stands_in]
    for one, other in pairwise(pieces):
        piece = other if one.stands_in else one
        patterns = (BEHIND, ASKED_BACK, ALONE) if one.stands_in else (BEFORE,)
        for pattern in patterns:
            found = pattern.search(sentence.words(piece))
            if found and _is_somebody(found):
                yield _said(sentence, found, piece.source.start, quoted)
                clause = INDIRECT.match(sentence.words(piece).strip()) if piece is one else None
                if clause is not None and _is_somebody(clause):
                    start = piece.source.start
                    content = Span(start + clause.start("content"), start + clause.end("content"))
                    yield _said(sentence, clause, start, [content], quoted=False)
                return
    if not quoted:
        yield from _clauses(sentence, Span(0, len(sentence.segment.words)))
    elif pieces and not pieces[0].stands_in:  # "X считает, что …: «…»"
        yield from _clauses(sentence, Span(0, len(sentence.words(pieces[0]))), quoted)


def _clauses(
    sentence: Sentence, part: Span, quoted: list[Span] | None = None
) -> Iterator[Utterance]:
    """What is said without marks in this part of the sentence."""
    words, start = sentence.segment.words[: part.end].rstrip(), sentence.segment.span.start
    for pattern in (AFTER_TIME, INDIRECT, INVERTED):
        found = pattern.match(words)
        if found and _is_somebody(found):
            content = Span(start + found.start("content"), start + found.end("content"))
            is_asked = ASKED.match(words) is not None  # "Auf die Frage, ob …, antwortete sie"
            told = [*([] if is_asked else [content]), *(quoted or [])]
            yield _said(sentence, found, start, told, quoted=False)
            return
    by = BY_PRONOUN.match(words)
    if by is not None and by.lastgroup:
        speaker = Span(start + by.start(by.lastgroup), start + by.end(by.lastgroup))
        content = Span(start + by.end(), start + len(words.rstrip(".!")))
        pronoun = Utterance("", sentence.number, speaker, None, [content, *(quoted or [])])
        pronoun.only_if_named = True
        yield pronoun
        return
    lead = ACCORDING.match(words)
    phrase = NOUN_PHRASE if lead and lead["german"] else UP_TO_COMMA
    named = phrase.match(words, lead.end()) if lead else None
    if named is not None and len(words) > named.end():
        run = [*RUN.finditer(words, *named.span("name"))]
        is_name = bool(run) and run[-1].end() == named.end("name") and " " in run[-1][0]
        who = Span(*run[-1].span()) if is_name else Span(*named.span("name"))
        speaker = Span(start + who.start, start + who.end)
        content = Span(start + named.end(), start + len(words.rstrip(".!")))
        said = Utterance("", sentence.number, speaker, None, [content, *(quoted or [])])
        said.who = None if is_name else words[who.start : who.end]
        yield said


def _is_somebody(found: re.Match[str]) -> bool:
    """May it be told whom the words stand for?"""
    if found.re is ALONE:
        return found["cue"] in SPOKEN
    return (found["name"] or found["title"]).lower() not in NOBODYS


def _said(
    sentence: Sentence,
    found: re.Match[str],
    start: int,
    content: list[Span],
    *,
    quoted: bool = True,
) -> Utterance:
    named = "name" if found["name"] else "title"
    by = "cue" if found["cue"] else "verb"
    who, cue = (Span(start + found.start(g), start + found.end(g)) for g in (named, by))
    who = Span(who.start, who.start + len(TO_WHOM.split(found[named], maxsplit=1)[0]))
    aside = found["aside"] if "aside" in found.re.groupindex else None
    apposed = RUN.fullmatch(aside.partition(", ")[2].strip(", ")) if aside else None
    if aside and apposed and " " in apposed[0]:
        at = start + found.start("aside") + aside.index(", ") + 2
        return Utterance("", sentence.number, Span(at, at + len(apposed[0])), cue, content, quoted)
    said = Utterance("", sentence.number, who, cue, content, quoted)
    said.only_if_named = found[named].lower() in PRONOUNS or found.re is ALONE
    if "article" in found.re.groupindex and found["article"] and " " not in found[named]:
        said.who = found[named]  # no surname: "der Landrat"
    return said


def without_office(name: str) -> str:
    """The name behind what somebody is: "Bürgermeister Jens Thomsen"."""
    first, *rest = name.split(" ")
    is_office = len(rest) > 1 and not is_first_name(first) and OFFICE.fullmatch(first)
    is_name = not is_office or any(map(PATRONYMIC.fullmatch, rest))
    return name if is_name else " ".join(rest)


def person(capitals: str) -> str | None:
    """Whom words with capitals name, by what stands in front or by a usual first name."""
    words = re.sub(rf"^{ARTICLE} ", "", capitals)
    name = without_office(words)
    is_named = name != words or (" " in name and is_first_name(name.split(" ")[0]))
    return name if is_named else None
