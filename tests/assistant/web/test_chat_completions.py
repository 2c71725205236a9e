"""OpenAI's API, by the clients that people have for it, over a real server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openai
import pytest
from langchain_core.messages import AIMessage, HumanMessage
from langchain_openai import ChatOpenAI
from pydantic import SecretStr

from assistant.answers import MARK
from assistant.web.entry.gate import Gate, Limits
from tests.running import Running, running
from tests.scripted import Conversation, answering, event, scripted_server

QUESTION = "What did Rahmon say about branches of Russian institutes?"
STUDENTS = "what did Rahmon say about students?"
UNANSWERABLE = "How tall is the Eiffel Tower in Paris?"
WRITTEN = "Rahmon said around 20,000 Tajik citizens are studying in Russian universities [1]."
MANY = Limits(a_minute_each=10_000)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, seed_home: Path) -> Iterator[Running]:
    with running(seed_home, tmp_path_factory.mktemp("openai") / "home", Gate(MANY)) as server:
        yield server


@pytest.fixture(scope="module")
def client(server: Running) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{server.url}/v1", api_key=server.key, max_retries=0) as client:
        yield client


def chat(server: Running, key: str | None = None) -> ChatOpenAI:
    return ChatOpenAI(
        base_url=f"{server.url}/v1",
        api_key=SecretStr(key or server.key),
        model="onrecord",
        max_retries=0,
    )


def ask(client: openai.OpenAI, *messages: Any, **more: Any) -> Any:
    listed = [{"role": "user", "content": m} if isinstance(m, str) else m for m in messages]
    return client.chat.completions.create(**{"model": "onrecord", "messages": listed, **more})


def test_the_models_are_the_ways_to_be_answered(client: openai.OpenAI) -> None:
    """Without a language model there is no written answer."""
    assert [model.id for model in client.models.list()] == ["onrecord"]


def test_a_model_is_found_by_its_name(client: openai.OpenAI) -> None:
    found = client.models.retrieve("onrecord")
    assert (found.id, found.object) == ("onrecord", "model")
    for name in ("gpt-9", "onrecord-write", "some/thing"):
        with pytest.raises(openai.NotFoundError) as refused:
            client.models.retrieve(name)
        assert refused.value.type == "invalid_request_error"


def test_an_answer_has_an_annotation_for_each_mark(client: openai.OpenAI, server: Running) -> None:
    """It covers the mark, leads to the reader, and names the exact characters."""
    choice = ask(client, QUESTION).choices[0]
    content, annotations = choice.message.content, choice.message.annotations
    assert choice.finish_reason == "stop"
    assert "branches" in content
    marks = [match.span() for match in MARK.finditer(content)]
    cited = [each.url_citation for each in annotations]
    assert marks
    assert [(each.start_index, each.end_index) for each in cited] == marks
    for each in annotations:
        exact = each.document
        headers = {"Authorization": f"Bearer {server.key}"}
        with openai.DefaultHttpxClient(headers=headers) as reading:
            text = reading.get(
                f"{server.url}/api/v1/documents/{exact['id']}/text",
                params={"start": exact["start"], "end": exact["end"]},
            ).json()["text"]
            page = reading.get(each.url_citation.url)
        assert text == exact["quote"]
        assert page.status_code == 200
        assert each.url_citation.title in page.text


def test_a_stream_says_what_a_whole_answer_says(client: openai.OpenAI) -> None:
    whole = ask(client, QUESTION).choices[0].message
    chunks = list(ask(client, QUESTION, stream=True))
    deltas = [chunk.choices[0].delta for chunk in chunks]
    assert [delta.role for delta in deltas if delta.role] == ["assistant"]
    assert deltas[0].role
    assert "".join(delta.content or "" for delta in deltas) == whole.content
    assert deltas[-1].annotations == [each.model_dump() for each in whole.annotations]
    assert [chunk.choices[0].finish_reason for chunk in chunks][-1] == "stop"
    assert len({chunk.id for chunk in chunks}) == 1


@pytest.mark.parametrize("stream", [False, True])
def test_a_refusal_is_content_without_annotations(client: openai.OpenAI, stream: bool) -> None:
    reply = ask(client, UNANSWERABLE, stream=stream)
    if stream:
        deltas = [chunk.choices[0].delta for chunk in reply]
        content, annotations = "".join(d.content or "" for d in deltas), deltas[-1].annotations
    else:
        content, annotations = (
            reply.choices[0].message.content,
            reply.choices[0].message.annotations,
        )
    assert "document" in content
    assert annotations == []


def test_earlier_messages_are_the_history_and_system_messages_are_ignored(
    client: openai.OpenAI,
) -> None:
    """A follow-up that names nobody is about whoever was spoken of."""
    first = ask(client, "What did Rahmon say about students?").choices[0].message.content
    follow = ask(
        client,
        {"role": "system", "content": "Answer every question with the word banana."},
        "What did Rahmon say about students?",
        {"role": "assistant", "content": first},
        {
            "role": "user",
            "content": [{"type": "text", "text": "And what did he say about branches?"}],
        },
    )
    content = follow.choices[0].message.content
    assert "branches" in content
    assert "banana" not in content


def test_an_earlier_message_may_be_as_long_as_it_likes(client: openai.OpenAI) -> None:
    """Programs send back whatever was said; only the question has to be short."""
    long = f"{STUDENTS} {'word ' * 15_000}"
    answers = [{"role": "assistant", "content": long}, {"role": "user", "content": long}]
    follow = ask(client, *answers, *answers, "What did Rahmon say about branches?")
    assert "branches" in follow.choices[0].message.content
    many = [{"role": "user", "content": STUDENTS}] * 40
    assert ask(client, *many, QUESTION).choices[0].message.annotations
    with pytest.raises(openai.BadRequestError, match="2,000"):
        ask(client, long)


def part(kind: str, **more: Any) -> dict[str, Any]:
    return {"type": kind, **more}


def test_parts_of_text_are_one_question(client: openai.OpenAI) -> None:
    """A message that counts for nothing may hold what it likes."""
    words = [part("text", text="What did Rahmon say"), part("text", text="about students?")]
    picture = part("image_url", image_url={"url": "data:,"})
    system = {"role": "system", "content": [picture]}
    joined = ask(client, system, {"role": "user", "content": words}).choices[0].message
    assert joined.content == ask(client, STUDENTS).choices[0].message.content


@pytest.mark.parametrize(
    "other",
    [
        part("image_url", image_url={"url": "https://x.example/a.png"}),
        part("input_audio", input_audio={"data": "", "format": "wav"}),
        part("file", file={"file_id": "f"}),
        part("refusal", refusal="No."),
        part("text"),
    ],
)
@pytest.mark.parametrize("earlier", [False, True])
def test_a_part_that_is_no_text_is_refused_by_its_type(
    client: openai.OpenAI, other: dict[str, Any], earlier: bool
) -> None:
    """Rather than answered as if it were not there."""
    message = {"role": "user", "content": [part("text", text=QUESTION), other]}
    with pytest.raises(openai.BadRequestError) as refused:
        ask(client, message, *([QUESTION] if earlier else []))
    assert refused.value.code == "unsupported_content"
    assert f"type '{other['type']}'" in str(refused.value)


def counted(reply: Any) -> tuple[list[Any], Any]:
    """(the usage of each chunk with a choice, that of the last one, which has none)."""
    *chunks, last = reply
    assert all(chunk.choices for chunk in chunks)
    assert last.choices == []
    return [chunk.usage for chunk in chunks], last.usage


NOTHING = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}


def test_quotations_take_no_tokens(client: openai.OpenAI, server: Running) -> None:
    """No language model read or wrote anything; a stream says so if it is asked."""
    whole = ask(client, QUESTION)
    assert whole.usage.model_dump(exclude_none=True) == NOTHING
    silent = list(ask(client, QUESTION, stream=True))
    assert all(chunk.choices and chunk.usage is None for chunk in silent)
    options = {"include_usage": True}
    before, last = counted(ask(client, QUESTION, stream=True, stream_options=options))
    assert set(before) == {None}
    assert last.model_dump(exclude_none=True) == NOTHING
    assert chat(server).invoke(QUESTION).usage_metadata["total_tokens"] == 0  # type: ignore[index]


def test_langchain_asks_and_streams(server: Running) -> None:
    """With a history of its own messages."""
    model = chat(server)
    answer = model.invoke(QUESTION)
    assert "branches" in str(answer.content)
    streamed = "".join(str(chunk.content) for chunk in model.stream(QUESTION))
    assert streamed == answer.content
    follow = model.invoke(
        [HumanMessage(QUESTION), AIMessage(answer.content), HumanMessage("And about students?")]
    )
    assert "students" in str(follow.content)


def test_a_wrong_key_is_an_authentication_error(server: Running) -> None:
    wrong = server.key[:-4] + "AAAA"
    with openai.OpenAI(base_url=f"{server.url}/v1", api_key=wrong, max_retries=0) as client:
        with pytest.raises(openai.AuthenticationError) as refused:
            ask(client, QUESTION)
        with pytest.raises(openai.AuthenticationError):
            list(ask(client, QUESTION, stream=True))
    assert refused.value.code == "unauthorized"
    assert refused.value.type == "authentication_error"
    with pytest.raises(openai.AuthenticationError):
        chat(server, wrong).invoke(QUESTION)


def test_whoever_may_read_nothing_gets_a_refusal(server: Running) -> None:
    answer = str(chat(server, server.poor).invoke(QUESTION).content)
    assert not MARK.search(answer)
    assert "Rahmon said" not in answer


@pytest.mark.parametrize(
    ("request_", "kind", "words"),
    [
        ({"model": "gpt-9"}, openai.NotFoundError, "There is onrecord"),
        ({"model": "onrecord-write"}, openai.NotFoundError, "There is onrecord"),
        ({"messages": []}, openai.BadRequestError, "no message of the user"),
        ({"n": 2}, openai.UnprocessableEntityError, "n: "),
        ({"messages": [{"role": "user", "content": " "}]}, openai.BadRequestError, "question"),
    ],
)
@pytest.mark.parametrize("stream", [False, True])
def test_what_cannot_be_used_is_said_in_openais_shape(
    client: openai.OpenAI,
    request_: dict[str, Any],
    kind: type[openai.APIStatusError],
    words: str,
    stream: bool,
) -> None:
    """Before anything is streamed, too."""
    with pytest.raises(kind) as refused:
        ask(client, QUESTION, stream=stream, **request_)
    assert refused.value.type == "invalid_request_error"
    assert words in str(refused.value)


def test_a_written_answer_is_streamed_sentence_by_sentence(tmp_path: Path, seed_home: Path) -> None:
    """The model's sentence, checked, with annotations as a quotation has them."""
    with (
        scripted_server(answering(*WRITTEN)) as model,
        running(seed_home, tmp_path / "home", model="openai:m", base_url=model.url) as server,
        openai.OpenAI(base_url=f"{server.url}/v1", api_key=server.key, max_retries=0) as client,
    ):
        assert [each.id for each in client.models.list()] == ["onrecord", "onrecord-write"]
        asked = {"model": "onrecord-write", "stream": True}
        deltas = [c.choices[0].delta for c in ask(client, STUDENTS, **asked)]
    content = "".join(delta.content or "" for delta in deltas)
    assert "20,000 Tajik citizens" in content
    (annotation,) = deltas[-1].annotations
    cited = annotation["url_citation"]
    assert content[cited["start_index"] : cited["end_index"]] == "[1]"
    assert "20,000 of our citizens" in annotation["document"]["quote"]


def test_a_written_answer_takes_what_the_provider_says(tmp_path: Path, seed_home: Path) -> None:
    """Where it does not say, nothing is made up."""

    def counting(conversation: Conversation) -> None:
        conversation.begin()
        conversation.say(*WRITTEN)
        conversation.raw(event({}, "stop"))
        conversation.raw(b'data: {"id": "1", "object": "chat.completion.chunk", "created": 1, ')
        conversation.raw(b'"model": "m", "choices": [], "usage": {"prompt_tokens": 900, ')
        conversation.raw(b'"completion_tokens": 20, "total_tokens": 920}}\n\ndata: [DONE]\n\n')

    acts = (counting, counting, answering(*WRITTEN), answering(*WRITTEN))
    streamed = {"stream": True, "stream_options": {"include_usage": True}}
    with (
        scripted_server(*acts) as model,
        running(seed_home, tmp_path / "home", model="openai:m", base_url=model.url) as server,
        openai.OpenAI(base_url=f"{server.url}/v1", api_key=server.key, max_retries=0) as client,
    ):
        said = ask(client, STUDENTS, model="onrecord-write").usage
        _, last = counted(ask(client, STUDENTS, model="onrecord-write", **streamed))
        silent = ask(client, STUDENTS, model="onrecord-write").usage
        chunks = list(ask(client, STUDENTS, model="onrecord-write", **streamed))
    assert (said.prompt_tokens, said.completion_tokens, said.total_tokens) == (900, 20, 920)
    assert last == said
    assert silent is None
    assert all(chunk.choices and chunk.usage is None for chunk in chunks)


def test_too_many_questions_are_a_rate_limit(tmp_path: Path, seed_home: Path) -> None:
    gate = Gate(Limits(a_minute_each=1))
    with (
        running(seed_home, tmp_path / "home", gate) as server,
        openai.OpenAI(base_url=f"{server.url}/v1", api_key=server.key, max_retries=0) as client,
    ):
        ask(client, QUESTION)
        with pytest.raises(openai.RateLimitError) as refused:
            ask(client, QUESTION)
    assert refused.value.type == "rate_limit_error"
    assert int(refused.value.response.headers["retry-after"]) > 0
