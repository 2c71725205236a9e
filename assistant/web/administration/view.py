"""The routes of the view "Administration", for those who may administer.

For the one person on whose computer this is there are the questions, usage and the log; people,
keys and embeds are of portals. Whatever changes something is a POST, which the guard takes from
this server's own pages only.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import FastAPI, Form, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import ValidationError

from assistant.accounts.gaps import gap_like, gaps_in, to_csv
from assistant.accounts.ledger import MOST_UNANSWERED
from assistant.errors import AssistantError
from assistant.languages import later
from assistant.rendering.errors import tell
from assistant.understanding.querying import LONGEST_QUESTION
from assistant.web.administration import (
    audit_page,
    embeds_page,
    feedback_page,
    gaps_page,
    keys_page,
    people_page,
    usage_page,
)
from assistant.web.administration.api import Before, KeyBody, KeyDesk
from assistant.web.administration.keys_page import Fresh, Typed
from assistant.web.administration.pages import PATH, page
from assistant.web.api.parameters import Whoever
from assistant.web.entry import doors
from assistant.web.entry.callers import Caller
from assistant.web.entry.refusals import Refused
from assistant.web.pages.paging import address
from assistant.web.services import PortalServices, Services

Words = Annotated[str, Query(max_length=LONGEST_QUESTION)]
Number = Annotated[int, Query(alias="page", ge=1, le=1_000_000)]
Field = Annotated[str, Form(max_length=LONGEST_QUESTION)]
Text = Annotated[str, Form(max_length=120_000)]

BYTE_ORDER_MARK = "\ufeff"
"""Without it spreadsheets take letters that are not ASCII for others."""


def add_administration_view(app: FastAPI, services: Services) -> None:
    """Add every route of the view."""
    _add_gaps(app, services)
    _add_ledger(app, services)
    if services.portals:
        _add_of_portals(app, services, services.portals)
        _add_keys(app, services, services.portals)


def _add_gaps(app: FastAPI, services: Services) -> None:
    ledger = services.ledger

    @app.get(PATH)
    @doors.page("administer", view=later("Administration"))
    def unanswered(
        caller: Whoever,
        find: Words = "",
        tenant: Words = "",
        order: str = "times",
        number: Number = 1,
        did: str = "",
    ) -> HTMLResponse:
        sought = gaps_page.GapFilter(find, tenant, gaps_page.order_of(order), number)
        said = later("Taken off the list") if did == "settled" else ""
        shown = gaps_page.gaps_shown(ledger, sought)
        wrong = " ".join(services.assistant.view_of(caller.principal).unclear_rights())
        return HTMLResponse(page(services, caller, "unanswered", shown, wrong=wrong, said=said))

    @app.post(PATH)
    @doors.page("administer")
    def settle(
        caller: Whoever,
        question: Text,
        find: Field = "",
        tenant: Field = "",
        order: Field = "times",
        number: Annotated[str, Form(alias="page", max_length=9)] = "",
    ) -> Response:
        gap = gap_like(gaps_in(ledger.unanswered(MOST_UNANSWERED)), question)
        if gap and ledger.settle(gap.spellings):
            ledger.did(caller.principal, caller.session, "settled question", "")
        sought = gaps_page.GapFilter(find, tenant, gaps_page.order_of(order))
        where = number if number.isdecimal() and int(number) > 1 else ""
        return _to(PATH, **sought.values, page=where, did="settled")

    @app.get(f"{PATH}/unanswered.csv")
    @doors.page("administer")
    def table(find: Words = "", tenant: Words = "", order: str = "times") -> Response:
        gaps = gaps_page.gaps_of(
            ledger, gaps_page.GapFilter(find, tenant, gaps_page.order_of(order))
        )
        return Response(
            BYTE_ORDER_MARK + to_csv(gaps),
            media_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": 'attachment; filename="unanswered.csv"'},
        )


def _add_ledger(app: FastAPI, services: Services) -> None:
    ledger = services.ledger

    @app.get(f"{PATH}/feedback")
    @doors.page("administer")
    def feedback(
        caller: Whoever, find: Words = "", verdict: str = "", number: Number = 1
    ) -> HTMLResponse:
        judgement = feedback_page.verdict_of(verdict)
        shown = feedback_page.feedback_shown(ledger, find, judgement, number)
        return HTMLResponse(page(services, caller, "feedback", shown))

    @app.get(f"{PATH}/usage")
    @doors.page("administer")
    def usage(caller: Whoever, days: str = "") -> HTMLResponse:
        shown = usage_page.usage_shown(ledger, usage_page.span_of(days))
        return HTMLResponse(page(services, caller, "usage", shown))

    @app.get(f"{PATH}/audit")
    @doors.page("administer")
    def audit(
        caller: Whoever, person: Words = "", kind: str = "", before: Before | None = None
    ) -> HTMLResponse:
        sought = audit_page.AuditFilter(person.strip(), audit_page.kind_of(kind), before)
        shown = audit_page.audit_shown(services, caller, sought)
        return HTMLResponse(page(services, caller, "audit", shown))


def _add_of_portals(app: FastAPI, services: Services, portals: PortalServices) -> None:
    @app.get(f"{PATH}/people")
    @doors.page("administer")
    def people(caller: Whoever, find: Words = "", number: Number = 1) -> HTMLResponse:
        shown = people_page.people_shown(services.ledger, find, number)
        return HTMLResponse(page(services, caller, "people", shown))

    @app.get(f"{PATH}/embeds")
    @doors.page("administer")
    def embeds(caller: Whoever) -> HTMLResponse:
        shown = embeds_page.embeds_shown(portals, services.ledger)
        return HTMLResponse(page(services, caller, "embeds", shown))


def _add_keys(app: FastAPI, services: Services, portals: PortalServices) -> None:
    keys = _KeysView(services, portals)

    @app.get(f"{PATH}/keys")
    @doors.page("administer")
    def see(caller: Whoever, did: str = "") -> HTMLResponse:
        return keys.see(caller, said=later("Revoked") if did == "revoked" else "")

    @app.post(f"{PATH}/keys")
    @doors.page("administer")
    def decide(
        caller: Whoever,
        deed: Field,
        name: Field = "",
        permissions: Annotated[list[str], Form()] = [],  # noqa: B006  FastAPI copies it
        tenant: Field = "",
        groups: Text = "",
        days: Field = "",
    ) -> Response:
        typed = Typed(name.strip(), frozenset(permissions), tenant.strip(), groups, days.strip())
        return keys.decide(caller, deed, typed)


class _KeysView:
    """Shows the keys, and does what an administrator decides."""

    def __init__(self, services: Services, portals: PortalServices) -> None:
        self._services = services
        self._portals = portals
        self._desk = KeyDesk(portals.keys, services.ledger)

    def see(
        self,
        caller: Caller,
        *,
        typed: Typed | None = None,
        fresh: Fresh | None = None,
        wrong: str = "",
        said: str = "",
    ) -> HTMLResponse:
        tenants = embeds_page.tenants_of(self._portals, self._services.ledger)
        shown = keys_page.keys_shown(self._portals.keys, caller, tenants, typed=typed, fresh=fresh)
        html = page(self._services, caller, "keys", shown, wrong=wrong, said=said)
        return HTMLResponse(html, 400 if wrong else 200)

    def decide(self, caller: Caller, deed: str, typed: Typed) -> Response:
        """Shows a key that is new this once, or says what is wrong with what was typed."""
        deeds: dict[str, Callable[[Caller, Typed], Response]] = {
            "add": self._add,
            "rotate": self._rotate,
            "revoke": self._revoke,
        }
        if deed not in deeds:
            return self.see(caller, wrong="A key is made, exchanged or revoked.")
        try:
            return deeds[deed](caller, typed)
        except (AssistantError, Refused) as error:
            again = typed if deed == "add" else None
            wrong = str(error) if isinstance(error, Refused) else tell(error).words
            return self.see(caller, typed=again, wrong=wrong)
        except ValidationError as error:
            return self.see(caller, typed=typed, wrong=_in_words(error))

    def _add(self, caller: Caller, typed: Typed) -> Response:
        wanted = KeyBody.model_validate(
            {
                "name": typed.name,
                "permissions": typed.permissions,
                "tenant": typed.tenant,
                "groups": [line.strip() for line in typed.groups.splitlines() if line.strip()],
                "days": typed.days or None,
            }
        )
        return self.see(caller, fresh=Fresh(wanted.name, self._desk.add(caller, wanted)))

    def _rotate(self, caller: Caller, typed: Typed) -> Response:
        key = self._desk.rotate(caller, typed.name)
        return self.see(caller, fresh=Fresh(typed.name, key))

    def _revoke(self, caller: Caller, typed: Typed) -> Response:
        self._desk.revoke(caller, typed.name)
        return _to(f"{PATH}/keys", did="revoked")


WRONG = {
    "name": "The name has to be 1 to 64 letters, digits, dots, dashes and underscores.",
    "permissions": "Choose what the key may do.",
    "tenant": "The tenant is too long.",
    "groups": "A key has at most 200 groups.",
    "days": "The days have to be a number from 1 to 3,650, or nothing.",
}
"""What to say of each field that cannot be used."""


def _in_words(error: ValidationError) -> str:
    fields = dict.fromkeys(str(each["loc"][0]) for each in error.errors())
    return "\n".join(WRONG[field] for field in fields)


def _to(path: str, **values: str) -> Response:
    """See there: a reload of what is shown then does nothing twice."""
    return RedirectResponse(address(path, **values), 303)
