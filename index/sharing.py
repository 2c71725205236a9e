"""Who may read a document, asked and changed by those to whom it belongs.

What is set by hand is kept when files are indexed again, and goes before whatever they say.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from index.documents import LOCAL_USER, Glob, Principal, Source
from index.errors import DocumentNotFound, NotYours
from index.rights.deciding import Granted, Rights, is_called, rights_of_fields
from index.rights.files import Grants
from index.stores.protocols import Catalog
from index.stores.stored import missing

if TYPE_CHECKING:
    from index.events import IngestEvent
    from index.ingesting import Stores


def rights_of(
    catalog: Catalog, document_id: str, principal: Principal, *, administers: bool = False
) -> Granted:
    """Who may read a document and where that is from, for its owner and operators; for
    administrators of its tenant too. Raises NotYours for its readers, DocumentNotFound for
    everybody else."""
    said = catalog.granted_to(document_id)
    seen = catalog.visible([document_id], catalog.scope(principal))
    if said is None or not (seen or (administers and _is_of_tenant(principal, said.rights))):
        raise missing(document_id)
    owns = principal.is_operator or is_called(principal, said.rights.owner)
    if not (owns or (administers and _is_of_tenant(principal, said.rights))):
        raise NotYours(
            "Only the owner of a document and administrators can see or change who reads it. "
            "Ask one of them."
        )
    return said


def share(
    stores: Stores,
    document_id: str,
    rights: Rights,
    principal: Principal,
    *,
    administers: bool = False,
) -> Granted:
    """Let these read a document, from the next question on. Raises as `rights_of`, and
    NotYours for another owner or tenant, which only an operator gives it."""
    before = rights_of(stores.catalog, document_id, principal, administers=administers).rights
    same = (rights.owner, rights.tenant) == (before.owner, before.tenant)
    if not (principal.is_operator or same):
        raise NotYours("Only an operator gives a document another owner or tenant.")
    with stores.catalog.writing():
        stores.catalog.set_by_hand(document_id, rights)
        stores.catalog.drop_unused_rights()
    stores.words.publish()
    return rights_of(stores.catalog, document_id, LOCAL_USER)


def set_by_hand(
    catalog: Catalog, documents: Glob, fields: Mapping[str, object]
) -> Generator[IngestEvent]:
    """Give the documents that match a glob these rights; fields that are left out stay as
    they are. They hold at once; the word index is for the caller to bring in line. Raises
    DocumentNotFound, RightsUnclear."""
    found = _matching(catalog, documents)
    wanted = [(source, rights_of_fields(fields, before.rights)) for source, before in found]
    with catalog.writing():
        changed = [s for s, rights in wanted if catalog.set_by_hand(s.id, rights)]
        catalog.drop_unused_rights()
    yield from _told(changed)


def as_files_say(catalog: Catalog, documents: Glob) -> Generator[IngestEvent]:
    """Take back what was set by hand for the documents that match a glob. Raises
    DocumentNotFound."""
    from index.ingesting import granted_by_files

    found = _matching(catalog, documents)
    grants = Grants(catalog.rights_given())
    stated = catalog.stated([source.id for source, _ in found])
    states = {state.document_id: state for state in catalog.files("")}
    said = [
        (source, granted_by_files(grants, states[source.id], stated[source.id][0])[0])
        for source, _ in found
    ]
    with catalog.writing():
        changed = [source for source, rights in said if catalog.unset_by_hand(source.id, rights)]
        catalog.drop_unused_rights()
    yield from _told(changed)


def granted(catalog: Catalog, documents: Glob | None = None) -> list[tuple[Source, Granted]]:
    """Who may read each document, of those that match a glob, and where that is from: for
    operators."""
    return catalog.granted(catalog.scope(LOCAL_USER, documents))


def unclear(catalog: Catalog) -> Mapping[Path, str]:
    """What is wrong with the rights files around the documents, by file: they cannot be used, or
    a pattern of theirs fits nothing."""
    grants = Grants(catalog.rights_given())
    for state in catalog.files(""):
        grants.around(Path(state.path), Path(state.root))
    return grants.problems


def _matching(catalog: Catalog, documents: Glob) -> list[tuple[Source, Granted]]:
    found = granted(catalog, documents)
    if not found:
        raise DocumentNotFound(f"No document is called {documents}. See which are: onrecord rights")
    return found


def _told(changed: Sequence[Source]) -> Generator[IngestEvent]:
    from index.events import FileDone, Summary

    yield from (FileDone(source.name, "rights") for source in changed)
    yield Summary(rights=len(changed))


def _is_of_tenant(principal: Principal, rights: Rights) -> bool:
    """Does a tenant's administrator administer this? Documents of none are the operator's."""
    return rights.tenant != "" and principal.tenant == rights.tenant
