"""Statements in the order of their days, and changes of mind."""

import pytest

from assistant.browsing.listing import Wanted, gather
from assistant.browsing.timeline import changes
from assistant.rendering.statements import listing_to_dicts
from index.documents import LOCAL_USER
from index.search.view import View
from tests.conftest import MakeCollection

TEXTS = {
    "c-2024-03-01.txt": "Anna Holt said that the mill will not be sold to the county.\n",
    "b-2025-06-02.txt": "Anna Holt said that the mill will be sold to the county.\n",
    "a.txt": "Anna Holt said that the mill has no roof.\n",
    "thread.eml": "From: Carl Voss <c@example.org>\nSubject: Mill\n"
    "Date: Thu, 12 Dec 2024 16:02:11 +0200\n\nI would not buy the mill.\n",
}


@pytest.fixture(scope="module")
def view(make_collection_once: MakeCollection) -> View:
    return make_collection_once(TEXTS).open_index().view_of(LOCAL_USER)


def test_the_earliest_comes_first_and_what_has_no_day_last(view: View) -> None:
    """Of a mail its own day counts, of others that of the document's name."""
    listing = gather(view, Wanted(about="mill", order="time"))
    assert [row["date"] for row in listing_to_dicts(listing)] == [
        "2024-03-01", "2024-12-12", "2025-06-02", None,
    ]  # fmt: skip


def test_what_a_speaker_said_and_later_denied_stands_side_by_side(view: View) -> None:
    listing = gather(view, Wanted("Anna Holt", order="time"))
    (change,) = changes(listing.hits)
    assert ("not be sold" in change.earlier.text, "not" in change.later.text) == (True, False)
    later = next(row for row in listing_to_dicts(listing) if row["date"] == "2025-06-02")
    assert len(later["denies"]) == 1


def test_by_document_nothing_of_days_is_told(view: View) -> None:
    rows = listing_to_dicts(gather(view, Wanted("Anna Holt")))
    assert all("date" not in row for row in rows)
