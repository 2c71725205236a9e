"""Who somebody is: what a portal says, what portal.toml says, and bearers."""

from __future__ import annotations

import json
import re
import threading
import tomllib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from assistant.accounts.store import Store
from assistant.accounts.vouched import Vouched
from assistant.errors import WrongUse
from assistant.identity import bearers as bearing
from assistant.identity.assertions import LEEWAY, Assertions, BadAssertion
from assistant.identity.bearers import ENDING, LIFE, Bearers, TooMany
from assistant.identity.configuring import Embed, Issuer, LoginSettings, Portal, read_portal
from assistant.identity.keysets import (
    AGAIN,
    FRESH,
    STALE,
    KeysUnavailable,
    NotSigned,
    SigningKeys,
)
from assistant.identity.people import Person
from assistant.manual import page
from tests.vouching import (
    ISSUER,
    SECRET,
    URL,
    Clock,
    KeyServer,
    claims,
    encoded,
    forged,
    jwk,
    key_server,
    pem,
    private_key,
    sign,
)

NOW = 1_700_000_000


def portal_of(**issuer: str) -> Portal:
    return Portal.model_validate({
        "url": URL,
        "issuers": {
            "portal": {"issuer": ISSUER, **issuer},
            "other": {"issuer": "https://other.example", "algorithm": "HS256", "secret_env": "O"},
        },
        "embeds": {
            "hr": {"issuer": "portal", "origins": [ISSUER], "tenants": ["acme"]},
            "shop": {"issuer": "other", "origins": ["https://shop.example"], "tenants": ["acme"]},
        },
    })  # fmt: skip


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


@pytest.fixture
def assertions(tmp_path: Path, clock: Clock) -> Assertions:
    """Those of a portal whose key is in a file."""
    return opened(tmp_path, clock)


def opened(home: Path, clock: Clock, algorithm: str = "ES256") -> Assertions:
    (home / "portal.pem").write_text(pem(private_key(algorithm)))
    portal = portal_of(algorithm=algorithm, key_file="portal.pem")
    return Assertions(portal, home, {"O": SECRET}, Vouched(Store(home)), clock)


# -- assertions --------------------------------------------------------------------


@pytest.mark.parametrize("algorithm", ["ES256", "RS256", "EdDSA"])
def test_a_portal_says_who_somebody_is(tmp_path: Path, clock: Clock, algorithm: str) -> None:
    """Groups carry the issuer's name, so those of two portals never meet."""
    person = opened(tmp_path, clock, algorithm).accept(
        sign(claims(NOW), private_key(algorithm), algorithm), "hr", "n-1"
    )
    assert person == Person(ISSUER, "u-17", "acme", frozenset({"editors"}), "Ann")
    assert person.principal.id == f"user:{ISSUER}|u-17"
    assert person.principal.groups == {f"group:{ISSUER}|editors"}


def test_a_shared_secret_does_if_the_issuer_is_set_so(tmp_path: Path, clock: Clock) -> None:
    portal = portal_of(algorithm="HS256", secret_env="S")
    assertions = Assertions(
        portal, tmp_path, {"S": SECRET, "O": SECRET}, Vouched(Store(tmp_path)), clock
    )
    assert assertions.accept(sign(claims(NOW), SECRET, "HS256"), "hr", "n-1").subject == "u-17"


def said(**changed: Any) -> Callable[[], str]:
    """Signed as it should be, with other claims."""
    return lambda: sign(claims(NOW, **changed))


def headed(**header: Any) -> Callable[[], str]:
    """Signed as it should be, with another header."""
    return lambda: sign(claims(NOW), **header)


def unsigned(**header: Any) -> Callable[[], str]:
    full = {"typ": "assist-embed+jwt", "kid": "k1", **header}
    return lambda: forged(full, claims(NOW))


def with_public_key_as_secret() -> str:
    """The attack on libraries that let the token choose how it is checked."""
    import hashlib
    import hmac

    whole = forged({"typ": "assist-embed+jwt", "kid": "k1", "alg": "HS256"}, claims(NOW))
    body = whole.rstrip(".")
    public = pem(private_key("ES256")).encode()
    return f"{body}.{encoded(hmac.new(public, body.encode(), hashlib.sha256).digest())}"


def altered() -> str:
    head, _, signature = sign(claims(NOW)).split(".")
    return f"{head}.{encoded(json.dumps(claims(NOW, sub='admin')).encode())}.{signature}"


def claims_twice() -> str:
    once = json.dumps(claims(NOW))
    return sign(f'{once[:-1]}, "sub": "admin"}}'.encode())


def raw(**changed: str) -> Callable[[], str]:
    """Claims that JSON libraries do not write: {name: its text}."""

    def make() -> str:
        kept = {name: value for name, value in claims(NOW).items() if name not in changed}
        more = ", ".join(f'"{name}": {text}' for name, text in changed.items())
        return sign(f"{json.dumps(kept)[:-1]}, {more}}}".encode())

    return make


HOSTILE: dict[str, Callable[[], str]] = {
    "nothing": lambda: "",
    "no token": lambda: "hello",
    "two parts": lambda: sign(claims(NOW)).rsplit(".", 1)[0],
    "four parts": lambda: sign(claims(NOW)) + ".e30",
    "no ASCII": lambda: "é.é.é",
    "too long": lambda: sign(claims(NOW, name="x" * 20_000)),
    "a header of 11,000 brackets": lambda: forged(b"[" * 11_000, {}, "x"),
    "a header that is a list": lambda: forged(b"[]", claims(NOW), "x"),
    "a payload that is a list": lambda: sign(b"[]"),
    "a payload of 7,000 brackets": lambda: sign(b"[" * 7_000),
    "a payload that is no JSON": lambda: sign(b"iss=portal"),
    "alg none": unsigned(alg="none"),
    "alg None": unsigned(alg="None"),
    "alg nOnE": unsigned(alg="nOnE"),
    "alg missing": unsigned(),
    "alg a list": unsigned(alg=["ES256"]),
    "alg HS256 with the public key": with_public_key_as_secret,
    "alg RS256 with another key": lambda: sign(claims(NOW), private_key("RS256"), "RS256"),
    "another key": lambda: sign(claims(NOW), private_key("ES256", "other")),
    "altered claims": altered,
    "signature cut off": lambda: sign(claims(NOW))[:-8],
    "signature empty": lambda: sign(claims(NOW)).rsplit(".", 1)[0] + ".",
    "typ missing": headed(typ=None),
    "typ JWT, an ID token": headed(typ="JWT"),
    "typ in capitals": headed(typ="ASSIST-EMBED+JWT"),
    "kid missing": headed(kid=None),
    "kid empty": headed(kid=""),
    "jku": headed(jku="https://evil.example/jwks"),
    "jwk": lambda: sign(claims(NOW), private_key("ES256", "evil"), jwk=jwk("ES256", "evil")),
    "jwk beside the right signature": headed(jwk=jwk("ES256")),
    "x5u": headed(x5u="https://evil.example/cert"),
    "x5c": headed(x5c=["MIIB"]),
    "crit": headed(crit=["b64"], b64=True),
    "crit unknown": headed(crit=["magic"], magic=1),
    "iss missing": said(iss=None),
    "iss of another issuer": said(iss="https://other.example"),
    "iss with a slash more": said(iss=f"{ISSUER}/"),
    "iss a list": said(iss=[ISSUER]),
    "aud missing": said(aud=None),
    "aud of another server": said(aud="https://elsewhere.example/embed"),
    "aud the server itself": said(aud=URL),
    "aud two": said(aud=[f"{URL}/embed", "https://elsewhere.example"]),
    "aud none": said(aud=[]),
    "sub missing": said(sub=None),
    "sub empty": said(sub=""),
    "sub of 10 kB": said(sub="x" * 10_000),
    "sub a number": said(sub=17),
    "sub an e-mail address": said(sub="ann@portal.example"),
    "sub with a line break": said(sub="u-17\nadmin"),
    "sub with half a character": raw(sub='"u-\\ud800"'),
    "sub that turns the text around": said(sub="u-\u202e17"),
    "tenant missing": said(tenant=None),
    "tenant of somebody else": said(tenant="globex"),
    "tenant a list": said(tenant=["acme"]),
    "embed missing": said(embed=None),
    "embed of another frame": said(embed="shop"),
    "origin missing": said(origin=None),
    "origin of another page": said(origin="https://evil.example"),
    "origin a list": said(origin=[ISSUER]),
    "origin that only begins so": said(origin=f"{ISSUER}.evil.example"),
    "groups a text": said(groups="editors"),
    "groups 201": said(groups=[f"g{n}" for n in range(201)]),
    "a group of 129 characters": said(groups=["g" * 129]),
    "a group that is a number": said(groups=[7]),
    "a group that is empty": said(groups=[""]),
    "iat missing": said(iat=None),
    "iat a text": said(iat=str(NOW)),
    "iat true": said(iat=True),
    "iat ahead": said(iat=NOW + 31, exp=NOW + 120),
    "exp missing": said(exp=None),
    "exp in ten years": said(exp=NOW + 315_360_000),
    "exp without end": raw(exp="1e999"),
    "exp no number": raw(exp="NaN"),
    "exp before iat": said(exp=NOW - 1),
    "expired": said(iat=NOW - 151, exp=NOW - 31),
    "nbf ahead": said(nbf=NOW + 31),
    "jti missing": said(jti=None),
    "jti short": said(jti="1234567890"),
    "jti a number": said(jti=10**30),
    "nonce missing": said(nonce=None),
    "nonce of another frame": said(nonce="n-2"),
    "nonce a list": said(nonce=["n-1"]),
    "a claim that nobody knows": said(is_admin=True),
    "a claim twice": claims_twice,
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_what_is_wrong_with_an_assertion_lets_nobody_in(assertions: Assertions, kind: str) -> None:
    """Whatever it is; and the right one is still good afterwards."""
    with pytest.raises(BadAssertion):
        assertions.accept(HOSTILE[kind](), "hr", "n-1")
    assert assertions.accept(sign(claims(NOW)), "hr", "n-1").subject == "u-17"


def test_there_are_enough_of_them() -> None:
    assert len(HOSTILE) >= 40


@pytest.mark.parametrize(
    ("embed", "nonce"), [("shop", "n-1"), ("nothing", "n-1"), ("hr", ""), ("hr", "n-2")]
)
def test_a_right_assertion_is_good_in_its_own_frame_only(
    assertions: Assertions, embed: str, nonce: str
) -> None:
    with pytest.raises(BadAssertion):
        assertions.accept(sign(claims(NOW)), embed, nonce)


def test_an_issuer_speaks_for_its_own_embed_only(tmp_path: Path, clock: Clock) -> None:
    """Though both are known here."""
    assertions = opened(tmp_path, clock)
    with pytest.raises(BadAssertion, match="alg"):
        assertions.accept(sign(claims(NOW), SECRET, "HS256"), "hr", "n-1")


@pytest.mark.parametrize(("off", "is_good"), [(29, True), (-29, True), (31, False), (-3600, False)])
def test_clocks_may_differ_by_half_a_minute(
    assertions: Assertions, clock: Clock, off: float, is_good: bool
) -> None:
    """More is said, with what each clock shows, for whoever sets them."""
    assertion = sign(claims(NOW + off))
    if is_good:
        assert assertions.accept(assertion, "hr", "n-1").tenant == "acme"
        return
    with pytest.raises(BadAssertion, match=f"{NOW + off:.0f}|{NOW + off + 120:.0f}") as refused:
        assertions.accept(assertion, "hr", "n-1")
    assert str(NOW) in str(refused.value)
    assert refused.value.code == ("clock_skew" if off > 0 else "unauthorized")


def test_an_assertion_is_good_once_also_after_a_restart(tmp_path: Path, clock: Clock) -> None:
    assertion = sign(claims(NOW))
    opened(tmp_path, clock).accept(assertion, "hr", "n-1")
    for again in (opened(tmp_path, clock), opened(tmp_path, clock)):
        with pytest.raises(BadAssertion, match="used before"):
            again.accept(assertion, "hr", "n-1")
    clock.now += 120 + LEEWAY - 1
    with pytest.raises(BadAssertion, match="used before"):
        opened(tmp_path, clock).accept(assertion, "hr", "n-1")


def test_a_used_assertion_stays_used_where_the_clock_is_set_back(
    tmp_path: Path, clock: Clock
) -> None:
    """Also after what was used has been forgotten, and after a restart. What is signed then is
    good, and a clock that was wrong for a moment locks nobody out."""
    first = sign(claims(NOW))
    opened(tmp_path, clock).accept(first, "hr", "n-1")
    clock.now += 3600
    later = sign(claims(NOW + 3600))
    opened(tmp_path, clock).accept(later, "hr", "n-1")
    clock.now += 10**8
    opened(tmp_path, clock).accept(sign(claims(clock.now)), "hr", "n-1")
    clock.now = NOW
    for used in (first, later):
        with pytest.raises(BadAssertion):
            opened(tmp_path, clock).accept(used, "hr", "n-1")
    clock.now = NOW + 3600 + 200
    opened(tmp_path, clock).accept(sign(claims(clock.now)), "hr", "n-1")


def test_of_many_at_once_one_is_let_in(assertions: Assertions) -> None:
    """Whoever comes second, however close."""
    assertion, ready = sign(claims(NOW)), threading.Barrier(8)

    def attempt(_: int) -> bool:
        ready.wait()
        try:
            assertions.accept(assertion, "hr", "n-1")
        except BadAssertion:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(attempt, range(8))) == 1


def test_a_dry_run_says_what_is_wrong_and_uses_nothing_up(assertions: Assertions) -> None:
    assertion = sign(claims(NOW))
    assert assertions.check(assertion, "hr", "n-1") == assertions.check(assertion, "hr", "n-1")
    assert assertions.accept(assertion, "hr", "n-1").tenant == "acme"
    with pytest.raises(BadAssertion, match="tenant"):
        assertions.check(sign(claims(NOW, tenant="globex")), "hr", "n-1")


def test_what_was_signed_before_a_logout_is_void(tmp_path: Path, clock: Clock) -> None:
    """After a restart, too; what is signed afterwards is good, and so is everybody else's."""
    before = sign(claims(NOW))
    opened(tmp_path, clock).revoke(ISSUER, "u-17")
    again = opened(tmp_path, clock)
    with pytest.raises(BadAssertion, match="logged out"):
        again.accept(before, "hr", "n-1")
    assert again.accept(sign(claims(NOW, sub="u-18")), "hr", "n-1").tenant == "acme"
    clock.now += 1
    assert again.accept(sign(claims(clock.now)), "hr", "n-1").tenant == "acme"


def test_a_name_is_shown_and_decides_nothing(assertions: Assertions) -> None:
    """What could not be shown is left out of it."""
    for name, shown in [("Анна\u202e\n", "Анна"), (7, ""), (None, ""), ("x" * 999, "x" * 255)]:
        assert assertions.accept(sign(claims(NOW, name=name)), "hr", "n-1").name == shown


# -- keys of issuers ---------------------------------------------------------------


@pytest.fixture
def server() -> Any:
    with key_server() as shown:
        yield shown


def keys_at(server: KeyServer, clock: Clock, wait: float = 60) -> SigningKeys:
    issuer = Issuer(issuer=ISSUER, algorithm="ES256", keys=server.address)
    return SigningKeys(issuer, Path(), {}, clock, wait)


def is_known(keys: SigningKeys, name: str) -> bool:
    token = sign(claims(NOW), private_key("ES256", name), kid=name)
    try:
        keys.open(token)
    except NotSigned:
        return False
    return True


def test_keys_are_fetched_once_and_new_ones_within_a_minute(
    server: KeyServer, clock: Clock
) -> None:
    keys = keys_at(server, clock)
    server.show(jwk("ES256"))
    assert is_known(keys, "k1")
    assert is_known(keys, "k1")
    assert len(server.asked) == 1
    server.show(jwk("ES256", "k2"))
    clock.now += AGAIN
    assert is_known(keys, "k2")
    assert not is_known(keys, "k1")
    assert len(server.asked) == 2


def test_a_key_that_was_withdrawn_is_good_for_ten_minutes_at_most(
    server: KeyServer, clock: Clock
) -> None:
    keys = keys_at(server, clock)
    server.show(jwk("ES256"))
    assert is_known(keys, "k1")
    server.show(jwk("ES256", "k2"))
    clock.now += FRESH - 1
    assert is_known(keys, "k1")
    clock.now += 2
    assert not is_known(keys, "k1")


def test_unknown_keys_cost_one_request_a_minute(server: KeyServer, clock: Clock) -> None:
    """However many are named, and by how many at once."""
    keys = keys_at(server, clock)
    server.show(jwk("ES256"))
    names = [f"{n}'; DROP TABLE keys; --../../etc/passwd" for n in range(40)]
    token = sign(claims(NOW))
    _, payload, signature = token.split(".")

    def attempt(name: str) -> bool:
        head = encoded(json.dumps({"alg": "ES256", "typ": "x", "kid": name}).encode())
        with pytest.raises(NotSigned):
            keys.open(f"{head}.{payload}.{signature}")
        return True

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(attempt, names))
    assert len(server.asked) == 1
    clock.now += AGAIN
    attempt("another")
    assert len(server.asked) == 2


def test_old_keys_are_good_for_a_day_while_the_address_is_down(
    server: KeyServer, clock: Clock
) -> None:
    """Then nobody new is let in."""
    keys = keys_at(server, clock)
    server.show(jwk("ES256"))
    assert is_known(keys, "k1")
    server.status = 503
    clock.now += STALE - 1
    assert is_known(keys, "k1")
    clock.now += 2
    with pytest.raises(KeysUnavailable):
        is_known(keys, "k1")
    server.status = 200
    clock.now += AGAIN
    assert is_known(keys, "k1")


@pytest.mark.parametrize(
    "body",
    [
        b"", b"no JSON", b"[]", b'{"keys": 7}', b'{"keys": [7, null, {}]}', b"[" * 100_000,
        b" " * 10_000_000, b'{"keys": [{"kid": "k1", "kty": "oct", "k": "AAAA"}]}',
        b'{"keys": [{"kid": "k1", "kty": "EC", "crv": "P-256", "x": 1, "y": "AA"}]}',
        b"\xff\xfe\x00",
    ],
)  # fmt: skip
def test_what_is_no_set_of_keys_lets_nobody_in(
    server: KeyServer, clock: Clock, body: bytes
) -> None:
    server.body = body
    with pytest.raises(KeysUnavailable):
        is_known(keys_at(server, clock), "k1")


def test_keys_for_something_else_are_left_out(server: KeyServer, clock: Clock) -> None:
    """For encryption, by another algorithm, without a name."""
    one = jwk("ES256")
    server.show(
        {**one, "use": "enc"}, {**one, "alg": "RS256"}, {**one, "kid": 7}, jwk("RS256", "k1")
    )
    with pytest.raises(KeysUnavailable):
        is_known(keys_at(server, clock), "k1")


def test_another_address_is_not_followed(server: KeyServer, clock: Clock) -> None:
    with key_server() as other:
        other.show(jwk("ES256"))
        server.status, server.location = 302, other.address
        with pytest.raises(KeysUnavailable):
            is_known(keys_at(server, clock), "k1")
        assert other.asked == []


def test_an_address_that_drips_is_given_up(server: KeyServer, clock: Clock) -> None:
    """Not waited for as long as something comes."""
    server.show(jwk("ES256"))
    server.pause = 0.2
    with pytest.raises(KeysUnavailable):
        is_known(keys_at(server, clock, wait=0.5), "k1")


def test_who_shows_a_known_key_does_not_wait_for_new_ones(server: KeyServer, clock: Clock) -> None:
    """One asks, the others go on with what there is."""
    keys = keys_at(server, clock)
    server.show(jwk("ES256"))
    assert is_known(keys, "k1")
    clock.now += FRESH + 1
    server.pause = 0.05
    with ThreadPoolExecutor(1) as asking:
        asks = asking.submit(is_known, keys, "k1")
        while len(server.asked) < 2:
            pass
        assert is_known(keys, "k1")
        assert not asks.done()
        assert asks.result()


# -- portal.toml -------------------------------------------------------------------

GOOD = """
url = "https://assist.example/"
[issuers.portal]
issuer = "https://portal.example"
algorithm = "ES256"
keys = "https://portal.example/jwks"
[embeds.hr]
issuer = "portal"
origins = ["https://Portal.example:443"]
tenants = ["acme"]
[login]
issuer = "https://login.example/"
client_id = "onrecord"
tenant = "acme"
administrators = ["admins", "group:https://login.example/|owners"]
"""
ENVIRONMENT = {"ONRECORD_LOGIN_SECRET": "s3cret", "PORTAL_SECRET": SECRET}


def read(home: Path, text: str, environment: dict[str, str] = ENVIRONMENT) -> Portal:
    (home / "portal.toml").write_text(text)
    portal = read_portal(home, environment)
    assert portal is not None
    return portal


def test_a_good_file_is_read_and_origins_are_spelt_as_browsers_do(tmp_path: Path) -> None:
    portal = read(tmp_path, GOOD)
    assert portal.audience == "https://assist.example/embed"
    assert portal.embeds["hr"].origins == ("https://portal.example",)
    assert portal.login
    assert portal.login.issuer == "https://login.example/"
    assert portal.login.administrating == {
        "group:https://login.example/|admins",
        "group:https://login.example/|owners",
    }


def test_without_the_file_there_is_no_portal(tmp_path: Path) -> None:
    assert read_portal(tmp_path, {}) is None


def test_the_manual_names_every_setting_and_its_example_can_be_used() -> None:
    """And none that does not exist."""
    section = page("portal").text
    (example,) = re.findall(r"```toml\n(.*?)```", section, re.DOTALL)
    assert Portal.model_validate(tomllib.loads(example)).lets_somebody_in
    told = set(re.findall(r"^\| `([a-z_]+)` \|", section, re.MULTILINE))
    tables = (Portal, Issuer, Embed, LoginSettings)
    known = {name for table in tables for name in table.model_fields}
    assert told == known - {"issuers", "embeds", "login"}


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("url =", "urls =", "urls"),
        ('url = "https://assist.example/"', "", "url"),
        ("https://assist.example/", "http://assist.example", "https://"),
        ("https://assist.example/", "https://assist.example/a?b=c", "may have a path of letters"),
        ("https://assist.example/", "assist.example", "address like"),
        ("[issuers.portal]", "[issuers.portal", "not valid TOML"),
        ("[issuers.portal]", '[issuers."Por tal"]', "issuers"),
        ("https://portal.example/jwks", "http://portal.example/jwks", "https://"),
        ("https://portal.example/jwks", "file:///etc/passwd", "address like"),
        ("https://portal.example/jwks", "https://me:pw@portal.example", "user name"),
        ('keys = "https://portal.example/jwks"', "", "keys or key_file"),
        ('keys = "https', 'key_file = "a.pem"\nkeys = "https', "keys or key_file"),
        ('"ES256"', '"none"', "ES256"),
        ('"ES256"', '"HS256"', "secret_env"),
        ('issuer = "https://portal.example"\nalg', 'issuer = "a|b"\nalg', "issuers.portal.issuer"),
        ('issuer = "portal"', 'issuer = "partal"', "issuers.partal"),
        ('["https://Portal.example:443"]', '["*"]', "name each origin"),
        ('["https://Portal.example:443"]', '["https://*.example"]', "name each origin"),
        ('["https://Portal.example:443"]', '["null"]', "address like"),
        ('["https://Portal.example:443"]', "[]", "origins"),
        ('["https://Portal.example:443"]', '["https://a.example;x"]', "end after the host"),
        ('["https://Portal.example:443"]', '["https://a.example/hr"]', "end after the host"),
        ('["acme"]', "[]", "tenants"),
        ('["acme"]', '[""]', "tenants"),
        ('tenant = "acme"\n', "", "tenant or tenant_claim"),
        ('client_id = "onrecord"', "", "client_id"),
        ("url", 'cors = ["*"]\nurl', "name each origin"),
        ("url", 'trusted_proxies = ["0.0.0.0/0"]\nurl', "is everybody"),
        ("url", 'trusted_proxies = ["proxy"]\nurl', "10.0.0.0/8"),
        ("url", "retention_days = 0\nurl", "retention_days"),
    ],
)
def test_a_mistake_is_named_with_its_place(tmp_path: Path, old: str, new: str, words: str) -> None:
    assert old in GOOD
    with pytest.raises(WrongUse, match=r"portal\.toml") as refused:
        read(tmp_path, GOOD.replace(old, new, 1))
    assert words in str(refused.value)


@pytest.mark.parametrize(
    "secret", ["", "short", "changeme" * 8, "a" * 64, "secret-secret-secret-secret-secret"]
)
def test_a_weak_secret_is_refused(tmp_path: Path, secret: str) -> None:
    """Short, missing, or one that somebody made up."""
    text = GOOD.replace(
        '"ES256"\nkeys = "https://portal.example/jwks"', '"HS256"\nsecret_env = "S"'
    )
    assert read(tmp_path, text, {**ENVIRONMENT, "S": SECRET}).issuers
    with pytest.raises(WrongUse, match="openssl rand"):
        read(tmp_path, text, {**ENVIRONMENT, "S": secret})


def test_a_login_needs_its_secret(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="ONRECORD_LOGIN_SECRET"):
        read(tmp_path, GOOD, {})


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (lambda: "hello", "no public key"),
        (lambda: pem(private_key("ES256"), private=True), "private key"),
        (lambda: pem(private_key("RS256")), "no public key for ES256"),
        (lambda: pem(ec.generate_private_key(ec.SECP384R1())), "no public key for ES256"),
        (lambda: None, "there is no file"),
    ],
)
def test_a_key_file_that_cannot_be_used_is_named(
    tmp_path: Path, content: Callable[[], str | None], words: str
) -> None:
    text = GOOD.replace('keys = "https://portal.example/jwks"', 'key_file = "portal.pem"')
    if (written := content()) is not None:
        (tmp_path / "portal.pem").write_text(written)
    with pytest.raises(WrongUse, match=words):
        SigningKeys(read(tmp_path, text).issuers["portal"], tmp_path, {})


def test_a_short_rsa_key_is_weak(tmp_path: Path) -> None:
    (tmp_path / "portal.pem").write_text(pem(rsa.generate_private_key(65537, 1024)))
    text = GOOD.replace(
        '"ES256"\nkeys = "https://portal.example/jwks"', '"RS256"\nkey_file = "portal.pem"'
    )
    with pytest.raises(WrongUse, match="too weak"):
        SigningKeys(read(tmp_path, text).issuers["portal"], tmp_path, {})


# -- bearers -----------------------------------------------------------------------

ANN = Person(ISSUER, "u-17", "acme")


def test_a_bearer_is_good_for_ten_minutes(clock: Clock) -> None:
    """An answer that it began may be finished."""
    bearers = Bearers(clock)
    secret, bearer = bearers.give(ANN, "hr")
    assert bearers.find(secret) == bearer
    assert bearers.find(bearer.id) is None
    clock.now += LIFE
    assert bearers.find(secret) is None
    assert bearers.is_current(bearer.id)
    clock.now += ENDING
    assert not bearers.is_current(bearer.id)


def test_a_person_who_is_revoked_loses_every_bearer_at_once(clock: Clock) -> None:
    """The answers that are under way, too, though their bearer has expired."""
    bearers = Bearers(clock)
    _, old = bearers.give(ANN, "hr")
    clock.now += LIFE + 1
    secret, new = bearers.give(ANN, "hr")
    other, _ = bearers.give(Person("https://other.example", "u-17", "acme"), "shop")
    assert bearers.revoke(ISSUER, "u-17") == 2
    assert bearers.find(secret) is None
    assert not bearers.is_current(old.id)
    assert not bearers.is_current(new.id)
    assert bearers.find(other)


def test_who_logs_out_ends_one_bearer(clock: Clock) -> None:
    bearers = Bearers(clock)
    (here, bearer), (there, _) = bearers.give(ANN, "hr"), bearers.give(ANN, "hr")
    bearers.end(bearer.id)
    assert bearers.find(here) is None
    assert bearers.find(there)


def test_secrets_are_long_unlike_and_not_kept(clock: Clock) -> None:
    bearers = Bearers(clock)
    given = {bearers.give(ANN, "hr")[0] for _ in range(200)}
    assert len(given) == 200
    assert min(map(len, given)) >= 43
    kept = repr(vars(bearers))
    assert not [secret for secret in given if secret in kept]


def test_too_many_bearers_are_refused_until_some_have_expired(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bearing, "MOST", 3)
    bearers = Bearers(clock)
    for _ in range(3):
        bearers.give(ANN, "hr")
    with pytest.raises(TooMany):
        bearers.give(ANN, "hr")
    clock.now += LIFE + ENDING
    assert bearers.give(ANN, "hr")


def test_tokens_are_not_opened_without_the_issuers_algorithm(tmp_path: Path) -> None:
    """Also of the library alone: an issuer's one algorithm is asked for, not the token's."""
    issuer = Issuer(issuer=ISSUER, algorithm="HS256", secret_env="S")
    keys = SigningKeys(issuer, tmp_path, {"S": SECRET})
    assert keys.open(sign(claims(NOW), SECRET, "HS256"))[1]["sub"] == "u-17"
    with pytest.raises(NotSigned):
        keys.open(jwt.encode(claims(NOW), SECRET * 2, "HS384"))
