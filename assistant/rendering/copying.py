"""What is copied from an answer or a document: the words, who said them and how, the title, the
page and the link. The one place that says it for the chat, its sources and the reader.

Indirect speech never gets quotation marks of ours, and what is struck is left out. Links begin
with "/": whoever copies puts the server's name before them.
"""

from __future__ import annotations

from collections.abc import Iterator

from assistant.answers import Answer, Citation, mark, without_marks
from assistant.rendering.answers import HOW_SAID, place_in_words
from assistant.rendering.templating import visible

OPENS = "“”„«‹\"'‘’"
"""Words that begin with one of these have the quotation marks of their document."""


def citation_to_copy(citation: Citation) -> str:
    """One quotation, by itself."""
    return visible("\n".join([quoted(citation), source_line(citation), citation.link]))


def answer_to_copy(answer: Answer) -> str:
    """An answer as one would paste it into a letter: its words, then where they stand."""
    if answer.refusal is not None:
        return visible(answer.refusal.reason)
    supported = [claim for claim in answer.claims if claim.verdict != "unsupported"]
    cited = {number for claim in supported for number in claim.citations}
    said = [" ".join([without_marks(c), *map(mark, c.citations)]) for c in supported]
    sources = [
        f"{mark(c.number)} {_with_speaker(c)}\n{c.link}"
        for c in answer.citations
        if c.number in cited
    ]
    return visible("\n\n".join(filter(None, [answer.opening, *said, *sources])))


def quoted(citation: Citation) -> str:
    """The words and who said them: “…” — Ann Lee (direct speech)."""
    words = citation.quote
    is_direct = citation.speech in (None, "direct")
    if is_direct and words[:1] not in OPENS:
        words = f"“{words}”"
    speech = who_said_it(citation)
    return f"{words} — {speech}" if speech else words


def source_line(citation: Citation) -> str:
    """The title, the page and what stands above: "Minutes, page 3, Fees › Boats"."""
    page = f"page {citation.page}" if citation.page else ""
    return ", ".join(filter(None, [citation.source.title, page, place_in_words(citation)]))


def who_said_it(citation: Citation) -> str:
    """ "Ann Lee (indirect speech, as the Herald reports)"; nothing where nobody is credited."""
    if citation.speaker is None:
        return ""
    return f"{citation.speaker.name} ({', '.join(_how(citation))})"


def _with_speaker(citation: Citation) -> str:
    return " – ".join(filter(None, [who_said_it(citation), source_line(citation)]))


def _how(citation: Citation) -> Iterator[str]:
    if citation.speech:
        yield HOW_SAID[citation.speech]
    if citation.reported_by:
        yield f"as {citation.reported_by} reports"
