"""What the routes are made of, put together once when the server starts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from assistant.accounts.allowances import SharedAllowance
from assistant.accounts.bearers import SharedBearers
from assistant.accounts.conversations import Conversations
from assistant.accounts.keys import Keys
from assistant.accounts.ledger import Ledger
from assistant.accounts.logins import Logins
from assistant.accounts.preferences import PreferencesOfAll
from assistant.accounts.store import Store
from assistant.accounts.under_way import SharedUnderWay
from assistant.accounts.vouched import Vouched
from assistant.chat import Assistant
from assistant.evaluation.desk import Desk
from assistant.identity.assertions import Assertions
from assistant.identity.bearers import Bearers
from assistant.identity.configuring import LOGIN_SECRET, Portal
from assistant.identity.logging_in import Provider
from assistant.operating.progress import Working
from assistant.operating.watching import Watching
from assistant.settings import Settings
from assistant.web.asking import Asking
from assistant.web.entry.callers import Doorkeeper, LocalDoorkeeper
from assistant.web.entry.doorkeeper import PortalDoorkeeper
from assistant.web.entry.gate import Gate, SignInGate
from assistant.web.entry.guard import LOCAL_NAMES, Site
from assistant.web.entry.observing import Figures
from assistant.web.fetching import PUBLIC, Reach
from assistant.web.handed_over import Perform

CALLBACK = "/login/callback"
"""Where the login's provider sends a browser back to."""


@dataclass(frozen=True, slots=True)
class PortalServices:
    """What only a server with a portal has. `provider` is None without [login]."""

    portal: Portal
    assertions: Assertions
    bearers: Bearers | SharedBearers
    logins: Logins
    keys: Keys
    doorkeeper: PortalDoorkeeper
    provider: Provider | None
    gate: SignInGate


@dataclass(frozen=True, slots=True)
class Services:
    """Everything that routes call. `perform` runs a command that writes, for callers with
    the `token`, and `working` knows how far they are; `watching` does it for folders. `desk`
    has the question sets and their runs. Documents are added from the web as far as `reach`
    goes.
    `portals` is None for the one person on whose computer this is."""

    assistant: Assistant
    asking: Asking
    ledger: Ledger
    conversations: Conversations
    preferences: PreferencesOfAll
    desk: Desk
    working: Working
    watching: Watching
    token: str
    home: Path
    doorkeeper: Doorkeeper
    gate: Gate
    site: Site
    figures: Figures
    reach: Reach = PUBLIC
    portals: PortalServices | None = None


def local_services(
    assistant: Assistant,
    perform: Perform,
    token: str,
    settings: Settings,
    gate: Gate | None = None,
    accounts: Path | None = None,
    reach: Reach = PUBLIC,
) -> Services:
    """For the one person who uses this computer. `accounts` is the folder of what is noted, if
    it is not the home."""
    store = Store(accounts or settings.home, settings.database)
    ledger, conversations = Ledger(store), Conversations(store)
    figures = Figures()
    asking = Asking(assistant, ledger, conversations, figures)
    working = Working(perform)
    return Services(
        assistant,
        asking,
        ledger,
        conversations,
        PreferencesOfAll(store),
        Desk(assistant, settings),
        working,
        Watching(settings.home, working.perform),
        token,
        settings.home,
        LocalDoorkeeper(),
        gate or Gate(),
        Site(),
        figures,
        reach,
    )


def portal_services(
    assistant: Assistant,
    perform: Perform,
    token: str,
    settings: Settings,
    portal: Portal,
    environment: Mapping[str, str],
    gate: Gate | None = None,
) -> Services:
    """For the people and programs that `portal` lets in."""
    store = Store(settings.home, settings.database)
    allowing = partial(SharedAllowance, store) if settings.database else None
    gate = gate or Gate(allowing=allowing)
    ledger, conversations = Ledger(store, portal.retention_days), Conversations(store)
    bearers = SharedBearers(store) if settings.database else Bearers()
    keys, logins = Keys(store), Logins(store)
    assertions = Assertions(portal, settings.home, environment, Vouched(store))
    doorkeeper = PortalDoorkeeper(portal, bearers, keys, logins, assertions, ledger)
    figures, provider, working = Figures(), None, Working(perform)
    if portal.login:
        back = f"{portal.url}{CALLBACK}"
        begun = SharedUnderWay(store) if settings.database else None
        provider = Provider(portal.login, environment[LOGIN_SECRET], back, under_way=begun)
    return Services(
        assistant,
        Asking(assistant, ledger, conversations, figures),
        ledger,
        conversations,
        PreferencesOfAll(store),
        Desk(assistant, settings),
        working,
        Watching(settings.home, working.perform),
        token,
        settings.home,
        doorkeeper,
        gate,
        _site(portal),
        figures,
        portals=PortalServices(
            portal,
            assertions,
            bearers,
            logins,
            keys,
            doorkeeper,
            provider,
            SignInGate(gate.limits, allowing=allowing),
        ),
    )


def _site(portal: Portal) -> Site:
    """This computer's names stay: commands and health checks come by them."""
    host = urlsplit(portal.url).hostname or ""
    return Site(
        hosts=LOCAL_NAMES | {host},
        callers=frozenset(portal.cors),
        embeds={name: embed.origins for name, embed in portal.embeds.items()},
        is_https=portal.is_https,
        path=portal.path,
    )
