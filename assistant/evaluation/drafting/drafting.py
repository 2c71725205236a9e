"""A draft of a question set from one's own documents.

    documents -> material -> questions about speakers and facts -> a balanced choice
                          -> questions that a language model writes, if wanted

The documents are taken in an order that the seed decides, and of each at most a few
questions, so that a small draft of a large index is quick and comes from all over it.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from assistant.answering.writing import Writer
from assistant.chat import Assistant
from assistant.errors import WrongUse
from assistant.evaluation.drafting.drafts import DraftedQuestion, DraftKind
from assistant.evaluation.drafting.facts import fact_questions
from assistant.evaluation.drafting.material import Material, Read, reader
from assistant.evaluation.drafting.speakers import SpeakerQuestions
from assistant.evaluation.drafting.written import Composer
from index.attribution.languages import Attributor
from index.documents import Principal, Source
from index.search.view import View
from index.stores.protocols import WordStore

SHARES: Mapping[DraftKind, float] = {"said": 0.45, "not_said": 0.2, "fact": 0.35, "written": 0.5}
"""The shares of a draft, against each other, as far as the documents allow: another kind takes the
place of a missing one. With a fifth unanswerable both kinds of error become visible."""

QUESTIONS_A_DOCUMENT = 2
"""How many questions one document gives before it is asked again: half as many documents as
questions are read."""

MOST_OF_A_SPEAKER = 0.1
"""Share of a draft that may be about one speaker (but 2 always)."""

ALIKE = 0.6
"""Share of two questions' words that they have in common, from which one is left out."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Drafted:
    """A draft: the lines of a question set, how many of each kind, and how many were
    dropped because their evidence is not in the document."""

    rows: tuple[dict[str, Any], ...]
    kinds: Mapping[str, int]
    documents: int
    dropped: int = 0


class Drafter:
    """Drafts questions from an index."""

    def __init__(
        self,
        assistant: Assistant,
        attributor: Attributor,
        words: WordStore,
        writer: Writer | None = None,
    ) -> None:
        self._assistant = assistant
        self._attributor = attributor
        self._words = words
        self._writer = writer

    def draft(
        self,
        *,
        principal: Principal,
        documents: Sequence[str] = (),
        count: int = 100,
        seed: int = 0,
        write: bool = False,
        progress: Progress | None = None,
    ) -> Drafted:
        """At most so many questions about the documents that match one of the globs (all
        without any). The same index, globs and seed give the same questions; with `write`
        the language model is asked for some, and they are as it has them.

        Raises WrongUse if no document matches, or none is set to write with; ModelFailed.
        """
        composer = self._composer() if write else None
        view = self._assistant.view_of(principal)
        sources = chosen_sources(view.sources(), documents, seed)
        read = reader(view, self._attributor, self._words)
        streams = (self._streams(material, view, composer) for material in _read(sources, read))
        chosen: list[DraftedQuestion] = []
        for draft in _balanced(streams, count):
            chosen.append(draft)
            if progress is not None:
                progress(len(chosen), count)
        texts = {source.name: source.id for source in sources}
        return drafted(
            chosen,
            lambda name: view.document(texts[name]).text,
            composer.dropped if composer else 0,
        )

    def _composer(self) -> Composer:
        if self._writer is None:
            raise WrongUse(
                "Written questions need a language model, and none is set. "
                "Set ONRECORD_MODEL, for example to openai:gpt-5-mini."
            )
        return Composer(self._writer)

    def _streams(self, material: Material, view: View, composer: Composer | None) -> Streams:
        """The questions of each kind about one document, made as they are asked for."""
        speakers = SpeakerQuestions(material, view.statements)
        streams: Streams = {
            "said": speakers.answered(),
            "not_said": speakers.unanswered(),
            "fact": fact_questions(material),
        }
        return streams | ({"written": composer.questions(material)} if composer else {})


Streams = dict[DraftKind, Iterator[DraftedQuestion]]


def chosen_sources(sources: Sequence[Source], globs: Sequence[str], seed: int) -> list[Source]:
    """The documents that match, in the order of the seed. Of those with one name a question
    set could not say which is meant. Raises WrongUse if none is left."""
    called = Counter(source.name for source in sources)
    matching = [
        source
        for source in sources
        if called[source.name] == 1
        and (not globs or any(fnmatchcase(source.name, each) for each in globs))
    ]
    if not matching:
        raise WrongUse(
            f"No document in the index is called {' or '.join(globs)}. Name documents as "
            "onrecord status --json lists them, or with * and ?."
            if globs
            else "There are no documents yet. Add some with: onrecord index FOLDER"
        )
    random.Random(seed).shuffle(matching)  # noqa: S311  no secret
    return matching


def drafted(
    drafts: Sequence[DraftedQuestion], text_of: Callable[[str], str], dropped: int = 0
) -> Drafted:
    """The lines of these questions, in the order of their documents."""
    ordered = sorted(drafts, key=lambda each: (each.document, each.evidence, each.question))
    return Drafted(
        tuple(each.as_row(text_of(each.document)) for each in ordered),
        Counter(each.kind for each in ordered),
        len({each.document for each in ordered}),
        dropped,
    )


def _read(sources: Iterable[Source], read: Read) -> Iterator[Material]:
    for source in sources:
        material = read(source)
        if material is not None:
            yield material


def _balanced(documents: Iterator[Streams], count: int) -> Iterator[DraftedQuestion]:
    """One question a document by turns, each of the kind that is furthest behind."""
    chosen: list[DraftedQuestion] = []
    open_ = _Open(documents, math.ceil(count / QUESTIONS_A_DOCUMENT))
    while len(chosen) < count and (draft := open_.next(chosen, count)):
        chosen.append(draft)
        yield draft


class _Open:
    """The documents that questions are taken from at present, in turn."""

    def __init__(self, documents: Iterator[Streams], most: int) -> None:
        self._documents = documents
        self._most = most
        self._turn: list[Streams] = []

    def next(self, chosen: Sequence[DraftedQuestion], count: int) -> DraftedQuestion | None:
        """The next question of the most wanted kind that a document has; None at the end."""
        while self._fill():
            streams = self._turn.pop(0)
            for kind in _most_wanted(chosen, streams):
                draft = next((d for d in streams[kind] if is_new(d, chosen, count)), None)
                if draft is not None:
                    self._turn.append(streams)
                    return draft
                del streams[kind]
        return None

    def _fill(self) -> bool:
        while len(self._turn) < self._most and (streams := next(self._documents, None)):
            self._turn.append(streams)
        return bool(self._turn)


def _most_wanted(chosen: Sequence[DraftedQuestion], streams: Streams) -> list[DraftKind]:
    """The kinds that a document has, the one furthest behind its share first."""
    counts = Counter(draft.kind for draft in chosen)
    behind = {kind: (counts[kind] + 1) / SHARES[kind] for kind in streams}
    return sorted(behind, key=lambda kind: behind[kind])


def is_new(draft: DraftedQuestion, chosen: Sequence[DraftedQuestion], count: int) -> bool:
    """Is it like no other question, about other places, and not too much of one speaker?"""
    speaker = [each for each in chosen if each.speaker == draft.speaker is not None]
    if len(speaker) >= max(2, MOST_OF_A_SPEAKER * count):
        return False
    return not any(_alike(draft, other) for other in chosen)


def _alike(one: DraftedQuestion, other: DraftedQuestion) -> bool:
    shared = len(one.words & other.words) / len(one.words | other.words)
    if shared >= ALIKE:
        return True
    return one.document == other.document and any(
        a.overlaps(b) for x in one.evidence for a in x for y in other.evidence for b in y
    )
