"""The keys of issuers, and signatures checked with them. Everything about JWT's formats.

A set of public keys is fetched from the configured address, and from nowhere else: what a
token says about its own key (jku, jwk, x5u) is never followed.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.errors import WrongUse
from assistant.identity.configuring import Issuer, shared_secret

if TYPE_CHECKING:
    from jwt import PyJWK

log = logging.getLogger("onrecord.identity")

FRESH = 600.0
"""Seconds for which fetched keys are used without asking again."""

AGAIN = 60.0
"""Seconds between two fetches, however many unknown keys are named."""

STALE = 86_400.0
"""Seconds for which old keys are still good while the address does not answer."""

LARGEST = 200_000
"""Bytes of a set of keys."""

FETCH_WAIT = 5.0
"""Seconds to wait for the address, and for all that it sends."""


class NotSigned(Exception):
    """A token that this issuer did not sign; says why, for the log."""


class KeysUnavailable(Exception):
    """The issuer's keys cannot be fetched, and there are no old ones that are still good."""


class SigningKeys:
    """Checks the signatures of one issuer. Good for many threads."""

    def __init__(
        self,
        issuer: Issuer,
        home: Path,
        environment: Mapping[str, str],
        clock: Callable[[], float] = time.monotonic,
        wait: float = FETCH_WAIT,
    ) -> None:
        self._wait = wait
        self.issuer = issuer
        self._clock = clock
        self._fetching = threading.Lock()
        self._fetched: tuple[dict[str, PyJWK], float] = ({}, float("-inf"))
        self._tried_at = float("-inf")
        self._fixed: bytes | None = None
        if issuer.key_file:
            self._fixed = read_public_key(home / issuer.key_file, issuer.algorithm)
        elif issuer.secret_env:
            self._fixed = shared_secret(issuer, environment)

    def open(self, token: str) -> tuple[dict[str, Any], dict[str, Any]]:
        """The header and the claims of a signed token.

        Raises NotSigned for a token that is malformed, has a claim twice, or is not signed
        with a key of this issuer by its algorithm; KeysUnavailable.
        """
        import jwt

        with _malformed_is_not_signed():
            header = jwt.get_unverified_header(token)
            key = self._fixed if self._fixed is not None else self._key(header.get("kid"))
            jws = jwt.PyJWS(options={"enforce_minimum_key_length": True})
            opened = jws.decode_complete(token, key, algorithms=[self.issuer.algorithm])
            return opened["header"], _claims(opened["payload"])

    def count(self) -> int:
        """How many keys there are. Raises KeysUnavailable."""
        if self._fixed is not None:
            return 1
        self._refresh(None, waits=True)
        keys, _ = self._fetched
        if not keys:
            raise KeysUnavailable(f"{self.issuer.keys} gives no key for {self.issuer.algorithm}.")
        return len(keys)

    def _key(self, name: object) -> PyJWK:
        """Raises NotSigned for one that the issuer does not have."""
        if self._is_wanted(name):
            # Who names a known key does not wait for new ones.
            self._refresh(name, waits=name not in self._fetched[0])
        keys, fetched_at = self._fetched
        if self._clock() - fetched_at > STALE:
            raise KeysUnavailable(f"The keys at {self.issuer.keys} cannot be fetched.")
        if not isinstance(name, str) or name not in keys:
            raise NotSigned("kid: the issuer has no such key")
        return keys[name]

    def _is_wanted(self, name: object) -> bool:
        keys, fetched_at = self._fetched
        return name not in keys or self._clock() - fetched_at > FRESH

    def _refresh(self, name: object, *, waits: bool) -> None:
        """Fetch the keys, one at a time; what is there stays if that fails."""
        import httpx

        if not self._fetching.acquire(blocking=waits):
            return
        try:
            if not self._is_wanted(name) or self._clock() - self._tried_at < AGAIN:
                return
            self._tried_at = self._clock()
            keys = _usable(read_json(str(self.issuer.keys), self._wait), self.issuer.algorithm)
            if keys:
                self._fetched = (keys, self._clock())
            else:
                log.warning("%s has no key for %s", self.issuer.keys, self.issuer.algorithm)
        except (httpx.HTTPError, ValueError) as error:
            log.warning("the keys at %s could not be fetched: %s", self.issuer.keys, error)
        finally:
            self._fetching.release()


def unproven(token: str) -> dict[str, Any]:
    """What a token says, whoever wrote it: to find out who would have to have signed it, and
    for nothing else. Raises NotSigned for one that is malformed."""
    import jwt

    with _malformed_is_not_signed():
        opened = jwt.PyJWS().decode_complete(token, options={"verify_signature": False})
        return _claims(opened["payload"])


@contextmanager
def _malformed_is_not_signed() -> Iterator[None]:
    import jwt

    try:
        yield
    except (jwt.PyJWTError, ValueError, RecursionError) as error:
        raise NotSigned(str(error)) from error


def _claims(payload: bytes) -> dict[str, Any]:
    claims = json.loads(payload, object_pairs_hook=_each_once)
    if not isinstance(claims, dict):
        raise ValueError("the claims are no object")
    return claims


def read_public_key(path: Path, algorithm: str) -> bytes:
    """A public key in PEM for this algorithm. Raises WrongUse for anything else."""
    import jwt

    try:
        pem = path.read_bytes()
        if b"PRIVATE KEY" in pem:
            raise WrongUse(
                f"{path} is a private key, which only the issuer may have. Put the public one "
                "here: openssl pkey -in private.pem -pubout"
            )
        check = jwt.get_algorithm_by_name(algorithm)
        problem = check.check_key_length(check.prepare_key(pem))
    except OSError as error:
        raise WrongUse(f"{path} cannot be read: {error.strerror}.") from error
    except (jwt.PyJWTError, ValueError, TypeError) as error:
        raise WrongUse(f"{path} holds no public key for {algorithm} in PEM: {error}.") from error
    if problem:
        raise WrongUse(f"{path} is too weak: {problem}")
    return pem


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


def read_json(address: str, wait: float = FETCH_WAIT) -> object:
    """What stands at an address: no redirects, not too much, not too slowly.

    Raises ValueError and httpx's HTTPError.
    """
    import httpx

    until, body = time.monotonic() + wait, b""
    plain = {"accept": "application/json", "accept-encoding": "identity"}
    try:
        with (
            httpx.Client(timeout=wait, follow_redirects=False) as client,
            client.stream("GET", address, headers=plain) as reply,
        ):
            if reply.status_code != httpx.codes.OK:
                raise ValueError(f"{address} answered {reply.status_code}")
            for part in reply.iter_raw():
                body += part
                if len(body) > LARGEST:
                    raise ValueError(f"{address} sent more than {LARGEST:,} bytes")
                if time.monotonic() > until:
                    raise ValueError(f"{address} took more than {wait:g} s")
        return json.loads(body)
    except (httpx.InvalidURL, RecursionError) as error:
        raise ValueError(f"{address}: {error}") from error


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
