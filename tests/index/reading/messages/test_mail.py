"""A mail is read with its head, its quotations, and all that it carries."""

from __future__ import annotations

import time
from email.message import EmailMessage

import pytest

from index.documents import walk
from index.reading.blocks import Reading, Unreadable
from index.reading.files import read

HEAD = "From: Kari <kari@a.example>\nTo: Ola <ola@a.example>\nCc: Per <per@a.example>"


def message(body: str = "", subject: str = "Quay", subtype: str = "plain") -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"], made["Cc"] = (
        f"{name.capitalize()} <{name}@a.example>" for name in ("kari", "ola", "per")
    )
    made["Subject"] = subject
    if body:
        made.set_content(body, subtype)
    return made


def reading(made: EmailMessage | bytes) -> Reading:
    return read(".eml", bytes(made))


def lines(made: EmailMessage | bytes) -> list[str]:
    """What follows after the head."""
    return reading(made).text.split("\n\n")[2:]


def test_the_head_is_text_and_a_fact_of_the_part() -> None:
    found = reading(message("It sank.\n"))
    assert found.text == f"Quay\n\n{HEAD}\n\nIt sank."
    (part,) = found.structure
    assert (part.kind, part.facts["from"]) == ("part", "Kari <kari@a.example>")
    assert part.facts["subject"] == "Quay"
    assert [block.kind for block in part.within] == ["heading", "paragraph", "paragraph"]


def test_an_attachment_is_a_part_of_its_own_read_as_its_kind_is() -> None:
    """And what stands after it is read; one that cannot be read is named."""
    made = message("See the figures.\n")
    made.add_attachment("Quay,Sunk\nNorth,11\n", "csv", filename="figures.csv")
    made.add_attachment(b"\0", "application", "octet-stream", filename="a.bin")
    made.add_attachment(b"%PDF-no", "application", "pdf", filename="b.pdf")
    last = EmailMessage()
    last.set_content("This stands after it.\n")
    made.attach(last)
    found = reading(made)
    assert lines(made) == [
        "See the figures.", "figures.csv", "Quay: North; Sunk: 11.", "This stands after it.",
    ]  # fmt: skip
    assert found.left_out == {"attachment a.bin": 1, "attachment b.pdf": 1}
    part = next(block for block in walk(found.structure) if block.level == 1 and block.within)
    assert part.facts == {"name": "figures.csv", "type": "text/csv"}
    row = next(block for block in walk(part.within) if block.kind == "row")
    assert found.text[row.span.start : row.span.end] == "Quay: North; Sunk: 11."


@pytest.mark.parametrize("as_file", [False, True])
def test_a_forwarded_message_is_a_part_with_its_own_head(as_file: bool) -> None:
    inner, made = message("It sank.\n", "Alarm"), message("See below.\n")
    if as_file:
        made.add_attachment(bytes(inner), "application", "octet-stream", filename="alarm.eml")
    else:
        made.add_attachment(inner)
    assert lines(made) == ["See below.", "Alarm", HEAD, "It sank."]
    parts = [block for block in walk(reading(made).structure) if block.kind == "part"]
    assert [(part.level, part.facts["subject"]) for part in parts] == [(0, "Quay"), (1, "Alarm")]


def test_messages_in_messages_are_read_to_a_depth() -> None:
    made = message("The innermost.\n")
    for _ in range(12):
        outer = message("Forwarded.\n")
        outer.add_attachment(made)
        made = outer
    found = reading(made)
    assert "The innermost." not in found.text
    assert found.left_out == {"forwarded message": 1}


def test_what_is_quoted_is_a_quotation_by_its_depth() -> None:
    body = "Yes.\n\nOn Monday, Ola wrote:\n> Did it sink?\n>> Look there.\n> I ask again.\n\nKari\n"
    (part,) = reading(message(body)).structure
    quoted = [(block.kind, block.level) for block in part.within[2:]]
    assert quoted == [
        ("paragraph", 0), ("paragraph", 0), ("quotation", 1), ("quotation", 2), ("quotation", 1),
        ("paragraph", 0),
    ]  # fmt: skip
    assert lines(message(body))[2:4] == ["Did it sink?", "Look there."]


@pytest.mark.parametrize("said", ["On Monday, Ola Dahl wrote:", "-----Original Message-----"])
def test_what_follows_another_messages_head_is_quoted_though_no_line_is_marked(said: str) -> None:
    (part,) = reading(message(f"Yes.\n\n{said}\n\nDid it sink?\n")).structure
    assert [block.kind for block in part.within[2:]] == ["paragraph", "paragraph", "quotation"]


def test_a_web_page_is_read_where_the_plain_text_only_says_that_there_is_one() -> None:
    stub, full = "Please view this in an HTML capable program.\n", "Twelve ladders come in May.\n"
    page = "<p>Twelve <b>ladders</b> come in May.</p>"
    for plain in (stub, full):
        made = message(plain)
        made.add_alternative(page, "html")
        assert lines(made) == ["Twelve ladders come in May."]


def test_an_empty_web_page_refuses_no_mail() -> None:
    content = b"From: a@b.example\nSubject: Friday\nContent-Type: text/html\n\n\n"
    assert reading(content).text == "Friday\n\nFrom: a@b.example"
    made = message("Words.\n")
    made.add_alternative("<!-- -->", "html")
    assert lines(made) == ["Words."]


def test_quotation_marks_called_latin_1_are_read() -> None:
    content = (
        b"Subject: x\nContent-Type: text/plain; charset=iso-8859-1\n\n\x93Yes\x94 \x96 he said."
    )
    assert reading(content).text == "x\n\n“Yes” – he said."


def test_lines_that_a_program_wrapped_are_one() -> None:
    content = b"Subject: x\nContent-Type: text/plain; format=flowed\n\nIt sank \nby five.\nYes.\n"
    assert reading(content).text == "x\n\nIt sank by five.\nYes."


def test_what_is_no_mail_is_refused() -> None:
    with pytest.raises(Unreadable):
        reading(b"\n\n \n")


def test_a_head_with_letters_that_no_mail_may_have_is_read() -> None:
    made = b"From: Zo\xeb <z@a.example>\nSubject: d\xe9j\xe0 vu\n\nIt sank.\n"
    found = reading(made)
    assert (found.title, found.byline) == ("déjà vu", "Zoë <z@a.example>")


def test_a_message_of_more_parts_than_anybody_sends_is_refused_before_they_are_told_apart() -> None:
    part = b"--x\nContent-Type: text/plain\n\nwords\n"
    head = b"Subject: s\nContent-Type: multipart/mixed; boundary=x\n\n"
    with pytest.raises(Unreadable, match="has more than 5,000 parts"):
        reading(head + part * 5_001 + b"--x--\n")


@pytest.mark.parametrize("wrong", ["a <a@b.example>, ", '"', "<", "=?utf-8?b?YQ==?= "])
def test_of_a_header_without_end_the_beginning_is_read_in_little_time(wrong: str) -> None:
    """And it is said that there is more."""
    begun = time.process_time()
    found = reading(f"From: Ann\nTo: {wrong * (300_000 // len(wrong))}\n\nIt sank.".encode())
    assert time.process_time() - begun < 15
    assert found.text.endswith("It sank.")
    assert len(found.text) < 15_000
    assert found.left_out == {"end of a long header": 1}
