"""Does the probability of an answer tell questions that only look answerable?

    python -m tests.benchmarks.adversarial --docs FOLDER --questions FILE.jsonl

Each question is asked of its own document. What index/search/searching.py and
index/search/who_said.py say of the best evidence is compared, by the area under the ROC
curve, with the cosine of the best sentence or statement alone.

On squad/dev, whose unanswerable questions were written to look answerable, .67 against .62:
question and passage share their subject, and to tell what differs takes reading. On
polnear/dev, where the speaker said nothing on the topic, .95 against .90.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import numpy as np
from sklearn.metrics import roc_auc_score

from assistant.answering.refusing import answerability
from assistant.building import open_to_write
from assistant.evaluation import read_questions
from assistant.evaluation.sets.questions import Question
from assistant.understanding.querying import understand
from index.documents import LOCAL_USER, Found
from index.ingesting import sync
from tests.benchmarks.corpus import find_texts, index_of, new_settings, prepare_model


def main() -> None:
    """Print the two areas."""
    parser = argparse.ArgumentParser(description="Tell questions that only look answerable.")
    parser.add_argument("--docs", type=Path, nargs="+", required=True)
    parser.add_argument("--questions", type=Path, required=True)
    options = parser.parse_args()
    questions = [q for q in read_questions(options.questions).questions if q.document]
    with tempfile.TemporaryDirectory() as scratch:
        texts = find_texts(options.docs, Path(scratch))
        scores = np.array([*_ask(questions, texts, Path(scratch))])
    answerable = np.array([question.answerable for question in questions])
    print(f"{len(questions):,} questions, {answerable.sum():,} of them answerable")
    for name, column in (("as in the code", scores[:, 0]), ("cosine alone", scores[:, 1])):
        print(f"  {name:<16} AUC {roc_auc_score(answerable, column):.4f}")


def _ask(
    questions: Sequence[Question], texts: Sequence[Path], scratch: Path
) -> Iterator[tuple[float, float]]:
    """(probability, cosine) of each question's best evidence in its document."""
    asked = {question.document for question in questions}
    with (
        new_settings(prepare_model(scratch)) as settings,
        open_to_write(settings, "benchmark") as opened,
    ):
        for _ in sync(opened.stores, [text for text in texts if text.name in asked]):
            pass
        index = index_of(opened.stores)
        for each in questions:
            is_speaker = partial(index.view_of(LOCAL_USER).is_speaker, documents=each.document)
            query = understand(each.question, (), each.document, None, is_speaker)
            yield best_evidence(index.view_of(LOCAL_USER).search(query))


def best_evidence(found: Found) -> tuple[float, float]:
    """(probability, cosine): of the asked speaker's statements if it is about somebody's
    words, else of the passages."""
    said = found.said
    if said is not None and said.speakers:
        own = [*said.statements, *said.nearest]
        return (
            max((each.relevance for each in own), default=0.0),
            max((each.similarity for each in own), default=0.0),
        )
    return answerability(found), max((hit.scores.sentence for hit in found.hits), default=0.0)


if __name__ == "__main__":
    main()
