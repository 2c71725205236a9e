"""A document from the web by its address: from public places alone.

    address -> resolve -> check -> connect to the very address that was checked -> its answer,
    or where that leads, checked in the same way

Whoever names an address makes this server call it, and the server may reach what they may not.
So the connection is made here: no name is resolved again behind the check, and no proxy, cookie
or password is used or sent. What comes is counted as it comes, and all of it has one deadline.
"""

from __future__ import annotations

import codecs
import ipaddress
import re
import socket
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from http import HTTPStatus
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote, urljoin, urlsplit

import httpcore2

from assistant.web.entry.refusals import Refused
from index.reading.files import SUFFIXES, suffix_of

if TYPE_CHECKING:
    import ssl

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

LONGEST = 2_000
"""Characters of an address."""

HEADERS = (
    ("User-Agent", "OnRecord"),
    ("Accept", "text/html,application/xhtml+xml,application/pdf,text/*;q=0.9,*/*;q=0.5"),
    ("Accept-Encoding", "identity"),
)
"""Nothing comes compressed: a few bytes of that could be gigabytes."""

SUFFIX_OF_TYPE = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "application/pdf": ".pdf",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "text/csv": ".csv",
    "application/json": ".json",
    "application/xml": ".xml",
    "text/xml": ".xml",
    "application/epub+zip": ".epub",
    "application/rtf": ".rtf",
    "application/msword": ".doc",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ".pptx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.ms-excel": ".xls",
    "application/vnd.ms-powerpoint": ".ppt",
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/vnd.oasis.opendocument.spreadsheet": ".ods",
    "application/vnd.oasis.opendocument.presentation": ".odp",
}
"""What a server says that it sends, and the ending of such a file."""

SAYS_LITTLE = frozenset({"", "text/plain", "application/octet-stream", "binary/octet-stream"})
"""Types of which the address says more, if it has an ending that is known."""

TEXTS = frozenset({".html", ".txt", ".md", ".csv"})

CHARSET = re.compile(
    r"charset=[\"']?(utf-?8|utf-16(?:le|be)?|us-ascii|iso-8859-\d+|windows-\d+|koi8-[ru]|gb\w+"
    r"|big5\w*|euc-\w+|shift_jis|iso-2022-\w+)\b",
    re.I,
)
"""Charsets of texts; Python knows others that are none, and some that take long."""

UNICAST = ipaddress.IPv6Network("2000::/3")
"""The addresses of IPv6 that are given out to be reached by anybody."""


@dataclass(frozen=True, slots=True)
class Reach:
    """How names are resolved, which addresses may be connected to, and how much a document may
    have and take: bytes, seconds in all, redirects."""

    resolve: Callable[[str, int], Sequence[Address]]
    may_call: Callable[[Address], bool]
    most: int = 20_000_000
    seconds: float = 20.0
    redirects: int = 5


@dataclass(frozen=True, slots=True)
class Fetched:
    """A document from the web: the address where it was in the end, and the folder and name
    under which it is kept, the same for the same address."""

    address: str
    folder: str
    name: str
    content: bytes


def resolve(host: str, port: int) -> Sequence[Address]:
    """The addresses of a name, as this system knows them. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = (ipaddress.ip_address(str(place[0]).partition("%")[0]) for *_, place in found)
    return list(dict.fromkeys(addresses))


def is_public(address: Address) -> bool:
    """May anybody on the internet reach it? Not what holds an address of IPv4 in one of IPv6:
    it leads to whatever a gateway makes of it."""
    if isinstance(address, ipaddress.IPv6Address) and (
        address not in UNICAST or address.sixtofour or address.teredo
    ):
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved)


PUBLIC = Reach(resolve, is_public)
"""How far a server goes."""


def fetch(address: str, reach: Reach = PUBLIC) -> Fetched:
    """What is at an address of http or https. Raises Refused, which says what is wrong."""
    deadline = time.monotonic() + reach.seconds
    target = _parsed(address)
    for _ in range(reach.redirects + 1):
        found = _get(target, reach, deadline)
        if isinstance(found, Fetched):
            return found
        target = found
    raise _refused(f"It leads on more than {reach.redirects} times. Name the page itself.")


@dataclass(frozen=True, slots=True)
class _Target:
    """An address in its parts, as they are sent."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def address(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        is_usual = self.port == PORTS[self.scheme]
        return f"{self.scheme}://{host}{'' if is_usual else f':{self.port}'}{self.path}"


PORTS = {"http": 80, "https": 443}


def _parsed(address: str) -> _Target:
    """Raises Refused for what is no address of the web, or names who asks."""
    address = address.strip()
    if len(address) > LONGEST:
        raise _refused(f"The address is longer than {LONGEST:,} characters.")
    if not address.isprintable() or any(char in address for char in ' \\<>"|'):
        raise _refused("The address has a character in it that no address has.")
    try:
        parts = urlsplit(address)
        host, port = (parts.hostname or "").rstrip("."), parts.port
        host = host if ":" in host else host.encode("idna").decode()
    except ValueError:  # a port that is none, brackets without an end, a name that none can have
        raise _refused("This is no address: look for a slip in it.") from None
    if parts.scheme not in PORTS:
        raise _refused("The address has to begin with https:// or http://.")
    if not host or "%" in host:
        raise _refused("The address names no server.")
    if "@" in parts.netloc:
        raise _refused("The address has a user name or password in it. Leave them out.")
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    query = quote(parts.query, safe="/%:@!$&'()*+,;=~-._?")
    whole = f"{path}?{query}" if query else path
    return _Target(parts.scheme, host, port or PORTS[parts.scheme], whole)


def _get(target: _Target, reach: Reach, deadline: float) -> Fetched | _Target:
    """What is there, or where it leads."""
    url = httpcore2.URL(
        scheme=target.scheme, host=target.host, port=target.port, target=target.path
    )
    try:
        with (
            httpcore2.ConnectionPool(network_backend=_Checked(reach, deadline)) as pool,
            pool.stream("GET", url, headers=[*HEADERS]) as reply,
        ):
            headers = {
                name.decode("latin-1").lower(): value.decode("latin-1")
                for name, value in reply.headers
            }
            if 300 <= reply.status < 400 and (location := headers.get("location")):
                return _parsed(_joined(target.address, location))
            if reply.status != HTTPStatus.OK:
                raise _refused(f"{target.host} answered {reply.status}{_phrase(reply.status)}.")
            suffix = _suffix(headers, target)
            content = _whole(reply.iter_stream(), headers, reach)
    except httpcore2.TimeoutException:
        raise _refused(f"{target.host} took longer than {reach.seconds:.0f} s.") from None
    except (httpcore2.NetworkError, httpcore2.ProtocolError) as error:
        why = str(error) or "it broke off"
        raise _refused(f"{target.host} cannot be read ({why}).") from error
    return Fetched(
        target.address,
        _folder(target),
        f"{_stem(target)}{suffix}",
        _as_utf8(content, headers) if suffix in TEXTS else content,
    )


def _joined(address: str, location: str) -> str:
    try:
        return urljoin(address, location)
    except ValueError:
        return location  # which is no address either


class _Checked(httpcore2.NetworkBackend):
    """Connects to addresses that it has checked itself, until the deadline."""

    def __init__(self, reach: Reach, deadline: float) -> None:
        self._reach = reach
        self._deadline = deadline
        self._sockets = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        """Raises Refused for a name that leads anywhere else, be it beside public places."""
        try:
            addresses = self._reach.resolve(host, port)
        except OSError:
            raise _refused(f"There is no server called {host}.") from None
        if not addresses or not all(map(self._reach.may_call, addresses)):
            raise _refused(f"{host} is not on the public internet. Add the file itself.")
        *others, last = addresses
        for address in others:
            try:
                return self._connected(address, port, socket_options)
            except httpcore2.ConnectError:
                continue
        return self._connected(last, port, socket_options)

    def _connected(
        self, address: Address, port: int, socket_options: Iterable[Any] | None
    ) -> httpcore2.NetworkStream:
        timeout = _left(self._deadline)
        stream = self._sockets.connect_tcp(
            str(address), port, timeout=timeout, socket_options=socket_options
        )
        return _Timed(stream, self._deadline)


class _Timed(httpcore2.NetworkStream):
    """A connection on which everything has to be done by one deadline."""

    def __init__(self, stream: httpcore2.NetworkStream, deadline: float) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(self._deadline))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(self._deadline))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore2.NetworkStream:
        left = _left(self._deadline)
        return _Timed(self._stream.start_tls(ssl_context, server_hostname, left), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise httpcore2.ReadTimeout("The deadline has passed.")
    return left


def _whole(pieces: Iterable[bytes], headers: dict[str, str], reach: Reach) -> bytes:
    """Raises Refused for more than may be, whatever its length was said to be."""
    if headers.get("content-encoding", "identity").lower() not in ("", "identity"):
        raise _refused("It comes compressed, though that was not asked for. Add the file itself.")
    content = bytearray()
    for piece in pieces:
        content += piece
        if len(content) > reach.most:
            most = f"{reach.most / 1_000_000:.0f} MB"
            raise _refused(f"It has more than {most}, the most that is taken from an address.")
    return bytes(content)


def _type_of(headers: dict[str, str]) -> str:
    return headers.get("content-type", "").partition(";")[0].strip().lower()


def _suffix(headers: dict[str, str], target: _Target) -> str:
    """The ending for what comes. Raises Refused for a kind that is not read."""
    said, own = _type_of(headers), suffix_of(urlsplit(target.address).path)
    if said in SAYS_LITTLE and own in SUFFIXES:
        return own
    suffix = SUFFIX_OF_TYPE.get(said, own)
    if suffix not in SUFFIXES:
        kind = said if said.isprintable() and said else "unknown"
        raise _refused(f"What is there is of a kind that is not read ({kind[:80]}).")
    return suffix


def _folder(target: _Target) -> str:
    folders = PurePosixPath(unquote(urlsplit(target.address).path)).parts[1:-1]
    return "/".join([target.host, *folders])


def _stem(target: _Target) -> str:
    """The end of the path without its ending, and what tells one query from another."""
    parts = urlsplit(target.address)
    name = PurePosixPath(unquote(parts.path)).name or "index"
    suffix = suffix_of(name)
    stem = name[: -len(suffix)] if suffix in SUFFIXES else name
    mark = sha256(parts.query.encode()).hexdigest()[:8] if parts.query else ""
    return f"{stem}-{mark}" if mark else stem


def _as_utf8(content: bytes, headers: dict[str, str]) -> bytes:
    """A text as it is meant: what the server says of its letters goes before what it says
    itself, and is not kept with it otherwise."""
    found = CHARSET.search(headers.get("content-type", ""))
    if not found:
        return content
    try:
        return codecs.BOM_UTF8 + content.decode(found[1]).removeprefix("\ufeff").encode()
    except (LookupError, UnicodeError):
        return content  # the reader finds out


def _phrase(status: int) -> str:
    try:
        return f" ({HTTPStatus(status).phrase})"
    except ValueError:
        return ""


def _refused(why: str) -> Refused:
    return Refused(422, "not_fetched", why)
