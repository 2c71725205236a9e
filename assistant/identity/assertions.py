"""A portal's signed word about a person: a JWT that is good for minutes, and in a frame once.

Header: the issuer's one algorithm, `typ` "assist-embed+jwt", `kid`, and nothing that would
bring its own key. Claims: `iss`, `aud` (this server's url + "/embed"), `sub`, `tenant`,
`embed`, `origin`, `groups`, `iat`, `exp`, `jti`, `nonce` and, for display only, `name`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from assistant.identity.bearers import ENDING
from assistant.identity.configuring import Embed, Issuer, Portal
from assistant.identity.keysets import NotSigned, SigningKeys, unproven
from assistant.identity.people import Person, read_groups, read_name, read_text

TYPE = "assist-embed+jwt"
LONGEST_LIFE = 300
LEEWAY = 30
"""Seconds that two clocks may differ."""

LONGEST = 16_000
"""Characters of an assertion: 200 groups of 64 characters fit."""

SHORTEST_ID = 22
"""Characters of a jti: as many as 128 bits have in base64 (in hexadecimal they have 32)."""

FORBIDDEN_HEADERS = frozenset({"jku", "jwk", "x5u", "x5c", "x5t", "x5t#S256", "crit", "b64"})

CLAIMS = frozenset({
    "iss", "aud", "sub", "tenant", "embed", "origin", "groups", "iat", "exp", "nbf", "jti",
    "nonce", "name",
})  # fmt: skip


class BadAssertion(Exception):
    """Says which claim is wrong: for the log and the integrator, not for the browser.
    `code` is what the browser is told. `is_signed`: the issuer did sign it."""

    def __init__(self, why: str, code: str = "unauthorized", *, is_signed: bool = True) -> None:
        super().__init__(why)
        self.code = code
        self.is_signed = is_signed


class Memory(Protocol):
    """Remembers, also after a restart. Times are seconds since 1970."""

    def use(self, issuer: str, id: str, until: float, now: float) -> bool:
        """Note that an assertion was used; False if it was used before."""

    def forgotten_until(self) -> float:
        """What ended up to then may have been used, and that be forgotten; 0 for nothing."""

    def revoke(self, issuer: str, subject: str, at: float) -> None:
        """Note that what was signed about a person up to now is void."""

    def revoked_at(self, issuer: str, subject: str) -> float:
        """Up to when it is; 0 for never."""


@dataclass(frozen=True, slots=True)
class Vouch:
    """Whom an assertion is about, and when it was signed and ends: seconds since 1970."""

    person: Person
    issued: float
    expires: float


class Assertions:
    """Checks the assertions of every issuer of a portal. Good for many threads."""

    def __init__(
        self,
        portal: Portal,
        home: Path,
        environment: Mapping[str, str],
        memory: Memory,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._portal = portal
        self._memory = memory
        self._clock = clock
        self._keys = {
            name: SigningKeys(issuer, home, environment) for name, issuer in portal.issuers.items()
        }

    def accept(self, assertion: str, embed: str, nonce: str) -> Person:
        """Whom it is about; it cannot be used again.

        `nonce` is the one that the frame made up. Raises BadAssertion, KeysUnavailable.
        """
        person, claims = self._checked(assertion, embed, nonce)
        until = claims["exp"] + LEEWAY
        if not self._memory.use(person.issuer, claims["jti"], until, self._clock()):
            raise BadAssertion("jti: it was used before")
        return person

    def check(self, assertion: str, embed: str, nonce: str) -> Person:
        """The same without using it up, for people who build a portal."""
        return self._checked(assertion, embed, nonce)[0]

    def vouch(self, assertion: str, nonce: str) -> Vouch:
        """Whom it is about, as often as it is asked while it is good.

        `nonce` names the one program for which it was signed. Raises BadAssertion,
        KeysUnavailable.
        """
        _check_length(assertion)
        try:
            embed = unproven(assertion).get("embed")
        except NotSigned as error:
            raise BadAssertion(f"signature: {error}", is_signed=False) from error
        person, claims = self._checked(assertion, str(embed), nonce)
        return Vouch(person, claims["iat"], claims["exp"])

    def holds(self, vouch: Vouch) -> bool:
        """May an answer that was begun with it go on? Not a moment after the person was
        logged out."""
        in_time = self._clock() < vouch.expires + LEEWAY + ENDING
        return in_time and not self.is_revoked(vouch.person, since=vouch.issued)

    def revoke(self, issuer: str, subject: str) -> None:
        """Refuse what was signed about this person up to now."""
        self._memory.revoke(issuer, subject, self._clock())

    def is_revoked(self, person: Person, since: float) -> bool:
        """Was the person logged out at or after this time of the clock?"""
        return self._memory.revoked_at(person.issuer, person.subject) >= since

    def now(self) -> float:
        """What the clock says."""
        return self._clock()

    def _checked(self, assertion: str, embed: str, nonce: str) -> tuple[Person, Mapping[str, Any]]:
        known = self._portal.embeds.get(embed)
        if known is None:
            raise BadAssertion(f"there is no embed {embed!r}", is_signed=False)
        _check_length(assertion)
        issuer = self._portal.issuers[known.issuer]
        try:
            header, claims = self._keys[known.issuer].open(assertion)
        except NotSigned as error:
            raise BadAssertion(f"signature: {error}", is_signed=False) from error
        _check_header(header)
        _check_parties(claims, issuer, self._portal.audience)
        self._check_times(claims)
        _check_place(claims, embed, known, nonce)
        person = _person(claims, issuer)
        if claims["iat"] <= self._memory.revoked_at(person.issuer, person.subject):
            raise BadAssertion("iat: the person was logged out since")
        return person, claims

    def _check_times(self, claims: Mapping[str, Any]) -> None:
        now = self._clock()
        issued, expires = _time(claims, "iat"), _time(claims, "exp")
        not_before = _time(claims, "nbf") if "nbf" in claims else issued
        if not 0 < expires - issued <= LONGEST_LIFE:
            raise BadAssertion(f"exp: it has to be at most {LONGEST_LIFE} s after iat")
        if max(issued, not_before) > now + LEEWAY:
            raise BadAssertion(
                f"iat or nbf: {max(issued, not_before):.0f}, and here it is {now:.0f}. "
                "Set the clocks right",
                "clock_skew",
            )
        # Where the clock was set back, what has ended once stays ended.
        now = max(now, self._memory.forgotten_until())
        if now >= expires + LEEWAY:
            raise BadAssertion(f"exp: {expires:.0f}, and here it is {now:.0f}")


def _check_length(assertion: str) -> None:
    if len(assertion) > LONGEST:
        raise BadAssertion(f"it has more than {LONGEST:,} characters", is_signed=False)


def _check_header(header: Mapping[str, Any]) -> None:
    if header.get("typ") != TYPE:
        raise BadAssertion(f"typ: it has to be {TYPE}")
    if not isinstance(header.get("kid"), str) or not header["kid"]:
        raise BadAssertion("kid: it is missing")
    if brought := sorted(FORBIDDEN_HEADERS & header.keys()):
        raise BadAssertion(f"header: {', '.join(brought)} may not be there")


def _check_parties(claims: Mapping[str, Any], issuer: Issuer, audience: str) -> None:
    if unknown := sorted(claims.keys() - CLAIMS):
        raise BadAssertion(f"claims: {unknown} may not be there")
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
        raise BadAssertion("nonce: it is not the one that was asked for")
    if claims.get("tenant") not in embed.tenants:
        raise BadAssertion(f"tenant: it is not one of embed {name}'s")


def _person(claims: Mapping[str, Any], issuer: Issuer) -> Person:
    try:
        subject = read_text(claims, "sub")
        groups = read_groups(claims, "groups")
        id = read_text(claims, "jti")
    except ValueError as error:
        raise BadAssertion(str(error)) from error
    if "@" in subject:
        raise BadAssertion("sub: it has to be a lasting id, not an e-mail address")
    if len(id) < SHORTEST_ID:
        raise BadAssertion("jti: it is too short for 128 random bits")
    return Person(issuer.issuer, subject, claims["tenant"], groups, read_name(claims))


def _time(claims: Mapping[str, Any], name: str) -> float:
    """Seconds since 1970; true is a number in Python, but no time."""
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1e11:
        raise BadAssertion(f"{name}: it has to be a time")
    return float(value)
