"""A portal for tests: it has real keys, signs assertions, and shows its keys over HTTP."""

from __future__ import annotations

import base64
import json
import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from tests.listening import listening

Private = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey

MAKE: Mapping[str, Callable[[], Private]] = {
    "ES256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "RS256": lambda: rsa.generate_private_key(65537, 2048),
    "EdDSA": ed25519.Ed25519PrivateKey.generate,
}

ISSUER, ORIGIN, URL = "https://portal.example", "https://portal.example", "https://assist.example"
SECRET = "Zk3-8sQ.v0Lr5yTn2mXw9pHc7jBd4gFa"


@cache
def private_key(algorithm: str, name: str = "k1") -> Private:
    """The portal's key of this name."""
    return MAKE[algorithm]()


def pem(key: Private, *, private: bool = False) -> str:
    """As it stands in a file."""
    if private:
        return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    form = PublicFormat.SubjectPublicKeyInfo
    return key.public_key().public_bytes(Encoding.PEM, form).decode()


def jwk(algorithm: str, name: str = "k1") -> dict[str, Any]:
    """The public key as one of a set."""
    check = jwt.get_algorithm_by_name(algorithm)
    public: Any = private_key(algorithm, name).public_key()
    return {**json.loads(check.to_jwk(public)), "kid": name, "use": "sig", "alg": algorithm}


def claims(now: float, **changed: Any) -> dict[str, Any]:
    """What is said about somebody, and right; None takes a claim away."""
    said = {
        "iss": ISSUER,
        "aud": f"{URL}/embed",
        "sub": "u-17",
        "tenant": "acme",
        "embed": "hr",
        "origin": ORIGIN,
        "groups": ["editors"],
        "iat": int(now),
        "exp": int(now) + 120,
        "jti": secrets.token_urlsafe(16),
        "nonce": "n-1",
        "name": "Ann",
        **changed,
    }
    return {name: value for name, value in said.items() if value is not None}


def sign(
    said: Mapping[str, Any] | bytes,
    key: Any = None,
    algorithm: str = "ES256",
    **header: Any,
) -> str:
    """An assertion; of bytes, exactly these are signed."""
    headers = {"typ": "assist-embed+jwt", "kid": "k1", **header}
    payload = said if isinstance(said, bytes) else json.dumps(said).encode()
    kept = {name: value for name, value in headers.items() if value is not None}
    jws = jwt.PyJWS()
    return jws.encode(payload, key or private_key(algorithm), algorithm, kept)


def forged(header: Mapping[str, Any] | bytes, said: Mapping[str, Any], signature: str = "") -> str:
    """Put together by hand, without a key."""
    head = header if isinstance(header, bytes) else json.dumps(header).encode()
    return f"{encoded(head)}.{encoded(json.dumps(said).encode())}.{signature}"


def encoded(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).rstrip(b"=").decode()


class Clock:
    """A clock that is set by hand."""

    def __init__(self, now: float = 1_700_000_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


@dataclass
class KeyServer:
    """Shows a set of keys; counts how often it is asked. `pause` is in seconds."""

    address: str = ""
    body: bytes = b'{"keys": []}'
    status: int = 200
    pause: float = 0.0
    location: str = ""
    asked: list[str] = field(default_factory=list)

    def show(self, *keys: Mapping[str, Any]) -> None:
        """From now on these keys."""
        self.body = json.dumps({"keys": keys}).encode()


@contextmanager
def key_server() -> Iterator[KeyServer]:
    """A real server on this computer."""
    shown = KeyServer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            shown.asked.append(self.path)
            self.send_response(shown.status)
            if shown.location:
                self.send_header("Location", shown.location)
            self.end_headers()
            step = max(1, len(shown.body) // 20) if shown.pause else len(shown.body) or 1
            try:
                for start in range(0, len(shown.body), step):
                    self.wfile.write(shown.body[start : start + step])
                    time.sleep(shown.pause)
            except OSError:
                return  # the caller has heard enough

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    shown.address = f"http://127.0.0.1:{server.server_port}/jwks"
    with listening(server):
        yield shown
