"""What people thought of answers."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape as attribute

from assistant.accounts.ledger import Feedback, Judgement, Ledger
from assistant.rendering.answers import escape
from assistant.web.administration.pages import PATH, Part, moment, named, options
from assistant.web.administration.people_page import fits, names_of
from assistant.web.pages.frame import chat_address

AT_ONCE = 50

MOST = 10_000
"""Judgements that are looked through; the latest."""

ABOUT = "What people thought of answers, the latest first."

FILTER = """<form class="find" role="search" action="/administration/feedback">
<label class="grow"><span class="unseen">Find</span>
<input type="search" name="find" value="{find}" placeholder="Find words, a name or a tenant"
autocomplete="off" maxlength="200"></label>
<label><span class="unseen">Judgement</span><select name="verdict">{verdicts}</select></label>
<button>Show</button></form>"""

VERDICTS: tuple[tuple[Judgement, str], ...] = (("bad", "Bad only"), ("good", "Good only"))

OUTCOMES = {
    "answered": "answered",
    "partly": "answered in part",
    "not_in_documents": "said to be in no document",
}

JUDGED = """<li><p class="verdict-of"><span class="outcome {verdict}">{verdict}</span></p>
<div class="what"><p class="asked">{question}</p>{words}<p class="about">{about}</p></div>
<p class="deeds"><a class="button plain" href="{chat}">Ask it in the chat</a></p></li>"""

NONE = """<div class="empty"><p>Nobody has said yet what they think of an answer.</p></div>"""


def verdict_of(value: str) -> Judgement | None:
    """The judgement with this name, None for anything else."""
    return next((verdict for verdict, _ in VERDICTS if verdict == value), None)


def feedback_body(ledger: Ledger, find: str, verdict: Judgement | None, number: int) -> str:
    """The list with its filter."""
    judged = ledger.feedback(MOST)
    if not judged:
        return NONE
    names = names_of(ledger)
    found = [
        each
        for each in judged
        if verdict in (None, each.verdict)
        and fits(find, each.question, each.words, each.tenant, names.get(each.principal, ""))
    ]
    part = Part(number, AT_ONCE, len(found))
    good = sum(each.verdict == "good" for each in found)
    listed = "".join(_judged(each, names) for each in found[part.rows])
    choices = [("", "Good and bad"), *VERDICTS]
    form = FILTER.format(find=attribute(find), verdicts=options(verdict or "", choices))
    pager = part.pager(f"{PATH}/feedback", find=find, verdict=verdict or "")
    return (
        f'{form}<div id="found"><p class="tally">{good:,} good, {len(found) - good:,} bad</p>'
        f'<ul class="rows feedback">{listed}</ul>{pager}</div>'
    )


def _judged(each: Feedback, names: Mapping[str, str]) -> str:
    who = named(each.principal, names.get(each.principal, ""))
    about = [who, each.tenant, OUTCOMES.get(each.outcome, each.outcome)]
    return JUDGED.format(
        verdict=each.verdict,
        question=escape(each.question),
        words=f"<blockquote>{escape(each.words)}</blockquote>" if each.words else "",
        about=" · ".join([*map(escape, filter(None, about)), moment(each.at)]),
        chat=attribute(chat_address(each.question)),
    )
