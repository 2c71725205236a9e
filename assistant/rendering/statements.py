"""Speakers and their statements to JSON and plain text, and to quotations for elsewhere.

Direct speech has the quotation marks of its document; other speech never gets any.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from assistant.answering.crediting import as_reported, cue_of, lead, pieces
from assistant.browsing.listing import StatementListing
from assistant.browsing.timeline import changes
from assistant.languages import ENGLISH, counted, day_in_words, language, later, phrase
from assistant.receipts.links import read_link
from assistant.receipts.receipt import Kept
from assistant.rendering.addresses import at
from assistant.rendering.answers import (
    HOW_SAID,
    contradiction_note,
    source_to_dict,
    span_to_dict,
    wrapped,
)
from assistant.rendering.telling import told_lead, told_reporter
from assistant.rendering.templating import visible
from index.documents import Occasion, StatementHit
from index.english.word_lists import FUNCTION_WORDS, LINKS_TO_SPEECH
from index.search.dated import day_of
from index.search.speakers import Speaker

WIDTH = 88

SAID = re.compile(r"\b(?:said|says)$")
"""Cues that "that" can always follow; for others it depends on the verb."""

ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d(?:T|$)")
OCCASIONS: Mapping[str, tuple[str, str]] = {
    "turn": (later("turn"), later("transcript")),
    "line": (later("turn"), later("transcript")),
    "handle": (later("turn"), later("transcript")),
    "interview": (later("turn"), later("interview")),
    "voice": (later("turn"), later("recording")),
    "chat": (later("message"), later("chat")),
    "mail": (later("mail"), later("thread")),
    "speech": (later("paragraph"), later("speech")),
    "letter": (later("paragraph"), later("letter")),
    "blog": ("", later("article")),
    "post": ("", later("post")),
    "credited": ("", later("quotation")),
    "headline": ("", later("headline")),
    "comment": (later("comment"), later("document")),
    "decision": (later("decision"), later("minutes")),
    "dash": ("", later("dialogue")),
}
"""What one turn of a form is called, "" where there is one or none is counted, and the whole."""

HAS_ITS_LINK = re.compile(rf"(?:{'|'.join(LINKS_TO_SPEECH)})\b", re.I)
OPENS = "“”„«‹\"'‘’"


def speaker_to_dict(speaker: Speaker) -> dict[str, Any]:
    """A speaker as programs see it."""
    return {
        "name": speaker.name,
        "also": list(speaker.also),
        "statements": speaker.statements,
        "documents": len(speaker.documents),
    }


def statement_to_dict(hit: StatementHit) -> dict[str, Any]:
    """A statement as programs see it."""
    statement = hit.statement
    return {
        "speaker": {"name": name_of(hit), "as_printed": hit.as_printed},
        "cue": cue_of(hit) or None,
        "found_by": statement.found_by,
        "speech": statement.speech,
        "negated": statement.negated,
        "hedged": statement.hedged,
        "reported_by": statement.reported_by,
        "contradiction": list(statement.contradiction),
        "note": note_of(hit),
        "occasion": None if statement.occasion is None else asdict(statement.occasion),
        "content": [
            {**span_to_dict(span), "text": text}
            for span, text in zip(statement.content, pieces(hit), strict=True)
        ],
        "document": source_to_dict(hit.source),
        "page": hit.page,
        "link": at(link_of(hit)),
    }


def listing_to_dicts(listing: StatementListing) -> list[dict[str, Any]]:
    """The statements as programs see them; in the order of time with their days, and the links of
    earlier ones of the same speaker that each denies."""
    rows = [statement_to_dict(hit) for hit in listing.hits]
    if listing.wanted.order != "time":
        return rows
    found = changes(listing.hits)
    return [
        {
            **row,
            "date": day_of(hit),
            "denies": [at(link_of(change.earlier)) for change in found if change.later is hit],
        }
        for row, hit in zip(rows, listing.hits, strict=True)
    ]


def name_of(hit: StatementHit) -> str:
    """Whoever spoke, by the best name there is."""
    return hit.speaker or hit.as_printed


def note_of(hit: StatementHit) -> str | None:
    """That the document contradicts itself about the speaker, if it does."""
    return contradiction_note(name_of(hit), hit.statement.contradiction)


def link_of(hit: StatementHit) -> str:
    """Where the reader opens the document at the words."""
    source, passage = hit.source, hit.passage
    return read_link(
        source,
        *(
            replace(Kept.of(source, span, passage.text, passage.start), quote=words)
            for span, words in zip(hit.statement.content, pieces(hit), strict=True)
        ),
    )


def details_of(hit: StatementHit) -> list[str]:
    """How it was said. Who else reports it is in the lead."""
    statement = hit.statement
    details = [phrase(HOW_SAID[statement.speech])]
    details += [phrase("in the negative")] if statement.negated else []
    details += [phrase("reportedly")] if statement.hedged else []
    details += [occasion_of(statement.occasion)] if statement.occasion else []
    return details


def occasion_of(occasion: Occasion) -> str:
    """Where in its document's form something is said: "turn 14 of the transcript, 00:12:03"."""
    part, whole = OCCASIONS.get(occasion.form, ("", occasion.form))
    if ISO_DATE.match(occasion.time):
        day = day_in_words(datetime.fromisoformat(occasion.time).date())
        return phrase("{part} of {day}", part=phrase(part or whole), day=day)
    place = {"part": phrase(part), "number": str(occasion.number), "whole": phrase(whole)}
    where = phrase("{part} {number} of the {whole}", **place) if part else phrase(whole)
    return f"{where}, {occasion.time}" if occasion.time else where


def place_of(hit: StatementHit) -> str:
    """The characters, and the page if there are pages."""
    spans = hit.statement.content
    where = phrase("characters {start} to {end}", start=spans[0].start, end=spans[-1].end)
    return f"{phrase('page {number}', number=hit.page)}, {where}" if hit.page else where


def quotation(hit: StatementHit) -> str:
    """Words and speaker as they can stand in another text, before title and link: “…” —
    Ann Lee; or Ann Lee said that …"""
    words = " ".join(pieces(hit))
    if hit.statement.speech == "direct":
        quoted = words if words[:1] in OPENS else f"“{words}”"
        reporter = hit.statement.reported_by
        by = f", {told_reporter(reporter)}" if reporter else ""
        return f"{quoted} — {name_of(hit)}{by}"
    said = _sentence(hit, words) if language() == ENGLISH else f"{told_lead(hit)} {words}"
    return f"{said} —"


def _sentence(hit: StatementHit, words: str) -> str:
    """Indirect speech behind its lead, joined as English joins it where that is safe."""
    head = lead(hit).removesuffix(":")
    plain = head.removesuffix(f", {as_reported(hit.statement.reported_by or '')}")
    comma = "," if plain != head or plain.startswith("According to ") else ""
    if SAID.search(plain) and not HAS_ITS_LINK.match(words):
        return f"{head}{comma} that {_lowered(words)}"
    cue = hit.statement.cue
    if comma or (cue is not None and cue.end <= hit.statement.content[0].start):
        return f"{head}{comma} {_lowered(words)}"
    return f"{head}: {words}"


def _lowered(words: str) -> str:
    """With a small letter first, if that is a word that is only capital at a beginning."""
    first = words.partition(" ")[0]
    small = first[:1].lower() + first[1:]
    return small + words[len(first) :] if first != "I" and small in FUNCTION_WORDS else words


def speakers_to_terminal(speakers: Sequence[Speaker], limit: int) -> str:
    """A line each: the name, how much is theirs, how else documents call them."""
    if not speakers:
        return phrase("Nobody is credited with a statement in these documents.")
    shown = speakers[:limit]
    width = min(40, max(len(speaker.name) for speaker in shown))
    lines = [_speaker_line(speaker, width) for speaker in shown]
    return "\n".join([*lines, *_left_out(len(shown), len(speakers), "speaker")])


def _speaker_line(speaker: Speaker, width: int) -> str:
    statements = counted(speaker.statements, "statement")
    documents = counted(len(speaker.documents), "document")
    line = f"{visible(speaker.name):{width}}  {statements} in {documents}"
    also = ", ".join(f"“{visible(name)}”" for name in speaker.also)
    return f"{line}; also {also}" if also else line


def statements_to_terminal(listing: StatementListing) -> str:
    """The statements one after the other, or why there are none."""
    if not listing.hits:
        return nothing_found(listing)
    blocks = list(_statement_blocks(listing.hits))
    return "\n\n".join([*blocks, *_left_out(len(listing.hits), listing.total, "statement")])


def _statement_blocks(hits: Sequence[StatementHit]) -> Iterator[str]:
    noted: set[tuple[str, str]] = set()
    for hit in hits:
        words = wrapped(visible(" ".join(pieces(hit))), WIDTH, "    ")
        details = "; ".join([*details_of(hit), f"{hit.source.name}, {place_of(hit)}"])
        lines = [visible(lead(hit)), words, wrapped(visible(details), WIDTH, "    ")]
        note = note_of(hit)
        if note and (hit.source.id, note) not in noted:
            noted.add((hit.source.id, note))
            lines.append(wrapped(f"Note: {visible(note)}", WIDTH, "    "))
        yield "\n".join(lines)


def nothing_found(listing: StatementListing) -> str:
    """Why there is no statement, and whose name may have been meant."""
    wanted = listing.wanted
    where = ""
    if wanted.documents:
        where = phrase(" in documents called {documents}", documents=wanted.documents)
    if wanted.speaker is not None and not listing.speakers:
        nobody = phrase(
            "Nobody called “{name}” is credited with a statement{where}.",
            name=wanted.speaker,
            where=where,
        )
        names = f" {phrase('or')} ".join(listing.near)
        return f"{nobody} {phrase('Did you mean {names}?', names=names)}" if names else nobody
    if wanted.about is None:
        return phrase("There are no statements{where}.", where=where)
    if not listing.speakers:
        return phrase("No statement{where} is about “{topic}”.", where=where, topic=wanted.about)
    names = f" {phrase('or')} ".join(dict.fromkeys(s.name for s in listing.speakers[:3]))
    own = counted(sum(speaker.statements for speaker in listing.speakers), "statement")
    return phrase(
        "None of {statements} by {names}{where} is about “{topic}”.",
        statements=own,
        names=names,
        where=where,
        topic=wanted.about,
    )


def _left_out(shown: int, total: int, noun: str) -> list[str]:
    left_out = left_out_note(shown, total, noun)
    return [f"{left_out} See all with --limit {total}."] if left_out else []


def left_out_note(shown: int, total: int, noun: str) -> str:
    """That there are more than are shown; empty if not."""
    all_of_them = counted(total, noun)
    return (
        phrase("These are {shown} of {all}.", shown=shown, all=all_of_them) if shown < total else ""
    )
