"""What a person sees in the terminal while documents are indexed or chatted with."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

import click

from assistant.operating.maintaining import Event, encode
from assistant.operating.remaking import Note
from index.english.spelling import counted, listed_counts
from index.events import FileDone, Progress, Summary
from index.search.correcting import Corrected

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress as Bar
    from rich.progress import ProgressColumn, TaskID

    from assistant.answers import Event as AnswerEvent
    from assistant.answers import Mode
    from assistant.chat import Assistant

MOST_KINDS = 8
"""Kinds of files that are passed over, by name."""

SAID = {"rights": "other readers"}
SIGNS = {
    "added": "+",
    "updated": "~",
    "removed": "-",
    "unreadable": "!",
    "unchanged": "=",
    "rights": "*",
    "skipped": "!",
}


def show(events: Generator[Event]) -> Event:
    """A line per changed file, a progress bar while there is more to do, a summary,
    which is given back."""
    with _progress_bar() as bar:
        task = bar.add_task("indexing", total=None, visible=False, pace="")
        try:
            for event in events:
                _show(bar, task, event)
        except KeyboardInterrupt:
            event = events.throw(KeyboardInterrupt)
            _show(bar, task, event)
    return event


def show_markdown(text: str) -> None:
    """A text in Markdown, as a terminal can show it."""
    from rich.console import Console
    from rich.markdown import Markdown

    Console(width=min(100, Console().width)).print(Markdown(text))


def print_as_json(events: Iterable[Event]) -> Event:
    """A line of JSON an event; the last is given back."""
    for event in events:
        click.echo(encode(event), nl=False)
    return event


def converse(assistant: Assistant, mode: Mode = "quote", documents: str | None = None) -> None:
    """Ask and answer until the person leaves. Ctrl-C ends an answer, not the conversation.

    Raises WrongUse for a mode that cannot be used.
    """
    from assistant.answers import Turn
    from index.documents import LOCAL_USER

    assistant.check_mode(mode)
    history: list[Turn] = []
    click.echo("Ask about your documents. An empty line ends the conversation.")
    while question := click.prompt("\nYou", default="", show_default=False).strip():
        events = assistant.stream(
            question, history, principal=LOCAL_USER, documents=documents, mode=mode
        )
        said = _shown(_told(events, mode))
        history += [Turn("user", question), Turn("assistant", said)]


def _shown(blocks: Generator[str]) -> str:
    """Print each block as it comes; all of them, up to where the person had enough."""
    from assistant.errors import AssistantError
    from index.errors import IndexingError

    said: list[str] = []
    try:
        with closing(blocks):
            for block in blocks:
                said.append(block)
                click.echo(f"\n{block}")
    except KeyboardInterrupt:
        click.echo("\nStopped. Ask on, or leave with an empty line.")
    except (AssistantError, IndexingError) as error:
        click.echo(f"\nError: {error}", err=True)
    return "\n\n".join(said)


def _told(events: Generator[AnswerEvent], mode: Mode) -> Generator[str]:
    """A written answer sentence by sentence with the verdicts; a quoted one is there at
    once, and what is said of the whole comes first."""
    from assistant.answers import Answer
    from assistant.rendering.answers import (
        after_to_terminal,
        claim_to_terminal,
        corrected_to_terminal,
        to_terminal,
        understood_to_terminal,
    )
    from index.documents import Found, Query

    with closing(events):
        for event in events:
            if isinstance(event, Answer):
                yield after_to_terminal(event) if mode == "write" else to_terminal(event)
            elif mode == "quote":
                continue
            elif isinstance(event, Query):
                yield from understood_to_terminal(event)
            elif isinstance(event, Found):
                yield from corrected_to_terminal(event)
            else:
                yield claim_to_terminal(event, judged=True)


@contextmanager
def count_bar(what: str) -> Iterator[Callable[[int, int], None]]:
    """A bar; call what it gives with how many are done, of how many."""
    from rich import progress
    from rich.console import Console

    columns = (progress.BarColumn(), progress.MofNCompleteColumn(), progress.TimeRemainingColumn())
    with bar_on(Console(stderr=True), *columns) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _progress_bar() -> Bar:
    from rich import progress
    from rich.console import Console

    return bar_on(
        Console(),
        progress.BarColumn(),
        progress.MofNCompleteColumn(),
        progress.TextColumn("files{task.fields[pace]}"),
    )


def bar_on(console: Console, *columns: ProgressColumn) -> Bar:
    """One that goes away when it is done, and never comes where nobody watches."""
    from rich import progress

    return progress.Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    )


def _show(bar: Bar, task: TaskID, event: Event) -> None:
    if isinstance(event, Progress):
        _advance(bar, task, event)
    elif isinstance(event, FileDone):
        _print(bar, file_line(event))
    elif isinstance(event, Corrected):
        _print(bar, _corrected_line(event))
    elif isinstance(event, Note):
        _print(bar, event.words)
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


def file_line(event: FileDone) -> str:
    """What became of a file, on a line."""
    what = event.reason or (
        counted(event.passages, "passage")
        if event.passages
        else SAID.get(event.change, event.change)
    )
    left_out = f"; {listed_counts(event.left_out)} left out" if event.left_out else ""
    return f"{SIGNS[event.change]} {event.name}  ({what}{left_out})"


def _corrected_line(event: Corrected) -> str:
    statements = counted(event.statements, "statement")
    documents = counted(event.documents, "document")
    if not event.becomes:
        return f"{event.name}: as the documents have it again ({statements} in {documents})."
    return f"{statements} by {event.name} in {documents}: now credited to {event.becomes}."


def _passed_over(others: Mapping[str, int]) -> str:
    """How many files are of kinds that cannot be read, and of which, most frequent first."""
    if not others:
        return ""
    kinds = sorted(others, key=lambda kind: (-others[kind], kind))
    named = ", ".join(f"{others[kind]:,} {kind}" for kind in kinds[:MOST_KINDS])
    more = " …" if len(kinds) > MOST_KINDS else ""
    files = counted(sum(others.values()), "file")
    return f"; {files} of other kinds passed over ({named}{more})"


def _summary_line(summary: Summary) -> str:
    counts = {
        "added": summary.added,
        "updated": summary.updated,
        "removed": summary.removed,
        "with other readers": summary.rights,
        "unchanged": summary.unchanged,
        "could not be read": summary.unreadable,
        "not followed": summary.skipped,
    }
    said = ", ".join(f"{count:,} {what}" for what, count in counts.items() if count)
    speed = counted(summary.passages, "passage")
    ending = " Stopped early; run it again to go on." if summary.interrupted else ""
    nothing = "Made again from the catalog" if summary.passages else "Nothing to do"
    told = (said or nothing) + _passed_over(summary.others)
    return f"{told}; {speed} in {summary.seconds:.1f} s.{ending}"
