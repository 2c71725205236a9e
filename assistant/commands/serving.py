"""Commands that serve people and programs."""

from __future__ import annotations

import click

from assistant.commands.shared import Command
from assistant.settings import Settings
from index.checksums import BY_THE_OWNER, read_ahead


@click.command(
    cls=Command,
    epilog="""Example:
  onrecord serve --port 8000""",
)
@click.option("--host", help="Address to listen on. [default: 127.0.0.1]")
@click.option("--port", type=click.IntRange(1, 65535), help="[default: 7860, else a free one]")
@click.pass_obj
def serve(settings: Settings, *, host: str | None, port: int | None) -> None:
    """Serve the page, the reader and the API on one port."""
    read_ahead(settings.home, BY_THE_OWNER)
    from assistant.web import serving

    serving.serve(settings, host or settings.host, port or settings.port)


@click.command(
    cls=Command,
    epilog="""Example:
  onrecord mcp""",
)
@click.pass_obj
def mcp(settings: Settings) -> None:
    """Serve tools to a program that speaks MCP, over standard input and output.

    The program starts this command itself: name it in the program's settings. It may read
    everything in the index. Other people's programs use /mcp of the server.
    """
    from assistant.web.api.mcp_server import serve_stdio

    serve_stdio(settings)
