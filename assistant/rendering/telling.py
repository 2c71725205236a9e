"""Answers in the language that is spoken: what is said in them by us, never what is quoted.

They are made and kept in English, which programs read. Whoever shows one to people begins here.
"""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.answering.crediting import as_reported, lead
from assistant.answers import Answer, Claim
from assistant.languages import ENGLISH, language, phrase, retold, verb_of
from index.documents import StatementHit
from index.english.somebody import are_several

ACCORDING = "According to "

BESIDE = re.compile(r"^(?:[’']s )?\s*(?:(?:also|then|now|later|who|has|have|had) )*", re.I)
"""What stands before a verb and makes no other verb of it."""

OF_ONE = re.compile(r"\b(?:has|does|is|was)\b|[a-z]{2}s(?: out)?$", re.I)
"""A verb that English has of one only, whatever the name looks like: "Banks says"."""

CYRILLIC = re.compile("[\u0400-\u04ff]")
"""The letters of every language that there is a file for."""


def told_answer(answer: Answer) -> Answer:
    """The same answer; what is quoted stays as it is."""
    if language() == ENGLISH:
        return answer
    refusal = answer.refusal and replace(answer.refusal, reason=retold(answer.refusal.reason))
    return replace(
        answer,
        claims=tuple(map(told_claim, answer.claims)),
        refusal=refusal,
        opening=retold(answer.opening),
        notice=retold(answer.notice),
    )


def told_claim(claim: Claim) -> Claim:
    """The same claim, with who said it and why it is doubted."""
    if language() == ENGLISH:
        return claim
    told = claim.lead
    cited = claim.cited[0] if claim.cited else None
    if told and cited and cited.speaker:
        told = _told(told, cited.speaker.name, cited.reported_by)
    text = told + claim.text.removeprefix(claim.lead)
    return replace(claim, text=text, lead=told, why=retold(claim.why))


def told_lead(hit: StatementHit) -> str:
    """Who said it and how."""
    words = lead(hit)
    if language() == ENGLISH:
        return words
    return _told(words, hit.speaker or hit.as_printed, hit.statement.reported_by)


def told_reporter(reporter: str) -> str:
    """By whose report somebody said something."""
    if are_several(reporter):
        return phrase("as {reporter} report", reporter=reporter)
    return phrase("as {reporter} reports", reporter=reporter)


def _told(words: str, name: str, reporter: str | None) -> str:
    """A lead from what stands in it: "Ann Lee reportedly said, as the Herald reports:"."""
    by = f", {as_reported(reporter)}" if reporter else ""
    how = words.removesuffix(":").removesuffix(by)
    if how == f"{ACCORDING}{name}":
        said = phrase("According to {name}", name=name)
    elif how.startswith(name):
        said = _said(name, how.removeprefix(name))
    else:
        return words
    told = f"{said}, {told_reporter(reporter)}" if reporter else said
    return f"{told}:"


def _said(name: str, how: str) -> str:
    """A verb that is not known stays as the document has it, in quotation marks; one in the
    script of the language stays as it is."""
    notes = []
    for note in (", in the negative", " reportedly"):
        if how.startswith(note):
            notes.append(phrase(note.strip(", ")))
            how = how.removeprefix(note)
    verb = BESIDE.sub("", how)
    if verb and not CYRILLIC.search(verb):
        of_several = are_several(name) and not OF_ONE.search(how)
        verb = verb_of(verb, of_several=of_several) or phrase("(“{words}”)", words=verb)
    behind = f" ({', '.join(notes)})" if notes else ""
    return f"{name} {verb}".rstrip() + behind
