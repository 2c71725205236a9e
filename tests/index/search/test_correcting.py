"""What people correct by hand about speakers, and that it lasts."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from index.documents import LOCAL_USER, Query
from index.errors import SpeakerUnclear
from index.search.correcting import Corrected, merge, split, undo
from index.search.view import Index
from index.stores.protocols import Catalog
from tests.conftest import Collection, MakeCollection

DYLAN = "Bob Dylan said the record was finished. Dylan said the studio was cold."
ZIMMERMAN = "Robert Zimmerman said the tour would begin in June."
BRIDGE = "John Smith said the bridge was safe."
RIVER = "John Smith said the river was rising. A spokesman said the river was calm."
SPOKESMAN = "A spokesman said the harbour was closed."


@pytest.fixture
def songs(make_collection: MakeCollection) -> Collection:
    """One man under two names, in two documents."""
    return make_collection({"dylan.txt": DYLAN, "zimmerman.txt": ZIMMERMAN})


@pytest.fixture
def towns(make_collection: MakeCollection) -> Collection:
    """Two men under one name."""
    return make_collection({"bridge.txt": BRIDGE, "river.txt": RIVER, "harbour.txt": SPOKESMAN})


def speakers(index: Index) -> dict[str, int]:
    """How many statements each has."""
    return {s.name: s.statements for s in index.view_of(LOCAL_USER).speakers() if s.is_named}


def words(index: Index, speaker: str) -> list[str]:
    return [hit.text for hit in index.view_of(LOCAL_USER).statements(speaker)]


def apply(make: Callable[..., Iterator[Corrected]], *arguments: object) -> Corrected:
    (done,) = make(*arguments)
    return done


def test_until_somebody_says_so_two_names_are_two_speakers(songs: Collection) -> None:
    assert speakers(songs.open_index()) == {"Bob Dylan": 2, "Robert Zimmerman": 1}


def test_merged_speakers_are_one_by_the_chosen_name(songs: Collection) -> None:
    """Though the other one has more statements; it is said how many moved."""
    catalog = songs.stores.catalog
    done = apply(merge, catalog, "Bob Dylan", "Robert Zimmerman")
    assert done == Corrected("Bob Dylan", "Robert Zimmerman", 2, 1)
    assert speakers(songs.open_index()) == {"Robert Zimmerman": 3}


def test_a_merged_speaker_is_found_by_every_name(songs: Collection) -> None:
    """Also in a question, and is credited by the chosen one."""
    apply(merge, songs.stores.catalog, "Bob Dylan", "Robert Zimmerman")
    index = songs.open_index()
    for name in ("Dylan", "Bob Dylan", "Zimmerman"):
        assert len(words(index, name)) == 3, name
    question = "What did Dylan say about the tour?"
    query = Query(question, question, asks="said", speaker="Dylan", topic="the tour")
    said = index.view_of(LOCAL_USER).search(query).said
    assert said is not None
    assert [hit.speaker for hit in said.statements] == ["Robert Zimmerman"]


def test_a_correction_is_used_by_an_index_that_is_open(songs: Collection) -> None:
    """A server need not start again."""
    index = songs.open_index()
    assert len(speakers(index)) == 2
    apply(merge, songs.stores.catalog, "Bob Dylan", "Robert Zimmerman")
    assert len(speakers(index)) == 1


def test_a_merge_lasts_when_documents_are_read_again(songs: Collection) -> None:
    """Changed, removed and put back, or new with another form of the name."""
    apply(merge, songs.stores.catalog, "Bob Dylan", "Robert Zimmerman")
    songs.write({"dylan.txt": "Bob Dylan said the record was lost."})
    songs.sync()
    assert speakers(songs.open_index()) == {"Robert Zimmerman": 2}
    (songs.folder / "dylan.txt").unlink()
    songs.sync()
    songs.write({"dylan.txt": DYLAN, "new.txt": "Dylan said the band was tired."})
    songs.sync()
    assert speakers(songs.open_index()) == {"Robert Zimmerman": 4}


def test_corrections_last_when_the_index_is_rebuilt_and_opened_anew(songs: Collection) -> None:
    apply(merge, songs.stores.catalog, "Bob Dylan", "Robert Zimmerman")
    songs.stores.rebuild()
    songs.stores.close()
    stores = songs.reopened().stores
    index = Index(stores.catalog, stores.words, stores.embedder)
    assert speakers(index) == {"Robert Zimmerman": 3}


def test_one_merge_after_the_other_leads_to_the_last(make_collection: MakeCollection) -> None:
    """Al is Bo and Bo is Cy."""
    names = ("Al Brook", "Bo Ford", "Cy Lake")
    texts = {f"{i}.txt": f"{name} said the mill was open." for i, name in enumerate(names)}
    collection = make_collection(texts)
    catalog = collection.stores.catalog
    apply(merge, catalog, "Al Brook", "Bo Ford")
    apply(merge, catalog, "Bo Ford", "Cy Lake")
    assert speakers(collection.open_index()) == {"Cy Lake": 3}
    apply(undo, catalog, "Cy Lake")
    assert speakers(collection.open_index()) == {"Bo Ford": 2, "Cy Lake": 1}


def test_a_merge_holds_where_only_some_documents_are_looked_at(songs: Collection) -> None:
    """The others have the name that was chosen."""
    apply(merge, songs.stores.catalog, "Bob Dylan", "Robert Zimmerman")
    inside = songs.open_index().view_of(LOCAL_USER).speakers("dylan.txt")
    assert [(s.name, s.statements) for s in inside] == [("Robert Zimmerman", 2)]


def test_a_split_makes_two_of_one_in_the_documents_named(towns: Collection) -> None:
    done = apply(split, towns.stores.catalog, "John Smith", "river*", "Joan Smith")
    assert done == Corrected("John Smith", "Joan Smith", 1, 1)
    index = towns.open_index()
    assert speakers(index) == {"Joan Smith": 1, "John Smith": 1}
    assert words(index, "Joan Smith") == ["the river was rising"]
    assert words(index, "John Smith") == ["the bridge was safe"]


def test_a_split_lasts_when_the_document_changes(towns: Collection) -> None:
    """Its id stays the same."""
    apply(split, towns.stores.catalog, "John Smith", "river*", "Joan Smith")
    towns.write({"river.txt": "John Smith said the river was falling."})
    towns.sync()
    assert words(towns.open_index(), "Joan Smith") == ["the river was falling"]


def test_a_description_is_split_off_in_one_document_only(towns: Collection) -> None:
    """Every document may mean another spokesman."""
    apply(split, towns.stores.catalog, "A spokesman", "harbour*", "Ann Lee")
    index = towns.open_index()
    assert words(index, "Ann Lee") == ["the harbour was closed"]
    assert speakers(index)["Ann Lee"] == 1


def test_a_description_is_merged_where_it_is_the_same_person_everywhere(
    towns: Collection,
) -> None:
    """Of documents that come later, too."""
    done = apply(merge, towns.stores.catalog, "A spokesman", "John Smith")
    assert (done.statements, done.documents) == (2, 2)
    towns.write({"new.txt": SPOKESMAN})
    towns.sync()
    assert len(words(towns.open_index(), "John Smith")) == 5


@pytest.mark.parametrize("name", ["John Smith", "Joan Smith", "joan smith"])
def test_a_split_is_undone_by_either_name(towns: Collection, name: str) -> None:
    catalog = towns.stores.catalog
    apply(split, catalog, "John Smith", "*", "Joan Smith")
    assert apply(undo, catalog, name) == Corrected(name, "", 2, 2)
    assert speakers(towns.open_index()) == {"John Smith": 2}
    assert catalog.speaker_edits(catalog.scope(LOCAL_USER)) == {}


def test_a_split_is_undone_for_every_form_of_the_name(towns: Collection) -> None:
    """One document has the surname only."""
    towns.write({"mill.txt": "Smith said the mill was old."})
    towns.sync()
    catalog = towns.stores.catalog
    apply(split, catalog, "John Smith", "*", "Joan Lake")
    assert speakers(towns.open_index()) == {"Joan Lake": 3}
    apply(undo, catalog, "John Smith")
    assert speakers(towns.open_index()) == {"John Smith": 3}


def test_one_undo_leaves_the_other_corrections(songs: Collection) -> None:
    songs.write({"bridge.txt": BRIDGE, "river.txt": RIVER})
    songs.sync()
    catalog = songs.stores.catalog
    apply(merge, catalog, "Bob Dylan", "Robert Zimmerman")
    apply(split, catalog, "John Smith", "river*", "Joan Smith")
    apply(undo, catalog, "Joan Smith")
    assert speakers(songs.open_index()) == {"Robert Zimmerman": 3, "John Smith": 2}


def refused(catalog: Catalog, make: Callable[..., Iterator[Corrected]], *arguments: str) -> str:
    """The words of the refusal; nothing is changed."""
    with pytest.raises(SpeakerUnclear) as raised:
        apply(make, catalog, *arguments)
    assert catalog.speaker_edits(catalog.scope(LOCAL_USER)) == {}
    return str(raised.value)


def test_what_cannot_be_corrected_is_said_with_what_to_do(towns: Collection) -> None:
    catalog = towns.stores.catalog
    assert "Did you mean John Smith?" in refused(catalog, merge, "Jon Smiht", "John Smith")
    assert "See who is: onrecord statements" in refused(catalog, merge, "Xq", "John Smith")
    assert "are one already" in refused(catalog, merge, "john smith", "John Smith")
    assert "is no name" in refused(catalog, merge, "John Smith", "A spokesman")
    assert "not credited in any" in refused(catalog, split, "John Smith", "zoo*", "Joan Smith")
    assert "taken for John Smith" in refused(
        catalog, split, "John Smith", "river*", "John Q. Smith"
    )
    assert "Corrected are: no names" in refused(catalog, undo, "John Smith")


def test_a_correction_that_changes_nothing_writes_nothing(towns: Collection) -> None:
    """Its transaction is taken back, the revision too."""
    catalog = towns.stores.catalog
    revision = catalog.revision
    refused(catalog, split, "John Smith", "river*", "John Q. Smith")
    assert catalog.revision == revision
