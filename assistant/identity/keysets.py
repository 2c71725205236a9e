"""The keys of issuers, and signatures checked with them. Everything about JWT's formats.

A set of public keys is fetched from the configured address, and from nowhere else: what a
token says about its own key (jku, jwk, x5u) is never followed.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.identity.configuring import Issuer, shared_secret

if TYPE_CHECKING:
    from jwt import PyJWK

FRESH = 600.0
"""Seconds for which fetched keys are used without asking again."""

AGAIN = 60.0
"""Seconds between two fetches, however many unknown keys are named."""

STALE = 86_400.0
"""Seconds for which old keys are still good while the address does not answer."""

LARGEST = 200_000
"""Bytes of a set of keys."""

FETCH_WAIT = 5.0
"""Seconds to wait for the address."""


class NotSigned(Exception):
    """A token that this issuer did not sign; says why, for the log."""


class KeysUnavailable(Exception):
    """The issuer's keys cannot be fetched, and there are no old ones that are still good."""


class Keys:
    """Checks the signatures of one issuer. Good for many threads."""

    def __init__(
        self,
        issuer: Issuer,
        home: Path,
        environment: Mapping[str, str],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._issuer = issuer
        self._clock = clock
        self._lock = threading.Lock()
        self._fetched: dict[str, PyJWK] = {}
        self._fetched_at = self._tried_at = float("-inf")
        self._fixed: str | bytes | None = None
        if issuer.key_file:
            self._fixed = (home / issuer.key_file).read_bytes()
        elif issuer.secret_env:
            self._fixed = shared_secret(issuer, environment)

    def open(self, token: str) -> tuple[dict[str, Any], dict[str, Any]]:
        """The header and the claims of a signed token.

        Raises NotSigned for a token that is malformed, has a claim twice, or is not signed
        with a key of this issuer by its algorithm; KeysUnavailable.
        """
        import jwt

        try:
            header = jwt.get_unverified_header(token)
            key = self._fixed if self._fixed is not None else self._key(header.get("kid"))
            opened = jwt.PyJWS().decode_complete(token, key, algorithms=[self._issuer.algorithm])
            claims = json.loads(opened["payload"], object_pairs_hook=_each_once)
        except (jwt.PyJWTError, ValueError) as error:
            raise NotSigned(str(error)) from error
        if not isinstance(claims, dict):
            raise NotSigned("the claims are no object")
        return opened["header"], claims

    def _key(self, name: object) -> PyJWK:
        """Raises NotSigned for one that the issuer does not have."""
        with self._lock:
            age = self._clock() - self._fetched_at
            if (age > FRESH or name not in self._fetched) and (
                self._clock() - self._tried_at >= AGAIN
            ):
                self._fetch()
            if self._clock() - self._fetched_at > STALE:
                raise KeysUnavailable(f"The keys at {self._issuer.keys} cannot be fetched.")
            if not isinstance(name, str) or name not in self._fetched:
                raise NotSigned("the key is unknown")
            return self._fetched[name]

    def _fetch(self) -> None:
        """Fetch the keys; what is there stays if that fails."""
        import httpx

        self._tried_at = self._clock()
        try:
            body = download(str(self._issuer.keys))
            keys = _usable(json.loads(body), self._issuer.algorithm)
        except (httpx.HTTPError, ValueError):
            return
        if keys:
            self._fetched, self._fetched_at = keys, self._clock()


def sign(claims: Mapping[str, Any], key: str, algorithm: str, headers: Mapping[str, str]) -> str:
    """A token with these claims, signed with a private key in PEM."""
    import jwt

    return jwt.encode(dict(claims), key, algorithm, headers=dict(headers))


def new_key_pair() -> tuple[str, str]:
    """A private key for ES256 and its public key, both in PEM."""
    from cryptography.hazmat.primitives import serialization as formats
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    private = key.private_bytes(
        formats.Encoding.PEM, formats.PrivateFormat.PKCS8, formats.NoEncryption()
    )
    public = key.public_key().public_bytes(
        formats.Encoding.PEM, formats.PublicFormat.SubjectPublicKeyInfo
    )
    return private.decode(), public.decode()


def download(address: str) -> bytes:
    """What stands at an address: no redirects, not too much. Raises ValueError and httpx's
    HTTPError."""
    import httpx

    with (
        httpx.Client(timeout=FETCH_WAIT, follow_redirects=False) as client,
        client.stream("GET", address) as reply,
    ):
        if reply.status_code != httpx.codes.OK:
            raise ValueError(f"{address} answered {reply.status_code}")
        body = b""
        for part in reply.iter_bytes():
            body += part
            if len(body) > LARGEST:
                raise ValueError(f"{address} sent more than {LARGEST} bytes")
        return body


def _usable(found: object, algorithm: str) -> dict[str, PyJWK]:
    """The keys with a name that are for signatures by this algorithm."""
    import jwt

    keys = {}
    listed = found.get("keys") if isinstance(found, dict) else None
    for each in listed if isinstance(listed, list) else []:
        if not isinstance(each, dict) or not isinstance(each.get("kid"), str):
            continue
        if each.get("use", "sig") != "sig" or each.get("alg", algorithm) != algorithm:
            continue
        try:
            keys[each["kid"]] = jwt.PyJWK(each, algorithm)
        except jwt.PyJWTError:
            continue
    return keys


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    claims = dict(pairs)
    if len(claims) != len(pairs):
        raise ValueError("a claim stands there twice")
    return claims
