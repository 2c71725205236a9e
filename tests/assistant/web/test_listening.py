"""The server as a process: with few files, and told to end."""

from __future__ import annotations

import os
import shlex
import socket
import subprocess
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from assistant.web.listening import FILES_OF_A_CONNECTION, connections_for
from tests.browser import _address
from tests.conftest import ONRECORD, copy_home, free_port

ASKED = {"question": "What did Rahmon say about students?"}
GRACE = 14.0


def test_connections_follow_from_files() -> None:
    assert connections_for(10) == 3, "two, and one that is told no"
    assert connections_for(10 * FILES_OF_A_CONNECTION) == 11
    assert connections_for(1_000) > 500


@pytest.mark.skipif(os.name == "nt", reason="has no such limits")
def test_with_few_files_a_server_says_no_and_ends_when_it_is_told(
    tmp_path: Path, seed_home: Path
) -> None:
    """What is too much is 503, and afterwards all is well. An open page and a hanging upload do
    not keep it from ending, with 0, and it leaves nothing behind."""
    home, port = copy_home(seed_home, tmp_path / "home"), free_port()
    command = shlex.join([*ONRECORD, "--home", str(home), "serve", "--port", str(port)])
    with subprocess.Popen(
        ["sh", "-c", f"ulimit -n 64; exec {command}"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    ) as process:
        assert process.stdout
        url = _address(process.stdout)
        with ThreadPoolExecutor(60) as people:
            found = Counter(people.map(lambda _: ask(url), range(120)))
        assert set(found) <= {200, 503}
        assert found[200] > 0
        assert found[503] > 0
        assert ask(url) == 200
        with (
            closing(socket.create_connection(("127.0.0.1", port))) as page,
            closing(socket.create_connection(("127.0.0.1", port))) as upload,
        ):
            page.sendall(head("GET /gradio_api/heartbeat/abc", port))
            assert page.recv(100).startswith(b"HTTP/1.1 200")
            hanging = "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 99\r\n"
            upload.sendall(head("POST /api/v1/documents", port, hanging) + b"--x\r\n")
            begun = time.monotonic()
            process.terminate()
            assert process.wait(60) == 0
            assert time.monotonic() - begun < GRACE
        assert "Traceback" not in process.stdout.read()
    assert not (home / "writer.json").exists()


def head(line: str, port: int, more: str = "") -> bytes:
    return f"{line} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{more}\r\n".encode()


def ask(url: str) -> int:
    """The status; 503 where the connection is not even taken."""
    try:
        return httpx.post(f"{url}/api/v1/ask", json=ASKED, timeout=60).status_code
    except httpx.TransportError:
        return 503
