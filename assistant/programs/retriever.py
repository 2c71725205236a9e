"""The index for LangChain: a retriever whose documents are passages with exact places."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict, Field

from assistant.building import open_to_chat
from assistant.chat import Assistant
from assistant.receipts.links import read_link
from assistant.receipts.receipt import Kept
from assistant.settings import read_settings
from index.documents import Hit, Principal


class OnRecordRetriever(BaseRetriever):
    """The `k` best passages for a question (at most 50), of those that `principal` may see,
    best first; with `documents`, a glob, of documents with such names.

    Metadata: `id` and `version` of the document, `source` (its name), `title`, `start` and
    `end` (characters of its text, end exclusive), `page` (None without pages), `link` (the
    path of the reader on a server), `score`. Raises WrongUse for a question that cannot be
    used.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    assistant: Assistant
    principal: Principal
    k: int = Field(default=10, ge=1)
    documents: str | None = None

    @classmethod
    def over(
        cls, home: Path | str | None = None, *, principal: Principal, **more: Any
    ) -> OnRecordRetriever:
        """Over the index in this folder, or the one that the settings name. Others may write
        to it meanwhile.

        Nobody is asked to sign in here, so the caller says for whom it retrieves: LOCAL_USER,
        who may read everything, where only one person uses the program. Raises IndexNotFound.
        """
        settings = read_settings(Path(home) if home is not None else None)
        return cls(assistant=open_to_chat(settings), principal=principal, **more)

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun, k: int | None = None
    ) -> list[Document]:
        found = self.assistant.search(
            query,
            principal=self.principal,
            documents=self.documents,
            count=self.k if k is None else k,
        )
        return [_document(hit) for hit in found.hits]


def _document(hit: Hit) -> Document:
    source, span = hit.source, hit.passage.span
    return Document(
        hit.passage.text,
        id=f"{source.id}:{span.start}-{span.end}",
        metadata={
            "id": source.id,
            "source": source.name,
            "title": source.title,
            "start": span.start,
            "end": span.end,
            "page": hit.page,
            "version": source.version,
            "link": read_link(source, Kept.of(source, span, hit.passage.text, span.start)),
            "score": hit.score,
        },
    )
