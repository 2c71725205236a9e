"""Vectors and spans as the bytes that the catalog keeps, and back.

Passage vectors are kept as float16, sentence vectors as int8 (each scaled by its
largest element; they are unit vectors again when read).
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.documents import Span
from index.models.embedding import PassageVectors, Vectors

Ids = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Packed:
    """The vectors of one passage as they are kept: 2 kB instead of 8."""

    passage: bytes
    sentences: bytes


def pack(vectors: PassageVectors) -> Packed:
    """As they are kept."""
    return Packed(vectors.passage.astype("<f2").tobytes(), as_int8(vectors.sentences))


def as_pairs(spans: Iterable[Span]) -> bytes:
    """Bounds as little-endian 32-bit integers."""
    return np.array([(span.start, span.end) for span in spans], "<i4").tobytes()


def from_pairs(blob: bytes) -> tuple[Span, ...]:
    """The spans of `as_pairs`."""
    return tuple(Span(*bounds) for bounds in struct.iter_unpack("<ii", blob))


def as_int8(vectors: Vectors) -> bytes:
    """Rows of unit vectors, each scaled by its largest element."""
    largest = np.abs(vectors).max(axis=1, keepdims=True, initial=1e-9)
    scaled: NDArray[np.int8] = np.rint(vectors / largest * 127).astype(np.int8)
    return scaled.tobytes()


def from_int8(blobs: Sequence[bytes], rows: int) -> Vectors:
    """So many unit vectors of `as_int8`."""
    vectors = np.frombuffer(b"".join(blobs), np.int8).astype(np.float32)
    vectors = vectors.reshape(rows, -1 if rows else 0)
    lengths = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))
    unit: Vectors = vectors / np.maximum(lengths, 1e-9)[:, None]
    return unit


def from_float16(blobs: Sequence[bytes]) -> Vectors:
    """A matrix, a row a blob."""
    matrix = np.frombuffer(b"".join(blobs), "<f2").astype(np.float32)
    return matrix.reshape(len(blobs), -1 if blobs else 0)


def matrix(rows: Iterable[tuple[int, bytes]]) -> tuple[Ids, Vectors]:
    """Ids (n,) and vectors (n, dimensions) of (id, float16 blob) rows."""
    ids, blobs = [], []
    for id, blob in rows:
        ids.append(id)
        blobs.append(blob)
    return np.array(ids, np.int64), from_float16(blobs)
