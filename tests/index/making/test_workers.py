"""Files that others make are written as if they had been made here."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from concurrent.futures import CancelledError
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.building import open_to_write
from assistant.settings import Settings
from index.documents import LOCAL_USER
from index.errors import EmbedderMismatch, UnreadableFile, WorkersUnavailable
from index.events import FileDone, Summary
from index.ingesting import sync
from index.making.cluster import LOCAL, Cluster, cluster
from index.making.processes import Processes, processes
from index.making.workers import MOST_TRIES, Made, Recipe, Worker, Workers, wait
from index.models.exported import OnnxEmbedder
from index.reading.loading import fetch
from tests.benchmarks.kills import SAME, compare, write_texts
from tests.conftest import new_home

Opened = AbstractContextManager[Workers]


@pytest.fixture
def recipe(models: Path, embedder: OnnxEmbedder) -> Recipe:
    return Recipe(Settings().embedder, models, embedder.identity)


def two_processes(recipe: Recipe) -> Opened:
    return processes(2, recipe)


def two_of_ray(recipe: Recipe) -> Opened:
    return cluster(LOCAL, 2, recipe)


def a_process_of(workers: Workers) -> int:
    """The number of one that makes files."""
    if isinstance(workers, Processes):
        return next(iter(workers._running))._process.pid or 0
    assert isinstance(workers, Cluster)
    return int(workers._ray.get(next(workers._turns).process.remote()))


def statements_of(home: Path) -> list[tuple[str, str]]:
    with open_to_write(Settings(home), "check") as opened:
        catalog = opened.stores.catalog
        scope = catalog.scope(LOCAL_USER)
        ids = [
            id
            for source in catalog.sources(LOCAL_USER)
            for id in catalog.statement_ids(source.id, scope)
        ]
        stored = catalog.statements(ids, scope)
        return sorted((each.source.name, str(each.statement)) for each in stored)


@pytest.mark.parametrize("opened", [two_processes, two_of_ray])
def test_a_worker_that_is_killed_costs_nothing_but_time(
    tmp_path: Path, models: Path, recipe: Recipe, opened: Callable[[Recipe], Opened]
) -> None:
    """Documents, passages, statements and vectors are those of a run without workers, and a
    further run has nothing to do."""
    texts = tmp_path / "texts"
    write_texts(texts, 12)
    alone, together = new_home(tmp_path / "alone", models), new_home(tmp_path / "more", models)
    with open_to_write(Settings(alone), "index") as one:
        (*_, undisturbed) = sync(one.stores, [texts])
    with open_to_write(Settings(together), "index") as other, opened(recipe) as workers:
        killed = False
        for event in sync(other.stores, [texts], workers=workers):
            if isinstance(event, FileDone) and not killed:
                os.kill(a_process_of(workers), signal.SIGKILL)
                killed = True
        (*_, again) = sync(other.stores, [texts], workers=workers)
    assert isinstance(event, Summary)
    assert isinstance(undisturbed, Summary)
    assert isinstance(again, Summary)
    assert replace(event, seconds=0) == replace(undisturbed, seconds=0)
    assert (again.added, again.updated, again.unchanged) == (0, 0, 13)
    assert compare(together, alone) > SAME
    assert statements_of(together) == statements_of(alone)


def test_a_file_at_which_every_worker_ends_is_named_and_no_other(tmp_path: Path) -> None:
    begun: list[int] = []

    def ends() -> Made:
        raise ConnectionError

    def again() -> Callable[[], Made]:
        begun.append(1)
        return ends

    with pytest.raises(UnreadableFile, match=r"heavy\.pdf ended 3 workers"):
        wait("heavy.pdf", ends, again, ConnectionError)
    assert len(begun) == MOST_TRIES - 1


def test_a_worker_with_another_model_of_that_name_is_refused(recipe: Recipe) -> None:
    with pytest.raises(EmbedderMismatch, match="Install the same version everywhere"):
        Worker(replace(recipe, identity="another"))


def test_what_is_wrong_with_the_machine_is_no_files_fault(tmp_path: Path, recipe: Recipe) -> None:
    (tmp_path / "note.txt").write_text("Ada.")
    content = fetch(tmp_path / "note.txt", "note.txt")
    with (
        processes(1, replace(recipe, identity="another")) as workers,
        pytest.raises(EmbedderMismatch),
    ):
        workers.begin(content, "id")()


def test_workers_end_though_files_are_under_way(tmp_path: Path, recipe: Recipe) -> None:
    """As when somebody presses Ctrl-C."""
    (tmp_path / "note.txt").write_text("Ada Holt said that the pool is open. " * 2_000)
    content = fetch(tmp_path / "note.txt", "note.txt")
    with processes(2, recipe) as workers:
        begun = [workers.begin(content, f"id{number}") for number in range(6)]
        time.sleep(1)
    for waiting in begun:
        with pytest.raises(CancelledError):
            waiting()


def test_what_cannot_be_read_is_told_by_the_worker_that_tried(
    tmp_path: Path, models: Path, recipe: Recipe
) -> None:
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "junk.pdf").write_bytes(b"no PDF")
    (tmp_path / "texts" / "note.txt").write_text("Ada Holt said that the pool is open.")
    home = new_home(tmp_path / "home", models)
    with open_to_write(Settings(home), "index") as opened, processes(1, recipe) as workers:
        done = list(sync(opened.stores, [tmp_path / "texts"], workers=workers))
    changes = {each.name: each.change for each in done if isinstance(each, FileDone)}
    assert changes == {"junk.pdf": "unreadable", "note.txt": "added"}


def test_a_cluster_that_is_not_there_is_named(recipe: Recipe) -> None:
    with (
        pytest.raises(WorkersUnavailable, match=r"Ray at 127\.0\.0\.1:1 cannot begin"),
        cluster("127.0.0.1:1", 1, recipe),
    ):
        pass


def test_a_cluster_in_which_no_worker_begins_is_not_waited_for_without_end(
    recipe: Recipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has no processor for one."""
    monkeypatch.setattr("index.making.cluster.BEGUN_WITHIN", 3.0)
    with (
        pytest.raises(WorkersUnavailable, match=r"have begun within 3 s.* has 0 of 0\. Join"),
        cluster(LOCAL, 0, recipe),
    ):
        pass


def test_without_ray_it_is_said_how_to_install_it(
    recipe: Recipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with (
        pytest.raises(WorkersUnavailable, match=r"pip install 'onrecord\[ray\]'"),
        cluster(LOCAL, 1, recipe),
    ):
        pass
