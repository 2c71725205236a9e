"""Who wrote a document, where the lines above its text name those whom its file names, too."""

from __future__ import annotations

import re

from assistant.answering.units import Layouts
from assistant.answers import Draft, DraftClaim
from index.documents import Found, Hit, Query, Span
from index.english.kinds import WRITTEN_WHAT
from index.english.spelling import share, telling
from index.english.word_lists import DOCUMENTS
from index.errors import DocumentNotFound

FIRST_LINES = 5
"""So many lines of a document may name its authors."""

NAMED = 0.5
"""The share of its title's words that the question has of a document that is meant. Chosen, not
fitted."""

ADDRESS = re.compile(r"<[^>]*>")


def author(query: Query, found: Found, layouts: Layouts) -> Draft | None:
    """The line that names the authors of the document that the question asks about; None if it
    asks for no author, or no document of that title has such a line."""
    asked = WRITTEN_WHAT.search(query.standalone_question)
    about = telling(asked["what"]) - telling(" ".join(DOCUMENTS)) if asked else set()
    for hit in found.hits if about else ():
        title = telling(hit.source.title)
        if about <= title and share(title, about) >= NAMED and hit.source.byline:
            line = _line(hit, hit.source.byline, layouts)
            if line is not None:
                layout = layouts.of(hit)
                rests_on = ((layout.found_at(hit, line), line),)
                return Draft("quote", (DraftClaim(layout.words(line), rests_on),))
    return None


def _line(hit: Hit, byline: str, layouts: Layouts) -> Span | None:
    try:
        layout = layouts.of(hit)
    except DocumentNotFound:  # closed to the person since it was found
        return None
    names = telling(ADDRESS.sub("", byline))
    for place, line in enumerate(layout.lines[:FIRST_LINES]):
        is_named = bool(names) and names <= telling(layout.words(line.span))
        if is_named and line.kind != "heading" and not layout.is_mail_head(place):
            return line.span
    return None
