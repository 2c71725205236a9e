"""What people correct by hand: who is whom, in all documents or in some of them.

Corrections are kept by name and document, beside what is made from the files, so that
they hold when a document is read again. A Roster applies them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from index.documents import LOCAL_USER, Credit, Glob
from index.english.spelling import folded
from index.errors import SpeakerUnclear
from index.search.speakers import Roster, Speaker, is_named
from index.stores.protocols import Catalog


@dataclass(frozen=True, slots=True)
class Corrected:
    """Whose statements are credited to whom now; `becomes` is empty where it is as the
    documents have it again. The counts are of the statements concerned."""

    name: str
    becomes: str
    statements: int
    documents: int


def merge(catalog: Catalog, name: str, into: str) -> Iterator[Corrected]:
    """Credit all that somebody says to another. Raises SpeakerUnclear."""
    roster = _roster(catalog)
    speakers, other = _called(roster, name), _named(roster, into)
    if other in speakers:
        raise SpeakerUnclear(f"“{name}” and “{into}” are one already: {other.name}.")
    moved = _write(catalog, {(speaker.name, ""): other.name for speaker in speakers})
    yield Corrected(speakers[0].name, other.name, *moved)


def split(catalog: Catalog, name: str, documents: Glob, into: str) -> Iterator[Corrected]:
    """Credit to another what somebody says in the documents that match a glob.
    Raises SpeakerUnclear."""
    roster, scope = _roster(catalog), catalog.scope(LOCAL_USER, documents)
    speakers = _called(roster, name)
    matched = scope.document_ids or frozenset()
    inside = [(s, d) for s in speakers for d in sorted(s.documents & matched)]
    if not inside:
        raise SpeakerUnclear(
            f"{speakers[0].name} is not credited in any document called {documents}. "
            f"See where: onrecord statements --speaker “{speakers[0].name}”"
        )
    names = {(name, d): into for speaker, d in inside for name, _ in speaker.credited}
    moved = _write(catalog, names, lambda after: _check_apart(after, inside, into))
    yield Corrected(speakers[0].name, into, *moved)


def undo(catalog: Catalog, name: str) -> Iterator[Corrected]:
    """Take back each correction of a name, or to it. Raises SpeakerUnclear."""
    edits = catalog.speaker_edits(catalog.scope(LOCAL_USER))
    named = {key for key in edits if folded(name) in (folded(key[0]), folded(edits[key]))}
    split_off = {(document, edits[each, document]) for each, document in named if document}
    undone = named | {key for key in edits if (key[1], edits[key]) in split_off}
    if not undone:
        corrected = ", ".join(sorted({each for each, _ in edits} | {*edits.values()}))
        raise SpeakerUnclear(
            f"Nothing was corrected for “{name}”. Corrected are: {corrected or 'no names'}."
        )
    yield Corrected(name, "", *_write(catalog, dict.fromkeys(undone)))


def _write(
    catalog: Catalog,
    edits: Mapping[tuple[str, str], str | None],
    check: Callable[[Roster], None] = lambda _: None,
) -> tuple[int, int]:
    """Keep these, unless the check of what comes of it raises; how many statements in how
    many documents go by another name now."""
    before = _roster(catalog)
    with catalog.writing():
        for (name, document), becomes in edits.items():
            catalog.edit_speaker(name, becomes, document)
        after = _roster(catalog)
        check(after)
    moved = list(_moved(catalog, before, after))
    return sum(credit.statements for credit in moved), len({c.document_id for c in moved})


def _check_apart(after: Roster, inside: Sequence[tuple[Speaker, str]], into: str) -> None:
    """Raises SpeakerUnclear where the new name is taken for a form of the old one."""
    documents = {document for _, document in inside}
    for speaker, _ in inside:
        outside = {credit for credit in speaker.credited if credit[1] not in documents}
        now = [after.of(*credit) for credit in speaker.credited - outside]
        if any(each and each.credited & outside for each in now):
            raise SpeakerUnclear(
                f"“{into}” is taken for {speaker.name}, so they would not be two. "
                "Add a word that tells them apart, as in “Ann Lee, Texas”."
            )


def _moved(catalog: Catalog, before: Roster, after: Roster) -> Iterator[Credit]:
    for credit in catalog.credits(catalog.scope(LOCAL_USER)):
        was, now = (roster.of(credit.speaker, credit.document_id) for roster in (before, after))
        if was and now and was.name != now.name:
            yield credit


def _roster(catalog: Catalog) -> Roster:
    everything = catalog.scope(LOCAL_USER)
    return Roster(catalog.credits(everything), catalog.speaker_edits(everything))


def _named(roster: Roster, name: str) -> Speaker:
    """By a name, not by a description, which may be somebody else in each document."""
    (speaker, *_) = _called(roster, name)
    if not is_named(speaker.name):
        raise SpeakerUnclear(
            f"“{name}” is no name and may be somebody else in each document. "
            "Give the name of somebody: see who is with onrecord statements"
        )
    return speaker


def _called(roster: Roster, name: str) -> list[Speaker]:
    found = roster.called(name)
    if not found:
        near = " or ".join(s.name for s in (roster.find(name) or roster.near(name))[:3])
        hint = f"Did you mean {near}?" if near else "See who is: onrecord statements"
        raise SpeakerUnclear(f"Nobody is credited as “{name}”. {hint}")
    return found
