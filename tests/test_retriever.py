"""The retriever: LangChain's own tests, exact places, and who may see what."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest
from langchain_core.retrievers import BaseRetriever
from langchain_tests.integration_tests import RetrieversIntegrationTests

from assistant.building import open_index
from assistant.errors import WrongUse
from assistant.retriever import OnRecordRetriever
from assistant.settings import Settings
from index.documents import LOCAL_USER, Principal
from index.searching import Index

QUESTION = "What did Rahmon say about branches of Russian institutes?"


@pytest.fixture(scope="module")
def index(seed_settings: Settings) -> Index:
    return open_index(seed_settings)


class TestAsLangChainTestsRetrievers(RetrieversIntegrationTests):
    index: ClassVar[Index]

    @pytest.fixture(autouse=True)
    def _over_the_seeds(self, index: Index) -> None:
        type(self).index = index

    @property
    def retriever_constructor(self) -> type[BaseRetriever]:
        return OnRecordRetriever

    @property
    def retriever_constructor_params(self) -> dict[str, Any]:
        return {"index": self.index, "principal": LOCAL_USER}

    @property
    def retriever_query_example(self) -> str:
        return QUESTION


def test_each_document_says_exactly_where_it_stands(seed_settings: Settings) -> None:
    retriever = OnRecordRetriever.over(seed_settings.home, k=3)
    found = retriever.invoke(QUESTION)
    assert "branches" in found[0].page_content
    for document in found:
        where = document.metadata
        whole = retriever.index.document(where["id"], LOCAL_USER)
        assert whole.text[where["start"] : where["end"]] == document.page_content
        assert (where["source"], where["title"]) == (whole.source.name, whole.source.title)
        assert where["version"] == whole.source.version
        assert where["page"] is None
        assert f"/read/{where['id']}?at={where['start']}-{where['end']}" in where["link"]
    assert len({document.id for document in found}) == len(found)


def test_nobody_retrieves_what_they_may_not_read(index: Index) -> None:
    stranger = Principal("user:https://login.example|eve")
    assert OnRecordRetriever(index=index, principal=stranger).invoke(QUESTION) == []


def test_only_documents_with_such_names_are_searched(index: Index) -> None:
    retriever = OnRecordRetriever(index=index, principal=LOCAL_USER, documents="nothing/*")
    assert retriever.invoke(QUESTION) == []


def test_a_question_without_words_is_wrong_use(index: Index) -> None:
    with pytest.raises(WrongUse):
        OnRecordRetriever(index=index, principal=LOCAL_USER).invoke("  ")
