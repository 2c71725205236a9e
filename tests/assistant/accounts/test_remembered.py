"""What the server keeps of people and programs."""

from __future__ import annotations

import sqlite3
import stat
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from assistant.accounts import conversations as kept
from assistant.accounts.conversations import Conversations
from assistant.accounts.keys import DAY, PREFIX, Keys
from assistant.accounts.ledger import Ledger
from assistant.accounts.logins import LIFE, Logins
from assistant.accounts.store import Store
from assistant.answers import Answer
from assistant.chat import Assistant
from assistant.commands.cli import commands
from assistant.errors import AccountsDamaged, AccountsUnavailable, NoSuchConversation, WrongUse
from assistant.identity.people import Person
from index.documents import LOCAL_USER, Document, Principal
from index.errors import DocumentNotFound
from tests.conftest import ENGINES, engine_of
from tests.vouching import Clock

ANN = Person("https://login.example", "u-1", "acme", frozenset({"editors"}), "Ann")
BEN = Person("https://login.example", "u-2", "acme")
GROUP = "group:https://login.example|editors"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=ENGINES)
def database(request: pytest.FixtureRequest) -> str:
    """The address of one on a server, or none: then accounts are in a file."""
    where = engine_of(request)(Path())
    return where if isinstance(where, str) else ""


@pytest.fixture
def store(tmp_path: Path, database: str) -> Store:
    return Store(tmp_path, database)


def everything(home: Path) -> bytes:
    """Every byte of the file of accounts and what SQLite keeps beside it."""
    return b"".join(file.read_bytes() for file in home.glob("accounts.sqlite3*"))


# -- the file ----------------------------------------------------------------------


def test_the_file_is_for_its_owner_only(tmp_path: Path, store: Store) -> None:
    Keys(store).add("nightly", ["ask"])
    for file in tmp_path.glob("accounts.sqlite3*"):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file.name


def test_a_transaction_that_breaks_off_leaves_nothing(store: Store) -> None:
    def break_off() -> None:
        with store.writing():
            store.do("INSERT INTO facts VALUES ('a', 'b')")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        break_off()
    assert store.row("SELECT 1 FROM facts WHERE key = 'a'") is None


def test_many_threads_write_at_once(store: Store, clock: Clock) -> None:
    ledger = Ledger(store, clock=clock)

    def note(number: int) -> None:
        ledger.did(ANN.principal, "s", "counted", str(number))

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(note, range(80)))
    assert {deed.what for deed in ledger.deeds(100)} == {str(n) for n in range(80)}


@pytest.mark.parametrize("content", [b"", b"no database " * 500])
def test_a_damaged_file_says_so_and_stays_as_it_is(tmp_path: Path, content: bytes) -> None:
    """Not that the disk is full; nor are new accounts made in its place unasked."""
    file = tmp_path / "accounts.sqlite3"
    file.write_bytes(content)
    with pytest.raises(AccountsDamaged, match=r"accounts\.sqlite3 are damaged.*move all three"):
        Store(tmp_path)
    assert file.read_bytes() == content


def test_a_file_that_was_cut_short_says_so(tmp_path: Path) -> None:
    Ledger(store := Store(tmp_path)).did(ANN.principal, "s", "added key", "nightly")
    store.close()
    file = tmp_path / "accounts.sqlite3"
    file.write_bytes(file.read_bytes()[:8192])
    with pytest.raises(AccountsDamaged, match="damaged"):
        Store(tmp_path).check()


def test_a_file_of_another_format_is_left_alone(tmp_path: Path) -> None:
    Store(tmp_path).do("UPDATE facts SET value = '99' WHERE key = 'format'")
    with pytest.raises(AccountsUnavailable, match="format 99"):
        Store(tmp_path)


# -- keys --------------------------------------------------------------------------


def test_a_key_is_found_by_its_secret_and_stands_for_itself(store: Store, clock: Clock) -> None:
    keys = Keys(store, clock)
    secret = keys.add("nightly", ["ask", "evaluate"], "acme", [GROUP])
    key = keys.find(secret)
    assert key
    assert key.permissions == {"ask", "evaluate"}
    assert key.principal == Principal("key:nightly", "acme", frozenset({GROUP}))


def test_no_secret_is_in_the_file(tmp_path: Path, store: Store) -> None:
    """Nor in what SQLite keeps beside it; the hash is."""
    key = Keys(store).add("nightly", ["ask"])
    login, _ = Logins(store).start(ANN)
    for secret in (key.split("_", 2)[2], login):
        assert secret.encode() not in everything(tmp_path)


@pytest.mark.parametrize(
    "change",
    [
        lambda key: key[:-1] + ("A" if key[-1] != "A" else "B"),
        lambda key: key.rpartition("_")[0] + "_",
        lambda key: key.removeprefix(PREFIX),
        lambda key: key + "x",
        lambda key: "ork_" + "0" * 12 + key[16:],
        lambda _: "ork_",
        lambda _: "ork_' OR 1=1 --_x",
    ],
)
def test_nearly_a_key_is_none(store: Store, change: object) -> None:
    keys = Keys(store)
    key = keys.add("nightly", ["ask"])
    assert callable(change)
    changed = change(key)
    assert keys.find(changed if changed.startswith(PREFIX) else f"x{changed}") is None


def test_a_key_ends_on_its_day_at_once_when_revoked_and_after_a_restart(
    tmp_path: Path, database: str, store: Store, clock: Clock
) -> None:
    keys = Keys(store, clock)
    short, long = keys.add("short", ["ask"], days=1), keys.add("long", ["ask"])
    found = keys.find(short)
    assert found
    clock.now += DAY
    assert keys.find(short) is None
    assert not keys.is_current(found.id)
    assert [key.name for key in keys.all()] == ["long"]
    ending = keys.find(long)
    assert ending
    assert keys.revoke("long") == 1
    again = Keys(Store(tmp_path, database), clock)
    assert again.find(long) is None
    assert not again.is_current(ending.id)


def test_of_a_key_that_is_exchanged_the_old_one_is_good_for_a_while(
    store: Store, clock: Clock
) -> None:
    """No longer than it would have been; the new one is the same but for its secret."""
    keys = Keys(store, clock)
    old = keys.add("nightly", ["ask"], "acme", [GROUP], days=10)
    clock.now += 1
    new = keys.rotate("nightly", overlap_hours=2)
    found, earlier = keys.find(new), keys.find(old)
    assert found
    assert earlier
    assert (found.principal, found.permissions) == (earlier.principal, earlier.permissions)
    clock.now += 2 * 3600
    assert keys.find(old) is None
    assert keys.find(new)
    clock.now += 9 * DAY + 22 * 3600
    assert keys.find(new) is None


def test_when_a_key_was_used_is_noted(store: Store, clock: Clock) -> None:
    """Once a minute at most: reading is not writing each time."""
    keys = Keys(store, clock)
    secret = keys.add("nightly", ["ask"])
    assert keys.all()[0].used is None
    first = clock.now
    keys.find(secret)
    clock.now += 30
    keys.find(secret)
    assert keys.all()[0].used == first
    clock.now += 31
    keys.find(secret)
    assert keys.all()[0].used == first + 61


@pytest.mark.parametrize("name", ["", "a b", "a|b", "../x", "x" * 65, "-x", "ключ", "a\n"])
def test_a_key_has_a_plain_name(store: Store, name: str) -> None:
    with pytest.raises(WrongUse, match="cannot be called"):
        Keys(store).add(name, ["ask"])


@pytest.mark.parametrize(
    "group", ["editors", "user:https://login.example|u-1", "tenant:acme", "key:other", "group:x"]
)
def test_a_key_cannot_stand_for_a_person_or_a_tenant(store: Store, group: str) -> None:
    """As one of its groups: it would read what is shared with them."""
    with pytest.raises(WrongUse, match="is no group"):
        Keys(store).add("nightly", ["ask"], groups=[group])


def test_a_name_has_one_key(store: Store) -> None:
    keys = Keys(store)
    keys.add("nightly", ["ask"])
    with pytest.raises(WrongUse, match="onrecord keys rotate nightly"):
        keys.add("nightly", ["administer"])
    for act in (keys.rotate, keys.revoke):
        with pytest.raises(WrongUse, match=r"There are: nightly\."):
            act("daily")


def test_the_command_makes_keys_that_a_server_knows_at_once(tmp_path: Path) -> None:
    """It shows a secret once, and what it does is noted."""
    home = tmp_path / "home"
    served = Keys(Store(home))

    def run(*words: str) -> str:
        done = CliRunner().invoke(commands, ["--home", str(home), "keys", *words])
        assert done.exit_code == 0, done.output
        return done.stdout

    assert "There are no keys" in run("list")
    options = ["--permission", "ask,evaluate", "--tenant", "acme", "--group", GROUP]
    secret = run("add", "nightly", *options, "--expires", "9").strip()
    found = served.find(secret)
    assert found
    assert found.permissions == {"ask", "evaluate"}
    listed = run("list") + run("list", "--json")
    assert "nightly" in listed
    assert secret.split("_", 2)[2] not in listed
    new = run("rotate", "nightly", "--overlap", "0").strip()
    assert served.find(secret) is None
    assert served.find(new)
    assert "1 ended" in run("revoke", "nightly")
    assert served.find(new) is None
    deeds = Ledger(Store(home)).deeds(9)
    assert [(deed.deed, deed.what) for deed in deeds] == [
        ("revoked key", "nightly"), ("rotated key", "nightly"), ("added key", "nightly"),
    ]  # fmt: skip
    assert secret.encode() not in everything(home)


@pytest.mark.parametrize("asked", [[], ["--permission", "fly"], ["--permission", "public"]])
def test_a_key_without_a_permission_is_none(tmp_path: Path, asked: list[str]) -> None:
    done = CliRunner().invoke(commands, ["--home", str(tmp_path), "keys", "add", "x", *asked])
    assert isinstance(done.exception, WrongUse)
    assert "ask, write, evaluate, administer" in str(done.exception)


# -- logins ------------------------------------------------------------------------


def test_a_login_lasts_for_a_working_day_and_over_a_restart(tmp_path: Path, clock: Clock) -> None:
    secret, id = Logins(Store(tmp_path), clock).start(ANN)
    logins = Logins(Store(tmp_path), clock)
    login = logins.find(secret)
    assert login
    assert (login.id, login.person) == (id, ANN)
    assert logins.find(id) is None
    clock.now += LIFE
    assert logins.find(secret) is None
    assert not logins.is_current(id)


def test_who_signs_out_ends_one_login_who_is_revoked_all(store: Store, clock: Clock) -> None:
    logins = Logins(store, clock)
    (one, id), (two, _), (other, _) = logins.start(ANN), logins.start(ANN), logins.start(BEN)
    logins.end(id)
    assert logins.find(one) is None
    assert logins.find(two)
    assert logins.revoke(ANN.issuer, ANN.subject) == 1
    assert logins.find(two) is None
    assert logins.find(other)


# -- conversations -----------------------------------------------------------------


@pytest.fixture(scope="module")
def answer(seed_assistant: Assistant) -> Answer:
    answer = seed_assistant.ask("what did Rahmon say about students?", principal=LOCAL_USER)
    assert answer.citations
    return answer


def test_what_was_cited_is_read_again_and_no_word_of_it_is_kept(
    tmp_path: Path, store: Store, answer: Answer, seed_assistant: Assistant
) -> None:
    """Places and hashes are."""
    conversations = Conversations(store)
    id = conversations.start(ANN.principal)
    conversations.add(id, ANN.principal, answer)

    def read(document_id: str) -> Document:
        return seed_assistant.view_of(LOCAL_USER).document(document_id)

    (turn,) = conversations.turns(id, ANN.principal)
    assert [quoted.words for quoted in turn.quoted(read)] == [c.quote for c in answer.citations]
    assert answer.citations[0].quote in conversations.history(id, ANN.principal, read)[1].content
    for citation in answer.citations:
        for word in (citation.quote, citation.quote[:30]):
            assert word.encode() not in everything(tmp_path)


def test_words_do_not_come_back_once_they_may_not_be_read_or_have_changed(
    store: Store, answer: Answer, seed_assistant: Assistant
) -> None:
    """Neither to the person who once saw them, nor into what a follow-up refers to."""
    conversations = Conversations(store)
    id = conversations.start(ANN.principal)
    conversations.add(id, ANN.principal, answer)

    def hidden(document_id: str) -> Document:
        return seed_assistant.view_of(ANN.principal).document(document_id)

    def changed(document_id: str) -> Document:
        document = seed_assistant.view_of(LOCAL_USER).document(document_id)
        return Document(
            **{
                name: getattr(document, name)
                for name in document.__dataclass_fields__
                if name != "text"
            },
            text=document.text.replace("students", "pupils"),
        )

    with pytest.raises(DocumentNotFound):
        hidden(answer.citations[0].source.id)
    for read in (hidden, changed):
        (turn,) = conversations.turns(id, ANN.principal)
        assert {quoted.words for quoted in turn.quoted(read)} == {None}
        assert conversations.history(id, ANN.principal, read)[1].content == ""


def test_somebody_elses_conversation_does_not_exist(store: Store, answer: Answer) -> None:
    """Nor can anything be added to it."""
    conversations = Conversations(store)
    id = conversations.start(ANN.principal)

    def read(_: str) -> Document:
        raise DocumentNotFound("")

    for someone in (BEN.principal, LOCAL_USER):
        for attempt in (
            lambda who: conversations.add(id, who, answer),
            lambda who: conversations.turns(id, who),
            lambda who: conversations.one(id, who),
            lambda who: conversations.rename(id, who, "Mine"),
            lambda who: conversations.branch(id, who, 1),
            lambda who: conversations.share(id, who),
            lambda who: conversations.unshare(id, who),
            lambda who: conversations.history(id, who, read),
            lambda who: conversations.remove(id, who),
        ):
            with pytest.raises(NoSuchConversation) as one:
                attempt(someone)
            with pytest.raises(NoSuchConversation) as none:
                conversations.turns("none", someone)
            assert str(one.value) == str(none.value)
        assert not conversations.all(someone)
    assert [each.id for each in conversations.all(ANN.principal)] == [id]


def test_a_conversation_is_called_by_its_first_question_that_was_answered(
    store: Store, answer: Answer, seed_assistant: Assistant
) -> None:
    """Not by a greeting, unless there is nothing else."""
    conversations = Conversations(store)
    id = conversations.start(ANN.principal)
    conversations.add(id, ANN.principal, seed_assistant.ask("hi", principal=LOCAL_USER))
    assert [each.title for each in conversations.all(ANN.principal)] == ["hi"]
    for _ in range(2):
        conversations.add(id, ANN.principal, answer)
    assert [each.title for each in conversations.all(ANN.principal)] == [answer.query.question]
    conversations.rename(id, ANN.principal, "Students")
    assert conversations.one(id, ANN.principal).title == "Students"


def test_conversations_and_their_turns_are_bounded(
    store: Store, clock: Clock, answer: Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was left longest ago is dropped, of that person only."""
    monkeypatch.setattr(kept, "MOST_EACH", 3)
    monkeypatch.setattr(kept, "MOST_TURNS", 2)
    conversations = Conversations(store, clock)
    others = conversations.start(BEN.principal)
    ids = []
    for _ in range(5):
        clock.now += 1
        ids.append(conversations.start(ANN.principal))
    assert [each.id for each in conversations.all(ANN.principal)] == ids[:1:-1]
    assert [each.id for each in conversations.all(BEN.principal)] == [others]
    for _ in range(4):
        conversations.add(ids[-1], ANN.principal, answer)
    ((turns,),) = store.rows("SELECT COUNT(*) FROM turns")
    assert turns == 2
    conversations.remove(ids[-1], ANN.principal)
    assert store.rows("SELECT COUNT(*) FROM turns") == [(0,)]


# -- the ledger --------------------------------------------------------------------


def test_who_saw_what_is_noted_by_place_and_without_words(
    tmp_path: Path, store: Store, answer: Answer
) -> None:
    ledger = Ledger(store)
    ledger.saw(ANN.principal, "s-1", answer)
    (deed,) = ledger.deeds(9)
    citation = answer.citations[0]
    assert (deed.principal, deed.session, deed.deed) == (ANN.principal.id, "s-1", "saw")
    assert citation.source.id in deed.what
    assert str(citation.span.start) in deed.what
    assert citation.quote[:30] not in repr(store.rows("SELECT * FROM audit"))
    assert citation.quote[:30].encode() not in everything(tmp_path)


def test_the_audit_log_cannot_be_rewritten(tmp_path: Path, database: str, store: Store) -> None:
    """Not by other lines of this program, nor by a program that opens the file."""
    Ledger(store).did(ANN.principal, "s", "added key", "nightly")
    for statement in ("UPDATE audit SET what = 'x'", "DELETE FROM audit"):
        with pytest.raises(AccountsUnavailable):
            store.do(statement)
        if database:
            continue
        other = sqlite3.connect(tmp_path / "accounts.sqlite3")
        with closing(other), pytest.raises(sqlite3.IntegrityError):
            other.execute(statement)
    assert len(Ledger(store).deeds(9)) == 1


def test_what_is_older_than_it_is_kept_is_dropped(store: Store, answer: Answer) -> None:
    """All that says what somebody did."""
    clock = Clock(time.time() - 100 * DAY)
    ledger = Ledger(store, 30, clock)
    ledger.saw(ANN.principal, "s", answer)
    ledger.met(ANN.principal, "Ann", "login")
    ledger.think(ANN.principal, "who?", "answered", "bad", "no")
    clock.now += 29 * DAY
    ledger.did(BEN.principal, "s", "left", "")
    assert len(ledger.deeds(9)) == 2
    clock.now += 2 * DAY
    ledger.did(BEN.principal, "s", "left", "")
    assert {deed.principal for deed in ledger.deeds(9)} == {BEN.principal.id}
    assert (ledger.people(9), ledger.feedback(9), ledger.usage(3650)) == ([], [], [])


def test_usage_is_counted_by_day_and_tenant(
    store: Store, clock: Clock, answer: Answer, seed_assistant: Assistant
) -> None:
    """And what had no answer is listed, the most often asked first."""
    refused = seed_assistant.ask("who won the chess match in Reykjavik?", principal=LOCAL_USER)
    assert refused.refusal
    ledger = Ledger(store, clock=clock)
    for person, given in [(ANN, answer), (ANN, refused), (BEN, refused)]:
        ledger.saw(person.principal, "s", given)
    clock.now += DAY
    ledger.saw(ANN.principal, "s", answer)
    today, yesterday = ledger.usage(7)
    assert (today.questions, today.answered, today.people) == (1, 1, 1)
    assert (yesterday.questions, yesterday.answered, yesterday.people) == (3, 1, 2)
    assert [(each.question, each.times) for each in ledger.unanswered(9)] == [
        (refused.query.standalone_question, 2)
    ]
