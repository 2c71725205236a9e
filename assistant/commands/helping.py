"""The command that opens the manual."""

from __future__ import annotations

import sys

import click

from assistant.commands.shared import Command


@click.command(
    name="help",
    cls=Command,
    epilog="""Example:
  onrecord help rights""",
)
@click.argument("topic", required=False)
def manual(topic: str | None) -> None:
    """Open the manual: its topics, or the page of one."""
    from assistant.manual import page, pages
    from assistant.operating.terminal import show_markdown

    if topic is None:
        listed = pages()
        width = max(len(each.topic) for each in listed)
        click.echo("Pages of the manual; open one with: onrecord help TOPIC\n")
        click.echo("\n".join(f"  {each.topic:{width}}  {each.about}" for each in listed))
    elif sys.stdout.isatty():
        show_markdown(page(topic).text)
    else:
        click.echo(page(topic).text, nl=False)
