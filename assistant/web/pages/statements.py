"""The view "Who said what": speakers on the left, what one of them said beside.

A plain page of links and forms, which works without scripts; with its script the parts
change as one types. The address says all that is shown.
"""

from __future__ import annotations

import glob
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Annotated
from urllib.parse import urlencode

from fastapi import FastAPI, Query
from fastapi.responses import HTMLResponse

from assistant.accounts.ledger import Ledger
from assistant.answering.crediting import pieces
from assistant.browsing.listing import Order, StatementListing, Wanted, gather, matching
from assistant.browsing.timeline import changes
from assistant.chat import Assistant
from assistant.languages import counted, later, phrase
from assistant.rendering.answers import day, name_beside_title
from assistant.rendering.statements import (
    details_of,
    left_out_note,
    link_of,
    note_of,
    nothing_found,
    place_of,
    quotation,
)
from assistant.rendering.telling import told_lead
from assistant.rendering.templating import render
from assistant.understanding.querying import LONGEST_QUESTION
from assistant.web.api.answers import Limit
from assistant.web.api.parameters import Whoever
from assistant.web.entry import doors
from assistant.web.entry.callers import Caller
from assistant.web.pages.frame import masthead
from index.documents import Source, StatementHit
from index.search.dated import day_of
from index.search.speakers import Speaker

PATH = "/statements"

MOST_SPEAKERS = 300
MOST_DOCUMENTS = 500
STATEMENTS_AT_ONCE = 100
MOST_STATEMENTS = 2_000


@dataclass(frozen=True, slots=True)
class StatementFilter:
    """What an address asks to be shown. `document` is a document's name."""

    speaker: str = ""
    about: str = ""
    document: str = ""
    find: str = ""
    limit: int = STATEMENTS_AT_ONCE
    order: Order = "document"

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
            order=self.order,
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
            "order": self.order if self.order == "time" else "",
        }

    @property
    def in_other_order(self) -> StatementFilter:
        """The same by time, or by document."""
        return replace(self, order="document" if self.order == "time" else "time")


def add_statements(app: FastAPI, assistant: Assistant, ledger: Ledger) -> None:
    """The route of the view."""

    @app.get(PATH)
    @doors.page("ask", view=later("Who said what"))
    def show(
        caller: Whoever,
        speaker: str = "",
        about: Annotated[str, Query(max_length=LONGEST_QUESTION)] = "",
        document: str = "",
        find: str = "",
        limit: Limit = STATEMENTS_AT_ONCE,
        order: Order = "document",
    ) -> HTMLResponse:
        shown = StatementFilter(
            speaker.strip(), about.strip(), document, find.strip(), limit, order
        )
        return HTMLResponse(statements_page(assistant, shown, caller, ledger))


def statements_page(
    assistant: Assistant, shown: StatementFilter, caller: Caller, ledger: Ledger
) -> str:
    """The whole view as HTML, of what the caller may read; it is noted who sees what."""
    view = assistant.view_of(caller.principal)
    speakers = view.speakers()
    sources = {source.id: source for source in view.sources()}
    wanted = shown.wanted
    listing = gather(view, wanted) if wanted and speakers else None
    if listing:
        ledger.saw_statements(caller.principal, caller.session, listing.hits)
    chosen = [speaker for speaker in speakers if speaker.name == shown.speaker]
    found = matching(speakers, shown.find)
    return render(
        "web/statements.html",
        bar=masthead(assistant, PATH, caller),
        shown=shown,
        listed=[_speaker(shown, speaker, sources) for speaker in found[:MOST_SPEAKERS]],
        found=len(found),
        credited=len(speakers),
        has_documents=bool(sources),
        profile=_profile(*chosen) if len(chosen) == 1 else "",
        all_speakers=StatementFilter(find=shown.find).address,
        documents=_documents(shown, chosen, sources),
        **_found(shown, listing),
    )


def _speaker(
    shown: StatementFilter, speaker: Speaker, sources: Mapping[str, Source]
) -> Mapping[str, object]:
    """A description may be somebody else in each document, so it goes with its document."""
    (document, *_) = sorted(speaker.documents)
    own = "" if speaker.is_named else sources[document].name
    where = [counted(len(speaker.documents), "document") if not own else sources[document].title]
    to = replace(shown, speaker=speaker.name, document=own, limit=STATEMENTS_AT_ONCE)
    return {
        "address": to.address,
        "is_chosen": shown.speaker == speaker.name and (not own or shown.document == own),
        "name": speaker.name,
        "much": _much(speaker),
        "statements": speaker.statements,
        "about": [*where, *speaker.also],
    }


def _profile(speaker: Speaker) -> str:
    """How much is theirs, and how else documents call them."""
    also = ", ".join(phrase("“{name}”", name=name) for name in speaker.also)
    return f"{_much(speaker)} · {phrase('also {names}', names=also)}" if also else _much(speaker)


def _much(speaker: Speaker) -> str:
    statements = counted(speaker.statements, "statement")
    documents = counted(len(speaker.documents), "document")
    return phrase("{statements} in {documents}", statements=statements, documents=documents)


def _documents(
    shown: StatementFilter, chosen: Sequence[Speaker], sources: Mapping[str, Source]
) -> Sequence[str]:
    """Names of the documents among which one may choose: those in which the speaker speaks."""
    own = {document for speaker in chosen for document in speaker.documents}
    listed = [s.name for s in sources.values() if not chosen or s.id in own][:MOST_DOCUMENTS]
    return list(dict.fromkeys([*listed, *([shown.document] if shown.document else [])]))


def _found(shown: StatementFilter, listing: StatementListing | None) -> Mapping[str, object]:
    """The statements by document; or that there are none; or nothing if none were wanted."""
    if listing is None or not listing.hits:
        nothing = nothing_found(_as_typed(shown, listing)) if listing else ""
        return {
            "nothing": nothing,
            "tally": "",
            "groups": [],
            "left_out": "",
            "further": "",
            "changes": [],
        }
    statements = counted(listing.total, "statement")
    further = replace(shown, limit=shown.limit + STATEMENTS_AT_ONCE)
    return {
        "nothing": "",
        "tally": phrase("{statements} about “{topic}”", statements=statements, topic=shown.about)
        if shown.about
        else "",
        "groups": [
            _document(list(group))
            for _, group in groupby(listing.hits, key=lambda hit: hit.source.id)
        ],
        "changes": [
            [_dated(change.earlier), _dated(change.later)]
            for change in (changes(listing.hits) if shown.order == "time" else ())
        ],
        "left_out": left_out_note(len(listing.hits), listing.total, "statement"),
        "further": further.address if further.limit <= MOST_STATEMENTS else "",
    }


def _as_typed(shown: StatementFilter, listing: StatementListing) -> StatementListing:
    """With the document as the person chose it, not as a glob."""
    return replace(listing, wanted=replace(listing.wanted, documents=shown.document or None))


def _document(hits: Sequence[StatementHit]) -> Mapping[str, object]:
    """One document's statements, and once what it says against itself."""
    source = hits[0].source
    return {
        "title": source.title,
        "details": [
            *filter(
                None, (day(source.published) or day(day_of(hits[0])), name_beside_title(source))
            )
        ],
        "notes": dict.fromkeys(note for hit in hits if (note := note_of(hit))),
        "statements": [_statement(hit) for hit in hits],
    }


def _dated(hit: StatementHit) -> Mapping[str, object]:
    """One side of a change of mind."""
    return {**_statement(hit), "day": day(day_of(hit)), "title": hit.source.title}


def _statement(hit: StatementHit) -> Mapping[str, object]:
    return {
        "speech": hit.statement.speech,
        "lead": told_lead(hit),
        "pieces": pieces(hit),
        "details": [*details_of(hit), place_of(hit)],
        "link": link_of(hit),
        "quotation": quotation(hit),
    }
