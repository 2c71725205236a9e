"""Who wrote a mail to whom and when, and under which subject: what stands in its head, also in the
heads of mails that are forwarded or answered in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.answering.units import Layout, Layouts
from assistant.answers import Draft, DraftClaim
from index.documents import Block, Found, Hit, Query, Span, walk
from index.english.kinds import FORWARDED, FORWARDING, MAIL_FIELDS_ASKED, SAYS_MAIL, WRITTEN_BY
from index.english.spelling import root, share, telling
from index.errors import DocumentNotFound

MOST_DOCUMENTS = 5
"""So many of those that were found are looked through."""

ON_TOPIC = 0.5
"""The share of the topic's words that a mail has whose head is quoted. Chosen, not fitted."""

OF_MAILS = frozenset(
    map(
        root,
        """mail email e-mail message write wrote written writer send sent sender forward copy copied
        cc subject line date day time receive recipient got author original get reply""".split(),
    )
)
"""Words of such a question that name no topic."""

FIELD = re.compile(r"^(?P<name>[A-Z][a-z-]+): (?P<value>.*)$", re.M)
SAME_FIELD = {"Sent": "Date"}
"""As programs for mail call it in the heads of what they forward."""


@dataclass(frozen=True, slots=True)
class _Mail:
    """A mail: where it was found, its head, the fields of that and where its subject stands, and
    the roots of all its words. It may be `within` another, or `have_within` one."""

    hit: Hit
    head: Span
    fields: dict[str, Span]
    words: dict[str, frozenset[str]]
    within: bool
    has_within: bool


def from_head(query: Query, found: Found, layouts: Layouts) -> Draft | None:
    """What the head of the mail says that the question asks about; None if it asks for nothing
    that stands in one, or no mail has all of its words."""
    question = query.standalone_question
    fields = _asked_of(question)
    asked = telling(question) - OF_MAILS
    if not fields or not asked:
        return None
    mails = [
        mail
        for hit in _documents(question, found)
        for mail in _mails(hit, layouts)
        if asked <= mail.words["all"] and fields[0] in mail.fields and _is_meant(mail, question)
    ]
    best = max(mails, key=lambda mail: share(asked, {*mail.words["Subject"]}), default=None)
    return _draft(best, best.fields[fields[0]], layouts) if best else None


def may_answer(hit: Hit, span: Span, question: str, layouts: Layouts) -> bool:
    """May these words be quoted: are they no head of a mail, or one of a mail on the topic that has
    what is asked for?"""
    layout = layouts.of(hit)
    if not layout.is_mail_head(layout.at(span.start)):
        return True
    fields, asked = _asked_of(question), telling(question) - OF_MAILS
    for mail in _mails(hit, layouts):
        if mail.head.overlaps(span):
            on_topic = share(asked, {*mail.words["all"]}) >= ON_TOPIC
            return on_topic and (not fields or fields[0] in mail.fields)
    return True


def _asked_of(question: str) -> list[str]:
    """The fields of a head for which the question asks."""
    return [field for field, form in MAIL_FIELDS_ASKED.items() if form.search(question)]


def _draft(mail: _Mail, answer: Span, layouts: Layouts) -> Draft:
    """The head, with what is asked for as the answer; the subject stands above it."""
    span = mail.head if mail.head.covers(answer) else answer
    layout = layouts.of(mail.hit)
    rests_on = ((layout.found_at(mail.hit, span), span),)
    return Draft("quote", (DraftClaim(layout.words(span), rests_on, answer=answer),))


def _is_meant(mail: _Mail, question: str) -> bool:
    """Is it by whom the question says, the one that was forwarded, or that which forwards it?"""
    writers = (found["who"] for form in WRITTEN_BY for found in form.finditer(question))
    if any(not telling(who) - OF_MAILS <= mail.words["From"] for who in writers):
        return False
    if FORWARDED.search(question):
        return mail.within
    return mail.has_within or not FORWARDING.search(question)


def _documents(question: str, found: Found) -> Sequence[Hit]:
    """The best passage of each of the first documents; of the first alone where the question does
    not say that it asks about a mail."""
    best: dict[str, Hit] = {}
    for hit in found.hits:
        best.setdefault(hit.source.id, hit)
    return [*best.values()][: MOST_DOCUMENTS if SAYS_MAIL.search(question) else 1]


def _mails(hit: Hit, layouts: Layouts) -> Iterator[_Mail]:
    try:
        layout = layouts.of(hit)
    except DocumentNotFound:  # closed to the person since it was found
        return
    blocks = walk(layout.document.structure)
    parts = [block for block in blocks if block.kind == "part" and "from" in block.facts]
    heads = [place for place in range(len(layout.lines)) if layout.is_mail_head(place)]
    for part in parts:
        own = [place for place in heads if _part_of(layout, place, parts) is part]
        inside = [place for place in heads if part.span.covers(layout.lines[place].span)]
        for place in own:
            is_within = place != own[0] or any(
                other.span.covers(part.span) for other in parts if other is not part
            )
            following = [other for other in inside if other > place]
            yield _mail(hit, layout, part, (place, *following[:1]), within=is_within)


def _part_of(layout: Layout, place: int, parts: Sequence[Block]) -> Block:
    """The mail to which a head belongs that the file itself tells from others."""
    around = (part for part in parts if part.span.covers(layout.lines[place].span))
    return min(around, key=lambda part: len(part.span))


def _mail(hit: Hit, layout: Layout, part: Block, places: Sequence[int], *, within: bool) -> _Mail:
    """The mail whose head is at the first of these places, and ends before the second."""
    place, *following = places
    head = layout.lines[place].span
    fields = dict(_fields(layout.words(head), head.start))
    if place and layout.lines[place - 1].kind == "heading":
        fields.setdefault("Subject", layout.lines[place - 1].span)
    end = layout.lines[following[0]].span.start if following else part.span.end
    said = {name: frozenset(telling(layout.words(span))) for name, span in fields.items()}
    of_all = telling(layout.words(Span(head.start, end)))
    words = {"Subject": frozenset[str](), "From": frozenset[str](), **said}
    words["all"] = frozenset(of_all) | words["Subject"]
    return _Mail(hit, head, fields, words, within, bool(following))


def _fields(words: str, start: int) -> Iterator[tuple[str, Span]]:
    for found in FIELD.finditer(words):
        name = SAME_FIELD.get(found["name"], found["name"])
        yield name, Span(start + found.start("value"), start + found.end("value"))
