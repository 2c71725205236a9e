"""Sentences of languages without a parser: who is named beside a verb of saying.

„…“, sagte Karin Voss. « … », a dit Luc Moreau. Der Landrat erklärte, … El alcalde dijo que …
Whoever is named has to stand right beside the verb, and the verb right beside what is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from index.attribution.people import RUN
from index.attribution.sentence import Sentence
from index.attribution.utterances import Utterance
from index.documents import Span

SPEECH_VERBS = """
sagte sagt sagten erklärte erklärt meinte betonte berichtete schrieb forderte warnte versicherte
antwortete fragte rief ergänzte behauptete bestätigte erwiderte entgegnete erzählte
dit déclare déclaré explique expliqué affirme affirmé ajoute ajouté assure assuré estime estimé
répond répondu demande demandé indique indiqué précise précisé souligne souligné annonce annoncé
raconte raconté écrit confie confié
dijo dice declaró afirmó aseguró explicó añadió señaló indicó manifestó agregó respondió preguntó
sostuvo advirtió anunció comentó subrayó aclaró contó
detto dichiarato spiegato afferma aggiunto disse afirmou declarou explicou acrescentou
zei zegt verklaarde
сказал сказала заявил заявила сообщил сообщила отметил отметила добавил добавила подчеркнул
подчеркнула рассказал рассказала объяснил объяснила ответил ответила спросил спросила написал
написала говорит пояснил пояснила считает возразил возразила спросили ответили
"""
"""Verbs of saying of German, French, Spanish, Italian, Portuguese, Dutch and Russian, in the third
person as newspapers use them. Written down by hand."""

PRONOUNS = frozenset(
    """ich er sie es wir man wer je il elle on nous vous ils elles qui yo él ella usted ellos quien
    io lui lei ele ela hij zij ze я он она оно мы они кто это""".split()
)

VERB = rf"(?:(?:a|ha|avait|había|heeft)[ ])?(?P<cue>{'|'.join(SPEECH_VERBS.split())})\b"
ARTICLE = r"(?:[Dd]er|[Dd]ie|[Dd]as|[Ll]e|[Ll]a|[Ll]es|[Ee]l|[Ll]os|[Ii]l|[Dd]e|[Hh]et)"
SPEAKER = (
    rf"(?P<article>{ARTICLE}[ ])?"
    rf"(?:(?:[^\W\d_A-ZÀ-Þ][\w’'-]*[ ]){{0,4}}(?P<name>{RUN.pattern})|(?P<title>\w+))"
)
BEHIND = re.compile(rf"^[\s,.]*[–—-]?\s*{VERB}[ ]{SPEAKER}(?=[\s]*(?:[,.;:–—]|$|[a-zà-ÿа-яё]))")
BEFORE = re.compile(rf"(?:^|[.?!,–—] ){SPEAKER}[ ]{VERB}[^.:?!]{{0,40}}[:,]\s*$")
INDIRECT = re.compile(
    rf"^{SPEAKER}[ ]{VERB}(?:[ ][^,.:?!]{{0,40}}?)?"
    r"(?:,[ ](?:dass|daß|что|dat)?[ ]?|[ ](?:que|qu’|qu'|che)[ ]?)(?P<content>[^?]+?)[.!]?$"
)


def beside(sentence: Sentence) -> Iterator[Utterance]:
    """What is said in a sentence that has no grammar: a quotation, else a clause."""
    if sentence.grammar.tree:
        return
    pieces = sentence.segment.pieces
    quoted = [piece.source for piece in pieces if piece.stands_in]
    for one, other in pairwise(pieces):
        piece, pattern = (other, BEHIND) if one.stands_in else (one, BEFORE)
        found = pattern.search(sentence.words(piece))
        if found and _is_somebody(found):
            yield _said(sentence, found, piece.source.start, quoted)
            return
    found = INDIRECT.match(sentence.segment.words) if not quoted else None
    if found and _is_somebody(found):
        start = sentence.segment.span.start
        content = Span(start + found.start("content"), start + found.end("content"))
        yield _said(sentence, found, start, [content], quoted=False)


def _is_somebody(found: re.Match[str]) -> bool:
    """Whom a pronoun stands for cannot be told."""
    return (found["name"] or found["title"]).lower() not in PRONOUNS


def _said(
    sentence: Sentence,
    found: re.Match[str],
    start: int,
    content: list[Span],
    *,
    quoted: bool = True,
) -> Utterance:
    named = "name" if found["name"] else "title"
    who, cue = (Span(start + found.start(g), start + found.end(g)) for g in (named, "cue"))
    said = Utterance("", sentence.number, who, cue, content, quoted)
    if found["article"] and " " not in found[named]:
        said.who = found[named]  # no surname: "der Landrat"
    return said
