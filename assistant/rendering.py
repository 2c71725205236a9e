"""Answers to JSON, Markdown, HTML and plain text. Takes nothing but an Answer.

What it has in common with the renderings of `statements` stands here.

What a document holds is data: it is escaped wherever it could be taken for markup,
and characters that cannot be seen are made visible or dropped.
"""

from __future__ import annotations

import html
import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from assistant.answers import Answer, Citation, Claim, Refusal, mark, without_marks
from assistant.prompting import fill
from index.documents import Source, Span, Speech

UNSEEN = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u2069\ufe00-\ufe0f\ufeff\U000e0000-\U000e007f]"
)
"""Control characters, direction overrides and tags: text can be hidden in them."""

HOW_SAID: Mapping[Speech, str] = {
    "direct": "direct speech",
    "indirect": "indirect speech",
    "mixed": "partly quoted",
}

MARKUP = re.compile(r"[\\`*_\[\]<>&~|]|^[#>+=-]|^\d{1,9}[.)]")
"""What Markdown takes for markup: anywhere in a line, and at its beginning."""

TIME_OF_DAY = re.compile(r"(?<=^\d{4}-\d\d-\d\d)[T ].*")


def to_dict(answer: Answer) -> dict[str, Any]:
    """The answer as programs see it."""
    return {
        "question": answer.query.question,
        "standalone_question": answer.query.standalone_question,
        "mode": answer.mode,
        "answered": answer.answered,
        "outcome": answer.outcome,
        "text": to_markdown(answer),
        "claims": [_claim(claim) for claim in answer.claims],
        "citations": [_citation(citation) for citation in answer.citations],
        "refusal": None if answer.refusal is None else _refusal(answer.refusal),
        "opening": answer.opening,
        "corrections": dict(answer.found.corrections),
        "index": {"version": answer.found.index_version, "embedder": answer.found.embedder},
        "timings_ms": dict(answer.timings_ms),
    }


def to_markdown(answer: Answer) -> str:
    """The claims as quotations with their marks, or the reason of the refusal."""
    if answer.refusal is not None:
        return _markdown(answer.refusal.reason)
    claims = [f"> {_claim_to_markdown(claim)}" for claim in answer.claims]
    return "\n\n".join([*([_markdown(answer.opening)] if answer.opening else []), *claims])


def to_html(answer: Answer) -> str:
    """The same for a page; each mark is a link to the reader."""
    if answer.refusal is not None:
        return paragraph("refusal", answer.refusal.reason)
    citations = {citation.number: citation for citation in answer.citations}
    opening = [paragraph("opening", answer.opening)] if answer.opening else []
    return "\n".join([*opening, *(claim_to_html(claim, citations) for claim in answer.claims)])


def claim_to_html(claim: Claim, citations: dict[int, Citation]) -> str:
    """One claim for a page, with links to the citations that it rests on."""
    marks = "".join(
        f' <a class="cite" href="{html.escape(citations[number].link)}" '
        f'title="{escape(citations[number].source.title)}" '
        f'aria-label="Source {number}">{mark(number)}</a>'
        for number in claim.citations
    )
    words = lines(without_marks(claim).removeprefix(claim.lead).lstrip())
    if claim.lead:
        words = f'<span class="lead">{lines(claim.lead)}</span> {words}'
    return f'<blockquote class="claim {claim.verdict}">{words}{marks}</blockquote>'


def paragraph(kind: str, words: str) -> str:
    """Words as a paragraph of a page, of that class."""
    return f'<p class="{kind}">{lines(words)}</p>'


def lines(words: str) -> str:
    """Escaped, with no line end left: after an empty line Markdown begins anew, and
    could make an image of a document's words."""
    return "<br>".join(escape(words).splitlines())


def to_terminal(answer: Answer, width: int = 88) -> str:
    """Plain text: the answer, then its sources, numbered."""
    return "\n\n".join(_terminal_blocks(answer, width))


def escape(words: str) -> str:
    """Words of a document as text of a page, nothing hidden in them."""
    return html.escape(visible(words))


def name_beside_title(source: Source) -> str:
    """The document's name, or nothing where its title says the same."""
    name, _, _ = source.name.rpartition(".")
    return "" if _letters(source.title) in (_letters(name), _letters(source.name)) else source.name


def day(published: str | None) -> str:
    """The date without the time of day; a date that is not ISO's as it is printed."""
    return TIME_OF_DAY.sub("", published or "")


def note_of(citation: Citation) -> str | None:
    """That the document contradicts itself about the speaker, if it does."""
    if citation.speaker is None:
        return None
    return contradiction_note(citation.speaker.name, citation.contradiction)


def contradiction_note(name: str, offices: Sequence[str]) -> str | None:
    """The same, of the offices that a document gives somebody."""
    if not offices:
        return None
    *others, last = (f"“{office}”" for office in offices)
    both = "both " if len(others) == 1 else ""
    return fill("contradiction", speaker=name, offices=f"{both}{', '.join(others)} and {last}")


def visible(words: str) -> str:
    """Without the characters that cannot be seen."""
    return UNSEEN.sub("", words)


def _claim_to_markdown(claim: Claim) -> str:
    words = _markdown(without_marks(claim)).replace("\n", "\n> ")
    return " ".join([words, *map(mark, claim.citations)])


def _markdown(words: str) -> str:
    """The words as Markdown that shows them as they are, line by line."""
    literal = (MARKUP.sub(_escaped, line.strip()) for line in visible(words).splitlines())
    return "\n".join(literal)


def _escaped(markup: re.Match[str]) -> str:
    return f"{markup[0][:-1]}\\{markup[0][-1]}"


def _terminal_blocks(answer: Answer, width: int) -> Iterator[str]:
    for wrong, right in answer.found.corrections.items():
        yield f"Searched for “{right}” instead of “{wrong}”."
    if answer.refusal is not None:
        yield wrapped(answer.refusal.reason, width)
        if answer.refusal.considered:
            yield "Nearest, but not an answer:"
            yield from (_source(citation, width) for citation in answer.refusal.considered)
        return
    if answer.opening:
        yield wrapped(answer.opening, width)
    for claim in answer.claims:
        yield wrapped(visible(claim.text), width)
    yield "Sources"
    for citation in answer.citations:
        yield _source(citation, width, with_quote=False)


def _source(citation: Citation, width: int, *, with_quote: bool = True) -> str:
    source, span = citation.source, citation.span
    page = f", page {citation.page}" if citation.page else ""
    name = name_beside_title(source)
    title = f"{source.title} ({name})" if name else source.name
    where = f"characters {span.start:,} to {span.end:,}"
    lines = [f"{mark(citation.number)} {visible(title)}{page}, {where}"]
    if with_quote:
        lines.append(wrapped(visible(citation.quote), width, "    "))
    if note := note_of(citation):
        lines.append(wrapped(f"Note: {visible(note)}", width, "    "))
    return "\n".join(lines)


def _letters(words: str) -> str:
    return "".join(filter(str.isalnum, words)).casefold()


def wrapped(words: str, width: int, indent: str = "") -> str:
    """In lines of at most this width."""
    return textwrap.fill(words, width, initial_indent=indent, subsequent_indent=indent)


def _claim(claim: Claim) -> dict[str, Any]:
    return {
        "text": claim.text,
        "citations": list(claim.citations),
        "verdict": claim.verdict,
        "why": claim.why,
    }


def _citation(citation: Citation) -> dict[str, Any]:
    speaker = citation.speaker
    return {
        "number": citation.number,
        "document": source_to_dict(citation.source),
        **span_to_dict(citation.span),
        "quote": citation.quote,
        "page": citation.page,
        "speaker": speaker and {"name": speaker.name, "as_printed": speaker.as_printed},
        "speech": citation.speech,
        "reported_by": citation.reported_by,
        "note": note_of(citation),
        "passage": span_to_dict(citation.passage),
        "link": citation.link,
        "selectors": [
            {"type": "TextPositionSelector", **span_to_dict(citation.span)},
            {
                "type": "TextQuoteSelector",
                "exact": citation.quote,
                "prefix": citation.prefix,
                "suffix": citation.suffix,
            },
        ],
    }


def source_to_dict(source: Source) -> dict[str, str]:
    """Which document, as programs see it."""
    return {
        "id": source.id,
        "title": source.title,
        "source": source.name,
        "version": source.version,
    }


def span_to_dict(span: Span) -> dict[str, int]:
    """Characters, as programs see them."""
    return {"start": span.start, "end": span.end}


def _refusal(refusal: Refusal) -> dict[str, Any]:
    return {
        "reason": refusal.reason,
        "considered": [_citation(citation) for citation in refusal.considered],
        "counts": dict(refusal.counts),
    }
