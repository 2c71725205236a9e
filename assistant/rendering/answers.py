"""Answers to JSON, Markdown, HTML and plain text; takes nothing but an Answer, and the
findings about a saved one.

What it has in common with the renderings of `statements` stands here.

What a document holds is data: it is escaped wherever it could be taken for markup,
and characters that cannot be seen are made visible or dropped.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, get_args

from assistant.answers import (
    Answer,
    Cell,
    Citation,
    Claim,
    Contradiction,
    Refusal,
    mark,
    without_marks,
)
from assistant.languages import day_in_words, later, phrase, sentence
from assistant.receipts.links import read_link
from assistant.receipts.receipt import Difference, Fate, Finding, Findings, Kept
from assistant.rendering.addresses import at
from assistant.rendering.tables import Table, lines_of, table_of
from assistant.rendering.telling import told_answer, told_claim
from assistant.rendering.templating import render, visible
from index.documents import Found, Query, Source, Span, Speech

HOW_SAID: Mapping[Speech, str] = {
    "direct": later("direct speech"),
    "indirect": later("indirect speech"),
    "mixed": later("partly quoted"),
}

BETWEEN = "\n\n"
"""Between paragraphs of Markdown."""

MARKUP = re.compile(r"[\\`*_\[\]<>&~|]|^[#>+=-]|^\d{1,9}[.)]")
"""What Markdown takes for markup: anywhere in a line, and at its beginning."""

BOLD_ENDS = ("\ufffe", "\uffff")
"""Stand for the ends of bold words while the others are escaped: they are no characters, and no
text has them."""

BOLD, NOT_BOLD = "\x1b[1m", "\x1b[22m"
"""For a terminal; click leaves them out where the output is none."""

TIME_OF_DAY = re.compile(r"(?<=^\d{4}-\d\d-\d\d)[T ].*")


def to_dict(answer: Answer) -> dict[str, Any]:
    """The answer as programs see it."""
    answer = told_answer(answer)
    return {
        "question": answer.query.question,
        "standalone_question": answer.query.standalone_question,
        "mode": answer.mode,
        "answered": answer.answered,
        "outcome": answer.outcome,
        "probability": round(answer.probability, 3),
        "text": BETWEEN.join(_paragraphs(answer)),
        "claims": [_claim(claim) for claim in answer.claims],
        "citations": [_citation(citation, answer.citations) for citation in answer.citations],
        "contradictions": [_contradiction(found) for found in answer.contradictions],
        "refusal": None if answer.refusal is None else _refusal(answer.refusal),
        "opening": answer.opening,
        "notice": answer.notice,
        "unattributed": list(answer.unattributed),
        "corrections": dict(answer.found.corrections),
        "index": {
            "version": answer.found.index_version,
            "embedder": answer.found.embedder,
            "reranker": answer.found.reranker or None,
        },
        "timings_ms": dict(answer.timings_ms),
    }


def to_markdown(answer: Answer) -> str:
    """The claims as quotations with their marks, or the reason of the refusal."""
    return BETWEEN.join(to_paragraphs(answer))


def to_paragraphs(answer: Answer) -> list[str]:
    """The same, part by part. What looks like a mark there is one: others are escaped."""
    return _paragraphs(told_answer(answer))


def _paragraphs(answer: Answer) -> list[str]:
    if answer.refusal is not None:
        return [as_markdown(answer.refusal.reason)]
    before = [as_markdown(said) for said in (answer.notice, answer.opening) if said]
    claims = (f"> {_claim_to_markdown(claim)}" for claim in answer.claims)
    disagree = map(_contradiction_to_markdown, answer.contradictions)
    return [*before, *claims, *disagree]


def claim_to_markdown(claim: Claim) -> str:
    """One claim as a quotation with its marks."""
    return f"> {_claim_to_markdown(told_claim(claim))}"


def to_html(answer: Answer) -> str:
    """The same for a page; each mark is a link to the reader."""
    answer = told_answer(answer)
    citations = {citation.number: citation for citation in answer.citations}
    return render(
        "rendering/answer.html",
        answer=answer,
        citations=citations,
        claims=[
            {**claim_for_page(claim), "over": over}
            for claim, over in zip(answer.claims, _over(answer), strict=True)
        ],
        contradictions=map(_disagreement, answer.contradictions),
    ).strip()


def _over(answer: Answer) -> Iterator[str]:
    """What stands above the words of each claim in their document, where that is another place
    than the one before: "You have 26 days of leave" is so of whom the heading names."""
    before = ""
    for claim in answer.claims:
        quoted = answer.mode == "quote" and not claim.lead and claim.cited
        over = place_in_words(claim.cited[0]) if quoted else ""
        yield over if over != before else ""
        before = over


def around(claim: Claim, opening: str, closing: str) -> tuple[str, str, str]:
    """The claim's words before the answer in them, the answer between these marks, and the
    words behind it; all of them first where no words of it are the answer by themselves."""
    words = without_marks(claim)
    citation = next((each for each in claim.cited if each.answer), None)
    if citation is None or citation.answer is None or words != citation.quote:
        return words, "", ""
    start = citation.answer.start - citation.span.start
    end = citation.answer.end - citation.span.start
    return words[:start], f"{opening}{words[start:end]}{closing}", words[end:]


def claim_for_page(claim: Claim) -> dict[str, Any]:
    """What a page shows of one claim: its lead stands apart, its marks become links."""
    words, answer, rest = around(claim, "", "")
    return {
        "verdict": claim.verdict,
        "why": claim.why,
        "lead": claim.lead,
        "table": table_of(claim),
        "words": words.removeprefix(claim.lead).lstrip(),
        "answer": answer,
        "rest": rest,
        "citations": claim.citations,
    }


def to_terminal(answer: Answer, width: int = 88) -> str:
    """Plain text: the answer, then its sources, numbered."""
    judged = answer.mode == "write"
    claims = (claim_to_terminal(claim, width, judged=judged) for claim in answer.claims)
    return "\n\n".join(
        [*understood_to_terminal(answer.query), *corrected_to_terminal(answer.found),
         *_notes(answer, width), *claims, *_sources_to_terminal(answer, width)]
    )  # fmt: skip


def understood_to_terminal(query: Query) -> Iterator[str]:
    """The question as it stands alone, where that is something else."""
    if query.is_restated:
        yield f"Understood as: {visible(query.standalone_question)}"


def corrected_to_terminal(found: Found) -> Iterator[str]:
    """The words that were taken for slips."""
    for wrong, right in found.corrections.items():
        yield f"Searched for “{right}” instead of “{wrong}”."


def claim_to_terminal(claim: Claim, width: int = 88, *, judged: bool) -> str:
    """One claim; `judged`: with the verdict on it, in an answer that a model wrote."""
    verdict = ""
    if claim.verdict == "unsupported":
        verdict = f"[not supported: {claim.why}] "
    elif judged:
        verdict = f"[{claim.verdict}] "
    words, answer, rest = around(claim, *BOLD_ENDS)
    marks = claim.text[len(without_marks(claim)) :]
    table = table_of(claim)
    lines = lines_of(table, width, BOLD_ENDS) if table is not None else None
    if lines is not None:
        shown = visible("\n".join([*lines, marks.strip()]))
        return shown.replace(BOLD_ENDS[0], BOLD).replace(BOLD_ENDS[1], NOT_BOLD)
    told = visible(f"{words}{answer}{rest}{marks}")
    shown = wrapped(verdict + told, width)
    return shown.replace(BOLD_ENDS[0], BOLD).replace(BOLD_ENDS[1], NOT_BOLD)


def after_to_terminal(answer: Answer, width: int = 88) -> str:
    """What follows claims that are shown already."""
    return "\n\n".join([*_notes(answer, width), *_sources_to_terminal(answer, width)])


def name_beside_title(source: Source) -> str:
    """The document's name, or nothing where its title says the same."""
    name, _, _ = source.name.rpartition(".")
    return "" if _letters(source.title) in (_letters(name), _letters(source.name)) else source.name


def day(published: str | None) -> str:
    """The date without the time of day, as people write it; one that is none of ISO's as it is
    printed."""
    said = TIME_OF_DAY.sub("", published or "")
    try:
        return day_in_words(date.fromisoformat(said), short=True)
    except ValueError:
        return said


def place_in_words(citation: Citation) -> str:
    """What stands above the cited words in their document: "Fees › Boats"."""
    return " › ".join(citation.place)


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
    among = later("both {some} and {last}") if len(others) == 1 else later("{some} and {last}")
    listed = phrase(among, some=", ".join(others), last=last)
    return sentence("contradiction", speaker=name, offices=listed)


def _claim_to_markdown(claim: Claim) -> str:
    table = table_of(claim)
    if table is not None:
        marks = " ".join(map(mark, claim.citations))
        return "\n> ".join([*_table_to_markdown(table), "", marks])
    marked = "".join(around(claim, *BOLD_ENDS))
    words = as_markdown(marked).replace("\n", "\n> ")
    for end in BOLD_ENDS:
        words = words.replace(end, "**")
    if claim.verdict == "unsupported":
        words = f"~~{words}~~ ({as_markdown(claim.why)})"
    return " ".join([words, *map(mark, claim.citations)])


def _table_to_markdown(table: Table) -> Iterator[str]:
    yield _row_to_markdown(map(as_markdown, table.header))
    yield _row_to_markdown("---" for _ in table.header)
    for row in table.rows:
        cells = [(cell, as_markdown(cell.text) if cell else "") for cell in row]
        yield _row_to_markdown(f"**{w}**" if table.is_answer(cell) else w for cell, w in cells)


def _row_to_markdown(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def as_markdown(words: str) -> str:
    """The words as Markdown that shows them as they are, line by line."""
    literal = (MARKUP.sub(_escaped, line.strip()) for line in visible(words).splitlines())
    return "\n".join(literal)


def _contradiction_to_markdown(contradiction: Contradiction) -> str:
    """Escaped, but for its marks."""
    words = as_markdown(_disagreement(contradiction))
    for printed in map(mark, contradiction.citations):
        words = words.replace(as_markdown(printed), printed)
    return words


def _disagreement(contradiction: Contradiction) -> str:
    about, what = contradiction.about, contradiction.what
    return phrase("The sources disagree about {topic}: {what}.", topic=about, what=what)


def _escaped(markup: re.Match[str]) -> str:
    return f"{markup[0][:-1]}\\{markup[0][-1]}"


def _notes(answer: Answer, width: int) -> Iterator[str]:
    """What the reader should know of the answer as a whole."""
    if answer.refusal is None:
        for words in filter(None, [answer.notice, answer.opening]):
            yield wrapped(words, width)


def _sources_to_terminal(answer: Answer, width: int) -> Iterator[str]:
    """Where the sources disagree, and the sources; of a refusal the reason and the nearest."""
    if answer.refusal is not None:
        yield wrapped(answer.refusal.reason, width)
        if answer.refusal.considered:
            yield "Nearest, but not an answer:"
            yield from (_source(citation, width) for citation in answer.refusal.considered)
        return
    for found in answer.contradictions:
        yield wrapped(visible(_disagreement(found)), width)
    yield "Sources"
    noted: set[str | None] = set()
    for citation in answer.citations:
        note = note_of(citation)
        yield _source(citation, width, with_quote=False, with_note=note not in noted)
        noted.add(note)


def _source(
    citation: Citation, width: int, *, with_quote: bool = True, with_note: bool = True
) -> str:
    source, span = citation.source, citation.span
    page = f", page {citation.page}" if citation.page else ""
    place = f", {place_in_words(citation)}" if citation.place else ""
    name = name_beside_title(source)
    title = f"{source.title} ({name})" if name else source.name
    where = f"characters {span.start:,} to {span.end:,}"
    lines = [f"{mark(citation.number)} {visible(title)}{page}{visible(place)}, {where}"]
    if with_quote:
        lines.append(wrapped(visible(citation.quote), width, "    "))
    if with_note and (note := note_of(citation)):
        lines.append(wrapped(f"Note: {visible(note)}", width, "    "))
    if citation.also:
        names = ", ".join(place.source.name for place in citation.also)
        lines.append(wrapped(f"The same in {visible(names)}", width, "    "))
    return "\n".join(lines)


def _letters(words: str) -> str:
    return "".join(filter(str.isalnum, words)).casefold()


def wrapped(words: str, width: int, indent: str = "") -> str:
    """In lines of at most this width; the lines of a list stay lines."""
    lines = [" ".join(line.split()) for line in words.splitlines()]
    return "\n".join(
        textwrap.fill(line, width, initial_indent=indent, subsequent_indent=indent)
        for line in lines
        if line
    )


def _claim(claim: Claim) -> dict[str, Any]:
    return {
        "text": claim.text,
        "citations": list(claim.citations),
        "verdict": claim.verdict,
        "why": claim.why,
    }


def _contradiction(contradiction: Contradiction) -> dict[str, Any]:
    return {
        "citations": list(contradiction.citations),
        "about": contradiction.about,
        "what": contradiction.what,
    }


def _answer(citation: Citation, span: Span) -> dict[str, Any]:
    start = citation.span.start
    return {**span_to_dict(span), "text": citation.quote[span.start - start : span.end - start]}


def _citation(citation: Citation, among: Sequence[Citation]) -> dict[str, Any]:
    speaker = citation.speaker
    return {
        "number": citation.number,
        "document": source_to_dict(citation.source),
        **span_to_dict(citation.span),
        "quote": citation.quote,
        "answer": citation.answer and _answer(citation, citation.answer),
        "rows": [list(map(_cell, row)) for row in citation.rows],
        "page": citation.page,
        "place": list(citation.place),
        "speaker": speaker and {"name": speaker.name, "as_printed": speaker.as_printed},
        "speech": citation.speech,
        "reported_by": citation.reported_by,
        "note": note_of(citation),
        "passage": span_to_dict(citation.passage),
        "link": at(citation.link_among(among)),
        "also": [
            {
                "document": source_to_dict(place.source),
                **span_to_dict(place.span),
                "link": at(place.link),
            }
            for place in citation.also
        ],
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


def _cell(cell: Cell) -> dict[str, Any]:
    return {"column": cell.column, **span_to_dict(cell.span), "text": cell.text}


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
        "considered": [_citation(each, refusal.considered) for each in refusal.considered],
        "counts": dict(refusal.counts),
    }


CHANGES = {"same": "{}", "dropped": "[-{}-]", "added": "{{+{}+}}"}
"""How a difference is printed: as wdiff does, which needs no colours."""

LEGEND = "[-These words-] were cited, {+these+} stand there now."


def findings_to_dict(findings: Findings) -> dict[str, Any]:
    """What became of a saved answer's citations, as programs see it."""
    return {
        "question": findings.receipt.question,
        "intact": findings.intact,
        "counts": {fate: findings.count(fate) for fate in get_args(Fate)},
        "findings": [_finding(finding) for finding in findings.each],
    }


def findings_to_terminal(findings: Findings, width: int = 88) -> str:
    """The same for people: a line for each, the difference below it, a summary."""
    blocks = [_finding_lines(finding, width) for finding in findings.each]
    if any(finding.difference for finding in findings.each):
        blocks.append(LEGEND)
    fates = get_args(Fate)
    counts = ", ".join(f"{findings.count(fate)} {fate}" for fate in fates if findings.count(fate))
    return "\n".join([*blocks, f"{counts or 'It cites nothing'}."])


def _finding(finding: Finding) -> dict[str, Any]:
    kept, source, span = finding.kept, finding.source, finding.span
    return {
        "number": kept.number,
        "fate": finding.fate,
        "why": finding.why,
        "document": {"id": kept.document_id, "source": kept.document_name},
        "found_in": source and source_to_dict(source),
        "was": span_to_dict(kept.span),
        "now": span and span_to_dict(span),
        "quote": kept.quote,
        "words": finding.words,
        "difference": [{"kind": part.kind, "words": part.words} for part in finding.difference],
        "link": source and span and at(read_link(source, _as_found(finding, span))),
    }


def _as_found(finding: Finding, span: Span) -> Kept:
    """Its words, where and as they stand now."""
    return replace(finding.kept, span=span, quote=finding.words)


def _finding_lines(finding: Finding, width: int) -> str:
    kept = finding.kept
    number = f"[{kept.number}]"
    head = f"{number:4} {finding.fate:7}  {visible(kept.document_name)}, {_places(finding)}"
    if finding.difference:
        return f"{head}\n{wrapped(' '.join(map(_change, finding.difference)), width, '    ')}"
    return f"{head}\n    {finding.why}" if finding.why else head


def _change(change: Difference) -> str:
    return CHANGES[change.kind].format(visible(change.words))


def _places(finding: Finding) -> str:
    """ "characters 10 to 90 → 24 to 104"."""
    was, now = finding.kept.span, finding.span
    moved = f" → {now.start:,} to {now.end:,}" if now and now != was else ""
    return f"characters {was.start:,} to {was.end:,}{moved}"
