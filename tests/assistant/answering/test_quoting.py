"""Answers made of the documents' own words, and refusals that say what was looked at."""

from dataclasses import replace

import pytest

from assistant.answering.choosing import MOST_QUOTED
from assistant.answering.quoting import quote
from assistant.answers import Answer, Draft, Turn
from assistant.building import open_to_chat
from assistant.chat import Assistant
from assistant.rendering.answers import to_dict, to_terminal
from assistant.settings import Settings
from index.documents import (
    LOCAL_USER,
    Document,
    Evidence,
    Found,
    Hit,
    Passage,
    Principal,
    Query,
    Scores,
    Source,
    Span,
)
from index.english.spelling import counted
from tests.conftest import SEED, MakeCollection
from tests.signs import likely

STUDENTS = Span(1966, 2101)
"""“We are grateful to the Russian government … quota for Tajik students …”"""


def ask(assistant: Assistant, question: str, documents: str | None = None) -> Answer:
    return assistant.ask(question, principal=LOCAL_USER, documents=documents)


def hit(
    text: str, *scored: tuple[str, float], id: str = "d", start: int = 0, score: float = 0.5
) -> Hit:
    """A passage that begins at `start`, with a score for each of its sentences."""
    evidence, position = [], 0
    for words, worth in scored:
        position = text.index(words, position)
        span = Span(start + position, start + position + len(words))
        evidence.append(Evidence(span, words, worth))
        position += len(words)
    passage = Passage(start, start + len(text), text, tuple(e.span for e in evidence))
    scores = Scores(score, score, score, score)
    return Hit(Source(id, f"{id}.txt", id, "1"), passage, score, scores, tuple(evidence))


def found(*hits: Hit, answerability: float = 0.9) -> Found:
    return Found(hits, likely(answerability), 2, 7, "1", "some model")


def draft_of(query: Query, found: Found) -> Draft:
    """With documents that hold nothing but what was found."""
    texts = {hit.source: " " * hit.passage.start + hit.passage.text for hit in found.hits}
    documents = {source.id: Document(source, text) for source, text in texts.items()}
    return quote(query, found, documents.__getitem__)


def quoted(query: Query, *hits: Hit) -> list[str]:
    return [claim.text for claim in draft_of(query, found(*hits)).claims]


WHO = Query("who?", "who?")


def test_the_sample_question_is_answered_with_what_rahmon_said_of_students(
    seed_assistant: Assistant,
) -> None:
    """The first citation is of the very sentence, speaker and all."""
    answer = ask(seed_assistant, "what did Rahmon say about students?")
    assert answer.answered
    first = answer.citations[0]
    assert first.span.overlaps(STUDENTS)
    assert "quota for Tajik students" in first.quote
    assert first.speaker is not None
    assert (first.speaker.name, first.speech) == ("Emomali Rahmon", "direct")


def test_a_misspelt_question_is_answered_alike(seed_assistant: Assistant) -> None:
    """It is said elsewhere which words were put right."""
    answer = ask(seed_assistant, "what did rahmno say about studnets?")
    assert answer.citations[0].span.overlaps(STUDENTS)
    assert set(answer.found.corrections) == {"rahmno", "studnets"}


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("What did Putin say about the ban?", "a ban of Tajik citizens"),
        ("Was the EAEU mentioned?", "Eurasian Economic Union (EAEU)"),
        ("Why is Russian language instruction important?", "Russian language"),
        ("what did they pledge to export?", "“ecologically clean”"),
    ],
)
def test_questions_about_the_sample_are_answered_with_its_words(
    question: str, words: str, seed_assistant: Assistant
) -> None:
    """In its spelling, typographic quotation marks and all."""
    answer = ask(seed_assistant, question)
    assert any(words in citation.quote for citation in answer.citations)


def test_every_quotation_is_the_characters_of_its_span(seed_assistant: Assistant) -> None:
    """And has before and after it what the document has."""
    text = SEED.read_text("utf-8")
    for question in ("what did Rahmon say about students?", "What did Putin say?"):
        answer = ask(seed_assistant, question)
        assert answer.citations
        for citation in answer.citations:
            start, end = citation.span.start, citation.span.end
            assert citation.quote == text[start:end]
            assert citation.prefix == text[max(0, start - 32) : start]
            assert citation.suffix == text[end : end + 32]
            assert citation.passage.covers(citation.span)
        assert {claim.verdict for claim in answer.claims} == {"verbatim"}


@pytest.mark.parametrize(
    "question",
    [
        "What is the capital of France?",
        "Who won the football match?",
        "How do I bake bread?",
        "What is the boiling point of nitrogen?",
    ],
)
def test_what_the_documents_do_not_say_is_refused(question: str, seed_assistant: Assistant) -> None:
    """With how much was looked through and the nearest passages, as not answering."""
    answer = ask(seed_assistant, question)
    assert not answer.answered
    assert (answer.claims, answer.citations) == ((), ())
    assert answer.refusal
    documents, passages = answer.found.documents_searched, answer.found.passages_searched
    looked_through = f"{counted(passages, 'passage')} in {counted(documents, 'document')}"
    assert looked_through in answer.refusal.reason
    assert answer.refusal.counts["documents_searched"] == documents > 0
    assert answer.refusal.counts["passages_searched"] == passages > 0
    assert len(answer.refusal.considered) == min(3, passages)
    text = SEED.read_text("utf-8")
    for citation in answer.refusal.considered:
        assert citation.quote == text[citation.span.start : citation.span.end]


def test_a_filter_that_nothing_matches_is_named(seed_assistant: Assistant) -> None:
    """Rather than said to answer nothing."""
    answer = ask(seed_assistant, "what did Rahmon say?", "2017/*")
    assert answer.refusal
    assert "none matches 2017/*" in answer.refusal.reason


def test_an_empty_index_says_how_to_fill_it() -> None:
    draft = draft_of(WHO, Found((), None, 0, 0, "0", "some model"))
    assert draft.claims == ()
    assert "onrecord index FOLDER" in draft.reason


def test_sentences_nearly_as_good_as_the_best_are_quoted_too() -> None:
    """Those far behind are not."""
    text = "Ada swam. Bo swam. Cy sat."
    of = hit(text, ("Ada swam.", 0.9), ("Bo swam.", 0.5), ("Cy sat.", 0.89))
    assert quoted(WHO, of) == ["Ada swam.", "Cy sat."]


def test_no_more_than_a_few_sentences_are_quoted() -> None:
    """However many are alike."""
    words = [f"Number {n} swam." for n in range(9)]
    of = hit("\n".join(words), *((sentence, 0.9) for sentence in words))
    assert len(quoted(WHO, of)) == MOST_QUOTED


def test_the_best_quotation_stands_first() -> None:
    """Whatever stands first in the document; one of another document has to be nearer."""
    best = hit("Late. Noise. Later.", ("Late.", 0.88), ("Noise.", 0.1), ("Later.", 0.9), id="b")
    other = hit("Other.", ("Other.", 0.89), id="a")
    assert quoted(WHO, other, best) == ["Later.", "Other.", "Late."]


def test_sentences_that_follow_one_another_are_one_quotation() -> None:
    """Exact, with the space between them; those on two lines stay two."""
    text = "Ada swam.  Bo swam.\nCy swam."
    of = hit(text, ("Ada swam.", 0.9), ("Bo swam.", 0.9), ("Cy swam.", 0.9), start=50)
    draft = draft_of(WHO, found(of))
    assert [claim.text for claim in draft.claims] == ["Ada swam.  Bo swam.", "Cy swam."]
    spans = [span for claim in draft.claims for _, span in claim.rests_on]
    assert spans == [Span(50, 69), Span(70, 78)]


def test_a_straight_quotation_over_several_sentences_is_quoted_whole() -> None:
    """From whichever of its sentences was found."""
    text = 'He rose. "We won. We did," he said. All left.'
    parts = ("He rose.", '"We won.', 'We did," he said.', "All left.")
    for best in parts[1:3]:
        of = hit(text, *((part, 0.9 if part == best else 0.1) for part in parts))
        assert quoted(WHO, of) == ['"We won. We did," he said.']


def test_a_straight_quotation_that_begins_elsewhere_is_left_as_it_is() -> None:
    """Its other end may be in another passage."""
    text = 'We did," he said. All left.'
    of = hit(text, ('We did," he said.', 0.9), ("All left.", 0.1))
    assert quoted(WHO, of) == ['We did," he said.']


def test_below_the_threshold_nothing_is_quoted() -> None:
    """However good the words look."""
    of = hit("Ada swam.", ("Ada swam.", 0.9))
    assert draft_of(WHO, found(of, answerability=0.49)).claims == ()
    assert draft_of(WHO, found(of, answerability=0.51)).claims


def test_quotations_are_of_the_documents_in_scope(make_collection: MakeCollection) -> None:
    """Two documents that answer alike: the filter decides."""
    from assistant.chat import Assistant

    made = make_collection(
        {"2016.txt": "The pool opened in May.", "2017.txt": "The pool opened in June."}
    )
    answer = ask(Assistant(made.open_index()), "When did the pool open?", "2017*")
    assert [citation.quote for citation in answer.citations] == ["The pool opened in June."]


def test_a_date_is_not_answered_with_a_sentence_that_has_none(seed_assistant: Assistant) -> None:
    """The right sentence, but no answer: it is said what is missing."""
    answer = ask(seed_assistant, "On what date did Rahmon meet the Russian president?")
    assert answer.refusal is not None
    assert "don’t give a date" in answer.refusal.reason


def test_a_number_is_answered_with_a_sentence_that_has_one(seed_assistant: Assistant) -> None:
    answer = ask(seed_assistant, "How many Tajik citizens are studying in Russian universities?")
    assert "20,000" in answer.citations[0].quote


def test_what_was_seen_is_not_said_again(seed_assistant: Assistant) -> None:
    """Until nothing is left, which is said."""
    history = [Turn("user", "What did Putin say?")]
    first = seed_assistant.ask("What did Putin say?", principal=LOCAL_USER)
    said = " ".join(claim.text for claim in first.claims[:1])
    rest = seed_assistant.ask(
        "Is that all?", [*history, Turn("assistant", said)], principal=LOCAL_USER
    )
    assert [claim.text[:-4] for claim in rest.claims] == [c.text[:-4] for c in first.claims[1:]]
    said = " ".join(claim.text for claim in first.claims)
    nothing = seed_assistant.ask(
        "Is that all?", [*history, Turn("assistant", said)], principal=LOCAL_USER
    )
    assert nothing.refusal is not None
    assert nothing.refusal.reason.startswith("That is all: I found 2 statements")


def test_where_it_stands_is_said_by_title_and_name(seed_assistant: Assistant) -> None:
    history = [Turn("user", "What did Putin say?"), Turn("assistant", "…")]
    answer = seed_assistant.ask("In which article?", history, principal=LOCAL_USER)
    assert SEED.name in answer.opening
    assert answer.claims


def test_what_is_answered_in_part_says_which_part_is_missing(seed_assistant: Assistant) -> None:
    """A name or number that no document has, beside what there is."""
    question = "How many Tajik citizens are studying in Russian universities in Omsk?"
    answer = ask(seed_assistant, question)
    assert answer.outcome == "partly"
    assert answer.opening == "No document mentions “Omsk”. What they do say:"
    assert "20,000" in answer.citations[0].quote
    whole = ask(seed_assistant, question.replace(" in Omsk", ""))
    assert (whole.outcome, whole.opening) == ("answered", "")
    assert ask(seed_assistant, "Who baked bread?").outcome == "not_in_documents"


@pytest.mark.parametrize(
    ("text", "question", "answer"),
    [
        (
            "**How do I clean the pump?**\nOpen the lid. Rinse it.\n\n**Is it loud?**\nNo.",
            "How do I clean the pump?",
            "Open the lid. Rinse it.",
        ),
        (
            "# Opening hours of the museum\n\nThe doors open at ten.\n",
            "What are the opening hours of the museum?",
            "The doors open at ten.",
        ),
        (
            "3. Parking. The deck has 40 places.",
            "parking",
            "Parking. The deck has 40 places.",
        ),
    ],
)
def test_a_question_or_heading_is_answered_with_what_follows_it(
    text: str, question: str, answer: str, make_collection: MakeCollection
) -> None:
    """However like the question it is; a label comes with what it labels."""
    others = "The river was high in spring. A baker sold bread in the square."
    collection = make_collection({"a.md": text, "b.txt": others})
    quoted = ask(open_to_chat(Settings(collection.home)), question)
    assert answer in [citation.quote for citation in quoted.citations]
    assert not any(citation.quote.endswith(("?", "?**")) for citation in quoted.citations)


def test_what_is_cited_is_said_not_to_have_the_year(make_collection: MakeCollection) -> None:
    """Though another document has it."""
    texts = {
        "a.txt": "In 2019 the farm had 40 sheep. In 2020 the farm had 50 sheep.",
        "b.txt": "A bridge was built in 2018.",
    }
    assistant = open_to_chat(Settings(make_collection(texts).home))
    answer = ask(assistant, "How many sheep had the farm in 2018?")
    assert answer.outcome != "answered"
    assert not answer.claims or answer.opening == "What is cited here does not mention “2018”."
    assert ask(assistant, "How many sheep had the farm in 2019?").outcome == "answered"


def test_thanks_are_no_question(seed_assistant: Assistant) -> None:
    answer = ask(seed_assistant, "thanks!")
    assert answer.refusal is not None
    assert answer.refusal.reason.startswith("Ask me")
    assert answer.refusal.considered == ()


STEPS = """# Library cards

The library lends books, films and tools.

## How to renew a card

Renew it before it runs out:

1. Bring the old card to the desk.
2. Fill in the green form.
3. Pay two euros.

## Opening hours

We open at nine.
"""


def test_all_steps_are_quoted_with_what_leads_in_to_them(make_collection: MakeCollection) -> None:
    """As one quotation, in their order; nothing of the next section."""
    assistant = open_to_chat(Settings(make_collection({"cards.md": STEPS}).home))
    answer = ask(assistant, "How do I renew my library card?")
    assert [citation.quote for citation in answer.citations] == [
        "Renew it before it runs out:\n\n1. Bring the old card to the desk.\n\n"
        "2. Fill in the green form.\n\n3. Pay two euros."
    ]
    assert answer.citations[0].passage.covers(answer.citations[0].span)


def test_a_name_that_stands_alone_is_no_answer(make_collection: MakeCollection) -> None:
    """As somebody signs a letter who is asked about."""
    text = "Dear all,\n\nAction: Sam Oduya to write to the members by April.\n\nSam\n"
    assistant = open_to_chat(Settings(make_collection({"letter.txt": text}).home))
    answer = ask(assistant, "What must Sam do?")
    assert [citation.quote for citation in answer.citations] == [
        "Action: Sam Oduya to write to the members by April."
    ]


def test_steps_begin_with_what_says_what_they_are_for(make_collection: MakeCollection) -> None:
    """Nothing that stands before them in the same section."""
    text = "# Garden\n\nDogs stay on a lead.\n\nTo join the garden:\n\n1. Sign it.\n2. Pay.\n"
    assistant = open_to_chat(Settings(make_collection({"garden.md": text}).home))
    answer = ask(assistant, "How do I join the garden?")
    assert [citation.quote for citation in answer.citations] == [
        "To join the garden:\n\n1. Sign it.\n\n2. Pay."
    ]


def test_sentences_are_gathered_where_no_document_has_a_list(
    make_collection: MakeCollection,
) -> None:
    """All that are alike, not the best few."""
    makers = ("Aldora", "Bexley", "Corvane", "Dalby", "Elmhurst", "Fenwick", "Grayling")
    lines = [f"{maker} is an approved supplier of timber." for maker in makers]
    assistant = open_to_chat(Settings(make_collection({"a.txt": "\n\n".join(lines)}).home))
    answer = ask(assistant, "List all approved suppliers.")
    assert {citation.quote for citation in answer.citations} == set(lines)
    assert not answer.opening
    counted = ask(assistant, "How many approved suppliers are there?")
    assert {citation.quote for citation in counted.citations} == set(lines)


def test_it_is_said_that_there_may_be_more_than_the_best(make_collection: MakeCollection) -> None:
    """Where more sentences fit than are quoted."""
    makers = [
        f"{first}{last}"
        for first in ("Al", "Bex", "Cor", "Dal")
        for last in ("dora", "ley", "vane", "by")
    ]
    lines = [f"{maker} is an approved supplier of timber." for maker in makers]
    assistant = open_to_chat(Settings(make_collection({"a.txt": "\n\n".join(lines)}).home))
    answer = ask(assistant, "List all approved suppliers.")
    assert answer.opening == "There may be more: these are the 12 that fit best."


MEMBERS = """# Meeting of the harbour board

## Present

- Ada Stone (voting member)
- Ben Moss (voting member)
- Dan Pike (guest)
- Ella Roy (non-voting member)

## Members of the rescue committee

- Eva Roth
- Finn Ode
- Gus Hall
"""


@pytest.mark.parametrize(
    ("question", "said", "first"),
    [
        ("How many voting members were present?", "2 are listed.", "Ada Stone (voting member)"),
        ("How many members of the rescue committee are there?", "3 are listed.", "Eva Roth"),
        ("How many guests were present?", "", "Dan Pike (guest)"),
    ],
)
def test_items_are_counted_that_are_called_as_what_is_asked_for(
    make_collection: MakeCollection, question: str, said: str, first: str
) -> None:
    """Each by itself, or all by their heading."""
    assistant = open_to_chat(Settings(make_collection({"board.md": MEMBERS}).home))
    answer = ask(assistant, question)
    assert answer.opening == said
    assert answer.citations[0].quote.startswith(first)
    assert ask(assistant, "How many boats of the board are there?").refusal is not None


def test_it_is_said_how_many_items_are_not_shown(make_collection: MakeCollection) -> None:
    """A list of forty is not quoted whole."""
    items = "\n".join(f"- Rope number {n} of hemp, {'long ' * 12}and thick." for n in range(1, 41))
    assistant = open_to_chat(Settings(make_collection({"ropes.md": f"# Ropes\n\n{items}\n"}).home))
    answer = ask(assistant, "Which ropes are there?")
    assert answer.opening == "40 are listed; these are the first 25."
    assert len(answer.citations) == 25


HOOKS = """# Interfaces

## Webhooks

To set one up:

1. Open the webhook settings and press Add.
2. Enter an address.
3. Copy the secret.
"""


def test_a_step_below_what_the_question_names_is_quoted_with_all_steps(
    make_collection: MakeCollection,
) -> None:
    """Though it does not ask how."""
    assistant = open_to_chat(Settings(make_collection({"hooks.md": HOOKS}).home))
    quotes = " ".join(c.quote for c in ask(assistant, "set up webhook").citations)
    assert "press Add" in quotes
    assert "Copy the secret" in quotes


BYLAW = """# Access to records

Marl Water Board, a body under the Water Act
Policy no. 14, adopted by the Board on 26 September 2024

## Requests

A request can be made in writing at the counter of the Board.
"""


def test_the_first_lines_of_a_document_answer_who_and_when_alone(
    make_collection: MakeCollection,
) -> None:
    """They have its names, and are no sentences."""
    assistant = open_to_chat(Settings(make_collection({"bylaw.md": BYLAW}).home))
    answer = ask(assistant, "where do I bring a request at the Marl Water Board")
    assert [c.quote for c in answer.citations] == [BYLAW.splitlines()[-1]]
    when = ask(assistant, "When was the policy adopted by the Board?")
    assert "26 September 2024" in when.citations[0].quote


def test_people_are_not_counted_in_minutes(make_collection: MakeCollection) -> None:
    """A number of something else is no number of them."""
    text = "In September the clients waited 41 minutes on Saturdays."
    assistant = open_to_chat(Settings(make_collection({"queue.txt": text}).home))
    refusal = ask(assistant, "How many clients waited on Saturdays in September?").refusal
    assert refusal is not None
    assert "give a number" in refusal.reason
    text = "In September 41 clients waited on Saturdays."
    assistant = open_to_chat(Settings(make_collection({"queue.txt": text}).home))
    assert ask(assistant, "How many clients waited on Saturdays in September?").answered


def test_the_gist_of_a_document_is_its_summary(make_collection: MakeCollection) -> None:
    """Without the line of its authors."""
    text = (
        "# Cool classrooms\n\nR. Demir, S. Aufder, L. Montrose\n\n"
        "We opened windows of schools by night.\n\n"
        "## Results\n\nIt was cooler by two degrees in the morning.\n"
    )
    assistant = open_to_chat(Settings(make_collection({"classrooms.md": text}).home))
    quotes = [c.quote for c in ask(assistant, "the gist of cool classrooms").citations]
    assert quotes[0] == "We opened windows of schools by night."
    assert "R. Demir, S. Aufder, L. Montrose" not in quotes


STAGES = """# Letters of reference

We write letters for helpers.

## Step 1: The request

Send a request for a letter to the office.{more}

## Step 2: The papers

Whoever wants a letter of reference hands in:

- a draft of the letter of reference
- the names of two witnesses

## Step 3: The signature

The board signs the letter of reference.

## Fees

A letter costs nothing.
"""


@pytest.mark.parametrize("question", ["How do I get a letter of reference?", "Walk me through it"])
def test_steps_that_are_sections_are_quoted_with_their_headings(
    question: str, make_collection: MakeCollection
) -> None:
    """All of them, not a list in one of them; of long ones the first sentence of each."""
    asked = question.replace("it", "getting a letter of reference")
    for more, whole in (("", True), (" We keep it." * 200, False)):
        files = {"letters.md": STAGES.format(more=more), "bread.txt": "Bread is baked."}
        assistant = open_to_chat(Settings(make_collection(files).home))
        quoted = "\n".join(citation.quote for citation in ask(assistant, asked).citations)
        said = ("Step 1", "Send a request", "Step 2", "hands in", "Step 3", "The board signs")
        assert all(words in quoted for words in said)
        assert ("two witnesses" in quoted) == whole
        assert "costs nothing" not in quoted


def test_a_step_with_nothing_below_its_heading_is_quoted_by_that(
    make_collection: MakeCollection,
) -> None:
    """Also the last line of a document."""
    steps = STAGES.format(more=" We keep it." * 200).partition("The board signs")[0]
    files = {"letters.md": steps, "bread.txt": "Bread is baked."}
    assistant = open_to_chat(Settings(make_collection(files).home))
    answer = ask(assistant, "How do I get a letter of reference?")
    assert answer.citations[-1].quote == "Step 3: The signature"


def test_sections_that_only_have_numbers_are_no_steps(make_collection: MakeCollection) -> None:
    files = {"letters.md": STAGES.format(more="").replace("Step ", ""), "bread.txt": "Bread."}
    assistant = open_to_chat(Settings(make_collection(files).home))
    answer = ask(assistant, "How do I hand in the papers for a letter of reference?")
    quoted = "\n".join(citation.quote for citation in answer.citations)
    assert "two witnesses" in quoted
    assert "The board signs" not in quoted


def test_rows_of_a_table_are_quoted_that_the_question_tells_from_others(
    make_collection: MakeCollection,
) -> None:
    """All of them if it tells none."""
    rows = ("Harbour,Ferry,Deck", "Harbour,Tug,Engine", "Town,Tram,Bell", "Town,Bus,Door")
    table = "\n".join(["Office,Vehicle,Broken", *rows])
    assistant = open_to_chat(Settings(make_collection({"vehicles.csv": table}).home))
    some = ask(assistant, "Which vehicles are of the harbour office?")
    assert [citation.quote for citation in some.citations] == [
        "Office: Harbour; Vehicle: Ferry; Broken: Deck.",
        "Office: Harbour; Vehicle: Tug; Broken: Engine.",
    ]
    every = ask(assistant, "List all vehicles of the offices.")
    assert all(word in str(every.citations) for word in ("Ferry", "Tug", "Tram", "Bus"))


CHARTER = """# Charter

## Words

These are the words of the charter:

- A helper of a working group of the Lantern project is whoever takes part in it.
- A keeper of a working group of the Lantern project is whoever leads it.

## Working groups

| Group | What it does |
|---|---|
| Roof | Mends the roof |
| Shop | Makes buying lamps of Lantern easier |
| Garden | Plants and waters |
"""


def test_a_list_is_meant_whose_heading_the_question_has(make_collection: MakeCollection) -> None:
    """Whatever else these words may mean, and wherever the words stand as well; what the
    document is called tells no row from another."""
    files = {"lantern/charter.md": CHARTER, "bread.txt": "Bread is baked on Fridays."}
    assistant = open_to_chat(Settings(make_collection(files).home))
    quoted = str(ask(assistant, "name all the working groups lantern has").citations)
    assert all(name in quoted for name in ("Roof", "Shop", "Garden"))
    assert "whoever leads it" not in quoted


def test_the_parts_of_a_question_are_answered_one_by_one(make_collection: MakeCollection) -> None:
    """Each with its own source; what no document says is named."""
    texts = {
        "day.txt": "The day pass costs nine euros. It is sold on the tram.",
        "week.txt": "The week pass costs thirty euros. It has a photo.",
        "dogs.txt": "Dogs ride free of charge in the evening.",
    }
    assistant = open_to_chat(Settings(make_collection(texts).home))
    answer = ask(assistant, "What is the difference between the day pass and the week pass?")
    assert {citation.source.name for citation in answer.citations} == {"day.txt", "week.txt"}
    half = ask(assistant, "What does the day pass cost? Who composed the Moonlight Sonata?")
    assert (half.outcome, "nine euros" in half.citations[0].quote) == ("partly", True)
    assert "Moonlight Sonata" in half.opening


def test_a_document_is_summed_up_by_its_own_sentences(make_collection: MakeCollection) -> None:
    """Its lead and what begins its sections, marked as quotations of it."""
    collection = make_collection({"cards.md": STEPS, "b.txt": "Bread is baked on Fridays."})
    assistant = open_to_chat(Settings(collection.home))
    answer = ask(assistant, "What is the document about library cards about?")
    assert answer.opening == "From “Library cards”, in its own words:"
    quoted = [citation.quote for citation in answer.citations]
    assert quoted[0] == "The library lends books, films and tools."
    assert "We open at nine." not in quoted or len(quoted) > 2
    assert {claim.verdict for claim in answer.claims} == {"verbatim"}


def test_a_follow_up_is_answered_by_what_fits_the_conversation(
    make_collection: MakeCollection,
) -> None:
    """Though it does not name what it is about; and not by what was said already."""
    texts = {
        "ferry.txt": "The ferry to Alta leaves at six. Bicycles travel free of charge on it.",
        "train.txt": "The night train leaves at ten. Bicycles cost seven euros on the train.",
    }
    assistant = open_to_chat(Settings(make_collection(texts).home))
    said = [
        Turn("user", "When does the ferry to Alta leave?"),
        Turn("assistant", "The ferry to Alta leaves at six."),
    ]
    answer = assistant.ask("And bicycles?", said, principal=LOCAL_USER)
    assert answer.citations[0].source.name == "ferry.txt"
    assert "Bicycles" in answer.citations[0].quote


def test_a_sentence_comes_with_the_one_that_goes_on_with_it(
    make_collection: MakeCollection,
) -> None:
    """If that has the word of the question which this one lacks."""
    text = "The new harbour bridge was opened by the mayor. It cost 40 million euros. It is red."
    assistant = open_to_chat(Settings(make_collection({"a.txt": text}).home))
    answer = ask(assistant, "How much did the new harbour bridge cost?")
    assert any("cost 40 million" in citation.quote for citation in answer.citations)
    assert not any("red" in citation.quote for citation in answer.citations)


def test_the_latest_and_a_year_choose_among_documents_by_their_dates(
    make_collection: MakeCollection,
) -> None:
    texts = {
        f"{year}.md": f"---\ndate: {year}-02-01\n---\nThe berth fee is {fee} euros per night.\n"
        for year, fee in ((2021, 30), (2022, 34), (2024, 41))
    }
    assistant = open_to_chat(Settings(make_collection(texts).home))
    assert "41" in ask(assistant, "What is the latest berth fee?").citations[0].quote
    then = ask(assistant, "What was the berth fee in 2022?")
    assert ("34" in then.citations[0].quote, then.opening) == (True, "")


def test_the_words_that_answer_are_told(make_collection: MakeCollection) -> None:
    """Inside the quotation, where the kind of answer leaves no doubt."""
    text = "Members may borrow a book for 16 weeks. Films are lent to adults."
    assistant = open_to_chat(Settings(make_collection({"a.txt": text}).home))
    citation = ask(assistant, "How long may members borrow a book?").citations[0]
    assert citation.answer is not None
    assert text[citation.answer.start : citation.answer.end] == "16 weeks"
    assert ask(assistant, "Who may borrow films?").citations[0].answer is None


def test_what_is_asked_of_somebody_else_is_refused(make_collection: MakeCollection) -> None:
    """Though the words are near: other documents know who is meant."""
    texts = {
        "leave.txt": "Employees get 20 days of vacation a year. Unused days are paid out.",
        "desk.txt": "Interns sit on the second floor. The printer is there, too.",
        "bread.txt": "A baker sold bread in the square. The river was high in spring.",
    }
    home = make_collection(texts).home
    assistant = open_to_chat(Settings(home))
    answer = ask(assistant, "How many days of vacation do interns get?")
    assert answer.refusal is not None
    assert "say nothing of “interns”" in answer.refusal.reason
    assert ask(assistant, "How many days of vacation do employees get?").outcome == "answered"
    lenient = open_to_chat(Settings(home, answer_from=0.05))
    assert ask(lenient, "How many days of vacation do interns get?").answered


def test_what_somebody_should_bring_is_the_list_of_it(make_collection: MakeCollection) -> None:
    """With what stands around it below its heading, and nothing of what follows."""
    text = (
        "# Welcome, Tom\n\nYour first day is Monday.\n\nPlease bring:\n\n"
        "- your passport\n- a photo\n\n## Working hours\n\nYou may begin at seven.\n"
    )
    assistant = open_to_chat(Settings(make_collection({"first.md": text}).home))
    for question in ("What should Tom bring on his first day?", "What do I need to bring?"):
        quote = ask(assistant, question).citations[0].quote
        assert "passport" in quote
        assert "a photo" in quote
        assert "seven" not in quote


def test_what_is_asked_of_something_that_no_document_has_heard_of_is_refused(
    make_collection: MakeCollection,
) -> None:
    """Unless what they say has another word for it, or the word may be misspelt."""
    text = "A car costs 38 euros. Ask the lawyer of the ferry line. The office opens at nine."
    assistant = open_to_chat(Settings(make_collection({"ferry.txt": text}).home))
    refusal = ask(assistant, "What does a bicycle cost?").refusal
    assert refusal is not None
    assert "say nothing of “bicycle”" in refusal.reason
    assert ask(assistant, "What does a car cost?").answered
    assert ask(assistant, "Whom should I ask, the attorney?").answered


def test_the_same_text_in_several_documents_is_quoted_once_with_its_places(
    make_collection: MakeCollection,
) -> None:
    """Of the places only those that the person may see."""
    text = "Harbour notes\n\nThe ferry to Holmsund leaves at nine on weekdays.\n"
    names = ("a.txt", "copy/b.txt", "old/c.txt")
    shared = 'readers = ["user:i|bo"]\n'
    made = make_collection({})
    made.write({"rights.toml": shared, "old/rights.toml": 'readers = ["user:i|ann"]\n'})
    made.write(dict.fromkeys(names, text) | {"d.txt": "The quay is of oak."})
    made.sync()
    bo = Principal("user:i|bo")
    question = "When does the ferry to Holmsund leave on weekdays?"
    for principal, places in ((LOCAL_USER, set(names)), (bo, {"a.txt", "copy/b.txt"})):
        answer = Assistant(made.open_index()).ask(question, principal=principal)
        (claim,) = answer.claims
        (citation,) = answer.citations
        assert claim.text.startswith("The ferry to Holmsund leaves at nine on weekdays.")
        assert {citation.source.name, *(place.source.name for place in citation.also)} == places
        for place in citation.also:
            document = made.document(place.source.name)
            assert document.text[place.span.start : place.span.end] == citation.quote
        said = to_dict(answer)["citations"][0]
        assert [place["document"]["source"] for place in said["also"]] == [
            place.source.name for place in citation.also
        ]
        assert "The same in" in to_terminal(answer, 80)


def test_what_there_is_is_told_by_how_each_document_begins(
    make_collection: MakeCollection,
) -> None:
    """Where a question for a summary names none of several."""
    texts = {
        "a.txt": "House rules of the club.\n\nDogs stay on the lead.",
        "b.txt": "Minutes of May.",
    }
    assistant = open_to_chat(Settings(make_collection(texts).home))
    for question in ("What is this about?", "What documents do you have?"):
        answer = ask(assistant, question)
        assert answer.opening.startswith("There are 2 documents.")
        assert {c.quote for c in answer.citations} == {
            "House rules of the club.",
            "Minutes of May.",
        }


HANDBOOK = {
    "holds.md": """---
author: Ines Farr
---

# Holds

Author: Ines Farr

Version: 2.1

## Undo a hold

To undo a hold, ring the desk and give the number of the book.

## See also

- hold a book
- undo a renewal
- books on hold
""",
    "leave.md": """# Leave

| Who | Leave | Pay |
|---|---|---|
| Birth parent | 52 weeks | 20 weeks |
| Partner | 6 weeks | 4 weeks |
""",
    "pay.md": """# Pay

## Health plan

The company pays your premium. You pay for your family.

## Desk at home

We lend you a chair. We give nothing towards your broadband or electricity.
""",
    "gardens/dogs-and-cats.txt": "Members asked whether dogs could come in. "
    "The warden answered that they stay at the gate.",
    "tarn.md": """# Tools

Tarn keeps our invoices and wages.

## Mondays

Tarn is slow on Mondays, for the whole office opens Tarn.
""",
}


@pytest.fixture(scope="module")
def handbook(make_collection_once: MakeCollection) -> Assistant:
    return open_to_chat(Settings(make_collection_once(HANDBOOK).home))


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("How do I undo a hold?", "To undo a hold, ring the desk and give the number of the book."),
        ("Are dogs allowed to come in?", "The warden answered that they stay at the gate."),
        (
            "Does the company pay for my home broadband?",
            "We give nothing towards your broadband or electricity.",
        ),
        ("Who is the author of the page on holds?", "Author: Ines Farr"),
        ("What is Tarn?", "Tarn keeps our invoices and wages."),
    ],
)
def test_what_answers_is_quoted_before_what_only_has_the_words(
    question: str, answer: str, handbook: Assistant
) -> None:
    """No list of links, no question that somebody asked, nothing of another thing; a label
    where it is asked for."""
    assert ask(handbook, question).citations[0].quote == answer


def test_things_in_one_table_are_compared_by_their_rows(handbook: Assistant) -> None:
    """What tells one from the other chooses the row; both were looked for together."""
    answer = ask(handbook, "What is the difference in leave between a birth parent and a partner?")
    assert [citation.quote for citation in answer.citations] == [
        "Who: Birth parent; Leave: 52 weeks; Pay: 20 weeks.",
        "Who: Partner; Leave: 6 weeks; Pay: 4 weeks.",
    ]


def test_a_document_is_summed_up_that_is_named_by_its_file(handbook: Assistant) -> None:
    """Each word of the name counts."""
    answer = ask(handbook, "What is the page on dogs and cats about?")
    assert {citation.source.name for citation in answer.citations} == {"gardens/dogs-and-cats.txt"}


def test_an_answer_is_as_probable_as_what_is_quoted_makes_it() -> None:
    """Not as what was found first."""
    first = replace(hit("A gate is here.", ("A gate is here.", 0.1), id="a"), signs=likely(0.1))
    other = hit("It opens at nine.", ("It opens at nine.", 0.9), id="b", score=0.4)
    draft = draft_of(WHO, found(first, replace(other, signs=likely(0.8)), answerability=0.1))
    assert [claim.text for claim in draft.claims] == ["It opens at nine."]
    assert draft.probability == pytest.approx(0.8)


def test_a_sentence_that_is_drowned_among_others_is_read_by_itself(
    make_collection: MakeCollection,
) -> None:
    text = (
        "The mill wheel weighs nine tonnes. A ferry ticket is four euros. The organ has two rows "
        "of keys. Rainfall fell by 30 % in 2021."
    )
    assistant = open_to_chat(Settings(make_collection({"notes.txt": text}).home))
    (claim,) = ask(assistant, "By how much did rainfall fall in 2021?").claims
    assert claim.text.startswith("Rainfall fell by 30 %")


@pytest.mark.parametrize(
    ("question", "answer"),
    [("图书馆在南京有几个分馆？", "图书馆在南京有四个分馆。"), ("图书馆在上海有几个分馆？", None)],
)
def test_words_of_a_script_without_spaces_restrict_a_question(
    question: str, answer: str | None, make_collection: MakeCollection
) -> None:
    """The default model takes all sentences of it for alike."""
    texts = {"a.txt": "图书馆在南京有四个分馆。读者可以借十本书。", "b.txt": "总馆位于上海。"}
    assistant = open_to_chat(Settings(make_collection(texts).home))
    claims = ask(assistant, question).claims
    assert [claim.text.partition(" [")[0] for claim in claims] == ([answer] if answer else [])


MAIL = """From: Mara Lunde <mara@fjord.example>
To: Otto Berg <otto@fjord.example>
Date: Tue, 4 Mar 2025 08:00:00 +0100
Subject: Mill roof

Hi Otto,

The roof has a hole above the stairs. It is nine metres wide.

Mara
"""


@pytest.mark.parametrize(
    ("question", "begins"),
    [
        ("How wide is the mill roof?", "The roof has a hole"),
        ("What is the mill roof about?", "The roof has a hole"),
        ("When was the mail about the mill roof sent?", "From: "),
        ("Who wrote the mail about the mill roof?", "From: "),
    ],
)
def test_the_head_of_a_mail_answers_only_what_asks_for_it(
    question: str, begins: str, make_collection: MakeCollection
) -> None:
    assistant = open_to_chat(Settings(make_collection({"roof.eml": MAIL}).home))
    (claim, *_) = ask(assistant, question).claims
    assert claim.text.startswith(begins)


def test_the_field_of_a_form_that_says_what_is_asked_about_is_no_answer(
    make_collection: MakeCollection,
) -> None:
    """The other fields are those of the same thing."""
    form = (
        "# Application for a mooring\n\nName of the boat: Lunde IV\n\nHome port: Haugesund\n\n"
        "Insured with: Fjord Mutual\n"
    )
    assistant = open_to_chat(Settings(make_collection({"form.md": form}).home))
    (citation,) = ask(assistant, "With whom is the boat Lunde IV insured?").citations
    assert citation.quote == "Insured with: Fjord Mutual"


NOTED = """# Greenhouse

Tomatoes are watered twice a day.[^1]

[^1]: In July three times, before seven.
"""


def test_a_footnote_is_quoted_with_its_sentence_that_has_what_that_lacks(
    make_collection: MakeCollection,
) -> None:
    """It is then not said that July is not mentioned."""
    assistant = open_to_chat(Settings(make_collection({"greenhouse.md": NOTED}).home))
    answer = ask(assistant, "How often are tomatoes watered in July?")
    assert [citation.quote for citation in answer.citations] == [
        "Tomatoes are watered twice a day.",
        "In July three times, before seven.",
    ]
    assert not answer.opening
    assert len(ask(assistant, "How often are tomatoes watered?").citations) == 1


FORMS = {
    "fees.txt": "Fees of the yard\n\nBoat       Owner        Fee\nTerna      Silje Foss   340\n"
    "Skarv      Ola Dahl     198\nLunde      Anna Berg    240\n",
    "report.csv": "Responsible,Ingrid Moe\n\nStation,Nitrate,pH\nLake Tunn,4.2,7.1\nElv,6.8,6.9\n",
    "exits.html": "<p>The lift is out of order</p><p>The stairs are open</p>",
    "minutes.txt": "Minutes of the parish council\n\nThe clerk said that two swings are broken.\n"
    "RESOLVED: That new swings be bought before June.\n"
    "ACTION: Per Strand to obtain three quotes.\n",
}
"""A table in plain text, a form, lines without full stops, and minutes."""


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("What is the fee of the boat Skarv?", "Skarv      Ola Dahl     198"),
        ("Who owns the boat Terna?", "Terna      Silje Foss   340"),
        ("Who is responsible?", "Responsible: Ingrid Moe"),
        ("What is out of order?", "The lift is out of order"),
        ("What was decided about the swings?", "RESOLVED: That new swings be bought before June."),
        ("What is Per Strand to do?", "ACTION: Per Strand to obtain three quotes."),
    ],
)
def test_what_stands_in_a_form_is_quoted_with_it(
    question: str, answer: str, make_collection_once: MakeCollection
) -> None:
    assistant = open_to_chat(Settings(make_collection_once(FORMS).home))
    assert ask(assistant, question).citations[0].quote == answer


def test_a_row_of_plain_text_is_shown_below_the_names_of_its_columns(
    make_collection_once: MakeCollection,
) -> None:
    assistant = open_to_chat(Settings(make_collection_once(FORMS).home))
    (citation,) = ask(assistant, "What is the fee of the boat Skarv?").citations
    assert [(cell.column, cell.text) for cell in citation.rows[0]] == [
        ("Boat", "Skarv"),
        ("Owner", "Ola Dahl"),
        ("Fee", "198"),
    ]
