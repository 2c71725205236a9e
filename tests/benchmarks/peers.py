"""Other systems with passages and vectors that are given: what they take for the same questions.

    python peers.py SYSTEM PASSAGES.jsonl ASKED.json     # with the Python that has the system

`tests.benchmarks.growth --peers` writes the files and runs this. It imports nothing of this
repository, since each system has an environment of its own. A question is embedded with the model
that made the vectors, and each system has every default; only what it would embed of passages is
taken from the vectors.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

COUNT = 10
WARM = 10
BATCH = 5_000

Search = Callable[[str], list[str]]
"""A question to the texts of the passages found."""


class Given:
    """LangChain's embeddings of passages: those that are given, in their order."""

    def __init__(self, vectors: Any, model: Any) -> None:
        self._vectors, self._model, self._next = vectors, model, 0

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """The next ones."""
        start, self._next = self._next, self._next + len(texts)
        some: list[list[float]] = self._vectors[start : self._next].tolist()
        return some

    def embed_query(self, text: str) -> list[float]:
        """By the model."""
        vector: list[float] = self._model.encode(text, normalize_embeddings=True).tolist()
        return vector


def langchain(texts: list[str], vectors: Any, model: Any, folder: Path) -> Search:
    """LangChain's Chroma, in a folder."""
    from langchain_chroma import Chroma

    store = Chroma(embedding_function=Given(vectors, model), persist_directory=str(folder))
    for start in range(0, len(texts), BATCH):
        store.add_texts(texts[start : start + BATCH])
    return lambda question: [each.page_content for each in store.similarity_search(question, COUNT)]


def txtai(texts: list[str], vectors: Any, model: Any, folder: Path) -> Search:
    """txtai with its content and both of its indexes (vectors and words), saved to a folder."""
    from txtai import Embeddings

    row = iter(vectors)

    def embed(batch: list[object]) -> Any:
        """Of passages what is given, of questions by the model."""
        if isinstance(batch[0], str) and batch[0].startswith("What about "):
            return model.encode(batch, normalize_embeddings=True)
        return np.stack([next(row) for _ in batch])

    index = Embeddings(method="external", transform=embed, content=True, hybrid=True)
    index.index((number, text, None) for number, text in enumerate(texts))
    index.save(str(folder))
    return lambda question: [each["text"] for each in index.search(question, COUNT)]


def haystack(texts: list[str], vectors: Any, model: Any, folder: Path) -> Search:
    """Haystack's store in memory, asked by words and by vectors, joined by reciprocal ranks."""
    from haystack import Document
    from haystack.components.joiners import DocumentJoiner
    from haystack.document_stores.in_memory import InMemoryDocumentStore

    store = InMemoryDocumentStore(embedding_similarity_function="cosine")
    store.write_documents(
        [
            Document(id=str(number), content=text, embedding=vector.tolist())
            for number, (text, vector) in enumerate(zip(texts, vectors, strict=True))
        ]
    )
    store.save_to_disk(str(folder / "store.json"))
    joiner = DocumentJoiner(join_mode="reciprocal_rank_fusion", top_k=COUNT)

    def search(question: str) -> list[str]:
        """As a hybrid pipeline does."""
        vector = model.encode(question, normalize_embeddings=True).tolist()
        by_words = store.bm25_retrieval(question, top_k=COUNT)
        by_vectors = store.embedding_retrieval(vector, top_k=COUNT)
        return [each.content for each in joiner.run([by_words, by_vectors])["documents"]]

    return search


SYSTEMS = {"langchain": langchain, "txtai": txtai, "haystack": haystack}


def recall(wanted: Sequence[str], found: Sequence[Sequence[str]]) -> float:
    """In how many of the questions a passage found has the sentence that was asked for."""
    hits = [
        any(sentence in text for text in texts)
        for sentence, texts in zip(wanted, found, strict=True)
    ]
    return sum(hits) / len(hits)


def most_memory(process: int | str) -> float:
    """The most that a process had until now, in MB."""
    said = Path(f"/proc/{process}/status").read_text("utf-8")
    peak = next(line for line in said.splitlines() if line.startswith("VmHWM"))
    return int(peak.split()[1]) / 1024


def measure(system: str, passages: Path, asked: Path) -> dict[str, str]:
    """What it takes to hold the passages and to be asked."""
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(json.loads(asked.read_text("utf-8"))["model"], device="cpu")
    texts = [json.loads(line)["text"] for line in passages.open(encoding="utf-8")]
    vectors = np.load(passages.with_suffix(".npy"))
    said = json.loads(asked.read_text("utf-8"))
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        began = time.perf_counter()
        search = SYSTEMS[system](texts, vectors, model, Path(folder))
        seconds = time.perf_counter() - began
        files = [file for file in Path(folder).rglob("*") if file.is_file()]
        disk = sum(file.stat().st_size for file in files) / 1e6
        for question in said["questions"][:WARM]:
            search(question)
        times, found = [], []
        for question in said["questions"]:
            began = time.perf_counter()
            found.append(search(question))
            times.append((time.perf_counter() - began) * 1000)
    p50, p95 = np.percentile(times, [50, 95])
    return {
        "all stores, passages/s": f"{len(texts) / seconds:,.0f}",
        "question: whole, ms p50 / p95": f"{p50:.1f} / {p95:.1f}",
        "recall at 10": f"{recall(said['sentences'], found):.3f}",
        "disk, MB": f"{disk:,.0f}",
        "memory, MB": f"{most_memory('self'):,.0f}",
    }


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))))
