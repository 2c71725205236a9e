"""A real server of Chroma, started for the tests."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import httpx

from tests.conftest import free_port

RUN = (sys.executable, "-c", "from chromadb.cli.cli import app; app()", "run")


class ChromaServer:
    """It keeps what it has in a folder, from one start to the next."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Begin to serve; returns when it does."""
        self._process = subprocess.Popen(
            [*RUN, "--path", str(self._folder), "--port", str(self._port)],
            env={**os.environ, "ANONYMIZED_TELEMETRY": "False"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        end = time.monotonic() + 60
        while True:
            try:
                httpx.get(f"{self.address}/api/v2/heartbeat", trust_env=False).raise_for_status()
            except httpx.HTTPError:
                assert time.monotonic() < end
                time.sleep(0.05)
            else:
                return

    def kill(self) -> None:
        """As the system does where memory is short."""
        assert self._process is not None
        self._process.kill()
        self._process.wait(30)
