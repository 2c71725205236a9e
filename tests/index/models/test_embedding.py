"""Text to vectors: the export is the model, sentences know their passage, no network."""

import json
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Literal

import numpy as np
import pytest

from assistant.building import open_to_ask_once, open_to_write
from assistant.settings import Settings
from index.documents import LOCAL_USER, Passage, Span
from index.errors import EmbedderMismatch, EmbedderUnavailable
from index.ingesting import sync
from index.models.embedding import cosines_to
from index.models.exported import OnnxEmbedder, standing_back
from index.models.opening import (
    PACKAGED_MODELS,
    Packaged,
    SentenceTransformerEmbedder,
    open_embedder,
    packaged_model,
)
from index.models.quiet import TELEMETRY_OFF
from tests.conftest import SEEDS, MakeCollection, run_python

TEXTS = (
    "Rahmon thanked Russia. He said so twice.",
    "The pool opened in May.",
    "Он сказал: «Мы придём». 😀 他说了。",
    "The minister said that the talks would go on. " * 20,
)

Pooling = Literal["mean", "cls"]
MakeModel = Callable[[str, Pooling], Path]


def passage(text: str, *sentences: str, start: int = 0) -> Passage:
    """A passage that begins at `start` of its document."""
    at = [start + text.index(sentence) for sentence in sentences]
    spans = [Span(first, first + len(words)) for first, words in zip(at, sentences, strict=True)]
    return Passage(start, start + len(text), text, tuple(spans))


@pytest.fixture(scope="module")
def make_model(tmp_path_factory: pytest.TempPathFactory) -> MakeModel:
    """Makes a tiny random model in a folder, by its name and how it pools."""
    made: dict[str, Path] = {}

    def make(name: str, pooling: Pooling) -> Path:
        if name not in made:
            made[name] = tmp_path_factory.mktemp(name)
            _save_tiny_model(made[name], pooling, tmp_path_factory.mktemp("bert"))
        return made[name]

    return make


def _save_tiny_model(folder: Path, pooling: Pooling, scratch: Path) -> None:
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.base.modules.transformer import Transformer
    from sentence_transformers.sentence_transformer.modules.pooling import Pooling as PoolingModule
    from transformers import BertConfig, BertModel, BertTokenizer

    words = "[PAD] [UNK] [CLS] [SEP] [MASK] the pool opened in may . he said so".split()
    letters = [f"{lead}{chr(code)}" for lead in ("", "##") for code in range(97, 123)]
    (scratch / "vocab.txt").write_text("\n".join([*words, *letters]))
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(words) + len(letters), hidden_size=32, num_hidden_layers=1,
        num_attention_heads=2, intermediate_size=32, max_position_embeddings=64,
    )  # fmt: skip
    BertModel(config).save_pretrained(scratch)
    BertTokenizer(vocab=str(scratch / "vocab.txt")).save_pretrained(scratch)
    transformer = Transformer(str(scratch), max_seq_length=64)
    pool = PoolingModule(transformer.get_embedding_dimension(), pooling_mode=pooling)
    SentenceTransformer(modules=[transformer, pool], device="cpu").save(str(folder))


def test_the_default_model_is_known_by_its_name_weights_and_pooling(
    embedder: OnnxEmbedder,
) -> None:
    """So that vectors of two models are never compared."""
    digest = PACKAGED_MODELS["all-MiniLM-L6-v2"].digest
    assert embedder.identity == f"all-MiniLM-L6-v2@{digest[:12]} mean"
    assert embedder.dimensions == 384


def test_the_window_is_what_the_model_sees_without_special_tokens(embedder: OnnxEmbedder) -> None:
    """The model sees 256 tokens; [CLS] and [SEP] are two of them."""
    assert embedder.window == 254


def test_the_export_gives_the_vectors_of_sentence_transformers(embedder: OnnxEmbedder) -> None:
    """Also of texts that are cut off at the window, and of several scripts."""
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(packaged_model("all-MiniLM-L6-v2"), device="cpu")
    expected = model.encode(list(TEXTS), normalize_embeddings=True)
    given = embedder.embed_passages([passage(text) for text in TEXTS])
    assert np.abs(np.stack([v.passage for v in given]) - expected).max() < 1e-4
    questions = np.stack([embedder.embed_question(text) for text in TEXTS])
    assert np.abs(questions - expected).max() < 1e-4


def test_a_sentence_knows_its_passage(embedder: OnnxEmbedder) -> None:
    """ "He said so twice." after Rahmon is nearer to him than after the pool."""
    said = "He said so twice."
    rahmon, pool, alone = embedder.embed_passages(
        [
            passage(f"Rahmon thanked Russia. {said}", said),
            passage(f"The pool opened in May. {said}", said),
            passage(said, said),
        ]
    )
    question = embedder.embed_question("Rahmon thanked Russia.")
    assert question @ rahmon.sentences[0] > question @ pool.sentences[0] + 0.1
    assert question @ rahmon.sentences[0] > question @ alone.sentences[0] + 0.1


def test_a_sentence_knows_the_headings_above_its_passage(embedder: OnnxEmbedder) -> None:
    """ "You have 26 days." below "Annual leave" is nearer to a question about leave."""
    said = "You have 26 days."
    below, alone = (
        embedder.embed_passages([replace(passage(said, said), context=context)])[0]
        for context in ("Staff handbook / Annual leave", "")
    )
    question = embedder.embed_question("How much annual leave do I get?")
    assert question @ below.passage > question @ alone.passage + 0.1
    assert question @ below.sentences[0] > question @ alone.sentences[0] + 0.1


def test_the_vector_of_a_sentence_below_a_heading_is_of_its_own_words(
    embedder: OnnxEmbedder,
) -> None:
    first, second = "The staff have 26 days.", "The pool opens in May."
    both = passage(f"{first} {second}", first, second)
    context = "Staff handbook / Annual leave of those who are paid by the hour or by the month"
    (below,) = embedder.embed_passages([replace(both, context=context)])
    question = embedder.embed_question("When does the pool open?")
    assert question @ below.sentences[1] > 0.5


def test_headings_never_push_a_sentence_out_of_sight_of_the_model(embedder: OnnxEmbedder) -> None:
    """A passage that fills the window is embedded without what stands above it."""
    last = "The mill is closed."
    text = f"{'The pool opened in May. ' * 41}{last}"
    full = passage(text, last)
    assert embedder.count_tokens(text, [Span(0, len(text))])[0] in range(245, 255)
    below = embedder.embed_passages([replace(full, context="Staff handbook / Annual leave")])[0]
    assert np.allclose(below.sentences, embedder.embed_passages([full])[0].sentences, atol=1e-6)
    assert np.linalg.norm(below.sentences[0]) == pytest.approx(1.0, abs=1e-5)


def test_sentence_vectors_have_length_one(embedder: OnnxEmbedder) -> None:
    """Each of them, wherever its passage stands in the document."""
    text = "Rahmon thanked Russia. He said so twice."
    (vectors,) = embedder.embed_passages(
        [passage(text, "Rahmon thanked Russia.", "He said so twice.", start=700)]
    )
    assert vectors.sentences.shape == (2, 384)
    assert np.linalg.norm(vectors.sentences, axis=1) == pytest.approx([1.0, 1.0], abs=1e-5)
    assert np.linalg.norm(vectors.passage) == pytest.approx(1.0, abs=1e-5)


def test_cosines_are_those_of_the_product() -> None:
    vectors = np.eye(3, dtype=np.float32)[[0, 1, 0]]
    assert cosines_to(vectors, np.array([0.6, 0.8, 0], np.float32)).tolist() == pytest.approx(
        [0.6, 0.8, 0.6]
    )


def test_offsets_count_characters_also_after_emoji(embedder: OnnxEmbedder) -> None:
    """A sentence after 😀 gets its own tokens, not those some bytes further on."""
    text = "😀😀😀😀😀😀 𝒜. The pool opened."
    plain = "xxxxxx x. The pool opened."
    spans = [Span(0, 9), Span(10, len(text))]
    assert embedder.count_tokens(text, [Span(text.index("The"), len(text))]) == [4]
    assert embedder.count_tokens(plain, spans[1:]) == [4]


def test_tokens_of_neighbouring_spans_add_up(embedder: OnnxEmbedder) -> None:
    """A token belongs to the span in which it begins, so that none counts twice."""
    text = "Internationalization was, unquestionably, discussed."
    halves = [Span(0, 7), Span(7, 30), Span(30, len(text))]
    assert sum(embedder.count_tokens(text, halves)) == sum(
        embedder.count_tokens(text, [Span(0, len(text))])
    )
    assert embedder.count_tokens(text, []) == []


@pytest.mark.skipif(sys.platform != "linux", reason="threads have no priority of their own")
def test_where_people_wait_passages_are_embedded_by_threads_that_let_others_go_first(
    embedder: OnnxEmbedder,
) -> None:
    passage = Passage(0, 19, "The mill is closed.", (Span(0, 19),))
    behind = standing_back(embedder)
    (vectors,) = behind.embed_passages([passage])
    (as_ever,) = embedder.embed_passages([passage])
    assert np.allclose(vectors.passage, as_ever.passage, atol=1e-6)
    threads = [int(task.name) for task in Path("/proc/self/task").iterdir()]
    priorities = [os.getpriority(os.PRIO_PROCESS, thread) for thread in threads]
    own = os.getpriority(os.PRIO_PROCESS, 0)
    assert sum(priority > own for priority in priorities) >= (os.cpu_count() or 1)


def test_vectors_come_back_in_the_order_given(embedder: OnnxEmbedder) -> None:
    """Texts are run by length; the answers are not."""
    texts = ["short", "a text that is quite a bit longer " * 9, "of middling length, this one"] * 9
    together = embedder.embed_passages([passage(text) for text in texts])
    for text, vectors in zip(texts, together, strict=True):
        (alone,) = embedder.embed_passages([passage(text)])
        assert alone.passage @ vectors.passage > 0.9999


def test_no_passages_have_no_vectors(embedder: OnnxEmbedder) -> None:
    """An empty file is no special case."""
    assert embedder.embed_passages([]) == []


@pytest.mark.parametrize("word", ["France", "site", "students"])
def test_everyday_words_are_common(word: str, embedder: OnnxEmbedder) -> None:
    """They are spelt right, however rare in the documents."""
    assert embedder.is_common(word)


@pytest.mark.parametrize("word", ["rahmno", "studnets"])
def test_slips_are_not_common(word: str, embedder: OnnxEmbedder) -> None:
    """No model has a token for them."""
    assert not embedder.is_common(word)


def test_an_exported_model_is_opened_without_sentence_transformers(models: Path) -> None:
    """So that a question is answered in about a second."""
    done = run_python(
        "import sys, pathlib; from index.models.opening import open_embedder\n"
        "open_embedder('all-MiniLM-L6-v2', pathlib.Path(sys.argv[1])).embed_question('Who?')\n"
        "print(sorted({'torch', 'transformers', 'sentence_transformers'} & set(sys.modules)))",
        models,
    )
    assert (done.stdout.strip(), done.returncode) == ("[]", 0), done.stderr


def test_a_mean_pooling_model_in_a_folder_is_exported(
    make_model: MakeModel, tmp_path: Path
) -> None:
    """By its folder, with its own window and dimensions; the second time from the cache."""
    folder = make_model("tiny-mean", "mean")
    first = open_embedder(str(folder), tmp_path)
    assert isinstance(first, OnnxEmbedder)
    assert (first.dimensions, first.window) == (32, 62)
    assert first.identity.endswith(" mean")
    (card,) = tmp_path.glob("*/model.json")
    assert json.loads(card.read_text())["identity"] == first.identity
    again = open_embedder(str(folder), tmp_path)
    assert np.array_equal(again.embed_question("the pool"), first.embed_question("the pool"))


def test_a_model_that_pools_otherwise_runs_in_sentence_transformers(
    make_model: MakeModel, tmp_path: Path
) -> None:
    """Its sentences are encoded on their own; everything else is the same."""
    opened = open_embedder(str(make_model("tiny-cls", "cls")), tmp_path)
    assert isinstance(opened, SentenceTransformerEmbedder)
    assert (opened.dimensions, opened.window) == (32, 62)
    said, other = "he said so.", "the pool opened in may."
    (both,) = opened.embed_passages([passage(f"{other} {said}", other, said, start=40)])
    (alone,) = opened.embed_passages([passage(said, said)])
    assert both.sentences[1] @ alone.sentences[0] == pytest.approx(1.0, abs=1e-5)
    assert np.linalg.norm(both.passage) == pytest.approx(1.0, abs=1e-5)
    assert opened.embed_question(said) @ alone.passage == pytest.approx(1.0, abs=1e-5)
    assert opened.count_tokens("the pool opened", [Span(4, 15), Span(0, 3)]) == [2, 1]
    assert opened.count_tokens("", []) == []
    assert opened.is_common("pool")
    assert not opened.is_common("poll")


def test_two_revisions_of_one_model_have_two_identities(
    make_model: MakeModel, tmp_path: Path
) -> None:
    """A model that was trained on in its folder is another model."""
    import shutil

    from safetensors.numpy import load_file, save_file

    folder = tmp_path / "model"
    shutil.copytree(make_model("tiny-mean", "mean"), folder)
    before = open_embedder(str(folder), tmp_path / "models").identity
    weights = folder / "model.safetensors"
    changed = {name: tensor + 0.1 for name, tensor in load_file(weights).items()}
    save_file(changed, weights, metadata={"format": "pt"})
    assert open_embedder(str(folder), tmp_path / "models").identity != before


def test_an_index_made_with_another_model_is_refused(
    make_collection: MakeCollection, make_model: MakeModel
) -> None:
    """Rather than answered from vectors that mean nothing to it; the message names both."""
    made = make_collection({"a.txt": "The pool opened in May."})
    other = Settings(made.home, embedder=str(make_model("tiny-cls", "cls")))
    for opening in (open_to_ask_once(other), open_to_write(other, "index")):
        with pytest.raises(EmbedderMismatch, match=r"all-MiniLM-L6-v2@.*tiny-cls"), opening:
            pass


def test_an_index_can_be_made_and_asked_with_another_model(
    home: Path, make_model: MakeModel, tmp_path: Path
) -> None:
    """From the first file to the answer's citation."""
    (tmp_path / "a.txt").write_text("the pool opened in may. he said so.")
    home.joinpath("models").unlink()
    settings = Settings(home, embedder=str(make_model("tiny-cls", "cls")))
    with open_to_write(settings, "index") as opened:
        assert list(sync(opened.stores, [tmp_path / "a.txt"]))
    with open_to_ask_once(settings) as assistant:
        answer = assistant.ask("the pool opened", principal=LOCAL_USER)
    assert answer.found.hits[0].passage.text == "the pool opened in may. he said so."


def test_a_folder_that_holds_no_model_is_named(tmp_path: Path) -> None:
    """With what to give instead."""
    folder = tmp_path / "empty"
    folder.mkdir()
    with pytest.raises(EmbedderUnavailable, match=r"empty.*cannot be loaded(.|\n)*Give the name"):
        open_embedder(str(folder), tmp_path / "models")


def test_tampered_weights_of_a_packaged_model_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are compared with the digest that the model's authors published."""
    weights = tmp_path / "tampered_model" / "model" / "model.safetensors"
    weights.parent.mkdir(parents=True)
    (tmp_path / "tampered_model" / "__init__.py").touch()
    weights.write_bytes(b"other weights")
    monkeypatch.syspath_prepend(tmp_path)
    tampered = PACKAGED_MODELS["all-MiniLM-L6-v2"]._replace(requirement="tampered-model")
    monkeypatch.setitem(PACKAGED_MODELS, "all-MiniLM-L6-v2", tampered)
    with pytest.raises(EmbedderUnavailable, match="are not those of all-MiniLM-L6-v2"):
        open_embedder("all-MiniLM-L6-v2", tmp_path / "models")
    assert not (tmp_path / "models").exists()


def test_a_packaged_model_that_is_not_installed_says_how_to_install_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the name of the package."""
    monkeypatch.setitem(PACKAGED_MODELS, "gone", Packaged("gone-model", "0"))
    with pytest.raises(EmbedderUnavailable, match="pip install gone-model"):
        open_embedder("gone", tmp_path)


OFFLINE = """
import socket, sys
from dataclasses import replace
from pathlib import Path

tried = []
def refuse(name):
    def refused(*arguments):
        tried.append((name, arguments))
        raise OSError("no network here")
    return refused

def guard(name):
    real = getattr(socket.socket, name)
    def connect(self, address):
        inside = self.family == socket.AF_UNIX or address[0] in ("127.0.0.1", "::1", "localhost")
        return (real if inside else refuse(name))(self, address)
    setattr(socket.socket, name, connect)

guard("connect"), guard("connect_ex")
socket.getaddrinfo = refuse("getaddrinfo")

from assistant.building import open_to_ask, open_to_ask_once, open_to_write
from assistant.settings import Settings
from index.documents import LOCAL_USER
from index.ingesting import sync
from index.models.quiet import TELEMETRY_OFF

settings = Settings(Path(sys.argv[1]))
with open_to_write(settings, "index") as opened:
    list(sync(opened.stores, [Path(sys.argv[2])]))
for opening in (open_to_ask_once(settings), open_to_ask(settings, "eval")):
    with opening as assistant:
        answer = assistant.ask("what did Rahmon say about students?", principal=LOCAL_USER)
        assert answer.citations
print(tried)
"""


def test_nothing_is_fetched_to_prepare_the_model_to_index_or_to_ask(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From an empty home: no connection is tried and no name looked up."""
    for name in [name for name in os.environ if name.startswith("HF_")]:
        monkeypatch.delenv(name)
    done = run_python(OFFLINE, tmp_path / "home", SEEDS)
    assert (done.stdout.strip().splitlines()[-1:], done.returncode) == (["[]"], 0), done.stderr


def test_a_model_that_runs_reports_to_nobody(
    models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ONNX Runtime would note a number of this computer in the home folder, and send it."""
    monkeypatch.setenv("HOME", str(tmp_path))
    for switch in (*TELEMETRY_OFF, "XDG_CACHE_HOME"):
        monkeypatch.delenv(switch, raising=False)
    script = (
        "import sys; from pathlib import Path; from index.models.exported import OnnxEmbedder; "
        "folder = next(Path(sys.argv[1]).glob('*/model.json')).parent; "
        "OnnxEmbedder(folder).embed_question('Who said what?')"
    )
    done = run_python(script, models)
    assert done.returncode == 0, done.stderr
    assert list(tmp_path.iterdir()) == []
