"""Documents from the web: from public places alone, whatever an address, a name or an answer
says. Against a real server on this computer, which the tests let be called by its port."""

from __future__ import annotations

import gzip
import ipaddress
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from assistant.web.entry.refusals import Refused
from assistant.web.fetching import PUBLIC, Address, Reach, fetch, is_public, resolve
from tests.listening import listening

HERE = ipaddress.ip_address("127.0.0.1")
PAGE = b"<html><title>The crane</title><p>The harbour crane cost nine million crowns.</p></html>"

Answer = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Web:
    """A server, what it was asked, and a reach in which its port is the web: every name leads
    to this computer, where nothing but what `calls` lets be called is called."""

    port: int
    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    names: dict[str, Sequence[Address]] = field(default_factory=dict)
    resolved: list[str] = field(default_factory=list)

    @property
    def reach(self) -> Reach:
        return Reach(self._resolve, lambda address: address == HERE, most=100_000, seconds=2)

    def _resolve(self, host: str, port: int) -> Sequence[Address]:
        self.resolved.append(host)
        if host in self.names:
            return self.names[host]
        return [HERE] if host == "web.example" else resolve(host, port)

    def at(self, path: str, host: str = "web.example") -> str:
        return f"http://{host}:{self.port}{path}"


def answer(
    content: bytes = PAGE, kind: str = "text/html", status: int = 200, **headers: str
) -> Answer:
    def send(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Type", kind)
        handler.send_header("Content-Length", str(len(content)))
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(content)

    return send


@pytest.fixture
def web() -> Iterator[Web]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found.asked.append((self.path, dict(self.headers)))
            with suppress(OSError):  # whoever asked has heard enough
                found.answers.get(self.path.partition("?")[0], answer(b"", status=404))(self)

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    found = Web(server.server_address[1])
    with listening(server):
        yield found


def refused(address: str, reach: Reach) -> str:
    with pytest.raises(Refused) as raised:
        fetch(address, reach)
    assert raised.value.status == 422
    return str(raised.value)


def test_a_page_is_taken_under_a_name_of_its_address(web: Web) -> None:
    """The same for the same address, another one for another query."""
    web.answers["/news/crane"] = answer()
    found = fetch(web.at("/news/crane"), web.reach)
    assert (found.folder, found.name, found.content) == ("web.example/news", "crane.html", PAGE)
    assert found.address == web.at("/news/crane")
    first, second = (fetch(web.at(f"/news/crane?page={n}"), web.reach).name for n in (1, 2))
    assert len({found.name, first, second}) == 3


def test_nothing_is_sent_that_tells_who_asks(web: Web) -> None:
    """No cookie, though one was set on the way, no referrer, no credentials."""
    web.answers["/a"] = answer(status=302, Location="/b", Set_Cookie="who=you")
    web.answers["/b"] = answer()
    assert fetch(web.at("/a"), web.reach).address == web.at("/b")
    for _, headers in web.asked:
        assert {name.lower() for name in headers} <= {
            "host", "user-agent", "accept", "accept-encoding",
        }  # fmt: skip


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("file:///etc/passwd", "begin with https"),
        ("gopher://web.example/", "begin with https"),
        ("ftp://web.example/", "begin with https"),
        ("javascript:alert(1)", "begin with https"),
        ("web.example", "begin with https"),
        ("http://ann:secret@web.example/", "password"),
        ("http://web.example@127.0.0.1/", "password"),
        ("http:///nothing", "no server"),
        ("http://[::1", "slip"),
        ("http://web.example:99999/", "slip"),
        ("http://web\\@127.0.0.1/", "character"),
        ("http://web.example/\r\nHost: other", "character"),
        ("http://web.example/\u202e", "character"),
        ("http://[fe80::1%25eth0]/", "no server"),
        ("https://" + "a" * 3_000, "longer"),
        ("http://" + "a" * 80 + ".example/", "slip"),
    ],
)
def test_what_is_no_address_of_the_web_is_refused(web: Web, address: str, why: str) -> None:
    """Before any name is resolved."""
    assert why in refused(address, web.reach)
    assert (web.resolved, web.asked) == ([], [])


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "localhost", "[::1]", "2130706433", "0x7f000001", "0177.0.0.1", "127.1",
        "0.0.0.0", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]",
    ],
)  # fmt: skip
def test_this_computer_is_not_called_by_any_of_its_names(web: Web, host: str) -> None:
    """By the policy of a real server: whoever listens hears nothing."""
    assert "not on the public internet" in refused(web.at("/", host), PUBLIC) or host == "[::]"
    assert web.asked == []


@pytest.mark.parametrize(
    "address",
    [
        "10.0.0.1", "172.16.3.4", "192.168.1.1", "169.254.169.254", "100.64.0.1", "127.9.9.9",
        "0.0.0.0", "224.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1", "240.0.0.1",
        "::1", "::", "fe80::1", "fd00::1", "ff02::1", "::ffff:10.0.0.1", "::ffff:8.8.8.8",
        "64:ff9b::a00:1", "2002:a00:1::1", "2001:0:53aa:64c::1", "2001:db8::1", "::8.8.8.8",
        "fec0::1",
    ],
)  # fmt: skip
def test_addresses_that_are_not_public(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "2606:4700:4700::1111"])
def test_addresses_that_are_public(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


def test_a_name_with_one_address_inside_is_not_called(web: Web) -> None:
    """Be the others public: which one is called, nobody is left to choose."""
    web.names["mixed.example"] = [HERE, ipaddress.ip_address("10.0.0.1")]
    assert "not on the public internet" in refused(web.at("/", "mixed.example"), web.reach)
    assert web.asked == []


def test_a_name_is_resolved_once_and_what_was_checked_is_called(web: Web) -> None:
    """A second answer of the name server, be it another one, is not asked for."""
    web.answers["/"] = answer()
    fetch(web.at("/"), web.reach)
    assert web.resolved == ["web.example"]


@pytest.mark.parametrize(
    ("location", "why"),
    [
        ("http://10.0.0.1/", "not on the public internet"),
        ("http://inside.example/", "not on the public internet"),
        ("http://169.254.169.254/latest/meta-data/", "not on the public internet"),
        ("file:///etc/passwd", "begin with https"),
        ("http://a:b@web.example/", "password"),
        ("http://[", "slip"),
        ("//10.0.0.1/", "not on the public internet"),
        ("\xe4 b", "character"),
    ],
)
def test_where_an_answer_leads_is_checked_like_the_first(web: Web, location: str, why: str) -> None:
    web.names["inside.example"] = [ipaddress.ip_address("192.168.0.9")]
    web.answers["/"] = answer(status=302, Location=location)
    assert why in refused(web.at("/"), web.reach)
    assert len(web.asked) == 1


def test_it_leads_on_so_often_and_not_for_ever(web: Web) -> None:
    web.answers["/round"] = answer(status=301, Location="/round")
    assert "more than 5 times" in refused(web.at("/round"), web.reach)
    assert len(web.asked) == 6


def test_what_is_too_large_is_refused_whatever_its_length_is_said_to_be(web: Web) -> None:
    """It is counted as it comes."""

    def endless(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/html")
        handler.end_headers()
        for _ in range(1_000):
            handler.wfile.write(b"x" * 10_000)

    web.answers["/endless"] = endless
    assert "has more than 0 MB" in refused(web.at("/endless"), web.reach)


def test_what_comes_compressed_is_not_opened(web: Web) -> None:
    """It was not asked for, and could be anything."""
    packed = gzip.compress(b"0" * 10_000_000)
    web.answers["/bomb"] = answer(packed, Content_Encoding="gzip")
    assert "compressed" in refused(web.at("/bomb"), web.reach)


@pytest.mark.parametrize("where", ["headers", "body"])
def test_what_comes_drop_by_drop_is_given_up(web: Web, where: str) -> None:
    """There is one deadline for all of it, not one for each drop."""

    def slow(handler: BaseHTTPRequestHandler) -> None:
        if where == "body":
            handler.send_response(200)
            handler.send_header("Content-Type", "text/html")
            handler.end_headers()
        else:
            handler.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
        for _ in range(100):
            handler.wfile.write(b"x")
            handler.wfile.flush()
            time.sleep(0.05)

    web.answers["/slow"] = slow
    began = time.monotonic()
    reach = replace(web.reach, seconds=0.5)
    assert "took longer" in refused(web.at("/slow"), reach)
    assert time.monotonic() - began < 2


@pytest.mark.parametrize(
    ("path", "kind", "suffix"),
    [
        ("/a", "text/html; charset=utf-8", ".html"),
        ("/a.pdf", "application/octet-stream", ".pdf"),
        ("/a.pdf", "text/html", ".html"),
        ("/README.md", "text/plain", ".md"),
        ("/a.php", "text/plain", ".txt"),
        ("/paper", "application/pdf", ".pdf"),
    ],
)
def test_the_kind_is_what_the_server_says(web: Web, path: str, kind: str, suffix: str) -> None:
    """Or the address, where that says little."""
    web.answers[path] = answer(kind=kind)
    assert fetch(web.at(path), web.reach).name.endswith(suffix)


@pytest.mark.parametrize("kind", ["image/png", "video/mp4", "application/x-msdownload"])
def test_a_kind_that_is_not_read_is_refused(web: Web, kind: str) -> None:
    web.answers["/a"] = answer(kind=kind)
    assert f"not read ({kind})" in refused(web.at("/a"), web.reach)


def test_other_letters_are_kept_as_the_server_means_them(web: Web) -> None:
    """Only its headers say so, and they are not kept."""
    words = "Раҳмон гуфт"
    web.answers["/a"] = answer(words.encode("utf-16-le"), "text/plain; charset=utf-16-le")
    assert fetch(web.at("/a"), web.reach).content.decode("utf-8-sig") == words


@pytest.mark.parametrize(
    ("status", "why"), [(404, "answered 404 (Not Found)"), (500, "answered 500"), (204, "204")]
)
def test_an_answer_that_is_none_is_told(web: Web, status: int, why: str) -> None:
    web.answers["/a"] = answer(b"", status=status)
    assert why in refused(web.at("/a"), web.reach)


def test_a_server_that_is_not_there_is_told(web: Web) -> None:
    assert "no server called" in refused("http://nowhere.invalid/", web.reach)
    web.names["closed.example"] = [HERE]
    assert "cannot be read" in refused("http://closed.example:1/", web.reach)
