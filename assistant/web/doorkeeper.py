"""Callers of a server with a portal: by bearer, API key or login. Nobody is local there."""

from __future__ import annotations

from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING, cast

from assistant.accounts.keys import PREFIX, Key, Keys
from assistant.accounts.logins import Login, Logins
from assistant.errors import AccountsUnavailable
from assistant.identity.bearers import Bearer, Bearers
from assistant.identity.configuring import Portal
from assistant.web.callers import Caller, Permission
from assistant.web.refusals import accounts_unavailable

if TYPE_CHECKING:
    from starlette.types import Scope

SIGN_IN = "/login"

READING: frozenset[Permission] = frozenset({"public", "ask"})
SIGNED_IN: frozenset[Permission] = READING | {"write", "evaluate"}
ADMINISTERING: frozenset[Permission] = SIGNED_IN | {"administer"}


class PortalDoorkeeper:
    """Knows people by what their portal or their organisation says, programs by their keys.

    One credential a request: of two, it would not be clear who is asking.
    """

    def __init__(self, portal: Portal, bearers: Bearers, keys: Keys, logins: Logins) -> None:
        self._portal = portal
        self._bearers = bearers
        self._keys = keys
        self._logins = logins

    @property
    def cookie(self) -> str:
        """The name of the login's cookie: browsers keep __Host- ones to https and this host."""
        return "__Host-onrecord" if self._portal.is_https else "onrecord"

    def caller(self, scope: Scope) -> Caller | None:
        """Raises Refused while the accounts cannot be read: then nobody is let in."""
        try:
            return self._shown(scope)
        except AccountsUnavailable as error:
            raise accounts_unavailable() from error

    def _shown(self, scope: Scope) -> Caller | None:
        shown = [value for name, value in scope["headers"] if name == b"authorization"]
        if len(shown) > 1:
            return None
        if shown:
            kind, _, secret = shown[0].decode("latin-1").partition(" ")
            return self._by_secret(secret.strip()) if kind.lower() == "bearer" else None
        secret = self.login_secret(scope)
        login = self._logins.find(secret) if secret else None
        return self._signed_in(login) if login else None

    def is_current(self, caller: Caller) -> bool:
        try:
            return self._is_current(caller)
        except AccountsUnavailable:
            return False

    def _is_current(self, caller: Caller) -> bool:
        if caller.way == "embed":
            return self._bearers.is_current(caller.session)
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

    def _signed_in(self, login: Login) -> Caller:
        principal = login.person.principal
        administrators = self._portal.login.administrating if self._portal.login else frozenset()
        may = ADMINISTERING if principal.groups & administrators else SIGNED_IN
        return Caller(principal, may, "login", login.id, login.person.name)


def _program(key: Key) -> Caller:
    may = cast("frozenset[Permission]", key.permissions | {"public"})
    return Caller(key.principal, may, "key", key.id, key.name)


def _person(bearer: Bearer) -> Caller:
    return Caller(bearer.person.principal, READING, "embed", bearer.id, bearer.person.name)
