"""A canary in every document: through no door does anybody get a byte of what they may not read.

Each document has words that stand nowhere else: in its text, its name, its title, the names of
its speakers, its topic. Everybody calls every door of the server and tries to get at each
document; all that they receive, what the language model is sent, the logs, the traces and the
file of accounts are searched for them. What a request itself says may come back.
"""

from __future__ import annotations

import base64
import html
import json
import logging
import re
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cache, cached_property, partial
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus

import httpx
import pytest
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from assistant.accounts.store import FILE as ACCOUNTS
from assistant.building import Opened, open_to_write
from assistant.identity.configuring import Portal
from assistant.identity.people import Person as Vouched
from assistant.operating.maintaining import perform
from assistant.programs.retriever import OnRecordRetriever
from assistant.settings import Settings
from assistant.web.app import create_app
from assistant.web.entry.gate import Gate, Limits
from assistant.web.services import PortalServices, portal_services
from index.documents import Principal
from index.ingesting import sync
from index.planning import document_id
from tests.conftest import free_port, new_home
from tests.oidc import SECRET, create_provider
from tests.running import in_thread
from tests.scripted import Scripted, answering, scripted_server, with_model
from tests.spans import keep_spans
from tests.vouching import ISSUER, ORIGIN, claims, pem, private_key, sign

OWNER = "the-owner's-token"
PATIENCE = 120.0
"""Seconds for what has to come: a busy machine is no failure."""


# -- documents and their canaries ----------------------------------------------------


@dataclass(frozen=True)
class Target:
    """A document, known by words that stand nowhere else. All are of the same length for each
    document. `witness` and `kept` are typed by nobody."""

    key: str
    root: str
    id: str = ""

    @property
    def name(self) -> str:
        return f"{self.root}folio.md"

    @property
    def title(self) -> str:
        return f"{self.root.capitalize()}ánnals"

    @property
    def speaker(self) -> str:
        return f"{self.root.capitalize()}son"

    @property
    def witness(self) -> str:
        return f"{self.root.capitalize()}wick"

    @property
    def topic(self) -> str:
        return f"{self.root}ite"

    @property
    def said(self) -> str:
        return f"{self.root}ium"

    @property
    def kept(self) -> str:
        return f"{self.root}ology"

    @property
    def typeable(self) -> frozenset[str]:
        """Words with which somebody may ask."""
        words = (f"{self.root}folio", self.title, self.speaker, self.topic, self.said)
        return frozenset(word.lower() for word in words)

    @property
    def canaries(self) -> frozenset[str]:
        return self.typeable | {self.witness.lower(), self.kept}

    @property
    def text(self) -> str:
        return (
            f"# {self.title} of the town\n\n"
            f"Orla {self.speaker} said that the {self.topic} bridge costs 9 {self.said} crowns. "
            f"“The {self.topic} bridge will open in May,” {self.speaker} said.\n\n"
            f"Tom {self.witness} told the council that {self.kept} is dear. The council of the "
            f"town inspected the {self.topic} bridge in June.\n"
        )

    @property
    def sentence(self) -> str:
        return f"Orla {self.speaker} said that the {self.topic} bridge costs 9 {self.said} crowns."


ROOTS = {
    "person": "brevik",
    "group": "colzan",
    "tenant": "durmiq",
    "other": "falgor",
    "own": "gwonty",
    "denied": "hixpel",
    "revoked": "jarvoq",
    "removed": "kumdez",
}
GHOST = Target("ghost", "plybex", "0123456789abcdef")
"""A document that there never was."""

RIGHTS = {
    "person": f'readers = ["user:{ISSUER}|ann"]',
    "group": f'readers = ["group:{ISSUER}|staff"]',
    "other": 'tenant = "globex"\nreaders = ["tenant:globex"]',
    "denied": f'readers = ["tenant:acme"]\ndenied = ["user:{ISSUER}|bo"]',
    "revoked": f'readers = ["user:{ISSUER}|ann", "user:{ISSUER}|bo"]',
}
"""Who may read these instead of everybody of the tenant."""

MAY_READ: Mapping[str, frozenset[str]] = {
    "ann": frozenset({"person", "group", "tenant", "own", "denied"}),
    "bo": frozenset({"tenant"}),
    "cy": frozenset({"other"}),
    "left": frozenset({"tenant", "denied"}),
    "fay": frozenset({"tenant", "denied"}),
    "admin": frozenset({"tenant", "denied"}),
    "poor": frozenset(),
    "nobody": frozenset(),
}
"""Whom there is: two of one tenant, one of another, one whose group was taken away, one in a
portal's frame, an administrator, a program without groups, and whoever shows nothing."""


# -- what was received ---------------------------------------------------------------


@dataclass(frozen=True)
class Received:
    """What somebody got at a door (or the language model, on their behalf), and which
    canaries the request itself had."""

    person: str
    door: str
    content: bytes
    typed: frozenset[str]

    @cached_property
    def learnt(self) -> frozenset[str]:
        """What the reply has and the request had not."""
        return canaries_in(self.content) - self.typed

    @property
    def forbidden(self) -> frozenset[str]:
        return self.learnt - may_read(self.person)


RUN = re.compile(r"[A-Za-z0-9+/_-]{16,}")
UNICODE = re.compile(r"\\+u([0-9a-fA-F]{4})")


def readings(content: bytes) -> str:
    """The content as it stands, and as whoever decodes it reads it, in small letters."""
    plain = content.decode("utf-8", "replace")
    read = [plain]
    if "\\u" in plain:
        read.append(UNICODE.sub(lambda match: chr(int(match[1], 16)), plain))
    read += [html.unescape(text) for text in read if "&" in text]
    read += [unquote_plus(text) for text in read if "%" in text]
    encoded = [part for run in RUN.findall(plain) for part in _decoded(run)]
    return "\n".join([*read, *encoded]).lower()


def _decoded(run: str) -> Iterator[str]:
    """Base64, wherever it begins."""
    for start in range(4):
        part = run[start:].translate({ord("-"): "+", ord("_"): "/"})
        part = part[: len(part) // 4 * 4]
        yield base64.b64decode(part).decode("utf-8", "replace")


EVERY_CANARY = {
    canary: target
    for target in (Target(key, root) for key, root in ROOTS.items())
    for canary in target.canaries
}


def canaries_in(content: bytes) -> frozenset[str]:
    text = readings(content)
    return frozenset(canary for canary in EVERY_CANARY if canary in text)


@pytest.mark.parametrize(
    "form",
    [
        lambda word: word,
        lambda word: json.dumps(word.upper()),
        lambda word: f'{{"a": {json.dumps(json.dumps(word))}}}',
        lambda word: word.encode("ascii", "xmlcharrefreplace").decode(),
        lambda word: f"%{word.encode()[0]:02x}{word[1:]}",
        lambda word: base64.b64encode(f"a{word} stands here".encode()).decode(),
        lambda word: "x=" + base64.urlsafe_b64encode(f"{word}, and more".encode()).decode(),
    ],
)
def test_a_canary_is_seen_in_every_form(form: Callable[[str], str]) -> None:
    """So that what finds none means that there is none."""
    for canary in (Target("x", ROOTS["own"]).title, ROOTS["own"] + "ology"):
        assert canaries_in(form(canary).encode()) == {canary.lower()}


# -- the world -----------------------------------------------------------------------


@dataclass
class World:
    """A server, those who call it, and all that they got. `twin` calls one for "bo" that has
    only what he may read."""

    url: str
    portals: PortalServices
    opened: Opened
    home: Path
    model: Scripted
    targets: dict[str, Target]
    doors: list[str]
    twin: httpx.Client = field(default_factory=httpx.Client)
    people: dict[str, httpx.Client] = field(default_factory=dict)
    received: list[Received] = field(default_factory=list)
    sent: list[Received] = field(default_factory=list)
    replies: dict[tuple[str, str, int], dict[str, str]] = field(default_factory=dict)
    secrets: list[str] = field(default_factory=list)
    conversations: dict[str, str] = field(default_factory=dict)
    shares: dict[str, str] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)
    runs: dict[str, str] = field(default_factory=dict)
    receipts: dict[str, dict[str, Any]] = field(default_factory=dict)

    def of(self, key: str) -> Target:
        return self.targets[key]

    def hidden_from(self, person: str) -> list[Target]:
        return [t for key, t in self.targets.items() if key not in MAY_READ[person]]

    def command(self, **request: Any) -> None:
        """What the owner of the index does."""
        reply = httpx.post(
            f"{self.url}/api/v1/commands",
            json=request,
            headers={"Authorization": f"Bearer {OWNER}"},
            timeout=PATIENCE,
        )
        assert reply.status_code == 200, reply.text
        assert '"error"' not in reply.text, reply.text

    def client(
        self, name: str, *groups: str, tenant: str = "acme", issuer: str = ISSUER
    ) -> httpx.Client:
        """A browser in which a person is signed in."""
        who = Vouched(issuer, name, tenant, frozenset(groups), name.title())
        secret, _ = self.portals.logins.start(who)
        self.secrets.append(secret)
        return self._client(cookies={"onrecord": secret})

    def program(self, key: str) -> httpx.Client:
        self.secrets.append(key)
        return self._client(headers={"Authorization": f"Bearer {key}"})

    def frame(self, name: str) -> httpx.Client:
        """A portal's frame, with a bearer."""
        said = sign(
            claims(time.time(), sub=name, groups=[], aud=f"{self.url}/embed", name=name.title())
        )
        body = {"assertion": said, "embed": "hr", "nonce": "n-1"}
        reply = httpx.post(f"{self.url}/api/v1/embed/token", json=body)
        assert reply.status_code == 200, reply.text
        self.secrets.append(said)
        return self.program(reply.json()["token"])

    def _client(self, **more: Any) -> httpx.Client:
        return httpx.Client(base_url=self.url, timeout=PATIENCE, **more)


def portal(url: str, provider: str) -> Portal:
    return Portal.model_validate({
        "url": url,
        "issuers": {
            "portal": {"issuer": ISSUER, "algorithm": "ES256", "key_file": "portal.pem"}
        },
        "embeds": {"hr": {"issuer": "portal", "origins": [ORIGIN], "tenants": ["acme"]}},
        "login": {
            "issuer": provider,
            "client_id": "onrecord",
            "tenant": "acme",
            "administrators": ["admins"],
        },
    })  # fmt: skip


class Lines(logging.Handler):
    """All that is logged by other threads than that of the tests, who call by HTTP."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.threadName != "MainThread":
            self.lines.append(f"{record.name}: {self.format(record)}")


@pytest.fixture(scope="module")
def logged() -> Iterator[list[str]]:
    """Every line that anything of the server logs, whatever its level."""
    logging.getLogger("httpcore").setLevel(logging.INFO)  # by which the tests call
    root, handler = logging.getLogger(), Lines()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield handler.lines
    root.setLevel(before)
    root.removeHandler(handler)


@pytest.fixture(scope="module")
def spans() -> InMemorySpanExporter:
    return keep_spans()


@pytest.fixture(scope="module")
def world(
    tmp_path_factory: pytest.TempPathFactory,
    models: Path,
    logged: list[str],
    spans: InMemorySpanExporter,
) -> Iterator[World]:
    """Everybody has used what they might, some may it no longer, and now all try."""
    folder = tmp_path_factory.mktemp("canaries")
    files, home = folder / "files", new_home(folder / "home", models)
    at = free_port()
    provider_app, provider = create_provider(f"http://127.0.0.1:{at}")
    with ExitStack() as stack:
        twin = new_home(folder / "twin", models)
        write(files, MAY_READ["bo"])
        _, twin_portals, twin_url, _ = served(stack, Settings(twin), files, provider.issuer)
        write(files, ROOTS)
        model = stack.enter_context(scripted_server(answering("The bridge opens in May [1].")))
        settings = with_model(model.url, Settings(home), first_word_wait=30.0, answer_wait=60.0)
        stack.enter_context(in_thread(provider_app, at))
        opened, portals, url, doors = served(stack, settings, files, provider.issuer)
        targets = {key: Target(key, root, id_of(files, root)) for key, root in ROOTS.items()}
        made = World(url, portals, opened, home, model, targets, doors)
        live(made, files, provider.issuer)
        made.twin = World(twin_url, twin_portals, opened, twin, model, {}, []).client("bo")
        yield made
        made.twin.close()
        for client in made.people.values():
            client.close()


def served(
    stack: ExitStack, settings: Settings, files: Path, provider: str
) -> tuple[Opened, PortalServices, str, list[str]]:
    """A server over these files, which listens until the stack ends, and its doors."""
    (settings.home / "portal.pem").write_text(pem(private_key("ES256")))
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    opened = stack.enter_context(open_to_write(settings, "serve"))
    for _ in sync(opened.stores, [files]):
        pass
    environment, act = {"ONRECORD_LOGIN_SECRET": SECRET}, partial(perform, opened.stores)
    services = portal_services(
        opened.assistant, act, OWNER, settings, portal(url, provider), environment,
        Gate(Limits(a_minute_each=100_000, wrong_each=100_000)),
    )  # fmt: skip
    assert services.portals
    app = create_app(services)
    stack.enter_context(in_thread(app, port))
    return opened, services.portals, url, [f"{door.method} {door.path}" for door in app.state.doors]


def write(files: Path, keys: Collection[str]) -> None:
    """Put these documents into the folder; "own" comes by the API."""
    files.mkdir(exist_ok=True)
    for key in set(keys) - {"own"}:
        target = Target(key, ROOTS[key])
        (files / target.name).write_text(target.text)
    said = (f'[documents."{ROOTS[key]}*"]\n{RIGHTS[key]}' for key in RIGHTS if key in keys)
    (files / "rights.toml").write_text("\n".join(['readers = ["tenant:acme"]', *said]))


def id_of(files: Path, root: str) -> str:
    return document_id((files / Target("", root).name).resolve())


def live(world: World, files: Path, provider: str) -> None:
    """What people do with what they may read, before some may not any more."""
    staff = world.client("left", "staff")
    world.people["ann"] = ann = world.client("ann", "staff")
    world.people["bo"] = bo = world.client("bo")
    own = world.of("own")
    added = ann.post("/api/v1/documents", files={"file": (own.name, own.text)})
    assert added.status_code == 201, added.text
    world.targets["own"] = Target("own", own.root, added.json()["id"])

    for person, client, keys in (
        ("ann", ann, ("person", "group", "own", "denied", "revoked", "removed", "tenant")),
        ("bo", bo, ("revoked", "removed")),
        ("left", staff, ("group",)),
    ):
        conversation = client.post("/api/v1/conversations").json()["id"]
        world.conversations[person] = conversation
        for key in keys:
            target = world.of(key)
            for question in (
                f"What did {target.speaker} say about the {target.topic} bridge?",
                "Who said that something is dear?",
                "What did he say about the moon?",
            ):
                body = {
                    "question": question,
                    "conversation": conversation,
                    "documents": target.name,
                }
                reply = client.post("/api/v1/ask", json=body)
                assert reply.status_code == 200, reply.text
                if reply.json()["citations"]:
                    world.receipts[f"{person} {key}"] = reply.json()
            assert f"{person} {key}" in world.receipts, (person, key)
        kept = f"/api/v1/conversations/{conversation}/share"
        world.shares[person] = client.post(kept, json={}).json()["link"]
        remember(world, person, client, [world.of(key) for key in keys])

    world.command(command="rights", documents=world.of("revoked").name, rights={"readers": []})
    (files / world.of("removed").name).unlink()
    world.command(command="index", paths=[str(files)])
    staff.close()
    world.people["left"] = world.client("left")
    world.people["cy"] = world.client("cy", tenant="globex")
    world.people["admin"] = world.client("admin", "admins", issuer=provider)
    world.people["fay"] = world.frame("fay")
    everything = ["ask", "write", "evaluate", "administer"]
    world.people["poor"] = world.program(world.portals.keys.add("poor", everything))
    world.people["nobody"] = httpx.Client(base_url=world.url, timeout=PATIENCE)


def remember(world: World, person: str, client: httpx.Client, targets: list[Target]) -> None:
    """Ask in the chat, add the answers to a question set, run it."""
    conversation = None
    for target in targets:
        for question in (
            f"What did {target.speaker} say about the {target.topic} bridge?",
            "When will the bridge open?",
        ):
            content, conversation = chat(client, question, conversation)
            name = re.findall(r"evaluation/add\?answer=([\w-]+)", content.decode())[-1]
            world.answers[person] = name
            added = client.post(
                "/evaluation/add", data={"answer": name, "other": f"{person}-questions"}
            )
            assert added.status_code in (200, 400), added.text
    world.runs[person] = run(client, f"{person}-questions")


def new_session() -> str:
    """As a browser makes one up."""
    return base64.b32encode(str(time.monotonic_ns()).encode()).decode().strip("=")


def run(client: httpx.Client, questions: str) -> str:
    """Run a question set to its end; the name of the run."""
    reply = client.post("/evaluation/runs", data={"questions": questions})
    assert reply.status_code in (303, 400), reply.text
    until = time.monotonic() + PATIENCE
    while "data-going" in (page := client.get("/evaluation").text):
        assert time.monotonic() < until, page
        time.sleep(0.1)
    found = re.findall(r'href="/evaluation/runs/([\w-]+)"', page)
    return found[0] if found else ""


def chat(
    client: httpx.Client, question: str, conversation: str | None = None
) -> tuple[bytes, str | None]:
    """Ask in the page: (all that came, the conversation)."""
    body = {"question": question, "conversation": conversation}
    reply = client.post("/chat", json=body)
    found = re.search(r'"conversation": "([\w-]+)"', reply.text)
    return reply.content, found and found[1]


def chat_by_gradio(client: httpx.Client, question: str, session: str) -> bytes:
    """Ask in Gradio's chat: all that came."""
    config = client.get("/gradio/config").json()
    (submit,) = [each["id"] for each in config["dependencies"]]
    body = {"data": [question, [], None], "fn_index": submit, "session_hash": session}
    joined = client.post("/gradio/gradio_api/queue/join", json=body)
    if joined.status_code != 200:
        return joined.content
    reply = client.get("/gradio/gradio_api/queue/data", params={"session_hash": session})
    assert "process_completed" in reply.text
    return joined.content + reply.content


# -- who calls what ------------------------------------------------------------------


@dataclass
class Visit:
    """Somebody at a door, after one document."""

    world: World
    person: str
    door: str
    target: Target
    number: int = 0

    @property
    def client(self) -> httpx.Client:
        return self.world.people[self.person]

    @property
    def method(self) -> str:
        return self.door.partition(" ")[0]

    @property
    def path(self) -> str:
        return self.door.partition(" ")[2]

    def get(self, **request: Any) -> httpx.Response:
        """The door itself, as it stands in the table."""
        return self.send(self.path, **request)

    def send(
        self,
        path: str,
        *,
        by_id: bool = False,
        client: httpx.Client | None = None,
        method: str = "",
        **request: Any,
    ) -> httpx.Response:
        """Send it and keep what came. With `by_id` what is hidden has to be answered as what
        there never was."""
        client = client or self.client
        asked = client.build_request(method or self.method, path, **request)
        prompts = len(self.world.model.bodies)
        reply = client.send(asked)
        typed = canaries_in(str(asked.url).encode() + asked.read())
        self.keep(reply.content, typed, reply)
        for body in self.world.model.bodies[prompts:]:
            sent = json.dumps(body, ensure_ascii=False).encode()
            self.world.sent.append(Received(self.person, self.door, sent, typed))
        if by_id and self.target.key not in MAY_READ[self.person]:
            place = (self.person, self.door, self.number)
            self.world.replies.setdefault(place, {})[self.target.key] = in_general(
                reply, self.target
            )
        self.number += 1
        return reply

    def keep(self, content: bytes, typed: frozenset[str], reply: httpx.Response) -> None:
        head = "\n".join(f"{name}: {value}" for name, value in reply.headers.items())
        if self.door in SHOW_WHAT_PEOPLE_TYPED:
            typed |= frozenset().union(*(t.typeable for t in self.world.targets.values()))
        received = Received(self.person, self.door, head.encode() + b"\n" + content, typed)
        self.world.received.append(received)

    def others(self, things: Mapping[str, str]) -> list[str]:
        """Of everybody else, and one that there never was."""
        return [*(each for whose, each in things.items() if whose != self.person), "x" * 10]


SHOW_WHAT_PEOPLE_TYPED = frozenset({
    "GET /api/v1/admin/unanswered", "GET /api/v1/admin/feedback",
    "GET /administration", "GET /administration/unanswered.csv", "GET /administration/feedback",
    "GET /api/v1/conversations", "GET /api/v1/conversations/{id}",
    "PUT /api/v1/conversations/{id}", "GET /", "GET /chats", "GET /chat/{id}",
    "GET /shared/{share}", "POST /api/v1/conversations/{id}/branch",
    "GET /api/v1/conversations/{id}/export/{kind}",
})  # fmt: skip
"""What people ask is kept, and shown to them and to administrators: it is no document's text."""


@cache
def may_read(person: str) -> frozenset[str]:
    found = (Target(key, ROOTS[key]).canaries for key in MAY_READ[person])
    return frozenset().union(*found)


CHANGES = re.compile(r'\\?"timings_ms\\?": ?\{[^}]*\}|"(?:id|created)": ?(?:"chatcmpl-\w+"|\d+)')
"""Times, and names that are made anew."""


def in_general(reply: httpx.Response, target: Target) -> str:
    """A reply without what names the document that was asked for, and without times."""
    changing = ("date", "content-length")
    head = sorted(f"{k}: {v}" for k, v in reply.headers.items() if k.lower() not in changing)
    text = "\n".join([str(reply.status_code), *head, CHANGES.sub("", reply.text)])
    for name, words in (("id", target.id), ("root", target.root)):
        text = re.sub(words, f"‹{name}›", text, flags=re.I)
    return text


def once(visit: Visit) -> None:
    visit.get()


def about(visit: Visit) -> Iterator[str]:
    """Questions that lead to the document, with more or less of its own words."""
    target = visit.target
    yield f"What did {target.speaker} say about the bridge?"
    yield f"When will the {target.topic} bridge open?"
    if target.key in ("group", "tenant", "denied"):
        return
    yield target.said
    yield f"Who said that the {target.topic} bridge costs crowns?"


def said_before(target: Target) -> list[dict[str, str]]:
    return [
        {"role": "user", "content": f"What does {target.name} say of {target.title}?"},
        {"role": "assistant", "content": f"{target.sentence} [1]"},
    ]


def ask(visit: Visit) -> None:
    target, path = visit.target, visit.path
    narrow = {"question": "Who said something about the bridge?", "documents": target.name}
    visit.send(path, json=narrow, by_id=True)
    visit.send(path, json={"question": "", "documents": target.name}, by_id=True)
    for question in about(visit):
        visit.send(path, json={"question": question})
    stream = {"accept": "text/event-stream"}
    follow = {"question": "Is that all?", "history": said_before(target)}
    visit.send(path, json=follow, headers=stream)
    visit.send(path, json={"question": target.sentence, "documents": "*folio*"})
    visit.send(path, json={**narrow, "documents": f"*{target.root[1:]}*"}, headers=stream)
    for id in visit.others(visit.world.conversations):
        visit.send(path, json={"question": "And then?", "conversation": id})
    if visit.person in WRITE:
        written = {"question": f"What is the {target.topic} bridge?", "mode": "write"}
        visit.send(path, json=written)
        visit.send(path, json={**written, "history": said_before(target)}, headers=stream)


WRITE = ("bo", "left")
"""For whom answers are written, too."""


def complete(visit: Visit) -> None:
    target = visit.target
    body = {
        "model": "onrecord",
        "messages": [
            *said_before(target),
            {"role": "user", "content": f"What is the {target.topic} bridge?"},
        ],
    }
    visit.get(json=body)
    visit.get(json={**body, "stream": True})
    visit.get(json={**body, "model": target.name}, by_id=True)
    if visit.person in WRITE:
        visit.get(json={**body, "model": "onrecord-write", "stream": True})


def call_tools(visit: Visit) -> None:
    target = visit.target
    for tool, arguments, by_id in (
        ("search", {"question": f"the {target.topic} bridge", "count": 50}, False),
        ("search", {"question": "bridge", "documents": target.name}, True),
        ("ask", {"question": f"What did {target.speaker} say?"}, False),
        ("ask", {"question": "Who spoke?", "documents": target.name}, True),
        ("read_passage", {"document": target.id, "start": 0, "end": 5_000}, True),
        ("read_passage", {"document": target.root, "start": 0, "end": 5_000}, True),
        ("read_passage", {"document": target.id, "start": "x", "end": -1}, True),
        ("statements", {"speaker": target.speaker}, True),
        ("statements", {"about": "bridge", "documents": target.name}, True),
        ("statements", {"speaker": target.speaker[:-1]}, False),
    ):
        call = {"name": tool, "arguments": arguments}
        body = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call}
        visit.get(json=body, headers=MCP, by_id=by_id)
    if target is GHOST:
        visit.get(json={"jsonrpc": "2.0", "id": 1, "method": "tools/list"}, headers=MCP)


MCP = {"accept": "application/json, text/event-stream", "mcp-protocol-version": "2025-06-18"}


def verify(visit: Visit) -> None:
    """What a receipt says of a hidden document is neither confirmed nor denied."""
    target, text = visit.target, visit.target.text
    start = text.index(target.sentence)
    prefix, suffix = text[start - 30 : start], text[start + len(target.sentence) :][:30]
    for quote in (target.sentence, target.sentence.replace("9", "8"), "Something else."):
        for id, name in ((target.id, target.name), ("x", target.name), (target.id, "x")):
            receipt = receipt_of(id, name, quote, start, (prefix, suffix))
            visit.get(json=receipt, by_id=True)
    if target is GHOST:
        for receipt in visit.world.receipts.values():
            visit.get(json=receipt)


def receipt_of(
    id: str, name: str, quote: str, start: int, around: tuple[str, str]
) -> dict[str, Any]:
    """A saved answer that cites these words."""
    document = {"id": id, "source": name, "title": name, "version": "0" * 16}
    selectors = [
        {"type": "TextPositionSelector", "start": start, "end": start + len(quote)},
        {"type": "TextQuoteSelector", "exact": quote, "prefix": around[0], "suffix": around[1]},
    ]
    citation = {
        "number": 1,
        "document": document,
        "start": start,
        "end": start + len(quote),
        "quote": quote,
        "selectors": selectors,
    }
    return {"question": "Who?", "answered": True, "text": quote, "citations": [citation]}


def list_speakers(visit: Visit) -> None:
    visit.get()
    visit.get(params={"document": visit.target.name}, by_id=True)


def list_statements(visit: Visit) -> None:
    target = visit.target
    for asked, by_id in (
        ({"speaker": target.speaker}, True),
        ({"speaker": f"Orla {target.speaker}", "about": "bridge"}, True),
        ({"about": f"the {target.topic} bridge"}, False),
        ({"document": target.name}, True),
        ({"document": target.name, "about": "bridge", "limit": 1}, True),
        ({"speaker": "Orla", "document": "*"}, False),
        ({"limit": "x", "document": target.name}, True),
    ):
        visit.get(params=asked, by_id=by_id)


def see_statements(visit: Visit) -> None:
    target = visit.target
    for asked in (
        {"speaker": target.speaker},
        {"document": target.name},
        {"find": target.speaker[:4], "about": "bridge"},
        {"about": target.topic, "speaker": f"Orla {target.speaker}", "document": target.name},
    ):
        visit.get(params=asked)


def see_library(visit: Visit) -> None:
    target = visit.target
    for asked in (
        {},
        {"find": target.title},
        {"folder": target.root, "order": "-size"},
        {"kind": "Text", "page": "2"},
    ):
        visit.get(params=asked)


def see_how_it_was_understood(visit: Visit) -> None:
    by_id(visit)
    path = visit.path.replace("{id}", visit.target.id)
    for show in ("structure", "passages", "statements"):
        visit.send(path, params={"show": show, "page": 2}, by_id=True)


def watch_folders(visit: Visit) -> None:
    """No folder of the server is open to those who administer, nor is one watched."""
    named = {"path": f"/{visit.target.root}"}
    if visit.method == "POST":
        visit.get(json={**named, "readers": ["tenant:acme"]})
    else:
        visit.get(params={**named, "forget": True})


def add_from_web(visit: Visit) -> None:
    """What cannot be added."""
    visit.get(json={"address": f"http://127.0.0.1/{visit.target.root}"})


def by_id(visit: Visit) -> None:
    """A document's own address, by its id and by its name."""
    target = visit.target
    visit.send(visit.path.replace("{id}", target.id), by_id=True)
    visit.send(visit.path.replace("{id}", target.name), by_id=True)


def read_text(visit: Visit) -> None:
    by_id(visit)
    path = visit.path.replace("{id}", visit.target.id)
    visit.send(path, params={"start": 20, "end": 60}, by_id=True)
    visit.send(path, params={"start": "x"}, by_id=True)


def set_for_oneself(visit: Visit) -> None:
    """With a document in place of everything."""
    fields = ("language", "theme", "mode", "strictness", "model")
    visit.send(visit.path, data=dict.fromkeys(fields, visit.target.id), by_id=True)


def read_page(visit: Visit) -> None:
    """The permalink of whoever may read it."""
    by_id(visit)
    path = visit.path.replace("{id}", visit.target.id)
    visit.send(path, params={"at": "20-60", "version": "0" * 16}, by_id=True)


def find_again(visit: Visit) -> None:
    """A permalink of another version: with words of the document, and of none."""
    path = visit.path.replace("{id}", visit.target.id)
    for words in ("The", visit.target.id):
        fragment = f"cited&words=,{words},"
        sent = {"at": "20-60", "version": "0" * 16, "fragment": fragment}
        visit.send(path, data=sent, by_id=True)


def draw_page(visit: Visit) -> None:
    """A page, of documents that have none."""
    path = visit.path.replace("{number}", "1")
    for id in (visit.target.id, visit.target.name):
        visit.send(path.replace("{id}", id), params={"at": "20-60"}, by_id=True)


def manages(visit: Visit) -> bool:
    """Whoever owns a document or administers its tenant, though they may not read it."""
    return visit.target.key == "own" and visit.person in ("ann", "admin")


def see_rights(visit: Visit) -> None:
    visit.send(visit.path.replace("{id}", visit.target.id), by_id=not manages(visit))


def see_version(visit: Visit) -> None:
    path = visit.path.replace("{version}", "20200101T000000.000000Z")
    visit.send(path.replace("{id}", visit.target.id), by_id=not manages(visit))


def change_document(visit: Visit) -> None:
    if not manages(visit):
        sent: dict[str, Any] = {"json": NOBODYS} if visit.method == "PUT" else {}
        visit.send(visit.path.replace("{id}", visit.target.id), by_id=True, **sent)


NOBODYS = {"readers": ["user:x|nobody"], "denied": []}


def add_document(visit: Visit) -> None:
    """What cannot be added; what can is somebody's own."""
    visit.get(files={"file": (f"{visit.target.root}.exe", "x")}, by_id=True)
    visit.get(files={"file": ("x.pdf", "no PDF")}, data={"readers": visit.target.name}, by_id=True)


def conversation(visit: Visit) -> None:
    for id in visit.others(visit.world.conversations):
        reply = visit.send(visit.path.replace("{id}", id))
        assert reply.status_code in (401, 404)
    if visit.method == "GET" and (own := visit.world.conversations.get(visit.person)):
        assert visit.send(visit.path.replace("{id}", own)).status_code == 200


def change_conversation(visit: Visit) -> None:
    sent = {"title": "A", "before": 2}
    for id in visit.others(visit.world.conversations):
        assert visit.send(visit.path.replace("{id}", id), json=sent).status_code in (401, 404)
    if own := visit.world.conversations.get(visit.person):
        made = visit.send(visit.path.replace("{id}", own), json=sent)
        if "branch" in visit.path:
            visit.send(f"/chat/{made.json()['id']}", method="GET")


def save_answer(visit: Visit) -> None:
    """One of them, or all."""
    for id in visit.world.conversations.values():
        for end, asked in (("json", {"number": 2}), ("json", {}), ("md", {}), ("x", {})):
            visit.send(f"/api/v1/conversations/{id}/export/{end}", params=asked)


def see_shared(visit: Visit) -> None:
    """What others show of what they may read, or could read once."""
    for link in (*visit.world.shares.values(), "/shared/none"):
        visit.send(link)


def think(visit: Visit) -> None:
    """Of an answer that somebody else got."""
    target = visit.target
    body = {"question": f"What did {target.speaker} say?", "outcome": "answered"}
    visit.get(json={**body, "verdict": "good", "words": target.sentence}, by_id=True)
    visit.get(json={**body, "verdict": target.topic}, by_id=True)


def commands(visit: Visit) -> None:
    name = visit.target.name
    asked = {"command": "rights", "documents": name, "rights": {"readers": ["tenant:acme"]}}
    visit.get(json=asked, by_id=True)


def exchange(visit: Visit) -> None:
    body = {"assertion": f"{visit.target.topic}.b.c", "embed": visit.target.root, "nonce": "n"}
    visit.get(json=body, by_id=True)
    visit.get(json={**body, "embed": "hr"}, by_id=True)


def files_below(visit: Visit) -> None:
    """Nothing else of the computer is there."""
    for rest in ("none.css", f"../{visit.target.name}", f"..%2f..%2f{visit.target.name}", "%00"):
        visit.send(visit.path.replace("{rest:path}", rest))


def sign_in(visit: Visit) -> None:
    visit.get(params={"next": f"/read/{visit.target.id}"})


def come_back(visit: Visit) -> None:
    visit.get(params={"code": visit.target.topic, "state": "x"}, by_id=True)


def sign_out(visit: Visit) -> None:
    """With what nobody needs any more."""
    if visit.person not in ("bo", "fay"):
        return
    make = visit.world.client if visit.door == "POST /logout" else visit.world.frame
    with make(visit.person) as spare:
        visit.get(client=spare)


def embed_page(visit: Visit) -> None:
    for name in ("hr", visit.target.root):
        visit.send(visit.path.replace("{embed}", name))


def gradio_session(visit: Visit) -> None:
    """Of somebody else: who used it first owns it."""
    theirs = visit.world.people["bo" if visit.person == "ann" else "ann"]
    body = {"data": [], "fn_index": 0, "session_hash": f"s-{visit.person}", "event_id": "x"}
    theirs.post("/gradio/gradio_api/cancel", json=body)
    path = visit.path.replace("{session}", f"s-{visit.person}")
    sent: dict[str, Any] = {"json": body} if visit.method == "POST" else {}
    reply = visit.send(path, params={"session_hash": f"s-{visit.person}"}, **sent)
    assert reply.status_code in (401, 404)


def chat_in_page(visit: Visit) -> None:
    """In a new conversation, and in one of somebody else."""
    target = visit.target
    for id in visit.others(visit.world.conversations):
        visit.send("/chat", json={"question": "And then?", "conversation": id})
    if visit.person == "nobody" or target.key not in ("own", "revoked", "other"):
        return
    conversation = None
    for question in (f"What did {target.speaker} say?", "Is that all?"):
        content, conversation = chat(visit.client, question, conversation)
        visit.keep(content, target.typeable, httpx.Response(200))


def chat_in_gradio(visit: Visit) -> None:
    gradio_session(visit)
    if visit.person == "nobody" or visit.target.key not in ("own", "revoked"):
        return
    question = f"What did {visit.target.speaker} say?"
    content = chat_by_gradio(visit.client, question, new_session())
    visit.keep(content, visit.target.typeable, httpx.Response(200))


def evaluate_sets(visit: Visit) -> None:
    for name in ("ann-questions", "bo-questions", "left-questions", visit.target.root):
        path = visit.path.replace("{name}", name)
        if visit.method == "GET":
            visit.send(path, params={"show": "all"})
            continue
        for deed in ("accept", "undo", "edit"):
            visit.send(path, data={"deed": deed, "id": "chat-0", "question": "x"})


def evaluate_runs(visit: Visit) -> None:
    """Everybody's by name; and one's own, whatever has been hidden since."""
    for name in {*visit.world.runs.values(), visit.target.root}:
        path = visit.path.replace("{name}", name)
        visit.send(path)


def compare_runs(visit: Visit) -> None:
    for name in visit.world.runs.values():
        visit.get(params={"run": name, "baseline": visit.world.runs["bo"]})


def add_answer(visit: Visit) -> None:
    for name in [*visit.others({}), *visit.world.answers.values()]:
        sent = {"answer": name, "other": "taken"}
        visit.get(**({"params": sent} if visit.method == "GET" else {"data": sent}))


def start_run(visit: Visit) -> None:
    """Of what somebody else put together."""
    if visit.person in ("nobody", "fay"):
        visit.get(data={"questions": "ann-questions"})
        return
    for name in ("ann-questions", "bo-questions", "left-questions"):
        run(visit.client, name)
        page = visit.send("/evaluation", method="GET")
        for made in re.findall(r'href="(/evaluation/runs/[\w-]+)"', page.text):
            visit.send(made, method="GET")
            visit.send(f"{made}/report", method="GET")


def start_run_by_api(visit: Visit) -> None:
    for name in ("ann-questions", "bo-questions", "left-questions"):
        begun = visit.get(json={"questions": name, "scope": "all", "mode": "quote"})
        if begun.status_code != 201:
            continue
        made = f"{visit.path}/{begun.json()['name']}"
        while visit.client.get(made).json()["phase"] in ("running", "stopping"):
            time.sleep(0.05)
        for what in ("", "/figures", "/records", "/report"):
            visit.send(made + what, method="GET")


def compare_runs_by_api(visit: Visit) -> None:
    for name in visit.world.runs.values():
        path = visit.path.replace("{name}", name)
        visit.send(path, params={"baseline": visit.world.runs["bo"]})


def see_audit(visit: Visit) -> None:
    """Of everybody, and of whoever read what is hidden."""
    for person in ("", "ann", "bo"):
        visit.get(params={"person": person})


def settle(visit: Visit) -> None:
    visit.get(data={"question": "Who said something about the bridge?"})


def administer_keys(visit: Visit) -> None:
    for deed in ("add", "rotate", "revoke", "odd"):
        visit.get(data={"deed": deed, "name": visit.target.root, "permissions": "odd"})


def administer(visit: Visit) -> None:
    name = visit.target.root
    path = visit.path.replace("{name}", name)
    sent: dict[str, Any] = {}
    if visit.door == "POST /api/v1/admin/keys":
        sent["json"] = {"name": f"{name} x", "permissions": ["ask"]}
    if visit.path == "/api/v1/embed/revoke":
        sent["json"] = {"issuer": ISSUER, "subject": "somebody"}
    if visit.path == "/api/v1/embed/assertion-check":
        sent["json"] = {"assertion": "a.b.c", "embed": "hr", "nonce": "n"}
    visit.send(path, by_id="{name}" in visit.path, **sent)


Case = Callable[[Visit], None]

ONCE: Mapping[str, Case] = {
    **dict.fromkeys(
        (
            "GET /api/v1/health",
            "GET /api/v1/ready",
            "GET /embed.js",
            "GET /gradio/favicon.ico",
            "GET /gradio/robots.txt",
            "GET /v1/models",
            "GET /api/v1/documents",
            "GET /api/v1/conversations",
            "POST /api/v1/conversations",
            "GET /api/v1/suggestions",
            "GET /api/v1/me",
            "GET /api/v1/openapi.json",
            "GET /api",
            "GET /manual",
            "GET /manual/{topic}",
            "GET /",
            "GET /chats",
            "GET /settings",
            "GET /words/{code}.js",
            "GET /gradio/",
            "GET /gradio/config",
            "GET /gradio/theme.css",
            "GET /gradio/manifest.json",
            "GET /gradio/pwa_icon",
            "GET /gradio/gradio_api/info",
            "GET /gradio/gradio_api/app_id",
            "GET /gradio/gradio_api/theme.css",
            "GET /gradio/gradio_api/startup-events",
            "GET /evaluation",
            "POST /evaluation/stop",
            "GET /metrics",
            "GET /library/status",
            "GET /api/v1/folders",
            "GET /api/v1/admin/keys",
            "GET /api/v1/admin/people",
            "GET /api/v1/admin/usage",
            "GET /api/v1/admin/unanswered",
            "GET /api/v1/admin/feedback",
            "GET /api/v1/admin/audit",
            "GET /api/v1/admin/embeds",
            "GET /administration",
            "GET /administration/unanswered.csv",
            "GET /administration/feedback",
            "GET /administration/usage",
            "GET /administration/people",
            "GET /administration/embeds",
            "GET /administration/keys",
            "GET /v1/models/{name}",
            "GET /api/v1/evaluations",
            "GET /api/v1/evaluations/sets",
        ),
        once,
    ),
    "POST /evaluation/runs": start_run,
    "POST /evaluation/runs/{name}/continue": evaluate_runs,
    "GET /evaluation/runs/{name}": evaluate_runs,
    "GET /evaluation/runs/{name}/report": evaluate_runs,
    "GET /evaluation/compare": compare_runs,
    "POST /api/v1/evaluations": start_run_by_api,
    "POST /api/v1/evaluations/{name}/continue": evaluate_runs,
    "POST /api/v1/evaluations/{name}/stop": evaluate_runs,
    "GET /api/v1/evaluations/{name}": evaluate_runs,
    "GET /api/v1/evaluations/{name}/figures": evaluate_runs,
    "GET /api/v1/evaluations/{name}/records": evaluate_runs,
    "GET /api/v1/evaluations/{name}/report": evaluate_runs,
    "GET /api/v1/evaluations/{name}/comparison": compare_runs_by_api,
    "GET /administration/audit": see_audit,
    "POST /administration": settle,
    "POST /administration/keys": administer_keys,
    "GET /evaluation/add": add_answer,
    "POST /evaluation/add": add_answer,
    "GET /evaluation/sets/{name}": evaluate_sets,
    "POST /evaluation/sets/{name}": evaluate_sets,
    "GET /api/v1/conversations/{id}": conversation,
    "DELETE /api/v1/conversations/{id}": conversation,
    "POST /api/v1/embed/revoke": administer,
    "POST /api/v1/embed/assertion-check": administer,
    "POST /api/v1/embed/logout": sign_out,
    "POST /logout": sign_out,
    "GET /gradio/gradio_api/heartbeat/{session}": gradio_session,
    "GET /gradio/gradio_api/queue/data": gradio_session,
    "POST /gradio/gradio_api/cancel": gradio_session,
    "GET /login": sign_in,
    "GET /embed/{embed}": embed_page,
    "GET /page-files/{rest:path}": files_below,
    "GET /embed-files/{rest:path}": files_below,
    "GET /gradio/static/{rest:path}": files_below,
    "GET /gradio/assets/{rest:path}": files_below,
    "GET /gradio/svelte/{rest:path}": files_below,
    "GET /chat/{id}": conversation,
    "GET /api/v1/conversations/{id}/export/{kind}": save_answer,
    "GET /shared/{share}": see_shared,
    "PUT /api/v1/conversations/{id}": change_conversation,
    "POST /api/v1/conversations/{id}/branch": change_conversation,
    "POST /api/v1/conversations/{id}/share": change_conversation,
    "DELETE /api/v1/conversations/{id}/share": conversation,
}
"""Doors at which no document can be asked for: each is called once by everybody."""

EACH: Mapping[str, Case] = {
    "POST /api/v1/commands": commands,
    "POST /api/v1/embed/token": exchange,
    "GET /login/callback": come_back,
    "POST /api/v1/ask": ask,
    "POST /v1/chat/completions": complete,
    "POST /mcp": call_tools,
    "POST /api/v1/verify": verify,
    "GET /api/v1/speakers": list_speakers,
    "GET /api/v1/statements": list_statements,
    "GET /statements": see_statements,
    "GET /library": see_library,
    "GET /library/{id}": see_how_it_was_understood,
    "POST /api/v1/documents/fetch": add_from_web,
    "POST /api/v1/folders": watch_folders,
    "DELETE /api/v1/folders": watch_folders,
    "GET /api/v1/documents/{id}": by_id,
    "GET /api/v1/documents/{id}/text": read_text,
    "GET /api/v1/documents/{id}/structure": by_id,
    "GET /api/v1/documents/{id}/original": by_id,
    "GET /read/{id}": read_page,
    "POST /read/{id}": find_again,
    "POST /read/{id}/preview": find_again,
    "GET /read/{id}/original": by_id,
    "GET /read/{id}/outline": by_id,
    "GET /read/{id}/pages/{number}": draw_page,
    "GET /read/{id}/pages/{number}/picture": draw_page,
    "POST /api/v1/feedback": think,
    "POST /chat": chat_in_page,
    "POST /settings": set_for_oneself,
    "POST /gradio/gradio_api/queue/join": chat_in_gradio,
    "POST /api/v1/documents": add_document,
    "DELETE /api/v1/documents/{id}": change_document,
    "POST /library/{id}/remove": change_document,
    "GET /api/v1/documents/{id}/rights": see_rights,
    "PUT /api/v1/documents/{id}/rights": change_document,
    "GET /api/v1/documents/{id}/versions": see_rights,
    "GET /api/v1/documents/{id}/versions/{version}": see_version,
    "GET /library/{id}/versions/{version}": see_version,
    "POST /api/v1/admin/keys": administer,
    "POST /api/v1/admin/keys/{name}/rotate": administer,
    "DELETE /api/v1/admin/keys/{name}": administer,
}
"""Doors at which everybody tries to get at each document."""


# -- everybody at every door ---------------------------------------------------------


def test_every_door_has_a_case(world: World) -> None:
    """A door that is added is tried by everybody, too."""
    there = set(world.doors)
    cases = {**ONCE, **EACH}
    missing = sorted(there - cases.keys())
    assert not missing, (
        f"No canary is looked for behind {', '.join(missing)}. Write a case that tries to get at "
        "a document there and add it to EACH, or to ONCE if no document can be asked for."
    )
    assert cases.keys() == there


def sought(world: World, person: str) -> list[Target]:
    """The documents that somebody tries to get at."""
    some = {"own", "revoked", *MAY_READ[person]}
    keys = ROOTS if person in ("ann", "bo", "cy", "left") else some
    return [world.of(key) for key in ROOTS if key in keys]


@pytest.fixture(scope="module")
def tried(world: World) -> World:
    """Everybody has been at every door: some after each document, others after a few."""
    for person in MAY_READ:
        for door in world.doors:
            if door in ONCE:
                ONCE[door](Visit(world, person, door, world.of("revoked")))
                continue
            for target in [*sought(world, person), GHOST]:
                EACH[door](Visit(world, person, door, target))
    return world


def told(received: Iterable[Received]) -> str:
    """Who got what where, for people."""
    found = {(each.person, each.door, tuple(sorted(each.forbidden))) for each in received}
    lines = (f"{who} at {door}: {', '.join(what)}" for who, door, what in found if what)
    return "\n".join(sorted(lines))


def test_nobody_receives_a_byte_of_what_they_may_not_read(tried: World) -> None:
    """In the body or the headers, as it is or encoded."""
    assert len(tried.received) > 2_000
    leaks = told(tried.received)
    assert not leaks, leaks


def test_what_is_hidden_is_answered_as_what_there_never_was(tried: World) -> None:
    """Byte for byte, but for the document's own name."""
    differ = [
        f"{person} at {door} ({number}), {key}: {replies[key]!r} != {replies['ghost']!r}"
        for (person, door, number), replies in tried.replies.items()
        for key in replies
        if replies[key] != replies["ghost"]
    ]
    assert len(tried.replies) > 200
    assert not differ, "\n".join(differ)


def test_who_may_read_a_document_receives_every_canary_of_it(tried: World) -> None:
    """So the tests above can fail."""
    for person, keys in MAY_READ.items():
        got = frozenset().union(*(each.learnt for each in tried.received if each.person == person))
        for key in keys:
            assert tried.of(key).canaries <= got, (person, key)


def test_the_language_model_is_sent_what_may_be_read_alone(tried: World) -> None:
    assert {sent.door for sent in tried.sent} == {"POST /api/v1/ask", "POST /v1/chat/completions"}
    assert {sent.person for sent in tried.sent} == set(WRITE)
    assert any(sent.learnt for sent in tried.sent)
    leaks = told(tried.sent)
    assert not leaks, leaks


def test_logs_and_traces_have_no_words_and_no_secrets(
    tried: World, logged: list[str], spans: InMemorySpanExporter
) -> None:
    """Not even those that somebody typed."""
    lines = "\n".join(logged)
    assert "/api/v1/ask" in lines
    ended = spans.get_finished_spans()
    assert "answer" in {span.name for span in ended}
    traced = "\n".join(f"{span.name} {span.attributes} {span.events}" for span in ended)
    for text in (lines, traced):
        assert canaries_in(text.encode()) == frozenset()
        assert [secret for secret in tried.secrets if secret in text] == []


def test_the_file_of_accounts_has_no_words_of_documents_and_no_secrets(tried: World) -> None:
    """But for what somebody typed."""
    files = [*tried.home.glob(f"{ACCOUNTS}*")]
    content = b"".join(file.read_bytes() for file in files)
    assert b"What did Brevikson say" in content
    typed = frozenset().union(*(target.typeable for target in tried.targets.values()))
    assert canaries_in(content) - typed == frozenset()
    assert [secret for secret in tried.secrets if secret.encode() in content] == []


def test_the_retriever_finds_what_may_be_read_alone(tried: World) -> None:
    """For LangChain, with each person's principal."""
    for person, groups in (("ann", ["staff"]), ("bo", []), ("left", [])):
        named = frozenset(f"group:{ISSUER}|{group}" for group in groups)
        principal = Principal(f"user:{ISSUER}|{person}", "acme", named)
        found = OnRecordRetriever(assistant=tried.opened.assistant, principal=principal, k=50)
        for target in tried.targets.values():
            documents = found.invoke(f"{target.topic} bridge") + found.invoke(target.kept)
            content = "\n".join(d.model_dump_json() for d in documents).encode()
            assert canaries_in(content) <= may_read(person), (person, target.key)


def test_lists_counts_and_figures_are_those_of_an_index_without_what_is_hidden(
    tried: World,
) -> None:
    """What was looked at, what was considered, totals, versions, example questions."""
    bo = tried.people["bo"]
    for method, path, sent in figures(tried):
        whole, without = (
            in_figures(client.request(method, path, **sent)) for client in (bo, tried.twin)
        )
        assert whole == without, (path, sent)


def figures(world: World) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path in ("documents", "speakers", "suggestions", "statements?about=bridge"):
        yield "GET", f"/api/v1/{path}", {}
    yield "GET", "/statements", {}
    for target in [*(world.of(key) for key in ("tenant", "person", "other", "removed")), GHOST]:
        for question in about(Visit(world, "bo", "", target)):
            yield "POST", "/api/v1/ask", {"json": {"question": question}}
            yield "POST", "/api/v1/ask", {"json": {"question": question, "documents": "*o*"}}
            call = {"name": "search", "arguments": {"question": question}}
            body = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call}
            yield "POST", "/mcp", {"json": body, "headers": MCP}
        for speaker in (target.speaker, "Orla", "Tom", target.witness):
            yield "GET", "/api/v1/statements", {"params": {"speaker": speaker}}


SCORE = re.compile(r'\\?"score\\?": ?[\d.e-]+')
"""By words it is relative to the mean length of all passages, which differs a little."""


def in_figures(reply: httpx.Response) -> tuple[int, str | None, str]:
    assert reply.status_code == 200, reply.text
    text = SCORE.sub("", CHANGES.sub("", reply.text))
    return reply.status_code, reply.headers.get("x-total-count"), text
