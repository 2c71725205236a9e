"""Who calls, and what they may do. The guard finds it out once, before any route runs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol, get_args

from starlette.requests import HTTPConnection

from assistant.accounts.preferences import NOTHING_SET, Preferences
from assistant.errors import WrongUse
from assistant.identity.assertions import Vouch
from assistant.web.entry.refusals import Refused
from index.documents import LOCAL_USER, Principal

if TYPE_CHECKING:
    from starlette.types import Scope

Permission = Literal["public", "ask", "write", "evaluate", "administer"]
"""public: needs no name; ask: ask, read, list, verify, say what one thinks of an answer;
write: add and remove one's own documents; evaluate: question sets and runs; administer:
keys, people, usage, audit."""

EVERY_PERMISSION: frozenset[Permission] = frozenset(get_args(Permission))


def read_permissions(texts: Iterable[str]) -> frozenset[Permission]:
    """{"ask", "write"} of ["ask,write"]. Raises WrongUse."""
    asked = {word.strip() for text in texts for word in text.split(",")} - {""}
    grantable = EVERY_PERMISSION - {"public"}
    if not asked or asked - grantable:
        wrong = f"There is no permission {', '.join(sorted(asked - grantable))}. " if asked else ""
        known = ", ".join(each for each in get_args(Permission) if each != "public")
        raise WrongUse(f"{wrong}Say what the key may do, for example --permission ask: {known}.")
    return frozenset(each for each in grantable if each in asked)


Way = Literal["local", "embed", "key", "login", "nobody"]
"""How a caller came in: on the computer of the index, through a portal's frame, with an
API key, signed in to the page, or not at all."""


ON_BEHALF_OF = "X-Assist-On-Behalf-Of"
"""The header in which a program with a key sends a portal's assertion about a person."""


@dataclass(frozen=True, slots=True)
class Acting:
    """By the id of which key a program acts for a person, and who vouches for that."""

    key: str
    vouch: Vouch


@dataclass(frozen=True, slots=True)
class ViewLink:
    """A page that stands in the masthead, by the label of its link."""

    address: str
    label: str


@dataclass(frozen=True, slots=True)
class Caller:
    """A principal who calls, and how.

    `session` names the bearer, key or login, and is never the secret itself; limits and the
    audit log go by it. Of a program that is `acting` for the principal it names the program,
    its key and the person: "key:portal/0a1b…/2c3d…". `name` is for display. `views` are the
    views that they may open, which the guard knows, as it does their `preferences` on a page.
    """

    principal: Principal
    permissions: frozenset[Permission]
    way: Way
    session: str
    name: str = ""
    acting: Acting | None = None
    views: Sequence[ViewLink] = ()
    preferences: Preferences = NOTHING_SET


NOBODY = Caller(Principal(""), frozenset({"public"}), "nobody", "")
"""Who has shown nothing: may see what needs no name, and no document."""

LOCAL_CALLER = Caller(LOCAL_USER, EVERY_PERMISSION, "local", "local")


class Doorkeeper(Protocol):
    """Knows callers by what they show."""

    def shown(self, scope: Scope) -> str:
        """The secret that a request shows, good or not, found out in no time; "" if none."""

    def caller(self, scope: Scope) -> Caller | None:
        """Who sends this request; None if they show nothing that is valid."""

    def is_current(self, caller: Caller) -> bool:
        """False once what they showed has expired or was revoked. Running streams ask
        this every second."""

    def sign_in(self, scope: Scope) -> str | None:
        """Where a person's browser may sign in; None where there is no such place."""


class LocalDoorkeeper:
    """Everybody is the one person who uses this computer. For loopback only."""

    def shown(self, scope: Scope) -> str:
        return ""

    def caller(self, scope: Scope) -> Caller:
        """Raises Refused for who wants to act for somebody else, and would read everything."""
        if header_values(scope, ON_BEHALF_OF):
            raise Refused(
                400, "bad_request", f"{ON_BEHALF_OF} needs a portal: nobody signs in here."
            )
        return LOCAL_CALLER

    def is_current(self, caller: Caller) -> bool:
        return True

    def sign_in(self, scope: Scope) -> None:
        return None


def header_values(scope: Scope, name: str) -> list[str]:
    """What a request says in each header of this name."""
    wanted = name.lower().encode()
    return [value.decode("latin-1") for name, value in scope["headers"] if name == wanted]


def caller_of(connection: HTTPConnection) -> Caller:
    """Whom the guard let in."""
    caller: Caller = connection.scope["caller"]
    return caller


def address_of(connection: HTTPConnection) -> str:
    """Where a request comes from; trusted proxies have put the caller's address here."""
    return connection.client.host if connection.client else ""
