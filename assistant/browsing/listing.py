"""Who said what, without a question: gathered for the command, the routes and the page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.answering.crediting import in_reading_order
from assistant.browsing.timeline import by_time
from assistant.errors import WrongUse
from index.documents import Glob, StatementHit
from index.english.spelling import folded
from index.search.speakers import Speaker
from index.search.view import View

Order = Literal["document", "time"]

MOST_LISTED = 50
"""Statements or speakers that are listed unless more are asked for."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose statements (None: anybody's), about what, in which documents (a glob).

    `exactly`: of nobody else, if there is one with exactly this name, as in a list. `order`
    is that of the documents, or that of the days on which it was said.
    """

    speaker: str | None = None
    about: str | None = None
    documents: Glob | None = None
    limit: int = MOST_LISTED
    exactly: bool = False
    order: Order = "document"


@dataclass(frozen=True, slots=True)
class StatementListing:
    """The statements that were wanted, `total` of them if none were left out.

    `speakers` are those who are meant, `near` the names like the one that nobody has.
    """

    wanted: Wanted
    hits: tuple[StatementHit, ...]
    total: int
    speakers: tuple[Speaker, ...] = ()
    near: tuple[str, ...] = ()


def gather(view: View, wanted: Wanted) -> StatementListing:
    """What was said; about a topic the best of it. In reading order, the document with
    the best statement first. Raises WrongUse where nothing in particular is wanted."""
    if (wanted.speaker, wanted.about, wanted.documents) == (None, None, None):
        raise WrongUse("Whose statements? Name a speaker, a topic or documents.")
    meant, near = _meant(view, wanted)
    if wanted.speaker is not None and not meant:
        return StatementListing(wanted, (), 0, near=near)
    hits = view.statements(wanted.speaker, wanted.about, wanted.documents)
    if wanted.exactly and meant:
        names = {speaker.name for speaker in meant}
        hits = [hit for hit in hits if hit.speaker in names]
    in_order = by_time if wanted.order == "time" else in_reading_order
    chosen = in_order(hits[: wanted.limit])
    return StatementListing(wanted, tuple(chosen), len(hits), meant)


def _meant(view: View, wanted: Wanted) -> tuple[tuple[Speaker, ...], tuple[str, ...]]:
    """Those who are meant, or the names that are near."""
    if wanted.speaker is None:
        return (), ()
    found, near = view.find_speakers(wanted.speaker, wanted.documents)
    if wanted.exactly:
        found = [speaker for speaker in found if speaker.name == wanted.speaker] or found
    return tuple(found), tuple(speaker.name for speaker in near)


def matching(speakers: Iterable[Speaker], words: str) -> Sequence[Speaker]:
    """Those with a name or description that has all of these words, or beginnings of them."""
    wanted = [folded(word) for word in words.split()]
    return [speaker for speaker in speakers if _has(speaker, wanted)]


def _has(speaker: Speaker, wanted: Sequence[str]) -> bool:
    own = [folded(word) for name in (speaker.name, *speaker.also) for word in name.split()]
    return all(any(word.startswith(part) for word in own) for part in wanted)
