"""A model of natural language inference reads each written sentence, when one is set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.answers import Answer
from assistant.building import open_to_chat
from assistant.operating.doctor import check, describe
from assistant.settings import Settings, read_settings
from assistant.verifying.entailing import CrossEncoderEntailer, open_entailer
from index.documents import LOCAL_USER
from index.errors import PairModelUnavailable
from tests.conftest import run_python
from tests.cross_encoders import save_tiny_cross_encoder
from tests.scripted import answering, scripted_server, with_model

QUESTION = "what did Rahmon say about students?"
FAITHFUL = "Rahmon said around 20,000 Tajik citizens are studying in Russian universities [1]."
LABELS = ("contradiction", "ENTAILMENT", "neutral")


@pytest.fixture(scope="module", params=LABELS)
def sure(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a tiny model that finds the same everywhere: its name is what."""
    label: str = request.param
    folder = tmp_path_factory.mktemp("entailment") / label.lower()
    return save_tiny_cross_encoder(folder, 3, LABELS, always=label)


def patient(url: str, settings: Settings) -> Settings:
    """With the model of this server, however long it takes."""
    return with_model(url, settings, first_word_wait=60.0, answer_wait=60.0)


def ask(settings: Settings, *words: str) -> Answer:
    with scripted_server(answering(*words)) as server:
        assistant = open_to_chat(patient(server.url, settings))
        return assistant.ask(QUESTION, principal=LOCAL_USER, mode="write")


def test_a_sentence_has_to_follow_from_what_it_cites(sure: Path, seed_settings: Settings) -> None:
    """By the model, though all other checks are passed; it is said which of the two it is
    not. The quotations need no such model."""
    answer = ask(replace(seed_settings, entailment=str(sure)), FAITHFUL)
    written, *quotations = answer.claims
    verdict, why = {
        "entailment": ("supported", ""),
        "contradiction": ("unsupported", "contradicts this"),
        "neutral": ("unsupported", "does not follow"),
    }[sure.name]
    assert written.verdict == verdict
    assert why in written.why
    assert {claim.verdict for claim in quotations} <= {"verbatim"}


def test_it_is_shown_the_sentences_with_who_says_them(seed_settings: Settings) -> None:
    """And only what the other checks let pass and what is not copied."""
    asked: list[tuple[str, str]] = []

    class Noting(CrossEncoderEntailer):
        def doubt(self, premise: str, sentence: str) -> str:
            asked.append((premise, sentence))
            return ""

    with scripted_server(answering(FAITHFUL, " ", FAITHFUL.replace("20,000", "30"))) as server:
        assistant = open_to_chat(patient(server.url, seed_settings))
        assistant._entailer = Noting("none")
        assistant.ask(QUESTION, principal=LOCAL_USER, mode="write")
    ((premise, sentence),) = asked
    assert premise.startswith("Emomali Rahmon: ")
    assert "20,000 of our citizens" in premise
    assert sentence == FAITHFUL.replace(" [1]", "")


def test_the_checks_say_which_model_is_in_use(sure: Path, seed_home: Path) -> None:
    """And that it is of no use, if it finds nothing in a sentence that says it."""
    settings = Settings(seed_home, entailment=str(sure))
    assert describe(settings)["entailment"] == str(sure)
    (model,) = [each for each in check(settings) if each.name == "entailment model"]
    assert model.passed == (sure.name == "entailment")
    assert str(sure) in model.words


@pytest.mark.parametrize("labels", [(), ("yes", "no", "perhaps"), ("entailment", "not_entailment")])
def test_a_model_without_the_classes_is_refused(labels: Sequence[str], tmp_path: Path) -> None:
    """With those that it has."""
    folder = save_tiny_cross_encoder(tmp_path / "other", len(labels) or 3, labels)
    with pytest.raises(PairModelUnavailable, match="entailment and contradiction, and has") as told:
        CrossEncoderEntailer(str(folder)).doubt("He swam.", "He swam.")
    assert "ONRECORD_ENTAILMENT" in str(told.value)
    assert all(label in str(told.value) for label in labels)


def test_it_is_off_unless_it_is_set(seed_home: Path) -> None:
    """And loads nothing then."""
    assert open_entailer("") is None
    assert read_settings(seed_home, {}).entailment == ""
    assert read_settings(seed_home, {"ONRECORD_ENTAILMENT": "m"}).entailment == "m"
    script = (
        "import sys, assistant.verifying.entailing; print('sentence_transformers' in sys.modules)"
    )
    assert run_python(script).stdout.strip() == "False"
