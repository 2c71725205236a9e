"""What a person sees in the terminal while documents are indexed or chatted with."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

import click

from assistant.maintaining import Event, encode
from index.correcting import Corrected
from index.ingesting import FileDone, Progress, Summary
from index.wording import counted

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress as Bar
    from rich.progress import ProgressColumn, TaskID

    from assistant.answers import Turn
    from assistant.chat import Assistant
    from assistant.evaluation import Progress as Asked

SAID = {"rights": "other readers"}
SIGNS = {
    "added": "+",
    "updated": "~",
    "removed": "-",
    "unreadable": "!",
    "unchanged": "=",
    "rights": "*",
}


def show(events: Generator[Event]) -> bool:
    """A line per changed file, a progress bar while there is more to do, a summary.

    False for a run that a person stopped before all was done.
    """
    with _progress_bar() as bar:
        task = bar.add_task("indexing", total=None, visible=False, pace="")
        try:
            for event in events:
                _show(bar, task, event)
        except KeyboardInterrupt:
            event = events.throw(KeyboardInterrupt)
            _show(bar, task, event)
    return _is_whole(event)


def print_as_json(events: Iterable[Event]) -> bool:
    """A line of JSON an event; False as above."""
    for event in events:
        click.echo(encode(event), nl=False)
    return _is_whole(event)


def converse(assistant: Assistant, documents: str | None) -> None:
    """Ask and answer until the person leaves."""
    from assistant.answers import Turn
    from assistant.rendering import to_terminal
    from index.documents import LOCAL_USER

    history: list[Turn] = []
    click.echo("Ask about your documents. An empty line ends the conversation.")
    while question := click.prompt("\nYou", default="", show_default=False).strip():
        answer = assistant.ask(question, history, principal=LOCAL_USER, documents=documents)
        said = to_terminal(answer)
        click.echo(f"\n{said}")
        history += [Turn("user", question), Turn("assistant", said)]


@contextmanager
def question_bar() -> Iterator[Callable[[Asked], None]]:
    """A bar for a question set, with some figures so far."""
    from rich import progress
    from rich.console import Console

    columns = (
        progress.BarColumn(),
        progress.MofNCompleteColumn(),
        progress.TimeRemainingColumn(),
        progress.TextColumn("{task.fields[figures]}"),
    )
    with _bar(Console(stderr=True), *columns) as bar:
        task = bar.add_task("asking", total=None, figures="")

        def show(asked: Asked) -> None:
            bar.update(
                task, completed=asked.done, total=asked.total, figures=_so_far(asked.figures)
            )

        yield show


WATCHED = ("evidence_recall@5", "sentence_f1", "attribution_precision", "abstention_recall")
"""The figures that the bar of a question set shows, where there are any."""


def _so_far(figures: Mapping[str, float]) -> str:
    shown = [name for name in WATCHED if name in figures]
    return "  ".join(f"{name.replace('_', ' ')} {figures[name]:.3f}" for name in shown)


def _progress_bar() -> Bar:
    from rich import progress
    from rich.console import Console

    return _bar(
        Console(),
        progress.BarColumn(),
        progress.MofNCompleteColumn(),
        progress.TextColumn("files{task.fields[pace]}"),
    )


def _bar(console: Console, *columns: ProgressColumn) -> Bar:
    """One that goes away when it is done, and never comes where nobody watches."""
    from rich import progress

    return progress.Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    )


def _is_whole(last: Event) -> bool:
    return not (isinstance(last, Summary) and last.interrupted)


def _show(bar: Bar, task: TaskID, event: Event) -> None:
    if isinstance(event, Progress):
        _advance(bar, task, event)
    elif isinstance(event, FileDone):
        _print(bar, _file_line(event))
    elif isinstance(event, Corrected):
        _print(bar, _corrected_line(event))
    else:
        bar.update(task, visible=False)
        _print(bar, _summary_line(event))


def _print(bar: Bar, line: str) -> None:
    bar.console.print(line, markup=False, highlight=False, soft_wrap=True)


def _advance(bar: Bar, task: TaskID, event: Progress) -> None:
    bar.update(
        task,
        completed=event.files_done,
        total=event.files_total,
        visible=True,
        pace=_pace(event) if event.files_done else "",
    )


def _pace(event: Progress) -> str:
    """From the first files on; rich needs two steps of a run to say what is left of it."""
    left = event.seconds / event.files_done * (event.files_total - event.files_done)
    speed = event.passages / event.seconds
    return f", {speed:,.0f} passages/s, {timedelta(seconds=round(left))} left"


def _file_line(event: FileDone) -> str:
    what = event.reason or (
        counted(event.passages, "passage")
        if event.passages
        else SAID.get(event.change, event.change)
    )
    return f"{SIGNS[event.change]} {event.name}  ({what})"


def _corrected_line(event: Corrected) -> str:
    statements = counted(event.statements, "statement")
    documents = counted(event.documents, "document")
    if not event.becomes:
        return f"{event.name}: as the documents have it again ({statements} in {documents})."
    return f"{statements} by {event.name} in {documents}: now credited to {event.becomes}."


def _summary_line(summary: Summary) -> str:
    counts = {
        "added": summary.added,
        "updated": summary.updated,
        "removed": summary.removed,
        "with other readers": summary.rights,
        "unchanged": summary.unchanged,
        "could not be read": summary.unreadable,
    }
    said = ", ".join(f"{count:,} {what}" for what, count in counts.items() if count)
    speed = counted(summary.passages, "passage")
    ending = " Stopped early; run it again to go on." if summary.interrupted else ""
    nothing = "Made again from the catalog" if summary.passages else "Nothing to do"
    return f"{said or nothing}; {speed} in {summary.seconds:.1f} s.{ending}"
