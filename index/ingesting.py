"""Files to an index: prepare, embed, store, publish; only what has changed."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from threading import RLock
from types import MappingProxyType

from index.attribution.languages import Attributor
from index.documents import Document, Sharing
from index.errors import MissingSource, RightsUnclear, StoreDamaged, UnreadableFile
from index.events import Change, FileDone, IngestEvent, Progress, Summary
from index.making.embedded import PASSAGES_AT_ONCE, embed
from index.making.preparing import Prepared, digest_of
from index.making.workers import Here, Made, Workers
from index.models.embedding import Embedder
from index.planning import Plan, Task, compare, outermost
from index.reading.finding import is_upload, shown
from index.reading.loading import fetch
from index.rights.deciding import Granted, Rights
from index.rights.files import Grants
from index.stores.protocols import Catalog, VectorStore, WordStore
from index.stores.stored import FileState
from index.timing import Clock

CLAIMED_AGAIN = 0.1
"""Seconds until it is asked again whether another process is done with a file."""

PASSAGES_PUBLISHED_AT_ONCE = 4_000
"""Until then new passages are scored from the catalog."""


@dataclass(frozen=True, slots=True)
class Stores:
    """What a run writes to. It needs the writer lock; within the process that holds it, runs
    over different files and a change of rights may be under way at the same time: each has the
    `turn` while it changes documents, and nobody has it while files are read and embedded."""

    catalog: Catalog
    words: WordStore
    vectors: VectorStore
    embedder: Embedder
    attributor: Attributor
    turn: RLock = field(default_factory=RLock, compare=False)

    def publish(self) -> None:
        """Bring what is made from the catalog in line with it."""
        with self.turn:
            self.words.publish()
            self.vectors.publish()

    def mend(self) -> Iterator[StoreDamaged]:
        """Make again what is damaged of it; tells what was wrong before it begins."""
        for store in (self.words, self.vectors):
            try:
                store.check()
            except StoreDamaged as damage:
                yield damage
                store.rebuild()

    def close(self) -> None:
        """Let another process, or this one again, write."""
        self.words.close()
        self.vectors.close()
        self.catalog.seal()
        self.catalog.close()

    def rebuild(self) -> None:
        """Make it again; nothing is embedded again. What was removed leaves no trace."""
        with self.turn:
            self.words.rebuild()
            self.vectors.rebuild()
            self.catalog.forget_removed()


@dataclass(frozen=True, slots=True)
class Ready:
    """A file as it is to be embedded and written. `problem` is what is wrong with the
    readers that it names."""

    task: Task
    document: Document
    made: Made
    granted: Granted
    problem: str


Item = Ready | FileDone | FileState
"""What becomes of a file: it is written, or cannot be read, or is as the index knows it."""


def sync(
    stores: Stores,
    paths: Sequence[Path],
    rights: Rights | None = None,
    prepared: Mapping[Path, Prepared] = MappingProxyType({}),
    *,
    follow_links: bool = False,
    workers: Workers | None = None,
) -> Generator[IngestEvent]:
    """Bring the index in line with these files and folders, and with what is said of their
    readers there.

    `rights` are kept for these paths, now and later, where no file says who may read. Files
    that were `prepared` are not read again. Links that lead out of a folder are followed if
    `follow_links`. This process makes what is written of them where there are no `workers`.
    Raises MissingSource, before anything is changed, for a path that is not there or holds
    nothing readable. A file that cannot be read keeps its earlier version in
    the index. Ends early, with a good index, on KeyboardInterrupt.
    """
    said = {} if rights is None else {str(path): rights for path in outermost(paths)}
    grants = Grants({**stores.catalog.rights_given(), **said})
    plan = compare(stores.catalog, paths, grants, prepared, follow_links=follow_links)
    _note_embedder(stores)
    if said:
        with stores.turn, stores.catalog.writing():
            for path, given in said.items():
                stores.catalog.give_rights(path, given)
    run = _Run(stores, plan, grants, workers)
    try:
        yield from run.remove_vanished()
        yield from run.passed()
        yield from run.grant_anew()
        if plan.tasks:
            yield run.progress()
        for tasks in run.batches():
            yield from run.ingest(tasks)
    except KeyboardInterrupt:
        run.interrupted = True
    finally:
        run.release()
    stores.publish()
    with stores.turn:
        stores.catalog.forget_removals()
    yield run.summary()


def forget(stores: Stores, paths: Sequence[Path]) -> Generator[IngestEvent]:
    """Remove the documents at or below these paths from the index."""
    states = [s for path in paths for s in stores.catalog.files(str(path.resolve()))]
    if not states:
        names = ", ".join(map(shown, paths))
        raise MissingSource(f"Nothing in the index is at or below {names}.")
    with stores.turn, stores.catalog.writing():
        for path in paths:
            stores.catalog.take_given_rights(str(path.resolve()))
    run = _Run(stores, Plan((), (), tuple(states), ()), Grants({}))
    yield from run.remove_vanished()
    stores.publish()
    yield run.summary()


class _Run:
    """One run of `sync`, and what it has done so far."""

    def __init__(
        self, stores: Stores, plan: Plan, grants: Grants, workers: Workers | None = None
    ) -> None:
        self._stores = stores
        self._workers = workers or Here(stores.embedder, stores.attributor)
        self._plan = plan
        self._began = time.monotonic()
        self._counts: dict[Change, int] = dict.fromkeys(
            ("added", "updated", "removed", "unreadable", "rights", "skipped"), 0
        )
        self._grants = grants
        self._passages = self._unpublished = self._files_done = self._same = 0
        self._claimed: deque[str] = deque()
        self.interrupted = False

    def remove_vanished(self) -> Iterator[IngestEvent]:
        with self._stores.turn, self._stores.catalog.writing():
            for state in self._plan.touched:
                self._stores.catalog.touch(state)
            for state in self._plan.removed:
                self._stores.catalog.remove(state.document_id)
        yield from self._counted([FileDone(state.name, "removed") for state in self._plan.removed])

    def passed(self) -> Iterator[IngestEvent]:
        """Tell what cannot be opened, and which links are not followed."""
        yield from self._counted(self._plan.passed)

    def grant_anew(self) -> Iterator[IngestEvent]:
        """Let files that have not changed have the rights that are said of them now."""
        catalog = self._stores.catalog
        states = self._plan.unchanged + tuple(task.state for task in self._plan.tasks if task.known)
        said = said_anew(catalog, states, self._grants)
        with self._stores.turn, catalog.writing():
            changed = [state for state, rights in said if catalog.grant(state.document_id, rights)]
            catalog.drop_unused_rights()
        if changed:
            self._stores.words.publish()
        yield from self._counted([FileDone(state.name, "rights") for state in changed])
        yield from self._broken_rights_files()

    def _broken_rights_files(self) -> Iterator[IngestEvent]:
        """Those that were not told yet."""
        problems = self._grants.problems
        events = [
            FileDone(shown(f), "unreadable", reason=shown(why)) for f, why in problems.items()
        ]
        problems.clear()
        yield from self._counted(events)

    def batches(self) -> Iterator[list[Item]]:
        """Files that are made, so many that their passages fill a batch."""
        batch: list[Item] = []
        passages = 0
        others: list[Task] = []
        for item in self._items(others):
            batch.append(item)
            passages += len(item.made.prepared.passages) if isinstance(item, Ready) else 0
            if passages >= PASSAGES_AT_ONCE:
                yield batch
                batch, passages = [], 0
        if batch:
            yield batch
        yield from self._after_others(others)

    def _after_others(self, tasks: Iterable[Task]) -> Iterator[list[Item]]:
        """Files on which another process was working: with none claimed, each is waited for."""
        for task in tasks:
            while not self._claims(task):
                time.sleep(CLAIMED_AGAIN)
            yield [self._begun(task)()]

    def _claims(self, task: Task) -> bool:
        """Is the file this run's, until its batch is written?"""
        is_ours = self._stores.catalog.claim(task.state.document_id)
        if is_ours:
            self._claimed.append(task.state.document_id)
        return is_ours

    def release(self, files: int | None = None) -> None:
        """Let other processes work on so many files of those that were claimed first; on all."""
        for _ in range(len(self._claimed) if files is None else files):
            self._stores.catalog.release(self._claimed.popleft())

    def _items(self, others: list[Task]) -> Iterator[Item]:
        """What becomes of each file, in their order; some are under way ahead. Those on which
        another process is working are put with the `others`."""
        begun: deque[Callable[[], Item]] = deque()
        for task in self._plan.tasks:
            if not self._claims(task):
                others.append(task)
                continue
            begun.append(self._begun(task))
            if len(begun) > self._workers.ahead:
                yield begun.popleft()()
        for item in begun:
            yield item()

    def _begun(self, task: Task) -> Callable[[], Item]:
        """What will give what becomes of a file. Its state, if the index knows its content."""
        if self._stores.catalog.is_shared:
            task = self._as_known_now(task)
        if task.prepared:
            return partial(self._ready, task, partial(Made, task.prepared))
        state = task.state
        try:
            content = fetch(task.path, state.name, task.real)
        except UnreadableFile as error:
            return partial(FileDone, state.name, "unreadable", reason=str(error))
        if task.known and state.digest == digest_of(content):
            size = len(content.data)
            return partial(replace, state, modified_ns=content.modified_ns, size=size)
        return partial(self._ready, task, self._workers.begin(content, state.document_id))

    def _ready(self, task: Task, making: Callable[[], Made]) -> Item:
        try:
            made = making()
        except UnreadableFile as error:
            return FileDone(task.state.name, "unreadable", reason=str(error))
        found, state = made.prepared.document, replace(task.state, **made.prepared.of_the_bytes)
        document = replace(found, source=replace(found.source, name=state.name))
        granted = granted_by_files(self._grants, state, document.sharing)
        return Ready(replace(task, state=state), document, made, *granted)

    def _as_known_now(self, task: Task) -> Task:
        """Another process may have indexed the file since it was compared."""
        now = next(iter(self._stores.catalog.files(task.state.path)), None)
        if now is None or now.digest == task.state.digest:
            return task
        state = replace(task.state, digest=now.digest, passages=now.passages)
        return replace(task, state=state, known=True)

    def ingest(self, batch: Sequence[Item]) -> Iterator[IngestEvent]:
        """Embed a batch, write it and let it be found."""
        catalog = self._stores.catalog
        ready = [item for item in batch if isinstance(item, Ready)]
        same = [item for item in batch if isinstance(item, FileState)]
        clock = Clock()
        unembedded = [item.made.prepared for item in ready if item.made.embedded is None]
        fresh = iter(embed(self._stores.embedder, unembedded))
        embedded = [item.made.embedded or next(fresh) for item in ready]
        clock.lap("embed")
        with self._stores.turn:
            clock.lap("wait")
            with catalog.writing():
                for state in same:
                    catalog.touch(state)
                for item, vectors in zip(ready, embedded, strict=True):
                    passages = item.made.prepared.passages
                    state = replace(item.task.state, passages=len(passages))
                    catalog.put(item.document, state, passages, *vectors, item.granted)
            clock.lap("write")
            done = self._counted(
                [
                    item if isinstance(item, FileDone) else _file_done(item)
                    for item in batch
                    if not isinstance(item, FileState)
                ]
            )
            self._same += len(same)
            self._files_done += len(batch)
            self.release(len(batch))
            self._publish(sum(len(item.made.prepared.passages) for item in ready))
            clock.lap("publish")
        yield from done
        yield from self._broken_rights_files()
        yield self.progress()

    def progress(self) -> Progress:
        seconds = time.monotonic() - self._began
        return Progress(self._files_done, len(self._plan.tasks), self._passages, seconds)

    def summary(self) -> Summary:
        return Summary(
            **self._counts,
            unchanged=len(self._plan.unchanged) + self._same,
            others=self._plan.others,
            passages=self._passages,
            seconds=time.monotonic() - self._began,
            interrupted=self.interrupted,
        )

    def _publish(self, passages: int) -> None:
        self._stores.words.publish()
        self._unpublished += passages
        if self._unpublished >= PASSAGES_PUBLISHED_AT_ONCE:
            self._stores.vectors.publish()
            self._unpublished = 0

    def _counted(self, events: Sequence[FileDone]) -> Sequence[FileDone]:
        """Counted once they are written, so that the summary of a run that is stopped
        before they are shown is right."""
        for event in events:
            self._counts[event.change] += 1
            self._passages += event.passages
        return events


def _file_done(item: Ready) -> FileDone:
    change: Change = "updated" if item.task.known else "added"
    document, passages = item.document, len(item.made.prepared.passages)
    return FileDone(document.source.name, change, passages, item.problem, document.left_out)


def _note_embedder(stores: Stores) -> None:
    """The first run notes the model; whoever opens the index compares it."""
    if stores.catalog.fact("embedder") is not None:
        return
    with stores.turn, stores.catalog.writing():
        if stores.catalog.fact("embedder") is None:  # another process may have been quicker
            stores.catalog.set_fact("embedder", stores.embedder.identity)


def said_anew(
    catalog: Catalog, states: Sequence[FileState], grants: Grants
) -> list[tuple[FileState, Granted]]:
    """What is said now of the readers of these documents, where it is something new."""
    stated = catalog.stated([state.document_id for state in states])
    said = []
    for state in states:
        sharing, current = stated[state.document_id]
        granted, _ = granted_by_files(grants, state, sharing)
        if granted != current:
            said.append((state, granted))
    return said


def granted_by_files(
    grants: Grants, state: FileState, sharing: Sharing | None
) -> tuple[Granted, str]:
    """The rights of a file, and what is wrong with what it says itself: then it is its
    owner's only. What was added may come from anybody, so what it says does not count."""
    path, root = Path(state.path), Path(state.root)
    if is_upload(path):
        sharing = None
    try:
        return grants.of(path, root, sharing), ""
    except RightsUnclear as error:
        return grants.owners(path, root), f"only its owner may read it: {error}"
