"""Commands that measure answers, and draft the questions for it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from assistant.commands.shared import EXPECTATION_FAILED, Command, to_json
from assistant.settings import Settings


@click.command(
    cls=Command,
    name="eval",
    epilog="""Example:
  onrecord eval questions.jsonl --out run
  onrecord eval sets/ --tag facts --scope document --fail-under sentence_f1=0.7
  onrecord eval questions.csv --no-worse-than run --junit junit.xml""",
)
@click.argument("questions", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--out", type=click.Path(path_type=Path), help="Folder for the run and its report.")
@click.option("--scope", type=click.Choice(["all", "document"]), default="all", show_default=True)
@click.option("--mode", type=click.Choice(["quote", "write"]), default="quote", show_default=True)
@click.option("--limit", type=click.IntRange(1), help="Only the first so many questions.")
@click.option("--tag", "tags", multiple=True, help="Only with this tag, category or type.")
@click.option(
    "--jobs", type=click.IntRange(1, 64), default=1, show_default=True, help="Asked at a time."
)
@click.option("--judge", is_flag=True, help="Ask the language model what it thinks, too.")
@click.option(
    "--baseline", type=click.Path(path_type=Path), metavar="RUN", help="Show what changed since."
)
@click.option(
    "--no-worse-than", type=click.Path(path_type=Path), metavar="RUN",
    help="Exit with 1 if a figure is significantly worse than in RUN.",
)  # fmt: skip
@click.option(
    "--fail-under", multiple=True, metavar="METRIC=VALUE",
    help="Exit with 1 if a figure is lower (higher, where lower is better).",
)  # fmt: skip
@click.option("--junit", type=click.Path(path_type=Path), help="File for JUnit XML.")
@click.option("--summary", type=click.Path(path_type=Path), help="File for a Markdown summary.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
@click.pass_obj
def evaluate(settings: Settings, /, *, fail_under: Sequence[str], **options: Any) -> None:
    """Run a question set and print how well it did.

    QUESTIONS is a file (JSON Lines, CSV, YAML), a folder of such files, or - for standard
    input. RUN is a folder that was made with --out. A run that was broken off goes on if
    it is started again with the same --out.
    """
    from assistant.evaluation.command import EvaluationRequest, carry_out

    bounds = dict(_expectation(text) for text in fail_under)
    if not carry_out(settings, EvaluationRequest(**options, bounds=bounds)):
        sys.exit(EXPECTATION_FAILED)


@click.command(
    cls=Command,
    epilog="""Example:
  onrecord questions --count 200
  onrecord questions "2016/*" --seed 7 --out drafts.jsonl
  onrecord questions --write --document report.pdf""",
)
@click.argument("documents", nargs=-1, metavar="[GLOB]...")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="[default: a new set \
in the index's folder, which the page shows]",
)
@click.option("--count", type=click.IntRange(1), default=100, show_default=True)
@click.option("--seed", type=int, default=0, show_default=True, help="Another one, others.")
@click.option("--document", multiple=True, metavar="GLOB", help="Like GLOB.")
@click.option("--write", is_flag=True, help="Have the language model write some, too.")
@click.option("--json", "as_json", is_flag=True, help="Print what was drafted as JSON.")
@click.pass_obj
def questions(
    settings: Settings,
    /,
    *,
    documents: Sequence[str],
    document: Sequence[str],
    out: Path | None,
    as_json: bool,
    **options: Any,
) -> None:
    """Draft a question set from your documents, or those with names like GLOB.

    It asks what speakers said, and did not say, and for facts that one sentence states.
    Review the draft in the page (onrecord serve, Evaluation) or in the file: a question
    whose "review" is "dropped" is not asked.
    """
    from assistant.evaluation.drafting.command import as_dict, draft_file, in_words

    path, drafted = draft_file(settings, out, [*documents, *document], **options)
    click.echo(to_json(as_dict(path, drafted)) if as_json else in_words(path, drafted))


def _expectation(text: str) -> tuple[str, float]:
    """("sentence_f1", 0.7) of "sentence_f1=0.7"."""
    name, _, value = text.partition("=")
    try:
        return name, float(value)
    except ValueError:
        raise click.UsageError(
            f"--fail-under takes METRIC=VALUE, for example sentence_f1=0.7, not {text!r}."
        ) from None
