"""Nothing is called verbatim that is not; every mark leads to the very characters."""

from collections.abc import Iterable
from dataclasses import replace

import pytest

from assistant.answering.refusing import CONSIDERED
from assistant.answers import (
    MARK,
    Answer,
    Claim,
    Draft,
    DraftClaim,
    Verdict,
    WrittenSentence,
)
from assistant.verifying.judging import Judge, Judgement
from assistant.verifying.verification import Verification, cite
from index.documents import (
    Document,
    Evidence,
    Found,
    Hit,
    Passage,
    Query,
    Said,
    Scores,
    Source,
    Span,
    Statement,
    StatementHit,
)
from index.errors import DocumentNotFound
from tests.scripted_assistant import judged
from tests.shelf import Shelf
from tests.signs import likely

TEXT = "The pool opened in May. 𝒜da swam there, and Bo swam after her.\r\nCy sat."
DOCUMENT = Document(Source("d", "d.txt", "d", "1"), TEXT, page_starts=(0, 8, 24))
MAY, ADA, CY = Span(0, 23), Span(24, 62), Span(64, 71)
QUERY = Query("who swam?", "who swam?")


def hit(document: Document = DOCUMENT) -> Hit:
    passage = Passage(0, len(document.text), document.text, (MAY, ADA, CY))
    worths = (0.1, 0.9, 0.2)
    evidence = tuple(
        Evidence(span, document.text[span.start : span.end], worth)
        for span, worth in zip(passage.sentences, worths, strict=True)
    )
    return Hit(document.source, passage, 0.5, Scores(0.5, 0.5, 0.5, 0.5), evidence, page=1)


def claim(text: str, *spans: Span) -> DraftClaim:
    return DraftClaim(text, tuple((hit(), span) for span in spans))


def verified(*claims: DraftClaim, document: Document = DOCUMENT, reason: str = "") -> Answer:
    """A draft as it is judged when the document is this one."""
    found = Found((hit(),) * 5, likely(0.9), 2, 7, "1", "some model")
    return judged(Draft("quote", claims, reason), found, QUERY, Shelf([document]))


def words(span: Span) -> str:
    return TEXT[span.start : span.end]


def test_the_words_of_a_span_are_verbatim() -> None:
    """With a mark after them."""
    answer = verified(claim(words(ADA), ADA))
    assert [(c.text, c.verdict, c.why) for c in answer.claims] == [
        ("𝒜da swam there, and Bo swam after her. [1]", "verbatim", "")
    ]
    assert answer.answered
    assert (answer.query, answer.mode) == (QUERY, "quote")


@pytest.mark.parametrize(
    "text",
    [
        "𝒜da swam there, and Bo swam after him.",
        "𝒜da swam there, and Bo swam after her",
        "Ada swam there, and Bo swam after her.",
        "𝒜da swam there,  and Bo swam after her.",
        "",
    ],
)
def test_words_that_differ_in_one_character_are_not(text: str) -> None:
    """A letter, a full stop, a space: it is no quotation, and it is said why."""
    (judged,) = verified(claim(text, ADA)).claims
    assert judged.verdict == "unsupported"
    assert "not those of the document" in judged.why


def test_a_claim_that_rests_on_nothing_is_unsupported() -> None:
    (judged,) = verified(claim("Ada swam.")).claims
    assert (judged.verdict, judged.citations) == ("unsupported", ())
    assert judged.text == "Ada swam."
    assert "no passage" in judged.why


def said(speaker: str | None, as_printed: str) -> StatementHit:
    """Ada's sentence, as somebody's statement."""
    statement = Statement(speaker, Span(28, 32), None, (ADA,), "direct")
    found = hit()
    return StatementHit(
        found.source, statement, speaker, as_printed, words(ADA), found.passage, 0.9, 0.9, 0.9, 0.9
    )


@pytest.mark.parametrize(
    ("lead", "found", "verdict"),
    [
        ("Bo Ray said:", said("Bo Ray", "he"), "verbatim"),
        ("The mayor said:", said(None, "The mayor"), "verbatim"),
        ("", hit(), "verbatim"),
        ("Cy Lee said:", said("Bo Ray", "he"), "unsupported"),
        ("Cy Lee said:", said(None, "The mayor"), "unsupported"),
        ("", said("Bo Ray", "he"), "unsupported"),
        ("Bo Ray said:", hit(), "unsupported"),
    ],
)
def test_words_are_credited_to_whom_the_document_credits_them(
    lead: str, found: Hit | StatementHit, verdict: str
) -> None:
    """And to nobody where it credits nobody."""
    (judged,) = verified(DraftClaim(words(ADA), ((found, ADA),), lead)).claims
    assert judged.verdict == verdict
    assert ("credits somebody else" in judged.why) == (verdict == "unsupported")


def test_a_citation_is_the_characters_and_what_is_around_them() -> None:
    """With the passage in which it was found, and the page of its own words, not of that."""
    (citation,) = verified(claim(words(ADA), ADA)).citations
    assert citation.quote == TEXT[citation.span.start : citation.span.end] == words(ADA)
    assert citation.prefix == "The pool opened in May. "
    assert citation.suffix == "\r\nCy sat."
    assert (citation.source, citation.page) == (DOCUMENT.source, 3)
    assert citation.passage == Span(0, len(TEXT))
    link = "/read/d?at=1:24-62&version=1#cited&words=The+pool+opened+in+May.+,"
    assert citation.link.startswith(link)


def test_what_is_around_a_citation_is_cut_off() -> None:
    long = Document(DOCUMENT.source, "x" * 100 + "y" + "z" * 100)
    citation = cite(1, hit(long), Span(100, 101), {"d": long}.__getitem__)
    assert (citation.prefix, citation.suffix) == ("x" * 32, "z" * 32)


def test_one_span_has_one_number() -> None:
    """However often it is cited; numbers count up in the order of the text."""
    answer = verified(
        claim(words(CY), CY), claim(words(ADA), ADA), claim(words(CY), CY), claim(words(MAY), MAY)
    )
    assert [c.citations for c in answer.claims] == [(1,), (2,), (1,), (3,)]
    assert [citation.number for citation in answer.citations] == [1, 2, 3]
    assert [citation.span for citation in answer.citations] == [CY, ADA, MAY]


def test_every_mark_leads_to_a_citation() -> None:
    answer = verified(claim(words(CY), CY), claim(f"{words(MAY)} {words(ADA)}", MAY, ADA))
    for sentence in answer.claims:
        assert sentence.verdict == "verbatim"
        assert tuple(int(n) for n in MARK.findall(sentence.text)) == sentence.citations
        assert set(sentence.citations) <= {citation.number for citation in answer.citations}


def test_the_order_in_which_a_claim_cites_is_the_order_of_its_words() -> None:
    """Also where the later span was cited before."""
    answer = verified(claim(words(ADA), ADA), claim(f"{words(MAY)} {words(ADA)}", MAY, ADA))
    assert answer.claims[1].citations == (2, 1)
    assert answer.claims[1].verdict == "verbatim"


def test_a_document_that_changed_meanwhile_is_not_quoted() -> None:
    """Its characters at that place are others now."""
    changed = replace(DOCUMENT, text="Today: " + TEXT)
    (judged,) = verified(claim(words(ADA), ADA), document=changed).claims
    assert judged.verdict == "unsupported"


def test_a_document_that_went_away_meanwhile_is_an_error() -> None:
    """Said by whoever reads it, not passed over."""
    with pytest.raises(DocumentNotFound, match="document d"):
        judged(
            Draft("quote", (claim(words(CY), CY),)),
            Found((hit(),), likely(0.9), 1, 1, "1", "some model"),
            QUERY,
            Shelf([]),
        )


def test_a_refusal_shows_the_best_sentences_of_the_nearest_passages() -> None:
    """As considered, not as citations, with counts."""
    answer = verified(reason="The documents don’t say.")
    assert not answer.answered
    assert answer.refusal
    assert (answer.claims, answer.citations) == ((), ())
    assert answer.refusal.reason == "The documents don’t say."
    assert [c.number for c in answer.refusal.considered] == [1, 2, 3][:CONSIDERED]
    assert {c.quote for c in answer.refusal.considered} == {words(ADA)}
    assert answer.refusal.counts == {
        "documents_searched": 2,
        "passages_searched": 7,
        "passages_considered": 5,
    }


def test_what_a_refusal_considered_is_shown_instead_if_there_is_something() -> None:
    """A statement by its first words, with who spoke."""
    found = Found((hit(),), likely(0.1), 2, 7, "1", "some model", said=SAID)
    draft = Draft("quote", (), "They did not say so.", considered=(said("Bo Ray", "he"),))
    refusal = judged(draft, found, QUERY, Shelf([DOCUMENT])).refusal
    assert refusal
    (shown,) = refusal.considered
    assert (shown.span, shown.speaker and shown.speaker.name) == (ADA, "Bo Ray")
    assert refusal.counts["statements_considered"] == 3
    assert refusal.counts["statements_about_it"] == 1


# -- documents that may no longer be read ------------------------------------------------

OTHER = Document(Source("e", "e.txt", "e", "1"), "The bridge opened in June.")
JUNE = Span(0, 26)
OTHER_HIT = replace(
    hit(),
    source=OTHER.source,
    passage=Passage(0, 26, OTHER.text, (JUNE,)),
    evidence=(Evidence(JUNE, OTHER.text, 0.4),),
)
IN_OTHER = DraftClaim(OTHER.text, ((OTHER_HIT, JUNE),))
SAID = Said(("Bo Ray",), (said("Bo Ray", "he"),), (said("Cy Lee", "he"),), (said("Di", "she"),), 3)
BOTH = Found((hit(), OTHER_HIT), likely(0.9), 2, 7, "1", "some model", said=SAID)


class Closing(Shelf):
    """Of which some documents may no longer be read."""

    def __init__(self, *closed: str) -> None:
        super().__init__([DOCUMENT, OTHER])
        self.closed = {*closed}

    def visible(self, document_ids: Iterable[str]) -> frozenset[str]:
        return frozenset(document_ids) - self.closed


def test_a_claim_is_shown_as_it_is_judged() -> None:
    """It is the one that stands in the answer."""
    verification = Verification(BOTH, QUERY, Closing())
    before = verification.has_support
    claim = verification.judge(IN_OTHER)
    assert (before, verification.has_support) == (False, True)
    assert verification.answer(Draft("quote", (IN_OTHER,))).claims == (claim,)


def test_what_may_not_be_read_by_now_is_not_even_judged() -> None:
    """The answer says so, and shows nothing of the document."""
    verification = Verification(BOTH, QUERY, Closing("d"))
    assert verification.judge(claim(words(ADA), ADA)) is None
    assert verification.judge(IN_OTHER)
    draft = Draft("quote", (claim(words(ADA), ADA), IN_OTHER), opening="On swimming:")
    answer = verification.answer(draft)
    assert [c.text for c in answer.claims] == ["The bridge opened in June. [1]"]
    assert "may no longer read" in answer.notice
    assert answer.opening == ""
    assert {found.source.id for found in answer.found.hits} == {"e"}
    assert answer.found.said == replace(SAID, statements=(), nearest=(), by_others=())


def test_what_is_closed_while_the_answer_is_made_is_taken_out() -> None:
    """The other claims keep the numbers that were seen beside them."""
    library = Closing()
    verification = Verification(BOTH, QUERY, library)
    both = (claim(words(ADA), ADA), IN_OTHER)
    assert all(map(verification.judge, both))
    library.closed.add("d")
    answer = verification.answer(Draft("quote", both, considered=(hit(), OTHER_HIT)))
    assert [(c.text, c.citations) for c in answer.claims] == [
        ("The bridge opened in June. [2]", (2,))
    ]
    assert [(c.number, c.source.id) for c in answer.citations] == [(2, "e")]
    assert "may no longer read" in answer.notice
    library.closed.add("e")
    answer = verification.answer(Draft("quote", both, considered=(hit(), OTHER_HIT)))
    assert answer.refusal
    assert (answer.claims, answer.citations, answer.refusal.considered) == ((), (), ())
    assert answer.found.hits == ()


def test_an_answer_of_what_may_be_read_has_nothing_taken_out() -> None:
    answer = judged(Draft("quote", (IN_OTHER,), opening="On bridges:"), BOTH, QUERY, Closing())
    assert (answer.opening, answer.notice, answer.found) == ("On bridges:", "", BOTH)


def test_a_written_sentence_is_withheld_if_any_passage_that_was_shown_is_closed() -> None:
    """Whatever it cites: it may have words of each."""
    sentence = WrittenSentence("The bridge opened in June [2].", (hit(), OTHER_HIT))
    library = Closing()
    for closed, verdict in ((set[str](), "supported"), ({"d"}, None), ({"e"}, None)):
        library.closed = closed
        shown = written(library, "supported").judge(sentence)
        assert (shown and shown.verdict) == verdict


class Deciding(Judge):
    """Finds the same of every sentence, which rests on the other document."""

    def __init__(self, verdict: Verdict) -> None:
        self._always = verdict
        self.before: list[str] = []

    def judge(self, sentence: WrittenSentence, before: str = "", asked: str = "") -> Judgement:
        self.before.append(before)
        return Judgement(MARK.sub("", sentence.text), ((OTHER_HIT, JUNE),), self._always, "So.")


def written(library: Shelf, verdict: Verdict, *, strict: bool = False) -> Verification:
    return Verification(BOTH, QUERY, library, Deciding(verdict), strict=strict)


@pytest.mark.parametrize(
    ("verdict", "strict", "shown"),
    [
        ("supported", False, True),
        ("supported", True, True),
        ("unsupported", False, True),
        ("unsupported", True, False),
    ],
)
def test_strict_leaves_out_what_is_not_supported(
    verdict: Verdict, *, strict: bool, shown: bool
) -> None:
    """And says how much that is."""
    verification = written(Closing(), verdict, strict=strict)
    sentence = WrittenSentence("The bridge opened.", (OTHER_HIT,))
    assert (verification.judge(sentence) is not None) == shown
    answer = verification.answer(Draft("write", ()))
    assert answer.mode == "write"
    assert bool(answer.claims) == shown
    assert ("Left out: 1 written sentence" in answer.notice) != shown
    assert verification.has_support == (verdict == "supported")


def test_a_written_sentence_is_judged_after_those_before_it() -> None:
    """So that it is known who "he" is; its mark is the one of the citation."""
    judge = Deciding("supported")
    verification = Verification(BOTH, QUERY, Closing(), judge)
    for text in ("The bridge opened.", "It is new."):
        shown = verification.judge(WrittenSentence(text, (OTHER_HIT,)))
        assert isinstance(shown, Claim)
        assert shown.text == f"{text} [1]"
    assert judge.before == ["", "The bridge opened."]


def test_what_was_written_cannot_be_shown_unjudged() -> None:
    with pytest.raises(TypeError, match="has to be judged"):
        Verification(BOTH, QUERY, Closing()).judge(WrittenSentence("A.", (OTHER_HIT,)))


# -- other documents with the same passage ----------------------------------------------

COPY = Source("f", "copy.txt", "f", "1")
FURTHER = replace(hit(), source=COPY, passage=Passage(100, 100 + len(TEXT), TEXT, (MAY, ADA, CY)))


def test_a_citation_names_the_other_documents_that_have_the_same_passage() -> None:
    """Each once, with the place there; not those with another passage."""
    found = Found((hit(), FURTHER, OTHER_HIT, FURTHER), likely(0.9), 3, 7, "1", "some model")
    (citation,) = judged(
        Draft("quote", (claim(words(ADA), ADA),)), found, QUERY, Shelf([DOCUMENT, OTHER])
    ).citations
    (copy,) = citation.also
    assert (copy.source, copy.span) == (COPY, Span(ADA.start + 100, ADA.end + 100))


def test_a_copy_that_may_no_longer_be_read_is_not_named() -> None:
    library = Closing()
    found = Found((hit(), FURTHER), likely(0.9), 3, 7, "1", "some model")
    verification = Verification(found, QUERY, library)
    assert verification.judge(claim(words(ADA), ADA))
    library.closed.add(COPY.id)
    (citation,) = verification.answer(Draft("quote", ())).citations
    assert citation.also == ()
