"""Every word of a document is in one sentence of one passage that fits the window."""

import random
from collections import Counter
from pathlib import Path

import pytest
from tokenizers import Tokenizer

from index.chunking import (
    LONGEST_PASSAGE,
    LONGEST_SENTENCE,
    PASSAGE_TOKENS,
    chunk,
    paragraphs,
    sentences,
)
from index.documents import Block, Document, Passage, Source, Span
from index.models.exported import OnnxEmbedder
from index.reading.blocks import Blocks
from tests.conftest import SEED

WRAPPED = """It was late when the council met, and the hall was
so cold that nobody took off a coat. The mayor spoke
first and spoke for an hour about the bridge. Then the
others spoke as well.

In the morning the papers wrote that the bridge would
be built after all, and that the mayor had wept."""

TEXTS = {
    "the seed": SEED.read_text("utf-8"),
    "emoji": "Good 😀 morning. 👩‍👩‍👧 came, and 🇹🇯 won! 𝒜 letter? Yes 😀😀.",
    "Windows lines": "One line.\r\nAnother line.\r\n\r\n“A third,” she said.\r\n",
    "Russian": "Он сказал: «Мы придём. Мы победим». Потом ушёл. В 1990 г. он родился.",
    "Chinese": "他说：“我们来了。我们看见了。”然后他走了。再见！是吗？",
    "Arabic": "هل وصل؟ نعم، وصل أمس. قال إنه سعيد.",
    "no punctuation": "words " * 900,
    "one long sentence": " ".join(f"word{number}" for number in range(5_000)) + ".",
    "one long word": "ж" * 20_000,
    "long words among others": f"Before. {'ю' * 5_000} {'Ж9-' * 3_000}. After.",
    "wrapped prose": WRAPPED,
    "a paragraph a line": "First one. And more.\nSecond one.\n\nThird, with a “quote”.\nFourth.",
    "other line ends": "One.\x0bTwo.\x0cThree.\x1cFour.\u2028Five.\u2029Six.\x85Seven.\rEight.",
    "straight quotes": 'He said "We won. We did." Then "no" and "yes." "Why?" she asked.',
    "unbalanced quotes": "“ ” ” “ \" ' » « . ” \" ' “a. b. c. “ d” ”",
    "a long quotation": "“" + "We came and we saw and we won. " * 60 + "”, he said.",
    "symbols": "§ 1. ½ — … ‽ \u200b zero \ufeff width a\u0301 e\u0301. \u00a0 end",
    "one character": "x",
    "white space": " \n\t \r\n ",
    "nothing": "",
}
PIECES = [*"aB1.?!\"“”'‘’ \n\r\t。😀ж", ". ", "” ", "\n\n", "Mr. ", "e.g. ", "word ", "Then he "]
DRAWN = {f"drawn {seed}": "".join(random.Random(seed).choices(PIECES, k=400)) for seed in range(20)}

of_any_text = pytest.mark.parametrize(
    "text", [pytest.param(text, id=name) for name, text in {**TEXTS, **DRAWN}.items()]
)


def document(text: str, headings: tuple[str, ...] = ()) -> Document:
    spans = tuple(
        Block("heading", Span(text.index(heading), text.index(heading) + len(heading)), 1)
        for heading in headings
    )
    return Document(Source("d", "d.txt", "d", "1"), text, structure=spans)


def passages_of(text: str, embedder: OnnxEmbedder, *headings: str) -> list[Passage]:
    return chunk(document(text, headings), embedder)


@of_any_text
def test_every_word_is_in_exactly_one_sentence(text: str, embedder: OnnxEmbedder) -> None:
    """Nothing is lost and nothing is found twice, whatever the script."""
    passages = passages_of(text, embedder)
    held = Counter(
        position
        for passage in passages
        for span in passage.sentences
        for position in range(span.start, span.end)
        if not text[position].isspace()
    )
    assert held == Counter(i for i, character in enumerate(text) if not character.isspace())


@of_any_text
def test_a_passage_is_the_words_of_its_span_and_holds_its_sentences(
    text: str, embedder: OnnxEmbedder
) -> None:
    """`text[start:end]`, from the first sentence's start to the last one's end."""
    passages = passages_of(text, embedder)
    assert [passage.start for passage in passages] == sorted(p.start for p in passages)
    for passage in passages:
        assert passage.text == text[passage.start : passage.end]
        assert passage.sentences == tuple(sorted(passage.sentences))
        assert passage.span == Span(passage.sentences[0].start, passage.sentences[-1].end)


@of_any_text
def test_a_sentence_has_no_white_space_around_it(text: str, embedder: OnnxEmbedder) -> None:
    """So that it can be quoted as it is."""
    for passage in passages_of(text, embedder):
        for span in passage.sentences:
            words = text[span.start : span.end]
            assert words
            assert words == words.strip()


@of_any_text
def test_no_passage_is_longer_than_the_model_sees(
    text: str, embedder: OnnxEmbedder, models: Path
) -> None:
    """Counted by the model's own tokenizer, special tokens and all."""
    tokenizer = Tokenizer.from_file(str(next(models.glob("*/tokenizer.json"))))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    lengths = [len(tokenizer.encode(p.text).ids) for p in passages_of(text, embedder)]
    assert max(lengths, default=0) <= 256


def test_headings_that_follow_one_another_fit_the_window_too(embedder: OnnxEmbedder) -> None:
    """A table of contents, every line a heading, is not one endless passage."""
    headings = [f"Chapter {n}: how the council met and what it decided" for n in range(60)]
    text = "\n\n".join([*headings, "And then the story begins, after all. " * 20])
    passages = passages_of(text, embedder, *headings)
    lengths = [embedder.count_tokens(p.text, [Span(0, len(p.text))])[0] for p in passages]
    assert max(lengths) <= embedder.window


def test_short_paragraphs_are_joined_up_to_the_goal(embedder: OnnxEmbedder) -> None:
    """Ten short lines are one passage; a hundred are several, none beyond the goal."""
    lines = [f"Line {number} says a little." for number in range(100)]
    assert len(passages_of("\n".join(lines[:10]), embedder)) == 1
    passages = passages_of("\n".join(lines), embedder)
    lengths = [embedder.count_tokens(p.text, [Span(0, len(p.text))])[0] for p in passages]
    assert len(passages) > 3
    assert max(lengths) <= PASSAGE_TOKENS
    assert min(lengths[:-1]) > PASSAGE_TOKENS * 0.8


def test_a_long_paragraph_is_divided_at_sentences_in_parts_of_like_length(
    embedder: OnnxEmbedder,
) -> None:
    """Not in a full part and a rest."""
    text = " ".join(f"The council met for the {number}th time that year." for number in range(30))
    passages = passages_of(text, embedder)
    lengths = [embedder.count_tokens(p.text, [Span(0, len(p.text))])[0] for p in passages]
    assert len(passages) == 2
    assert abs(lengths[0] - lengths[1]) < 30
    assert all(passage.text.endswith("that year.") for passage in passages)


def test_a_heading_opens_a_passage(embedder: OnnxEmbedder) -> None:
    """What comes before it belongs to another subject."""
    text = "The pool opened.\n\nMinutes\n\nThe council met.\n\nVotes\n\nAll agreed."
    passages = passages_of(text, embedder, "Minutes", "Votes")
    assert [passage.text.split("\n")[0] for passage in passages] == [
        "The pool opened.",
        "Minutes",
        "Votes",
    ]


def test_a_heading_stays_with_the_text_below_it(embedder: OnnxEmbedder) -> None:
    """Also where that text is longer than paragraphs are joined to."""
    below = "The council met and talked about the bridge for a long time. " * 14
    passages = passages_of(f"Before.\n\nMinutes\n\n{below}", embedder, "Minutes")
    assert len(passages) == 2
    assert passages[1].text.startswith("Minutes")
    assert passages[1].text.endswith("long time.")


def test_a_heading_opens_a_passage_in_wrapped_text_too(embedder: OnnxEmbedder) -> None:
    """Also without a blank line below it, as in Markdown and old reports."""
    text = WRAPPED.replace("\n\n", "\n\nThe papers\n")
    passages = passages_of(text, embedder, "The papers")
    assert [passage.text.split("\n")[0] for passage in passages] == [
        "It was late when the council met, and the hall was",
        "The papers",
    ]


@pytest.mark.parametrize(
    "said",
    [
        "“We came. We saw. We won,” he said.",
        "“We agreed to this! And overall a solution has been found.”",
        "According to him, the meeting “confirmed trust. It was good.”",
    ],
)
def test_what_stands_in_typographic_quotation_marks_stays_whole(said: str) -> None:
    """A quotation of several sentences keeps its speaker."""
    text = f"Before it came. {said} After it left."
    found = sentences(text, Span(0, len(text)))
    assert [text[span.start : span.end] for span in found] == [
        "Before it came.",
        said,
        "After it left.",
    ]


def test_a_quotation_mark_that_opens_a_sentence_goes_with_it() -> None:
    """Straight marks do not say whether they open or close; the space before them does."""
    text = 'He won. "We did it," she said. It rained.'
    found = [text[span.start : span.end] for span in sentences(text, Span(0, len(text)))]
    assert found == ["He won.", '"We did it," she said.', "It rained."]


def test_lines_of_wrapped_prose_are_one_paragraph() -> None:
    """Blank lines part them, so a sentence may cross lines."""
    found = [WRAPPED[span.start : span.end] for span in paragraphs(WRAPPED)]
    assert found == WRAPPED.split("\n\n")


def test_a_row_of_a_table_is_a_paragraph_in_wrapped_prose_too() -> None:
    """So that an answer quotes the row and not the whole table."""
    rows = ["| town | people |", "|---|---|", "| Arden | 900 |"]
    table = "\n".join(rows)
    text = f"{WRAPPED}\n\n{table}\n\n{WRAPPED}"
    found = [text[span.start : span.end] for span in paragraphs(text)]
    assert found == [*WRAPPED.split("\n\n"), *rows, *WRAPPED.split("\n\n")]


def test_a_line_is_a_paragraph_where_prose_is_not_wrapped() -> None:
    """As in news texts, lists and transcripts."""
    text = "ANNA: Good morning.\nBEN: You are late.\n\nANNA: I know."
    found = [text[span.start : span.end] for span in paragraphs(text)]
    assert found == ["ANNA: Good morning.", "BEN: You are late.", "ANNA: I know."]


def test_a_question_opens_a_passage_with_its_answer(embedder: OnnxEmbedder) -> None:
    """The marks behind a question in bold belong to it."""
    text = "**Is it loud?**\nNo.\n\n**Is it red?**\nYes, very."
    passages = passages_of(text, embedder)
    assert [passage.text for passage in passages] == [
        "**Is it loud?**\nNo.",
        "**Is it red?**\nYes, very.",
    ]
    assert [len(passage.sentences) for passage in passages] == [2, 2]


PICTURE = "data:image/png;base64," + "iVBORw0KGgo/AAAA+" * 2_000


@pytest.mark.parametrize(
    "noise",
    [
        f"![The bridge]({PICTURE})",
        f'<img alt="The bridge" src="{PICTURE}">',
        f"[image1]: <{PICTURE}>",
        "QUJDRA9x" * 100,
    ],
    ids=["Markdown", "HTML", "reference", "bare"],
)
@pytest.mark.parametrize("around", ["\n\n", " ", "\n"])
def test_a_picture_written_out_in_letters_is_in_no_passage(
    noise: str, around: str, embedder: OnnxEmbedder
) -> None:
    """Nor does a passage reach over it; the words before and after it are found."""
    text = f"The pool opened.{around}{noise}{around}Then it closed."
    passages = passages_of(text, embedder)
    assert [passage.text for passage in passages] == ["The pool opened.", "Then it closed."]
    assert all(passage.text == text[passage.start : passage.end] for passage in passages)


def test_a_document_of_nothing_but_noise_has_no_passage(embedder: OnnxEmbedder) -> None:
    assert passages_of(PICTURE, embedder) == []


@pytest.mark.parametrize(
    "text",
    ["ж" * 30_000, "今天天气很好" * 2_000, "слово" * 3_000 + " и " + "ещё" * 3_000],
    ids=["one word", "Chinese", "two words"],
)
def test_no_passage_and_no_sentence_has_more_characters_than_one_can_read(
    text: str, embedder: OnnxEmbedder
) -> None:
    """However few tokens the model makes of them."""
    passages = passages_of(text, embedder)
    assert max(len(passage.text) for passage in passages) <= LONGEST_PASSAGE


@pytest.mark.parametrize(
    "expected",
    [
        ["Он живёт в г. Душанбе с детства.", "Он ушёл."],
        ["Цена 5 руб. за кило.", "Потом она выросла."],
        ["Am 7. Februar kam er.", "Dann ging er."],
        ["Er kam am 8. nach Hause.", "Es war spät."],
        ["Ask Mona Lind, tel. 73 55 10 08, or see art. 5 of it.", "She is here."],
        ["He came on May 7.", "February was cold."],
        ["There were 12.", "They left."],
        ["They voted in 2007.", "April was warm."],
    ],
    ids=lambda each: each[0],
)
def test_an_abbreviation_or_a_numbered_day_ends_no_sentence(expected: list[str]) -> None:
    """But a number at the end of an English one does."""
    text = " ".join(expected)
    found = [text[span.start : span.end] for span in sentences(text, Span(0, len(text)))]
    assert found == expected


@pytest.mark.parametrize("space", ["\xa0", "\u202f", "\u2028", "\u3000"])
def test_a_wide_space_before_a_full_stop_is_a_space(space: str) -> None:
    text = f"He took vitamin A{space}. Then he left. She stayed."
    found = [text[span.start : span.end] for span in sentences(text, Span(0, len(text)))]
    assert found[-1] == "She stayed."


def test_the_lines_of_a_record_are_no_wrapped_prose() -> None:
    """Though their keys begin with small letters, each is a paragraph."""
    lines = [f"{key}: value {n}" for n in range(9) for key in ("name", "paid at", "by.whom")]
    text = "\n".join(lines)
    assert [text[span.start : span.end] for span in paragraphs(text)] == lines


def structured(blocks: Blocks) -> Document:
    reading = blocks.reading()
    return Document(Source("d", "d.md", "d", "1"), reading.text, structure=reading.structure)


def sentences_of(found: list[Passage]) -> list[list[str]]:
    return [[p.text[s.start - p.start : s.end - p.start] for s in p.sentences] for p in found]


def test_a_row_a_heading_and_code_are_one_sentence_each(embedder: OnnxEmbedder) -> None:
    """Whatever full stops are in them; items and paragraphs have sentences as ever."""
    blocks = Blocks(0)
    blocks.heading("No. 5. The quay")
    blocks.table([["Alta. North", "No. 5."]], ["Port", "Place"])
    blocks.item("It sank. It was raised.", marker="•")
    blocks.paragraph("run. Then\n\nStop. Now", "code")
    assert sentences_of(chunk(structured(blocks), embedder)) == [
        [
            "No. 5. The quay",
            "Port: Alta. North; Place: No. 5.",
            "It sank.",
            "It was raised.",
            "run. Then\n\nStop. Now",
        ]
    ]


def test_what_leads_in_to_a_list_opens_a_passage_with_it(embedder: OnnxEmbedder) -> None:
    blocks = Blocks(0)
    blocks.paragraph("The council met on Monday. " * 10)
    blocks.paragraph("Who comes by boat needs:")
    blocks.item("a licence", marker="•")
    found = chunk(structured(blocks), embedder)
    assert found[-1].text == "Who comes by boat needs:\n\na licence"


def test_a_passage_knows_what_stands_above_it(embedder: OnnxEmbedder) -> None:
    """The headings over it, and what leads in to a list or table that goes on in it; what it
    has itself is not above it."""
    blocks = Blocks(0)
    blocks.heading("Harbour", 1)
    blocks.heading("Fees", 2)
    blocks.paragraph("Fees of 2029:", "caption")
    blocks.table([[f"boat number {n}", f"{n} euros a day"] for n in range(60)], ["Boat", "Fee"])
    blocks.heading("Hours", 2)
    blocks.paragraph("It opens at seven.")
    with blocks.container("sheet", name="Staff"):
        blocks.paragraph("Ann is the harbour master.")
    first, *more, hours, staff = chunk(structured(blocks), embedder)
    assert first.context == ""
    assert len(more) > 1
    assert {passage.context for passage in more} == {"Harbour / Fees / Fees of 2029:"}
    assert (hours.context, staff.context) == ("Harbour", "Staff")
    assert hours.text.startswith("Hours")


def test_captions_that_follow_one_another_stand_above_rows_together(embedder: OnnxEmbedder) -> None:
    blocks = Blocks(0)
    blocks.paragraph("Fees of  2029", "caption")
    blocks.paragraph("Boat     Fee", "caption")
    blocks.table([[f"boat number {n}", f"{n} euros a day"] for n in range(60)])
    last = chunk(structured(blocks), embedder)[-1]
    assert last.context == "Fees of 2029 / Boat Fee"


def test_lines_of_a_block_are_not_taken_for_a_wrapped_text(embedder: OnnxEmbedder) -> None:
    blocks = Blocks(0)
    for words in ("and the first", "then the second", "or the third"):
        blocks.item(words)
    assert sentences_of(chunk(structured(blocks), embedder)) == [
        ["and the first", "then the second", "or the third"]
    ]


# -- what nobody wrote as one sentence -----------------------------------------------------


def test_a_paragraph_may_be_long_and_has_the_same_sentences() -> None:
    """It is divided part by part, at ends of sentences."""
    one = (
        "We came to the town of St. Ives at 5.30 p.m. and saw “the mill. And the harbour.” there. "
    )
    text = one * 900
    assert len(text) > 3 * LONGEST_SENTENCE
    (first, *_) = sentences(one, Span(0, len(one)))
    wanted = [Span(first.start + n, first.end + n) for n in range(0, len(text), len(one))]
    assert sentences(text, Span(0, len(text))) == wanted


@pytest.mark.parametrize("text", ["word " * 10_000, "“" * 50_000, "x" * 50_000, " " * 50_000])
def test_what_never_ends_is_cut_where_there_is_a_space(text: str) -> None:
    """Its words stay whole; to look for its end would take time with the square of its length."""
    found = sentences(text, Span(0, len(text)))
    assert all(0 < len(span) <= LONGEST_SENTENCE for span in found)
    words = [text[span.start : span.end] for span in found]
    assert "".join(words).replace(" ", "") == text.replace(" ", "")
    assert all(part.startswith("word") and part.endswith("word") for part in words if " " in part)


def test_tokens_of_a_long_paragraph_are_counted_in_parts(
    embedder: OnnxEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the same passages."""
    text = "The mayor opened the bridge, the harbour and the mill in a windy May. " * 300
    whole = chunk(document(text), embedder)
    monkeypatch.setattr("index.chunking.COUNTED_AT_ONCE", 1_000)
    assert chunk(document(text), embedder) == whole
