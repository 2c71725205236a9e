"""`portal.toml` in the home folder: who may vouch for whom, and from where.

url = "https://assist.example"        # where people reach this server; a path may follow
trusted_proxies = ["10.0.0.0/8"]      # whose X-Forwarded-For is believed
cors = ["https://app.example"]        # pages that may call the API with a bearer
retention_days = 365                  # of the audit log
folders = ["/srv/minutes"]            # that administrators may have watched, with what is below

[issuers.portal]                      # a portal that signs assertions
issuer = "https://portal.example"
algorithm = "ES256"                   # or RS256, EdDSA, HS256
keys = "https://portal.example/jwks"  # or key_file = "portal.pem"
                                      # or, for HS256, secret_env = "PORTAL_SECRET"

[embeds.hr]                           # a frame: /embed/hr
issuer = "portal"
origins = ["https://portal.example"]  # pages that may show it
tenants = ["acme"]                    # whose people may come through it

[login]                               # OpenID Connect, for the page itself
issuer = "https://login.example"
client_id = "onrecord"                # its secret: ONRECORD_LOGIN_SECRET
tenant = "acme"                       # of everybody, or tenant_claim = "org"
groups_claim = "groups"
administrators = ["admins"]           # groups whose people may administer
"""

from __future__ import annotations

import ipaddress
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from assistant.errors import WrongUse

FILE = "portal.toml"
LOGIN_SECRET = "ONRECORD_LOGIN_SECRET"  # noqa: S105  the name of a variable
SHORTEST_SECRET = 32
"""Bytes of a shared secret: as many as HS256 makes (RFC 7518, 3.2)."""

FEWEST_DIFFERENT = 8
"""Different bytes in a shared secret; "changeme" over and over has fewer."""

ORIGIN = re.compile(r"https?://([a-z0-9.-]+|\[[0-9a-f:]+\])(:[0-9]{1,5})?")
PATH = re.compile(r"(/(?!\.{1,2}(/|$))[A-Za-z0-9._~-]+)*")
NAME = r"^[a-z0-9][a-z0-9-]{0,62}$"


def is_loopback(host: str | None) -> bool:
    """Does only this computer answer to this name?"""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False


def _address(value: str) -> str:
    parts = urlsplit(value)
    if not value.isprintable() or any(char in value for char in '| <>"\\'):
        raise ValueError("has to be an address like https://portal.example")
    if parts.scheme not in ("https", "http") or not parts.hostname:
        raise ValueError("has to be an address like https://portal.example")
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise ValueError("has to begin with https://: over http anybody on the way can change it")
    if parts.username or parts.password or parts.fragment:
        raise ValueError("may hold no user name or fragment")
    return value


def is_safe_address(value: object) -> bool:
    """Is it an address of https, or of this computer?"""
    try:
        return isinstance(value, str) and bool(_address(value))
    except ValueError:
        return False


def _origin(value: str) -> str:
    """As browsers spell it: small letters, no port that is the usual one."""
    if "*" in value:
        raise ValueError("may hold no *: name each origin")
    address = _address(value).lower().rstrip("/")
    if not ORIGIN.fullmatch(address):
        raise ValueError("has to end after the host, like https://portal.example")
    scheme = address.partition(":")[0]
    return address.removesuffix({"https": ":443", "http": ":80"}[scheme])


def _network(value: str) -> str:
    try:
        network = ipaddress.ip_network(value)
    except ValueError:
        raise ValueError("has to be an address or a network like 10.0.0.0/8") from None
    if network.prefixlen == 0:
        raise ValueError("is everybody: name the addresses of your proxies")
    return value


def _absolute(value: Path) -> Path:
    if not value.is_absolute() or value == Path(value.anchor):
        raise ValueError("has to be the whole path of a folder, like /srv/minutes")
    return value


def _site(value: str) -> str:
    """An origin, and the path below which a proxy shows this server, if it does."""
    scheme, _, rest = value.rstrip("/").partition("://")
    host, slash, path = rest.partition("/")
    if not PATH.fullmatch(f"{slash}{path}"):
        raise ValueError("may have a path of letters, digits, . _ ~ and -, like /assist, after it")
    return f"{_origin(f'{scheme}://{host}')}{slash}{path}"


Address = Annotated[str, AfterValidator(_address)]
Site = Annotated[str, AfterValidator(_site)]
IssuerName = Annotated[str, Field(min_length=1, max_length=255, pattern=r"^[^|\s]+$")]
Word = Annotated[str, Field(min_length=1, max_length=255, pattern=r"^\S(.*\S)?$")]
Origin = Annotated[str, AfterValidator(_origin)]
Network = Annotated[str, AfterValidator(_network)]
Name = Annotated[str, Field(pattern=NAME)]
Algorithm = Literal["ES256", "RS256", "EdDSA", "HS256"]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Issuer(_Table):
    """Who signs assertions, with which keys."""

    issuer: IssuerName
    algorithm: Algorithm
    keys: Address | None = None
    key_file: Path | None = None
    secret_env: str | None = None

    @model_validator(mode="after")
    def _has_one_key(self) -> Issuer:
        if self.algorithm == "HS256":
            if not self.secret_env or self.keys or self.key_file:
                raise ValueError("HS256 needs secret_env, the variable with the secret, only")
        elif self.secret_env or (self.keys is None) == (self.key_file is None):
            raise ValueError(f"{self.algorithm} needs either keys or key_file")
        return self


class Embed(_Table):
    """A frame for a portal."""

    issuer: str
    origins: Annotated[tuple[Origin, ...], Field(min_length=1)]
    tenants: Annotated[tuple[Word, ...], Field(min_length=1)]


class LoginSettings(_Table):
    """The organisation's own login, for the page."""

    issuer: Address
    client_id: Word
    tenant: str = ""
    tenant_claim: str = ""
    groups_claim: str = "groups"
    administrators: tuple[Word, ...] = ()

    @model_validator(mode="after")
    def _has_one_tenant(self) -> LoginSettings:
        if bool(self.tenant) == bool(self.tenant_claim):
            raise ValueError("needs either tenant or tenant_claim")
        return self

    @property
    def administrating(self) -> frozenset[str]:
        """The groups of administrators, as a principal has them."""
        prefix = f"group:{self.issuer}|"
        return frozenset(prefix + group.removeprefix(prefix) for group in self.administrators)


class Portal(_Table):
    """All of `portal.toml`."""

    url: Site
    trusted_proxies: tuple[Network, ...] = ()
    cors: tuple[Origin, ...] = ()
    retention_days: Annotated[int, Field(ge=1, le=3650)] = 365
    folders: tuple[Annotated[Path, AfterValidator(_absolute)], ...] = ()
    issuers: dict[Name, Issuer] = {}
    embeds: dict[Name, Embed] = {}
    login: LoginSettings | None = None

    @model_validator(mode="after")
    def _knows_its_issuers(self) -> Portal:
        for name, embed in self.embeds.items():
            if embed.issuer not in self.issuers:
                raise ValueError(f"embeds.{name}: there is no [issuers.{embed.issuer}]")
        named = [issuer.issuer for issuer in self.issuers.values()]
        if len(set(named)) != len(named):
            raise ValueError("two issuers have the same name")
        return self

    @property
    def audience(self) -> str:
        """What an assertion for this server names as its audience."""
        return f"{self.url}/embed"

    def issuer_of(self, embed: str) -> str:
        """The name of the issuer that vouches for an embed's people, "" for no such embed."""
        return self.embeds[embed].issuer if embed in self.embeds else ""

    @property
    def lets_somebody_in(self) -> bool:
        """Is there a way for people? Programs come in with API keys."""
        return bool(self.embeds or self.login)

    @property
    def path(self) -> str:
        """Below which path of its host people reach this server; "" for the whole host."""
        return urlsplit(self.url).path

    @property
    def is_https(self) -> bool:
        return self.url.startswith("https://")


def read_portal(home: Path, environment: Mapping[str, str]) -> Portal | None:
    """What `portal.toml` says, None if there is none.

    Raises WrongUse for anything in it that cannot be used, and for secrets that are
    missing or weak.
    """
    path = home / FILE
    try:
        with path.open("rb") as file:
            portal = Portal.model_validate(tomllib.load(file))
    except FileNotFoundError:
        return None
    except tomllib.TOMLDecodeError as error:
        raise WrongUse(f"{path} is not valid TOML: {error}") from error
    except ValidationError as error:
        raise WrongUse(f"{path} cannot be used.\n{_in_words(error)}") from error
    _check_secrets(path, portal, environment)
    return portal


def _in_words(error: ValidationError) -> str:
    lines = []
    for problem in error.errors():
        where = ".".join(str(part) for part in problem["loc"])
        what = problem["msg"].removeprefix("Value error, ")
        lines.append(f"  {where}: {what}" if where else f"  {what}")
    return "\n".join(lines)


def _check_secrets(path: Path, portal: Portal, environment: Mapping[str, str]) -> None:
    for name, issuer in portal.issuers.items():
        if issuer.secret_env:
            shared_secret(issuer, environment)
        if issuer.key_file and not (path.parent / issuer.key_file).is_file():
            raise WrongUse(f"{path}: issuers.{name}: there is no file {issuer.key_file}.")
    if portal.login and not environment.get(LOGIN_SECRET):
        raise WrongUse(f"{path}: [login] needs the client's secret. Set {LOGIN_SECRET}.")


def shared_secret(issuer: Issuer, environment: Mapping[str, str]) -> bytes:
    """The secret that is shared with an issuer. Raises WrongUse for a missing or weak one."""
    secret = environment.get(issuer.secret_env or "", "").encode()
    if len(secret) < SHORTEST_SECRET or len(set(secret)) < FEWEST_DIFFERENT:
        raise WrongUse(
            f"The secret in {issuer.secret_env} is missing or weak. It has to have at least "
            f"{SHORTEST_SECRET} random bytes: openssl rand -base64 48"
        )
    return secret
