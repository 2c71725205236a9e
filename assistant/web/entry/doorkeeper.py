"""Callers of a server with a portal: by bearer, API key or login. Nobody is local there."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING, cast

from assistant.accounts.bearers import SharedBearers
from assistant.accounts.keys import PREFIX, Key, Keys
from assistant.accounts.ledger import Ledger
from assistant.accounts.logins import Login, Logins
from assistant.errors import AccountsUnavailable
from assistant.identity.assertions import Assertions, BadAssertion, Vouch
from assistant.identity.bearers import Bearer, Bearers
from assistant.identity.configuring import Portal
from assistant.identity.keysets import KeysUnavailable
from assistant.web.entry.allowances import Allowance
from assistant.web.entry.callers import ON_BEHALF_OF, Acting, Caller, Permission, header_values
from assistant.web.entry.refusals import Refused, accounts_unavailable, try_again

if TYPE_CHECKING:
    from starlette.types import Scope

log = logging.getLogger("onrecord.identity")

SIGN_IN = "/login"

READING: frozenset[Permission] = frozenset({"public", "ask"})
SIGNED_IN: frozenset[Permission] = READING | {"write", "evaluate"}
ADMINISTERING: frozenset[Permission] = SIGNED_IN | {"administer"}

MEETINGS_NOTED = 1
"""Times a minute that it is noted that a program acts for a person."""


class PortalDoorkeeper:
    """Knows people by what their portal or their organisation says, programs by their keys.

    One credential a request: of two, it would not be clear who is asking. Beside its key a
    program may show who vouches for the person for whom it acts: then it may do what both
    may, the key and, by the portal's word, that person.
    """

    def __init__(
        self,
        portal: Portal,
        bearers: Bearers | SharedBearers,
        keys: Keys,
        logins: Logins,
        assertions: Assertions,
        ledger: Ledger,
    ) -> None:
        self._portal = portal
        self._bearers = bearers
        self._keys = keys
        self._logins = logins
        self._assertions = assertions
        self._ledger = ledger
        self._noting = Allowance(MEETINGS_NOTED)

    @property
    def cookie(self) -> str:
        """The name of the login's cookie. Browsers keep __Secure- ones to https, __Host- ones
        also to this host, if they are for the whole of it."""
        if not self._portal.is_https:
            return "onrecord"
        return "__Secure-onrecord" if self._portal.path else "__Host-onrecord"

    def caller(self, scope: Scope) -> Caller | None:
        """Raises Refused while the accounts cannot be read: then nobody is let in."""
        try:
            return self._caller(scope)
        except AccountsUnavailable as error:
            raise accounts_unavailable() from error

    def _caller(self, scope: Scope) -> Caller | None:
        find = self._by_secret if _shows_header(scope) else self._by_login
        secret = self.shown(scope)
        caller = find(secret) if secret else None
        vouched = header_values(scope, ON_BEHALF_OF)
        return self._acting(caller, vouched) if vouched else caller

    def shown(self, scope: Scope) -> str:
        found = _bearer(scope) if _shows_header(scope) else self.login_secret(scope)
        return found or ""

    def _by_login(self, secret: str) -> Caller | None:
        login = self._logins.find(secret)
        return self._signed_in(login) if login else None

    def is_current(self, caller: Caller) -> bool:
        try:
            return self._is_current(caller)
        except AccountsUnavailable:
            return False

    def _is_current(self, caller: Caller) -> bool:
        if caller.way == "embed":
            return self._bearers.is_current(caller.session)
        if caller.acting:
            acting = caller.acting
            return self._keys.is_current(acting.key) and self._assertions.holds(acting.vouch)
        if caller.way == "key":
            return self._keys.is_current(caller.session)
        return caller.way == "login" and self._logins.is_current(caller.session)

    def sign_in(self, scope: Scope) -> str | None:
        return SIGN_IN if self._portal.login else None

    def login_secret(self, scope: Scope) -> str | None:
        """What the browser's cookie says."""
        for name, value in scope["headers"]:
            if name == b"cookie":
                try:
                    found = SimpleCookie(value.decode("latin-1")).get(self.cookie)
                except CookieError:
                    continue
                if found:
                    return found.value
        return None

    def _by_secret(self, secret: str) -> Caller | None:
        if secret.startswith(PREFIX):
            key = self._keys.find(secret)
            return _program(key) if key else None
        bearer = self._bearers.find(secret)
        return _person(bearer) if bearer else None

    def _acting(self, program: Caller | None, vouched: Sequence[str]) -> Caller:
        """The program, for the person whom the assertion is about. Raises Refused."""
        if program is None or program.way != "key":
            raise _not_vouched("it takes a good API key beside it, in Authorization: Bearer.")
        if len(vouched) > 1:
            raise _not_vouched("it stands there twice.")
        acting = Acting(program.session, self._vouch(program, vouched[0]))
        person = acting.vouch.person
        if person.tenant != program.principal.tenant:
            raise Refused(
                403, "other_tenant",
                f"{ON_BEHALF_OF}: a key acts for people of its own tenant only.",
            )  # fmt: skip
        session = f"{program.principal.id}/{program.session}/{person.mark}"
        if not self._noting.wait(session):
            self._noting.spend(session)
            self._ledger.met(person.principal, person.name, "key")
            self._ledger.did(person.principal, session, "came in", program.principal.id)
        may = program.permissions & READING
        return Caller(person.principal, may, "key", session, person.name, acting)

    def _vouch(self, program: Caller, assertion: str) -> Vouch:
        try:
            return self._assertions.vouch(assertion, nonce=f"{PREFIX}{program.session}")
        except BadAssertion as error:
            log.warning("assertion of %s refused: %r", program.principal.id, str(error))
            raise _not_vouched(str(error), error.code) from error
        except KeysUnavailable as error:
            log.warning("an assertion could not be checked: %s", error)
            words = f"{ON_BEHALF_OF} cannot be checked now."
            raise try_again(503, "unavailable", words, 30) from error

    def _signed_in(self, login: Login) -> Caller:
        principal = login.person.principal
        administrators = self._portal.login.administrating if self._portal.login else frozenset()
        may = ADMINISTERING if principal.groups & administrators else SIGNED_IN
        return Caller(principal, may, "login", login.id, login.person.name)


def _shows_header(scope: Scope) -> bool:
    return bool(header_values(scope, "Authorization"))


def _bearer(scope: Scope) -> str | None:
    """What stands in the header; None of two, for it would not be clear who is asking."""
    shown = header_values(scope, "Authorization")
    kind, _, secret = shown[0].partition(" ")
    return secret.strip() if len(shown) == 1 and kind.lower() == "bearer" else None


def _not_vouched(why: str, code: str = "unauthorized") -> Refused:
    """Says what is wrong: only a portal's backend sends this header, and nobody learns from
    it what a browser may not know."""
    code = "bad_assertion" if code == "unauthorized" else code
    return Refused(401, code, f"{ON_BEHALF_OF}: {why}", [(b"www-authenticate", b"Bearer")])


def _program(key: Key) -> Caller:
    may = cast("frozenset[Permission]", key.permissions | {"public"})
    return Caller(key.principal, may, "key", key.id, key.name)


def _person(bearer: Bearer) -> Caller:
    return Caller(bearer.person.principal, READING, "embed", bearer.id, bearer.person.name)
