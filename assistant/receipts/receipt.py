"""Receipts: saved answers, and the nouns for what became of what they cite.

A receipt is the JSON of an answer. Of it only the citations are read: the document, and
the W3C selectors by which the words can be found again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Self

from assistant.errors import WrongUse
from index.documents import Source, Span

Fate = Literal["same", "moved", "changed", "gone"]

KEPT: frozenset[Fate] = frozenset({"same", "moved"})
"""Fates of a quotation that its document still has, word for word."""

MOST_CITATIONS = 200
LONGEST_QUOTE = 20_000
"""Far more than an answer has; a receipt may come from anywhere."""

CONTEXT = 32
"""Characters of prefix and suffix, as W3C's text quote selectors commonly have."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A citation as it was saved: which document, where, and the words with their
    neighbours."""

    number: int
    document_id: str
    document_name: str
    span: Span
    quote: str
    prefix: str
    suffix: str

    @classmethod
    def of(cls, source: Source, span: Span, text: str, begins: int = 0) -> Self:
        """These characters of a document; `text` are its words from character `begins` on."""
        start, end = span.start - begins, span.end - begins
        before, after = text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT]
        return cls(0, source.id, source.name, span, text[start:end], before, after)


@dataclass(frozen=True, slots=True)
class Receipt:
    """A saved answer, as far as it can be checked."""

    question: str
    citations: tuple[Kept, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """Words of a difference: in both texts, only in the saved one or only in today's."""

    kind: Literal["same", "dropped", "added"]
    words: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What became of a citation.

    `source` is its document as it is today, None if it is gone. `span` and `words` are
    what stands for it there, None and empty if nothing does; `difference` leads from the
    saved words to those, where words differ. `why` says what happened to one that is
    changed or gone.
    """

    kept: Kept
    fate: Fate
    source: Source | None = None
    span: Span | None = None
    words: str = ""
    difference: tuple[Difference, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class Findings:
    """A receipt, checked: one finding for each citation."""

    receipt: Receipt
    each: tuple[Finding, ...]

    @property
    def intact(self) -> bool:
        """Does every document still have what was quoted from it?"""
        return all(finding.fate in KEPT for finding in self.each)

    def count(self, fate: Fate) -> int:
        """How many citations it befell."""
        return sum(finding.fate == fate for finding in self.each)


def parse_receipt(content: bytes) -> Receipt:
    """The receipt in a file's bytes. Raises WrongUse for anything else."""
    try:
        return receipt_of(json.loads(content))
    except (ValueError, RecursionError) as error:
        raise WrongUse(
            f"This is not a saved answer: it is not JSON ({error}). {SAVE_ONE}"
        ) from None


def receipt_of(answer: Any) -> Receipt:
    """The receipt in an answer's JSON. Raises WrongUse for anything else."""
    rows = answer.get("citations") if isinstance(answer, dict) else None
    if not isinstance(rows, list):
        raise WrongUse(f"This is not a saved answer: it has no list of citations. {SAVE_ONE}")
    if len(rows) > MOST_CITATIONS:
        raise WrongUse(
            f"A receipt may have {MOST_CITATIONS} citations; this one has {len(rows):,}."
        )
    citations = tuple(_kept(place, row) for place, row in enumerate(rows, 1))
    question = answer.get("question")
    return Receipt(question if isinstance(question, str) else "", citations)


SAVE_ONE = 'Save one with: onrecord ask --json "QUESTION" > receipt.json'


def _kept(place: int, row: Any) -> Kept:
    try:
        document = row["document"]
        selectors = {selector["type"]: selector for selector in row["selectors"]}
        position, words = selectors["TextPositionSelector"], selectors["TextQuoteSelector"]
        kept = Kept(
            number=_number(row, "number"),
            document_id=_text(document, "id"),
            document_name=_text(document, "source"),
            span=Span(_number(position, "start"), _number(position, "end")),
            quote=_text(words, "exact"),
            prefix=_text(words, "prefix"),
            suffix=_text(words, "suffix"),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise WrongUse(
            f"Citation {place} of this receipt cannot be read: {error!r}. "
            "It needs number, document and both selectors, as they were saved."
        ) from None
    _check(place, kept, row.get("quote"))
    return kept


def _check(place: int, kept: Kept, shown: object) -> None:
    """Raises WrongUse for a citation that nobody saved so."""
    if kept.quote != shown or len(kept.span) != len(kept.quote):
        raise WrongUse(
            f"Citation {place} contradicts itself: its quote, its selectors and its offsets "
            "do not fit together. The receipt was edited after it was saved."
        )
    if not 0 < len(kept.quote) <= LONGEST_QUOTE:
        raise WrongUse(
            f"Citation {place} quotes {len(kept.quote):,} characters; "
            f"1 to {LONGEST_QUOTE:,} can be checked."
        )


def _text(fields: Mapping[str, Any], name: str) -> str:
    value = fields[name]
    if not isinstance(value, str):
        raise TypeError(f"{name} is not a text")
    value.encode()  # a ValueError for halves of a character, which nothing can print
    return value


def _number(fields: Mapping[str, Any], name: str) -> int:
    value = fields[name]
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError(f"{name} is not a whole number from 0 on")
    return value
