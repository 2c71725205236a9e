"""Commands that ask the documents, and check what they answered."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from assistant.commands.shared import (
    EXPECTATION_FAILED,
    Command,
    to_json,
)
from assistant.settings import Settings
from index.checksums import HELD_TO_WHAT_WAS_WRITTEN, read_ahead

if TYPE_CHECKING:
    from assistant.answers import Mode
    from index.documents import Principal


@click.command(
    cls=Command,
    epilog="""Example:
  onrecord ask "what did Rahmon say about students?"
  onrecord ask --document "2016/*" --json "who won?"
  onrecord ask --as "user:https://login.corp|ada" "who won?" """,
)
@click.argument("question")
@click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")
@click.option("--mode", type=click.Choice(["quote", "write"]), default="quote", show_default=True)
@click.option("--speaker", metavar="NAME", help="Look only for what NAME said.")
@click.option(
    "--document", "documents", metavar="GLOB", help="Look only in documents with such names."
)
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
    documents: str | None,
    **who: Any,
) -> None:
    """Answer one question, with citations."""
    read_ahead(settings.home, HELD_TO_WHAT_WAS_WRITTEN)
    # Deep in a chain of imports each of numpy's first calls would map and unmap a piece of
    # Python's stack, which takes 30 ms. Here it is shallow.
    import_module("numpy")
    from assistant.building import open_to_ask_once
    from assistant.rendering.answers import to_dict, to_terminal

    principal = _principal(**who)
    with open_to_ask_once(settings) as assistant:
        answer = assistant.ask(
            question, principal=principal, documents=documents, speaker=speaker, mode=mode
        )
    click.echo(to_json(to_dict(answer)) if as_json else to_terminal(answer))


@click.command(
    cls=Command,
    epilog="""Example:
  onrecord chat --document "minutes-*.pdf"
  onrecord chat --mode write""",
)
@click.option("--mode", type=click.Choice(["quote", "write"]), default="quote", show_default=True)
@click.option(
    "--document", "documents", metavar="GLOB", help="Look only in documents with such names."
)
@click.pass_obj
def chat(settings: Settings, *, mode: Mode, documents: str | None) -> None:
    """Ask question after question in the terminal.

    An empty line ends the conversation; Ctrl-C ends an answer that takes too long.
    """
    from assistant.building import open_to_chat
    from assistant.operating.terminal import converse

    converse(open_to_chat(settings), mode, documents)


@click.command(
    cls=Command,
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
    from assistant.building import open_library
    from assistant.receipts.receipt import parse_receipt
    from assistant.receipts.rechecking import recheck
    from assistant.rendering.answers import findings_to_dict, findings_to_terminal

    findings = recheck(parse_receipt(receipt.read()), open_library(settings))
    click.echo(to_json(findings_to_dict(findings)) if as_json else findings_to_terminal(findings))
    if not findings.intact:
        sys.exit(EXPECTATION_FAILED)


def _principal(id: str | None, groups: Sequence[str], tenant: str | None) -> Principal:
    """Who is to be answered: the operator, unless somebody else is named."""
    from index.documents import LOCAL_USER, Principal
    from index.rights.deciding import Rights

    if id is None:
        if groups or tenant:
            raise click.UsageError("--group and --tenant go with --as ID.")
        return LOCAL_USER
    checked = Rights(id, tenant or "", frozenset(groups))
    return Principal(checked.owner, checked.tenant, checked.readers)
