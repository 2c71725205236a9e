"""One question of a set at a time, with its evidence where it stands, for a reviewer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape as attribute
from typing import Literal

from assistant.answers import read_link
from assistant.chat import Assistant
from assistant.errors import AssistantError
from assistant.evaluation.drafting.reviewing import Edit, gold_of, review_of
from assistant.evaluation.scoring.gold import Gold
from assistant.evaluation.scoring.spans import Place
from assistant.evaluation.sets.questions import ACCEPTED, DRAFT, DROPPED, Review
from assistant.evaluation.sets.sets import Row
from assistant.rendering.answers import escape
from assistant.telling import tell
from assistant.web.entry.callers import Caller
from assistant.web.evaluation.pages import PATH, page, set_address
from assistant.web.pages.frame import chat_address, problem, reader
from assistant.web.pages.reader import highlighted, merged
from index.chunking import paragraphs
from index.documents import Document, Source, Span
from index.english.spelling import counted
from index.errors import DocumentNotFound, IndexingError
from index.search.view import View

Show = Literal["draft", "accepted", "dropped", "all"]

SHOWN: Mapping[Show, str] = {
    "draft": "To review",
    "accepted": "Accepted",
    "dropped": "Dropped",
    "all": "All",
}

STATES: Mapping[Review, str] = {DRAFT: "to review", ACCEPTED: "accepted", DROPPED: "dropped"}

SAID = {
    "accept": "Accepted.",
    "drop": "Dropped.",
    "reopen": "To be reviewed again.",
    "edit": "Saved and accepted.",
    "undo": "Undone.",
    "nothing": "There is nothing to undo.",
}
"""What was done, by the name of the deed that an address carries."""

MOST_LISTED = 400

AROUND = 1
"""Paragraphs before and after the evidence that are shown with it."""

BODY = """<div id="review" class="{state}" data-set="{set}">
<nav id="list" aria-label="Questions"><header>
<a class="back-link" href="/evaluation">← Evaluation</a><h2>{set}</h2>
<p class="filters">{filters}</p></header><ol>{items}</ol>{note}</nav>
<main id="question">{problem}{main}</main>
<aside id="evidence">{reader}</aside></div>"""

QUESTION = """<p class="place">{place} <span class="state {review}">{state}</span></p>
<h1 id="asked" tabindex="-1">{question}</h1>
{history}<dl class="facts">{facts}</dl>
<div class="deeds" role="group" aria-label="What to do with this question">{deeds}</div>
{edit}<section class="context" aria-label="Evidence">{context}</section>"""

DEED = """<form method="post" action="{action}" class="quiet">
<input type="hidden" name="id" value="{id}"><input type="hidden" name="show" value="{show}">
<button name="deed" value="{deed}" data-key="{key}" aria-keyshortcuts="{key}"{kind}>{label}
<kbd aria-hidden="true">{key}</kbd></button></form>"""

STEP = """<a class="button" href="{address}" data-key="{key}" aria-keyshortcuts="{key}">{label}
<kbd aria-hidden="true">{key}</kbd></a>"""

EDIT = """<form method="post" action="{action}" class="quiet edit">
<input type="hidden" name="id" value="{id}"><input type="hidden" name="show" value="{show}">
<label for="words">Question</label>
<textarea id="words" name="question" rows="2" required>{question}</textarea>
<label class="tick"><input type="checkbox" name="answerable" value="yes"{answerable}>
The documents answer it (answerable)</label>
<label for="answers">Short answers, one a line; may be empty</label>
<textarea id="answers" name="answers" rows="2">{answers}</textarea>
{kept}<label for="added">Further evidence: words copied from the document, one piece a line</label>
<textarea id="added" name="added" rows="2">{added}</textarea>
<p class="ends"><button class="main" name="deed" value="edit">Save and accept</button>
<a class="button" href="{cancel}" data-key="Escape">Cancel</a></p></form>"""

DONE = """<div class="welcome"><h1 id="asked" tabindex="-1">{words}</h1>
<p>{rest}</p><p class="deeds">{undo}</p></div>"""


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
    main = "".join(_open(shown, library)) if shown.open else _nothing_open(shown)
    body = BODY.format(
        state="chosen" if shown.open else "",
        set=escape(shown.name),
        filters="".join(_filters(shown)),
        items="".join(_items(shown)),
        note=_list_note(len(shown.listed)),
        problem=problem(shown.wrong),
        main=main,
        reader=reader("Close"),
    )
    return page(assistant, caller, body, title=shown.name, said=_said(shown))


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
    done = SAID.get(shown.deed, "")
    if shown.open is None:
        return done
    return f"{done} {_place(shown)}: {shown.open['question']}".strip()


# -- the list ------------------------------------------------------------------------


def _filters(shown: Reviewed) -> Iterator[str]:
    for show, words in SHOWN.items():
        count = sum(show in ("all", review_of(row)) for row in shown.rows)
        here = ' aria-current="true"' if show == shown.show else ""
        address = attribute(set_address(shown.name, show=show))
        yield f'<a class="local" href="{address}"{here}>{words} {count:,}</a> '


def _items(shown: Reviewed) -> Iterator[str]:
    listed, opened = shown.listed, shown.open
    here = next((n for n, row in enumerate(listed) if row is opened), 0)
    first = max(0, min(here - MOST_LISTED // 2, len(listed) - MOST_LISTED))
    for row in listed[first : first + MOST_LISTED]:
        current = ' aria-current="true"' if row is opened else ""
        state = review_of(row)
        yield (
            f'<li><a class="local" href="{attribute(shown.address(row))}"{current}>'
            f'<span class="dot {state}" title="{STATES[state]}"></span>'
            f"<span>{escape(row['question'])}</span></a></li>"
        )


def _list_note(count: int) -> str:
    if count <= MOST_LISTED:
        return ""
    return f'<p class="note">{MOST_LISTED} of {count:,}, around the open one.</p>'


# -- the question --------------------------------------------------------------------


def _open(shown: Reviewed, library: _Library) -> Iterator[str]:
    row = shown.open
    if row is None:
        return
    state = review_of(row)
    yield QUESTION.format(
        place=_place(shown),
        review=state,
        state=STATES[state],
        question=escape(row["question"]),
        history=_history(row),
        facts="".join(_facts(row)),
        deeds="".join(_deeds(shown, row)),
        edit=_edit(shown, row) if shown.editing else "",
        context="".join(_context(row, library)),
    )


def _nothing_open(shown: Reviewed) -> str:
    if shown.at:
        words, rest = "This question is not here", "It may have been removed from the file."
    elif shown.show == "draft" and shown.rows:
        words = "All reviewed"
        rest = f'<a href="{PATH}">Run the set</a>, or look at what was accepted or dropped.'
    else:
        words, rest = "No questions here", "Choose another state on the left."
    undo = _deed(shown, {"id": ""}, "undo", "u", "Undo")
    return DONE.format(words=words, rest=rest, undo=undo)


def _place(shown: Reviewed) -> str:
    listed = shown.listed
    here = next((n for n, row in enumerate(listed, 1) if row is shown.open), 0)
    return f"Question {here:,} of {len(listed):,}"


def _history(row: Row) -> str:
    turns = "".join(
        f'<p class="{attribute(str(turn.get("role")))}">{escape(str(turn.get("content")))}</p>'
        for turn in row.get("history") or []
    )
    return f'<div class="history"><h2>Asked after</h2>{turns}</div>' if turns else ""


def _facts(row: Row) -> Iterator[str]:
    answerable = "yes" if row["answerable"] else "no: the documents do not answer it"
    told = {
        "Answerable": answerable,
        "Answer": " / ".join(row.get("answers") or []),
        "Speaker": row.get("speaker") or "",
        "Document": row.get("document") or "",
        "Tags": ", ".join(row.get("tags") or []),
    }
    for name, words in told.items():
        if words:
            yield f"<div><dt>{name}</dt><dd>{escape(words)}</dd></div>"


def _deeds(shown: Reviewed, row: Row) -> Iterator[str]:
    yield _deed(shown, row, "accept", "a", "Accept", ' class="main"')
    if not shown.editing:
        yield STEP.format(address=attribute(shown.address(row, edit="1")), key="e", label="Edit")
    yield _deed(shown, row, "drop", "d", "Drop")
    yield _deed(shown, row, "undo", "u", "Undo")
    for step, key, label in ((-1, "k", "Previous"), (1, "j", "Next")):
        other = shown.beside(step)
        if other is not None:
            yield STEP.format(address=attribute(shown.address(other)), key=key, label=label)
    chat = attribute(chat_address(row["question"]))
    yield f'<a class="button plain" href="{chat}">Ask it in the chat</a>'


def _deed(
    shown: Reviewed, row: Mapping[str, object], deed: str, key: str, label: str, kind: str = ""
) -> str:
    return DEED.format(
        action=attribute(set_address(shown.name)),
        id=attribute(str(row["id"])),
        show=shown.show,
        deed=deed,
        key=key,
        kind=kind,
        label=label,
    )


def _edit(shown: Reviewed, row: Row) -> str:
    edit = shown.typed or Edit(
        row["question"],
        row["answerable"],
        tuple(row.get("answers") or ()),
        frozenset(range(len(row.get("evidence") or ()))),
        (),
    )
    return EDIT.format(
        action=attribute(set_address(shown.name)),
        id=attribute(row["id"]),
        show=shown.show,
        question=escape(edit.question),
        answerable=" checked" if edit.answerable else "",
        answers=escape("\n".join(edit.answers)),
        kept=_kept(row, edit),
        added=escape("\n".join(edit.added)),
        cancel=attribute(shown.address(row)),
    )


def _kept(row: Row, edit: Edit) -> str:
    pieces = row.get("evidence") or []
    ticks = "".join(
        f'<label class="tick"><input type="checkbox" name="kept" value="{number}"'
        f"{' checked' if number in edit.kept else ''}> {escape(_words(piece))}</label>"
        for number, piece in enumerate(pieces)
    )
    return f"<fieldset><legend>Evidence that stays</legend>{ticks}</fieldset>" if ticks else ""


def _words(piece: object) -> str:
    match piece:
        case {"text": str(text)}:
            return text
        case {"start": start, "end": end} | [start, end]:
            return f"characters {start:,} to {end:,}"
    return str(piece)


# -- the evidence --------------------------------------------------------------------


def _context(row: Row, library: _Library) -> Iterator[str]:
    try:
        gold = gold_of(row, library.text)
        expected = [place for unit in gold.units for place in unit.places]
        yield from _documents(expected, library)
        yield from _others(row, library)
        yield from _perhaps(gold, library)
    except (AssistantError, IndexingError) as error:
        yield problem(tell(error).words)


def _documents(places: Sequence[Place], library: _Library) -> Iterator[str]:
    """The documents that the evidence is in, each with the paragraphs around it."""
    for name in dict.fromkeys(place.document for place in places):
        spans = sorted({place.span for place in places if place.document == name})
        yield _excerpt(library.document(name), spans)


def _excerpt(document: Document, spans: Sequence[Span]) -> str:
    cited = merged(document, spans)
    blocks = [*paragraphs(document.text, document.headings)]
    near = {
        number + step
        for number, block in enumerate(blocks)
        if any(block.overlaps(span) for span in cited)
        for step in range(-AROUND, AROUND + 1)
    }
    shown = [number for number in sorted(near) if 0 <= number < len(blocks)]
    parts = []
    for before, number in zip([-1, *shown], shown, strict=False):
        if number != before + 1:
            parts.append('<p class="gap" aria-hidden="true">…</p>')
        parts.append(f"<p>{highlighted(document.text, blocks[number], cited, None)}</p>")
    if shown and shown[-1] + 1 < len(blocks):
        parts.append('<p class="gap" aria-hidden="true">…</p>')
    link = attribute(read_link(document.source, *cited))
    return (
        f'<article class="excerpt"><h2>{escape(document.source.title)} '
        f'<a href="{link}">Read in document</a></h2>{"".join(parts)}</article>'
    )


def _others(row: Row, library: _Library) -> Iterator[str]:
    """Of a question that nobody answers: who did speak of it, and where."""
    name, places = row.get("document"), row.get("said_by_others") or []
    if row["answerable"] or not name:
        return
    if places:
        who = escape(str(row.get("said_by") or "Somebody else"))
        yield f'<p class="words">{who} did speak of it, and nobody else here:</p>'
        spans = [Span(place["start"], place["end"]) for place in places]
        yield _excerpt(library.document(name), spans)
    else:
        source = library.source(name)
        link = attribute(f"/read/{source.id}")
        yield f'<p class="words">No evidence. <a href="{link}">Read the document</a></p>'


def _perhaps(gold: Gold, library: _Library) -> Iterator[str]:
    """What may be about it too."""
    if not gold.unjudged:
        return
    items = []
    for place in gold.unjudged:
        document = library.document(place.document)
        words = document.text[place.span.start : place.span.end]
        link = attribute(read_link(document.source, place.span))
        items.append(f'<li><a href="{link}">{escape(words)}</a></li>')
    count = counted(len(items), "place")
    yield (
        f'<details class="perhaps"><summary>{count} may be about it too, and count neither '
        f"way</summary><ul>{''.join(items)}</ul></details>"
    )
