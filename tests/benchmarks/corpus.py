"""The documents that benchmarks run on, and large indexes made from them."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from assistant.building import Opened, open_to_write
from assistant.settings import Settings
from assistant.understanding.querying import understand
from index.documents import LOCAL_USER, Document, Found, Passage, Source, Span, Statement
from index.ingesting import Stores, sync
from index.models.embedding import PassageVectors, Vectors
from index.models.opening import open_embedder
from index.rights.deciding import NOTHING_SAID, Granted
from index.search.view import Index
from index.stores.packing import as_int8, pack
from index.stores.protocols import Catalog
from index.stores.stored import FileState
from tests.conftest import invented_texts, passage_ids

PASSAGES_A_DOCUMENT = 100
SENTENCES_A_PASSAGE = 4
SPEAKERS = 5_000
"""Invented ones; the first is credited with a third of all statements."""

QUESTIONS = 200

Sentence = tuple[str, Vectors]
"""The words of a sentence and its vector, as they were embedded."""


def find_texts(folders: Sequence[Path], scratch: Path) -> list[Path]:
    """The text files of these folders; invented ones where none is given."""
    if folders:
        return sorted(file for folder in folders for file in folder.rglob("*.txt"))
    made = scratch / "invented"
    made.mkdir()
    for name, text in invented_texts(120).items():
        (made / name).write_text(text, "utf-8")
    return sorted(made.iterdir())


def index_of(stores: Stores) -> Index:
    """What the stores hold, to be asked as the assistant asks it."""
    return Index(stores.catalog, stores.words, stores.embedder, stores.vectors)


def searcher(stores: Stores) -> Callable[[str], Found]:
    """Asks the whole index, as the assistant does."""
    index = index_of(stores)
    return lambda question: index.view_of(LOCAL_USER).search(understand(question))


@contextmanager
def new_settings(models: Path) -> Iterator[Settings]:
    """Settings with an empty home of their own that shares the exported model."""
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch) / "home"
        home.mkdir()
        (home / "models").symlink_to(models)
        yield Settings(home)


def prepare_model(scratch: Path) -> Path:
    """A folder with the default model, exported."""
    models = scratch / "models"
    open_embedder(Settings().embedder, models)
    return models


def embedded_sentences(texts: Sequence[Path], models: Path) -> list[Sentence]:
    """Every sentence of the texts with its late vector."""
    with new_settings(models) as settings, open_to_write(settings, "benchmark") as opened:
        for _ in sync(opened.stores, texts):
            pass
        return [*_sentences(opened.stores.catalog)]


def _sentences(catalog: Catalog) -> Iterator[Sentence]:
    scope = catalog.scope(LOCAL_USER)
    ids = passage_ids(catalog)
    for start in range(0, len(ids), 500):
        stored = catalog.vectorized(ids[start : start + 500], scope)
        passages = {p.id: p.passage for p in catalog.passages(stored.ids, scope)}
        for row, id in enumerate(stored.ids):
            passage = passages[id]
            rows = stored.sentences[stored.first[row] : stored.first[row + 1]]
            for span, vector in zip(passage.sentences, rows, strict=True):
                yield passage.text[span.start - passage.start : span.end - passage.start], vector


def fill(
    opened: Opened,
    sentences: Sequence[Sentence],
    passages: int,
    granted: Callable[[int], Granted] = lambda _: NOTHING_SAID,
    each: int = PASSAGES_A_DOCUMENT,
) -> None:
    """Put so many passages into the catalog: real sentences in new company. Each document
    has so many of them and the rights that are granted to its number.

    A passage's vector is the mean of its sentences' with a little noise, so that
    nothing has to be embedded for a large index.
    """
    catalog = opened.stores.catalog
    draw, noise = random.Random(1), np.random.default_rng(1)
    with catalog.writing():
        catalog.set_fact("embedder", opened.stores.embedder.identity)
    for number in range(passages // each):
        document, chunks, vectors = _document(number, each, sentences, draw, noise)
        statements = [*_statements(document, chunks, vectors, draw)]
        state = FileState(
            document.source.id, f"/{number}", "/", document.source.name, "", 0, 0, len(chunks)
        )
        with catalog.writing():
            packed = [pack(each) for each in vectors]
            said = [(statement, as_int8(vector[None, :])) for statement, vector in statements]
            catalog.put(document, state, chunks, packed, said, granted(number))


def speaker_name(number: int) -> str:
    """Of one of the invented speakers; 0 is the one who speaks most."""
    return f"Person{number} Surname{number}"


def sentences_asked(sentences: Sequence[Sentence]) -> list[str]:
    """Sentences from all over."""
    step = max(1, len(sentences) // QUESTIONS)
    return [text for text, _ in sentences[::step]][:QUESTIONS]


def questions(sentences: Sequence[Sentence]) -> list[str]:
    """One for each of them, with half of its words."""
    halves = [" ".join(text.split()[::2][:12]) for text in sentences_asked(sentences)]
    return [f"What about {half}?" for half in halves]


def speaker_questions(sentences: Sequence[Sentence]) -> list[str]:
    """The same words as topics of the one who speaks most."""
    topics = (question.removeprefix("What about ") for question in questions(sentences))
    return [f"What did {speaker_name(0)} say about {topic}" for topic in topics]


def _statements(
    document: Document,
    chunks: Sequence[Passage],
    vectors: Sequence[PassageVectors],
    draw: random.Random,
) -> Iterator[tuple[Statement, Vectors]]:
    """The first sentence of each passage, said by somebody."""
    for passage, vector in zip(chunks, vectors, strict=True):
        first = passage.sentences[0]
        number = 0 if draw.random() < 1 / 3 else draw.randrange(SPEAKERS)
        nowhere = Span(first.start, first.start)
        said = Statement(speaker_name(number), nowhere, nowhere, (first,), "indirect")
        yield said, vector.sentences[0]


def _document(
    number: int,
    passages: int,
    sentences: Sequence[Sentence],
    draw: random.Random,
    noise: np.random.Generator,
) -> tuple[Document, list[Passage], list[PassageVectors]]:
    words: list[str] = []
    chunks: list[Passage] = []
    vectors: list[PassageVectors] = []
    position = 0
    for _ in range(passages):
        chosen = [draw.choice(sentences) for _ in range(SENTENCES_A_PASSAGE)]
        spans = []
        for text, _ in chosen:
            spans.append(Span(position, position + len(text)))
            words.append(text)
            position += len(text) + 1
        each = np.stack([vector for _, vector in chosen])
        whole = each.mean(axis=0) + noise.normal(0, 0.02, each.shape[1])
        text = " ".join(text for text, _ in chosen)
        chunks.append(Passage(spans[0].start, spans[-1].end, text, tuple(spans)))
        unit = (whole / np.linalg.norm(whole)).astype(np.float32)
        vectors.append(PassageVectors(unit, each))
    source = Source(f"document-{number}", f"{number:05}.txt", f"Document {number}", "1")
    return Document(source, " ".join(words)), chunks, vectors
