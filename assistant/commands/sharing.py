"""Commands that say who may come in and read what: rights, API keys, portals."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from assistant.commands.shared import (
    Command,
    Commands,
    maintain_and_show,
    rights_options,
    rights_said,
    show_checks,
    to_json,
)
from assistant.settings import Settings

if TYPE_CHECKING:
    from assistant.accounts.keys import Keys
    from assistant.operating.maintaining import Request


@click.command(
    cls=Command,
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
        maintain_and_show(settings, request, as_json=as_json)
    else:
        _list_rights(settings, documents, as_json=as_json)


@click.group(
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
    from assistant.web.entry.callers import read_permissions

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
    click.echo(to_json([key.to_dict() for key in found]) if as_json else keys_to_terminal(found))


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


@click.group(
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


@portal.command(
    name="check",
    epilog="""Example:
  onrecord portal check --json""",
)
@click.option("--json", "as_json", is_flag=True, help="Print the checks as JSON.")
@click.pass_obj
def check_portal(settings: Settings, *, as_json: bool) -> None:
    """Read portal.toml, ask for the keys that it names, and say what is wrong."""
    from assistant.operating.examining import examine

    show_checks(examine(settings.home, os.environ), as_json=as_json)


def _rights_request(
    documents: str | None, *, owner_only: bool, as_files_say: bool, **said: Any
) -> Request | None:
    """What is to be changed, if anything is."""
    from assistant.operating.maintaining import Request

    fields = rights_said(**said)
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
    from assistant.rendering.rights import granted_to_dict, granted_to_terminal
    from index.sharing import granted

    found = granted(open_catalog(settings), documents)
    if as_json:
        click.echo(to_json([granted_to_dict(*each) for each in found]))
    else:
        click.echo(granted_to_terminal(found))


@contextmanager
def _keys(settings: Settings, deed: str = "") -> Iterator[Keys]:
    """The keys of a server, running or not. What is done to them is noted."""
    from assistant.accounts.keys import Keys
    from assistant.accounts.ledger import Ledger
    from assistant.accounts.store import Store
    from index.documents import LOCAL_USER

    store = Store(settings.home, settings.database)
    yield Keys(store)
    if deed:
        Ledger(store).did(LOCAL_USER, "command", *deed.rsplit(" ", 1))


def _show_key(key: str) -> None:
    """The key for programs to take, the words for people."""
    click.echo(key)
    click.echo("Keep it now: only its hash is stored, and nobody can show it again.", err=True)
