"""Statements to a draft that credits whoever made them. No language model.

Direct speech is quoted as it is printed; other speech is given in the document's words,
without quotation marks of ours. When the one who was asked about is not quoted on the
topic, it is said so, how many statements were looked at, and who did speak of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from assistant.answering.refusing import CONSIDERED, Case, decide
from assistant.answers import Draft, DraftClaim
from index.documents import Found, Hit, Query, Said, Span, StatementHit
from index.english.negation import DENIAL, is_negative
from index.english.somebody import are_several
from index.english.word_lists import HEARSAY
from index.search.who_said import WORDS_INSIDE

MOST_CREDITED = 6
"""Statements of an answer: as many as the most that are found for one question of
polnear/dev within its article."""

LONGEST_CUE = 40
"""Characters from the speaker to the end of the cue that are taken over into a lead:
"has repeatedly said". Longer ones hold something else."""

LONGEST_LINK = 12
"""Characters between cue and content that are: "pointed to", "accused Kim of"."""

PLAIN = re.compile(r"[\w ]*")


def credit(query: Query, found: Found, said: Said) -> Draft:
    """The draft of an answer, or of a refusal with its reason."""
    case = Case(query, found, statements=said.statements)
    decision = decide(case)
    if decision.outcome == "answered":
        asked_for_words = query.asks in ("said", "whether")
        return _answer(said.statements, "", _claim if asked_for_words else _naming_claim)
    from_text = (found.hits[0], case.text) if case.text is not None else case.untold
    if decision.outcome == "partly" and from_text is not None:
        hit, sentence = from_text
        claim = DraftClaim(sentence.text, ((hit, sentence.span),))
        return Draft("quote", (claim,), opening=decision.words, partly=True)
    if decision.outcome == "partly":
        return replace(_answer(said.by_others, decision.words, _claim), partly=True)
    nearest: tuple[Hit | StatementHit, ...] = (*said.by_others[:1], *_naming(found), *said.nearest)
    return Draft("quote", (), decision.words, considered=nearest[:CONSIDERED])


def _naming(found: Found) -> Sequence[Hit]:
    """The best passage, if a sentence of it has most of the question's words."""
    return [hit for hit in found.hits[:1] if hit.scores.coverage >= WORDS_INSIDE]


def _answer(
    hits: Sequence[StatementHit], opening: str, claim: Callable[[StatementHit], DraftClaim]
) -> Draft:
    chosen = in_reading_order(_distinct(hits)[:MOST_CREDITED])
    claims = {_places(made): made for made in map(claim, reversed(chosen))}
    return Draft("quote", tuple(reversed(claims.values())), opening=opening)


def _places(claim: DraftClaim) -> tuple[tuple[str, Span], ...]:
    """Where its words stand: one sentence may hold the statements of two speakers."""
    return tuple((found.source.id, span) for found, span in claim.rests_on)


def _distinct(hits: Sequence[StatementHit]) -> list[StatementHit]:
    """Without statements whose words are in a better one's."""
    chosen: list[StatementHit] = []
    for hit in hits:
        if not any(_covers(other, hit) for other in chosen):
            chosen.append(hit)
    return chosen


def _covers(one: StatementHit, other: StatementHit) -> bool:
    return one.source.id == other.source.id and all(
        any(span.covers(piece) for span in one.statement.content)
        for piece in other.statement.content
    )


def in_reading_order(hits: Sequence[StatementHit]) -> list[StatementHit]:
    """Document by document, the one with the best statement first."""
    documents = list(dict.fromkeys(hit.source.id for hit in hits))
    return sorted(
        hits, key=lambda hit: (documents.index(hit.source.id), hit.statement.content[0].start)
    )


def _claim(hit: StatementHit) -> DraftClaim:
    words = " ".join(pieces(hit))
    return DraftClaim(words, tuple((hit, span) for span in hit.statement.content), lead(hit))


def _naming_claim(hit: StatementHit) -> DraftClaim:
    """With the sentences that name the speaker: who asks for a speaker, or for what may
    have been a deed, is shown it where it stands."""
    said = (hit.statement.as_printed, *hit.statement.content)
    spans = [s for s in hit.passage.sentences if any(map(s.overlaps, said))]
    if not all(map(hit.passage.span.covers, said)) or not spans:
        return _claim(hit)
    by = f"{hit.speaker or hit.as_printed}:"
    whole = Span(spans[0].start, spans[-1].end)
    is_printed_so = _between(hit, whole.start, whole.end).startswith(f"{by} ")
    if is_printed_so:  # as a turn begins
        whole = Span(whole.start + len(by) + 1, whole.end)
    return DraftClaim(_between(hit, whole.start, whole.end), ((hit, whole),), by)


def pieces(hit: StatementHit) -> Iterator[str]:
    """The words of each part of the content: their texts stand one after the other."""
    position = 0
    for span in hit.statement.content:
        yield hit.text[position : position + len(span)]
        position += len(span) + 1


def lead(hit: StatementHit) -> str:
    """Who said it and how, in the document's words where they are short."""
    name, statement = hit.speaker or hit.as_printed, hit.statement
    reporter = f", {as_reported(statement.reported_by)}" if statement.reported_by else ""
    words = cue_of(hit)
    if words.lower().startswith("according"):
        return f"According to {name}{reporter}:"
    how = "" if statement.cue is None else _how(hit, words, statement.cue)
    return f"{name}{how}{reporter}:"


def as_reported(reporter: str) -> str:
    """By whose report somebody said something."""
    return f"as {reporter} {'report' if are_several(reporter) else 'reports'}"


def cue_of(hit: StatementHit) -> str:
    """The word that says that something is said, as printed; "" where the form does."""
    cue = hit.statement.cue
    return "" if cue is None else _between(hit, cue.start, cue.end)


def _how(hit: StatementHit, cue: str, at: Span) -> str:
    """ " has repeatedly said", "’s remark about"; the cue stands `at` these characters."""
    statement = hit.statement
    before = _between(hit, statement.as_printed.end, at.start)
    denial = DENIAL.search(before)
    before = f" {denial[0]}" if denial else before
    owned = before.lstrip("’'").startswith("s ") and before[:1] in "’'"
    short = owned or PLAIN.fullmatch(before)
    link = _between(hit, at.end, statement.content[0].start)
    if not PLAIN.fullmatch(link) or len(link) > LONGEST_LINK:
        link = ""
    cue = cue if link.strip() else cue.replace("told", "said")
    phrase = f"{before}{cue}" if short and 0 < len(before) <= LONGEST_CUE else f" {cue}"
    phrase = f"{phrase}{link}".rstrip()
    if statement.hedged and not HEARSAY.intersection(phrase.lower().split()):
        phrase = f" reportedly{phrase}"
    if statement.negated and not is_negative(phrase):
        phrase = f", in the negative{phrase}"
    return phrase


def _between(hit: StatementHit, start: int, end: int) -> str:
    """Characters of the document, as far as they lie in the passage."""
    passage = hit.passage
    if not passage.start <= start <= end <= passage.end:
        return ""
    return passage.text[start - passage.start : end - passage.start]
