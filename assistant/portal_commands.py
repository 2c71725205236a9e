"""The commands `onrecord portal …`: for people who put On Record into a portal."""

from __future__ import annotations

import click

from assistant.settings import Settings

HERE = "127.0.0.1"


@click.group()
def portal() -> None:
    """Put On Record into a portal, and try it."""


@portal.command(
    epilog="""Example:
  onrecord portal example
  onrecord serve""",
)
@click.option("--port", type=click.IntRange(1, 65535), default=8800, show_default=True)
@click.option(
    "--server", default=f"http://{HERE}:7860", show_default=True, help="Where On Record is."
)
@click.pass_obj
def example(settings: Settings, *, port: int, server: str) -> None:
    """Serve a portal with two people and the embed in its page, to try it.

    Without a portal.toml one is written that lets this example in; with one, the lines that
    it needs are printed.
    """
    import uvicorn

    from assistant.identity.configuring import FILE
    from assistant.web.portal_example import create_portal, prepare

    origin = f"http://localhost:{port}"
    lines = prepare(settings.home, origin, server)
    path = settings.home / FILE
    if path.exists():
        click.echo(f"{path} has to say:\n\n{lines}")
    else:
        path.write_text(lines, "utf-8")
        click.echo(f"Wrote {path}, which lets this portal's people in.")
    click.echo(f"The portal is on {origin} (Ctrl-C ends it). Start On Record: onrecord serve")
    app = create_portal(settings.home, origin, server)
    uvicorn.run(app, host=HERE, port=port, log_level="warning")
