"""The command `onrecord`: its own options, its commands in their order, its errors.

Exit codes: 0 success, 1 a failed expectation, 2 wrong use, 130 stopped by Ctrl-C.
"""

from __future__ import annotations

import sys

import click

from assistant.commands import (
    asking,
    evaluating,
    helping,
    indexing,
    keeping,
    serving,
    sharing,
    stating,
    watching,
)
from assistant.commands.shared import STOPPED, WRONG_USE, Commands, say_unforeseen
from assistant.errors import AssistantError
from index.errors import UNWRITABLE, IndexingError
from index.models.quiet import be_quiet

COMMANDS = [
    indexing.index,
    watching.watch,
    asking.ask,
    stating.statements,
    asking.chat,
    serving.serve,
    serving.mcp,
    sharing.rights,
    sharing.keys,
    sharing.portal,
    asking.verify,
    evaluating.evaluate,
    evaluating.questions,
    indexing.status,
    indexing.rebuild,
    keeping.doctor,
    keeping.backup,
    keeping.restore,
    helping.manual,
]
"""In the order of use."""


@click.group(
    cls=Commands, commands=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.version_option(package_name="onrecord", message="%(version)s")
def commands() -> None:
    """Answers questions from your documents with their exact words, and links to them."""


def main() -> None:
    """Run a command; errors become one clear message and an exit code. An error that nobody
    foresaw exits with 1 as any of Python's does; with --verbose it shows where it arose."""
    be_quiet()
    sys.excepthook = say_unforeseen
    try:
        sys.exit(commands(standalone_mode=False, prog_name="onrecord"))
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (IndexingError, AssistantError) as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(WRONG_USE)
    except OSError as error:
        if error.errno not in UNWRITABLE:
            raise
        what = error.filename or "What this command makes"
        click.echo(f"Error: {what} cannot be written: {UNWRITABLE[error.errno]}.", err=True)
        sys.exit(WRONG_USE)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped.", err=True)
        sys.exit(STOPPED)
