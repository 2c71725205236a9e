"""The retriever: LangChain's own tests, exact places, and who may see what."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest
from langchain_core.retrievers import BaseRetriever
from langchain_tests.integration_tests import RetrieversIntegrationTests

from assistant.chat import Assistant
from assistant.errors import WrongUse
from assistant.programs.retriever import OnRecordRetriever
from assistant.settings import Settings
from index.documents import LOCAL_USER, Principal

QUESTION = "What did Rahmon say about branches of Russian institutes?"


class TestAsLangChainTestsRetrievers(RetrieversIntegrationTests):
    assistant: ClassVar[Assistant]

    @pytest.fixture(autouse=True)
    def _over_the_seeds(self, seed_assistant: Assistant) -> None:
        type(self).assistant = seed_assistant

    @property
    def retriever_constructor(self) -> type[BaseRetriever]:
        return OnRecordRetriever

    @property
    def retriever_constructor_params(self) -> dict[str, Any]:
        return {"assistant": self.assistant, "principal": LOCAL_USER}

    @property
    def retriever_query_example(self) -> str:
        return QUESTION


def test_each_document_says_exactly_where_it_stands(seed_settings: Settings) -> None:
    retriever = OnRecordRetriever.over(seed_settings.home, principal=LOCAL_USER, k=3)
    found = retriever.invoke(QUESTION)
    assert "branches" in found[0].page_content
    for document in found:
        where = document.metadata
        whole = retriever.assistant.view_of(LOCAL_USER).document(where["id"])
        assert whole.text[where["start"] : where["end"]] == document.page_content
        assert (where["source"], where["title"]) == (whole.source.name, whole.source.title)
        assert where["version"] == whole.source.version
        assert where["page"] is None
        assert f"/read/{where['id']}?at={where['start']}-{where['end']}" in where["link"]
    assert len({document.id for document in found}) == len(found)


def test_nobody_retrieves_what_they_may_not_read(seed_assistant: Assistant) -> None:
    stranger = Principal("user:https://login.example|eve")
    assert OnRecordRetriever(assistant=seed_assistant, principal=stranger).invoke(QUESTION) == []


def test_whoever_opens_an_index_says_who_asks(seed_settings: Settings) -> None:
    """There is nobody who would be meant otherwise, least of all one who may read everything."""
    with pytest.raises(TypeError, match="principal"):
        OnRecordRetriever.over(seed_settings.home)  # type: ignore[call-arg]
    stranger = Principal("user:https://login.example|eve")
    assert OnRecordRetriever.over(seed_settings.home, principal=stranger).invoke(QUESTION) == []


def test_only_documents_with_such_names_are_searched(seed_assistant: Assistant) -> None:
    retriever = OnRecordRetriever(
        assistant=seed_assistant, principal=LOCAL_USER, documents="nothing/*"
    )
    assert retriever.invoke(QUESTION) == []


def test_a_question_without_words_is_wrong_use(seed_assistant: Assistant) -> None:
    with pytest.raises(WrongUse):
        OnRecordRetriever(assistant=seed_assistant, principal=LOCAL_USER).invoke("  ")
