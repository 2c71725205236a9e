"""MCP by its own client: over HTTP for a caller with a key, over stdio for the operator."""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Literal

import httpx2
import pytest
from mcp import Client
from mcp.client.stdio import StdioServerParameters
from mcp.client.streamable_http import streamable_http_client

from assistant.web.entry.gate import Gate, Limits
from tests.conftest import ONRECORD, ROOT, run_python
from tests.running import Running, running

QUESTION = "What did Rahmon say about branches of Russian institutes?"
ASKED = {"question": QUESTION}
Mode = Literal["auto", "legacy"]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, seed_home: Path) -> Iterator[Running]:
    gate = Gate(Limits(a_minute_each=10_000))
    with running(seed_home, tmp_path_factory.mktemp("mcp") / "home", gate) as server:
        yield server


@asynccontextmanager
async def by_http(server: Running, key: str, mode: Mode = "auto") -> AsyncIterator[Client]:
    headers = {"Authorization": f"Bearer {key}"}
    async with httpx2.AsyncClient(headers=headers, timeout=60) as http:
        transport = streamable_http_client(f"{server.url}/mcp", http_client=http)
        async with Client(transport, mode=mode) as client:
            yield client


@asynccontextmanager
async def by_stdio(home: Path) -> AsyncIterator[Client]:
    command = StdioServerParameters(
        command=sys.executable,
        args=[*ONRECORD[1:], "--home", str(home), "mcp"],
        env=dict(os.environ),
        cwd=ROOT,
    )
    async with Client(command) as client:
        yield client


async def call(client: Client, tool: str, arguments: dict[str, Any]) -> dict[str, Any]:
    result = await client.call_tool(tool, arguments)
    assert not result.is_error, result.content
    content = result.structured_content
    assert isinstance(content, dict)
    return content


async def use_every_tool(client: Client) -> None:
    """Each does what it says, and what they say of places holds."""
    listed = (await client.list_tools()).tools
    assert [tool.name for tool in listed] == ["search", "ask", "read_passage", "statements"]
    assert all(tool.annotations and tool.annotations.read_only_hint for tool in listed)
    assert all("context" not in tool.input_schema["properties"] for tool in listed)

    answer = await call(client, "ask", ASKED)
    assert answer["outcome"] == "answered"
    cited = answer["citations"][0]
    found = (await call(client, "search", {**ASKED, "count": 2}))["passages"]
    assert len(found) == 2
    for place, words in (
        (cited, cited["quote"]),
        *((passage, passage["text"]) for passage in found),
    ):
        where = {"document": place["document"]["id"], "start": place["start"], "end": place["end"]}
        assert (await call(client, "read_passage", where))["text"] == words

    said = await call(client, "statements", {"speaker": "Rahmon"})
    assert said["total"] > 0
    assert {each["speaker"]["name"] for each in said["statements"]} == {"Emomali Rahmon"}


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_every_tool_by_http(server: Running, mode: Mode) -> None:
    """With either generation of the protocol."""
    async with by_http(server, server.key, mode) as client:
        await use_every_tool(client)


async def test_every_tool_by_stdio(server: Running) -> None:
    """While a server owns the index."""
    async with by_stdio(server.home) as client:
        await use_every_tool(client)


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_a_caller_gets_what_they_may_read_and_no_more(server: Running, mode: Mode) -> None:
    async with by_http(server, server.key, mode) as client:
        (passage,) = (await call(client, "search", {**ASKED, "count": 1}))["passages"]
    async with by_http(server, server.poor, mode) as client:
        assert (await call(client, "search", ASKED))["passages"] == []
        assert (await call(client, "ask", ASKED))["outcome"] == "not_in_documents"
        assert (await call(client, "statements", {"about": "students"}))["total"] == 0
        where = {"document": passage["document"]["id"], "start": 0, "end": 10}
        refused = await client.call_tool("read_passage", where)
    assert refused.is_error
    assert passage["text"][:20] not in str(refused.content)


def test_to_make_a_server_leaves_the_log_of_the_process_alone() -> None:
    """In a process that has set up none, too."""
    done = run_python(
        "import logging\n"
        "from assistant.web.api.mcp_server import create_server\n"
        "root = logging.getLogger()\n"
        "before = (list(root.handlers), root.level)\n"
        "create_server(None, None)\n"
        "assert (root.handlers, root.level) == before == ([], logging.WARNING), root.handlers\n"
    )
    assert done.returncode == 0, done.stderr


async def test_without_a_valid_key_there_is_no_server(server: Running) -> None:
    async with httpx2.AsyncClient() as http:
        for headers in ({}, {"Authorization": "Bearer ork_x_y"}):
            reply = await http.post(f"{server.url}/mcp", json={}, headers=headers)
            assert reply.status_code == 401


async def test_what_cannot_be_done_is_said_in_words(server: Running) -> None:
    async with by_http(server, server.key) as client:
        for tool, arguments, words in (
            ("ask", {"question": " "}, "question"),
            ("ask", {**ASKED, "mode": "write"}, "ONRECORD_MODEL"),
            ("statements", {}, "Name a speaker"),
            ("read_passage", {"document": "none", "start": 0, "end": 9}, "none"),
        ):
            result = await client.call_tool(tool, arguments)
            assert result.is_error, tool
            assert words in str(result.content)


async def test_asking_by_a_tool_counts_as_asking(tmp_path: Path, seed_home: Path) -> None:
    gate = Gate(Limits(a_minute_each=1))
    with running(seed_home, tmp_path / "home", gate) as server:
        async with by_http(server, server.key) as client:
            await call(client, "ask", ASKED)
            refused = await client.call_tool("search", ASKED)
    assert refused.is_error
    assert "Too many questions" in str(refused.content)
