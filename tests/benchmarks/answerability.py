"""Fits ANSWERABILITY of index/searching.py: do the best hit's scores tell an answer?

    python -m tests.benchmarks.answerability --docs FOLDER --questions FILE.jsonl

The first half of the documents, by name, is indexed and every answerable question is
asked of it; one can be answered when its document is indexed. A logistic regression on
the best hit's sentence and coverage scores is cross-validated by document and compared
with the sentence's cosine alone.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold, cross_val_predict

from assistant.building import open_to_write
from assistant.evaluation import read_questions
from index.documents import Found
from index.ingesting import sync
from index.searching import ANSWERABILITY
from tests.benchmarks.corpus import find_texts, new_settings, prepare_model, searcher

FOLDS = 8
ANSWERED = 0.95
"""Of the questions that can be answered, the share that a threshold lets through."""

REGULARIZATION = 10
"""Inverse strength, scikit-learn's C: weak, for there are only two features."""

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Observed:
    """Of n questions the scores (n, 2), whether their document is indexed, and which."""

    scores: Numbers
    indexed: NDArray[np.bool_]
    documents: NDArray[np.str_]


def main() -> None:
    """Observe, fit, and print what belongs into the code."""
    parser = argparse.ArgumentParser(description="Fit ANSWERABILITY of index/searching.py.")
    parser.add_argument("--docs", type=Path, nargs="+", required=True)
    parser.add_argument("--questions", type=Path, required=True)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        observed = observe(find_texts(options.docs, Path(scratch)), options.questions, scratch)
    _report(observed)


def observe(texts: Sequence[Path], questions: Path, scratch: str) -> Observed:
    """Index half of the documents and ask everything."""
    half = sorted(texts)[: len(texts) // 2]
    asked = [q for q in read_questions(questions).questions if q.answerable and q.document]
    with (
        new_settings(prepare_model(Path(scratch))) as settings,
        open_to_write(settings, "benchmark") as opened,
    ):
        for _ in sync(opened.stores, half):
            pass
        search = searcher(opened.stores)
        scores = [best_scores(search(q.question)) for q in asked]
    documents = np.array([question.document for question in asked])
    return Observed(np.array(scores), np.isin(documents, [file.name for file in half]), documents)


def best_scores(found: Found) -> tuple[float, float]:
    """The two that `index.searching.answerability` takes."""
    if not found.hits:
        return 0.0, 0.0
    best = found.hits[0].scores
    return best.sentence, best.coverage


def _report(observed: Observed) -> None:
    """How well the fit and the cosine alone tell, and the coefficients."""
    inside, all_ = observed.indexed.sum(), len(observed.indexed)
    print(f"{all_:,} questions, {inside:,} of them on documents that are indexed")
    _report_scores("fitted, cross-validated", cross_validated(observed), observed.indexed)
    _report_scores("as in the code", observed.scores @ ANSWERABILITY[1:], observed.indexed)
    _report_scores("cosine alone", observed.scores[:, 0], observed.indexed)
    fitted = _regression().fit(observed.scores, observed.indexed)
    print("fitted ", np.round([*fitted.intercept_, *fitted.coef_[0]], 1).tolist())
    print("in code", list(ANSWERABILITY))


def _report_scores(name: str, scores: Numbers, indexed: NDArray[np.bool_]) -> None:
    threshold = np.quantile(scores[indexed], 1 - ANSWERED)
    refused = (scores[~indexed] < threshold).mean()
    area = roc_auc_score(indexed, scores)
    print(f"  {name:<24} AUC {area:.4f}, refused where {ANSWERED} are answered {refused:.3f}")


def cross_validated(observed: Observed) -> Numbers:
    """For each question the probability by a fit that has not seen its document."""
    folds = GroupKFold(min(FOLDS, len(set(observed.documents))))
    probabilities: Numbers = cross_val_predict(
        _regression(), observed.scores, observed.indexed,
        groups=observed.documents, cv=folds, method="predict_proba",
    )  # fmt: skip
    return probabilities[:, 1]


def _regression() -> LogisticRegression:
    return LogisticRegression(C=REGULARIZATION)


if __name__ == "__main__":
    main()
