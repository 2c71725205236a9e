"""A question and what was said before, to a query that stands alone."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answers import Turn
from assistant.errors import WrongUse
from index.documents import Query

LONGEST_QUESTION = 2_000

ASKING_FOR_WORDS = (
    re.compile(
        r"\b(?:did|does|has|have|had|do)\s+(?P<speaker>.+?)\s+(?:say|said|tell|told)\b", re.I
    ),
    re.compile(r"\baccording\s+to\s+(?P<speaker>[^,?]+)", re.I),
)


def understand(question: str, history: Sequence[Turn] = (), documents: str | None = None) -> Query:
    """Raises WrongUse for a question that is empty or too long. A first question is
    left as it is."""
    words = " ".join(question.split())
    if not words:
        raise WrongUse("The question is empty. Ask something, for example: What is this about?")
    if len(words) > LONGEST_QUESTION:
        raise WrongUse(
            f"The question has {len(words):,} characters; "
            f"at most {LONGEST_QUESTION:,} can be asked."
        )
    return Query(question, words, documents, _speaker(words))


def _speaker(question: str) -> str | None:
    """Whose words are asked for: "Putin" in "What did Putin say about energy?"."""
    found = next((match for form in ASKING_FOR_WORDS if (match := form.search(question))), None)
    return found["speaker"] if found else None
