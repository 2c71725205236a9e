"""Through which doors people and programs come: tenants, embeds, the login."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from assistant.accounts.ledger import Ledger
from assistant.identity.configuring import Embed, Portal
from assistant.rendering.answers import escape
from assistant.web.administration.people_page import MOST
from assistant.web.services import PortalServices
from index.english.spelling import counted

ABOUT = (
    "Through which doors people come. All of it is in <code>portal.toml</code> in the index’s "
    "folder: change it there, and start the server again."
)

CARD = '<section class="card"><h2>{title}</h2><dl class="told">{facts}</dl></section>'

TENANTS = """<section class="card"><h2>Tenants</h2><table class="numbers tenants"><thead><tr>
<th scope="col">Tenant</th><th scope="col" class="words">Comes in through</th>
<th scope="col">People seen</th><th scope="col">API keys</th></tr></thead>
<tbody>{rows}</tbody></table></section>"""


def embeds_body(portals: PortalServices, ledger: Ledger) -> str:
    """The tenants, the embeds with their origins, the login, and the server itself."""
    portal = portals.portal
    cards = [_embed(portal, name, embed) for name, embed in portal.embeds.items()]
    return "".join([_tenants(portals, ledger), *cards, *_login(portal), _server(portal)])


def tenants_of(portals: PortalServices, ledger: Ledger) -> list[str]:
    """Those that portal.toml names, that people came from, and that keys belong to."""
    came = {tenant for _, tenant, *_ in ledger.people(MOST)}
    held = {key.tenant for key in portals.keys.all()}
    return sorted({*_ways(portals.portal), *came, *held} - {""})


def _tenants(portals: PortalServices, ledger: Ledger) -> str:
    people, keys = ledger.people(MOST), portals.keys.all()
    ways = _ways(portals.portal)
    rows = "".join(
        f'<tr><th scope="row">{escape(tenant)}</th>'
        f'<td class="words">{escape(", ".join(ways.get(tenant, ["–"])))}</td>'
        f"<td>{sum(person[1] == tenant for person in people):,}</td>"
        f"<td>{len({key.name for key in keys if key.tenant == tenant}):,}</td></tr>"
        for tenant in tenants_of(portals, ledger)
    )
    return TENANTS.format(rows=rows) if rows else ""


def _ways(portal: Portal) -> dict[str, list[str]]:
    """Through which embeds, or the login, the people of each tenant may come."""
    ways: dict[str, list[str]] = {}
    for name, embed in portal.embeds.items():
        for tenant in embed.tenants:
            ways.setdefault(tenant, []).append(name)
    if portal.login and portal.login.tenant:
        ways.setdefault(portal.login.tenant, []).append("login")
    return ways


def _embed(portal: Portal, name: str, embed: Embed) -> str:
    issuer = portal.issuers[embed.issuer]
    return _card(
        f"Embed {name}",
        {
            "Pages that may show it": embed.origins,
            "Whose people may come": embed.tenants,
            "Who vouches for them": (f"{issuer.issuer} ({issuer.algorithm})",),
            "Address": (f"{portal.url}/embed/{name}",),
        },
    )


def _login(portal: Portal) -> Iterator[str]:
    if login := portal.login:
        tenant = login.tenant or f"as the claim {login.tenant_claim} says"
        yield _card(
            "Login",
            {
                "Provider": (login.issuer,),
                "Known there as": (login.client_id,),
                "Tenant": (tenant,),
                "Groups that administer": login.administrators or ("none",),
            },
        )


def _server(portal: Portal) -> str:
    return _card(
        "Server",
        {
            "Address": (portal.url,),
            "Pages of other sites that may call the API": portal.cors or ("none",),
            "Proxies that are believed": portal.trusted_proxies or ("none",),
            "Logs are kept for": (counted(portal.retention_days, "day"),),
        },
    )


def _card(title: str, facts: Mapping[str, Sequence[str]]) -> str:
    told = "".join(
        f"<div><dt>{name}</dt>{''.join(f'<dd>{escape(value)}</dd>' for value in values)}</div>"
        for name, values in facts.items()
    )
    return CARD.format(title=escape(title), facts=told)
