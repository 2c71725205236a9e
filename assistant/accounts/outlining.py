"""An answer as it is kept without a word of a document, and made again of today's words.

    Answer -> outline_of -> Outline: places, hashes, which place each sentence rests on
    Outline -> answered_again -> Again: verified anew, as the person who looks may read, and
    what became of each citation

What a language model wrote may have words of what is hidden later: it is sealed with what it was
given, and where that cannot be read any more there is what it cited. Of a refusal's reason only
words are kept that are the product's own or were typed.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from assistant.accounts.sealing import seal, unseal
from assistant.answering.crediting import lead
from assistant.answers import (
    Answer,
    Citation,
    Claim,
    Draft,
    DraftClaim,
    JudgedBefore,
    without_marks,
)
from assistant.languages.prompting import fill
from assistant.receipts.receipt import CONTEXT, Fate
from assistant.receipts.rechecking import UNMISTAKABLE
from assistant.verifying.verification import Verification
from index.documents import (
    Document,
    Evidence,
    Found,
    Hit,
    Passage,
    Query,
    Scores,
    Source,
    Span,
    StatementHit,
)
from index.english.kinds import KINDS
from index.english.spelling import TOKEN
from index.errors import DocumentNotFound

if TYPE_CHECKING:
    from index.search.view import View

BEGINNING = re.compile(r"(?<!\w)\S")
"""Where a quotation can begin."""

Read = Callable[[str], Document]
"""A document by its id, as the person who looks may read it. Raises DocumentNotFound."""


@dataclass(frozen=True, slots=True)
class KeptPlace:
    """A citation without its words: of those and of the words on either side the hashes, ""
    where they were not kept."""

    number: int
    document_id: str
    version: str
    span: Span
    hashed: str
    before: str = ""
    after: str = ""

    @classmethod
    def of(cls, citation: Citation) -> KeptPlace:
        source = citation.source
        around = (_hash(citation.prefix), _hash(citation.suffix))
        return cls(
            citation.number,
            source.id,
            source.version,
            citation.span,
            _hash(citation.quote),
            *around,
        )

    @classmethod
    def from_row(cls, row: Sequence[Any]) -> KeptPlace:
        number, document_id, version, start, end, *hashes = row
        return cls(int(number), str(document_id), str(version), Span(start, end), *hashes)

    def as_row(self) -> list[object]:
        """For JSON."""
        span = (self.span.start, self.span.end)
        hashes = (self.hashed, self.before, self.after)
        return [self.number, self.document_id, self.version, *span, *hashes]


@dataclass(frozen=True, slots=True)
class Today:
    """What became of a kept place: where its words stand now, None if they do not."""

    place: KeptPlace
    fate: Fate
    source: Source | None = None
    span: Span | None = None
    words: str | None = None


@dataclass(frozen=True, slots=True)
class KeptClaim:
    """By their numbers the citations of a claim, the hash of its lead ("" without one), and
    where in the first citation the words stand that answer by themselves."""

    citations: tuple[int, ...]
    lead: str = ""
    answer: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class AnswerOutline:
    """What an answer was made of. `reason` is there for a refusal alone; `sealed` is what was
    written, under the passages that were `given` for it."""

    claims: tuple[KeptClaim, ...] = ()
    opening: str = ""
    reason: str = ""
    partly: bool = False
    considered: tuple[KeptPlace, ...] = ()
    written: bool = False
    given: tuple[KeptPlace, ...] = ()
    sealed: str = ""

    def as_json(self) -> str:
        """To be kept."""
        places = {name: [p.as_row() for p in getattr(self, name)] for name in PLACES}
        return json.dumps({**asdict(self), **places})

    @classmethod
    def from_json(cls, text: str) -> AnswerOutline:
        fields = json.loads(text)
        claims = [
            KeptClaim(tuple(c["citations"]), c["lead"], c["answer"] and tuple(c["answer"]))
            for c in fields.pop("claims")
        ]
        places = {name: tuple(map(KeptPlace.from_row, fields.pop(name, ()))) for name in PLACES}
        considered, given = (places[name] for name in PLACES)
        return cls(claims=tuple(claims), considered=considered, given=given, **fields)


PLACES = ("considered", "given")
"""Fields of an outline."""


@dataclass(frozen=True, slots=True)
class Again:
    """An answer of today's words, None where nothing of it can be shown, and what became of
    each citation."""

    answer: Answer | None
    fates: tuple[Today, ...]


def outline_of(answer: Answer, typed: str) -> AnswerOutline:
    """What may be kept of it; `typed` is what the person wrote in the conversation."""
    is_written = answer.mode == "write"
    refusal = answer.refusal
    return AnswerOutline(
        claims=() if is_written else tuple(map(_kept, answer.claims)),
        opening=_own_words(answer.opening, typed),
        reason=(_own_words(refusal.reason, typed) or fill("not_answered")) if refusal else "",
        partly=answer.partly,
        considered=tuple(map(KeptPlace.of, refusal.considered)) if refusal else (),
        written=is_written,
        given=tuple(map(_place_of, answer.given)),
        sealed=seal(_as_shown(answer), _words_of(answer.given)) if is_written else "",
    )


def _place_of(hit: Hit) -> KeptPlace:
    words = hit.passage.text
    return KeptPlace(0, hit.source.id, hit.source.version, hit.passage.span, _hash(words))


def _words_of(given: Sequence[Hit]) -> list[str]:
    return [hit.passage.text for hit in given]


def _as_shown(answer: Answer) -> str:
    """Its sentences with their verdicts, and what was said of it."""
    claims = [
        {
            "text": without_marks(claim).removeprefix(claim.lead).lstrip(),
            "citations": [
                [cited.number, cited.speaker.name if cited.speaker else ""] for cited in claim.cited
            ],
            "verdict": claim.verdict,
            "why": claim.why,
            "lead": claim.lead,
        }
        for claim in answer.claims
    ]
    return json.dumps({"claims": claims, "notice": answer.notice})


def today(place: KeptPlace, read: Read) -> Today:
    """Where the words of a kept place stand at this moment."""
    try:
        document = read(place.document_id)
    except DocumentNotFound:
        return Today(place, "gone")
    span = _found(place, document.text)
    if span is None:
        return Today(place, "changed", document.source)
    fate: Fate = "same" if span == place.span else "moved"
    return Today(place, fate, document.source, span, document.text[span.start : span.end])


def answered_again(
    question: str, standalone: str, outline: AnswerOutline, places: Sequence[KeptPlace], view: View
) -> Again:
    """The answer to a question, of what its person may read and what stands there now."""
    read, statements = cache(view.document), cache(view.statements_of)
    fates = tuple(today(place, read) for place in places)
    now = {each.place.number: each for each in fates if each.span}
    shown = _unsealed(outline, read)
    claims: list[DraftClaim | JudgedBefore]
    if shown:
        claims = [*_as_judged(shown["claims"], now, read, statements)]
    else:
        claims = [*_claims(outline, now, read, statements)]
    nearest = [today(place, read) for place in outline.considered]
    considered = [_hit(each.place, each.span, read) for each in nearest if each.span]
    if not claims and not outline.reason:
        return Again(None, fates)
    numbers = {(each.place.document_id, each.span): n for n, each in now.items() if each.span}
    query, status = Query(question, standalone), view.status()
    found = Found((), None, status.documents, status.passages, status.version, status.embedder)
    verification = Verification(found, query, view, numbers=numbers)
    for claim in claims:
        verification.judge(claim)
    notice = fill("not_kept") if outline.written and claims else ""
    draft = Draft(
        "quote",
        (),  # they were judged
        outline.reason,
        outline.opening,
        outline.partly,
        tuple(considered),
        shown["notice"] if shown else notice,
    )
    return Again(verification.answer(draft), fates)


def _unsealed(outline: AnswerOutline, read: Read) -> dict[str, Any] | None:
    """What was written, if everything that it was given can be read as it was."""
    if not outline.sealed:
        return None
    words = [today(place, read).words for place in outline.given]
    if None in words:
        return None
    opened = unseal(outline.sealed, [each or "" for each in words])
    return json.loads(opened) if opened else None


def _as_judged(
    shown: Iterable[Mapping[str, Any]],
    now: Mapping[int, Today],
    read: Read,
    statements: Callable[[str], Sequence[StatementHit]],
) -> Iterator[JudgedBefore]:
    """The sentences as they were judged: what they rest on stands as it did."""
    for each in shown:
        rests_on = []
        for number, speaker in each["citations"]:
            found = now.get(number)
            if found is None or found.span is None:
                break
            place, span = found.place, found.span
            said = _said(place.document_id, span, speaker, statements) if speaker else None
            rests_on.append((said or _hit(place, span, read), span))
        else:
            told = (each["verdict"], each["why"], each["lead"])
            yield JudgedBefore(each["text"], tuple(rests_on), *told)


def _said(
    document_id: str,
    span: Span,
    speaker: str,
    statements: Callable[[str], Sequence[StatementHit]],
) -> StatementHit | None:
    """The statement that these characters are of, if it is still this speaker's."""
    hits = (hit for hit in statements(document_id) if speaker in (hit.speaker, hit.as_printed))
    return next((h for h in hits if any(map(span.overlaps, h.statement.content))), None)


def _claims(
    outline: AnswerOutline,
    now: Mapping[int, Today],
    read: Read,
    statements: Callable[[str], Sequence[StatementHit]],
) -> Iterator[DraftClaim]:
    """Those whose words all stand somewhere."""
    whole = outline.claims or [KeptClaim((number,)) for number in now if outline.written]
    for kept in whole:
        found = [now.get(number) for number in kept.citations]
        cited = [(each.place, each.span) for each in found if each and each.span]
        if len(cited) < len(found):
            continue
        hits = [_hit(place, span, read) for place, span in cited]
        words, statement = _credited(kept, cited, statements) if kept.lead else ("", None)
        rests_on = tuple(
            (statement or hit, span) for hit, (_, span) in zip(hits, cited, strict=True)
        )
        start = cited[0][1].start
        answer = Span(start + kept.answer[0], start + kept.answer[1]) if kept.answer else None
        quoted = " ".join(each.words or "" for each in found if each)
        yield DraftClaim(quoted, rests_on, words, answer)


def _credited(
    kept: KeptClaim,
    cited: Sequence[tuple[KeptPlace, Span]],
    statements: Callable[[str], Sequence[StatementHit]],
) -> tuple[str, StatementHit | None]:
    """The lead of a claim and whose statement it is, if the document still credits them."""
    place, span = cited[0]
    for hit in statements(place.document_id):
        if any(map(span.overlaps, hit.statement.content)):
            for words in (lead(hit), f"{hit.speaker or hit.as_printed}:"):
                if _hash(words) == kept.lead:
                    return words, hit
    return "", None


def _hit(place: KeptPlace, span: Span, read: Read) -> Hit:
    """The words as something that was found."""
    document = read(place.document_id)
    words = document.text[span.start : span.end]
    passage = Passage(span.start, span.end, words, (span,))
    return Hit(document.source, passage, 0.0, Scores(0, 0, 0, 0), (Evidence(span, words, 0.0),))


def _kept(claim: Claim) -> KeptClaim:
    places = [
        (answer.start - cited.span.start, answer.end - cited.span.start)
        for cited in claim.cited
        if (answer := cited.answer)
    ]
    lead = claim.lead and _hash(claim.lead)
    return KeptClaim(claim.citations, lead, next(iter(places), None))


def _found(place: KeptPlace, text: str) -> Span | None:
    """Where they stood, else the nearest place that has them, too: short ones can stand
    anywhere, so for those the words on one side have to be the same."""
    if _hash(text[place.span.start : place.span.end]) == place.hashed:
        return place.span
    length = len(place.span)
    starts = (match.start() for match in BEGINNING.finditer(text))
    equal = (Span(s, s + length) for s in starts if _hash(text[s : s + length]) == place.hashed)
    sure = [span for span in equal if length >= UNMISTAKABLE or _fits(place, text, span)]
    return min(sure, key=lambda span: abs(span.start - place.span.start), default=None)


def _fits(place: KeptPlace, text: str, span: Span) -> bool:
    before = text[max(0, span.start - CONTEXT) : span.start]
    after = text[span.end : span.end + CONTEXT]
    return place.before == _hash(before) or place.after == _hash(after)


def _own_words(text: str, typed: str) -> str:
    """The text if none of its words is a document's, else ""."""
    known = _product_words() | _words(typed)
    return text if all(word in known or word.isdigit() for word in _words(text)) else ""


@cache
def _product_words() -> frozenset[str]:
    """Every word of the prompts, of counts, and of the names of kinds of answer."""
    texts = [
        file.read_text("utf-8") for file in files("prompts").iterdir() if file.name[-3:] == ".md"
    ]
    counts = "document documents passage passages statement statements or and is are"
    return _words(" ".join([*texts, counts, *(kind.name for kind in KINDS)]))


def _words(text: str) -> frozenset[str]:
    return frozenset(word.lower() for word in TOKEN.findall(text))


def _hash(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()[:16]
