"""Commands that write to an index: done here, or by the server that owns it.

A server that runs holds the writer lock, which names its address; a command is then
handed to it and its events come back, so that what a person sees is the same.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Generator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from assistant.building import open_catalog, open_to_write, open_workers
from assistant.errors import ServerUnreachable, WrongUse
from assistant.operating.remaking import Note, remake
from assistant.settings import Settings
from index.events import FileDone, IngestEvent, Progress, Summary
from index.ingesting import Stores, forget, sync
from index.making.workers import Workers
from index.reading.finding import check_source
from index.rights.deciding import rights_of_fields
from index.search.correcting import Corrected, merge, split, undo
from index.sharing import as_files_say, set_by_hand
from index.stores.locking import Owner, owner
from index.stores.protocols import Catalog

Correction = Literal["merge", "split", "undo"]
Name = Literal["index", "forget", "rebuild", "rights"] | Correction
Event = IngestEvent | Corrected | Note

API = "/api/v1"
COMMANDS = "/commands"
"""Where the server takes commands, below API."""

CONNECTION_RETRIES = 5
"""In all 7.5 s: a server that starts owns the index before it listens."""

EVENTS: Mapping[str, type[FileDone | Progress | Summary | Corrected | Note]] = {
    "file": FileDone,
    "progress": Progress,
    "summary": Summary,
    "corrected": Corrected,
    "note": Note,
}


@dataclass(frozen=True, slots=True)
class Request:
    """A command that writes: with absolute paths; or with the name of a speaker, whose
    words they are (`into`) and in which documents (a glob).

    `rights` are fields of rights: for `index` of what is at these paths, for `rights` of the
    documents that match the glob; None takes back what was set for them by hand.
    `rebuild` with paths makes the catalog anew from what is there.
    `follow_links` is for `index`: links that lead out of a folder, too."""

    command: Name
    paths: tuple[str, ...] = ()
    name: str = ""
    into: str = ""
    documents: str = ""
    rights: Mapping[str, Any] | None = None
    follow_links: bool = False


def maintain(
    settings: Settings, request: Request, workers: int | None = None, ray: str | None = None
) -> Generator[Event]:
    """Do it, here or in the server that owns the index; `index` here with so many workers, or with
    those of the Ray cluster at that address. Raises IndexBusy if another
    command owns it and this one takes long, IndexNotFound if only `index` could make one, and
    whatever the command raises."""
    if request.command == "rebuild" and request.paths:
        yield from remake(settings, _paths(request))
        return
    if request.command == "index":
        for path in _paths(request):  # said before a model is made ready
            check_source(path)
    else:
        open_catalog(settings).close()
    holder = owner(settings.home)
    if holder and holder.address and (workers or ray):
        raise WrongUse(
            f"The server at {holder.address} owns the index and indexes by itself. Stop it, or "
            "leave out --workers and --ray."
        )
    if holder and holder.address:
        yield from _hand_over(holder, request)
    elif holder and request.command in CHANGING:
        yield from CHANGING[request.command](open_catalog(settings), request)
    else:
        keep = request.command != "rebuild"
        with (
            open_to_write(settings, request.command, publish=keep) as opened,
            open_workers(settings, opened.stores, workers, ray) as makers,
        ):
            yield from perform(opened.stores, request, makers)


def perform(stores: Stores, request: Request, workers: Workers | None = None) -> Generator[Event]:
    """Do it in this process, which owns the index; the files are made by the workers, if any."""
    if request.command in CHANGING:
        events = [*CHANGING[request.command](stores.catalog, request)]
        stores.words.publish()
        yield from events
    else:
        yield from PERFORMING[request.command](stores, request, workers)
    stores.catalog.seal()


def _sync(stores: Stores, request: Request, workers: Workers | None) -> Generator[Event]:
    rights = None if request.rights is None else rights_of_fields(request.rights)
    follow = request.follow_links
    return sync(stores, _paths(request), rights, follow_links=follow, workers=workers)


def _forget(stores: Stores, request: Request, _: Workers | None) -> Generator[Event]:
    return forget(stores, _paths(request))


def _paths(request: Request) -> list[Path]:
    return [Path(path) for path in request.paths]


def _rebuild(stores: Stores, _: Request, __: Workers | None) -> Generator[Event]:
    began = time.monotonic()
    stores.rebuild()
    yield Summary(passages=stores.catalog.passage_count, seconds=time.monotonic() - began)


def _merge(catalog: Catalog, request: Request) -> Generator[Event]:
    yield from merge(catalog, request.name, request.into)


def _split(catalog: Catalog, request: Request) -> Generator[Event]:
    yield from split(catalog, request.name, request.documents, request.into)


def _undo(catalog: Catalog, request: Request) -> Generator[Event]:
    yield from undo(catalog, request.name)


def _rights(catalog: Catalog, request: Request) -> Generator[Event]:
    if request.rights is None:
        yield from as_files_say(catalog, request.documents)
    else:
        yield from set_by_hand(catalog, request.documents, request.rights)


PERFORMING: Mapping[Name, Callable[[Stores, Request, Workers | None], Generator[Event]]] = {
    "index": _sync,
    "forget": _forget,
    "rebuild": _rebuild,
}

CHANGING: Mapping[Name, Callable[[Catalog, Request], Generator[Event]]] = {
    "rights": _rights,
    "merge": _merge,
    "split": _split,
    "undo": _undo,
}
"""Changes of the catalog alone, in a moment: they are made while documents are indexed. Whoever
indexes brings the word index in line with its next batch."""


def encode(event: Event) -> str:
    """An event as a line of JSON."""
    kind = next(kind for kind, type_ in EVENTS.items() if isinstance(event, type_))
    return json.dumps({"event": kind, **asdict(event)}, ensure_ascii=False) + "\n"


def encode_error(error: Exception) -> str:
    """The last line of a command that failed."""
    return json.dumps({"error": str(error)}, ensure_ascii=False) + "\n"


def decode(line: str) -> Event:
    """The event of a line. Raises WrongUse with the server's words for an error."""
    fields: dict[str, Any] = json.loads(line)
    if "error" in fields:
        raise WrongUse(fields["error"])
    return EVENTS[fields.pop("event")](**fields)


def _hand_over(holder: Owner, request: Request) -> Generator[Event]:
    import httpx

    url = f"{holder.address}{API}{COMMANDS}"
    # The address may be one of many of this computer, of which the server knows the names alone.
    headers = {"Authorization": f"Bearer {holder.token}", "Host": "localhost"}
    timeout = httpx.Timeout(10, read=None)  # a file may take minutes
    try:
        with (
            httpx.Client(
                transport=httpx.HTTPTransport(retries=CONNECTION_RETRIES), timeout=timeout
            ) as client,
            client.stream("POST", url, json=asdict(request), headers=headers) as reply,
        ):
            if reply.status_code != httpx.codes.OK:
                raise ServerUnreachable(_refused(holder, reply.read().decode("utf-8", "replace")))
            event: Event | None = None
            for line in reply.iter_lines():
                yield (event := decode(line))
            if not isinstance(event, Summary | Corrected):
                raise ServerUnreachable(_refused(holder, "it broke off. Its output says why"))
    except httpx.TransportError as error:
        raise ServerUnreachable(_refused(holder, str(error))) from error


def _refused(holder: Owner, reason: str) -> str:
    return (
        f"The server at {holder.address} (process {holder.pid}) owns the index but did not take "
        f"the command: {reason}. Stop the server and try again."
    )
