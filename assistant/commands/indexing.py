"""Commands that make the index and show it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import click

from assistant.commands.shared import (
    Command,
    NamedPath,
    PathOrAddress,
    maintain_and_show,
    rights_options,
    rights_said,
    to_json,
)
from assistant.settings import Settings


@click.command(
    cls=Command,
    epilog="""Example:
  onrecord index ~/minutes report.pdf
  onrecord index ~/handbook --readers "group:https://login.corp|staff"
  onrecord index s3://archive/minutes
  onrecord index --forget ~/minutes/2019""",
)
@click.argument("paths", nargs=-1, required=True, type=PathOrAddress(path_type=Path))
@click.option("--forget", is_flag=True, help="Remove what is at or below these paths instead.")
@click.option("--follow-links", is_flag=True, help="Index what is linked from elsewhere, too.")
@click.option(
    "--workers", type=click.IntRange(1), metavar="N", help="Read and embed in N processes."
)
@click.option(
    "--ray", metavar="ADDRESS", help="Read and embed on a Ray cluster; local for one here."
)
@rights_options
@click.option("--json", "as_json", is_flag=True, help="Print events as JSON Lines.")
@click.pass_obj
def index(
    settings: Settings,
    /,
    paths: Sequence[Path | str],
    *,
    forget: bool,
    follow_links: bool,
    workers: int | None,
    ray: str | None,
    as_json: bool,
    **said: Any,
) -> None:
    """Bring the index in line with files and folders.

    What is new is added, what has changed replaced, what is gone removed. Who may read it
    is kept for these paths; a rights.toml in a folder and the front matter of a document
    go before it. Links that lead out of a folder, or to what has other readers, are passed
    over and named. What is at an address (s3://, gs://, az://) is fetched first.
    """
    from assistant.operating.maintaining import Request

    rights = rights_said(**said)
    if forget and rights:
        raise click.UsageError("--forget does not go with --readers, --deny, --owner or --tenant.")
    if forget and follow_links:
        raise click.UsageError("--forget does not go with --follow-links.")
    if forget and (workers or ray):
        raise click.UsageError("--forget does not go with --workers and --ray.")
    resolved = tuple(str(_here(settings, path, fetched=not forget)) for path in paths)
    command: Literal["forget", "index"] = "forget" if forget else "index"
    request = Request(command, resolved, rights=rights, follow_links=follow_links)
    maintain_and_show(settings, request, as_json=as_json, workers=workers, ray=ray)
    if not (forget or as_json):
        _suggest(settings)


def _here(settings: Settings, path: Path | str, *, fetched: bool) -> Path:
    """Where it is on this computer; what is elsewhere is fetched."""
    if isinstance(path, Path):
        return path.resolve()
    from index.reading.remote import fetch_all, place_of

    if fetched:
        click.echo(f"Fetching what has changed at {path}", err=True)
        fetch_all(path, settings.home)
    return place_of(path, settings.home).resolve()


def _suggest(settings: Settings) -> None:
    """Another embedding model, where the documents are in languages that want one."""
    from assistant.building import open_catalog
    from assistant.operating.languages import languages_in, suggestion

    catalog = open_catalog(settings)
    if said := suggestion(catalog, languages_in(catalog)):
        click.echo(said)


@click.command(
    cls=Command,
    epilog="""Example:
  onrecord status --json""",
)
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@click.pass_obj
def status(settings: Settings, *, as_json: bool) -> None:
    """Say what is indexed, and who is using the index."""
    from assistant.operating.doctor import describe

    report = describe(settings)
    click.echo(to_json(report) if as_json else _as_lines(report))


@click.command(
    cls=Command,
    epilog="""Example:
  onrecord rebuild
  onrecord rebuild --from ~/minutes --from ~/handbook""",
)
@click.option(
    "--from", "folders", multiple=True, metavar="FOLDER", type=NamedPath(path_type=Path),
    help="Make the catalog anew from what was indexed.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print events as JSON Lines.")
@click.pass_obj
def rebuild(settings: Settings, *, folders: Sequence[Path], as_json: bool) -> None:
    """Make the word and vector indexes again.

    They are made from the catalog; nothing is embedded. Where the catalog itself is damaged,
    --from indexes the folders, and what was added to the server, into a new one; the damaged
    one is kept beside it.
    """
    from assistant.operating.maintaining import Request

    paths = tuple(str(folder.resolve()) for folder in folders)
    maintain_and_show(settings, Request("rebuild", paths), as_json=as_json)


def _as_lines(report: Mapping[str, object]) -> str:
    from index.english.spelling import listed_counts

    width = max(map(len, report))
    said = {
        name: (listed_counts(value) or "nothing") if isinstance(value, Mapping) else value
        for name, value in report.items()
    }
    return "\n".join(f"{name.replace('_', ' '):{width}}  {value}" for name, value in said.items())
