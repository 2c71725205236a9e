"""What several commands share: their help, exit codes, and what they print."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from assistant.settings import Settings, read_settings

if TYPE_CHECKING:
    from assistant.operating.doctor import Checked
    from assistant.operating.maintaining import Event, Request

EXPECTATION_FAILED = 1
WRONG_USE = 2
STOPPED = 130


def write_example(command: click.Command, formatter: click.HelpFormatter) -> None:
    """The example of a command, line by line."""
    if command.epilog:
        formatter.write("\n")
        for line in command.epilog.splitlines():
            formatter.write(f"{line}\n")


HOME, AS_JSON = f"{__name__}.home", f"{__name__}.as_json"
"""What was said with the command or before it, as its contexts keep it for one another."""


def _note_home(context: click.Context, _: click.Parameter, home: Path | None) -> None:
    if home is not None:
        context.meta[HOME] = home


def _note_json(context: click.Context, _: click.Parameter, wanted: bool) -> None:  # noqa: FBT001
    if wanted:
        context.meta[AS_JSON] = True


def _speak(_: click.Context, __: click.Parameter, wanted: bool) -> None:  # noqa: FBT001
    if wanted:
        import logging

        logging.basicConfig(format="%(relativeCreated)7.0f ms  %(name)s: %(message)s")
        logging.getLogger("onrecord").setLevel(logging.DEBUG)
        sys.excepthook = sys.__excepthook__


def say_unforeseen(kind: type[BaseException], error: BaseException, _: object) -> None:
    """What a person reads of an error that is a mistake of the program."""
    click.echo(f"Unexpected error: {kind.__name__}: {error}", err=True)
    click.echo(
        "This is a mistake in the program, not yours. Run the command again with --verbose to "
        "see where it happens.",
        err=True,
    )


def _everywhere() -> list[click.Parameter]:
    """The options that may stand before a command and after it."""
    return [
        click.Option(
            ["--home"],
            type=click.Path(path_type=Path, file_okay=False),
            help="Folder of the index. [default: $ONRECORD_HOME, else .onrecord]",
            expose_value=False,
            callback=_note_home,
        ),
        click.Option(
            ["-v", "--verbose"],
            is_flag=True,
            help="Say on standard error what is done and how long it takes.",
            expose_value=False,
            callback=_speak,
        ),
    ]


def _have_a_place_for_temporary_files(home: Path) -> None:
    """In the home, where a container lets nothing else be written."""
    import tempfile

    try:
        tempfile.gettempdir()
    except FileNotFoundError:
        folder = home.absolute() / "tmp"
        with suppress(OSError):  # whoever needs one says so
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.environ["TMPDIR"] = str(folder)


class Command(click.Command):
    """Takes the options that stand everywhere, reads the settings, and keeps an example as
    it is written in the help text."""

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.params += _everywhere()

    def invoke(self, ctx: click.Context) -> Any:
        """With the settings of the home that was named last. Raises UsageError, WrongUse."""
        if AS_JSON in ctx.meta:
            if "as_json" not in ctx.params:
                raise click.UsageError("This command prints no JSON: leave --json out.", ctx)
            ctx.params["as_json"] = True
        ctx.obj = read_settings(ctx.meta.get(HOME))
        _have_a_place_for_temporary_files(ctx.obj.home)
        return super().invoke(ctx)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the epilog line by line."""
        write_example(self, formatter)


class Commands(click.Group):
    """Lists the commands in the order of use, takes their common options before them, and
    keeps an example as it is written."""

    command_class = Command

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.params += _everywhere()
        self.params.append(
            click.Option(
                ["--json"],
                is_flag=True,
                help="The same as --json after a command.",
                expose_value=False,
                callback=_note_json,
            )
        )

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order in which they were added."""
        return list(self.commands)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the epilog line by line."""
        write_example(self, formatter)


class NamedPath(click.Path):
    """A path that is not empty: an empty one, as of a variable that is not set, would
    mean the folder where one is."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Raises BadParameter."""
        if value == "":
            self.fail("A path is empty. Name a file or a folder; “.” is the one here.", param, ctx)
        return super().convert(value, param, ctx)


class PathOrAddress(NamedPath):
    """A path, or an address in a store elsewhere, which stays as it is."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Raises BadParameter."""
        from index.reading.remote import is_address

        return value if is_address(str(value)) else super().convert(value, param, ctx)


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


def rights_said(**said: Any) -> dict[str, Any] | None:
    """The fields of rights that the options name, None without any."""
    names = {"readers": "readers", "deny": "denied"}
    fields = {names.get(name, name): value for name, value in said.items() if value}
    return {k: list(v) if isinstance(v, tuple) else v for k, v in fields.items()} or None


def maintain_and_show(
    settings: Settings, request: Request, *, as_json: bool, **made_by: Any
) -> None:
    """Show the events of a command that writes. It fails if nothing could be read."""
    from assistant.operating.maintaining import maintain
    from assistant.operating.terminal import print_as_json, show
    from index.models.opening import is_prepared

    if not is_prepared(settings.embedder, settings.home / "models"):
        click.echo("Preparing the embedding model, once; it takes some seconds.", err=True)
    events = maintain(settings, request, **made_by)
    last = print_as_json(events) if as_json else show(events)
    if code := _exit_code(last):
        sys.exit(code)


def _exit_code(last: Event) -> int:
    """The exit code of a run that ended with this event."""
    from index.events import Summary

    if not isinstance(last, Summary):
        return 0
    if last.interrupted:
        return STOPPED
    changed = last.added + last.updated + last.removed + last.rights
    failed = last.unreadable + last.skipped
    return EXPECTATION_FAILED if failed and not changed + last.unchanged else 0


def show_checks(checks: Sequence[Checked], *, as_json: bool) -> None:
    """Print what was checked; the exit code tells whether all passed."""
    if as_json:
        click.echo(to_json([asdict(check) for check in checks]))
    else:
        for result in checks:
            click.echo(f"{'ok ' if result.passed else 'BAD'}  {result.name}: {result.words}")
    if not all(result.passed for result in checks):
        sys.exit(EXPECTATION_FAILED)


def to_json(value: object) -> str:
    """As the options --json print it."""
    return json.dumps(value, ensure_ascii=False, indent=2)
