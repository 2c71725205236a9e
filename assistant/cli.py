"""The command `onrecord`. Thin: options in, one call, words out.

Exit codes: 0 success, 1 a failed expectation, 2 wrong use, 130 stopped by Ctrl-C.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Literal

import click

from assistant.errors import AssistantError
from assistant.settings import Settings, read_settings
from index.errors import IndexingError
from index.quiet import be_quiet

if TYPE_CHECKING:
    from assistant.accounts.keys import Keys
    from assistant.answers import Mode
    from assistant.checking import Check
    from assistant.listing import Wanted
    from assistant.maintaining import Correction, Request
    from index.documents import Principal

EXPECTATION_FAILED = 1
WRONG_USE = 2
STOPPED = 130


def write_example(command: click.Command, formatter: click.HelpFormatter) -> None:
    """The example of a command, line by line."""
    if command.epilog:
        formatter.write("\n")
        for line in command.epilog.splitlines():
            formatter.write(f"{line}\n")


class Command(click.Command):
    """Keeps an example as it is written in the help text."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the epilog line by line."""
        write_example(self, formatter)


class Commands(click.Group):
    """Lists the commands in the order of use, and keeps an example as it is written."""

    command_class = Command

    def list_commands(self, ctx: click.Context) -> list[str]:
        """As they stand in this file."""
        return list(self.commands)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the epilog line by line."""
        write_example(self, formatter)


def rights_options(command: Callable[..., None]) -> Callable[..., None]:
    """Who may read something, as two commands take it."""
    reader = "user:…, key:…, group:… or tenant:…"
    for option in (
        click.option("--tenant", metavar="NAME", help="Nobody of another tenant reads it."),
        click.option("--owner", metavar="ID", help="Whose it is: user:… or key:…"),
        click.option("--deny", multiple=True, metavar="NAME", help="Who may not; this wins."),
        click.option("--readers", multiple=True, metavar="NAME", help=f"Who may: {reader}"),
    ):
        command = option(command)
    return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--home",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of the index. [default: $ONRECORD_HOME, else .onrecord]",
)
@click.version_option(package_name="onrecord", message="%(version)s")
@click.pass_context
def commands(context: click.Context, home: Path | None) -> None:
    """Answers questions from your documents with their exact words, and links to them."""
    context.obj = read_settings(home)


@commands.command(
    epilog="""Example:
  onrecord index ~/minutes report.pdf
  onrecord index ~/handbook --readers "group:https://login.corp|staff"
  onrecord index --forget ~/minutes/2019""",
)
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--forget", is_flag=True, help="Remove what is at or below these paths instead.")
@rights_options
@click.option("--json", "as_json", is_flag=True, help="Print events as JSON Lines.")
@click.pass_obj
def index(
    settings: Settings,
    /,
    paths: Sequence[Path],
    *,
    forget: bool,
    as_json: bool,
    **said: Any,
) -> None:
    """Bring the index in line with files and folders.

    What is new is added, what has changed replaced, what is gone removed. Who may read it
    is kept for these paths; a rights.toml in a folder and the front matter of a document
    go before it.
    """
    from assistant.maintaining import Request

    rights = _rights_said(**said)
    if forget and rights:
        raise click.UsageError("--forget does not go with --readers, --deny, --owner or --tenant.")
    resolved = tuple(str(path.resolve()) for path in paths)
    command: Literal["forget", "index"] = "forget" if forget else "index"
    _maintain(settings, Request(command, resolved, rights=rights), as_json=as_json)


@commands.command(
    epilog="""Example:
  onrecord ask "what did Rahmon say about students?"
  onrecord ask --document "2016/*" --json "who won?"
  onrecord ask --as "user:https://login.corp|ada" "who won?" """,
)
@click.argument("question")
@click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")
@click.option("--mode", type=click.Choice(["quote", "write"]), default="quote", show_default=True)
@click.option("--speaker", metavar="NAME", help="Look only for what NAME said.")
@click.option("--document", metavar="GLOB", help="Look only in documents with such names.")
@click.option("--as", "id", metavar="ID", help="Try what somebody else would get.")
@click.option("--group", "groups", multiple=True, metavar="GROUP", help="One of theirs.")
@click.option("--tenant", metavar="NAME", help="To which they belong.")
@click.pass_obj
def ask(
    settings: Settings,
    /,
    question: str,
    *,
    as_json: bool,
    mode: Mode,
    speaker: str | None,
    document: str | None,
    **who: Any,
) -> None:
    """Answer one question, with citations."""
    from assistant.building import open_to_ask_once
    from assistant.rendering import to_dict, to_terminal

    principal = _principal(**who)
    with open_to_ask_once(settings) as assistant:
        answer = assistant.ask(
            question, principal=principal, documents=document, speaker=speaker, mode=mode
        )
    click.echo(_as_json(to_dict(answer)) if as_json else to_terminal(answer))


@commands.command(
    epilog="""Example:
  onrecord chat --document "minutes-*.pdf"
  onrecord chat --mode write""",
)
@click.option("--mode", type=click.Choice(["quote", "write"]), default="quote", show_default=True)
@click.option("--document", metavar="GLOB", help="Look only in documents with such names.")
@click.pass_obj
def chat(settings: Settings, *, mode: Mode, document: str | None) -> None:
    """Ask question after question in the terminal.

    An empty line ends the conversation; Ctrl-C ends an answer that takes too long.
    """
    from assistant.building import open_to_chat
    from assistant.terminal import converse

    converse(open_to_chat(settings), mode, document)


@commands.command(
    epilog="""Example:
  onrecord statements
  onrecord statements --speaker Rahmon --about students
  onrecord statements --merge "T. Herzl" --into "Theodor Herzl"
  onrecord statements --split "John Smith" --document "2019/*" --into "John Smith, Texas"
  onrecord statements --undo "T. Herzl" """,
)
@click.option("--speaker", metavar="NAME", help="What NAME said.")
@click.option("--about", metavar="TOPIC", help="What was said about TOPIC.")
@click.option("--document", metavar="GLOB", help="Look only in documents with such names.")
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print a list as JSON.")
@click.option("--merge", metavar="NAME", help="Credit all of NAME to another (--into).")
@click.option("--split", metavar="NAME", help="In some documents NAME is another (--into).")
@click.option("--into", metavar="NAME", help="Whose words they are.")
@click.option("--undo", metavar="NAME", help="Take back what was merged or split for NAME.")
@click.pass_obj
def statements(
    settings: Settings,
    /,
    *,
    speaker: str | None,
    about: str | None,
    document: str | None,
    limit: int,
    as_json: bool,
    **corrections: str | None,
) -> None:
    """Show who said what: the speakers, or the statements of one, or on a topic."""
    correction = _correction(document, **corrections)
    if correction:
        _maintain(settings, correction, as_json=as_json)
    elif speaker is None and about is None:
        _list_speakers(settings, document, limit, as_json=as_json)
    else:
        from assistant.listing import Wanted

        _list_statements(settings, Wanted(speaker, about, document, limit), as_json=as_json)


@commands.command(
    epilog="""Example:
  onrecord rights
  onrecord rights "board/*" --readers "group:https://login.corp|board"
  onrecord rights "board/*" --owner-only
  onrecord rights "board/*" --as-files-say""",
)
@click.argument("documents", metavar="[GLOB]", required=False)
@rights_options
@click.option("--owner-only", is_flag=True, help="No readers, nobody denied.")
@click.option("--as-files-say", is_flag=True, help="Take back what was set by hand.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@click.pass_obj
def rights(
    settings: Settings,
    /,
    documents: str | None,
    *,
    as_json: bool,
    **said: Any,
) -> None:
    """Show who may read which document, or set it by hand.

    What is set by hand stays when files are indexed again, whatever they say; a list of
    readers takes the place of the earlier one. Without any option it is shown.
    """
    request = _rights_request(documents, **said)
    if request:
        _maintain(settings, request, as_json=as_json)
    else:
        _list_rights(settings, documents, as_json=as_json)


@commands.command(
    epilog="""Example:
  onrecord serve --port 8000""",
)
@click.option("--host", help="Address to listen on. [default: 127.0.0.1]")
@click.option("--port", type=click.IntRange(1, 65535), help="[default: 7860, else a free one]")
@click.pass_obj
def serve(settings: Settings, *, host: str | None, port: int | None) -> None:
    """Serve the page, the reader and the API on one port."""
    from assistant.web import serving

    serving.serve(settings, host or settings.host, port or settings.port)


@commands.command(
    epilog="""Example:
  onrecord mcp""",
)
@click.pass_obj
def mcp(settings: Settings) -> None:
    """Serve tools to a program that speaks MCP, over standard input and output.

    The program starts this command itself: name it in the program's settings. It may read
    everything in the index. Other people's programs use /mcp of the server.
    """
    from assistant.web.mcp_server import serve_stdio

    serve_stdio(settings)


@commands.group(
    cls=Commands,
    epilog="""Example:
  onrecord portal example
  onrecord portal check""",
)
def portal() -> None:
    """Put On Record into a portal: try an example, check portal.toml."""


@portal.command(
    cls=Command,
    epilog="""Example:
  onrecord portal example
  onrecord serve""",
)
@click.option("--port", type=click.IntRange(1, 65535), default=8800, show_default=True)
@click.option("--server", default="http://127.0.0.1:7860", show_default=True)
@click.pass_obj
def example(settings: Settings, *, port: int, server: str) -> None:
    """Serve a portal with two people and the embed in its page, to try it.

    Without a portal.toml one is written that lets this example in; with one, the lines that
    it needs are printed. --server is where On Record is.
    """
    from assistant.web.portal_example import serve_example

    serve_example(settings.home, port, server)


@commands.command(
    name="eval",
    epilog="""Example:
  onrecord eval questions.jsonl --out run
  onrecord eval sets/ --tag facts --scope document --fail-under sentence_f1=0.7
  onrecord eval questions.csv --no-worse-than run --junit junit.xml""",
)
@click.argument("questions", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--out", type=click.Path(path_type=Path), help="Folder for the run and its report.")
@click.option("--scope", type=click.Choice(["all", "document"]), default="all", show_default=True)
@click.option("--mode", type=click.Choice(["quote", "write"]), default="quote", show_default=True)
@click.option("--limit", type=click.IntRange(1), help="Only the first so many questions.")
@click.option("--tag", "tags", multiple=True, help="Only with this tag, category or type.")
@click.option(
    "--jobs", type=click.IntRange(1, 64), default=1, show_default=True, help="Asked at a time."
)
@click.option("--judge", is_flag=True, help="Ask the language model what it thinks, too.")
@click.option(
    "--baseline", type=click.Path(path_type=Path), metavar="RUN", help="Show what changed since."
)
@click.option(
    "--no-worse-than", type=click.Path(path_type=Path), metavar="RUN",
    help="Exit with 1 if a figure is significantly worse than in RUN.",
)  # fmt: skip
@click.option(
    "--fail-under", multiple=True, metavar="METRIC=VALUE",
    help="Exit with 1 if a figure is lower (higher, where lower is better).",
)  # fmt: skip
@click.option("--junit", type=click.Path(path_type=Path), help="File for JUnit XML.")
@click.option("--summary", type=click.Path(path_type=Path), help="File for a Markdown summary.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
@click.pass_obj
def evaluate(settings: Settings, /, *, fail_under: Sequence[str], **options: Any) -> None:
    """Run a question set and print how well it did.

    QUESTIONS is a file (JSON Lines, CSV, YAML), a folder of such files, or - for standard
    input. RUN is a folder that was made with --out. A run that was broken off goes on if
    it is started again with the same --out.
    """
    from assistant.evaluation.command import Request, carry_out

    bounds = dict(_expectation(text) for text in fail_under)
    if not carry_out(settings, Request(**options, bounds=bounds)):
        sys.exit(EXPECTATION_FAILED)


@commands.command(
    epilog="""Example:
  onrecord questions --count 200
  onrecord questions "2016/*" --seed 7 --out drafts.jsonl
  onrecord questions --write --document report.pdf""",
)
@click.argument("documents", nargs=-1, metavar="[GLOB]...")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="[default: a new set \
in the index's folder, which the page shows]",
)
@click.option("--count", type=click.IntRange(1), default=100, show_default=True)
@click.option("--seed", type=int, default=0, show_default=True, help="Another one, others.")
@click.option("--document", multiple=True, metavar="GLOB", help="Like GLOB.")
@click.option("--write", is_flag=True, help="Have the language model write some, too.")
@click.option("--json", "as_json", is_flag=True, help="Print what was drafted as JSON.")
@click.pass_obj
def questions(
    settings: Settings,
    /,
    *,
    documents: Sequence[str],
    document: Sequence[str],
    out: Path | None,
    as_json: bool,
    **options: Any,
) -> None:
    """Draft a question set from your documents, or those with names like GLOB.

    It asks what speakers said, and did not say, and for facts that one sentence states.
    Review the draft in the page (onrecord serve, Evaluation) or in the file: a question
    whose "review" is "dropped" is not asked.
    """
    from assistant.evaluation.draft_command import as_dict, draft_file, in_words

    path, drafted = draft_file(settings, out, [*documents, *document], **options)
    click.echo(_as_json(as_dict(path, drafted)) if as_json else in_words(path, drafted))


@commands.command(
    epilog="""Example:
  onrecord ask --json "who won?" > receipt.json
  onrecord verify receipt.json""",
)
@click.argument("receipt", type=click.File("rb"))
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@click.pass_obj
def verify(settings: Settings, receipt: BinaryIO, *, as_json: bool) -> None:
    """Say of each citation of a saved answer: same, moved, changed or gone.

    RECEIPT is the JSON of an answer; - reads it from standard input. The exit code is 1
    if anything is changed or gone.
    """
    from assistant.building import open_catalog
    from assistant.receipts import parse_receipt
    from assistant.rechecking import recheck
    from assistant.rendering import findings_to_dict, findings_to_terminal
    from index.documents import LOCAL_USER

    findings = recheck(parse_receipt(receipt.read()), open_catalog(settings), LOCAL_USER)
    click.echo(_as_json(findings_to_dict(findings)) if as_json else findings_to_terminal(findings))
    if not findings.intact:
        sys.exit(EXPECTATION_FAILED)


@commands.command(
    epilog="""Example:
  onrecord status --json""",
)
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@click.pass_obj
def status(settings: Settings, *, as_json: bool) -> None:
    """Say what is indexed, and who is using the index."""
    from assistant.checking import describe

    report = describe(settings)
    click.echo(_as_json(report) if as_json else _as_lines(report))


@commands.command(
    epilog="""Example:
  onrecord rebuild""",
)
@click.option("--json", "as_json", is_flag=True, help="Print events as JSON Lines.")
@click.pass_obj
def rebuild(settings: Settings, *, as_json: bool) -> None:
    """Make the word and vector indexes again.

    They are made from the catalog; nothing is embedded.
    """
    from assistant.maintaining import Request

    _maintain(settings, Request("rebuild"), as_json=as_json)


@commands.command(
    epilog="""Example:
  onrecord doctor""",
)
@click.option("--json", "as_json", is_flag=True, help="Print the checks as JSON.")
@click.pass_obj
def doctor(settings: Settings, *, as_json: bool) -> None:
    """Check everything, and say what to do about what is wrong."""
    from assistant.checking import check

    _show_checks(check(settings), as_json=as_json)


def _show_checks(checks: Sequence[Check], *, as_json: bool) -> None:
    if as_json:
        click.echo(_as_json([asdict(check) for check in checks]))
    else:
        for result in checks:
            click.echo(f"{'ok ' if result.passed else 'BAD'}  {result.name}: {result.words}")
    if not all(result.passed for result in checks):
        sys.exit(EXPECTATION_FAILED)


@commands.group(
    cls=Commands,
    epilog="""Example:
  onrecord keys add nightly --permission ask,evaluate --expires 90
  onrecord keys rotate nightly""",
)
def keys() -> None:
    """API keys: for servers, evaluation and other programs."""


@keys.command(
    epilog="""Example:
  onrecord keys add nightly --permission ask,evaluate --tenant acme --expires 90""",
)
@click.argument("name")
@click.option(
    "--permission", multiple=True, metavar="ask,…", help="What it may do: ask, write, evaluate …"
)
@click.option("--tenant", default="", metavar="NAME", help="Whose shared documents it reads.")
@click.option("--group", "groups", multiple=True, metavar="GROUP", help="group:<issuer>|<name>")
@click.option("--expires", type=click.IntRange(1, 3650), metavar="DAYS", help="[default: never]")
@click.pass_obj
def add(
    settings: Settings,
    name: str,
    *,
    permission: Sequence[str],
    tenant: str,
    groups: Sequence[str],
    expires: int | None,
) -> None:
    """Make a key. It is shown this once."""
    from assistant.web.callers import read_permissions

    may = read_permissions(permission)
    with _keys(settings, f"added key {name}") as held:
        _show_key(held.add(name, may, tenant, groups, expires))


@keys.command(
    name="list",
    epilog="""Example:
  onrecord keys list --json""",
)
@click.option("--json", "as_json", is_flag=True, help="Print a list as JSON.")
@click.pass_obj
def list_keys(settings: Settings, *, as_json: bool) -> None:
    """Show the keys that are good, without their secrets."""
    from assistant.accounts.keys import keys_to_terminal

    with _keys(settings) as held:
        found = held.all()
    click.echo(_as_json([key.to_dict() for key in found]) if as_json else keys_to_terminal(found))


@keys.command(
    epilog="""Example:
  onrecord keys rotate nightly --overlap 48""",
)
@click.argument("name")
@click.option(
    "--overlap", type=click.FloatRange(0), default=24, show_default=True, metavar="HOURS",
    help="For how long the old one stays good.",
)  # fmt: skip
@click.pass_obj
def rotate(settings: Settings, name: str, *, overlap: float) -> None:
    """Make a new key in place of one. It is shown this once."""
    with _keys(settings, f"rotated key {name}") as held:
        _show_key(held.rotate(name, overlap))


@keys.command(
    epilog="""Example:
  onrecord keys revoke nightly""",
)
@click.argument("name")
@click.pass_obj
def revoke(settings: Settings, name: str) -> None:
    """End every key of this name. It holds at once, also in a running server."""
    with _keys(settings, f"revoked key {name}") as held:
        ended = held.revoke(name)
    click.echo(f"{name}: {ended} ended.")


@portal.command(
    name="check",
    epilog="""Example:
  onrecord portal check --json""",
)
@click.option("--json", "as_json", is_flag=True, help="Print the checks as JSON.")
@click.pass_obj
def check_portal(settings: Settings, *, as_json: bool) -> None:
    """Read portal.toml, ask for the keys that it names, and say what is wrong."""
    from assistant.identity.examining import examine

    _show_checks(examine(settings.home, os.environ), as_json=as_json)


@contextmanager
def _keys(settings: Settings, deed: str = "") -> Iterator[Keys]:
    """The keys of a server, running or not. What is done to them is noted."""
    from assistant.accounts.keys import Keys
    from assistant.accounts.ledger import Ledger
    from assistant.accounts.store import Store
    from index.documents import LOCAL_USER

    store = Store(settings.home)
    yield Keys(store)
    if deed:
        Ledger(store).did(LOCAL_USER, "command", *deed.rsplit(" ", 1))


def _show_key(key: str) -> None:
    """The key for programs to take, the words for people."""
    click.echo(key)
    click.echo("Keep it now: only its hash is stored, and nobody can show it again.", err=True)


def _maintain(settings: Settings, request: Request, *, as_json: bool) -> None:
    """Show the events of a command that writes."""
    from assistant.maintaining import maintain
    from assistant.terminal import print_as_json, show
    from index.embedding import is_prepared

    if not is_prepared(settings.embedder, settings.home / "models"):
        click.echo("Preparing the embedding model, once; it takes some seconds.", err=True)
    events = maintain(settings, request)
    whole = print_as_json(events) if as_json else show(events)
    if not whole:
        sys.exit(STOPPED)


def _rights_said(**said: Any) -> dict[str, Any] | None:
    """The fields of rights that the options name, None without any."""
    names = {"readers": "readers", "deny": "denied"}
    fields = {names.get(name, name): value for name, value in said.items() if value}
    return {k: list(v) if isinstance(v, tuple) else v for k, v in fields.items()} or None


def _rights_request(
    documents: str | None, *, owner_only: bool, as_files_say: bool, **said: Any
) -> Request | None:
    """What is to be changed, if anything is."""
    from assistant.maintaining import Request

    fields = _rights_said(**said)
    if (owner_only and {"readers", "denied"} & (fields or {}).keys()) or (
        as_files_say and (fields or owner_only)
    ):
        raise click.UsageError("These options say two things. Leave one of them out.")
    if owner_only:
        fields = {"readers": [], "denied": [], **(fields or {})}
    if not (fields or as_files_say):
        return None
    if documents is None:
        raise click.UsageError("Say of which documents, with a glob; “*” is all of them.")
    return Request("rights", documents=documents, rights=fields)


def _list_rights(settings: Settings, documents: str | None, *, as_json: bool) -> None:
    from assistant.building import open_catalog
    from assistant.readers import granted_to_dict, granted_to_terminal
    from index.documents import LOCAL_USER

    catalog = open_catalog(settings)
    granted = catalog.granted(catalog.scope(LOCAL_USER, documents))
    if as_json:
        click.echo(_as_json([granted_to_dict(*each) for each in granted]))
    else:
        click.echo(granted_to_terminal(granted))


def _principal(id: str | None, groups: Sequence[str], tenant: str | None) -> Principal:
    """Who is to be answered: the operator, unless somebody else is named."""
    from index.documents import LOCAL_USER, Principal
    from index.rights import Rights

    if id is None:
        if groups or tenant:
            raise click.UsageError("--group and --tenant go with --as ID.")
        return LOCAL_USER
    checked = Rights(id, tenant or "", frozenset(groups))
    return Principal(checked.owner, checked.tenant, checked.readers)


def _list_speakers(settings: Settings, document: str | None, limit: int, *, as_json: bool) -> None:
    from assistant.building import open_to_ask_once
    from assistant.statements import left_out_note, speaker_to_dict, speakers_to_terminal
    from index.documents import LOCAL_USER

    with open_to_ask_once(settings) as assistant:
        speakers = assistant.speakers(principal=LOCAL_USER, documents=document)
    if as_json:
        click.echo(_as_json([speaker_to_dict(speaker) for speaker in speakers[:limit]]))
        _warn(left_out_note(min(limit, len(speakers)), len(speakers), "speaker"))
    else:
        click.echo(speakers_to_terminal(speakers, limit))


def _list_statements(settings: Settings, wanted: Wanted, *, as_json: bool) -> None:
    from assistant.building import open_to_ask_once
    from assistant.listing import gather
    from assistant.statements import (
        left_out_note,
        nothing_found,
        statement_to_dict,
        statements_to_terminal,
    )
    from index.documents import LOCAL_USER

    with open_to_ask_once(settings) as assistant:
        listing = gather(assistant, wanted, LOCAL_USER)
    if as_json:
        click.echo(_as_json([statement_to_dict(hit) for hit in listing.hits]))
        _warn("" if listing.hits else nothing_found(listing))
        _warn(left_out_note(len(listing.hits), listing.total, "statement"))
    else:
        click.echo(statements_to_terminal(listing))


def _warn(words: str) -> None:
    """Beside a list for programs, to the person who runs them."""
    if words:
        click.echo(words, err=True)


def _correction(document: str | None, **options: str | None) -> Request | None:
    """The one correction that is asked for, if any."""
    from assistant.maintaining import Request

    into = options["into"] and " ".join(options["into"].split())
    commands: tuple[Correction, ...] = ("merge", "split", "undo")
    asked = [(each, name) for each in commands if (name := options[each]) is not None]
    if len(asked) > 1:
        raise click.UsageError("One of --merge, --split and --undo at a time.")
    if not asked:
        if into is not None:
            raise click.UsageError("--into goes with --merge or --split.")
        return None
    ((command, name),) = asked
    _check_correction(command, into, document)
    return Request(command, name=name, into=into or "", documents=document or "")


def _check_correction(command: str, into: str | None, document: str | None) -> None:
    needs_document = command == "split"
    if (command != "undo") != bool(into):
        needs = "does not go" if into else "goes"
        raise click.UsageError(f"--{command} {needs} with --into NAME.")
    if needs_document != (document is not None):
        needs = "goes" if needs_document else "does not go"
        raise click.UsageError(f"--{command} {needs} with --document GLOB.")


def _expectation(text: str) -> tuple[str, float]:
    """("sentence_f1", 0.7) of "sentence_f1=0.7"."""
    name, _, value = text.partition("=")
    try:
        return name, float(value)
    except ValueError:
        raise click.UsageError(
            f"--fail-under takes METRIC=VALUE, for example sentence_f1=0.7, not {text!r}."
        ) from None


def _as_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


def _as_lines(report: Mapping[str, object]) -> str:
    width = max(map(len, report))
    return "\n".join(f"{name.replace('_', ' '):{width}}  {value}" for name, value in report.items())


def main() -> None:
    """Run a command; errors become one clear message and an exit code."""
    be_quiet()
    try:
        sys.exit(commands(standalone_mode=False, prog_name="onrecord"))
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (IndexingError, AssistantError) as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(WRONG_USE)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped.", err=True)
        sys.exit(STOPPED)
