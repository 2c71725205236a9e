"""The vectors of a prepared file, as they are kept."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from index.documents import Passage, Span, Statement
from index.making.preparing import Prepared
from index.models.embedding import Embedder, PassageVectors, Vectors
from index.stores.packing import Packed, as_int8, pack

PASSAGES_AT_ONCE = 256
"""Embedded and written together: about 3 s of work that a crash can cost."""


class Embedded(NamedTuple):
    """The vectors of a file's passages, and its statements with theirs."""

    passages: list[Packed]
    statements: list[tuple[Statement, bytes]]


def embed(embedder: Embedder, files: Sequence[Prepared]) -> list[Embedded]:
    """The vectors of these files, whose passages go through the model together."""
    vectors = _in_slices(embedder, [p for each in files for p in _with_pieces(each)])
    return [_packed(each, vectors) for each in files]


def _in_slices(embedder: Embedder, passages: Sequence[Passage]) -> Iterator[PassageVectors]:
    """In slices, so that the vectors of a huge document are never all in memory."""
    for start in range(0, len(passages), PASSAGES_AT_ONCE):
        yield from embedder.embed_passages(passages[start : start + PASSAGES_AT_ONCE])


def _with_pieces(file: Prepared) -> Iterator[Passage]:
    """The passages with the statements' content as further sentences: so one pass of the
    model gives the vectors of both."""
    for passage, own in zip(file.passages, _pieces(file), strict=True):
        spans = tuple(span for _, span in own)
        yield replace(passage, sentences=passage.sentences + spans)


def _pieces(file: Prepared) -> list[list[tuple[int, Span]]]:
    """For each passage the content that lies in it, with its statement's number."""
    pieces: list[list[tuple[int, Span]]] = [[] for _ in file.passages]
    starts = [passage.start for passage in file.passages]
    for number, statement in enumerate(file.statements):
        for span in statement.content:
            first = max(0, bisect_right(starts, span.start) - 1)
            for place in range(first, bisect_left(starts, span.end)):
                passage = file.passages[place]
                piece = Span(max(span.start, passage.start), min(span.end, passage.end))
                if piece.start < piece.end:
                    pieces[place].append((number, piece))
    return pieces


def _packed(file: Prepared, vectors: Iterator[PassageVectors]) -> Embedded:
    """The passages' vectors, the next of all, and the statements with theirs: the mean of
    their pieces', by length. Packed one by one, for a huge document has millions."""
    packed: list[Packed] = []
    sums: dict[int, Vectors] = {}
    for passage, own in zip(file.passages, _pieces(file), strict=True):
        vector, sentences = next(vectors), len(passage.sentences)
        packed.append(pack(PassageVectors(vector.passage, vector.sentences[:sentences])))
        for (number, span), row in zip(own, vector.sentences[sentences:], strict=True):
            sums[number] = sums.get(number, np.zeros_like(row)) + len(span) * row
    statements = file.statements
    return Embedded(packed, [(statements[n], as_int8(sums[n][None, :])) for n in sorted(sums)])
