"""Pages in English, Russian and Tajik: nothing lacks, nothing is left, and it is good grammar."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import date
from importlib.resources import files
from typing import get_args

import pytest

from assistant.browsing.documents import kind_of
from assistant.evaluation.reports.reporting import SCOPES, SECTIONS, label
from assistant.evaluation.scoring.verdicts import OUTCOMES
from assistant.languages import (
    LANGUAGES,
    PLACE,
    counted,
    day_in_words,
    number,
    phrase,
    retold,
    speaking,
    wanted_of,
    words_for,
    words_of,
)
from assistant.languages.prompting import fill, template_of
from assistant.web.library.document_page import NAMES
from index.documents import BlockKind
from index.english.kinds import KINDS
from index.reading.files import READERS
from tests.assistant.saying import ASSISTANT, said
from tests.conftest import ROOT

OTHERS = sorted(LANGUAGES.keys() - {"en"})
FOR_MODELS = re.compile(r"draft|judge|restate|write")
NOT_ON_PAGES = {"no_font"}
LEFT_OUT = re.compile(r'left_out\(\s*"([^"]+)"')
FIGURES = """
evidence_recall@1 evidence_recall@3 evidence_recall@5 evidence_recall@10
sentence_precision sentence_recall
sentence_f1 citation_precision citation_recall attribution_precision attribution_recall
attribution_f1 speaker_accuracy credit_accuracy verbatim_rate dangling_citations key_facts
token_f1 answered_of_answerable abstention_precision abstention_recall abstention_f1
false_answers false_refusals faithfulness answer_relevance
""".split()
NOT_COUNTED = {"row", "cell"}


def blocks() -> Iterator[str]:
    for kind in get_args(BlockKind):
        yield NAMES.get(kind, kind)


def nouns_of_documents() -> set[str]:
    """What a document has, and what its text has not of it."""
    sources = (ROOT / "index/reading").rglob("*.py")
    left_out = {noun for file in sources for noun in LEFT_OUT.findall(file.read_text("utf-8"))}
    return left_out | {"drawing"} | set(blocks()) - NOT_COUNTED


def tables() -> set[str]:
    """What pages say of tables that stand below them."""
    kinds = {kind_of(f"x{suffix}") for suffix in READERS}
    answers = {kind.name for kind in KINDS}
    called = {block.capitalize() for block in blocks()}
    figures = {label(name) for name in FIGURES}
    return kinds | answers | called | figures | {*SECTIONS, *SCOPES.values(), *OUTCOMES}


@pytest.mark.parametrize("code", OTHERS)
def test_everything_is_said_in_every_language_and_nothing_else(code: str) -> None:
    phrases, nouns = said()
    known = words_of(code)
    assert known.phrases.keys() == phrases | tables()
    of_answers = {"written sentence"}
    of_runs = {"quotation", "citation", "citation mark", "piece"}
    assert known.counted.keys() >= nouns | nouns_of_documents()
    assert known.counted.keys() <= nouns | nouns_of_documents() | of_answers | of_runs


@pytest.mark.parametrize("code", OTHERS)
def test_what_the_product_says_in_an_answer_is_said_in_every_language(code: str) -> None:
    names = {file.name.removesuffix(".md") for file in files("prompts").iterdir()
             if file.name.endswith(".md")}  # fmt: skip
    own = {name for name in names if not FOR_MODELS.match(name)} - NOT_ON_PAGES
    assert words_of(code).sentences.keys() == own


@pytest.mark.parametrize("code", OTHERS)
def test_what_is_filled_in_is_filled_in_everywhere(code: str) -> None:
    known = words_of(code)
    sentences = {template_of(name).template: words for name, words in known.sentences.items()}
    pairs = {**known.phrases, **known.told, **sentences}
    unlike = [each for each, other in pairs.items() if places(each) - {"are"} != places(other)]
    assert unlike == []


def places(text: str) -> set[str]:
    return {place[1] or place[2] for place in PLACE.finditer(text)}


@pytest.mark.parametrize("code", OTHERS)
def test_what_is_told_by_its_pattern_is_still_said_somewhere(code: str) -> None:
    """Each has a piece of English that stands in the sources as it is."""
    sources = "".join(
        file.read_text("utf-8")
        for folder in (ASSISTANT, ROOT / "index")
        for file in folder.rglob("*.py")
    )
    for english in words_of(code).told:
        assert any(piece in sources for piece in pieces(english)), english


def pieces(english: str) -> Iterator[str]:
    """Three words in a row: a long sentence stands in the sources in two lines."""
    for part in re.split(r"\{\w+\}", english):
        words = part.split()
        most = min(3, len(words))
        yield from (" ".join(words[at : at + 3]) for at in range(len(words) - most + 1) if most > 1)


@pytest.mark.parametrize("code", OTHERS)
def test_the_same_verbs_are_known_in_every_language_each_once(code: str) -> None:
    verbs = words_of(code).verbs
    forms = [form for each in verbs.values() for form in each["of"]]
    assert len(forms) == len(set(forms))
    assert set(forms) == {form for each in words_of("ru").verbs.values() for form in each["of"]}
    assert not verbs.keys() & {each["several"] for each in verbs.values()}


@pytest.mark.parametrize(
    ("code", "one", "two", "five"),
    [
        ("en", "1 document", "2 documents", "5,000 documents"),
        ("ru", "1 документ", "2 документа", "5\u00a0000 документов"),
        ("tg", "1 ҳуҷҷат", "2 ҳуҷҷат", "5\u00a0000 ҳуҷҷат"),
    ],
)
def test_what_is_counted_has_the_form_of_its_number(
    code: str, one: str, two: str, five: str
) -> None:
    with speaking(code):
        assert [counted(n, "document") for n in (1, 2, 5000)] == [one, two, five]


@pytest.mark.parametrize(
    ("code", "day"),
    [("en", "3 March 2026"), ("ru", "3 марта 2026"), ("tg", "3 март 2026")],
)
def test_dates_are_written_as_the_language_writes_them(code: str, day: str) -> None:
    with speaking(code):
        assert day_in_words(date(2026, 3, 3)) == day


def test_numbers_are_written_as_the_language_writes_them() -> None:
    with speaking("ru"):
        assert (number(1234567), number(1.25, 1)) == ("1\u00a0234\u00a0567", "1,2")


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("ru-RU,ru;q=0.9,en;q=0.8", "ru"),
        ("fr,tg;q=0.9,ru;q=0.8", "tg"),
        ("en-GB;q=0.2, ru;q=0.9", "ru"),
        ("fr, de", "en"),
        ("", "en"),
        (",;q=,\u00e4;;ru", "en"),
    ],
)
def test_the_browser_says_which_language_is_wanted(header: str, code: str) -> None:
    assert wanted_of(header) == code


def test_a_refusal_is_told_in_the_language_of_the_page() -> None:
    reason = fill("not_said", speaker="Rahmon", statements="9 statements", are="are")
    others = fill("said_by_others", others="Ann Lee and Bo Ek")
    with speaking("ru"):
        assert retold(f"{reason} {others}") == (
            "Слов источника (Rahmon) об этом нет: из того, что приписано ему в документах "
            "(9 высказываний), об этом — ничего. Об этом говорят другие: Ann Lee и Bo Ek."
        )


def test_what_a_refusal_names_stays_as_it_is() -> None:
    reason = fill("not_mentioned", words="“EAEU” or “Log”")
    with speaking("ru"):
        assert retold(reason).startswith("Ни в одном документе нет упоминания: «EAEU» или «Log».")


def test_what_looks_like_many_sentences_takes_no_time() -> None:
    """Each of them ends where it does, or where the next one does."""
    typed = "x is empty. Leave it out. x shows no words. Leave it out. " * 40
    began = time.perf_counter()
    with speaking("ru"):
        assert retold(f"{typed}Z.") == f"{typed}Z."
    assert time.perf_counter() - began < 5


def test_what_nobody_knows_is_told_as_it_is() -> None:
    with speaking("tg"):
        assert retold("The quick brown fox.") == "The quick brown fox."


def test_names_in_a_phrase_stand_where_the_language_has_them() -> None:
    with speaking("ru"):
        assert phrase("Page {number} of {count}", number=1200, count="x") == (
            "Страница 1\u00a0200 из x"
        )


def test_scripts_are_given_what_they_say() -> None:
    with speaking("ru"):
        script = '_("Stopped."); counted(whole.files, "file"); counted(f(a), "page")'
        given = words_for([script], ["PDF file", "Morse code"])
    assert given["phrases"] == {"Stopped.": "Остановлено."}
    assert set(given["counted"]) == {"file", "page"}
    assert given["names"] == {"PDF file": "Файл PDF"}
    assert given["months"][4:6] == ["мая", "июн."]
