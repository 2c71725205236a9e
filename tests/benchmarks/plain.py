"""The pipeline that tutorials build, to stand beside: LangChain's splitter,
HuggingFaceEmbeddings and Chroma, with the same model and every default."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from index.models.opening import packaged_model
from index.models.quiet import be_quiet

CHUNK, OVERLAP = 500, 50
"""Characters."""


class PlainPipeline:
    """Chunks of characters in Chroma. The model is loaded at first use."""

    @cached_property
    def embeddings(self) -> Any:
        """The model, loaded."""
        be_quiet()
        from langchain_huggingface import HuggingFaceEmbeddings

        embeddings = HuggingFaceEmbeddings(model_name=packaged_model("all-MiniLM-L6-v2"))
        embeddings.embed_query("warm")
        return embeddings

    def index(self, texts: Iterable[tuple[str, str]], folder: Path) -> tuple[Any, int]:
        """A store of (name, text) documents, and how many chunks it has."""
        from langchain_chroma import Chroma
        from langchain_text_splitters import RecursiveCharacterTextSplitter

        names, contents = zip(*texts, strict=True)
        splitter = RecursiveCharacterTextSplitter(
            chunk_size=CHUNK, chunk_overlap=OVERLAP, add_start_index=True
        )
        chunks = splitter.create_documents([*contents], [{"name": name} for name in names])
        store = Chroma.from_documents(chunks, self.embeddings, persist_directory=str(folder))
        return store, len(chunks)


def read(texts: Sequence[Path]) -> list[tuple[str, str]]:
    """(name, text) of these files, line ends as they are."""
    return [(file.name, file.read_bytes().decode("utf-8")) for file in texts]
