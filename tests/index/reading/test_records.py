"""A record of JSON is one sentence, wherever it lies."""

import json
from typing import Any

import pytest

from index.documents import walk
from index.reading.files import read

ORDERS = {
    "shop": "Hollis",
    "orders": [
        {
            "customer": {"name": "Ann"},
            "id": "A-17",
            "items": [{"sku": "P9", "n": 4}],
            "paid": False,
        },
        {"id": "B-03", "paid": True, "notes": None, "tags": ["new", "big"]},
    ],
}


def paragraphs(value: Any, suffix: str = ".json") -> list[str]:
    return read(suffix, json.dumps(value).encode()).text.split("\n\n")


def test_a_record_in_a_list_of_another_says_whose_it_is() -> None:
    assert paragraphs(ORDERS) == [
        "shop: Hollis.",
        "orders",
        "customer.name: Ann; id: A-17; paid: false.",
        "id: A-17; items.sku: P9; items.n: 4.",
        "id: B-03; paid: true; tags: new, big.",
    ]


@pytest.mark.parametrize("suffix", [".json", ".jsonl"])
def test_records_at_the_top_are_sentences(suffix: str) -> None:
    records = [{"label": "harbour", "name": "Alta"}, {"label": "town", "name": "Bodo"}]
    content = json.dumps(records) if suffix == ".json" else "\n".join(map(json.dumps, records))
    reading = read(suffix, content.encode())
    assert reading.text == "label: harbour; name: Alta.\n\nlabel: town; name: Bodo."
    cells = [b for b in walk(reading.structure) if b.kind == "cell"]
    assert [b.facts["column"] for b in cells] == ["label", "name"] * 2


def test_running_text_in_a_record_stands_below_it() -> None:
    """So that it is read sentence by sentence."""
    prose = "The mayor spoke. " * 20
    assert paragraphs([{"text": prose, "id": 7}]) == ["id: 7.", f"text: {prose.strip()}"]


def test_values_that_are_no_records_are_read_as_well() -> None:
    value = ["Ann", 5, None, [1, 2], {"rows": [[1, "x"], [2, "y"]]}]
    assert paragraphs(value) == ["Ann", "5", "1 | 2", "rows: 1 | x", "rows: 2 | y"]


def test_records_by_their_names_are_sentences() -> None:
    """With the name, whether the file or a field of it holds them."""
    ports = {"Alta": {"boats": 3, "county": "Troms"}, "Bodo": {"boats": 7, "county": "Agder"}}
    said = ["name: Alta; boats: 3; county: Troms.", "name: Bodo; boats: 7; county: Agder."]
    assert paragraphs(ports) == said
    assert paragraphs({"year": 2031, "ports": ports}) == ["year: 2031.", "ports", *said]
    named = {"a": {"name": "Alta", "boats": 3}, "b": {"name": "Bodo", "boats": 7}}
    assert paragraphs(named)[0] == "key: a; name: Alta; boats: 3."


def test_what_is_no_record_by_its_name_stays_a_path() -> None:
    value = {"summer": {"from": 10}, "winter": {"to": 15, "closed": "1 May"}}
    assert paragraphs(value) == ["summer.from: 10; winter.to: 15; winter.closed: 1 May."]


def test_records_of_something_with_a_name_say_it() -> None:
    value = {"museum": {"name": "Fjord", "rooms": [{"name": "Attic", "seats": 24}]}}
    assert paragraphs(value)[-1] == "museum.name: Fjord; name: Attic; seats: 24."


def test_of_a_name_without_end_the_beginning_is_told_with_each_value() -> None:
    assert paragraphs([{"k" * 100_000: "Ann"}]) == [f"{'k' * 200}: Ann."]
