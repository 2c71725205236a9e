"""The command that shows who said what, and takes corrections."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from assistant.commands.shared import (
    Command,
    maintain_and_show,
    to_json,
)
from assistant.settings import Settings

if TYPE_CHECKING:
    from assistant.browsing.listing import Wanted
    from assistant.operating.maintaining import Correction, Request


@click.command(
    cls=Command,
    epilog="""Example:
  onrecord statements
  onrecord statements --speaker Rahmon --about students
  onrecord statements --merge "T. Herzl" --into "Theodor Herzl"
  onrecord statements --split "John Smith" --document "2019/*" --into "John Smith, Texas"
  onrecord statements --undo "T. Herzl" """,
)
@click.option("--speaker", metavar="NAME", help="What NAME said.")
@click.option("--about", metavar="TOPIC", help="What was said about TOPIC.")
@click.option(
    "--document", "documents", metavar="GLOB", help="Look only in documents with such names."
)
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
    documents: str | None,
    limit: int,
    as_json: bool,
    **corrections: str | None,
) -> None:
    """Show who said what: the speakers, or the statements of one, or on a topic."""
    correction = _correction(documents, **corrections)
    if correction:
        maintain_and_show(settings, correction, as_json=as_json)
    elif speaker is None and about is None:
        _list_speakers(settings, documents, limit, as_json=as_json)
    else:
        from assistant.browsing.listing import Wanted

        _list_statements(settings, Wanted(speaker, about, documents, limit), as_json=as_json)


def _list_speakers(settings: Settings, documents: str | None, limit: int, *, as_json: bool) -> None:
    from assistant.building import open_to_ask_once
    from assistant.rendering.statements import left_out_note, speaker_to_dict, speakers_to_terminal
    from index.documents import LOCAL_USER

    with open_to_ask_once(settings) as assistant:
        speakers = assistant.view_of(LOCAL_USER).speakers(documents=documents)
    if as_json:
        click.echo(to_json([speaker_to_dict(speaker) for speaker in speakers[:limit]]))
        _warn(left_out_note(min(limit, len(speakers)), len(speakers), "speaker"))
    else:
        click.echo(speakers_to_terminal(speakers, limit))


def _list_statements(settings: Settings, wanted: Wanted, *, as_json: bool) -> None:
    from assistant.browsing.listing import gather
    from assistant.building import open_to_ask_once
    from assistant.rendering.statements import (
        left_out_note,
        nothing_found,
        statement_to_dict,
        statements_to_terminal,
    )
    from index.documents import LOCAL_USER

    with open_to_ask_once(settings) as assistant:
        listing = gather(assistant.view_of(LOCAL_USER), wanted)
    if as_json:
        click.echo(to_json([statement_to_dict(hit) for hit in listing.hits]))
        _warn("" if listing.hits else nothing_found(listing))
        _warn(left_out_note(len(listing.hits), listing.total, "statement"))
    else:
        click.echo(statements_to_terminal(listing))


def _warn(words: str) -> None:
    """Beside a list for programs, to the person who runs them."""
    if words:
        click.echo(words, err=True)


def _correction(documents: str | None, **options: str | None) -> Request | None:
    """The one correction that is asked for, if any."""
    from assistant.operating.maintaining import Request

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
    _check_correction(command, into, documents)
    return Request(command, name=name, into=into or "", documents=documents or "")


def _check_correction(command: str, into: str | None, documents: str | None) -> None:
    needs_documents = command == "split"
    if (command != "undo") != bool(into):
        needs = "does not go" if into else "goes"
        raise click.UsageError(f"--{command} {needs} with --into NAME.")
    if needs_documents != (documents is not None):
        needs = "goes" if needs_documents else "does not go"
        raise click.UsageError(f"--{command} {needs} with --document GLOB.")
