"""What the catalog keeps of who may read what."""

from __future__ import annotations

from contextlib import suppress

from index.documents import Principal
from index.rights.deciding import Granted, Rights
from tests.index.rights.test_oracle import Shelf, shelf

__all__ = ["shelf"]

ANN = Principal("user:i|ann")
BOBS = Rights("user:i|bob")
SHARED = Rights("user:i|bob", "", frozenset({ANN.id}))


def test_rights_that_were_taken_back_let_nobody_read(shelf: Shelf) -> None:
    """Neither then nor once as much was written again, though it was asked meanwhile."""
    shelf.put("pool", BOBS)
    with suppress(KeyboardInterrupt), shelf.catalog.writing():
        assert shelf.catalog.grant("pool", Granted(SHARED, "a test"))
        assert shelf.catalog.scope(ANN).document_count == 1
        raise KeyboardInterrupt
    assert shelf.catalog.scope(ANN).document_count == 0
    shelf.put("bridge", Rights("user:i|cy"))
    assert shelf.catalog.scope(ANN).document_count == 0
    with shelf.catalog.writing():
        assert shelf.catalog.visible(["pool", "bridge"], shelf.catalog.scope(ANN)) == frozenset()


def test_a_change_of_rights_is_told_from_none(shelf: Shelf) -> None:
    """The same ones from elsewhere are none; nor is there one of a document that is gone."""
    catalog = shelf.catalog
    shelf.put("pool", BOBS)
    before = catalog.revision
    with catalog.writing():
        assert not catalog.grant("pool", Granted(BOBS, "a test"))
        assert not catalog.grant("pool", Granted(BOBS, "another file"))
        assert not catalog.grant("gone", Granted(SHARED, "a test"))
    assert catalog.revision == before
    assert catalog.granted_to("pool") == Granted(BOBS, "another file")
    assert catalog.granted_to("gone") is None
    with catalog.writing():
        assert catalog.grant("pool", Granted(SHARED, "a test"))
    assert catalog.revision > before


def test_what_is_set_by_hand_stays_until_it_is_unset(shelf: Shelf) -> None:
    """Over what files say; each tells whether somebody's rights are others now."""
    catalog = shelf.catalog
    shelf.put("pool", BOBS)
    with catalog.writing():
        assert catalog.set_by_hand("pool", SHARED)
        assert not catalog.set_by_hand("pool", SHARED)
        assert not catalog.grant("pool", Granted(BOBS, "a test"))
    assert catalog.scope(ANN).document_count == 1
    with catalog.writing():
        assert catalog.unset_by_hand("pool", Granted(BOBS, "a test"))
        assert not catalog.unset_by_hand("pool", Granted(BOBS, "a test"))
    assert catalog.scope(ANN).document_count == 0
