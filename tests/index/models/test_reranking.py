"""A cross-encoder puts the passages in order, when one is set."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from assistant.building import open_to_chat
from assistant.chat import Assistant
from assistant.operating.doctor import check, describe
from assistant.rendering.answers import to_dict
from assistant.settings import Settings
from index.documents import LOCAL_USER, Query
from index.errors import PairModelUnavailable
from index.models.reranking import CrossEncoderScorer, Scorer, open_scorer
from index.search.searching import RERANKED
from index.search.view import Index
from tests.conftest import Collection, MakeCollection, invented_texts
from tests.cross_encoders import save_tiny_cross_encoder

QUESTION = "Who opened the bridge?"
TEXTS = {
    f"{who}.txt": f"The {who} opened the bridge in May, and {count} people came."
    for count, who in enumerate(("mayor", "baker", "captain", "gardener", "miller"))
}


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a tiny cross-encoder."""
    return save_tiny_cross_encoder(tmp_path_factory.mktemp("reranker") / "tiny")


def index_with(collection: Collection, scorer: Scorer) -> Index:
    stores = collection.stores
    return Index(stores.catalog, stores.words, stores.embedder, stores.vectors, scorer)


def test_the_order_follows_the_scores_of_the_model(
    tiny: Path, make_collection: MakeCollection
) -> None:
    """Whatever words and vectors had thought."""
    collection = make_collection(TEXTS)
    scorer = CrossEncoderScorer(str(tiny))
    found = index_with(collection, scorer).view_of(LOCAL_USER).search(Query(QUESTION, QUESTION))
    scores = scorer.score(QUESTION, [hit.passage.text for hit in found.hits])
    assert len(set(scores)) == len(TEXTS)
    assert scores == sorted(scores, reverse=True)
    assert [hit.score for hit in found.hits] == pytest.approx(scores, abs=1e-5)
    plain = collection.search(QUESTION)
    assert {hit.source.name for hit in plain.hits} == {hit.source.name for hit in found.hits}
    assert [hit.source.name for hit in plain.hits] != [hit.source.name for hit in found.hits]
    assert found.signs == plain.signs


class Counting:
    """Prefers the shortest passage, and remembers what it read."""

    identity = "counting"

    def __init__(self) -> None:
        self.read: list[str] = []

    def score(self, question: str, passages: Sequence[str]) -> list[float]:
        self.read += passages
        return [float(-len(passage)) for passage in passages]


def test_only_the_best_passages_are_read(make_collection: MakeCollection) -> None:
    """Each of them costs a pass through the model."""
    collection = make_collection(invented_texts(40, sentences=3))
    scorer = Counting()
    found = index_with(collection, scorer).view_of(LOCAL_USER).search(Query(QUESTION, QUESTION))
    assert len(scorer.read) == RERANKED
    lengths = [len(hit.passage.text) for hit in found.hits]
    assert lengths == sorted(lengths)
    assert lengths[0] == min(map(len, scorer.read))


def test_the_answer_and_the_checks_say_which_model_is_in_use(tiny: Path, seed_home: Path) -> None:
    settings = Settings(seed_home, reranker=str(tiny))
    answer = open_to_chat(settings).ask("what did Rahmon say?", principal=LOCAL_USER)
    named = to_dict(answer)["index"]["reranker"]
    assert named.startswith(f"{tiny}@")
    assert describe(settings)["reranker"] == str(tiny)
    (model,) = [check for check in check(settings) if check.name == "reranking model"]
    assert str(tiny) in model.words


def test_without_one_nothing_is_reranked_and_it_is_said(
    seed_assistant: Assistant, seed_settings: Settings
) -> None:
    assert open_scorer("") is None
    answer = seed_assistant.ask("what did Rahmon say?", principal=LOCAL_USER)
    assert to_dict(answer)["index"]["reranker"] is None
    (model,) = [check for check in check(seed_settings) if check.name == "reranking model"]
    assert (model.passed, model.words) == (True, "none, as set")


def test_a_model_that_cannot_be_loaded_is_named_with_what_to_do(
    tmp_path: Path, seed_home: Path
) -> None:
    (tmp_path / "empty").mkdir()
    settings = Settings(seed_home, reranker=str(tmp_path / "empty"))
    with pytest.raises(PairModelUnavailable, match=r"empty cannot be loaded(.|\n)*ONRECORD_RERANK"):
        open_to_chat(settings).ask("what did Rahmon say?", principal=LOCAL_USER)
    (model,) = [check for check in check(settings) if check.name == "reranking model"]
    assert not model.passed


def test_a_model_that_sorts_into_classes_is_no_reranker(tmp_path: Path) -> None:
    classifier = save_tiny_cross_encoder(tmp_path / "classes", outputs=3)
    with pytest.raises(PairModelUnavailable, match="has 3 outputs"):
        CrossEncoderScorer(str(classifier)).score(QUESTION, ["The mayor did."])


def test_a_long_passage_is_read_from_its_beginning(tiny: Path) -> None:
    """It costs no more than one that just fits."""
    scorer = CrossEncoderScorer(str(tiny))
    long = "the mayor opened the bridge " * 100
    whole, longer = scorer.score(QUESTION, [long, f"{long} and nobody came"])
    assert whole == pytest.approx(longer, abs=1e-5)
    assert scorer.score(QUESTION, []) == []
