"""Whether people can come in as `portal.toml` says: for `onrecord portal check`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from assistant.errors import LoginFailed, WrongUse
from assistant.identity.configuring import (
    FILE,
    LOGIN_SECRET,
    Issuer,
    LoginSettings,
    Portal,
    read_portal,
)
from assistant.identity.keysets import KeysUnavailable, SigningKeys
from assistant.identity.logging_in import Provider
from assistant.operating.doctor import Checked


def examine(home: Path, environment: Mapping[str, str]) -> list[Checked]:
    """Every check. The addresses of keys and of the login are asked."""
    try:
        portal = read_portal(home, environment)
    except WrongUse as error:
        return [Checked(FILE, passed=False, words=str(error))]
    if portal is None:
        words = f"there is no {home / FILE}: only this computer can be let in"
        return [Checked(FILE, passed=True, words=words)]
    return [
        Checked(FILE, passed=True, words=f"for {portal.url}"),
        *_parts(portal, home, environment),
    ]


def _parts(portal: Portal, home: Path, environment: Mapping[str, str]) -> Iterator[Checked]:
    for name, issuer in portal.issuers.items():
        yield _issuer(name, issuer, home, environment)
    for name, embed in portal.embeds.items():
        yield _embed(name, portal, embed.origins)
    if portal.login:
        yield _login(portal.login, environment[LOGIN_SECRET])
    if not portal.lets_somebody_in:
        yield Checked(
            "ways in", passed=False, words="no person can come in: add [embeds.…] or [login]"
        )


def _issuer(name: str, issuer: Issuer, home: Path, environment: Mapping[str, str]) -> Checked:
    try:
        count = SigningKeys(issuer, home, environment).count()
    except (KeysUnavailable, WrongUse) as error:
        return Checked(f"issuers.{name}", passed=False, words=str(error))
    return Checked(f"issuers.{name}", passed=True, words=f"{issuer.algorithm}, keys: {count}")


def _embed(name: str, portal: Portal, origins: tuple[str, ...]) -> Checked:
    here = urlsplit(portal.url)
    if f"{here.scheme}://{here.netloc}" in origins:
        words = (
            f"its portal is at {portal.url} itself. Give this server a host of its own, or the "
            "frame's sandbox protects nothing"
        )
        return Checked(f"embeds.{name}", passed=False, words=words)
    return Checked(f"embeds.{name}", passed=True, words=f"shown by {', '.join(origins)}")


def _login(login: LoginSettings, secret: str) -> Checked:
    try:
        Provider(login, secret, "").examine()
    except (LoginFailed, KeysUnavailable) as error:
        return Checked("login", passed=False, words=f"{login.issuer}: {error}")
    return Checked("login", passed=True, words=f"{login.issuer} answers")
