"""What became of the citations of a saved answer, in documents as they are today."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from typing import Any

import pytest

from assistant.chat import Assistant
from assistant.errors import WrongUse
from assistant.receipts.receipt import Finding, Findings, Kept, Receipt, parse_receipt, receipt_of
from assistant.receipts.rechecking import recheck
from assistant.rendering.answers import findings_to_dict, findings_to_terminal, to_dict
from index.documents import LOCAL_USER, Document, Source, Span
from index.search.view import Library
from tests.conftest import MakeCollection, invented_texts
from tests.shelf import Shelf

TEXT = (
    "The council met on Monday.\n"
    "The mayor said that 20,000 people had come to the opening of the bridge.\n"
    "Nobody objected.\n"
    "The choir sang until midnight, and the baker gave away his bread. 𝒜da danced.\n"
)
OPENING = "The mayor said that 20,000 people had come to the opening of the bridge."


def shelf_of(texts: dict[str, str], ids: dict[str, str] | None = None) -> Shelf:
    """A library of {name: text}; a document's id is its name unless given."""
    given = ids or {}
    return Shelf(
        Document(Source(given.get(name, name), name, name, "2"), text)
        for name, text in texts.items()
    )


def saved(words: str, text: str = TEXT, occurrence: int = 0) -> Kept:
    """The words as an answer cites them, of several equal places that one."""
    start = -1
    for _ in range(occurrence + 1):
        start = text.index(words, start + 1)
    end = start + len(words)
    around = text[max(0, start - 32) : start], text[end : end + 32]
    return Kept(1, "minutes.txt", "minutes.txt", Span(start, end), words, *around)


def check(kept: Kept, text: str) -> Finding:
    """What became of it when its document has this text."""
    return check_in(kept, shelf_of({"minutes.txt": text})).each[0]


def check_in(kept: Kept, shelf: Shelf) -> Findings:
    return recheck(Receipt("what?", (kept,)), shelf)


def test_words_that_stand_where_they_stood_are_the_same() -> None:
    finding = check(saved(OPENING), TEXT)
    assert (finding.fate, finding.span) == ("same", saved(OPENING).span)


def test_words_after_an_insertion_have_moved_and_it_is_said_where_to() -> None:
    """To the very character, also behind characters beyond the first plane."""
    for words in (OPENING, "𝒜da danced."):
        today = "𝒩ote: corrected.\n" + TEXT
        finding = check(saved(words), today)
        assert finding.fate == "moved"
        assert finding.span
        assert today[finding.span.start : finding.span.end] == words
        assert finding.span.start == saved(words).span.start + len("𝒩ote: corrected.\n")


def test_of_several_equal_places_the_words_around_decide() -> None:
    """Also when another one stands where the cited one stood."""
    verse = "Refrain: we sing.\nThe first verse of it.\nRefrain: we sing.\nThe second verse.\n"
    kept = saved("Refrain: we sing.", verse, occurrence=1)
    same_offset_is_another = verse[: kept.span.start] + "Refrain: we sing.\nNew words.\n"
    today = (
        same_offset_is_another + "The first verse of it.\nRefrain: we sing.\nThe second verse.\n"
    )
    finding = check(kept, today)
    assert finding.fate == "moved"
    assert finding.span == Span(today.rindex("Refrain"), today.rindex("Refrain") + 17)


def test_a_short_quotation_is_not_found_in_a_strange_place() -> None:
    """“Yes.” stands everywhere; with its neighbours it is the same one."""
    text = "Did they agree to the plan? Yes. They signed it the next morning."
    kept = saved("Yes.", text)
    assert check(kept, "Was it raining that day in June? Yes. It rained for a week.").fate == "gone"
    assert check(kept, f"It was late. {text}").fate == "moved"


def test_a_changed_sentence_is_shown_word_by_word() -> None:
    today = TEXT.replace("20,000", "30,000").replace("to the opening", "to the solemn opening")
    finding = check(saved(OPENING), today)
    assert finding.fate == "changed"
    assert finding.words == OPENING.replace("20,000", "30,000").replace("the op", "the solemn op")
    assert [(change.kind, change.words) for change in finding.difference] == [
        ("same", "The mayor said that"),
        ("dropped", "20,000"),
        ("added", "30,000"),
        ("same", "people had come to the"),
        ("added", "solemn"),
        ("same", "opening of the bridge."),
    ]


def test_a_changed_sentence_is_found_where_its_neighbours_changed_too() -> None:
    """By its words alone, from its first to its last one."""
    changed = "She said that 20,000 people had come to the opening of the bridge!"
    finding = check(saved(OPENING), f"Nothing else is left of it.\nNew. {changed} New again.")
    assert (finding.fate, finding.words) == ("changed", changed)


def test_white_space_that_changed_is_said_to_be_all() -> None:
    finding = check(saved(OPENING), TEXT.replace("people had", "people\nhad"))
    assert finding.fate == "changed"
    assert finding.why == "Only the white space differs."
    assert finding.difference == ()


def test_a_sentence_that_was_taken_out_is_gone() -> None:
    """Its neighbours are not taken for it."""
    finding = check(saved(OPENING), TEXT.replace(f"{OPENING}\n", ""))
    assert (finding.fate, finding.span) == ("gone", None)
    assert finding.source
    assert check(saved(OPENING), "").fate == "gone"


def test_a_document_is_found_by_its_name_when_its_id_is_another() -> None:
    """The folder was moved, and indexed again; of several the one that has the words."""
    moved = shelf_of({"minutes.txt": TEXT}, {"minutes.txt": "another-id"})
    assert check_in(saved(OPENING), moved).each[0].fate == "same"


def test_a_document_that_is_not_there_is_said_to_be_gone() -> None:
    (finding,) = check_in(saved(OPENING), shelf_of({"other.txt": TEXT})).each
    assert (finding.fate, finding.source) == ("gone", None)
    assert "no longer in the index" in finding.why


def test_people_see_a_line_for_each_citation_and_the_difference_below_it() -> None:
    """Without colours; offsets from where to where."""
    shelf = shelf_of({"minutes.txt": "New.\n" + TEXT.replace("20,000", "30,000")})
    nobody = replace(saved("Nobody objected."), number=2)
    lost = replace(saved(OPENING), number=3, document_id="x", document_name="lost.txt")
    receipt = Receipt("what?", (saved(OPENING), nobody, lost))
    said = findings_to_terminal(recheck(receipt, shelf))
    assert "[1]  changed  minutes.txt, characters 27 to 99 → 32 to 104" in said
    assert "The mayor said that [-20,000-] {+30,000+} people had come" in said
    assert "[2]  moved    minutes.txt, characters 100 to 116 → 105 to 121" in said
    assert "[3]  gone     lost.txt, characters 27 to 99" in said
    assert said.endswith("1 moved, 1 changed, 1 gone.")


def test_nothing_hidden_in_a_document_reaches_the_terminal() -> None:
    finding = check(saved(OPENING), TEXT.replace("20,000", "\x1b[31m30,000\u202e"))
    said = findings_to_terminal(Findings(Receipt("", ()), (finding,)))
    assert "\x1b" not in said
    assert "\u202e" not in said


def test_a_real_answer_is_the_same_and_after_an_edit_before_it_moved(
    make_collection: MakeCollection,
) -> None:
    """From the question to the finding, with the index that people have."""
    collection = make_collection({"minutes.txt": TEXT, "other.txt": "The school has a garden."})
    asked = "How many people came to the opening of the bridge?"
    answer = Assistant(collection.open_index()).ask(asked, principal=LOCAL_USER)
    receipt = parse_receipt(json.dumps(to_dict(answer)).encode())
    assert receipt.citations
    library = Library(collection.stores.catalog, LOCAL_USER)
    assert {f.fate for f in recheck(receipt, library).each} == {"same"}
    collection.write({"minutes.txt": f"Minutes of 7 May\n\n{TEXT}"})
    collection.sync()
    findings = recheck(receipt, library)
    assert {finding.fate for finding in findings.each} == {"moved"}
    assert findings.intact
    for finding in findings_to_dict(findings)["findings"]:
        text = collection.document("minutes.txt").text
        assert text[finding["now"]["start"] : finding["now"]["end"]] == finding["quote"]


def test_a_receipt_is_checked_quickly_in_a_long_document() -> None:
    """Where every word of its changed sentences stands a hundred times."""
    lines = "\n".join(invented_texts(1, sentences=2_000).values())
    changed = [saved(line, lines) for line in lines.splitlines()[::400]]
    today = lines.replace("opened the", "reopened the old").replace(" and ", " but ")
    start = time.perf_counter()
    findings = recheck(Receipt("", tuple(changed)), shelf_of({"minutes.txt": today}))
    assert time.perf_counter() - start < 10
    assert {finding.fate for finding in findings.each} == {"changed"}


def row(**fields: Any) -> dict[str, Any]:
    """A citation of a receipt, some of it other than it was saved."""
    selectors = [
        {"type": "TextPositionSelector", "start": 0, "end": 3},
        {"type": "TextQuoteSelector", "exact": "Yes", "prefix": "", "suffix": ""},
    ]
    whole = {"number": 1, "document": {"id": "d", "source": "d.txt"}, "quote": "Yes"}
    return {**whole, "selectors": selectors, **fields}


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ([], "no list of citations"),
        ({"citations": "none"}, "no list of citations"),
        ({"citations": [3]}, "Citation 1 of this receipt cannot be read"),
        ({"citations": [row(), row(selectors=[])]}, "Citation 2 of this receipt cannot be read"),
        ({"citations": [row(document={"id": 7, "source": "d"})]}, "id is not a text"),
        ({"citations": [row(number=True)]}, "number is not a whole number"),
        ({"citations": [row(document={"id": "\ud800", "source": "d"})]}, "cannot be read"),
        ({"citations": [row(quote="No")]}, "Citation 1 contradicts itself"),
        ({"citations": [row()] * 201}, "may have 200 citations; this one has 201"),
    ],
)
def test_what_is_no_receipt_is_refused_with_the_reason(answer: Any, expected: str) -> None:
    """A quotation that was edited afterwards, too."""
    with pytest.raises(WrongUse, match=expected):
        receipt_of(answer)


@pytest.mark.parametrize("content", [b"", b"no json", b"\xff\xfe\x00", b"[" * 100_000])
def test_what_is_no_json_is_refused(content: bytes) -> None:
    with pytest.raises(WrongUse, match="not a saved answer"):
        parse_receipt(content)


def test_a_receipt_may_be_saved_by_any_shell() -> None:
    """Some write UTF-16."""
    receipt = json.dumps({"question": "Who?", "citations": [row()]})
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        assert len(parse_receipt(receipt.encode(encoding)).citations) == 1
