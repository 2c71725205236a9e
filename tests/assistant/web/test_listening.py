"""The server as a process: with few files, and told to end."""

from __future__ import annotations

import os
import shlex
import socket
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from assistant.web.listening import FILES_OF_A_CONNECTION, connections_for
from tests.browser import _address
from tests.conftest import ONRECORD, copy_home, free_port, run_python

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
            page.sendall(head("GET /gradio/gradio_api/heartbeat/abc", port))
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
    """The status; 503 where the connection is not even taken. Who is told that it is too much is
    told when to come again."""
    try:
        reply = httpx.post(f"{url}/api/v1/ask", json=ASKED, timeout=60)
        assert reply.status_code != 503 or reply.headers["retry-after"]
        return reply.status_code
    except httpx.TransportError:
        return 503


ARENAS_OF_THREADS = """
import ctypes, sys, threading
from assistant.web.serving import keep_few_arenas
keep_few_arenas()
together = threading.Barrier(16)

def allocate():
    held = [bytes(1_000) for _ in range(1_000)]
    together.wait()

threads = [threading.Thread(target=allocate) for _ in range(16)]
[each.start() for each in threads], [each.join() for each in threads]
libc = ctypes.CDLL(None)
libc.fopen.restype = ctypes.c_void_p
file = ctypes.c_void_p(libc.fopen(sys.argv[1].encode(), b"w"))
libc.malloc_info(0, file), libc.fclose(file)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs its C library")
def test_threads_share_the_memory_that_is_free(tmp_path: Path) -> None:
    """Each with its own would keep it: hundreds of megabytes after a hundred askers."""
    done = run_python(ARENAS_OF_THREADS, tmp_path / "info.xml")
    assert 1 <= (tmp_path / "info.xml").read_text().count("<heap nr=") <= 2, done.stderr
