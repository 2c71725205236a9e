"""A document's own page: how it was understood, and what may be done with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Literal, get_args

from assistant.answering.crediting import pieces
from assistant.browsing.documents import kind_of
from assistant.languages import counted, later, number, phrase
from assistant.receipts.links import read_link
from assistant.receipts.receipt import Kept
from assistant.rendering.answers import day, name_beside_title
from assistant.rendering.statements import details_of, link_of, place_of
from assistant.rendering.telling import told_lead
from assistant.web.entry.callers import Caller
from assistant.web.library.list_page import PATH, may_change, may_replace, size_in_words
from assistant.web.pages.paging import ListPage, address
from index.attribution.forms.table import FORMS, LINES
from index.documents import Block, BlockKind, Document, Passage, Span, StatementHit, walk
from index.errors import DocumentNotFound, NotYours
from index.reading.files import suffix_of
from index.search.view import View

Section = Literal["structure", "passages", "statements"]

AT_ONCE = 100

SECTIONS: Mapping[Section, str] = {
    "structure": later("Structure"),
    "passages": later("Passages"),
    "statements": later("Statements"),
}

LONGEST_WORDS = 240
"""Characters that are shown of a block: the reader has all of it."""

CONTAINED: frozenset[BlockKind] = frozenset({"row", "cell"})
"""Parts of a table, which is told as a whole."""

NAMES: Mapping[BlockKind, str] = {"item": "list item", "hidden": "hidden text"}
"""What a block is called where its kind is not the word."""


def section_of(text: str, document: Document) -> Section:
    """The part of the page that an address names; for anything else the structure of a document
    that has one."""
    usual: Section = "structure" if document.structure else "passages"
    return next((section for section in get_args(Section) if section == text), usual)


def document_shown(
    view: View, caller: Caller, document: Document, section: Section, page: int
) -> Mapping[str, object]:
    """What the template shows of a document that the caller may read. Raises DocumentNotFound."""
    source, name = document.source, PurePosixPath(document.source.name)
    changes = may_change(view, caller, source.id)
    rows, part = ROWS[section](view, document, page)
    return {
        "id": source.id,
        "title": source.title,
        "name": name.name,
        "folder": "" if name.parent == PurePosixPath() else str(name.parent),
        "suffix": suffix_of(source.name),
        "address": view.address_of(source.id),
        "about": [*filter(None, (source.byline, day(source.published), name_beside_title(source)))],
        "left_out": [counted(many, what) for what, many in document.left_out.items()],
        "may_change": changes,
        "earlier": _earlier(view, source.id) if changes else [],
        "may_replace": may_replace(view, caller, source.id),
        "sharing": _sharing(view, caller, source.id),
        "section": section,
        "rows": rows,
        "pages": part.pages(f"{PATH}/{source.id}", show=section),
        **_known(view, document),
    }


def _earlier(view: View, document_id: str) -> Sequence[Mapping[str, object]]:
    """The versions that it has replaced."""
    return [
        {
            "id": each.id,
            "replaced": each.replaced.timestamp(),
            "size": size_in_words(each.size),
        }
        for each in view.earlier_versions(document_id)
    ]


def _known(view: View, document: Document) -> Mapping[str, object]:
    """What is counted of it. Raises DocumentNotFound."""
    id = document.source.id
    known = view.details([id])
    if not known:
        raise DocumentNotFound(f"There is no document {id} in this index any more.")
    (details,) = known
    blocks = Counter(b.kind for b in walk(document.structure) if b.kind not in CONTAINED)
    counts: Mapping[Section, int] = {
        "structure": sum(blocks.values()),
        "passages": details.passages,
        "statements": details.statements,
    }
    return {
        "facts": {
            later("kind"): phrase(kind_of(document.source.name)),
            later("size"): size_in_words(details.size),
            later("pages"): number(details.pages) if details.pages else "",
            later("characters"): number(len(document.text)),
        },
        "indexed": details.indexed,
        "blocks": [counted(many, NAMES.get(kind, kind)) for kind, many in blocks.most_common()],
        "sections": [
            {
                "name": each,
                "address": address(f"{PATH}/{id}", show=each),
                "label": SECTIONS[each],
                "count": count,
            }
            for each, count in counts.items()
        ],
    }


def _sharing(view: View, caller: Caller, document_id: str) -> Mapping[str, object] | None:
    """Who may read it, for those who may say so; None for others, and where nobody signs in."""
    if caller.way == "local" or "write" not in caller.permissions:
        return None
    try:
        granted = view.rights_of(document_id, administers="administer" in caller.permissions)
    except (NotYours, DocumentNotFound):
        return None
    return granted.rights.as_dict()


Rows = tuple[Sequence[object], ListPage]


def _structure(view: View, document: Document, page: int) -> Rows:
    blocks = list(_flat(document.structure))
    part = ListPage(page, AT_ONCE, len(blocks))
    return [_block(document, block, depth) for block, depth in blocks[part.rows]], part


def _passages(view: View, document: Document, page: int) -> Rows:
    passages = view.passages_of(document.source.id)
    part = ListPage(page, AT_ONCE, len(passages))
    first = part.rows.start + 1
    return [_passage(document, each, n) for n, each in enumerate(passages[part.rows], first)], part


def _statements(view: View, document: Document, page: int) -> Rows:
    hits = view.statements_of(document.source.id)
    part = ListPage(page, AT_ONCE, len(hits))
    return [_statement(hit) for hit in hits[part.rows]], part


ROWS: Mapping[Section, Callable[[View, Document, int], Rows]] = {
    "structure": _structure,
    "passages": _passages,
    "statements": _statements,
}


def _flat(blocks: Sequence[Block], depth: int = 0) -> Iterator[tuple[Block, int]]:
    """Blocks in reading order, each with how deep it lies; below a heading one deeper than
    that."""
    for block in blocks:
        yield block, depth
        if block.kind != "table":
            yield from _flat(block.within, depth + 1)


def _block(document: Document, block: Block, depth: int) -> Mapping[str, object]:
    words = " ".join(document.text[block.span.start : block.span.end].split())
    return {
        "kind": block.kind,
        "label": _label(block),
        "depth": min(depth, 5),
        "level": min(block.level, 6),
        "words": words[:LONGEST_WORDS] + ("…" if len(words) > LONGEST_WORDS else ""),
        "link": _link(document, block.span),
    }


def _link(document: Document, span: Span) -> str:
    return read_link(document.source, Kept.of(document.source, span, document.text))


def _label(block: Block) -> str:
    """What a block is, and what its file says of it."""
    name = phrase(NAMES.get(block.kind, block.kind).capitalize())
    facts = block.facts
    if block.kind == "heading":
        return f"{name} {block.level}"
    if block.kind == "table":
        rows = sum(each.kind == "row" for each in block.within)
        return f"{name}, {counted(rows, 'row')}"
    said = [facts[fact] for fact in TOLD if facts.get(fact)]
    return f"{name}: {', '.join(said)}" if said else name


TOLD = ("marker", "speaker", "time", "from", "subject", "date", "name", "number", "by", "about")
"""Facts of blocks that are shown with them."""


def _passage(document: Document, passage: Passage, place: int) -> Mapping[str, object]:
    page = document.page_of(passage.start)
    where = phrase("characters {start} to {end}", start=passage.start, end=passage.end)
    return {
        "number": place,
        "context": passage.context,
        "words": passage.text,
        "where": f"{phrase('page {number}', number=page)}, {where}" if page else where,
        "sentences": counted(len(passage.sentences), "sentence"),
        "link": _link(document, passage.span),
    }


def _statement(hit: StatementHit) -> Mapping[str, object]:
    return {
        "lead": told_lead(hit),
        "pieces": [*pieces(hit)],
        "details": [
            *details_of(hit),
            place_of(hit),
            phrase("by the form of the document")
            if hit.statement.found_by in {**FORMS, **LINES}
            else phrase("by the words around it"),
        ],
        "link": link_of(hit),
    }
