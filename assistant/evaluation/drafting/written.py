"""Questions that a language model writes about pieces of a document.

Its evidence has to stand in the piece letter by letter; a question with other evidence is
dropped and counted.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Iterator
from typing import Any

from assistant.answering.writing import Writer
from assistant.evaluation.drafting.drafts import DraftedQuestion
from assistant.evaluation.drafting.material import Material
from assistant.languages.prompting import fill
from assistant.understanding.querying import LONGEST_QUESTION
from index.documents import Span

A_PIECE = 3
"""Questions that are asked for at a time."""

PIECE = 2_400
"""Characters of a piece: about 600 tokens, which leaves small models room to answer."""

SHORTEST_EVIDENCE = 20

OBJECT = re.compile(r"\{[^{}]*\}")


class Composer:
    """Has one model write questions; `dropped` counts those that could not be used."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self.dropped = 0

    def questions(self, material: Material) -> Iterator[DraftedQuestion]:
        """Questions about each piece of the document in turn. Raises ModelFailed."""
        for piece in _pieces(material):
            for values in self._ask(material, piece):
                draft = _checked(values, material, piece)
                if draft is None:
                    self.dropped += 1
                else:
                    yield draft

    def _ask(self, material: Material, piece: Span) -> Iterator[dict[str, Any]]:
        fence = f"====={secrets.token_hex(6)}"
        text = material.document.text[piece.start : piece.end]
        title = " ".join(material.document.source.title.split())
        said = self._writer.say(
            [
                ("system", fill("draft_system", fence=fence, count=A_PIECE)),
                ("user", fill("draft_piece", fence=fence, title=title, text=text)),
            ]
        )
        for match in OBJECT.finditer(said):
            try:
                yield json.loads(match[0])
            except ValueError:
                self.dropped += 1


def _pieces(material: Material) -> Iterator[Span]:
    """Sentences in a row, about PIECE characters of them."""
    start: int | None = None
    end = 0
    for sentence in material.sentences:
        if start is not None and sentence.span.end - start > PIECE:
            yield Span(start, end)
            start = None
        start = sentence.span.start if start is None else start
        end = sentence.span.end
    if start is not None:
        yield Span(start, end)


def _checked(values: dict[str, Any], material: Material, piece: Span) -> DraftedQuestion | None:
    """The question, if it is one and its evidence stands in the piece, once or first."""
    question, evidence = (values.get(name) for name in ("question", "evidence"))
    if not isinstance(question, str) or not isinstance(evidence, str):
        return None
    asked = " ".join(question.split())
    start = material.document.text.find(evidence, piece.start, piece.end)
    if start < 0 or len(evidence.strip()) < SHORTEST_EVIDENCE:
        return None
    if not asked.endswith("?") or len(asked) > LONGEST_QUESTION:
        return None
    answer = values.get("answer")
    short = (answer,) if isinstance(answer, str) and answer.strip() else ()
    return DraftedQuestion(
        "written",
        asked,
        material.name,
        ((Span(start, start + len(evidence)),),),
        material.vocabulary.stems(asked),
        answers=short,
    )
