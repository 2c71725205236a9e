"""Questions without an answer: the list that tells editors what to write."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.accounts.gaps import Gap, Order, gaps_in, matching
from assistant.accounts.ledger import MOST_UNANSWERED, Ledger
from assistant.languages import later, phrase
from assistant.web.administration.pages import PATH
from assistant.web.pages.frame import chat_address
from assistant.web.pages.paging import ListPage, address

AT_ONCE = 50

USUAL = later("Most asked first")
ORDERS: tuple[tuple[Order, str], ...] = (("last", later("Latest first")),)
"""The usual order, and others."""


@dataclass(frozen=True, slots=True)
class GapFilter:
    """What of the list is asked for."""

    find: str = ""
    tenant: str = ""
    order: Order = "times"
    page: int = 1

    @property
    def values(self) -> dict[str, str]:
        """What an address has to carry, but for the page."""
        order = "" if self.order == "times" else self.order
        return {"find": self.find, "tenant": self.tenant, "order": order}


def order_of(value: str) -> Order:
    """The order with this name; the usual one for anything else."""
    return next((order for order, _ in ORDERS if order == value), "times")


def gaps_of(ledger: Ledger, sought: GapFilter) -> list[Gap]:
    """What is asked for, on all pages."""
    rows = ledger.unanswered(MOST_UNANSWERED)
    kept = [row for row in rows if not sought.tenant or row.tenant == sought.tenant]
    return matching(gaps_in(kept, sought.order), sought.find)


def gaps_shown(ledger: Ledger, sought: GapFilter) -> dict[str, object]:
    """The list with its filter."""
    rows = ledger.unanswered(MOST_UNANSWERED)
    tenants = sorted({row.tenant for row in rows} - {""})
    gaps = gaps_of(ledger, sought)
    part = ListPage(sought.page, AT_ONCE, len(gaps))
    return {
        "has_any": bool(rows),
        "sought": sought,
        "tenants": [("", phrase("All tenants")), *((name, name) for name in tenants)],
        "orders": [(value, phrase(words)) for value, words in (("", USUAL), *ORDERS)],
        "total": len(gaps),
        "asked": sum(gap.times for gap in gaps),
        "csv": address(f"{PATH}/unanswered.csv", **sought.values),
        "gaps": [_gap(gap) for gap in gaps[part.rows]],
        "pages": part.pages(PATH, **sought.values),
    }


def _gap(gap: Gap) -> dict[str, object]:
    return {
        "times": gap.times,
        "question": gap.question,
        "last": gap.last,
        "tenants": gap.tenants,
        "others": gap.spellings[1:],
        "chat": chat_address(gap.question),
    }
