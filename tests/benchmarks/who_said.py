"""Fits RELEVANCE of index/search/who_said.py: is a speaker's statement about the topic?

    python -m tests.benchmarks.who_said --docs FOLDER --questions FILE.jsonl

The questions are "What did X say about Y?", each of one document, with the statements
that are right (`gold`). Every statement by X in that document is one example, with the
cosine of statement and topic and the shares of the topic's words that the statement and
its sentences have. The fit is cross-validated by document.
"""

from __future__ import annotations

import argparse
import glob
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold, cross_val_predict

from assistant.building import open_to_write
from assistant.evaluation import read_questions
from assistant.evaluation.scoring.gold import Gold, find_gold
from assistant.evaluation.scoring.spans import Place
from assistant.understanding.querying import understand
from index.documents import LOCAL_USER, Span
from index.ingesting import Stores, sync
from index.search.who_said import RELEVANCE, StatementSearch
from tests.benchmarks.corpus import find_texts, new_settings, prepare_model

FOLDS = 8

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Example:
    """One statement by the asked speaker; `right` is None where nobody judged it."""

    question: int
    document: str
    features: tuple[float, float, float]
    right: bool | None


def main() -> None:
    """Observe, fit, and print what belongs into the code."""
    parser = argparse.ArgumentParser(description="Fit RELEVANCE of index/search/who_said.py.")
    parser.add_argument("--docs", type=Path, nargs="+", required=True)
    parser.add_argument("--questions", type=Path, required=True)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        texts = find_texts(options.docs, Path(scratch))
        with (
            new_settings(prepare_model(Path(scratch))) as settings,
            open_to_write(settings, "benchmark") as opened,
        ):
            for _ in sync(opened.stores, texts):
                pass
            gold, examples = observe(opened.stores, options.questions)
    report(gold, examples)


def observe(stores: Stores, questions: Path) -> tuple[Sequence[Gold], list[Example]]:
    """Every statement by the asked speakers in the questions' documents."""
    ids = {source.name: source.id for source in stores.catalog.sources(LOCAL_USER)}
    gold = find_gold(
        read_questions(questions), lambda name: stores.catalog.document(ids[name], LOCAL_USER).text
    )
    search = StatementSearch(stores.catalog, stores.words)
    examples = [
        example
        for number, each in enumerate(gold)
        for example in _examples(number, each, stores, search)
    ]
    return gold, examples


def _examples(
    number: int, gold: Gold, stores: Stores, search: StatementSearch
) -> Iterator[Example]:
    query = understand(gold.question.question, documents=glob.escape(gold.question.document or ""))
    scope = stores.catalog.scope(LOCAL_USER, query.documents)
    speakers = search.roster(scope).find(query.speaker or "")
    names = {name for speaker in speakers for name, _ in speaker.credited}
    stored = stores.catalog.statement_vectors(names, scope)
    if len(stored.ids) == 0:
        return
    cosines = stored.vectors @ stores.embedder.embed_question(query.topic)
    weights = {term.text: term.weight for term in stores.words.terms(query.topic, scope)}
    for statement, cosine in zip(
        stores.catalog.statements(stored.ids.tolist(), scope), cosines, strict=True
    ):
        name, content = statement.source.name, statement.statement.content
        features = (float(cosine), *search.shares(statement, weights))
        yield Example(number, name, features, _is_right(gold, name, content))


def _is_right(gold: Gold, document: str, content: Sequence[Span]) -> bool | None:
    places = [Place(document, span) for span in content]
    if any(unit.supports(place) for unit in gold.units for place in places):
        return True
    unjudged = any(p.span.overlaps(u.span) for p in places for u in gold.unjudged)
    return None if unjudged else False


def report(gold: Sequence[Gold], examples: Sequence[Example]) -> None:
    """How well the fit tells statements and questions apart, and the coefficients."""
    judged = [example for example in examples if example.right is not None]
    features = np.array([example.features for example in judged])
    right = np.array([example.right for example in judged])
    groups = [example.document for example in judged]
    probabilities = cross_val_predict(
        _regression(), features, right,
        groups=groups, cv=GroupKFold(FOLDS), method="predict_proba",
    )[:, 1]  # fmt: skip
    best: Numbers = np.zeros(len(gold))
    for example, probability in zip(judged, probabilities, strict=True):
        best[example.question] = max(best[example.question], probability)
    answerable = [each.question.answerable for each in gold]
    print(f"{len(judged):,} statements for {len(gold):,} questions")
    print(f"  AUC of statements {roc_auc_score(right, probabilities):.3f}, cross-validated")
    print(f"  AUC of questions  {roc_auc_score(answerable, best):.3f}, by the best statement")
    fitted = _regression().fit(features, right)
    print("fitted ", np.round([*fitted.intercept_, *fitted.coef_[0]], 2).tolist())
    print("in code", list(RELEVANCE))


def _regression() -> LogisticRegression:
    return LogisticRegression(C=10)


if __name__ == "__main__":
    main()
