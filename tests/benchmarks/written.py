"""Are sentences told apart that a language model might write: those that hold, and the others?

    python -m tests.benchmarks.written [--half dev|held] [--wrong]

The sentences of collections/written.jsonl were made by hand, as answers to 55 questions on the
collections beside it. What holds is put in other words, more or less, with marks in several forms,
with none, and with a wrong one. What does not hold has something negated, a number exchanged, a
unit or year changed, another group or speaker, a condition dropped, or something invented. Each
has the `evidence` that its mark names: words of the passage. Its answer is judged sentence by
sentence with six passages given: those with the evidence, then what is found for the question.

Mend by what `dev` shows; `held` is there to tell whether that holds elsewhere, and is never
printed: it is the university alone, 37 sentences, since the machines and the shop were opened when
what was mended on the others did little for them.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.answering.plain_sentences import in_one_form
from assistant.answering.writing import MOST_GIVEN
from assistant.answers import WrittenSentence
from assistant.building import open_to_write
from assistant.understanding.querying import understand
from assistant.verifying.judging import Judge, Judgement
from index.documents import LOCAL_USER, Hit, Scores
from index.ingesting import Stores, sync
from index.search.view import View
from tests.benchmarks.context import COLLECTIONS, DEV, HELD, write_documents
from tests.benchmarks.corpus import index_of, new_settings, prepare_model
from tests.conftest import passage_ids

FILE = "written.jsonl"


@dataclass(frozen=True, slots=True)
class Sentence:
    """One that a model might write: `{}` is where the number of each passage stands that has the
    words of `evidence`."""

    text: str
    holds: bool
    kind: str
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """The sentences of an answer to a question on a collection."""

    collection: str
    question: str
    half: str
    sentences: tuple[Sentence, ...]


def main() -> None:
    """Index, judge, print the shares by kinds."""
    parser = argparse.ArgumentParser(description="Judge sentences that were written by hand.")
    parser.add_argument("--half", choices=(DEV, HELD), help="only these")
    parser.add_argument("--wrong", action="store_true", help=f"list what goes wrong of {DEV}")
    options = parser.parse_args()
    answers = read_written()
    with tempfile.TemporaryDirectory() as folder:
        models, documents = prepare_model(Path(folder)), Path(folder) / "documents"
        write_documents(documents)
        with new_settings(models) as settings, open_to_write(settings, "benchmark") as opened:
            for _ in sync(opened.stores, [documents]):
                pass
            for half in (options.half,) if options.half else (DEV, HELD):
                chosen = [answer for answer in answers if answer.half == half]
                report(half, judged(chosen, opened.stores), wrong=options.wrong and half == DEV)


def read_written() -> list[Written]:
    """All of them."""
    lines = (COLLECTIONS / FILE).read_text("utf-8").splitlines()
    return [
        Written(
            row["id"].rpartition("-")[0],
            row["question"],
            row["half"],
            tuple(
                Sentence(each["text"], each["holds"], each["kind"], tuple(each["evidence"]))
                for each in row["sentences"]
            ),
        )
        for row in map(json.loads, lines)
    ]


def judged(answers: Sequence[Written], stores: Stores) -> list[tuple[Sentence, Judgement]]:
    """Each sentence behind those that were written before it."""
    view = index_of(stores).view_of(LOCAL_USER)
    judge = Judge(view, stores.attributor)
    passages = [*_passages(stores)]
    found = []
    for answer in answers:
        given, before = _given(answer, view, passages), ""
        for sentence in answer.sentences:
            marks = [_number(words, answer.collection, given) for words in sentence.evidence]
            text = in_one_form(sentence.text.format(*marks))
            judgement = judge.judge(WrittenSentence(text, given), before, answer.question)
            before = f"{before} {judgement.words}".lstrip()
            found.append((sentence, judgement))
    return found


def report(half: str, results: Sequence[tuple[Sentence, Judgement]], *, wrong: bool) -> None:
    """Shares, which kinds went wrong, and examples of it."""
    there = Counter((sentence.holds, sentence.kind) for sentence, _ in results)
    missed = [pair for pair in results if pair[0].holds == (pair[1].verdict == "unsupported")]
    lost = Counter((sentence.holds, sentence.kind) for sentence, _ in missed)
    for holds, title in ((True, "true, struck"), (False, "false, accepted")):
        kinds = [key for key in there if key[0] == holds]
        of, all_lost = sum(there[key] for key in kinds), sum(lost[key] for key in kinds)
        print(f"{half:5} {title:16} {all_lost / of:.3f}  {all_lost} of {of}")
        print(*(f"        {lost[k]} of {there[k]:2} {k[1]}" for k in kinds if lost[k]), sep="\n")
    for sentence, judgement in missed if wrong else ():
        print(f"\n{'true' if sentence.holds else 'FALSE'} ({sentence.kind}): {sentence.text}")
        print(f"  {judgement.why}\n  rests on: {' | '.join(_cited(judgement))}")


def _given(answer: Written, view: View, passages: Sequence[Hit]) -> tuple[Hit, ...]:
    """What a model would be shown."""
    evidence = dict.fromkeys(words for each in answer.sentences for words in each.evidence)
    first = [passages[_place(words, answer.collection, passages)] for words in evidence]
    found = view.search(understand(answer.question)).hits
    known = {(hit.source.id, hit.passage.start): hit for hit in reversed([*first, *found])}
    order = dict.fromkeys((hit.source.id, hit.passage.start) for hit in [*first, *found])
    return tuple(known[key] for key in order)[:MOST_GIVEN]


def _number(words: str, collection: str, given: Sequence[Hit]) -> int:
    return 1 + _place(words, collection, given)


def _place(words: str, collection: str, hits: Sequence[Hit]) -> int:
    """Of the first passage of a collection that has these words."""
    return next(
        place
        for place, hit in enumerate(hits)
        if hit.source.name.startswith(f"{collection}/")
        and words in " ".join(hit.passage.text.split())
    )


def _passages(stores: Stores) -> Iterator[Hit]:
    catalog = stores.catalog
    for stored in catalog.passages(passage_ids(catalog), catalog.scope(LOCAL_USER)):
        yield Hit(stored.source, stored.passage, 0.0, Scores(0.0, 0.0, 0.0, 0.0), (), stored.page)


def _cited(judgement: Judgement) -> Iterator[str]:
    for found, span in judgement.rests_on:
        start = found.passage.start
        yield " ".join(found.passage.text[span.start - start : span.end - start].split())


if __name__ == "__main__":
    main()
