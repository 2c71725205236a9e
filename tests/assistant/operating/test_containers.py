"""As containers run it: nothing but the home may be written to, nobody has a name, IPv6 only."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.browser import _address
from tests.conftest import ONRECORD, ROOT, SEED, copy_home, free_port

SHUT_IN = """
set -e
chown -R $1 "$2"
mount --bind "$2" /mnt
mount -o remount,ro,bind /
for folder in /tmp /var/tmp; do mount -t tmpfs -o ro tmpfs $folder; done
cd /
exec setpriv --reuid $1 -- "$@"
""".replace("$@", "${@:3}")

STARTS_ANOTHER = "import subprocess, sys; subprocess.run([sys.executable, '-c', ''], check=True)"
NAMELESS, ROOT_USER = "12345", "0"
"""The second where the first may not read this Python."""


def shut_in(user: str, home: Path, *command: str) -> list[str]:
    """The command with a home at /mnt and nothing else to write to."""
    return ["unshare", "--mount", "bash", "-c", SHUT_IN, "bash", user, str(home), *command]


@pytest.fixture
def home(tmp_path: Path, seed_home: Path) -> Path:
    return copy_home(seed_home, tmp_path / "home")


@pytest.fixture
def user(home: Path) -> str:
    """Who may be shut in here. Skips the test where nobody can be."""
    if shutil.which("unshare"):
        for user in (NAMELESS, ROOT_USER):
            trial = shut_in(user, home, sys.executable, "-c", STARTS_ANOTHER)
            if subprocess.run(trial, check=False, capture_output=True).returncode == 0:
                return user
    pytest.skip("nothing can be mounted here")


def test_a_container_that_may_write_to_its_home_alone_serves_and_indexes(
    home: Path, user: str
) -> None:
    """Temporary files, of a large upload too, are in the home."""
    with socket.socket(socket.AF_INET6) as found:
        try:
            found.bind(("::1", 0))
        except OSError:
            pytest.skip("there is no IPv6 here")
    environment = {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", "HOME": "/nowhere"}
    environment |= {"PATH": os.environ["PATH"], "PYTHONUNBUFFERED": "1"}
    onrecord = [*ONRECORD, "--home", "/mnt"]
    with subprocess.Popen(
        shut_in(user, home, *onrecord, "serve", "--host", "::1", "--port", str(free_port())),
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment,
    ) as server:  # fmt: skip
        try:
            assert server.stdout is not None
            address = _address(server.stdout)
            assert address.startswith("http://[::1]:")
            large = "Mayor Dunmore said the crane cost nine million crowns.\n" + "\n" * 1_500_000
            reply = httpx.post(
                f"{address}/api/v1/documents", files={"file": ("c.txt", large)}, timeout=60
            )
            assert reply.status_code == 201, reply.text
            question = {"question": "What did Dunmore say about the crane?"}
            answer = httpx.post(f"{address}/api/v1/ask", json=question, timeout=60).json()
            assert "nine million" in answer["text"]
            handed_over = subprocess.run(
                [*onrecord[:-1], str(home), "index", str(SEED)],
                capture_output=True, text=True, check=False, cwd=ROOT,
            )  # fmt: skip
            assert handed_over.returncode == 0, handed_over.stderr
        finally:
            server.terminate()
    assert (home / "tmp").is_dir()
