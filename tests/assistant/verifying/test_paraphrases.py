"""Sentences as models write them of a handbook: true ones are kept, false ones are not."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from assistant.answers import WrittenSentence
from assistant.verifying.judging import Judge, Judgement
from index.documents import LOCAL_USER, Hit, Scores
from tests.conftest import ATTRIBUTOR, MakeCollection, passage_ids

HANDBOOK = """# Working on the ferries

## Leave

Crew members get 24 days of leave and 9 public holidays every year. Deckhands who have been
with us for less than 1 year get 12 days. Unused holidays are not paid out when you leave.

If you become a parent, you can take up to 14 weeks leave at full pay. Grandparents can take up to
2 weeks leave at full pay. You should tell the Harbour Office three months before.

## Money

Please get approval from the Purser before buying new uniforms. You have to hand in receipts for
purchases over 40 crowns. The ferry company pays 80% of the pension, and the crew member pays
the other 20%. You may not keep tips above 5 crowns a day.

## Tickets

The kiosk takes two vouchers a day, not three. A bicycle costs 3 crowns and a pram 5 crowns.
The bar closes in the last week of March. Pets may travel only if they are on a lead. If the sea is
rough, everybody gets the fare back. Mates eat with their skipper beside them. There is wine, and
no beer. Cabins of oak have a bath. Those of pine have a shower.

Engine crew: you need to be 21 because of the oil.

Deck crew: you need to be 18.

| Rank | Meals | Cabin | Bonus |
|---|---|---|---|
| Cook | none | bunk room | 40 |
| Pilot | lunch | single room | 90 |

We don’t accept cheques or foreign coins. Season tickets become invalid 48 hours after a crew
member resigns. Staff living outside Arden travel for free.
"""

JudgeOf = Callable[[str], Judgement]


@pytest.fixture(scope="module")
def judge_of(make_collection_once: MakeCollection) -> JudgeOf:
    """Judges a sentence on the passages of the handbook, without a mark."""
    collection = make_collection_once({"handbook.md": HANDBOOK})
    index = collection.open_index(with_vectors=False)
    catalog = collection.stores.catalog
    stored = catalog.passages(passage_ids(catalog), catalog.scope(LOCAL_USER))
    given = tuple(Hit(s.source, s.passage, 0.0, Scores(0, 0, 0, 0), (), s.page) for s in stored)
    judge = Judge(index.view_of(LOCAL_USER), ATTRIBUTOR)
    return lambda text: judge.judge(WrittenSentence(text, given))


@pytest.mark.parametrize(
    "text",
    [
        "Crew members have 24 days of leave and 9 public holidays a year.",
        "No, unused holidays are not paid out when you resign.",
        "Parents can take up to 14 weeks of leave at full pay.",
        "You need approval from the Purser before you buy new uniforms.",
        "Receipts have to be handed in for purchases over 40 crowns.",
        "The company pays 80% of the pension, and crew members pay the remaining 20%.",
        "Cheques and foreign coins are not accepted.",
        "Season tickets become invalid 48 hours after somebody resigns.",
        "You can’t keep tips above 5 crowns a day.",
        "For a bicycle 3 crowns are paid, and 5 crowns for a pram.",
        "Anybody who is on the deck crew needs to be 18.",
        "If the sea is rough, the fare is given back to everybody.",
        "Cooks sleep in the bunk room and get no meals.",
    ],
)
def test_what_is_put_in_other_words_is_kept(judge_of: JudgeOf, text: str) -> None:
    judgement = judge_of(text)
    assert (judgement.verdict, judgement.why) == ("supported", "")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Yes, unused holidays are paid out when you leave.", "leaves it out"),
        ("You do not need approval before you buy new uniforms.", "contrary"),
        ("Cheques and foreign coins are accepted.", "contrary"),
        ("Season tickets stay valid after a crew member resigns.", "contrary"),
        ("Season tickets become invalid 48 days after a crew member resigns.", "unit"),
        ("You may not keep tips above 5 crowns a month.", "another time"),
        ("You have to hand in receipts for purchases under 40 crowns.", "other side"),
        ("You have to hand in receipts for all purchases.", "a limit"),
        ("Crew members get 9 days of leave and 24 public holidays every year.", "here"),
        ("Grandparents can take up to 14 weeks leave at full pay.", "here"),
        ("Please get approval from the Harbour Office before buying new uniforms.", "Harbour"),
        ("Staff living in Arden travel for free.", "“outside”"),
        ("The ferries serve breakfast on Sundays.", ""),
        ("The kiosk takes three vouchers a day.", "not three"),
        ("A bicycle costs 5 crowns and a pram 3 crowns.", "here, not"),
        ("The bar closes in the last week of May.", "does not mention May"),
        ("Pets may travel even if they are off a lead.", "condition"),
        ("Everybody gets the fare back.", "only with a condition"),
        ("Mates eat alone.", "alone"),
        ("There is wine, and also beer.", "“no” here"),
        ("Cabins of pine have a bath.", "here, not"),
        ("The deck crew needs to be 21 because of the oil.", "Engine crew"),
        ("Cooks have a bonus of 90.", "90"),
        ("A bicycle is free and a pram costs 5 crowns.", "free"),
    ],
)
def test_what_is_changed_in_one_place_is_not_kept_and_it_is_said_why(
    judge_of: JudgeOf, text: str, why: str
) -> None:
    judgement = judge_of(text)
    assert judgement.verdict == "unsupported"
    assert why in judgement.why
