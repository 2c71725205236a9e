"""Workers on a Ray cluster: the only file that imports Ray."""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import cycle
from typing import Any
from urllib.parse import urlsplit

from index.errors import WorkersUnavailable
from index.making.workers import Answering, Made, Recipe, Worker, wait
from index.reading.loading import Content

LOCAL = "local"
"""The address of a cluster that is made on this machine, for this run."""


AUTO = "auto"
"""The address by which Ray finds the cluster that this machine is part of."""

BEGUN_WITHIN = 300.0
"""Seconds until a worker has begun. Machines that a cluster starts for it take minutes."""

WITHIN = 5
"""Seconds in which somebody has to listen at the address; Ray itself tries for minutes."""


class Cluster:
    """Workers of a cluster. Files go to them by turns, with their bytes. One that ends is begun
    again, and so are its files as they are waited for."""

    def __init__(self, ray: Any, workers: Sequence[Any]) -> None:
        self._ray, self._turns = ray, cycle(workers)
        self.ahead = 2 * len(workers)

    def begin(self, content: Content, document_id: str) -> Callable[[], Made]:
        """As `Workers`."""
        again = partial(self._submit, content, document_id)
        lost = self._ray.exceptions.RayActorError
        return partial(wait, content.name, again(), again, lost)

    def _submit(self, content: Content, document_id: str) -> Answering:
        return partial(self._ray.get, next(self._turns).make.remote(content, document_id))


@contextmanager
def cluster(address: str, count: int | None, recipe: Recipe) -> Iterator[Cluster]:
    """So many workers of the cluster at an address (as many as it has processors, for None) until
    the block ends. Raises WorkersUnavailable."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    try:
        import ray
    except ImportError as error:
        raise WorkersUnavailable(
            "Ray is not installed. Install it with: pip install 'onrecord[ray]'"
        ) from error
    try:
        yield Cluster(ray, _begun(ray, address, count, recipe))
    finally:
        ray.shutdown()


def _begun(ray: Any, address: str, count: int | None, recipe: Recipe) -> list[Any]:
    made_here = {"num_cpus": count, "include_dashboard": False} if address == LOCAL else {}
    where = None if address == LOCAL else address
    try:
        if where and where != AUTO:
            reached = urlsplit(where if "//" in where else f"//{where}")
            socket.create_connection((reached.hostname, reached.port), WITHIN).close()
        ray.init(where, log_to_driver=False, logging_level=logging.ERROR, **made_here)
        wanted = count or int(ray.cluster_resources().get("CPU", 1))
        kind = ray.remote(Worker).options(num_cpus=1, max_restarts=-1)
        workers = [kind.remote(recipe) for _ in range(wanted)]
        ray.get([worker.process.remote() for worker in workers], timeout=BEGUN_WITHIN)
    except ray.exceptions.GetTimeoutError as error:
        raise WorkersUnavailable(
            f"Not all of the {wanted} workers of Ray at {address} have begun within "
            f"{BEGUN_WITHIN:.0f} s: each needs a processor that is free, and the cluster has "
            f"{ray.available_resources().get('CPU', 0):.0f} of "
            f"{ray.cluster_resources().get('CPU', 0):.0f}. Join machines to it, or ask for fewer "
            "with --workers."
        ) from error
    except (ray.exceptions.RayError, OSError, ValueError) as error:
        raise WorkersUnavailable(
            f"The workers of Ray at {address} cannot begin: {error}\n"
            "Check the address, and that this version is installed there with the extra `ray`."
        ) from error
    return workers
