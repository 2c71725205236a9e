"""An embedding model as an ONNX graph, run by ONNX Runtime."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from index.documents import Passage, Span
from index.models.embedding import Embedder, PassageVectors, Tokens, Vectors, before_it
from index.models.quiet import be_quiet
from index.priority import let_others_first

if TYPE_CHECKING:
    from tokenizers import Encoding, Tokenizer

GRAPH, TOKENIZER, CARD = EXPORTED = ("model.onnx", "tokenizer.json", "model.json")

Graph = Callable[[Mapping[str, NDArray[np.int64]]], Vectors]
"""Inputs by name to the only output."""

TOKENS_PER_BATCH = 1024
"""Small batches stay in the processor's cache: on 2 cores 1,024 tokens gave
7,390 tokens/s, 4,096 gave 6,305 and 8,192 gave 5,710."""


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


class OnnxModel:
    """A graph and a tokenizer in a folder, each loaded at first use; it runs on a thread a
    processor where no number is given."""

    def __init__(self, folder: Path, threads: int | None = None) -> None:
        self.folder = folder
        self._threads = threads

    @cached_property
    def _graph(self) -> Graph:
        return _open_graph(self.folder / GRAPH, self._threads)

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        return load_tokenizer(self.folder / TOKENIZER)


class OnnxEmbedder(OnnxModel):
    """A mean-pooling model as exported by `_prepare`."""

    def __init__(self, folder: Path, threads: int | None = None) -> None:
        super().__init__(folder, threads)
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
        before = [self._card.passage_prompt + before_it(passage) for passage in passages]
        encodings = self._encode_whole(passages, before)
        vectors: list[PassageVectors | None] = [None] * len(passages)
        for batch in _by_length(encodings):
            for index, tokens in zip(batch, self._run([encodings[i] for i in batch]), strict=True):
                encoding, passage = encodings[index], passages[index]
                by = len(before[index]) - passage.start
                spans = [_shift(span, by) for span in passage.sentences]
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

    def _encode_whole(self, passages: Sequence[Passage], before: list[str]) -> list[Encoding]:
        """Each passage behind its words in `before`, which are left out, and there as well, where
        the model would not see all of the passage."""
        texts = [words + passage.text for words, passage in zip(before, passages, strict=True)]
        encodings = self._encode(texts)
        cut = [index for index, encoding in enumerate(encodings) if encoding.overflowing]
        for index in cut:
            before[index] = self._card.passage_prompt
        alone = self._encode([before[index] + passages[index].text for index in cut])
        for index, encoding in zip(cut, alone, strict=True):
            encodings[index] = encoding
        return encodings

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
        output = self._graph({"input_ids": ids, "attention_mask": mask})
        for row, encoding in enumerate(encodings):
            yield output[row, : len(encoding.ids)]

    @cached_property
    def _truncating_tokenizer(self) -> Tokenizer:
        tokenizer = load_tokenizer(self.folder / TOKENIZER)
        tokenizer.enable_truncation(self._card.max_tokens)
        return tokenizer


class StandingBack(OnnxEmbedder):
    """The same, with a session of its own for passages, whose threads let others go first."""

    @cached_property
    def _thread(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(1, "embedding", initializer=let_others_first)

    def embed_passages(self, passages: Sequence[Passage]) -> list[PassageVectors]:
        return self._thread.submit(super().embed_passages, passages).result()


def standing_back(embedder: Embedder) -> Embedder:
    """The embedder as it embeds documents where people wait for answers: where Linux gives each
    thread a priority, with a lower one. One that sentence-transformers runs is left as it is,
    for its model would be there twice."""
    if sys.platform == "linux" and isinstance(embedder, OnnxEmbedder):
        return StandingBack(embedder.folder)
    return embedder


def make_small(graph: Path) -> None:
    """The weights of an export in 8 bits instead of 32: a quarter of the size, twice the speed."""
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from onnxruntime.quantization.quant_utils import add_pre_process_metadata

    model = onnx.load(graph)
    add_pre_process_metadata(model)  # it needs none, and else it would be said that it may
    kinds = ["MatMul", "Gather"]
    quantize_dynamic(model, graph, kinds, per_channel=True, weight_type=QuantType.QInt8)


def _open_graph(file: Path, threads: int | None) -> Graph:
    be_quiet()
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads or os.cpu_count() or 1
    options.log_severity_level = 3
    # a thread that waits by spinning keeps others from their work: on two processors, with
    # another program on one of them, a question took 118 ms with spinning and 65 without,
    # where it takes 54 and 62 alone
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    session = onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])

    def run(inputs: Mapping[str, NDArray[np.int64]]) -> Vectors:
        output: Vectors = session.run(None, inputs)[0]
        return output

    return run


def load_tokenizer(file: Path) -> Tokenizer:
    """A tokenizer that neither fills up nor cuts."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(file))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


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
