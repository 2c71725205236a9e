"""Questions without an answer: the list that tells editors what to write."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape as attribute

from assistant.accounts.gaps import Gap, Order, gaps_in, matching
from assistant.accounts.ledger import MOST_UNANSWERED, Ledger
from assistant.rendering.answers import escape
from assistant.web.administration.pages import PATH, Part, href, moment, options
from assistant.web.pages.frame import chat_address
from index.english.spelling import counted

AT_ONCE = 50

USUAL = "Most asked first"
ORDERS: tuple[tuple[Order, str], ...] = (("last", "Latest first"),)
"""The usual order, and others."""

ABOUT = "What people asked and the documents do not say. What is asked most is worth writing first."

NONE = """<div class="empty"><p>Nothing was asked in vain. A question that the documents do not
answer is listed here.</p></div>"""

FILTER = """<form class="find" role="search" action="/administration">
<label class="grow"><span class="unseen">Find</span>
<input type="search" name="find" value="{find}" placeholder="Find words in a question"
autocomplete="off" maxlength="200"></label>
{tenants}<label><span class="unseen">Order</span><select name="order">{orders}</select></label>
<button>Show</button></form>"""

TENANTS = """<label><span class="unseen">Tenant</span>
<select name="tenant">{tenants}</select></label>
"""

GAP = """<li><p class="times"><b>{times}</b> {unit}</p>
<div class="what"><p class="asked">{question}</p><p class="about">{about}</p>{spellings}</div>
<div class="deeds"><a class="button plain" href="{chat}">Ask it in the chat</a>
<form method="post" action="/administration"><input type="hidden" name="question" value="{exact}">
<input type="hidden" name="find" value="{find}"><input type="hidden" name="tenant" value="{tenant}">
<input type="hidden" name="order" value="{order}"><input type="hidden" name="page" value="{page}">
<button title="Take it off the list. It comes back when it is asked in vain again."
aria-label="Done: {label}">Done</button></form></div></li>"""


@dataclass(frozen=True, slots=True)
class Sought:
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


def gaps_of(ledger: Ledger, sought: Sought) -> list[Gap]:
    """What is asked for, on all pages."""
    rows = ledger.unanswered(MOST_UNANSWERED)
    kept = [row for row in rows if not sought.tenant or row.tenant == sought.tenant]
    return matching(gaps_in(kept, sought.order), sought.find)


def gaps_body(ledger: Ledger, sought: Sought) -> str:
    """The list with its filter."""
    rows = ledger.unanswered(MOST_UNANSWERED)
    if not rows:
        return NONE
    tenants = sorted({row.tenant for row in rows} - {""})
    choices = [("", "All tenants"), *((name, name) for name in tenants)]
    form = FILTER.format(
        find=attribute(sought.find),
        tenants=TENANTS.format(tenants=options(sought.tenant, choices)) if len(tenants) > 1 else "",
        orders=options(sought.values["order"], [("", USUAL), *ORDERS]),
    )
    return f'{form}<div id="found">{"".join(_found(gaps_of(ledger, sought), sought))}</div>'


def _found(gaps: Sequence[Gap], sought: Sought) -> Iterator[str]:
    part = Part(sought.page, AT_ONCE, len(gaps))
    if not gaps:
        yield '<p class="tally">No question has these words.</p>'
        return
    asked = sum(gap.times for gap in gaps)
    csv = href(f"{PATH}/unanswered.csv", **sought.values)
    yield f'<p class="tally"><span>{counted(len(gaps), "question")}, asked '
    yield f'{counted(asked, "time")}</span> <a href="{csv}" download>Download as CSV</a></p>'
    yield '<ol class="rows gaps">'
    for gap in gaps[part.rows]:
        yield _gap(gap, sought)
    yield f"</ol>{part.pager(PATH, **sought.values)}"


def _gap(gap: Gap, sought: Sought) -> str:
    return GAP.format(
        times=f"{gap.times:,}",
        unit="time" if gap.times == 1 else "times",
        question=escape(gap.question),
        about=" · ".join([f"last on {moment(gap.last)}", *map(escape, gap.tenants)]),
        spellings=_spellings(gap),
        chat=attribute(chat_address(gap.question)),
        exact=attribute(gap.question),
        label=attribute(gap.question),
        find=attribute(sought.find),
        tenant=attribute(sought.tenant),
        order=sought.order,
        page=sought.page,
    )


def _spellings(gap: Gap) -> str:
    others = gap.spellings[1:]
    if not others:
        return ""
    listed = "".join(f"<li>{escape(other)}</li>" for other in others)
    return (
        f'<details class="also"><summary>Also asked in {counted(len(others), "other spelling")}'
        f"</summary><ul>{listed}</ul></details>"
    )
