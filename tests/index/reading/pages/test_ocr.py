"""What stands in pictures is read as printed pages are, and said to be left out where it is not."""

from __future__ import annotations

import ctypes
import io

import pypdfium2
import pytest
from PIL import Image, ImageDraw, ImageFont
from pypdfium2 import raw

from index.reading.apart import READERS_APART
from index.reading.blocks import Unreadable
from index.reading.files import PICTURES, read
from index.reading.pages import ocr, pdf

KINDS = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".tif": "TIFF", ".tiff": "TIFF"}
QUAY = "The northern quay sank by eleven\ncentimetres in the winter of 2031."
FEE = "The fee is 340 kroner a week."


def drawing(words: str) -> Image.Image:
    """A page on which these words are drawn."""
    page = Image.new("L", (1200, 700), "white")
    ImageDraw.Draw(page).text((90, 110), words, "black", ImageFont.load_default(42), spacing=18)
    return page


def drawn(words: str, kind: str = "PNG", *further: str) -> bytes:
    """A file of such pages."""
    file = io.BytesIO()
    first, *others = map(drawing, (words, *further))
    several = {"save_all": True, "append_images": others} if kind in ("PDF", "TIFF") else {}
    first.save(file, kind, resolution=200, dpi=(200, 200), **several)
    return file.getvalue()


def test_there_is_a_picture_of_every_kind() -> None:
    assert set(KINDS) == set(PICTURES)


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".tiff"])
def test_the_lines_of_a_picture_are_paragraphs(suffix: str) -> None:
    assert read(suffix, drawn(QUAY, KINDS[suffix])).text == QUAY.replace("\n", " ")


def test_a_scanned_file_has_its_pages_and_is_read_within_the_limits_of_files() -> None:
    reading = READERS_APART.read(".pdf", drawn(QUAY, "PDF", FEE))
    assert [reading.text[start:][:12] for start in reading.page_starts] == [QUAY[:12], FEE[:12]]


def test_a_picture_without_words_is_refused() -> None:
    with pytest.raises(Unreadable, match="shows no words"):
        read(".png", drawn(""))


def test_pages_for_which_there_is_no_time_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    turns = iter([True])
    whole = ocr.Recognition.pieces
    monkeypatch.setattr(
        ocr.Recognition, "pieces", lambda *of: whole(*of) if next(turns, False) else None
    )
    reading = read(".pdf", drawn(QUAY, "PDF", FEE))
    assert reading.text == QUAY.replace("\n", " ")
    assert reading.left_out == {"page that is only a picture": 1}


def test_a_picture_with_a_stamp_over_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is no page of nothing but a picture, and all that it says would be missing."""
    document = pypdfium2.PdfDocument(drawn(QUAY, "PDF"))
    page = document[0]
    stamp = raw.FPDFPageObj_NewTextObj(document, b"Helvetica", 14)
    words = (ctypes.c_ushort * 9)(*b"Received", 0)
    raw.FPDFText_SetText(stamp, words)
    raw.FPDFPageObj_Transform(stamp, 1, 0, 0, 1, 40, 20)
    raw.FPDFPage_InsertObject(page, stamp)
    page.gen_content()
    file = io.BytesIO()
    document.save(file)
    assert read(".pdf", file.getvalue()).text == f"{QUAY}\n\nReceived".replace("\nc", " c")
    monkeypatch.setattr(pdf, "is_installed", lambda: False)
    reading = read(".pdf", file.getvalue())
    assert (reading.text, reading.left_out) == ("Received", {"picture that covers a page": 1})


def test_what_reads_pictures_is_named_where_it_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "is_installed", lambda: False)
    with pytest.raises(Unreadable, match=r"pip install 'onrecord\[ocr\]'"):
        read(".pdf", drawn(QUAY, "PDF"))
