"""Who may read what: the rules, rights files, front matter, by hand, and while an answer is
under way."""

import json
import unicodedata
from collections.abc import Callable, Generator, Mapping
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from click.testing import CliRunner

from assistant.answering.writing import Model, Patience, Writer
from assistant.answers import Answer, Claim
from assistant.chat import Assistant
from assistant.commands.cli import commands
from assistant.errors import WrongUse
from assistant.operating.maintaining import Event, Request, maintain, perform
from assistant.settings import Settings
from index.documents import LOCAL_USER, Found, Principal
from index.errors import DocumentNotFound, NotYours, RightsUnclear
from index.events import FileDone
from index.ingesting import forget, sync
from index.rights.deciding import OWNER_ONLY, Rights, may_read, rights_of_fields
from index.rights.files import NAME, read_rights_file
from tests.conftest import ATTRIBUTOR, Collection, MakeCollection, invented_texts, passage_ids
from tests.scripted import Conversation, scripted_server

ADA = Principal("user:i|ada", "acme", frozenset({"group:i|staff"}))
BOB = Principal("user:i|bob", "acme")
EVE = Principal("user:i|eve", "umbra", frozenset({"group:i|staff"}))


def rights(**fields: Any) -> Rights:
    return rights_of_fields({"owner": "user:i|bob", **fields})


@pytest.mark.parametrize(
    ("principal", "fields", "may"),
    [
        (ADA, {}, False),
        (BOB, {}, True),
        (LOCAL_USER, {}, True),
        (ADA, {"readers": ["user:i|ada"]}, True),
        (ADA, {"readers": ["group:i|staff"]}, True),
        (ADA, {"readers": ["tenant:acme"]}, True),
        (ADA, {"readers": ["group:i|nobody-has-it"]}, False),
        (ADA, {"readers": ["group:i|staff"], "denied": ["user:i|ada"]}, False),
        (ADA, {"readers": ["user:i|ada"], "denied": ["group:i|staff"]}, False),
        (ADA, {"readers": ["user:i|ada"], "denied": ["tenant:acme"]}, False),
        (BOB, {"denied": ["user:i|bob"]}, False),
        (LOCAL_USER, {"denied": ["user:local"]}, True),
        (ADA, {"tenant": "acme", "readers": ["group:i|staff"]}, True),
        (EVE, {"tenant": "acme", "readers": ["group:i|staff"]}, False),
        (EVE, {"tenant": "acme", "readers": ["user:i|eve"]}, False),
        (EVE, {"tenant": "acme", "owner": "user:i|eve"}, False),
        (Principal("user:i|bob"), {"tenant": "acme"}, False),
        (EVE, {"readers": ["group:i|staff"]}, True),
        (EVE, {"readers": ["tenant:acme"]}, False),
    ],
)
def test_the_rules(principal: Principal, fields: Mapping[str, Any], *, may: bool) -> None:
    """Deny wins, a tenant's documents stay inside, and only an operator is above it."""
    assert may_read(principal, rights(**fields)) is may


def test_a_name_counts_from_its_own_field_only() -> None:
    """A group cannot pass for a tenant, a person or an owner."""
    forged = Principal("group:i|staff", "", frozenset({"tenant:acme", "user:i|bob"}))
    named = rights(readers=["tenant:acme", "user:i|bob", "group:i|staff"])
    assert not may_read(forged, named)
    assert not may_read(Principal(""), OWNER_ONLY)


def test_a_name_is_the_same_however_its_accents_are_written() -> None:
    written, typed = (unicodedata.normalize(form, "user:i|Zoë") for form in ("NFC", "NFD"))
    assert written != typed
    assert may_read(Principal(typed), rights(readers=[written]))
    assert not may_read(Principal(written), rights(readers=["group:i|x"], denied=[typed]))
    assert rights(readers=[typed]) == rights(readers=[written])


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"readers": ["bob"]}, "“bob” names nobody"),
        ({"readers": ["user:"]}, "“user:” names nobody"),
        ({"readers": ["user: bob"]}, "names nobody"),
        ({"readers": "user:i|bob"}, "“readers” has to be a list of names"),
        ({"readers": [1]}, "“readers” has to be a list of names"),
        ({"denied": ["everyone"]}, "“everyone” names nobody"),
        ({"owner": "group:i|staff"}, "“user:…” or “key:…”"),
        ({"owner": ""}, "names nobody"),
        ({"tenant": "tenant:acme"}, "give its name alone"),
        ({"tenant": 3}, "“tenant” has to be a name"),
        ({"reader": []}, "“reader” is unknown"),
        ({"readers": ["user:" + "x" * 600]}, "605 characters"),
        ({"readers": ["user:a\nb"]}, "control character"),
        ({"readers": [f"user:{n}" for n in range(1_001)]}, "1,001 names"),
        ({"tenant": "acme", "readers": ["tenant:umbra"]}, "“tenant:umbra” cannot read"),
    ],
)
def test_what_names_nobody_is_refused_in_words(fields: Mapping[str, Any], words: str) -> None:
    with pytest.raises(RightsUnclear, match=words):
        rights(**fields)


# -- files -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('readers = ["group:i|staff"', 1),
        ('# staff\n\nreader = ["group:i|staff"]', 3),
        ('readers = [\n  "group:i|staff",\n  "bob",\n]', 3),
        ('documents = "all"', 1),
        ('[documents."a*"]\nreaders = "user:i|ada"', 2),
        ('tenant = "acme"\nreaders = ["tenant:acme",\n"tenant:umbra"]', 3),
    ],
)
def test_a_rights_file_that_cannot_be_used_is_named_with_its_line(
    text: str, line: int, tmp_path: Path
) -> None:
    file = tmp_path / NAME
    file.write_text(text)
    with pytest.raises(RightsUnclear, match=rf"rights\.toml, line {line}: "):
        read_rights_file(file)


TEXTS = {
    "a.txt": "The pool opened in May.",
    "board/b.txt": "The merger was agreed in June.",
    "board/open/c.txt": "The party begins at noon.",
    "d.md": '---\nreaders: ["user:i|ada"]\n---\nAda baked bread.',
}
STAFF = 'readers = ["group:i|staff"]'


def names(made: Collection, principal: Principal = ADA) -> list[str]:
    return [source.name for source in made.stores.catalog.sources(principal)]


@pytest.fixture
def made(make_collection: MakeCollection) -> Collection:
    return make_collection(TEXTS)


def vectors(made: Collection) -> list[int]:
    """Ids that are new wherever something was embedded again."""
    return passage_ids(made.stores.catalog)


def test_without_a_word_a_document_is_its_owners_only(made: Collection) -> None:
    assert names(made) == ["d.md"]
    assert names(made, BOB) == []
    assert len(names(made, LOCAL_USER)) == len(TEXTS)


def test_the_nearest_rights_file_decides(made: Collection) -> None:
    """At the next run, though no document has changed and nothing is embedded."""
    before = vectors(made)
    made.write({NAME: f'{STAFF}\n[documents."*.md"]\ndenied = ["user:i|ada"]'})
    made.write({f"board/{NAME}": 'readers = ["group:i|board"]', f"board/open/{NAME}": STAFF})
    summary, done = made.sync()
    assert {name: each.change for name, each in done.items()} == {
        "a.txt": "rights",
        "board/b.txt": "rights",
        "board/open/c.txt": "rights",
        "d.md": "rights",
    }
    assert (summary.rights, summary.unchanged, summary.updated, summary.passages) == (4, 4, 0, 0)
    assert names(made) == ["a.txt", "board/open/c.txt"]
    assert vectors(made) == before
    (made.folder / NAME).unlink()
    made.sync()
    assert names(made) == ["board/open/c.txt", "d.md"]
    assert made.sync()[1] == {}


def test_words_are_found_by_their_new_readers(made: Collection) -> None:
    """The word index learns of the rights too."""
    made.write({NAME: STAFF})
    made.sync()
    catalog, words = made.stores.catalog, made.stores.words
    scope = catalog.scope(ADA)
    assert len(words.search(words.terms("pool merger", scope), 10, scope)) == 2


def test_a_broken_rights_file_opens_nothing(made: Collection) -> None:
    """Where another one was good before; a nearer one and the document's own words hold."""
    made.write({NAME: STAFF, f"board/open/{NAME}": STAFF})
    made.sync()
    made.write({NAME: "readers = ["})
    summary, done = made.sync()
    (broken,) = [each for each in done.values() if each.change == "unreadable"]
    assert f"{NAME}, line 1: it is no TOML" in broken.reason
    assert summary.unreadable == 1
    assert names(made) == ["board/open/c.txt", "d.md"]


def test_a_rights_file_is_no_document(made: Collection) -> None:
    made.write({NAME: STAFF})
    made.sync()
    assert NAME not in names(made, LOCAL_USER)


@pytest.mark.parametrize(
    "matter",
    [
        "readers: everybody",
        "readers: [bob]",
        "denied: 7",
        "title: [\nreaders: [user:i|ada]",
        "Readers: [user:i|ada]",
        "reders: [user:i|ada]",
        "deny: [user:i|bob]",
        "tenant: acme",
        "who: user:i|ada",
        "rights:\n  readers: [user:i|ada]",
        "title: [\nReader: [user:i|ada]",
    ],
)
def test_front_matter_that_cannot_be_used_opens_nothing(matter: str, made: Collection) -> None:
    """It says so, and goes before what the folder says."""
    made.write({NAME: STAFF, "d.md": f"---\n{matter}\n---\nAda baked bread."})
    _, done = made.sync()
    assert "only its owner may read it" in done["d.md"].reason
    assert "d.md" not in names(made)
    assert "a.txt" in names(made)


@pytest.mark.parametrize("matter", ["owner: Ann Lee", "headers: 2", "tags: [user:guide]"])
def test_front_matter_that_is_about_other_things_closes_nothing(
    matter: str, made: Collection
) -> None:
    made.write({NAME: STAFF, "d.md": f"---\n{matter}\n---\nAda baked bread."})
    made.sync()
    assert "d.md" in names(made)


def test_front_matter_leaves_denials_of_the_folder_as_they_are(made: Collection) -> None:
    made.write({NAME: 'readers = ["group:i|staff"]\ndenied = ["user:i|ada"]'})
    made.sync()
    assert names(made) == []


def test_rights_can_be_given_when_a_folder_is_indexed(made: Collection) -> None:
    """They stay for later runs and new documents, until the folder is forgotten."""
    given = Rights("user:i|bob", "acme", frozenset({"tenant:acme"}))
    list(sync(made.stores, [made.folder], given))
    assert names(made) == sorted(TEXTS)
    assert names(made, EVE) == []
    made.write({"new.txt": "Something new."})
    made.sync()
    assert "new.txt" in names(made, BOB)
    made.write({f"board/{NAME}": ""})
    made.sync()
    assert "board/b.txt" not in names(made, BOB)
    list(forget(made.stores, [made.folder]))
    made.sync()
    assert names(made, BOB) == []


# -- by hand ---------------------------------------------------------------------


def id_of(made: Collection, name: str) -> str:
    return made.document(name).source.id


def maintain_here(made: Collection, request: Request) -> Generator[Event]:
    """A command that writes, in this process."""
    return perform(made.stores, request)


def owning(made: Collection) -> Assistant:
    """An assistant of the process that owns the index."""
    return Assistant(made.open_index(), stores=made.stores)


def test_an_owner_shares_a_document_at_once_and_for_good(made: Collection) -> None:
    """Over what files say, until it is taken back."""
    list(sync(made.stores, [made.folder], Rights("user:i|bob", "acme")))
    assistant, id = owning(made), id_of(made, "a.txt")
    assert not assistant.view_of(ADA).visible([id])
    shared = Rights("user:i|bob", "acme", frozenset({"group:i|staff"}))
    assert assistant.share(id, shared, principal=BOB).rights == shared
    assert assistant.view_of(ADA).visible([id]) == {id}
    assert "pool" in assistant.ask("When did the pool open?", principal=ADA).citations[0].quote
    made.write({"a.txt": "The pool opened in June.", NAME: 'readers = ["group:i|board"]'})
    made.sync()
    assert "a.txt" in names(made)
    assert assistant.view_of(BOB).rights_of(id).origin == "set by hand"


def test_only_its_owner_changes_who_reads_a_document(made: Collection) -> None:
    """Readers are told so; for others there is no such document, and nothing is written."""
    given = Rights("user:i|bob", "acme", frozenset({"group:i|staff"}), frozenset({"user:i|cy"}))
    list(sync(made.stores, [made.folder], given))
    assistant, id = owning(made), id_of(made, "a.txt")
    wider = Rights("user:i|bob", "acme", frozenset({"tenant:acme"}))
    revision = made.stores.catalog.revision
    with pytest.raises(NotYours):
        assistant.share(id, wider, principal=ADA)
    with pytest.raises(NotYours):
        assistant.view_of(ADA).rights_of(id)
    for stranger in (EVE, Principal("user:i|cy", "acme")):
        with pytest.raises(DocumentNotFound) as hidden:
            assistant.share(id, wider, principal=stranger)
        with pytest.raises(DocumentNotFound) as absent:
            assistant.share("none", wider, principal=stranger)
        assert str(hidden.value).replace(id, "none") == str(absent.value)
    with pytest.raises(NotYours, match="another owner or tenant"):
        assistant.share(id, Rights("user:i|bob", ""), principal=BOB)
    with pytest.raises(NotYours, match="another owner or tenant"):
        assistant.share(id, Rights("user:i|ada", "acme"), principal=BOB)
    assert made.stores.catalog.revision == revision
    administrator = Principal("user:i|root", "acme")
    with pytest.raises(DocumentNotFound):
        assistant.view_of(administrator).rights_of(id)
    assert assistant.share(id, wider, principal=administrator, administers=True).rights == wider
    with pytest.raises(DocumentNotFound):
        assistant.share(id, wider, principal=Principal("user:i|root"), administers=True)
    assistant.share(id, Rights("user:i|ada"), principal=LOCAL_USER)
    assert assistant.view_of(ADA).rights_of(id).rights == Rights("user:i|ada")


def test_rights_are_changed_by_the_process_that_owns_the_index(made: Collection) -> None:
    with pytest.raises(WrongUse, match="onrecord rights"):
        Assistant(made.open_index()).share(id_of(made, "a.txt"), OWNER_ONLY, principal=LOCAL_USER)


def test_a_document_that_is_gone_takes_what_was_set_by_hand_with_it(made: Collection) -> None:
    """Whatever comes to the same place later is another one's."""
    shared = Rights("user:local", "", frozenset({"group:i|staff"}))
    owning(made).share(id_of(made, "a.txt"), shared, principal=LOCAL_USER)
    (made.folder / "a.txt").unlink()
    made.sync()
    made.write(TEXTS)
    made.sync()
    assert "a.txt" not in names(made)


# -- while an answer is under way --------------------------------------------------


def revoke(made: Collection, name: str) -> None:
    with made.stores.catalog.writing():
        made.stores.catalog.set_by_hand(id_of(made, name), OWNER_ONLY)


ASKED = "What did Ann Lee say about the pool?"


def test_a_right_that_is_taken_away_ends_with_the_next_question(
    make_collection: MakeCollection,
) -> None:
    """Whatever was kept from earlier ones, and whoever asked them; given again, it is back."""
    made = make_collection(TWO)
    assistant, index = owning(made), made.open_index()
    colleague = Principal("user:i|cy", "", frozenset({"group:i|staff"}))
    for principal in (ADA, colleague, BOB, ADA):
        cited = {c.source.name for c in assistant.ask(ASKED, principal=principal).citations}
        assert cited == (set() if principal is BOB else {"a.txt", "b.txt"})
    bare = Rights("user:local", "", frozenset({"user:i|cy"}))
    assistant.share(id_of(made, "a.txt"), bare, principal=LOCAL_USER)
    for principal, expected in ((ADA, {"b.txt"}), (colleague, {"a.txt", "b.txt"}), (BOB, set())):
        answer = assistant.ask(ASKED, principal=principal)
        assert {c.source.name for c in answer.citations} == expected
        assert {s.source.name for s in index.view_of(principal).statements()} == expected
        assert {s.statements for s in index.view_of(principal).speakers()} == {len(expected)} - {0}
    list(maintain_here(made, Request("rights", documents="a.txt")))
    assert len(assistant.ask(ASKED, principal=ADA).citations) == 2


def test_sharing_and_indexing_do_not_get_into_each_others_way(
    make_collection: MakeCollection,
) -> None:
    """The server does both, in threads of their own."""
    made = make_collection({**TEXTS, **invented_texts(12)})
    assistant, id = owning(made), id_of(made, "a.txt")
    made.write({name: f"{text} More." for name, text in invented_texts(12).items()})
    run = Thread(target=made.sync)
    run.start()
    while run.is_alive():
        for names_ in (["group:i|staff"], ["group:i|board"]):
            shared = Rights("user:local", "", frozenset(names_))
            assistant.share(id, shared, principal=LOCAL_USER)
    run.join()
    assert made.sync()[1] == {}
    catalog, words = made.stores.catalog, made.stores.words
    assert words.count == catalog.passage_count
    assert catalog.changes("words", words.seen) == ([], [])


TWO = {
    "a.txt": "Ann Lee said the pool is warm.",
    "b.txt": "Ann Lee said the pool is deep.",
    NAME: STAFF,
}


@pytest.mark.parametrize(("revoked", "left"), [("a.txt", "b.txt"), ("b.txt", "a.txt")])
def test_a_document_revoked_while_it_is_quoted_is_left_out(
    revoked: str, left: str, make_collection: MakeCollection
) -> None:
    """Be it the one that was shown already or the one to come; the answer says so."""
    made = make_collection(TWO)
    events = Assistant(made.open_index()).stream(ASKED, principal=ADA)
    claims = 0
    for event in events:
        if isinstance(event, Claim):
            claims += 1
            revoke(made, revoked)
    assert isinstance(event, Answer)
    assert claims == (2 if revoked == "b.txt" else 1)
    assert [c.source.name for c in event.citations] == [left]
    assert {hit.source.name for hit in event.found.hits} == {left}
    assert "may no longer read" in event.notice


def test_nothing_is_left_if_all_is_revoked_after_the_search(
    make_collection: MakeCollection,
) -> None:
    """The answer is a refusal; it holds no word of either."""
    made = make_collection(TWO)
    events = Assistant(made.open_index()).stream(ASKED, principal=ADA)
    for event in events:
        if isinstance(event, Found):
            revoke(made, "a.txt")
            revoke(made, "b.txt")
        assert not isinstance(event, Claim)
    assert isinstance(event, Answer)
    assert event.refusal is not None
    assert "may no longer read" in event.refusal.reason
    assert event.refusal.considered == ()
    assert event.found.hits == ()


def test_a_model_that_was_given_a_revoked_document_is_not_listened_to(
    make_collection: MakeCollection,
) -> None:
    """Whatever its sentence cites: it may have the words from there."""
    made = make_collection(TWO)

    def reveals(conversation: Conversation) -> None:
        conversation.begin()
        conversation.say("Ann Lee said the pool is warm [1]. ")
        revoke(made, "a.txt")
        conversation.say("Ann Lee said the pool is deep [2]. ", "It is warm [1].")
        conversation.end()

    with scripted_server(reveals) as server:
        writer = Writer(Model("openai:m", server.url, "secret", Patience(5, 10, 10, 30)))
        assistant = Assistant(made.open_index(), writer, ATTRIBUTOR)
        answer = assistant.ask("What did Ann Lee say about the pool?", principal=ADA, mode="write")
    assert "warm" not in json.dumps([claim.text for claim in answer.claims])
    assert {citation.source.name for citation in answer.citations} <= {"b.txt"}
    assert "may no longer read" in answer.notice


# -- the command -------------------------------------------------------------------


@pytest.fixture
def run(home: Path, tmp_path: Path) -> Callable[..., str]:
    """Runs a command on an index of two documents; gives its output."""
    folder = tmp_path / "texts"
    folder.mkdir()
    (folder / "a.txt").write_text("The pool opened in May.")
    (folder / "b.txt").write_text("Ada baked bread.")

    def run(*arguments: str, code: int = 0) -> str:
        done = CliRunner().invoke(commands, ["--home", str(home), *arguments])
        assert done.exit_code == code, done.output
        return done.output

    run("index", str(folder), "--readers", "group:i|staff", "--owner", "user:i|bob")
    return run


def test_the_command_shows_and_sets_who_reads_what(run: Callable[..., str]) -> None:
    shown = json.loads(run("rights", "--json"))
    assert [row["document"]["name"] for row in shown] == ["a.txt", "b.txt"]
    assert shown[0]["readers"] == ["group:i|staff"]
    assert shown[0]["owner"] == "user:i|bob"
    assert "* a.txt  (other readers)" in run(
        "rights", "a*", "--readers", "user:i|ada", "--deny", "user:i|eve"
    )
    text = run("rights")
    assert "readers: user:i|ada\ndenied: user:i|eve\nfrom: set by hand\n  a.txt" in text
    run("rights", "a*", "--owner-only")
    assert json.loads(run("rights", "a*", "--json"))[0]["readers"] == []
    run("rights", "*", "--as-files-say")
    assert json.loads(run("rights", "a*", "--json")) == shown[:1]


def test_the_operator_tries_what_somebody_else_would_get(run: Callable[..., str]) -> None:
    question = "When did the pool open?"
    asked = ("ask", "--as", "user:i|ada")
    assert "opened in May" in run(*asked, "--group", "group:i|staff", question)
    assert "opened in May" not in run(*asked, question)
    assert "opened in May" in run("ask", question)


@pytest.mark.parametrize(
    "arguments",
    [
        ["rights", "--readers", "user:i|ada"],
        ["rights", "a*", "--owner-only", "--readers", "user:i|ada"],
        ["rights", "a*", "--as-files-say", "--owner-only"],
        ["index", "--forget", "x", "--readers", "user:i|ada"],
        ["ask", "--group", "group:i|x", "who?"],
    ],
)
def test_options_that_contradict_each_other_are_refused(
    arguments: list[str], run: Callable[..., str]
) -> None:
    assert "Usage" in run(*arguments, code=2)


def test_a_change_of_rights_is_handed_to_the_server_like_any_other(
    home: Path, run: Callable[..., str]
) -> None:
    """As fields that JSON can carry."""
    request = Request("rights", documents="a*", rights={"readers": ["user:i|ada"]})
    events = list(maintain(Settings(home), request))
    assert [e.name for e in events if isinstance(e, FileDone)] == ["a.txt"]
    with pytest.raises(DocumentNotFound, match="onrecord rights"):
        list(maintain(Settings(home), Request("rights", documents="z*")))
    with pytest.raises(RightsUnclear, match="names nobody"):
        list(maintain(Settings(home), Request("rights", documents="a*", rights={"owner": "x"})))
