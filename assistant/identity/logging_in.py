"""Signing in with the organisation's own login: OpenID Connect, code flow with PKCE.

The provider is asked for its addresses (discovery); then a browser goes there and comes
back with a code, which is exchanged here for an ID token. That token is checked like an
assertion: signature, issuer, audience, times, nonce.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

from assistant.errors import LoginFailed
from assistant.identity.configuring import Issuer, LoginSettings, is_safe_address
from assistant.identity.keysets import KeysUnavailable, NotSigned, SigningKeys, read_json
from assistant.identity.people import Person, read_groups, read_name, read_text

WITHIN = 600.0
"""Seconds in which a person has to come back from the provider."""

MOST_UNDER_WAY = 10_000
LEEWAY = 30
SCOPE = "openid profile"
DISCOVERY = "/.well-known/openid-configuration"
SUPPORTED = "id_token_signing_alg_values_supported"
DISCOVERED_FOR = 3_600.0
"""Seconds for which the provider's addresses are used without asking again."""


Discovered = tuple[float, Mapping[str, str], SigningKeys]
"""When a provider was asked, its addresses, its keys."""


@dataclass(frozen=True, slots=True)
class UnderWay:
    """A login that began in one browser: only that one may end it."""

    state: str
    nonce: str
    verifier: str
    next: str
    expires: float


class UnderWays(Protocol):
    """The logins that have begun and not ended, by the secret of the browser's cookie."""

    def keep(self, browser: str, begun: UnderWay, now: float) -> bool:
        """Is there room for one more? Then it is kept."""

    def take(self, browser: str, state: str) -> UnderWay | None:
        """The one of this browser and this state, for good."""


class UnderWayHere:
    """They are in this process's memory. Good for many threads."""

    def __init__(self) -> None:
        self._kept: dict[str, UnderWay] = {}
        self._lock = threading.Lock()

    def keep(self, browser: str, begun: UnderWay, now: float) -> bool:
        """Is there room for one more? Then it is kept."""
        with self._lock:
            if len(self._kept) >= MOST_UNDER_WAY:
                self._kept = {b: u for b, u in self._kept.items() if u.expires > now}
            if len(self._kept) >= MOST_UNDER_WAY:
                return False
            self._kept[browser] = begun
        return True

    def take(self, browser: str, state: str) -> UnderWay | None:
        """The one of this browser and this state, for good."""
        with self._lock:
            begun = self._kept.get(browser)
            if begun is None or not secrets.compare_digest(begun.state.encode(), state.encode()):
                return None
            return self._kept.pop(browser)


class Provider:
    """One OpenID provider. Good for many threads."""

    def __init__(
        self,
        login: LoginSettings,
        secret: str,
        redirect_uri: str,
        clock: Callable[[], float] = time.time,
        under_way: UnderWays | None = None,
    ) -> None:
        self._login = login
        self._secret = secret
        self._redirect_uri = redirect_uri
        self._clock = clock
        self._under_way = under_way or UnderWayHere()
        self._found: Discovered | None = None

    def examine(self) -> None:
        """Ask for the provider's addresses and keys. Raises LoginFailed, KeysUnavailable."""
        self._discovered()[1].count()

    def begin(self, next_page: str) -> tuple[str, str]:
        """(where to send the browser, a secret for its cookie). Raises LoginFailed."""
        addresses, _ = self._discovered()
        begun = UnderWay(
            secrets.token_urlsafe(32),
            secrets.token_urlsafe(32),
            secrets.token_urlsafe(48),
            next_page,
            self._clock() + WITHIN,
        )
        browser = secrets.token_urlsafe(32)
        if not self._under_way.keep(browser, begun, self._clock()):
            raise LoginFailed("Too many people are signing in. Try again in some minutes.")
        address, _ = self._client().create_authorization_url(
            addresses["authorization_endpoint"],
            state=begun.state,
            nonce=begun.nonce,
            code_verifier=begun.verifier,
        )
        return str(address), browser

    def finish(self, browser: str, address: str, state: str) -> tuple[Person, str]:
        """(who signed in, the page that they wanted). `address` is where the provider sent
        the browser, with the code; `browser` the secret of its cookie. Raises LoginFailed."""
        begun = self._under_way.take(browser, state)
        if begun is None:
            raise LoginFailed("This login began in another browser. Begin again.")
        if begun.expires <= self._clock():
            raise LoginFailed("This login took too long. Begin again.")
        addresses, keys = self._discovered()
        claims = self._claims(self._exchange(addresses, address, begun), keys)
        self._check(claims, begun)
        return self._person(claims), begun.next

    def _exchange(self, addresses: Mapping[str, str], address: str, begun: UnderWay) -> str:
        """The ID token for a code."""
        import httpx
        from authlib.common.errors import AuthlibBaseError

        try:
            with self._client(begun.state) as client:
                token = client.fetch_token(
                    addresses["token_endpoint"],
                    authorization_response=address,
                    code_verifier=begun.verifier,
                )
        except (AuthlibBaseError, httpx.HTTPError, ValueError) as error:
            raise LoginFailed(
                "The login provider did not accept this login. Begin again."
            ) from error
        found = token.get("id_token") if isinstance(token, dict) else None
        if not isinstance(found, str):
            raise LoginFailed("The login provider did not say who you are.")
        return found

    def _claims(self, token: str, keys: SigningKeys) -> Mapping[str, Any]:
        try:
            return keys.open(token)[1]
        except (NotSigned, KeysUnavailable) as error:
            raise LoginFailed(f"The login provider's word cannot be trusted: {error}.") from error

    def _check(self, claims: Mapping[str, Any], begun: UnderWay) -> None:
        now, audience = self._clock(), claims.get("aud")
        audiences = audience if isinstance(audience, list) else [audience]
        is_ours = self._login.client_id in audiences and (
            len(audiences) == 1 or claims.get("azp") == self._login.client_id
        )
        is_in_time = (
            _number(claims, "exp") > now - LEEWAY and 0 < _number(claims, "iat") < now + LEEWAY
        )
        is_asked_for = claims.get("nonce") == begun.nonce
        if claims.get("iss") != self._login.issuer or not (is_ours and is_in_time and is_asked_for):
            raise LoginFailed("The login provider's word is not meant for this login. Begin again.")

    def _person(self, claims: Mapping[str, Any]) -> Person:
        login = self._login
        try:
            return Person(
                login.issuer,
                read_text(claims, "sub"),
                login.tenant or read_text(claims, login.tenant_claim),
                read_groups(claims, login.groups_claim),
                read_name(claims),
            )
        except ValueError as error:
            raise LoginFailed(
                f"What the login provider says about you cannot be used: {error}. Tell whoever "
                "looks after it."
            ) from error

    def _discovered(self) -> tuple[Mapping[str, str], SigningKeys]:
        """The provider's addresses and keys; old ones while it does not answer. Raises
        LoginFailed if there are none."""
        found = self._found
        if found is None or self._clock() >= found[0] + DISCOVERED_FOR:
            found = self._discover(found)
        return found[1:]

    def _discover(self, old: Discovered | None) -> Discovered:
        import httpx

        try:
            said = read_json(self._login.issuer.rstrip("/") + DISCOVERY)
        except (httpx.HTTPError, ValueError) as error:
            if old is None:
                raise LoginFailed("The login provider does not answer. Try again later.") from error
            return old
        addresses = _addresses(said, self._login.issuer)
        issuer = Issuer(
            issuer=self._login.issuer, algorithm=_algorithm(said), keys=addresses["jwks_uri"]
        )
        keys = old[2] if old and old[2].issuer == issuer else SigningKeys(issuer, Path(), {})
        self._found = (self._clock(), addresses, keys)
        return self._found

    def _client(self, state: str | None = None) -> Any:
        from authlib.integrations.httpx_client import OAuth2Client

        return OAuth2Client(
            self._login.client_id,
            self._secret,
            scope=SCOPE,
            redirect_uri=self._redirect_uri,
            code_challenge_method="S256",
            state=state,
            timeout=10,
        )


def _addresses(found: object, issuer: str) -> Mapping[str, str]:
    """Raises LoginFailed for what is missing or could be read on the way."""
    addresses = found if isinstance(found, dict) else {}
    if addresses.get("issuer") != issuer:
        raise LoginFailed("The login provider calls itself by another name than is configured.")
    wanted = ("authorization_endpoint", "token_endpoint", "jwks_uri")
    if not all(is_safe_address(addresses.get(name)) for name in wanted):
        raise LoginFailed("The login provider does not say where to sign in.")
    return {name: str(addresses[name]) for name in wanted}


def _algorithm(said: object) -> Literal["RS256", "ES256"]:
    """RS256, which every provider has to know, unless it says that it does not."""
    signs_with = said.get(SUPPORTED) if isinstance(said, dict) else None
    is_other = isinstance(signs_with, list) and "RS256" not in signs_with
    return "ES256" if is_other else "RS256"


def _number(claims: Mapping[str, Any], name: str) -> float:
    value = claims.get(name)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else 0.0
