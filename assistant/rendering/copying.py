"""What is copied from an answer or a document: the words, who said them and how, the title, the
page and the link. The one place that says it for the chat, its sources and the reader.

Indirect speech never gets quotation marks of ours, and what is struck is left out. Links begin
with "/": whoever copies puts the server's name before them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from assistant.answers import Answer, Citation, mark, without_marks
from assistant.languages import phrase
from assistant.rendering.answers import HOW_SAID, place_in_words
from assistant.rendering.telling import told_answer, told_reporter
from assistant.rendering.templating import visible
from assistant.verifying.verification import cite
from index.documents import Document, Hit, Passage, Scores, Span, StatementHit

OPENS = "“”„«‹\"'‘’"
"""Words that begin with one of these have the quotation marks of their document."""


def citation_to_copy(citation: Citation) -> str:
    """One quotation, by itself."""
    return f"{_with_source(citation)}\n{citation.link}"


def marked_to_copy(
    document: Document, spans: Sequence[Span], statements: Iterable[StatementHit]
) -> str:
    """What is marked in a document, without a link; `statements` are those of the document, of
    which it may be in one: the closest around it tells who said it."""
    first = spans[0]
    around = {len(s): hit for hit in statements for s in hit.statement.content if s.covers(first)}
    words = [document.text[span.start : span.end] for span in spans]
    passage = Passage(first.start, first.end, words[0], (first,))
    found = (
        around[min(around)]
        if around
        else Hit(document.source, passage, 0.0, Scores(0, 0, 0, 0), ())
    )
    citation = cite(1, found, first, lambda _: document)
    return _with_source(replace(citation, quote="\n".join(words)))


def _with_source(citation: Citation) -> str:
    return visible(f"{quoted(citation)}\n{source_line(citation)}")


def answer_to_copy(answer: Answer) -> str:
    """An answer as one would paste it into a letter: its words, then where they stand."""
    answer = told_answer(answer)
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
    page = phrase("page {number}", number=citation.page) if citation.page else ""
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
        yield phrase(HOW_SAID[citation.speech])
    if citation.reported_by:
        yield told_reporter(citation.reported_by)
