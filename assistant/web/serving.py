"""Owns the index, picks a port and runs the server."""

from __future__ import annotations

import ctypes
import gc
import os
import secrets
import socket
from collections.abc import Callable, Generator
from contextlib import ExitStack, suppress
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from assistant.accounts.keys import Keys
from assistant.accounts.store import Store
from assistant.building import open_to_chat, open_to_write
from assistant.chat import Assistant
from assistant.errors import PortUnavailable, WrongUse
from assistant.identity.configuring import FILE, Portal, is_loopback, read_portal
from assistant.operating.following import Following
from assistant.operating.maintaining import Event, Request, perform
from assistant.settings import Settings
from index.errors import HomeUnwritable
from index.reading.apart import READERS_APART

PORTS_TRIED = 20

ANY = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  they are read, not listened to
"""Where a server that listens to every address of a computer is found on that computer."""

GARBAGE_AFTER = 20_000
"""New objects after which Python looks for garbage; by itself it looks after 700, which takes
a quarter of the time in which tests.benchmarks.load has a thousand callers turned away."""


ARENAS = 2
M_ARENA_MAX = -8
"""The number by which glibc's malloc.h calls the most arenas that there may be."""


def serve(settings: Settings, host: str, port: int) -> None:
    """Serve until stopped. Raises WrongUse for an address that others can reach while
    nobody has to sign in, IndexBusy if another process owns the index, PortUnavailable."""
    keep_few_arenas()
    portal = read_portal(settings.home, os.environ)
    check_host(host, portal)
    check_way_in(settings, portal)
    free = pick_port(host, port)
    address, token = f"http://{_bracketed(ANY.get(host, host))}:{free}", secrets.token_urlsafe(32)
    with ExitStack() as held:
        assistant, act, accounts = _opened(settings, portal, address, token, held)
        if free != port:
            click.echo(f"Port {port} is in use, so this is on {free}.")
        click.echo(f"On Record is on {portal.url if portal else address} (Ctrl-C ends it)")
        from assistant.web.api.uploads import Uploads
        from assistant.web.app import create_app
        from assistant.web.entry.observing import log_to_stderr, trace_if_wanted
        from assistant.web.listening import leave_soon, listen
        from assistant.web.services import local_services, portal_services

        trace_if_wanted(os.environ)
        assistant.prepare()
        READERS_APART.stand_back()
        if portal:
            log_to_stderr()
            services = portal_services(assistant, act, token, settings, portal, os.environ)
        else:
            services = local_services(assistant, act, token, settings, accounts=accounts)
        if accounts == settings.home:
            Uploads(services).tidy()
            services.watching.start()
        app = create_app(services)
        _look_for_garbage_less()
        try:
            listen(app, host, free, portal.trusted_proxies if portal else ())
        finally:
            leave_soon()
            services.watching.stop()
            services.ledger.finish()
            # A command that still writes has until then to end: nobody else may own the index.
            assistant.turn.acquire()


def _opened(
    settings: Settings, portal: Portal | None, address: str, token: str, held: ExitStack
) -> tuple[Assistant, Callable[[Request], Generator[Event]], Path]:
    """The assistant, what runs commands, and where what happens is noted. On a disk that takes
    no writes one person reads and asks, and it is noted until they leave; for a portal, whose
    log is a promise, it is no use."""
    try:
        writing = open_to_write(settings, "serve", address, token, answering=True)
        opened = held.enter_context(writing)
        following = Following(opened.stores, on_a_server=bool(settings.chroma))
        following.start()
        held.callback(following.stop)
    except HomeUnwritable as error:
        if portal:
            raise
        click.echo(f"{error} Until then you can read and ask; nothing is kept.", err=True)
        accounts = Path(held.enter_context(TemporaryDirectory(prefix="onrecord-")))
        return open_to_chat(settings), _only_read, accounts
    return opened.assistant, partial(perform, opened.stores), settings.home


def _only_read(_: Request) -> Generator[Event]:
    raise HomeUnwritable("The index is only read here, for its disk took no writes at the start.")


def check_host(host: str, portal: Portal | None = None) -> None:
    """Raises WrongUse for an address that others can reach, unless they have to sign in and
    what they send cannot be read on the way."""
    if is_loopback(host):
        return
    if portal is None:
        raise WrongUse(
            f"{host} could be reached by others, and nobody has to sign in here. Use --host "
            f"127.0.0.1, or say in {FILE} who may come in: onrecord help portal."
        )
    if not portal.is_https:
        raise WrongUse(
            f"{host} could be reached by others, but url in {FILE} is {portal.url}. Put a server "
            "that speaks https before this one and write its address there."
        )


def check_way_in(settings: Settings, portal: Portal | None) -> None:
    """Raises WrongUse for a portal that lets nobody in, neither people nor programs."""
    if portal is None or portal.lets_somebody_in:
        return
    if not Keys(Store(settings.home, settings.database)).all():
        raise WrongUse(
            f"{FILE} lets nobody in. Add an [embeds.…] with its issuer, or [login], or make an "
            "API key: onrecord keys add NAME --permission ask"
        )


def pick_port(host: str, wanted: int) -> int:
    """The wanted port, else the next free one, else any. Raises PortUnavailable."""
    for port in [*range(wanted, min(wanted + PORTS_TRIED, 65535) + 1), 0]:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family, socket.SOCK_STREAM) as candidate:
            candidate.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                candidate.bind((host, port))
            except OSError:
                continue
            return int(candidate.getsockname()[1])
    raise PortUnavailable(f"No port is free on {host}. Name another --host or stop a server.")


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def keep_few_arenas() -> None:
    """Let all threads share what memory is free. By itself the C library of Linux has eight
    arenas for each processor and gives back little of any: 60 questions at once about 46 MB of
    catalog left a process at 840 MB instead of 410, and took no longer with two."""
    with suppress(AttributeError, OSError, TypeError):  # another C library
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, ARENAS)


def _look_for_garbage_less() -> None:
    """To go through all that is loaded by now takes .3 to .5 s, in which nobody is answered;
    it stays loaded, so it is never gone through again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE_AFTER)
