"""The figures, on texts small enough to count by hand."""

import math
from collections.abc import Sequence
from dataclasses import replace

import pytest

from assistant.evaluation.scoring.figures import figures
from assistant.evaluation.scoring.gold import WHOLE, Gold, Unit
from assistant.evaluation.scoring.metrics import (
    Attribution,
    LayoutOf,
    Score,
    attribution,
    reciprocal_rank,
    score,
    score_all,
    token_f1,
)
from assistant.evaluation.scoring.records import Record
from assistant.evaluation.scoring.spans import Place, covered, lay_out, touching
from assistant.evaluation.scoring.verdicts import GOOD, judge
from assistant.evaluation.sets.questions import Annotation, Question
from index.documents import Span

TEXTS = {
    "a.txt": "Ada swam. Bo ran. Cy sat.\nDi sang.",  # 0-9, 10-17, 18-25; 26-34
    "b.txt": "Nobody did anything.",
}
ADA, BO, CY, DI = Span(0, 9), Span(10, 17), Span(18, 25), Span(26, 34)
layout_of: LayoutOf = {name: lay_out(text) for name, text in TEXTS.items()}.__getitem__


def question(**fields: object) -> Question:
    values = {"line": 1, "id": "q", "question": "Who?", "answerable": True, "document": "a.txt"}
    return Question(**(values | fields))  # type: ignore[arg-type]


def gold(*spans: Span, unjudged: Sequence[Span] = (), **fields: object) -> Gold:
    """Each span is one unit by itself."""
    units = tuple(Unit("a.txt", ((span,),)) for span in spans)
    return Gold(question(**fields), units, tuple(Place("a.txt", span) for span in unjudged))


def places(*spans: Span, document: str = "a.txt") -> tuple[Place, ...]:
    return tuple(Place(document, span) for span in spans)


def record(
    *cited: Place, retrieved: Sequence[Place] = (), abstained: bool = False, answer: str = ""
) -> Record:
    return Record("q", abstained, answer, tuple(retrieved), cited, exact_quotes=len(cited))


def shares(gold: Gold, record: Record) -> dict[str, float]:
    return dict(score(gold, record, layout_of).shares)


def test_a_sentence_ends_with_its_line_and_not_at_an_abbreviation() -> None:
    """The offsets count \\r\\n and characters beyond the basic plane as they stand."""
    text = "Mr. 𝒜. Hill left.  “Go!” He went.\r\nHe met J. Doe of the U.S. Senate. 3 came\r\n"
    sentences = lay_out(text).sentences
    assert [text[span.start : span.end] for span in sentences] == [
        "Mr. 𝒜.",
        "Hill left.",
        "“Go!”",
        "He went.",
        "He met J. Doe of the U.S. Senate.",
        "3 came",
    ]


def test_what_covers_twice_counts_once() -> None:
    """Spans may overlap, reach beyond and come in any order."""
    assert covered(Span(10, 20), [Span(15, 30), Span(0, 12), Span(11, 13)]) == 8
    assert covered(Span(10, 20), [Span(0, 10), Span(20, 30)]) == 0


def test_touching_spans_share_a_character() -> None:
    """Neighbours do not."""
    assert list(touching([ADA, BO, CY], Span(9, 18))) == [1]
    assert list(touching([ADA, BO, CY], Span(8, 19))) == [0, 1, 2]


def test_a_perfect_answer_scores_one_in_everything() -> None:
    """Found first, cited whole, answered in the right words."""
    perfect = record(*places(BO), retrieved=places(BO), answer="Bo ran.")
    everything = gold(BO, must_include=(("Bo",),), speaker="Bo", statements=((),))
    unit = Unit("a.txt", ((BO,),), WHOLE)
    answered = Gold(question(paragraph=Span(0, 25), answers=("Bo ran",)), (unit,))
    refused = Score(answerable=False, abstained=True)
    golds, records = [everything, answered], [perfect, perfect]
    values = figures([*score_all(golds, records, layout_of), refused])
    assert {name for name, value in values.items() if value != 1.0} == {
        "false_answers",
        "false_refusals",
    }
    assert {"key_facts", "token_f1", "attribution_f1", "abstention_f1", "ndcg@10", "mrr@10"} <= set(
        values
    )


def test_evidence_is_found_when_half_of_it_is_covered() -> None:
    """By the passages together; a wholly wanted answer span needs all of it."""
    half, less = places(Span(0, 5)), places(Span(0, 4))
    assert shares(gold(ADA), record(retrieved=half))["evidence_recall@1"] == 1.0
    assert shares(gold(ADA), record(retrieved=less))["evidence_recall@1"] == 0.0
    whole = Gold(question(), (Unit("a.txt", ((ADA,), (BO,)), WHOLE),))
    assert shares(whole, record(retrieved=half))["evidence_recall@10"] == 0.0
    assert shares(whole, record(retrieved=places(CY, BO)))["evidence_recall@3"] == 1.0


def test_recall_counts_only_the_first_k_and_only_the_right_document() -> None:
    """Two units, one at rank 1 and one at rank 4, and the same span elsewhere at rank 2."""
    retrieved = (*places(ADA), *places(DI, document="b.txt"), *places(BO, DI))
    values = shares(gold(ADA, DI), record(retrieved=retrieved))
    assert [values[f"evidence_recall@{k}"] for k in (1, 3, 5, 10)] == [0.5, 0.5, 1.0, 1.0]


def test_a_paragraph_is_credited_once_where_half_of_its_evidence_is_covered() -> None:
    """Ada and Bo stand in one paragraph: 16 characters, of which rank 1 brings 7."""
    values = shares(gold(ADA, BO, DI), record(retrieved=places(BO, ADA, BO, DI)))
    ideal = 1 + 1 / math.log2(3)
    assert values["ndcg@10"] == pytest.approx((1 / math.log2(3) + 1 / math.log2(5)) / ideal)


def test_evidence_in_two_paragraphs_counts_for_each_with_the_part_inside() -> None:
    """7 characters in the first and 8 in the second, found one after the other."""
    values = shares(gold(Span(18, 34)), record(retrieved=places(CY, DI)))
    assert values["ndcg@10"] == 1.0


def test_one_passage_with_two_paragraphs_gains_no_more_than_the_ideal_order() -> None:
    """2.0 would be more than 1 + 1/log2(3)."""
    values = shares(gold(ADA, DI), record(retrieved=places(Span(0, 34))))
    assert values["ndcg@10"] == 1.0


def test_a_sentence_is_cited_by_half_of_it_or_by_a_citation_inside() -> None:
    """Spilling over into less than half of the next one cites only the first."""
    assert shares(gold(BO), record(*places(Span(10, 20))))["sentence_f1"] == 1.0
    assert shares(gold(BO), record(*places(Span(13, 14))))["sentence_f1"] == 1.0
    values = shares(gold(BO), record(*places(Span(10, 25))))
    assert (values["sentence_precision"], values["sentence_recall"]) == (0.5, 1.0)


def test_shifted_citations_lose_what_they_no_longer_cover() -> None:
    """Shifted by a sentence, everything is wrong."""
    values = shares(gold(ADA), record(*places(BO)))
    assert (values["sentence_precision"], values["sentence_recall"]) == (0.0, 0.0)


def test_a_citation_of_another_document_is_one_wrong_sentence() -> None:
    """Unless the question accepts that document."""
    cited = (*places(BO), *places(Span(0, 5), document="b.txt"))
    assert shares(gold(BO), record(*cited))["sentence_precision"] == 0.5
    accepting = gold(BO, other_documents=frozenset({"b.txt"}))
    assert shares(accepting, record(*cited))["sentence_precision"] == 1.0


def test_unjudged_sentences_count_neither_way() -> None:
    """Cited beside the gold they cost nothing; cited alone they gain nothing."""
    assert shares(gold(BO, unjudged=[CY]), record(*places(BO, CY)))["sentence_precision"] == 1.0
    assert shares(gold(BO, unjudged=[CY]), record(*places(CY)))["sentence_precision"] == 0.0


def test_a_sentence_with_evidence_counts_even_if_part_of_it_is_unjudged() -> None:
    """Gold goes before unjudged."""
    half = gold(BO, unjudged=[Span(10, 12)])
    assert shares(half, record(*places(BO)))["sentence_precision"] == 1.0


def test_an_abstention_cites_nothing_whatever_its_record_says() -> None:
    """But what was retrieved still counts as found."""
    silent = record(*places(BO), retrieved=places(BO), abstained=True, answer="Bo")
    values = shares(gold(BO, must_include=(("Bo",),)), silent)
    assert values["sentence_f1"] == 0.0
    assert values["key_facts"] == 0.0
    assert values["evidence_recall@1"] == 1.0


def test_a_citation_is_right_about_a_statement_by_half_of_either() -> None:
    """Half of the statement covered, or half of the citation inside it."""
    said = gold(ADA, speaker="Ada", statements=((),))
    right = [Span(0, 5), Span(0, 34), Span(3, 4), Span(5, 13)]
    assert attribution(said, places(*right)).right == 4
    assert attribution(said, places(Span(7, 17))).right == 0


def test_unjudged_and_accepted_citations_are_not_judged() -> None:
    """Everything else is wrong: 1 of 2 right, and 1 of 2 statements found."""
    said = gold(
        ADA,
        DI,
        unjudged=[BO],
        speaker="Ada",
        statements=((), ()),
        other_documents=frozenset({"b.txt"}),
    )
    cited = (*places(ADA, BO, CY), *places(Span(0, 5), document="b.txt"))
    counts = attribution(said, cited)
    assert (counts.right, counts.judged) == (1, 2)
    assert (counts.found, counts.statements) == (1, 2)


def test_without_a_speaker_nothing_is_attributed() -> None:
    """Statements alone do not say whose words were asked for."""
    assert attribution(gold(ADA, statements=((),)), places(ADA)) == Attribution()


def test_every_citation_on_a_negative_question_is_wrong() -> None:
    """It lowers the precision over all questions."""
    negative = gold(answerable=False, speaker="Ada", statements=())
    positive = gold(ADA, speaker="Ada", statements=((),))
    scores = [score(g, record(*places(ADA)), layout_of) for g in (negative, positive)]
    values = figures(scores)
    assert (values["attribution_precision"], values["attribution_recall"]) == (0.5, 1.0)


def test_always_answering_never_catches_the_unanswerable() -> None:
    """Abstention is read with the share of answerable questions that were answered."""
    values = figures([Score(True, False), Score(True, False), Score(False, False)])
    assert values["answered_of_answerable"] == 1.0
    assert values["abstention_f1"] == 0.0


def test_never_answering_catches_all_at_the_price_of_precision() -> None:
    """1 of 3 abstentions was right."""
    values = figures([Score(True, True), Score(True, True), Score(False, True)])
    assert values["answered_of_answerable"] == 0.0
    assert values["abstention_precision"] == pytest.approx(1 / 3)
    assert values["abstention_recall"] == 1.0
    assert values["abstention_f1"] == pytest.approx(0.5)


def test_the_verbatim_rate_is_over_all_citations() -> None:
    """Without a citation there is no such figure."""
    scores = [Score(True, False, quotes=3, exact_quotes=3), Score(True, False, quotes=1)]
    assert figures(scores)["verbatim_rate"] == 0.75
    assert "verbatim_rate" not in figures([Score(True, True)])


@pytest.mark.parametrize(
    ("answer", "right", "expected"),
    [
        ("The cat, sat!", ["a cat sat"], 1.0),
        ("The cat sat down", ["it stood", "cat sat"], 0.8),
        ("dog", ["cat"], 0.0),
        ("", [], 0.0),
        ("the", ["a"], 1.0),
    ],
)
def test_token_f1_takes_the_most_similar_answer(
    answer: str, right: list[str], expected: float
) -> None:
    """Case, punctuation and articles do not count."""
    assert token_f1(answer, right) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("About 20,000 students in Russia", 1.0),
        ("About 20,000 STUDENTS in Russia, said the UN", 1.0),
        ("About 20,000 pupils", 0.0),
        ("About 120,000 students", 0.0),
        ("About 20,000 students, Putin said", 0.0),
        ("About 20,000 students, Putin saids", 1.0),
    ],
)
def test_key_facts_need_one_of_each_group_and_none_that_is_ruled_out(
    answer: str, expected: float
) -> None:
    """A needed word may go on ("student" in "students"); one ruled out stands whole."""
    asked = gold(
        ADA, must_include=(("20,000",), ("student", "UN")), must_not_include=("Putin said",)
    )
    assert shares(asked, record(answer=answer))["key_facts"] == expected


def test_an_abbreviation_in_capitals_is_looked_for_as_it_stands() -> None:
    """ "UN" is not in "under"."""
    asked = gold(ADA, must_include=(("UN",),))
    assert shares(asked, record(answer="It went under."))["key_facts"] == 0.0
    assert shares(asked, record(answer="The UN met."))["key_facts"] == 1.0


def test_an_answerable_question_without_evidence_counts_only_where_it_can() -> None:
    """Nothing can be said about finding; abstaining and words can be judged."""
    values = shares(gold(must_include=(("Bo",),)), record(answer="Bo"))
    assert values == {"key_facts": 1.0}


@pytest.mark.parametrize(
    ("relevant", "expected"),
    [
        ([True], 1.0),
        ([False, False, True, True], 1 / 3),
        ([False] * 9 + [True], 0.1),
        ([False] * 10, 0.0),
        ([], 0.0),
    ],
)
def test_the_reciprocal_rank_is_that_of_the_first_relevant_passage(
    relevant: list[bool], expected: float
) -> None:
    assert reciprocal_rank(relevant) == expected


def test_a_passage_after_the_tenth_is_found_too_late() -> None:
    late = record(retrieved=places(*[BO] * 10, ADA))
    assert shares(gold(ADA), late)["mrr@10"] == 0.0


def test_the_reciprocal_rank_of_what_is_never_found_is_zero() -> None:
    """And counts: found at rank 2 and not at all make .25."""
    records = [record(retrieved=places(BO, ADA)), record(retrieved=places(BO))]
    scores = score_all([gold(ADA), gold(ADA)], records, layout_of)
    assert [each.first_rank for each in scores] == [2, None]
    assert figures(scores)["mrr@10"] == 0.25


def test_a_passage_is_relevant_by_itself() -> None:
    """Half of one span of a statement is enough; half of an answer span is not."""
    two = Gold(question(), (Unit("a.txt", ((ADA, CY),)),))
    assert score(two, record(retrieved=places(ADA)), layout_of).first_rank == 1
    whole = Gold(question(), (Unit("a.txt", ((ADA,),), WHOLE),))
    assert score(whole, record(retrieved=places(Span(0, 8), ADA)), layout_of).first_rank == 2


def test_citation_precision_is_over_answers_and_recall_over_evidence() -> None:
    """One of two citations right, one of two pieces cited; a false answer has nothing right."""
    values = shares(gold(ADA, DI), record(*places(ADA, BO)))
    assert (values["citation_precision"], values["citation_recall"]) == (0.5, 0.5)
    assert shares(gold(answerable=False), record(*places(ADA))) == {"citation_precision": 0.0}
    optional = Gold(question(), (Unit("a.txt", ((ADA,),)),), optional=places(BO))
    assert shares(optional, record(*places(ADA, BO)))["citation_precision"] == 1.0


SAID = (
    Annotation("a.txt", (ADA,), "Ada Lee"),
    Annotation("a.txt", (BO,), "Bo Day"),
)


def asked_of_ada() -> Gold:
    return replace(gold(ADA, speaker="Ada Lee", statements=((),)), said=SAID)


def test_speaker_accuracy_is_over_citations_with_a_known_speaker() -> None:
    """Words of Bo are another's, words that nobody knows count neither way."""
    scored = score(asked_of_ada(), record(*places(ADA, BO, DI)), layout_of)
    assert (scored.speakers.known, scored.speakers.right) == (2, 1)
    assert scored.speakers.others == ("Bo Day",)
    assert figures([scored])["speaker_accuracy"] == 0.5


def test_credit_accuracy_is_over_citations_that_name_a_speaker() -> None:
    """A part of the name will do; Bo's words credited to Bo are credited rightly."""
    cited = replace(record(*places(ADA, ADA, ADA, BO)), credited=("Lee", "Bo Day", None, "Bo Day"))
    scored = score(asked_of_ada(), cited, layout_of)
    assert (scored.credits.known, scored.credits.right) == (3, 2)
    assert scored.credits.others == ("Bo Day",)


def test_a_mark_that_points_nowhere_dangles() -> None:
    """Of all marks."""
    dangling = replace(record(*places(ADA)), marks=4, dangling=1)
    assert figures([score(gold(ADA), dangling, layout_of)])["dangling_citations"] == 0.25


def test_nothing_is_claimed_where_nobody_looked() -> None:
    """A run.jsonl of somebody else may not say whether its quotes are exact."""
    values = figures([score(gold(ADA), replace(record(*places(ADA)), exact_quotes=None),
                            layout_of)])  # fmt: skip
    assert "verbatim_rate" not in values
    assert "dangling_citations" not in values


def test_figures_of_abstaining_need_something_unanswerable() -> None:
    """All else is a set on which nothing can be said about it."""
    values = figures([Score(True, True), Score(True, False)])
    assert values == {"answered_of_answerable": 0.5, "false_refusals": 0.5}


@pytest.mark.parametrize(
    ("asked", "done", "outcome", "why"),
    [
        (gold(ADA), record(*places(ADA)), "right", ""),
        (gold(ADA), record(*places(BO), retrieved=places(BO, ADA)), "wrong", "in passage 2"),
        (gold(ADA), record(*places(BO)), "wrong", "No passage among the first 10"),
        (gold(ADA, DI), record(*places(ADA)), "partly right", "1 of 2 pieces of evidence not"),
        (gold(ADA), record(*places(ADA, BO)), "partly right", "1 of 2 citations not on"),
        (gold(ADA, unjudged=[BO]), record(*places(ADA, BO)), "right", ""),
        (gold(ADA), record(abstained=True), "false refusal", "can be answered"),
        (gold(answerable=False), record(abstained=True), "rightly refused", ""),
        (gold(answerable=False), record(*places(BO)), "false answer", "do not answer"),
        (gold(ADA, must_include=(("x", "y"),)), record(*places(ADA)), "wrong", "say “x” or “y”"),
        (gold(ADA, must_include=(), must_not_include=("Bo",)), record(*places(ADA), answer="Bo"),
         "wrong", "It says “Bo”, which it must not."),
        (asked_of_ada(), record(*places(ADA, BO)), "partly right", "the words of Bo Day"),
    ],
)  # fmt: skip
def test_a_verdict_says_why(asked: Gold, done: Record, outcome: str, why: str) -> None:
    """Nothing speaks against what is right."""
    verdict = judge(asked, done, score(asked, done, layout_of))
    assert verdict.outcome == outcome
    assert why in " ".join(verdict.why)
    assert bool(verdict.why) == (outcome not in GOOD)
