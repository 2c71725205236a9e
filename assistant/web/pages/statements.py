"""The view "Who said what": speakers on the left, what one of them said beside.

A plain page of links and forms, which works without scripts; with its script the parts
change as one types. The address says all that is shown.
"""

from __future__ import annotations

import glob
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape as attribute
from itertools import groupby
from typing import Annotated
from urllib.parse import urlencode

from fastapi import FastAPI, Query
from fastapi.responses import HTMLResponse

from assistant.answering.crediting import lead, pieces
from assistant.browsing.listing import Listing, Wanted, gather, matching
from assistant.chat import Assistant
from assistant.rendering.answers import day, escape, lines, name_beside_title
from assistant.rendering.statements import (
    details_of,
    left_out_note,
    link_of,
    note_of,
    nothing_found,
    place_of,
    quotation,
)
from assistant.understanding.querying import LONGEST_QUESTION
from assistant.web.api.answers import Limit
from assistant.web.api.parameters import Whoever
from assistant.web.entry import doors
from assistant.web.entry.callers import Caller
from assistant.web.pages.frame import head, masthead, reader
from index.documents import Source, StatementHit
from index.english.spelling import counted
from index.search.speakers import Speaker

PATH = "/statements"

MOST_SPEAKERS = 300
MOST_DOCUMENTS = 500
STATEMENTS_AT_ONCE = 100
MOST_STATEMENTS = 2_000

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<link rel="icon" href="/page-files/icon.svg">
<title>{title}Who said what · On Record</title>
{head}
<script src="/page-files/statements.js" defer></script>
</head>
<body>
{masthead}
<div id="record" class="{state}">
<nav id="speakers" aria-label="Speakers">{speakers}</nav>
<main id="statements">{statements}</main>
<aside id="evidence">{reader}</aside>
</div>
<p id="said" role="status" aria-live="polite"></p>
</body>
</html>
"""

SEARCH = """<form class="find" role="search" action="/statements">
<label for="find">Speakers</label>
<input id="find" name="find" type="search" value="{find}" placeholder="Find a name"
autocomplete="off">
{hidden}</form>"""

FILTER = """<form class="filter" role="search" action="/statements">
<label class="unseen" for="about">About</label>
<input id="about" name="about" type="search" value="{about}" placeholder="On what topic?"
autocomplete="off">
<label class="unseen" for="document">In</label>
<select id="document" name="document"{choice}>
<option value="">All documents</option>{documents}</select>
<button>Show</button>{hidden}</form>"""

WELCOME = """<div class="welcome"><h1>Who said what</h1>
<p>{count}. Choose one of them, or search what all of them said.</p></div>"""

NOBODY = """<div class="welcome"><h1>Who said what</h1>
<p>Nobody is credited with a statement in these documents. Statements are found in
documents in English.</p></div>"""


@dataclass(frozen=True, slots=True)
class Shown:
    """What an address asks to be shown. `document` is a document's name."""

    speaker: str = ""
    about: str = ""
    document: str = ""
    find: str = ""
    limit: int = STATEMENTS_AT_ONCE

    @property
    def wanted(self) -> Wanted | None:
        """The statements; None if nothing is chosen."""
        if not (self.speaker or self.about or self.document):
            return None
        return Wanted(
            self.speaker or None,
            self.about or None,
            glob.escape(self.document) if self.document else None,
            min(self.limit, MOST_STATEMENTS),
            exactly=True,
        )

    @property
    def address(self) -> str:
        """Where it is shown."""
        values = {name: value for name, value in self.values.items() if value}
        if self.limit != STATEMENTS_AT_ONCE:
            values["limit"] = str(self.limit)
        return f"{PATH}?{urlencode(values)}" if values else PATH

    @property
    def values(self) -> Mapping[str, str]:
        """What a form has to carry along."""
        return {
            "speaker": self.speaker,
            "about": self.about,
            "document": self.document,
            "find": self.find,
        }


def add_statements(app: FastAPI, assistant: Assistant) -> None:
    """The route of the view."""

    @app.get(PATH)
    @doors.page("ask", view="Who said what")
    def show(
        caller: Whoever,
        speaker: str = "",
        about: Annotated[str, Query(max_length=LONGEST_QUESTION)] = "",
        document: str = "",
        find: str = "",
        limit: Limit = STATEMENTS_AT_ONCE,
    ) -> HTMLResponse:
        shown = Shown(speaker.strip(), about.strip(), document, find.strip(), limit)
        return HTMLResponse(statements_page(assistant, shown, caller))


def statements_page(assistant: Assistant, shown: Shown, caller: Caller) -> str:
    """The whole view as HTML, of what the caller may read."""
    view = assistant.view_of(caller.principal)
    speakers = view.speakers()
    sources = {source.id: source for source in view.sources()}
    wanted = shown.wanted
    listing = gather(view, wanted) if wanted and speakers else None
    chosen = [speaker for speaker in speakers if speaker.name == shown.speaker]
    return PAGE.format(
        title=f"{escape(shown.speaker)} · " if shown.speaker else "",
        head=head("statements"),
        masthead=masthead(assistant, PATH, caller),
        state="chosen" if wanted else "",
        speakers=_speakers(shown, speakers, sources),
        statements="".join(_statements(shown, speakers, chosen, sources, listing)),
        reader=reader("Close"),
    )


# -- the speakers ------------------------------------------------------------------


def _speakers(shown: Shown, speakers: Sequence[Speaker], sources: Mapping[str, Source]) -> str:
    found = matching(speakers, shown.find)
    items = "".join(_speaker(shown, speaker, sources) for speaker in found[:MOST_SPEAKERS])
    note = _list_note(len(found))
    search = SEARCH.format(find=attribute(shown.find), hidden=_hidden(shown, "find"))
    return f'{search}<div id="speaker-list"><ol>{items}</ol>{note}</div>'


def _list_note(found: int) -> str:
    if found == 0:
        return '<p class="note">No name has these letters.</p>'
    if found <= MOST_SPEAKERS:
        return ""
    return f'<p class="note">The first {MOST_SPEAKERS} of {found:,}. Type to find others.</p>'


def _speaker(shown: Shown, speaker: Speaker, sources: Mapping[str, Source]) -> str:
    """A description may be somebody else in each document, so it goes with its document."""
    (document, *_) = sorted(speaker.documents)
    own = "" if speaker.is_named else sources[document].name
    to = replace(shown, speaker=speaker.name, document=own, limit=STATEMENTS_AT_ONCE)
    is_chosen = shown.speaker == speaker.name and (not own or shown.document == own)
    current = ' aria-current="true"' if is_chosen else ""
    where = [counted(len(speaker.documents), "document") if not own else sources[document].title]
    return (
        f'<li><a href="{attribute(to.address)}"{current}>'
        f'<span class="name">{escape(speaker.name)}</span>'
        f'<span class="count" title="{_much(speaker)}">{speaker.statements:,}</span>'
        f'<span class="also">{escape(" · ".join([*where, *speaker.also]))}</span></a></li>'
    )


def _much(speaker: Speaker) -> str:
    statements = counted(speaker.statements, "statement")
    return f"{statements} in {counted(len(speaker.documents), 'document')}"


# -- the statements ----------------------------------------------------------------


def _statements(
    shown: Shown,
    speakers: Sequence[Speaker],
    chosen: Sequence[Speaker],
    sources: Mapping[str, Source],
    listing: Listing | None,
) -> Iterator[str]:
    if not speakers:
        yield NOBODY
        return
    yield _heading(shown, chosen, len(speakers))
    yield _filter(shown, chosen, sources)
    yield f'<div id="found">{_found(shown, listing) if listing else ""}</div>'


def _heading(shown: Shown, chosen: Sequence[Speaker], speakers: int) -> str:
    if not shown.wanted:
        who = counted(speakers, "speaker")
        return WELCOME.format(count=f"{who} {'is' if speakers == 1 else 'are'} credited here")
    back = f'<a class="all" href="{attribute(Shown(find=shown.find).address)}">← All speakers</a>'
    name = shown.speaker or "Everybody"
    return f'<header class="who">{back}<h1>{escape(name)}</h1>{_profile(shown, chosen)}</header>'


def _profile(shown: Shown, chosen: Sequence[Speaker]) -> str:
    """How much is theirs, and how else documents call them."""
    if len(chosen) != 1:
        return ""
    (speaker,) = chosen
    also = ", ".join(f"“{name}”" for name in speaker.also)
    words = f"{_much(speaker)}{f' · also {also}' if also else ''}"
    return f'<p class="profile">{escape(words)}</p>'


def _filter(shown: Shown, chosen: Sequence[Speaker], sources: Mapping[str, Source]) -> str:
    own = {document for speaker in chosen for document in speaker.documents}
    listed = [s.name for s in sources.values() if not chosen or s.id in own][:MOST_DOCUMENTS]
    names = dict.fromkeys([*listed, *([shown.document] if shown.document else [])])
    options = "".join(
        f'<option value="{attribute(name)}"{" selected" if name == shown.document else ""}>'
        f"{escape(name)}</option>"
        for name in names
    )
    return FILTER.format(
        about=attribute(shown.about),
        documents=options,
        choice=" hidden" if len(names) == 1 else "",
        hidden=_hidden(shown, "about", "document"),
    )


def _hidden(shown: Shown, *but: str) -> str:
    """The fields that a form without them would forget."""
    return "".join(
        f'<input type="hidden" name="{name}" value="{attribute(value)}">'
        for name, value in shown.values.items()
        if value and name not in but
    )


def _found(shown: Shown, listing: Listing) -> str:
    if not listing.hits:
        return f'<p class="nothing">{lines(nothing_found(_as_typed(shown, listing)))}</p>'
    groups = groupby(listing.hits, key=lambda hit: hit.source.id)
    documents = [_document(list(group)) for _, group in groups]
    return "".join([_tally(shown, listing), *documents, _more(shown, listing)])


def _tally(shown: Shown, listing: Listing) -> str:
    if not shown.about:
        return ""
    statements = counted(listing.total, "statement")
    return f'<p class="tally">{statements} about “{escape(shown.about)}”</p>'


def _as_typed(shown: Shown, listing: Listing) -> Listing:
    """With the document as the person chose it, not as a glob."""
    return replace(listing, wanted=replace(listing.wanted, documents=shown.document or None))


def _more(shown: Shown, listing: Listing) -> str:
    note = left_out_note(len(listing.hits), listing.total, "statement")
    if not note:
        return ""
    further = replace(shown, limit=shown.limit + STATEMENTS_AT_ONCE)
    link = f'<a class="more" href="{attribute(further.address)}">Show more</a>'
    return f'<p class="note">{note} {link if further.limit <= MOST_STATEMENTS else ""}</p>'


def _document(hits: Sequence[StatementHit]) -> str:
    """One document's statements, under its title; once what it says against itself."""
    source = hits[0].source
    details = [day(source.published), name_beside_title(source)]
    line = escape(" · ".join(filter(None, details)))
    notes = dict.fromkeys(note for hit in hits if (note := note_of(hit)))
    warned = "".join(f'<p class="contradiction">{lines(note)}</p>' for note in notes)
    return (
        f'<section class="document"><h2>{escape(source.title)} <span>{line}</span></h2>{warned}'
        f"{''.join(map(_statement, hits))}</section>"
    )


def _statement(hit: StatementHit) -> str:
    words = "<br>".join(lines(piece) for piece in pieces(hit))
    link, said = attribute(link_of(hit)), escape(quotation(hit))
    return (
        f'<article class="statement {hit.statement.speech}">'
        f'<p class="lead">{lines(lead(hit))}</p>'
        f"<blockquote>{words}</blockquote>"
        f'<p class="details">{escape(" · ".join([*details_of(hit), place_of(hit)]))}</p>'
        f'<p class="actions"><a href="{link}">Read in document</a>'
        f'<button type="button" class="copy" data-said="{said}" '
        f'data-title="{escape(hit.source.title)}" data-link="{link}">Copy</button></p></article>'
    )
