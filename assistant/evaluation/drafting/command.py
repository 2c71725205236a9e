"""`onrecord questions`: drafts a set and writes it where it can be reviewed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assistant.building import open_catalog, open_to_chat, open_words, open_writer
from assistant.errors import WrongUse
from assistant.evaluation.drafting.drafting import Drafted, Drafter
from assistant.evaluation.drafting.drafts import DraftKind
from assistant.evaluation.sets.sets import QuestionSets, write_rows
from assistant.operating.terminal import count_bar
from assistant.settings import Settings
from index.attribution.languages import Attributor, languages
from index.documents import LOCAL_USER
from index.english.spelling import counted

NAME = "draft"
"""The name of a set for which no file is named."""

KINDS: dict[DraftKind, str] = {
    "said": "what somebody said on a topic",
    "not_said": "what somebody did not say though another one did (unanswerable)",
    "fact": "what a sentence states",
    "written": "written by the language model",
}


def draft_file(
    settings: Settings,
    out: Path | None,
    documents: Sequence[str],
    *,
    count: int,
    seed: int,
    write: bool,
) -> tuple[Path, Drafted]:
    """The file and what is in it. Raises WrongUse for a file that is there already, and
    if the documents yield nothing."""
    path = out or QuestionSets(settings.home).free_path(NAME)
    if path.exists():
        raise WrongUse(f"{path} is there already, perhaps reviewed. Name another file with --out.")
    drafter = open_to_draft(settings)
    with count_bar("drafting") as progress:
        drafted = drafter.draft(
            principal=LOCAL_USER,
            documents=documents,
            count=count,
            seed=seed,
            write=write,
            progress=progress,
        )
    if not drafted.rows:
        raise WrongUse(
            "These documents yield no questions: nobody with a name is credited with a "
            "statement, and no sentence states a fact by itself. Drafts are made of English."
        )
    write_rows(path, drafted.rows)
    return path, drafted


def open_to_draft(settings: Settings) -> Drafter:
    """Draft questions, without keeping others from writing."""
    return Drafter(
        open_to_chat(settings),
        Attributor(languages(settings.languages)),
        open_words(settings, open_catalog(settings)),
        open_writer(settings),
    )


def as_dict(path: Path, drafted: Drafted) -> dict[str, Any]:
    """What was drafted, for programs."""
    return {
        "file": str(path),
        "questions": len(drafted.rows),
        "documents": drafted.documents,
        "kinds": dict(drafted.kinds),
        "dropped": drafted.dropped,
    }


def in_words(path: Path, drafted: Drafted) -> str:
    """What was drafted, for people."""
    questions = counted(len(drafted.rows), "question")
    lines = [f"{questions} about {counted(drafted.documents, 'document')} in {path}"]
    width = max(len(f"{number:,}") for number in drafted.kinds.values())
    lines += [
        f"  {drafted.kinds[kind]:>{width},}  {words}"
        for kind, words in KINDS.items()
        if drafted.kinds.get(kind)
    ]
    if drafted.dropped:
        lines.append(
            f"{counted(drafted.dropped, 'written question')} dropped: the evidence does not stand "
            "in the document word for word."
        )
    return "\n".join(lines)
