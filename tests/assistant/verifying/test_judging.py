"""Written sentences against the passages that they cite, one kind of slip at a time."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from assistant.answers import WrittenSentence
from assistant.verifying.judging import Judge, Judgement
from index.documents import LOCAL_USER, Hit, Scores, StatementHit
from index.english.quantities import numbers
from tests.conftest import ATTRIBUTOR, MakeCollection, passage_ids

HARBOUR = (
    "Mayor Ann Lee opened the new harbour of Arden on 3 May. "
    "“We built 40 berths for fishing boats, and nobody lost a job,” Lee said. "
    "She said that the ferry may return in the spring. "
    "Captain Bo Grant said the council did not ask the fishermen. "
    "The old pier reportedly cost 900,000 crowns. "
    "Lee did not say that the old pier was sold."
)
LIBRARY = (
    "The library of Colm has 12 reading rooms. Its roof was painted green after the storm. "
    "The number of readers rose in June. "
    "The Colm Readers Union meets in the large room on Sundays. "
    "“The roof is safe,” said the builder Cy Marsh."
)

JudgeOf = Callable[..., Judgement]


@pytest.fixture(scope="module")
def judge_of(make_collection_once: MakeCollection) -> JudgeOf:
    """Judges a sentence on [1] the harbour and [2] the library."""
    collection = make_collection_once({"harbour.txt": HARBOUR, "library.txt": LIBRARY})
    index = collection.open_index(with_vectors=False)
    catalog = collection.stores.catalog
    stored = catalog.passages(passage_ids(catalog), catalog.scope(LOCAL_USER))
    hits = [Hit(s.source, s.passage, 0.0, Scores(0, 0, 0, 0), (), s.page) for s in stored]
    given = tuple(sorted(hits, key=lambda hit: hit.source.name))
    assert len(given) == 2
    judge = Judge(index.view_of(LOCAL_USER), ATTRIBUTOR)
    return lambda text, before="", whole=True: judge.judge(
        WrittenSentence(text, given, whole), before
    )


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("The library of Colm has 12 reading rooms. [2]", "verbatim"),
        ("Ann Lee said, “We built 40 berths for fishing boats.” [1]", "supported"),
        ('Lee said, "We built 40 berths for fishing boats". [1]', "supported"),
        ("“The roof is safe,” Cy Marsh said [2].", "supported"),
        ("According to Ann Lee, the ferry may return in the spring [1].", "supported"),
        ("Ann Lee said that the ferry could return in the spring [1].", "supported"),
        ("Grant said that the council didn’t ask the fishermen [1].", "supported"),
        ("The old pier reportedly cost 900000 crowns [1].", "supported"),
        ("The new harbour of Arden was opened by Ann Lee on 3 May [1].", "supported"),
        ("Mayor Lee opened the new harbour of Arden on 3 May [1].", "supported"),
        ("Captain Bo said the council did not ask the fishermen [1].", "supported"),
        ("Yes, Mayor Lee opened the new harbour of Arden on 3 May [1].", "supported"),
        ("No, Captain Bo said the council did not ask the fishermen [1].", "supported"),
        ("The CRU meets in the large room on Sundays [2].", "supported"),
        ("The mayor opened the new harbour of Arden on 3 May [1].", "supported"),
        ("Arden opened the new harbour on 3 May [1].", "supported"),
        ("Somebody opened the new harbour of Arden on 3 May [1].", "supported"),
        (
            "“We built 40 berths for fishing boats, and nobody lost a job,” Ann said [1].",
            "supported",
        ),
    ],
)
def test_what_the_documents_say_is_supported(judge_of: JudgeOf, text: str, verdict: str) -> None:
    """Copied or put in other words."""
    judgement = judge_of(text)
    assert (judgement.verdict, judgement.why) == (verdict, "")
    assert judgement.rests_on


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[1] [2]", "says nothing"),
        ("Ann Lee said, “We built 40 berths for sailing boats.” [1]", "does not have the words"),
        ("Ann Lee said, “the ferry may return in the spring.” [1]", "does not quote"),
        ("The ferry “may return in the spring” [1].", "does not quote"),
        ("Ann Lee said, “the new harbour of Arden.” [1]", "does not quote"),
        ("Bo Grant said, “We built 40 berths for fishing boats.” [1]", "to Ann Lee"),
        ("Bo Lee said, “We built 40 berths for fishing boats.” [1]", "to Ann Lee"),
        (
            "Ann Lee said that the council did not ask the fishermen [1].",
            "credits this to Bo Grant",
        ),
        ("Dee Hill said that the ferry may return in the spring [1].", "to Ann Lee"),
        ("Ann Lee said that the sun is a star [1].", "does not credit Ann Lee"),
        ("Ann Lee said that the old pier was sold [1].", "Ann Lee did not say this"),
        ("Ann Lee did not say that the ferry may return in the spring [1].", "Lee did say this"),
        ("The library of Colm has 14 reading rooms [2].", "number 14"),
        ("Mayor Ann Lee opened the new harbour of Arden on 40 May [1].", "3 here, not 40"),
        ("The library of Colm has twenty reading rooms [2].", "number twenty"),
        ("Ann Lee opened the new harbour on 3 June [1].", "mention June"),
        ("The library of Dover has 12 reading rooms [2].", "mention Dover"),
        ("The FBI meets in the large room on Sundays [2].", "mention FBI"),
        ("Bo Grant opened the new harbour of Arden on 3 May [1].", "Ann Lee here, not Bo Grant"),
        ("Mayor Ann Lee opened the new harbour of Grant on 3 May [1].", "Arden here, not Grant"),
        ("Bo Grant said that the council did ask the fishermen [1].", "leaves it out"),
        ("The roof was not painted green after the storm [2].", "the document does not"),
        ("Ann Lee said that the ferry will return in the spring [1].", "“may” here"),
        ("The old pier cost 900,000 crowns [1].", "“reportedly” here"),
        ("The number of readers fell in June [2].", "“fell”; the document says “rose”"),
        ("The harbour was blessed by a bishop at dawn [1].", "does not say this"),
        ("The library has many reading rooms and a green garden with chairs [2].", "not say this"),
        (
            "The new harbour has berths for boats and costs a lot of taxes, jobs and votes [1].",
            "does not say this",
        ),
    ],
)
def test_what_they_do_not_say_is_not_and_it_is_said_why(
    judge_of: JudgeOf, text: str, why: str
) -> None:
    judgement = judge_of(text)
    assert judgement.verdict == "unsupported"
    assert why in judgement.why
    assert judgement.why.endswith(".")


def test_a_pronoun_is_whoever_was_named_before_it(judge_of: JudgeOf) -> None:
    """In the answer, sentence by sentence."""
    said = "She said that the ferry might return in the spring [1]."
    assert judge_of(said, "Ann Lee opened the harbour.").verdict == "supported"
    said = "He said that the ferry may return in the spring [1]."
    judgement = judge_of(said, "Captain John Grant is a fisherman.")
    assert (judgement.verdict, "Grant" in judgement.why) == ("unsupported", True)


def test_a_sentence_that_broke_off_is_marked(judge_of: JudgeOf) -> None:
    judgement = judge_of("Ann Lee said that the ferry may [1]", whole=False)
    assert (judgement.verdict, judgement.why) == ("unsupported", "It breaks off.")


def test_a_citation_knows_who_speaks_in_it(judge_of: JudgeOf) -> None:
    """A sentence of the document with the one who says it."""
    judgement = judge_of("Ann Lee said that the ferry may return in the spring [1].")
    *_, (hit, _) = judgement.rests_on
    assert isinstance(hit, StatementHit)
    assert hit.speaker == "Ann Lee"


@pytest.mark.parametrize("mark", ["", " [1]", " [3]", " [1][7]"])
def test_the_passage_is_found_where_the_mark_is_missing_or_wrong(
    judge_of: JudgeOf, mark: str
) -> None:
    judgement = judge_of(f"The library of Colm has 12 reading rooms.{mark}")
    assert judgement.verdict == "verbatim"
    assert [hit.source.name for hit, _ in judgement.rests_on] == ["library.txt"]


def test_a_number_in_two_words_is_one() -> None:
    assert numbers("Twenty-eight days, thirty days and one more.").keys() == {"28", "30"}
