"""As containers run it, and whether what is written of them holds."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from assistant.evaluation.desk import FOLDER as RUNS
from assistant.evaluation.sets.sets import FOLDER as QUESTION_SETS
from assistant.settings import read_settings
from index.paths import UPLOADS
from tests.browser import _address
from tests.composed import COMPOSE, DOCKERFILE, PORTAL, SERVICES, last, shown, substituted
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


# -- Dockerfile and compose.yaml -------------------------------------------------------

SERVICE = SERVICES["onrecord"]
OURS = [said for said in SERVICES.values() if "build" in said]
OTHERS = {name: said for name, said in SERVICES.items() if name != "onrecord"}


def environment() -> dict[str, str]:
    """Of the container, where nothing is set outside."""
    said = dict(pair.split("=", 1) for pair in last("ENV").split())
    for name, value in SERVICE["environment"].items():
        said[name] = substituted(value, {})
    return said


@dataclass(frozen=True)
class Container:
    """The container as a process: its environment, with a home and a port of this computer."""

    environment: dict[str, str]
    home: Path
    address: str

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """A command inside of it; `onrecord` and `python` are those that are tested."""
        program = {"onrecord": [*ONRECORD], "python": [sys.executable]}[command[0]]
        return subprocess.run(
            [*program, *command[1:]], capture_output=True, text=True, check=False, timeout=120,
            env=self.environment, cwd=ROOT,
        )  # fmt: skip


@pytest.fixture(scope="module")
def container(tmp_path_factory: pytest.TempPathFactory, seed_home: Path) -> Iterator[Container]:
    """What compose.yaml starts."""
    home = copy_home(seed_home, tmp_path_factory.mktemp("container") / "data")
    (config,) = SERVICE["configs"]
    assert config["target"] == f"{environment()['ONRECORD_HOME']}/portal.toml"
    (home / "portal.toml").write_text(PORTAL)
    port = str(free_port())
    here = {"ONRECORD_HOME": str(home), "ONRECORD_PORT": port, "PATH": os.environ["PATH"]}
    made = Container({**environment(), **here}, home, f"http://127.0.0.1:{port}")
    added = made.run("onrecord", "keys", "add", "program", "--permission", "ask")
    assert added.returncode == 0, added.stderr
    (entry,), command = json.loads(last("ENTRYPOINT")), SERVICE["command"]
    assert (entry, command) == ("onrecord", json.loads(last("CMD")))
    with subprocess.Popen(
        [*ONRECORD, *command], env=made.environment, cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as server:
        try:
            transport = httpx.HTTPTransport(retries=8)
            with httpx.Client(transport=transport, timeout=60) as client:
                client.get(f"{made.address}/api/v1/health").raise_for_status()
            yield made
        finally:
            server.terminate()


def test_the_container_is_healthy_by_its_own_check(container: Container) -> None:
    check = json.loads(last("HEALTHCHECK").partition("CMD ")[2])
    assert container.run(*check).returncode == 0
    elsewhere = {**container.environment, "ONRECORD_PORT": str(free_port())}
    assert Container(elsewhere, container.home, "").run(*check).returncode != 0


def test_what_compose_shows_works_in_the_container(container: Container, tmp_path: Path) -> None:
    """Each command of its first lines, with folders of this computer; the server takes what is
    indexed, though it listens to every address."""
    lines = shown("docker compose exec onrecord")
    assert len(lines) == 2
    (tmp_path / "crane.txt").write_text("Mayor Dunmore said the crane cost nine million crowns.")
    for line in lines:
        words = line.replace("/documents", str(tmp_path)).replace("/backups", str(tmp_path))
        done = container.run(*words.split())
        assert done.returncode == 0, done.stderr
    assert (tmp_path / "monday.zip").exists()


def test_who_has_no_key_is_not_let_in(container: Container) -> None:
    reply = httpx.post(f"{container.address}/api/v1/ask", json={"question": "Who?"})
    assert reply.status_code == 401


def test_the_container_is_nobody_and_may_write_to_its_volumes_alone() -> None:
    user, group = last("USER").split(":")
    assert int(user) >= 1_000
    assert SERVICE.get("user", user) == user
    assert f"--owner={user} --group={group} {environment()['ONRECORD_HOME']}" in DOCKERFILE
    for said in OURS:
        assert said["read_only"] is True
        assert said["cap_drop"] == ["ALL"]
        assert "no-new-privileges:true" in said["security_opt"]
    places = [volume.rsplit(":/", 1)[1] for volume in SERVICE["volumes"]]
    assert environment()["ONRECORD_HOME"].lstrip("/") in places
    mounted = [v for said in SERVICES.values() for v in said.get("volumes", ())]
    used = {v.split(":")[0] if isinstance(v, str) else v["source"] for v in mounted}
    assert used >= {*COMPOSE["volumes"]}


def test_what_is_mounted_of_another_volume_is_in_it_from_the_start() -> None:
    """Else there would be nothing to mount, and the second server could not begin."""
    shared = [v for v in SERVICES["second"]["volumes"] if not isinstance(v, str)]
    for volume in shared:
        assert (volume["source"], volume["type"]) == ("index", "volume")
        assert volume["target"] == f"/data/{volume['volume']['subpath']}"
        assert f" {volume['target']}" in DOCKERFILE
    assert {v["volume"]["subpath"] for v in shared} == {UPLOADS, QUESTION_SETS, RUNS}


def test_secrets_come_from_outside_and_the_port_is_for_this_computer() -> None:
    for name, value in SERVICE["environment"].items():
        assert value == f"${{{name}:-}}"
    assert [port.split(":")[0] for port in SERVICE["ports"]] == ["127.0.0.1"]


def test_other_servers_come_when_they_are_asked_for_and_are_reached_from_here_alone() -> None:
    """By the addresses that are shown, which the program takes."""
    assert {profile for each in OTHERS.values() for profile in each["profiles"]} == {
        "servers", "ray", "indexing",
    }  # fmt: skip
    assert [name for name, server in OTHERS.items() if "ports" in server] == ["proxy"]
    said = dict(line.split("=", 1) for line in shown("export") if line.startswith("ONRECORD_"))
    settings = read_settings(Path("home"), said)
    database = urlsplit(settings.database)
    assert (database.hostname, urlsplit(settings.chroma).hostname) == ("postgres", "chroma")
    postgres = SERVICES["postgres"]["environment"]
    assert database.username == postgres["POSTGRES_USER"]
    assert database.path == f"/{postgres['POSTGRES_DB']}"
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    (chroma,) = [each for each in project["dependencies"] if each.startswith("chromadb")]
    assert SERVICES["chroma"]["image"].rpartition(":")[2] == chroma.rpartition("=")[2]
    assert "'.[postgres,ray]'" in DOCKERFILE


def test_all_that_is_built_from_is_copied() -> None:
    """What pyproject.toml names, its packages and the pins; nothing else leaves this computer."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    packages = project["tool"]["setuptools"]["packages"]["find"]["include"]
    wanted = {"pyproject.toml", project["project"]["readme"], ".ci/constraints.txt"}
    wanted |= {*project["project"]["license-files"], *(name.rstrip("*") for name in packages)}
    copies = re.findall(r"^COPY (?!--)(.*) \S+$", DOCKERFILE, re.MULTILINE)
    copied = {name for line in copies for name in line.split()}
    let_in = {line[1:] for line in (ROOT / ".dockerignore").read_text().split() if line[0] == "!"}
    assert copied == wanted == let_in
    assert all((ROOT / name).exists() for name in copied)
