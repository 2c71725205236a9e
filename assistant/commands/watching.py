"""The command that keeps the index in line with folders while they change."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from assistant.commands.shared import Command, NamedPath, rights_options, rights_said
from assistant.settings import Settings

if TYPE_CHECKING:
    from assistant.operating.maintaining import Request


@click.command(
    cls=Command,
    epilog="""Example:
  onrecord watch ~/minutes
  onrecord watch ~/handbook ~/letters --readers "group:https://login.corp|staff\"""",
)
@click.argument("folders", nargs=-1, required=True, type=NamedPath(path_type=Path))
@click.option("--follow-links", is_flag=True, help="Index what is linked from elsewhere, too.")
@rights_options
@click.pass_obj
def watch(
    settings: Settings, /, folders: Sequence[Path], *, follow_links: bool, **said: Any
) -> None:
    """Keep the index in line with folders, until stopped.

    What is new, changed or gone in them is in the index some seconds later, as `index` would
    bring it there, with the same rights. A server that runs does the work. Ctrl-C ends it.
    """
    from assistant.operating.maintaining import Request
    from assistant.operating.watching import changes
    from index.reading.finding import check_source, shown

    resolved = [folder.resolve() for folder in folders]
    for folder in resolved:
        check_source(folder)
        if not folder.is_dir():
            raise click.UsageError(f"{shown(folder)} is a file. Watch the folder that it is in.")
    waiting, rights = set(resolved), rights_said(**said)
    click.echo(f"Watching {', '.join(map(shown, resolved))} (Ctrl-C ends it)")
    told, problems = "", dict[str, str]()
    for touched in changes(resolved, settings.home.resolve(), threading.Event()):
        waiting |= touched
        paths = tuple(str(folder) for folder in sorted(waiting) if folder.is_dir())
        if not paths:
            continue
        request = Request("index", paths, rights=rights, follow_links=follow_links)
        trouble = _index(settings, request, problems)
        if trouble and trouble != told:
            click.echo(f"{time.strftime('%H:%M:%S')} {trouble} It is tried again.", err=True)
        told = trouble
        if not trouble:
            waiting.clear()


def _index(settings: Settings, request: Request, problems: dict[str, str]) -> str:
    """Bring these folders in line, and tell of each file, of one that cannot be read once for
    each reason; what is wrong with that, "" if nothing."""
    from assistant.errors import AssistantError
    from assistant.operating.maintaining import maintain
    from assistant.operating.terminal import file_line
    from index.errors import IndexingError
    from index.events import FileDone

    try:
        for event in maintain(settings, request):
            if isinstance(event, FileDone) and problems.get(event.name) != file_line(event):
                problems[event.name] = file_line(event) if event.reason else ""
                click.echo(f"{time.strftime('%H:%M:%S')} {file_line(event)}")
    except (IndexingError, AssistantError) as error:
        return str(error)
    return ""
