"""Does what stands above a passage help to find and answer? Six collections, indexed twice.

    python -m tests.benchmarks.context [--half dev|held] [--wrong] [--out FOLDER]

The collections beside this file are a staff handbook, minutes of a parish council, the mails of a
festival (dev), manuals of machines, regulations of a university, and prices and answers of a shop
(held): clauses much alike for different groups, years and products, so that the title, the
headings, what leads in to a list and a table's caption tell them apart. All are in one index, once
as it is and once without these words, and each question is asked of both. A quarter cannot be
answered. Mend by what `dev` shows; `held` is there to tell whether that holds elsewhere: its
wrong answers are never printed.
"""

from __future__ import annotations

import argparse
import re
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import compress
from pathlib import Path

import docx

from assistant.building import open_to_write
from assistant.evaluation import Run, evaluate, read_questions, write_report, write_run
from index.documents import LOCAL_USER
from index.ingesting import Stores, sync
from index.making.preparing import Prepared, prepare
from index.planning import document_id
from index.reading.loading import fetch
from tests.benchmarks.corpus import new_settings, prepare_model

COLLECTIONS = Path(__file__).with_name("collections")
QUESTIONS = "questions.jsonl"
SOURCE_OF_WORD = ".docx.md"
"""How the name of a text ends that is to be a Word document."""

MARK = re.compile(r"^(?:#+|-|\d+\.) ")
"""With which a heading or an item of a list begins in Markdown."""

DEV, HELD = "dev", "held"
SHOWN = {
    "evidence_recall@1": "recall@1",
    "evidence_recall@5": "recall@5",
    "evidence_recall@10": "recall@10",
    "key_facts": "key facts",
    "answered_of_answerable": "answered",
    "abstention_recall": "refused",
}
"""Figures as they are headed: `answered` are those that can be, `refused` those that cannot."""


def main() -> None:
    """Index twice, ask twice, print side by side."""
    parser = argparse.ArgumentParser(description="Measure what the words above a passage give.")
    parser.add_argument(
        "--half", choices=(DEV, HELD), help="only the questions of these collections"
    )
    parser.add_argument("--wrong", action="store_true", help=f"list wrong answers of {DEV}")
    parser.add_argument("--out", type=Path, help=f"folder for both runs of {DEV}, with reports")
    options = parser.parse_args()
    halves = (options.half,) if options.half else (DEV, HELD)
    with tempfile.TemporaryDirectory() as folder:
        models, documents = prepare_model(Path(folder)), Path(folder) / "documents"
        write_documents(documents)
        runs = {
            "with context": _asked(documents, models, halves, in_context=True),
            "without": _asked(documents, models, halves, in_context=False),
        }
    print(f"{'':20}", *(f"{name:>9}" for name in SHOWN.values()))
    for half in halves:
        for name, run in runs.items():
            print(f"{half:5}{name:15}", *_row(_half(run, half)))
    if DEV not in halves:
        return
    if options.wrong:
        print(*_wrong(_half(runs["with context"], DEV)), sep="\n")
    if options.out:
        for name, run in runs.items():
            _write(_half(run, DEV), options.out / name.replace(" ", "-"))


def write_documents(folder: Path) -> None:
    """The collections as people have them, a folder each."""
    for file in COLLECTIONS.glob("*/*"):
        place = folder / file.relative_to(COLLECTIONS)
        place.parent.mkdir(parents=True, exist_ok=True)
        if file.name.endswith(SOURCE_OF_WORD):
            write_word(file.read_text("utf-8"), place.with_suffix(""))
        else:
            shutil.copyfile(file, place)


def write_word(markdown: str, path: Path) -> None:
    """Headings, paragraphs, lists and tables as a Word document."""
    document = docx.Document()
    for block in markdown.split("\n\n"):
        lines = block.strip().splitlines()
        if block.startswith("|"):
            rows = [line.strip("| ").split(" | ") for line in lines if "---" not in line]
            table = document.add_table(0, len(rows[0]))
            for row in rows:
                for cell, words in zip(table.add_row().cells, row, strict=True):
                    cell.text = words
            continue
        for line in lines:
            found = MARK.match(line)
            mark = found[0] if found else ""
            _add(document, mark, line.removeprefix(mark))
    document.save(str(path))


def _add(document: docx.document.Document, mark: str, words: str) -> None:
    if mark.startswith("#"):
        document.add_heading(words, len(mark) - 1)
    elif mark:
        document.add_paragraph(words, style="List Bullet" if mark == "- " else "List Number")
    else:
        document.add_paragraph(words)


def _asked(documents: Path, models: Path, halves: Sequence[str], *, in_context: bool) -> Run:
    """What comes of the questions where passages have what stands above them, or have not."""
    questions = read_questions(COLLECTIONS / QUESTIONS).labelled(halves)
    with new_settings(models) as settings, open_to_write(settings, "benchmark") as opened:
        bare = {} if in_context else dict(_bare(opened.stores, documents))
        for _ in sync(opened.stores, [documents], prepared=bare):
            pass
        return evaluate(opened.assistant, questions, principal=LOCAL_USER)


def _bare(stores: Stores, documents: Path) -> Iterator[tuple[Path, Prepared]]:
    """The documents without titles, their passages without what stands above."""
    for file in sorted(documents.glob("*/*")):
        content = fetch(file, file.name)
        made = prepare(content, document_id(file), stores.embedder, stores.attributor)
        source = replace(made.document.source, title="")
        passages = [replace(passage, context="") for passage in made.passages]
        document = replace(made.document, source=source)
        yield file, replace(made, document=document, passages=passages)


def _half(run: Run, half: str) -> Run:
    """What came of the questions of these collections alone."""
    chosen = [gold.question.category == half for gold in run.gold]
    return replace(
        run,
        gold=tuple(compress(run.gold, chosen)),
        records=tuple(compress(run.records, chosen)),
        scores=tuple(compress(run.scores, chosen)),
    )


def _row(run: Run) -> Iterator[str]:
    yield from (f"{run.figure(name):9.3f}" for name in SHOWN)


def _wrong(run: Run) -> Iterator[str]:
    """The questions that went wrong, with what was answered."""
    for row in run.results.rows:
        if not row.is_good:
            answer = " ".join(row.answer.split())
            yield f"{row.id}  {row.outcome}  {row.question}\n    {'; '.join(row.why)}\n    {answer}"


def _write(run: Run, folder: Path) -> None:
    write_run(run, folder)
    write_report(run, folder)


if __name__ == "__main__":
    main()
