"""Permalinks of the reader: what is cited, as an address, and back.

    /read/ID?at=1:10-90&at=2:120-150&version=V#cited&words=BEFORE,WORDS,AFTER

Where it stood, in which version, stands where a server sees it. The words stand behind the #:
browsers keep that to themselves, so no log has them; a page of the reader asks with them for the
place only if its document has changed. Of long quotations they are the beginning and the end,
with a digest of the whole.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from urllib.parse import quote, unquote_plus

from assistant.receipts.receipt import (
    CONTEXT,
    LONGEST_QUOTE,
    MOST_CITATIONS,
    Difference,
    Finding,
    Kept,
)
from assistant.receipts.rechecking import find_again, occurrences
from index.documents import Document, Source, Span

LONGEST_WHOLE = 300
"""Characters of a quotation that a link has as a whole."""

ENDS = 100
"""Characters of the beginning and of the end of a longer one."""

MOST_WORDS = 10
"""Parts of one citation that are looked for. Statements are interrupted once or twice."""

WHERE = re.compile(r"(?:(\d{1,3}):)?(\d{1,12})-(\d{1,12})", re.ASCII)
"""No document is longer."""

NOT_PLAIN = re.compile(r"[^\w.~-]")
CUT = Difference("same", "…")

Where = tuple[int, Span]
"""The number that a citation has in its answer, 0 for none, and its characters."""


@dataclass(frozen=True, slots=True)
class LinkedWords:
    """What a link says of quoted words: all of them, or their beginning with `end` and `digest`."""

    prefix: str
    exact: str
    suffix: str
    end: str = ""
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Linked:
    """What an address cites: first what it leads to, which has `words`, then the citations beside
    it. `version` is that of the document when it was made, "" if it does not say."""

    places: tuple[Where, ...]
    version: str = ""
    words: tuple[LinkedWords, ...] = ()

    @property
    def number(self) -> int:
        """The number of the citation that it leads to."""
        return self.places[0][0] if self.places else 0


def read_link(source: Source, *cited: Kept | Span) -> str:
    """The address of what is cited in a document, in its present version. It leads to the first,
    and to others with the same number; the rest are marked beside it."""
    kept = [each if isinstance(each, Kept) else _unsaid(source, each) for each in cited]
    at = "&".join(f"at={_where(each)}" for each in kept)
    led_to = [each for each in kept if each.number == kept[0].number]
    words = "".join(f"&words={_words(each)}" for each in led_to) if all(map(_says, led_to)) else ""
    version = quote(source.version, safe="")
    return f"/read/{quote(source.id, safe='')}?{at}&version={version}#cited{words}"


def linked(at: Sequence[str], version: str = "", fragment: str = "") -> Linked:
    """What the parts of an address cite. What cannot be understood of it is left out."""
    wheres = [place for text in at[:MOST_CITATIONS] if (place := _place(text))]
    parts = fragment.split("&words=")[1 : MOST_WORDS + 1]
    words = takewhile(bool, map(_understood, parts))
    return Linked(tuple(wheres), version, tuple(filter(None, words))[: len(wheres)])


def find_cited(cited: Linked, document: Document) -> Iterator[tuple[int, Finding | None]]:
    """What became of each place, with its number; None where nobody can tell, because the document
    has changed and the link has no words."""
    source, text = document.source, document.text
    is_as_cited = cited.version in ("", source.version)
    for place, (number, span) in enumerate(cited.places):
        kept = replace(Kept.of(source, span, text), number=number)
        if is_as_cited:
            inside = Span(span.start, min(span.end, len(text)))
            is_there = inside.start < inside.end
            yield number, Finding(kept, "same", source, inside, kept.quote) if is_there else None
        elif place < len(cited.words):
            yield number, _found(cited.words[place], kept, document)
        else:
            yield number, None


def _found(words: LinkedWords, kept: Kept, document: Document) -> Finding:
    was = replace(kept, quote=words.exact, prefix=words.prefix, suffix=words.suffix)
    if not words.digest:
        return find_again(was, document)
    whole = _whole(words, was, document.text)
    if whole is not None:
        return find_again(replace(was, quote=whole), document)
    return _between_ends(words, was, document)


def _whole(words: LinkedWords, kept: Kept, text: str) -> str | None:
    """All of a long quotation, if it still stands somewhere."""
    if len(kept.span) > LONGEST_QUOTE:
        return None
    starts = (place.start for place in occurrences(words.exact, text))
    candidates = (text[start : start + len(kept.span)] for start in starts)
    return next((each for each in candidates if _digest(each) == words.digest), None)


def _between_ends(words: LinkedWords, kept: Kept, document: Document) -> Finding:
    """A long quotation that has changed, from where it begins to where it ends now."""
    first = find_again(replace(_part(kept, kept.span.start, words.exact), suffix=""), document)
    last_start = kept.span.end - len(words.end)
    last = find_again(replace(_part(kept, last_start, words.end), prefix=""), document)
    gone = Finding(kept, "gone", document.source, why="The document no longer has these words.")
    if first.span is None or last.span is None:
        return gone
    span = Span(first.span.start, last.span.end)
    if not 0 < len(span) <= 2 * len(kept.span):
        return gone
    return Finding(
        kept,
        "changed",
        document.source,
        span,
        document.text[span.start : span.end],
        (*_changes(first), CUT, *_changes(last)),
        "The words differ.",
    )


def _part(kept: Kept, start: int, words: str) -> Kept:
    return replace(kept, span=Span(start, start + len(words)), quote=words)


def _changes(finding: Finding) -> Sequence[Difference]:
    return finding.difference or (Difference("same", finding.words),)


def _unsaid(source: Source, span: Span) -> Kept:
    return Kept(0, source.id, source.name, span, "", "", "")


def _says(kept: Kept) -> bool:
    return bool(kept.quote)


def _where(kept: Kept) -> str:
    number = f"{kept.number}:" if kept.number else ""
    return f"{number}{kept.span.start}-{kept.span.end}"


def _place(text: str) -> Where | None:
    found = WHERE.fullmatch(text)
    if found is None or int(found[2]) >= int(found[3]):
        return None
    return int(found[1] or 0), Span(int(found[2]), int(found[3]))


def _understood(part: str) -> LinkedWords | None:
    """None for what no link was made of: it would take long to look for."""
    terms = [unquote_plus(term) for term in part.split(",")]
    if len(terms) == 3 and 0 < len(terms[1]) <= LONGEST_WHOLE:
        prefix, exact, suffix = terms
        return LinkedWords(prefix[-CONTEXT:], exact, suffix[:CONTEXT])
    if len(terms) == 5 and len(terms[1]) == len(terms[3]) == ENDS and terms[4]:
        prefix, exact, suffix, end, digest = terms
        return LinkedWords(prefix[-CONTEXT:], exact, suffix[:CONTEXT], end, digest)
    return None


def _words(kept: Kept) -> str:
    exact = kept.quote
    terms = [kept.prefix, exact, kept.suffix]
    if len(exact) > LONGEST_WHOLE:
        terms = [kept.prefix, exact[:ENDS], kept.suffix, exact[-ENDS:], _digest(exact)]
    return ",".join(NOT_PLAIN.sub(_encoded, term) for term in terms)


def _encoded(sign: re.Match[str]) -> str:
    return "+" if sign[0] == " " else quote(sign[0], safe="")


def _digest(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()[:16]
