"""Pages of PDF files as they look: quoted words are boxed where they stand, or nowhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from index.documents import Document, Source, Span
from index.errors import ReaderUnavailable, UnreadableFile
from index.page_pictures import MOST_WAITING, Pictures
from index.reading import apart
from index.reading.apart import Readers
from index.reading.blocks import Unreadable
from index.reading.files import read
from index.reading.loading import Content
from index.reading.pages.locating import Box, PagePicture, located
from tests.index.reading.pages.test_ocr import drawn as drawing_of
from tests.index.reading.pages.test_pdf import LEFT, MILL, OTTERS, RIGHT, Drawn, across, lines, pdf
from tests.index.reading.test_apart import nested_forms

CUT = ["The commission found that the inspec-", "tion of the bridge was underfunded."]
TWICE = ["The first year:", "The fee is nine crowns.", "The year after:", "The fee is nine crowns."]
TABLE = across(
    lines(["Port", "Alta", "Bodo", "Narvik"], step=20),
    lines(["2029", "12", "14", "12"], x=200, step=20),
    lines(["2030", "14", "19", "12"], x=300, step=20),
)


@pytest.fixture(scope="module")
def readers() -> Iterator[Readers]:
    made = Readers()
    yield made
    for worker in made._ready:
        worker.end()


def document(data: bytes) -> Document:
    reading = read(".pdf", data)
    source = Source("d", "d.pdf", "D", "1")
    return Document(source, reading.text, reading.page_starts, reading.structure)


def boxes(readers: Readers, data: bytes, words: str, occurrence: int = 0) -> list[Box]:
    """Where the words are boxed on the page on which they begin."""
    found = document(data)
    start = -1
    for _ in range(occurrence + 1):
        start = found.text.index(words, start + 1)
    span = Span(start, start + len(words))
    number = found.page_of(start)
    assert number is not None
    return located(found, span, number, readers.page(data, number))


def at(*columns: list[Drawn]) -> bytes:
    return pdf(across(*columns))


def test_a_quotation_is_boxed_line_by_line_in_its_column(readers: Readers) -> None:
    """Also where the file draws the lines of both columns one after the other."""
    page = at(lines(LEFT), lines(RIGHT, x=320))
    left, right = boxes(readers, page, OTTERS), boxes(readers, page, MILL)
    assert len(left) == len(right) == 4
    assert all(box.right < 5_000 for box in left)
    assert all(box.left > 5_000 for box in right)
    assert [box.top for box in left] == sorted(box.top for box in left)


def test_a_part_of_a_line_is_boxed_and_not_the_rest_of_it(readers: Readers) -> None:
    page = pdf(lines(CUT))
    (whole, _), (part,) = (
        boxes(readers, page, document(page).text),
        boxes(readers, page, "found that"),
    )
    assert whole.left < part.left < part.right < whole.right


def test_a_word_that_was_cut_at_the_end_of_its_line_is_boxed_in_both(readers: Readers) -> None:
    first, second = boxes(readers, pdf(lines(CUT)), "inspection of the bridge")
    assert first.bottom <= second.top + 50
    assert first.left > second.left


def test_of_equal_words_those_are_boxed_that_are_cited(readers: Readers) -> None:
    page = pdf(lines(TWICE, step=40))
    first, second = (boxes(readers, page, TWICE[1], occurrence)[0] for occurrence in (0, 1))
    assert first.top < second.top


def test_cells_are_boxed_in_their_row(readers: Readers) -> None:
    """Without the names of their columns, which the text has in each row."""
    page = pdf(TABLE)
    found = document(page)
    row = next(line for line in found.text.split("\n\n") if "Bodo" in line)
    assert "2029" in row
    cells = boxes(readers, page, row)
    assert cells
    (bodo,) = boxes(readers, page, "Bodo")
    assert all(bodo.is_beside(cell) for cell in cells)


def test_what_was_filled_in_is_boxed_in_its_field(readers: Readers) -> None:
    field = "<< /Subtype /Widget /FT /Tx /T (boat) /V (Terna) /Rect [306 696 408 718] >>"
    data = pdf([(60, 700, "Name of the boat:")], notes=field)
    label, value = boxes(readers, data, "Name of the boat: Terna")
    assert label.right < value.left
    assert (value.left, value.right) == (5_000, 6_667)


def test_words_of_a_scanned_page_are_boxed_where_they_were_seen(readers: Readers) -> None:
    words = "The ferry leaves at nine"
    data = drawing_of(words, "PDF")
    whole, part = boxes(readers, data, words)[0], boxes(readers, data, "nine")[0]
    assert whole.left < part.left < whole.right
    assert abs(part.right - whole.right) < 20


def test_words_that_are_not_on_the_page_are_boxed_nowhere(readers: Readers) -> None:
    page = readers.page(pdf(lines(CUT)), 1)
    other = Document(Source("d", "d.pdf", "D", "1"), "Nothing of this is printed there.", (0,))
    assert located(other, Span(0, 33), 1, page) == []


def test_a_page_that_is_turned_is_boxed_as_it_is_seen(readers: Readers) -> None:
    """What is at its top stands at the right."""
    (box,) = boxes(readers, pdf(lines(LEFT[:1]), page="/Rotate 90"), LEFT[0])
    assert box.bottom - box.top > box.right - box.left
    assert box.left > 5_000


def test_printed_labels_and_the_outline_are_known(readers: Readers) -> None:
    """By page; what leads nowhere is left out."""
    labels = "/PageLabels << /Nums [0 << /S /r >> 2 << /S /D >>] >>"
    more = [
        "<< /First 12 0 R /Last 13 0 R /Count 2 >>",
        "<< /Title (Preface) /Parent 11 0 R /Next 13 0 R /Dest [6 0 R /Fit] >>",
        "<< /Title (Findings) /Parent 11 0 R /Prev 12 0 R /Dest [10 0 R /Fit] >>",
    ]
    pages = [lines(LEFT), lines(RIGHT), lines(CUT)]
    found = readers.outline(pdf(*pages, catalog=f"{labels} /Outlines 11 0 R", more=more))
    assert found.labels == ("i", "ii", "1")
    assert found.entries == ((1, "Preface", 1), (1, "Findings", 3))


@pytest.mark.parametrize("data", [b"%PDF-1.4 nonsense", pdf(lines(LEFT))[:300]])
def test_a_damaged_file_harms_nobody_else(readers: Readers, data: bytes) -> None:
    with pytest.raises(Unreadable):
        readers.page(data, 1)
    assert readers.page(pdf(lines(LEFT)), 1).pages == 1


def test_a_page_that_needs_too_much_is_given_up_and_not_tried_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whoever else reads does not notice."""
    monkeypatch.setattr(apart, "DRAWN_SECONDS", 1)
    pictures, read_times = Pictures(), 0

    def content(data: bytes) -> Callable[[], Content]:
        def fetched() -> Content:
            nonlocal read_times
            read_times += 1
            return Content(path=None, name="forms.pdf", data=data, modified_ns=0)  # type: ignore[arg-type]

        return fetched

    for _ in range(2):
        with pytest.raises(UnreadableFile, match=r"forms.pdf (takes too long|made the reader)"):
            pictures.page("digest", 1, content(nested_forms(12)))
    assert read_times == 1
    assert pictures.page("other", 1, content(pdf(lines(LEFT)))).pages == 1


def test_a_page_is_drawn_once_and_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """As long as there is room: the one that was asked for longest ago is dropped."""
    monkeypatch.setattr("index.page_pictures.MOST_KEPT", 30_000)
    pictures, drawn = Pictures(), list[int]()
    monkeypatch.setattr(pictures, "_readers", Drawing(drawn))
    for number in (1, 2, 1, 3, 1, 2):
        pictures.page("digest", number, lambda: Content(None, "d.pdf", b"", 0))  # type: ignore[arg-type]
    assert drawn == [1, 2, 3, 2]


class Drawing:
    """Readers that note what is drawn."""

    def __init__(self, drawn: list[int]) -> None:
        self._drawn = drawn

    def page(self, _: bytes, number: int) -> PagePicture:
        self._drawn.append(number)
        return PagePicture(bytes(14_000), "", (), 3, (612.0, 792.0))


def test_nobody_waits_behind_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are told to come again, and other pages of the server are served meanwhile."""
    pictures = Pictures()
    for _ in range(MOST_WAITING):
        pictures._waiting.acquire()
    with pytest.raises(ReaderUnavailable, match="Try again"):
        pictures.page("digest", 1, lambda: Content(None, "d.pdf", b"", 0))  # type: ignore[arg-type]
