"""Through which doors people and programs come: tenants, embeds, the login."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.accounts.ledger import Ledger
from assistant.identity.configuring import Embed, Portal
from assistant.languages import counted, phrase
from assistant.web.administration.people_page import MOST
from assistant.web.services import PortalServices


@dataclass(frozen=True, slots=True)
class Card:
    """Facts under a heading."""

    title: str
    facts: Mapping[str, Sequence[str]]


def embeds_shown(portals: PortalServices, ledger: Ledger) -> dict[str, object]:
    """The tenants, the embeds with their origins, the login, and the server itself."""
    portal = portals.portal
    embeds = [_embed(portal, name, embed) for name, embed in portal.embeds.items()]
    return {
        "tenants": list(_tenants(portals, ledger)),
        "cards": [*embeds, *_login(portal), _server(portal)],
    }


def tenants_of(portals: PortalServices, ledger: Ledger) -> list[str]:
    """Those that portal.toml names, that people came from, and that keys belong to."""
    came = {tenant for _, tenant, *_ in ledger.people(MOST)}
    held = {key.tenant for key in portals.keys.all()}
    return sorted({*_ways(portals.portal), *came, *held} - {""})


def _tenants(portals: PortalServices, ledger: Ledger) -> Iterator[dict[str, object]]:
    people, keys = ledger.people(MOST), portals.keys.all()
    ways = _ways(portals.portal)
    for tenant in tenants_of(portals, ledger):
        yield {
            "name": tenant,
            "ways": ways.get(tenant, ["–"]),
            "people": sum(person[1] == tenant for person in people),
            "programs": len({key.name for key in keys if key.tenant == tenant}),
        }


def _ways(portal: Portal) -> dict[str, list[str]]:
    """Through which embeds, or the login, the people of each tenant may come."""
    ways: dict[str, list[str]] = {}
    for name, embed in portal.embeds.items():
        for tenant in embed.tenants:
            ways.setdefault(tenant, []).append(name)
    if portal.login and portal.login.tenant:
        ways.setdefault(portal.login.tenant, []).append("login")
    return ways


def _embed(portal: Portal, name: str, embed: Embed) -> Card:
    issuer = portal.issuers[embed.issuer]
    return Card(
        phrase("Embed {name}", name=name),
        {
            phrase("Pages that may show it"): embed.origins,
            phrase("Whose people may come"): embed.tenants,
            phrase("Who vouches for them"): (f"{issuer.issuer} ({issuer.algorithm})",),
            phrase("Address"): (f"{portal.url}/embed/{name}",),
        },
    )


def _login(portal: Portal) -> Iterator[Card]:
    if login := portal.login:
        tenant = login.tenant or phrase("as the claim {claim} says", claim=login.tenant_claim)
        yield Card(
            phrase("Login"),
            {
                phrase("Provider"): (login.issuer,),
                phrase("Known there as"): (login.client_id,),
                phrase("Tenant"): (tenant,),
                phrase("Groups that administer"): login.administrators or (phrase("none"),),
            },
        )


def _server(portal: Portal) -> Card:
    return Card(
        phrase("Server"),
        {
            phrase("Address"): (portal.url,),
            phrase("Pages of other sites that may call the API"): portal.cors or (phrase("none"),),
            phrase("Proxies that are believed"): portal.trusted_proxies or (phrase("none"),),
            phrase("Logs are kept for"): (counted(portal.retention_days, "day"),),
        },
    )
