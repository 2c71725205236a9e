"""The services of compose.yaml as processes of this computer: the same commands in the same
environment, with ports, folders and a database of this computer in place of the containers'."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, cast

import psycopg
import yaml

from tests.chroma import RUN as CHROMA
from tests.conftest import ONRECORD, ROOT, free_port
from tests.postgres import Server

DOCKERFILE = re.sub(r"\\\n\s*", "", (ROOT / "Dockerfile").read_text())
TEXT = (ROOT / "compose.yaml").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
SUBSTITUTED = re.compile(r"\$\{(\w+):-(.*?)\}")

PORTAL = 'url = "https://assist.example"\n'

PORTS = "7860|2019|8000|6379|10001"
"""What services listen to, inside of their containers."""

ADDRESS = re.compile(
    rf"((?P<service>{'|'.join(SERVICES)}):|(?P<before>127\.0\.0\.1[:/]|^|port=))"
    rf"(?P<port>{PORTS})(?!\w)"
)
PLACE = re.compile(r"(?<![\w.])(/data|/documents|/backups|/tmp|/etc/caddy)(?=/|$)")

ALONE = "127.0.0.1"

MOST_STARTS = 3


def last(instruction: str) -> str:
    """What the Dockerfile says last with an instruction."""
    return str(re.findall(rf"^{instruction} (.*)$", DOCKERFILE, re.MULTILINE)[-1])


def shown(command: str, suffix: str = "") -> list[str]:
    """The lines of the first comment with this command, without it."""
    return re.findall(rf"^#   {command} (.*){suffix}$", TEXT, re.MULTILINE)


def told_outside(**more: str) -> dict[str, str]:
    """The variables that the first comment shows, and more."""
    said: dict[str, str] = {}
    for line in shown("export"):
        name, value = line.split("=", 1)
        value = more.get(name, value)
        said[name] = re.sub(r"\$(\w+)", lambda found: said[found[1]], value)
    return said


def substituted(value: str, outside: Mapping[str, str]) -> str:
    """As compose does it."""
    return SUBSTITUTED.sub(lambda found: outside.get(found[1]) or found[2], value)


@dataclass(slots=True)
class Composed:
    """Services that are started one by one, and ended together. `models` has the exported model,
    `scratch` is a folder with a short path, for sockets."""

    folder: Path
    models: Path
    scratch: Path
    postgres: Server
    outside: Mapping[str, str]
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    _ports: dict[str, str] = field(default_factory=dict)

    def address(self, service: str, port: str = "7860") -> str:
        """Where a service is found here."""
        return f"http://{ALONE}:{self.port(service, port)}"

    def port(self, service: str, port: str) -> str:
        """Of this computer, in place of the one of its container."""
        return self._ports.setdefault(f"{service}:{port}", str(free_port()))

    def mount(self) -> None:
        """Make the folders and files of all."""
        for service in SERVICES:
            self._mount(service)

    def start(self, service: str) -> None:
        """Begin it; `wait_until_healthy` says when it is there."""
        said = SERVICES[service]
        if service == "postgres":
            self._make_database(said["environment"])
            return
        log = (self.folder / f"{service}.log").open("ab")
        self.running[service] = subprocess.Popen(
            self._command(service, [*self._entrypoint(said), *said["command"]]),
            env=self.environment(service), cwd=ROOT, stdout=log, stderr=log,
        )  # fmt: skip

    def end(self) -> None:
        """End all that still run."""
        for process in self.running.values():
            process.terminate()
        for process in self.running.values():
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def run(self, service: str, *command: str) -> subprocess.CompletedProcess[str]:
        """A command inside of a service's container."""
        return subprocess.run(
            self._command(service, command),
            env=self.environment(service),
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
            timeout=240,
        )

    def is_healthy(self, service: str) -> bool:
        """By its own check."""
        said = SERVICES[service].get("healthcheck", {}).get("test")
        check = said or ["CMD", *json.loads(last("HEALTHCHECK").partition("CMD ")[2])]
        return self.run(service, *check[1:]).returncode == 0

    def wait_until_healthy(self, service: str, within: float = 300) -> None:
        """Until its own check says so. One that ends is begun again, as compose does it."""
        end, begun = time.monotonic() + within, 1
        while not self.is_healthy(service):
            process = self.running.get(service)
            gone = process is not None and process.poll() is not None
            log = self.folder / f"{service}.log"
            said = log.read_text("utf-8") if log.exists() else service
            assert time.monotonic() < end, said
            if gone:
                assert begun < MOST_STARTS, said
                self.start(service)
                begun += 1
            time.sleep(0.3)

    def environment(self, service: str) -> dict[str, str]:
        """Of a service, as its processes have it here."""
        said = SERVICES[service]
        values: dict[str, str] = {}
        if "build" in said:
            values |= dict(pair.split("=", 1) for pair in shlex.split(last("ENV")))
        for name, value in said.get("environment", {}).items():
            values[name] = substituted(value, self.outside)
        values = {name: self._here(service, value) for name, value in values.items()}
        own = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "PYTHONPATH": str(ROOT)}
        own |= {"RAY_raylet_start_wait_time_s": "120"}  # on a busy machine
        own |= {"PGHOST": str(self.postgres.folder), "TMPDIR": str(self._scratch(service))}
        return values | own

    def data(self, service: str) -> Path:
        """The folder that is /data in its container."""
        return self.folder / "of" / service / "data"

    def _scratch(self, service: str) -> Path:
        """By a short name: of a socket's path there may be 107 characters."""
        folder = self.scratch / str([*SERVICES].index(service))
        folder.mkdir(exist_ok=True)
        return folder

    def _entrypoint(self, said: Mapping[str, Any]) -> Sequence[str]:
        """What the image begins a command with, if compose says nothing."""
        if "entrypoint" in said:
            return cast(list[str], said["entrypoint"])
        if "build" in said:
            return cast(list[str], json.loads(last("ENTRYPOINT")))
        return ["chroma"] if said["image"].startswith("chromadb/") else []

    def _command(self, service: str, words: Sequence[str]) -> list[str]:
        known = {"onrecord": ONRECORD, "python": (sys.executable,), "chroma": CHROMA[:-1]}
        known |= {"pg_isready": (str(self.postgres.programs / "pg_isready"),)}
        known |= {"ray": (str(Path(sys.executable).parent / "ray"),)}
        program = known.get(words[0], (words[0],))
        return [*program, *(self._here(service, word) for word in words[1:])]

    def _here(self, service: str, value: str) -> str:
        """What is said of addresses and folders of containers, of this computer."""
        if value.startswith("postgresql://"):
            return f"{value.replace('@postgres/', '@/')}?host={self.postgres.folder}"
        value = ADDRESS.sub(partial(self._address, service), value)
        return PLACE.sub(lambda found: self._place(service, found[0]), value)

    def _address(self, service: str, found: re.Match[str]) -> str:
        if other := found["service"]:
            return f"{ALONE}:{self.port(other, found['port'])}"
        return f"{found['before'] or ''}{self.port(service, found['port'])}"

    def _place(self, service: str, place: str) -> str:
        if place == "/tmp":
            return str(self._scratch(service))
        if place in ("/documents", "/backups"):
            return str(self.folder / place[1:])
        return str(self.folder / "of" / service / place[1:])

    def _mount(self, service: str) -> None:
        """Make its folders: what is mounted inside another volume is a link there."""
        said = SERVICES[service]
        for volume in said.get("volumes", ()):
            if isinstance(volume, str):
                target = self._here(service, volume.removesuffix(":ro").rsplit(":", 1)[1])
                Path(target).mkdir(parents=True, exist_ok=True)
                continue
            source = self.data(_whose(volume["source"])) / volume["volume"]["subpath"]
            source.mkdir(parents=True, exist_ok=True)
            Path(self._here(service, volume["target"])).symlink_to(source)
        for config in said.get("configs", ()):
            target = self._here(service, config["target"])
            Path(target).parent.mkdir(parents=True, exist_ok=True)
            words = self._config(service, COMPOSE["configs"][config["source"]])
            Path(target).write_text(words, "utf-8")
        if "build" in said and "volumes" in said:
            (self.data(service) / "models").symlink_to(self.models)

    def _config(self, service: str, said: Mapping[str, str]) -> str:
        if "file" in said:
            return PORTAL
        return self._here(service, said["content"].replace("$$", "$"))

    def _make_database(self, said: Mapping[str, str]) -> None:
        user, password = said["POSTGRES_USER"], substituted(
            said["POSTGRES_PASSWORD"], self.outside
        )  # fmt: skip
        with psycopg.connect(self.postgres.address("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE ROLE {user} LOGIN PASSWORD '{password}'")
            connection.execute(f"CREATE DATABASE {said['POSTGRES_DB']} OWNER {user}")


def _whose(volume: str) -> str:
    """The service that has a volume as its /data."""
    return next(
        name for name, said in SERVICES.items() if f"{volume}:/data" in said.get("volumes", ())
    )
