"""Commands that keep an index: check and mend it, back it up and bring it back."""

from __future__ import annotations

from pathlib import Path

import click

from assistant.commands.shared import Command, NamedPath, show_checks, to_json
from assistant.settings import Settings


@click.command(
    cls=Command,
    epilog="""Example:
  onrecord doctor
  onrecord doctor --mend""",
)
@click.option("--mend", "mends", is_flag=True, help="Do first what loses nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the checks as JSON.")
@click.pass_obj
def doctor(settings: Settings, *, mends: bool, as_json: bool) -> None:
    """Check everything, and say what to do about what is wrong.

    --mend makes again what is made from a sound catalog: the word and vector indexes, and the
    embedding model. Whatever only a backup or you can bring back stays as it is, and is named.
    """
    from assistant.operating.doctor import check, mend

    for words in mend(settings) if mends else ():
        click.echo(words, err=True)
    show_checks(check(settings), as_json=as_json)


@click.command(
    cls=Command,
    epilog="""Example:
  onrecord backup /backups/onrecord-monday.zip""",
)
@click.argument("file", type=NamedPath(path_type=Path, dir_okay=False))
@click.option("--json", "as_json", is_flag=True, help="Print what was kept as JSON.")
@click.pass_obj
def backup(settings: Settings, *, file: Path, as_json: bool) -> None:
    """Keep all of the index in one new file, while it is in use.

    The catalog, the accounts, what was added to the server, question sets and settings. What can
    be made from these is not kept, and the folders that were indexed are not either.
    """
    from assistant.operating.backing_up import back_up
    from index.english.spelling import counted

    made = back_up(settings, file)
    size = file.stat().st_size
    if as_json:
        kept = {"file": str(file), "bytes": size, "documents": made.documents}
        click.echo(to_json({**kept, "files": len(made.files)}))
    else:
        click.echo(
            f"{counted(made.documents, 'document')} kept in {file} ({size / 1e6:,.1f} MB), which "
            "was read again and is sound. It holds what people asked and may read: keep it as "
            "closed as the index."
        )


@click.command(
    cls=Command,
    epilog="""Example:
  onrecord --home /srv/onrecord restore /backups/onrecord-monday.zip""",
)
@click.argument("file", type=NamedPath(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the checks as JSON.")
@click.pass_obj
def restore(settings: Settings, *, file: Path, as_json: bool) -> None:
    """Make an index of a backup, where there is none, and check all of it.

    Nothing is overwritten: --home has to be empty or not there. The word and vector indexes are
    made again; nothing is embedded.
    """
    from assistant.operating import backing_up
    from assistant.operating.doctor import check
    from assistant.settings import read_settings

    for words in backing_up.restore(settings, file):
        click.echo(words, err=as_json)
    show_checks(check(read_settings(settings.home)), as_json=as_json)
