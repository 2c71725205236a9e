"""An assistant that finds and quotes what its script says, to be evaluated."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

from assistant.answers import Answer, Draft, DraftClaim, Mode, Turn
from assistant.verifying.verification import Verification
from index.documents import (
    Document,
    Evidence,
    Found,
    Hit,
    Passage,
    Principal,
    Query,
    Scores,
    Source,
    Span,
)
from index.search.view import Library
from tests.shelf import Shelf
from tests.signs import likely

TEXTS = {
    "pool.txt": "The pool opened [1] in May.\r\n“𝒜 fine day,” Ada said.\r\nBo swam.",
    "a[1]*.txt": "Cy sat.",
}
MAY, ADA, BO = Span(0, 27), Span(29, 52), Span(54, 62)
CY = Span(0, 7)

Script = Sequence[tuple[str, Span]]


@dataclass
class ScriptedAssistant:
    """Finds and quotes what its script says for each question, in scope; else refuses.

    It remembers what it was asked.
    """

    script: Mapping[str, Script]
    texts: Mapping[str, str] = field(default_factory=lambda: TEXTS)
    asked: list[tuple[str, tuple[Turn, ...], str | None]] = field(default_factory=list)
    revision: int = 7

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        *,
        principal: Principal,
        documents: str | None = None,
        mode: Mode = "quote",
    ) -> Answer:
        self.asked.append((question, tuple(history), documents))
        hits = [self._hit(name, span) for name, span in self.script.get(question, [])]
        in_scope = [h for h in hits if documents is None or fnmatchcase(h.source.name, documents)]
        signs = likely(0.9 if in_scope else 0.1)
        found = Found(tuple(in_scope), signs, 2, 4, str(self.revision), "test-embedder")
        claims = tuple(DraftClaim(h.passage.text, ((h, h.passage.span),)) for h in in_scope)
        draft = Draft(mode, claims, "Nothing answers that.")
        query = Query(question, question, documents)
        return judged(draft, found, query, self.view_of(principal))

    def view_of(self, principal: Principal) -> Library:
        documents = [Document(self._source(name), text) for name, text in self.texts.items()]
        return Shelf(documents, self.revision)

    def _source(self, name: str) -> Source:
        return Source(f"id of {name}", name, name, "1")

    def _hit(self, name: str, span: Span) -> Hit:
        text = self.texts[name][span.start : span.end]
        passage = Passage(span.start, span.end, text, (span,))
        return Hit(
            self._source(name), passage, 1.0, Scores(1, 1, 1, 1), (Evidence(span, text, 1.0),)
        )


QUESTIONS: list[dict[str, object]] = [
    {
        "id": "open",
        "question": "When did it open?",
        "answerable": True,
        "document": "pool.txt",
        "evidence": [{"text": "The pool opened [1] in May."}],
        "must_include": [["May"]],
        "category": "fact",
    },
    {
        "id": "ada",
        "question": "What did she say?",
        "answerable": True,
        "document": "pool.txt",
        "speaker": "Ada",
        "history": [{"role": "user", "content": "Who is Ada?"}],
        "gold": [{"spans": [{"start": 29, "end": 52, "text": "“𝒜 fine day,” Ada said."}]}],
        "category": "who said what",
    },
    {"id": "price", "question": "What did it cost?", "answerable": False, "category": "fact"},
]

PERFECT: Mapping[str, Script] = {
    "When did it open?": [("pool.txt", MAY)],
    "What did she say?": [("pool.txt", ADA)],
}


def write_set(folder: Path, rows: Sequence[Mapping[str, object]] = QUESTIONS) -> Path:
    path = folder / "questions.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def judged(draft: Draft, found: Found, query: Query, library: Library) -> Answer:
    """The answer that is made of a draft of quotations."""
    verification = Verification(found, query, library)
    for proposal in draft.claims:
        verification.judge(proposal)
    return verification.answer(draft)
