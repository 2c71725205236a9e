"""A small OpenID provider for tests: real keys, discovery, code flow with PKCE, over HTTP."""

from __future__ import annotations

import base64
import hashlib
import secrets
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import jwt
from fastapi import FastAPI, Form, Header, HTTPException
from fastapi.responses import RedirectResponse

from tests.vouching import jwk, private_key

CLIENT, SECRET = "onrecord", "the-client's-secret"


@dataclass
class Provider:
    """`person` is who is signed in there. `changed` are claims of the ID token that are not
    as they should be, `signs_with` the name of the key; `refuses` an error in place of a code."""

    issuer: str
    person: dict[str, Any] = field(default_factory=dict)
    changed: dict[str, Any] = field(default_factory=dict)
    signs_with: str = "oidc"
    refuses: str = ""
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    begun: list[dict[str, str]] = field(default_factory=list)

    def reset(self) -> None:
        """As it should be, with Ann."""
        self.person = {"sub": "ann", "name": "Ann Lee", "groups": ["editors"]}
        self.changed, self.signs_with, self.refuses = {}, "oidc", ""

    def id_token(self, nonce: str) -> str:
        """What it says about the person."""
        now = int(time.time())
        said = {
            "iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": nonce,
            **self.person, **self.changed,
        }  # fmt: skip
        kept = {name: value for name, value in said.items() if value is not None}
        key: Any = private_key("RS256", self.signs_with)
        return jwt.encode(kept, key, "RS256", {"kid": "oidc"})


def create_provider(issuer: str) -> tuple[FastAPI, Provider]:
    """The provider as an application."""
    app, provider = FastAPI(), Provider(issuer)
    provider.reset()

    @app.get("/.well-known/openid-configuration")
    def discovery() -> dict[str, Any]:
        places = {
            "authorization_endpoint": "authorize",
            "token_endpoint": "token",
            "jwks_uri": "jwks",
        }
        found = {name: f"{issuer}/{path}" for name, path in places.items()}
        return {"issuer": issuer, **found, "id_token_signing_alg_values_supported": ["RS256"]}

    @app.get("/jwks")
    def jwks() -> dict[str, Any]:
        return {"keys": [jwk("RS256", "oidc")]}

    @app.get("/authorize")
    def authorize(
        client_id: str, redirect_uri: str, state: str, nonce: str, response_type: str,
        scope: str, code_challenge: str, code_challenge_method: str,
    ) -> RedirectResponse:  # fmt: skip
        right = (CLIENT, "code", "S256", "openid profile")
        if (client_id, response_type, code_challenge_method, scope) != right:
            raise HTTPException(400)
        asked = {"challenge": code_challenge, "nonce": nonce, "redirect_uri": redirect_uri}
        provider.begun.append({**asked, "state": state})
        if provider.refuses:
            return _back(redirect_uri, error=provider.refuses, state=state)
        code = secrets.token_urlsafe(16)
        provider.codes[code] = asked
        return _back(redirect_uri, code=code, state=state)

    _add_token(app, provider)
    return app, provider


def _add_token(app: FastAPI, provider: Provider) -> None:
    @app.post("/token")
    def token(
        grant_type: str = Form(), code: str = Form(), redirect_uri: str = Form(),
        code_verifier: str = Form(), authorization: str = Header(),
    ) -> dict[str, Any]:  # fmt: skip
        asked = provider.codes.pop(code, None)
        digest = hashlib.sha256(code_verifier.encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if authorization != f"Basic {basic}" or grant_type != "authorization_code":
            raise HTTPException(401)
        if asked is None or (asked["challenge"], asked["redirect_uri"]) != (
            challenge,
            redirect_uri,
        ):
            raise HTTPException(400, "invalid_grant")
        return {
            "access_token": secrets.token_urlsafe(16),
            "token_type": "Bearer",
            "expires_in": 300,
            "id_token": provider.id_token(asked["nonce"]),
        }


def _back(address: str, **values: str) -> RedirectResponse:
    return RedirectResponse(f"{address}?{urlencode(values)}", 302)
