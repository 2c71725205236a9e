"""One question of a set at a time, with its evidence where it stands, for a reviewer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.chat import Assistant
from assistant.errors import AssistantError
from assistant.evaluation.drafting.reviewing import Edit, gold_of, review_of
from assistant.evaluation.scoring.spans import Place
from assistant.evaluation.sets.questions import ACCEPTED, DRAFT, DROPPED, Review
from assistant.evaluation.sets.sets import Row
from assistant.languages import later, phrase
from assistant.receipts.links import read_link
from assistant.receipts.receipt import Kept
from assistant.rendering.errors import tell
from assistant.web.entry.callers import Caller
from assistant.web.evaluation.pages import page, set_address
from assistant.web.pages.frame import chat_address
from assistant.web.pages.laying_out import Mark, MarkedWords, highlighted
from assistant.web.pages.reader import merged
from index.chunking import paragraphs_of
from index.documents import Document, Source, Span
from index.errors import DocumentNotFound, IndexingError
from index.search.view import View

Show = Literal["draft", "accepted", "dropped", "all"]

SHOWN: Mapping[Show, str] = {
    "draft": later("To review"),
    "accepted": later("Accepted"),
    "dropped": later("Dropped"),
    "all": later("All"),
}

STATES: Mapping[Review, str] = {
    DRAFT: later("to review"),
    ACCEPTED: later("accepted"),
    DROPPED: later("dropped"),
}

SAID = {
    "accept": later("Accepted."),
    "drop": later("Dropped."),
    "reopen": later("To be reviewed again."),
    "edit": later("Saved and accepted."),
    "undo": later("Undone."),
    "nothing": later("There is nothing to undo."),
}
"""What was done, by the name of the deed that an address carries."""

MOST_LISTED = 400

AROUND = 1
"""Paragraphs before and after the evidence that are shown with it."""


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What of a set is shown: the questions in this state, one of them open.

    `deed` is what was done last, `editing` opens the form; `typed` is what stands in it
    when it could not be used, and `wrong` why.
    """

    name: str
    rows: Sequence[Row]
    show: Show = "draft"
    at: str = ""
    deed: str = ""
    editing: bool = False
    typed: Edit | None = None
    wrong: str = ""

    @property
    def listed(self) -> list[Row]:
        """The questions in the state that is shown, and the open one if it was named."""
        return [
            row
            for row in self.rows
            if self.show in ("all", review_of(row)) or (self.at and row["id"] == self.at)
        ]

    @property
    def open(self) -> Row | None:
        """The question that is looked at: the one named, else the first."""
        listed = self.listed
        named = (row for row in listed if row["id"] == self.at)
        return next(named, listed[0] if listed and not self.at else None)

    def beside(self, step: int) -> Row | None:
        """The question before or after the open one."""
        listed = self.listed
        here = next((n for n, row in enumerate(listed) if row is self.open), None)
        there = -1 if here is None else here + step
        return listed[there] if 0 <= there < len(listed) else None

    def address(self, row: Row | None = None, **values: str) -> str:
        """Where this set is shown, with another question open."""
        at = str(row["id"]) if row else ""
        return set_address(self.name, **{"show": self.show, "at": at, **values})


def next_of(rows: Sequence[Row], id: str, show: Show) -> Row | None:
    """The question to look at after this one: the next in the state that is shown, from the
    beginning again if need be; None if there is none."""
    place = next((number for number, row in enumerate(rows) if row["id"] == id), -1)
    following = [*rows[place + 1 :], *rows[: max(place, 0)]]
    return next((row for row in following if show in ("all", review_of(row))), None)


def review_page(assistant: Assistant, caller: Caller, shown: Reviewed) -> str:
    """The whole view as HTML."""
    library = _Library(assistant.view_of(caller.principal))
    row = shown.open
    return page(
        assistant,
        caller,
        "review.html",
        title=shown.name,
        said=_said(shown),
        action=set_address(shown.name),
        show=shown.show,
        wrong=shown.wrong,
        filters=[*_filters(shown)],
        items=[*_items(shown)],
        count=len(shown.listed),
        most_listed=MOST_LISTED,
        open=_open(shown, row) if row else None,
        nothing=_nothing_open(shown),
        edit=_edit(shown, row) if row and shown.editing else None,
        kept=[_words(piece) for piece in row.get("evidence") or []] if row else [],
        **(_evidence(row, library) if row else {}),
    )


class _Library:
    """The documents by name, as one person may read them."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._sources = {s.name: s for s in view.sources()}

    def source(self, name: str) -> Source:
        """Raises DocumentNotFound for one that is not there or not to be read."""
        if name not in self._sources:
            raise DocumentNotFound(f"The document {name} is not in this index.")
        return self._sources[name]

    def document(self, name: str) -> Document:
        """Raises as `source` does."""
        return self._view.document(self.source(name).id)

    def text(self, name: str) -> str:
        """Raises as `source` does."""
        return self.document(name).text


def text_reader(view: View) -> _Library:
    """What reads documents by their names."""
    return _Library(view)


def _said(shown: Reviewed) -> str:
    done = phrase(SAID.get(shown.deed, ""))
    if shown.open is None:
        return done
    return f"{done} {_place(shown)}: {shown.open['question']}".strip()


# -- the list ------------------------------------------------------------------------


def _filters(shown: Reviewed) -> Iterator[dict[str, object]]:
    for show, words in SHOWN.items():
        yield {
            "label": words,
            "address": set_address(shown.name, show=show),
            "count": sum(show in ("all", review_of(row)) for row in shown.rows),
            "is_current": show == shown.show,
        }


def _items(shown: Reviewed) -> Iterator[dict[str, object]]:
    listed, opened = shown.listed, shown.open
    here = next((n for n, row in enumerate(listed) if row is opened), 0)
    first = max(0, min(here - MOST_LISTED // 2, len(listed) - MOST_LISTED))
    for row in listed[first : first + MOST_LISTED]:
        state = review_of(row)
        yield {
            "address": shown.address(row),
            "is_open": row is opened,
            "review": state,
            "state": STATES[state],
            "question": row["question"],
        }


# -- the question --------------------------------------------------------------------


def _open(shown: Reviewed, row: Row) -> dict[str, object]:
    state = review_of(row)
    before, after = shown.beside(-1), shown.beside(1)
    return {
        "id": str(row["id"]),
        "place": _place(shown),
        "review": state,
        "state": STATES[state],
        "question": row["question"],
        "history": [
            {"role": str(turn.get("role")), "content": str(turn.get("content"))}
            for turn in row.get("history") or []
        ],
        "facts": _facts(row),
        "here": shown.address(row),
        "edit": shown.address(row, edit="1"),
        "previous": shown.address(before) if before else "",
        "next": shown.address(after) if after else "",
        "chat": chat_address(row["question"]),
    }


def _nothing_open(shown: Reviewed) -> dict[str, object]:
    """What is said where no question is open; `may_run`: that the set may be run now."""
    if shown.at:
        words = later("This question is not here")
        rest = later("It may have been removed from the file.")
    elif shown.show == "draft" and shown.rows:
        return {"words": later("All reviewed"), "may_run": True}
    else:
        words = later("No questions here")
        rest = later("Choose another state on the left.")
    return {"words": words, "rest": rest, "may_run": False}


def _place(shown: Reviewed) -> str:
    listed = shown.listed
    here = next((n for n, row in enumerate(listed, 1) if row is shown.open), 0)
    return phrase("Question {number} of {count}", number=here, count=len(listed))


def _facts(row: Row) -> dict[str, str]:
    return {
        later("Answerable"): phrase("yes")
        if row["answerable"]
        else phrase("no: the documents do not answer it"),
        later("Answer"): " / ".join(row.get("answers") or []),
        later("Speaker"): row.get("speaker") or "",
        later("Document"): row.get("document") or "",
        later("Tags"): ", ".join(row.get("tags") or []),
    }


def _edit(shown: Reviewed, row: Row) -> Edit:
    """What stands in the form: what was typed, else the question as it is."""
    return shown.typed or Edit(
        row["question"],
        row["answerable"],
        tuple(row.get("answers") or ()),
        frozenset(range(len(row.get("evidence") or ()))),
        (),
    )


def _words(piece: object) -> str:
    match piece:
        case {"text": str(text)}:
            return text
        case {"start": start, "end": end} | [start, end]:
            return phrase("characters {start} to {end}", start=start, end=end)
    return str(piece)


# -- the evidence --------------------------------------------------------------------


def _evidence(row: Row, library: _Library) -> dict[str, object]:
    """As much of it as can be shown, and why not all if so."""
    documents: list[dict[str, object]] = []
    perhaps: list[dict[str, object]] = []
    shown: dict[str, object] = {"others": None, "context_wrong": ""}
    try:
        gold = gold_of(row, library.text)
        expected = [place for unit in gold.units for place in unit.places]
        for found in _documents(expected, library):
            documents.append(found)
        shown["others"] = _others(row, library)
        perhaps += [_perhaps(place, library) for place in gold.unjudged]
    except (AssistantError, IndexingError) as error:
        shown["context_wrong"] = tell(error).words
    return shown | {"evidence_found": documents, "perhaps": perhaps}


def _documents(places: Sequence[Place], library: _Library) -> Iterator[dict[str, object]]:
    """The documents that the evidence is in, each with the paragraphs around it."""
    for name in dict.fromkeys(place.document for place in places):
        spans = sorted({place.span for place in places if place.document == name})
        yield _excerpt(library.document(name), spans)


def _excerpt(document: Document, spans: Sequence[Span]) -> dict[str, object]:
    """The paragraphs around the spans, each in its pieces; None for what is left out."""
    cited = merged(document, spans)
    marks = [Mark(span) for span in cited]
    blocks = paragraphs_of(document)
    near = {
        number + step
        for number, block in enumerate(blocks)
        if any(block.overlaps(span) for span in cited)
        for step in range(-AROUND, AROUND + 1)
    }
    shown = [number for number in sorted(near) if 0 <= number < len(blocks)]
    parts: list[list[MarkedWords] | None] = []
    for before, number in zip([-1, *shown], shown, strict=False):
        if number != before + 1:
            parts.append(None)
        parts.append(highlighted(document.text, blocks[number], marks))
    if shown and shown[-1] + 1 < len(blocks):
        parts.append(None)
    source = document.source
    kept = [Kept.of(source, span, document.text) for span in cited]
    return {"title": source.title, "link": read_link(source, *kept), "paragraphs": parts}


def _others(row: Row, library: _Library) -> dict[str, object] | None:
    """For a question that nobody answers: who did speak of it, and where."""
    name, places = row.get("document"), row.get("said_by_others") or []
    if row["answerable"] or not name:
        return None
    if not places:
        return {"excerpt": None, "link": f"/read/{library.source(name).id}"}
    spans = [Span(place["start"], place["end"]) for place in places]
    who = str(row.get("said_by") or phrase("Somebody else"))
    return {"excerpt": _excerpt(library.document(name), spans), "who": who}


def _perhaps(place: Place, library: _Library) -> dict[str, object]:
    """What may be about it too."""
    document = library.document(place.document)
    kept = Kept.of(document.source, place.span, document.text)
    return {"link": read_link(document.source, kept), "words": kept.quote}
