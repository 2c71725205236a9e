"""Question sets by the API: run, watched, stopped, compared, and seen by whom they are for."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from assistant.building import open_to_write
from assistant.errors import RunUnfinished
from assistant.evaluation.desk import Desk
from assistant.evaluation.sets.sets import write_rows
from assistant.identity.configuring import Portal
from assistant.operating.maintaining import Request, perform
from assistant.settings import Settings
from assistant.web.app import create_app
from assistant.web.services import Services, portal_services
from index.documents import LOCAL_USER
from tests.conftest import SEED, copy_home

PATH = "/api/v1/evaluations"
QUOTED = "We now have branches of three Russian institutes of higher learning in Tajikistan"
MANY = 600
PATIENCE = 120.0
"""Seconds for a run on a busy machine."""


@dataclass(frozen=True)
class World:
    """A server whose one document key:ann and key:bob may read, and programs that call it."""

    services: Services
    ann: TestClient
    bob: TestClient
    cy: TestClient
    share: Any

    def run(self, client: TestClient, questions: str, **more: str) -> dict[str, Any]:
        """A run of a set, once it is over."""
        reply = client.post(PATH, json={"questions": questions, **more})
        assert reply.status_code == 201, reply.text
        return ended(client, reply.json()["name"])


def ended(client: TestClient, name: str) -> dict[str, Any]:
    until = time.monotonic() + PATIENCE
    while True:
        run: dict[str, Any] = client.get(f"{PATH}/{name}").json()
        if run["phase"] not in ("running", "stopping"):
            return run
        assert time.monotonic() < until, run
        time.sleep(0.05)


@pytest.fixture(scope="module")
def world(
    tmp_path_factory: pytest.TempPathFactory, seed_home: Path, models: Path
) -> Iterator[World]:
    home = tmp_path_factory.mktemp("evaluations") / "home"
    copy_home(seed_home, home)
    write_sets(home / "questions")
    settings = Settings(home)
    with open_to_write(settings, "serve") as opened:
        portal = Portal.model_validate({"url": "https://assist.example"})
        act = partial(perform, opened.stores)
        services = portal_services(opened.assistant, act, "owner", settings, portal, {})
        app = create_app(services)

        def share(*readers: str) -> None:
            change = Request("rights", documents="*", rights={"readers": list(readers)})
            for _ in perform(opened.stores, change):
                pass

        def program(name: str) -> TestClient:
            assert services.portals
            key = services.portals.keys.add(name, ["ask", "evaluate", "write"])
            headers = {"Authorization": f"Bearer {key}"}
            return TestClient(app, "https://assist.example", headers=headers)

        share("key:ann", "key:bob")
        yield World(services, program("ann"), program("bob"), program("cy"), share)


def write_sets(folder: Path) -> None:
    start = SEED.read_text("utf-8").index(QUOTED)
    about = {
        "answerable": True,
        "document": SEED.name,
        "evidence": [{"start": start, "end": start + len(QUOTED), "text": QUOTED}],
    }
    asked = ["What did Rahmon say about students?", "What did Rahmon say about branches?"]
    rows = [{"id": f"q{n}", "question": words, **about} for n, words in enumerate(asked, 1)]
    tower = {"id": "q3", "question": "How tall is the Eiffel Tower?", "answerable": False}
    write_rows(folder / "town.jsonl", [*rows, {**tower, "document": SEED.name}])
    write_rows(
        folder / "long.jsonl",
        [{"id": f"q{n}", "question": f"{asked[0]} {n}", **about} for n in range(MANY)],
    )
    (folder / "broken.jsonl").write_text("no question\n")


def test_the_sets_are_listed_and_which_cannot_be_used(world: World) -> None:
    """Why, whoever runs the server sees: a line may hold words of any document."""
    sets = {each["name"]: each for each in world.ann.get(f"{PATH}/sets").json()}
    assert sets["town"]["questions"] == 3
    assert sets["town"]["review"] == {"accepted": 3}
    assert "cannot be used" in sets["broken"]["problem"]
    assert "line" not in sets["broken"]["problem"]
    (none,) = {each["questions"] for each in world.cy.get(f"{PATH}/sets").json()}
    assert none == 0


def test_a_set_is_run_and_what_came_of_it_is_read(world: World) -> None:
    """Figures, records a page at a time, and the report, which may call nobody."""
    run = world.run(world.ann, "town", scope="document")
    assert (run["phase"], run["done"], run["total"]) == ("finished", 3, 3)
    assert (run["questions"], run["scope"], run["by"]) == ("town", "document", "key:ann")
    name = run["name"]
    figures = world.ann.get(f"{PATH}/{name}/figures").json()
    assert figures["figures"].keys() == run["figures"].keys()
    assert figures["set"] == "town"
    assert figures["questions"] == 3
    assert "rows" not in figures
    whole = world.ann.get(f"{PATH}/{name}/records")
    first = world.ann.get(f"{PATH}/{name}/records", params={"limit": 2})
    rest = world.ann.get(f"{PATH}/{name}/records", params={"start": 2})
    assert [row["id"] for row in whole.json()] == ["q1", "q2", "q3"]
    assert first.json() + rest.json() == whole.json()
    assert {reply.headers["x-total-count"] for reply in (whole, first, rest)} == {"3"}
    text = SEED.read_text("utf-8")
    students = whole.json()[0]
    cited = students["citations"][0]
    assert cited["document"] == SEED.name
    assert text[cited["start"] : cited["end"]] in students["answer"]
    assert whole.json()[2]["outcome"] == "rightly refused"
    report = world.ann.get(f"{PATH}/{name}/report")
    assert report.headers["content-type"].startswith("text/html")
    assert "sandbox" in report.headers["content-security-policy"]
    assert "Rahmon" in report.text


def test_two_runs_are_compared_with_the_tests_of_significance(world: World) -> None:
    one, two = (world.run(world.ann, "town")["name"] for _ in range(2))
    found = world.ann.get(f"{PATH}/{two}/comparison", params={"baseline": one}).json()
    assert (found["run"], found["baseline"], found["compared"]) == (two, one, 3)
    assert found["better"] == found["worse"] == found["questions_changed"] == []
    assert {change["p_value"] for change in found["changes"]} == {1.0}
    assert two in [run["name"] for run in world.ann.get(PATH).json()]
    assert len(world.ann.get(PATH, params={"limit": 1}).json()) == 1


def test_a_run_is_stopped_and_goes_on(world: World) -> None:
    """Meanwhile no other begins, and nothing of it can be read but how far it is."""
    name = world.ann.post(PATH, json={"questions": "long"}).json()["name"]
    second = world.bob.post(PATH, json={"questions": "town"})
    stopped = world.ann.post(f"{PATH}/{name}/stop")
    assert (second.status_code, second.json()["error"]["code"]) == (409, "busy")
    assert stopped.json()["phase"] in ("stopping", "stopped")
    run = ended(world.ann, name)
    assert run["phase"] == "stopped"
    assert 0 < run["done"] < MANY
    for further in ("figures", "records", "comparison?baseline=x"):
        assert world.ann.get(f"{PATH}/{name}/{further}").status_code == 409, further
    going = world.ann.post(f"{PATH}/{name}/continue")
    assert (going.status_code, going.json()["phase"]) == (200, "running")
    assert world.bob.post(f"{PATH}/{name}/stop").status_code == 404
    run = ended(world.ann, name)
    assert (run["phase"], run["done"]) == ("finished", MANY)
    assert world.ann.post(f"{PATH}/{name}/continue").status_code == 400


def test_a_run_of_another_server_is_seen_and_not_made_twice(world: World) -> None:
    """Where servers have the folder of runs in common."""
    other = Desk(world.services.assistant, Settings(world.services.home))
    name = world.ann.post(PATH, json={"questions": "long"}).json()["name"]
    assert other.state_of(other.kept(name, LOCAL_USER)).phase == "running"
    with pytest.raises(RunUnfinished, match="going on at another server"):
        other.go_on(name, LOCAL_USER)
    world.ann.post(f"{PATH}/{name}/stop")
    ended(world.ann, name)
    until = time.monotonic() + PATIENCE
    while other.state_of(other.kept(name, LOCAL_USER)).phase == "running":
        assert time.monotonic() < until
    assert other.state_of(other.kept(name, LOCAL_USER)).phase == "stopped"


def test_nobody_sees_a_run_of_somebody_else(world: World) -> None:
    """Nor that there is one: each call answers as for a name that nobody gave."""
    name = world.run(world.ann, "town")["name"]
    own = world.run(world.bob, "town")["name"]
    assert [run["name"] for run in world.bob.get(PATH).json()] == [own]
    for method, path in (
        ("GET", ""), ("GET", "/figures"), ("GET", "/records"), ("GET", "/report"),
        ("GET", f"/comparison?baseline={own}"), ("POST", "/stop"), ("POST", "/continue"),
    ):  # fmt: skip
        reply = world.bob.request(method, f"{PATH}/{name}{path}")
        nothing = world.bob.request(method, f"{PATH}/nothing{path}")
        assert reply.status_code == nothing.status_code == 404, path
        assert reply.text == nothing.text.replace("nothing", name), path
    compared = world.bob.get(f"{PATH}/{own}/comparison", params={"baseline": name})
    assert compared.status_code == 404


def test_whoever_may_read_nothing_gets_no_words_of_it(world: World) -> None:
    """For them the set has no questions, and there is no run."""
    reply = world.cy.post(PATH, json={"questions": "town"})
    assert reply.status_code == 400
    assert "holds no questions" in reply.text
    assert world.cy.get(PATH).json() == []


def test_a_run_is_gone_once_its_documents_may_not_be_read(world: World) -> None:
    """Also for somebody who has another document of that name; it comes back with them."""
    name = world.run(world.bob, "town")["name"]
    world.share("key:ann")
    file = {"file": (SEED.name, "Nothing of the sort.")}
    added = world.bob.post("/api/v1/documents", files=file)
    assert added.status_code == 201, added.text
    for further in ("", "/figures", "/records", "/report"):
        assert world.bob.get(f"{PATH}/{name}{further}").status_code == 404, further
    assert world.bob.delete(f"/api/v1/documents/{added.json()['id']}").status_code == 204
    world.share("key:ann", "key:bob")
    assert world.bob.get(f"{PATH}/{name}/records").status_code == 200


def test_what_was_found_on_the_way_is_named_while_it_may_be_read(world: World) -> None:
    """Nothing of it is said, so the run is still there."""
    file = {"file": ("canal.txt", "The students of Dover dug the canal by hand.")}
    added = world.ann.post("/api/v1/documents", files=file, data={"readers": ["key:bob"]})
    rights = f"/api/v1/documents/{added.json()['id']}/rights"
    name = world.run(world.bob, "town")["name"]
    assert "canal.txt" in found(world.bob, name)
    assert world.ann.put(rights, json={"readers": []}).status_code == 200
    assert found(world.bob, name) == {SEED.name}
    assert world.ann.delete(rights.removesuffix("/rights")).status_code == 204


def found(client: TestClient, name: str) -> set[str]:
    """Every document that was found for a question of a run."""
    records = client.get(f"{PATH}/{name}/records").json()
    return {place["document"] for record in records for place in record["retrieved"]}


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ({"questions": "none"}, 404, "no question set called none"),
        ({"questions": "../town"}, 400, "cannot be called"),
        ({"questions": "broken"}, 400, "cannot be used"),
        ({"questions": "town", "mode": "write"}, 400, "ONRECORD_MODEL"),
        ({"questions": "town", "mode": "sing"}, 422, "mode"),
        ({"questions": "town", "scope": "none"}, 422, "scope"),
        ({}, 422, "questions"),
    ],
)
def test_what_cannot_be_run_is_said_at_once(
    world: World, body: dict[str, str], status: int, words: str
) -> None:
    reply = world.ann.post(PATH, json=body)
    assert reply.status_code == status
    assert words in reply.json()["error"]["message"]


def test_it_is_noted_who_ran_and_read_what(world: World) -> None:
    name = world.run(world.ann, "town")["name"]
    world.ann.get(f"{PATH}/{name}/records")
    world.ann.get(f"{PATH}/{name}/report")
    deeds = [
        (deed.deed, deed.what, deed.principal)
        for deed in reversed(world.services.ledger.deeds(1_000))
        if deed.what == name
    ]
    assert deeds == [
        ("began run", name, "key:ann"),
        ("read records of run", name, "key:ann"),
        ("read report of run", name, "key:ann"),
    ]
