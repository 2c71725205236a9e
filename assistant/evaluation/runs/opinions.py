"""What a language model thinks of an answer: two figures beside the measured ones.

An opinion is no measurement: it changes with the model, and a model may be talked into
it. So it is asked for only on request, shown under the model's name, and counted where
it could not be had.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping

from assistant.answering.writing import Writer
from assistant.answers import Answer, without_marks
from assistant.errors import ModelFailed
from assistant.languages.prompting import fill
from index.documents import Hit, StatementHit

GRADES = {"yes": 1.0, "partly": 0.5, "no": 0.0}
"""What the model is asked to say, and what it counts."""


class Grader:
    """Asks one model about answers."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    @property
    def name(self) -> str:
        """The model's name."""
        return self._writer.name

    def grade(self, answer: Answer) -> Mapping[str, float | None]:
        """`faithfulness`: do the passages cited say what the answer says?
        `answer_relevance`: does it answer the question? From 0 to 1, None where the model
        failed or said something else. Nothing for a refusal.
        """
        if not answer.answered:
            return {}
        fence = f"====={secrets.token_hex(6)}"
        said = " ".join(map(without_marks, answer.claims))
        passages = dict.fromkeys(_cited_passages(answer))
        return {
            "faithfulness": self._opinion(
                fill("judge_faithfulness", fence=fence, passages="\n\n".join(passages), answer=said)
            ),
            "answer_relevance": self._opinion(
                fill(
                    "judge_relevance",
                    fence=fence,
                    question=answer.query.standalone_question,
                    answer=said,
                )
            ),
        }

    def _opinion(self, prompt: str) -> float | None:
        messages = [("system", fill("judge_system")), ("user", prompt)]
        try:
            said = self._writer.say(messages)
        except ModelFailed:
            return None
        first = re.search(r"[a-z]+", said.lower())
        return GRADES.get(first[0]) if first else None


def _cited_passages(answer: Answer) -> list[str]:
    """The passages in which the citations stand; the words cited, where they are gone."""
    said = answer.found.said
    hits: list[Hit | StatementHit] = [*answer.found.hits, *(said.statements if said else ())]
    texts = {(hit.source.id, hit.passage.start): hit.passage.text for hit in hits}
    return [texts.get((c.source.id, c.passage.start), c.quote) for c in answer.citations]
