"""A library without an index: the documents that a test has made."""

from collections.abc import Iterable

from index.documents import LOCAL_USER, Document, Glob, Source
from index.errors import DocumentNotFound
from index.search.view import Library, Status


class Shelf(Library):
    """Everybody may read all of it."""

    def __init__(self, documents: Iterable[Document], revision: int = 1) -> None:
        self.principal = LOCAL_USER
        self._documents = {document.source.id: document for document in documents}
        self._revision = revision

    def sources(self, documents: Glob | None = None) -> list[Source]:
        return [document.source for document in self._documents.values()]

    def document(self, document_id: str) -> Document:
        if document_id not in self._documents:
            raise DocumentNotFound(f"There is no document {document_id}.")
        return self._documents[document_id]

    def visible(self, document_ids: Iterable[str]) -> frozenset[str]:
        return frozenset(document_ids)

    def status(self) -> Status:
        return Status(len(self._documents), 4, "test-embedder", str(self._revision))
