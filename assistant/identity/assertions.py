"""A portal's signed word about a person: a JWT that is good once, for two minutes.

Header: the issuer's one algorithm, `typ` "assist-embed+jwt", `kid`, and nothing that would
bring its own key. Claims: `iss`, `aud` (this server's url + "/embed"), `sub`, `tenant`,
`embed`, `origin`, `groups`, `iat`, `exp`, `jti`, `nonce` and, for display only, `name`.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from assistant.identity.configuring import Embed, Issuer, Portal
from assistant.identity.keysets import Keys, NotSigned
from assistant.identity.people import Person

TYPE = "assist-embed+jwt"
LONGEST_LIFE = 300
LEEWAY = 30
"""Seconds that two clocks may differ."""

LONGEST = 16_000
"""Characters of an assertion: 200 groups of 64 characters fit."""

MOST_GROUPS, LONGEST_GROUP, LONGEST_NAME = 200, 128, 255
SHORTEST_ID = 16
"""Characters of a jti: 128 bits have at least 16 in any spelling (22 in base64)."""

MOST_REMEMBERED = 200_000
"""Assertions that were used and could be used again; more are refused, for minutes."""

FORBIDDEN_HEADERS = frozenset({"jku", "jwk", "x5u", "x5c", "x5t", "x5t#S256", "crit", "b64"})

CLAIMS = frozenset({
    "iss", "aud", "sub", "tenant", "embed", "origin", "groups", "iat", "exp", "nbf", "jti",
    "nonce", "name",
})  # fmt: skip


class BadAssertion(Exception):
    """Says which claim is wrong: for the log and the integrator, not for the browser.
    `code` is what the browser is told."""

    def __init__(self, why: str, code: str = "unauthorized") -> None:
        super().__init__(why)
        self.code = code


class Assertions:
    """Checks the assertions of every issuer of a portal. Good for many threads."""

    def __init__(
        self,
        portal: Portal,
        home: Path,
        environment: Mapping[str, str],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._portal = portal
        self._clock = clock
        self._keys = {
            name: Keys(issuer, home, environment) for name, issuer in portal.issuers.items()
        }
        self._used: dict[tuple[str, str], float] = {}
        self._revoked: dict[tuple[str, str], float] = {}
        self._lock = threading.Lock()

    def accept(self, assertion: str, embed: str, nonce: str) -> Person:
        """Whom it is about; it cannot be used again.

        `nonce` is the one that the frame made up. Raises BadAssertion, KeysUnavailable.
        """
        person, claims = self._checked(assertion, embed, nonce)
        self._use(claims)
        return person

    def check(self, assertion: str, embed: str, nonce: str) -> Person:
        """The same without using it up, for people who build a portal."""
        return self._checked(assertion, embed, nonce)[0]

    def revoke(self, issuer: str, subject: str) -> None:
        """Refuse what was signed about this person up to now."""
        now = self._clock()
        with self._lock:
            alive = now - LONGEST_LIFE - 2 * LEEWAY
            self._revoked = {who: at for who, at in self._revoked.items() if at > alive}
            self._revoked[issuer, subject] = now

    def _checked(self, assertion: str, embed: str, nonce: str) -> tuple[Person, Mapping[str, Any]]:
        known = self._portal.embeds.get(embed)
        if known is None:
            raise BadAssertion(f"there is no embed {embed!r}")
        if len(assertion) > LONGEST:
            raise BadAssertion(f"it has more than {LONGEST:,} characters")
        issuer = self._portal.issuers[known.issuer]
        try:
            header, claims = self._keys[known.issuer].open(assertion)
        except NotSigned as error:
            raise BadAssertion(f"signature: {error}") from error
        _check_header(header)
        _check_parties(claims, issuer, self._portal.audience)
        self._check_times(claims)
        _check_place(claims, embed, known, nonce)
        person = _person(claims, issuer)
        if claims["iat"] <= self._revoked.get((person.issuer, person.subject), 0):
            raise BadAssertion("iat: the person was logged out since")
        return person, claims

    def _check_times(self, claims: Mapping[str, Any]) -> None:
        now = self._clock()
        issued, expires = _time(claims, "iat"), _time(claims, "exp")
        not_before = _time(claims, "nbf") if "nbf" in claims else issued
        if not 0 < expires - issued <= LONGEST_LIFE:
            raise BadAssertion(f"exp: it has to be at most {LONGEST_LIFE} s after iat")
        if issued > now + LEEWAY or not_before > now + LEEWAY:
            raise BadAssertion(
                f"iat or nbf: {issued - now:.0f} s in the future. Compare the clocks",
                "clock_skew",
            )
        if now >= expires + LEEWAY:
            raise BadAssertion(f"exp: {now - expires:.0f} s ago")

    def _use(self, claims: Mapping[str, Any]) -> None:
        """Once until it has expired. Raises BadAssertion."""
        now, one = self._clock(), (claims["iss"], claims["jti"])
        with self._lock:
            if len(self._used) >= MOST_REMEMBERED:
                self._used = {used: until for used, until in self._used.items() if until > now}
            if one in self._used and self._used[one] > now:
                raise BadAssertion("jti: it was used before")
            if len(self._used) >= MOST_REMEMBERED:
                raise BadAssertion("too many assertions at once")
            self._used[one] = claims["exp"] + LEEWAY


def _check_header(header: Mapping[str, Any]) -> None:
    if header.get("typ") != TYPE:
        raise BadAssertion(f"typ: it has to be {TYPE}")
    if not isinstance(header.get("kid"), str) or not header["kid"]:
        raise BadAssertion("kid: it is missing")
    if brought := sorted(FORBIDDEN_HEADERS & header.keys()):
        raise BadAssertion(f"header: {', '.join(brought)} may not be there")


def _check_parties(claims: Mapping[str, Any], issuer: Issuer, audience: str) -> None:
    if unknown := sorted(claims.keys() - CLAIMS):
        raise BadAssertion(f"claims: {', '.join(unknown)} may not be there")
    if claims.get("iss") != issuer.issuer:
        raise BadAssertion(f"iss: it has to be {issuer.issuer}")
    if claims.get("aud") not in (audience, [audience]):
        raise BadAssertion(f"aud: it has to be {audience} and nothing else")


def _check_place(claims: Mapping[str, Any], name: str, embed: Embed, nonce: str) -> None:
    if claims.get("embed") != name:
        raise BadAssertion(f"embed: it has to be {name}")
    if claims.get("origin") not in embed.origins:
        raise BadAssertion(f"origin: it is not one of embed {name}'s")
    if not nonce or claims.get("nonce") != nonce:
        raise BadAssertion("nonce: it is not the frame's")
    if claims.get("tenant") not in embed.tenants:
        raise BadAssertion(f"tenant: it is not one of embed {name}'s")
    if len(_text(claims, "jti", LONGEST_NAME)) < SHORTEST_ID:
        raise BadAssertion("jti: it is too short to be unique")


def _person(claims: Mapping[str, Any], issuer: Issuer) -> Person:
    subject = _text(claims, "sub", LONGEST_NAME)
    if "@" in subject:
        raise BadAssertion("sub: it has to be a lasting id, not an e-mail address")
    groups = claims.get("groups", [])
    if not isinstance(groups, list) or len(groups) > MOST_GROUPS:
        raise BadAssertion(f"groups: a list of at most {MOST_GROUPS}")
    if not all(isinstance(g, str) and 0 < len(g) <= LONGEST_GROUP for g in groups):
        raise BadAssertion(f"groups: each a text of at most {LONGEST_GROUP} characters")
    name = _text(claims, "name", LONGEST_NAME) if "name" in claims else ""
    return Person(issuer.issuer, subject, claims["tenant"], frozenset(groups), name)


def _text(claims: Mapping[str, Any], name: str, longest: int) -> str:
    value = claims.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= longest:
        raise BadAssertion(f"{name}: a text of 1 to {longest} characters")
    return value


def _time(claims: Mapping[str, Any], name: str) -> float:
    """Seconds since 1970; true is a number in Python, but no time."""
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1e11:
        raise BadAssertion(f"{name}: it has to be a time")
    return float(value)
