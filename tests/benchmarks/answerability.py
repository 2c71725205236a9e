"""Fits ANSWERABILITY of assistant/answering/refusing.py: do the best hit's signs tell an answer?

    python -m tests.benchmarks.answerability --docs FOLDER --questions FILE.jsonl

Off-topic: the first half of the documents, by name, is indexed and every answerable
question is asked of it; one can be answered when its document is indexed. A logistic
regression on the best hit's sentence and coverage scores is cross-validated by document and
compared with the sentence's cosine alone.

Adversarial: all documents are indexed and every question is asked of its own; some cannot be
answered though they look so. What a name, number or "not" costs that the hit does not have is
the combination of WEIGHTS that tells these best, of those with which no fewer off-topic
questions are refused. At last the bias is fitted anew.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold, cross_val_predict

from assistant.answering.refusing import ANSWERABILITY
from assistant.building import open_to_write
from assistant.evaluation import read_questions
from assistant.evaluation.sets.questions import Question
from assistant.understanding.querying import understand
from index.documents import LOCAL_USER, Found, Query
from index.ingesting import sync
from tests.benchmarks.corpus import find_texts, index_of, new_settings, prepare_model

FOLDS = 8
ANSWERED = 0.95
"""Of the questions that can be answered, the share that a threshold lets through."""

REGULARIZATION = 10
"""Inverse strength, scikit-learn's C: weak, for there are only two scores."""

SCORES = 2
"""The first of the signs; the others are 0 or 1."""

WEIGHTS = ((0, -1, -2, -3, -4), (0, -0.5, -1, -1.5, -2, -3), (0, -2, -4, -6))
"""Tried for a name or number that is missing from the passage, from the sentence, and for a
"not" that only the question has."""

STEPS = 50

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Observed:
    """Of n questions the signs (n, 5), whether there is an answer, and the document asked."""

    signs: Numbers
    answerable: NDArray[np.bool_]
    documents: NDArray[np.str_]


def main() -> None:
    """Observe, fit, and print what belongs into the code."""
    parser = argparse.ArgumentParser(description="Fit ANSWERABILITY of refusing.py.")
    parser.add_argument("--docs", type=Path, nargs="+", required=True)
    parser.add_argument("--questions", type=Path, required=True)
    options = parser.parse_args()
    questions = [q for q in read_questions(options.questions).questions if q.document]
    with tempfile.TemporaryDirectory() as scratch:
        texts = find_texts(options.docs, Path(scratch))
        off_topic = observe_off_topic(texts, questions, scratch)
        adversarial = observe_adversarial(texts, questions, scratch)
    _report(off_topic, adversarial)


def observe_off_topic(
    texts: Sequence[Path], questions: Sequence[Question], scratch: str
) -> Observed:
    """Index half of the documents and ask everything that can be answered."""
    half = sorted(texts)[: len(texts) // 2]
    asked = [question for question in questions if question.answerable]
    with _searcher(half, scratch) as search:
        signs = [signs_of(search(understand(q.question))) for q in asked]
    documents = np.array([question.document for question in asked])
    return Observed(np.array(signs), np.isin(documents, [file.name for file in half]), documents)


def observe_adversarial(
    texts: Sequence[Path], questions: Sequence[Question], scratch: str
) -> Observed:
    """Index everything and ask each document its own questions."""
    with _searcher(texts, scratch) as search:
        signs = [signs_of(search(understand(q.question, (), q.document))) for q in questions]
    return Observed(
        np.array(signs),
        np.array([question.answerable for question in questions]),
        np.array([question.document for question in questions]),
    )


@contextmanager
def _searcher(texts: Sequence[Path], scratch: str) -> Iterator[Callable[[Query], Found]]:
    with (
        new_settings(prepare_model(Path(scratch))) as settings,
        open_to_write(settings, "benchmark") as opened,
    ):
        for _ in sync(opened.stores, texts):
            pass
        index = index_of(opened.stores)
        yield lambda query: index.view_of(LOCAL_USER).search(query)


def signs_of(found: Found) -> Sequence[float]:
    """Those that `assistant.answering.refusing.answerability` takes."""
    return found.signs or (0.0,) * len(ANSWERABILITY[1:])


def _report(off_topic: Observed, adversarial: Observed) -> None:
    """How well the fit and the cosine alone tell, and the coefficients."""
    inside, all_ = off_topic.answerable.sum(), len(off_topic.answerable)
    print(f"Off-topic: {all_:,} questions, {inside:,} of them on documents that are indexed")
    scores = off_topic.signs[:, :SCORES]
    fitted = _regression().fit(scores, off_topic.answerable)
    weights = best_weights(fitted.coef_[0], off_topic, adversarial)
    _report_off_topic("scores, cross-validated", cross_validated(off_topic), off_topic)
    _report_off_topic("all signs", off_topic.signs @ weights, off_topic)
    _report_off_topic("as in the code", off_topic.signs @ ANSWERABILITY[1:], off_topic)
    _report_off_topic("cosine alone", scores[:, 0], off_topic)
    print(f"Adversarial: {len(adversarial.answerable):,} questions of their own document")
    _report_adversarial("scores", adversarial.signs[:, :SCORES] @ fitted.coef_[0], adversarial)
    _report_adversarial("all signs", adversarial.signs @ weights, adversarial)
    _report_adversarial("as in the code", adversarial.signs @ ANSWERABILITY[1:], adversarial)
    _report_adversarial("cosine alone", adversarial.signs[:, 0], adversarial)
    bias = fitted_bias(off_topic.signs @ weights, off_topic.answerable)
    print("fitted ", np.round([bias, *weights], 1).tolist())
    print("in code", list(ANSWERABILITY))


def _report_off_topic(name: str, scores: Numbers, observed: Observed) -> None:
    area = roc_auc_score(observed.answerable, scores)
    share = refused(scores, observed)
    print(f"  {name:<24} AUC {area:.4f}, refused where {ANSWERED} are answered {share:.3f}")


def _report_adversarial(name: str, scores: Numbers, observed: Observed) -> None:
    print(f"  {name:<24} AUC {roc_auc_score(observed.answerable, scores):.4f}")


def refused(scores: Numbers, observed: Observed) -> float:
    """The share of what cannot be answered that a threshold refuses which lets ANSWERED of
    the others through."""
    threshold = np.quantile(scores[observed.answerable], 1 - ANSWERED)
    return float((scores[~observed.answerable] < threshold).mean())


def best_weights(scores: Numbers, off_topic: Observed, adversarial: Observed) -> Numbers:
    """The weights of all signs, those of the scores as they are."""
    without = refused(off_topic.signs[:, :SCORES] @ scores, off_topic)
    tried = [np.array([*scores, *more]) for more in product(*WEIGHTS)]
    harmless = [each for each in tried if refused(off_topic.signs @ each, off_topic) >= without]
    return max(
        harmless, key=lambda each: roc_auc_score(adversarial.answerable, adversarial.signs @ each)
    )


def fitted_bias(scores: Numbers, answerable: NDArray[np.bool_]) -> float:
    """With which as many answers are expected as there are, by Newton's method."""
    bias = -float(np.median(scores))
    for _ in range(STEPS):
        probable = 1 / (1 + np.exp(-(scores + bias)))
        bias -= (probable - answerable).sum() / (probable * (1 - probable)).sum()
    return bias


def cross_validated(observed: Observed) -> Numbers:
    """For each question the probability by a fit that has not seen its document."""
    folds = GroupKFold(min(FOLDS, len(set(observed.documents))))
    probabilities: Numbers = cross_val_predict(
        _regression(), observed.signs[:, :SCORES], observed.answerable,
        groups=observed.documents, cv=folds, method="predict_proba",
    )  # fmt: skip
    return probabilities[:, 1]


def _regression() -> LogisticRegression:
    return LogisticRegression(C=REGULARIZATION)


if __name__ == "__main__":
    main()
