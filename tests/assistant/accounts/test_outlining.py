"""An answer as it is kept, and made again of the words of today."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from assistant.accounts.conversations import Conversations
from assistant.accounts.ledger import Ledger
from assistant.accounts.outlining import Again, answered_again
from assistant.accounts.store import Store
from assistant.building import open_to_ask
from assistant.chat import Assistant
from assistant.languages.prompting import fill
from assistant.rendering.answers import to_html
from assistant.settings import Settings
from index.documents import LOCAL_USER
from index.english.kinds import KINDS
from tests.conftest import MakeCollection
from tests.scripted import answering, scripted_server, with_model

SAID = "“The bridge of Arden will open in May, and the libraries of the town with it,” Okoro said."
REPORTED = "Mayor Adele Okoro told reporters that the bridge of Arden was safe."
MINUTES = f"{REPORTED}\n\n{SAID}\n\nThe engineers walked to Dover."
QUESTION = "What did Okoro say about the bridge?"


def test_an_answer_is_made_again_of_what_stands_in_its_documents_now(
    make_collection: MakeCollection, tmp_path: Path
) -> None:
    """The same, with whoever said it; words that moved where they stand now; what was changed or
    taken away not at all, and it is said of which."""
    made = make_collection({"minutes.txt": MINUTES})
    made.sync()
    conversations = Conversations(Store(tmp_path))
    id = conversations.start(LOCAL_USER)
    answer = Assistant(made.open_index()).ask(QUESTION, principal=LOCAL_USER)
    assert {claim.lead for claim in answer.claims} >= {"Adele Okoro said:"}
    conversations.add(id, LOCAL_USER, answer)

    def again() -> Again:
        (turn,) = conversations.turns(id, LOCAL_USER)
        assert turn.outline is not None
        view = made.open_index().view_of(LOCAL_USER)
        asked = (turn.question, turn.standalone_question)
        return answered_again(*asked, turn.outline, turn.places, view)

    same = again()
    assert {each.fate for each in same.fates} == {"same"}
    assert same.answer is not None
    assert to_html(same.answer) == to_html(answer)
    assert same.answer.citations == answer.citations

    made.write({"minutes.txt": f"Minutes of the council.\n\n{MINUTES}"})
    made.sync()
    moved = again()
    assert {each.fate for each in moved.fates} == {"moved"}
    assert moved.answer is not None
    assert [claim.text for claim in moved.answer.claims] == [c.text for c in answer.claims]
    for citation in moved.answer.citations:
        document = made.document("minutes.txt")
        assert document.text[citation.span.start : citation.span.end] == citation.quote

    made.write({"minutes.txt": MINUTES.replace("in May", "in June")})
    made.sync()
    changed = again()
    fates = {each.place.number: each.fate for each in changed.fates}
    assert sorted(fates.values()) == ["changed", "same"]
    assert changed.answer is not None
    (claim,) = changed.answer.claims
    assert [fates[number] for number in claim.citations] == ["same"]
    assert "June" not in claim.text

    made.write({"other.txt": "Nothing of it."})
    (made.folder / "minutes.txt").unlink()
    made.sync()
    gone = again()
    assert gone.answer is None
    assert {each.fate for each in gone.fates} == {"gone"}


def test_why_there_was_no_answer_is_kept_in_the_words_of_the_product(
    make_collection: MakeCollection, tmp_path: Path
) -> None:
    """And so is what kind of answer was looked for, though nobody typed it."""
    made = make_collection({"minutes.txt": MINUTES})
    made.sync()
    conversations = Conversations(Store(tmp_path))
    id = conversations.start(LOCAL_USER)
    question = "What is the capital of France?"
    answer = Assistant(made.open_index()).ask(question, principal=LOCAL_USER)
    assert answer.refusal is not None
    for kind in KINDS:
        reason = fill("nothing_of_that_kind", kind=kind.name)
        refused = replace(answer, refusal=replace(answer.refusal, reason=reason))
        conversations.add(id, LOCAL_USER, refused)
        kept = conversations.turns(id, LOCAL_USER)[-1].outline
        assert kept is not None
        assert kept.reason == reason


def test_greetings_and_what_only_leans_are_no_gaps(
    make_collection: MakeCollection, tmp_path: Path
) -> None:
    """Nobody can write a document that answers them."""
    made = make_collection({"minutes.txt": MINUTES})
    made.sync()
    assistant, ledger = Assistant(made.open_index()), Ledger(Store(tmp_path))
    for question in ("hi", "Thanks!", "Is that all?", "What is the capital of France?"):
        answer = assistant.ask(question, principal=LOCAL_USER)
        assert not answer.answered
        ledger.saw(LOCAL_USER, "local", answer)
    assert [each.question for each in ledger.unanswered(9)] == ["What is the capital of France?"]


def test_a_written_answer_is_shown_again_as_it_was(
    make_collection: MakeCollection, tmp_path: Path
) -> None:
    """With its verdicts, for whoever may read all that the model was given, as long as that
    stands as it did; else there is what it cited. The file of accounts has no word of it."""
    made = make_collection({"minutes.txt": MINUTES})
    made.sync()
    store = Store(tmp_path)
    conversations = Conversations(store)
    id = conversations.start(LOCAL_USER)
    wrote = "Okoro said the bridge of Arden will open in May [1]. It will be painted blue [1]."
    with scripted_server(answering(wrote)) as server:
        settings = with_model(server.url, Settings(made.home))
        with open_to_ask(settings, "test") as assistant:
            answer = assistant.ask(QUESTION, principal=LOCAL_USER, mode="write")
    assert {claim.verdict for claim in answer.claims} >= {"supported", "unsupported"}
    conversations.add(id, LOCAL_USER, answer)

    def again() -> Again:
        (turn,) = conversations.turns(id, LOCAL_USER)
        assert turn.outline is not None
        view = made.open_index().view_of(LOCAL_USER)
        asked = (turn.question, turn.standalone_question)
        return answered_again(*asked, turn.outline, turn.places, view)

    same = again().answer
    assert same is not None
    assert same.claims == answer.claims
    assert (same.mode, same.notice) == ("write", answer.notice)
    assert to_html(same) == to_html(answer)
    store.close()
    assert b"painted" not in b"".join(file.read_bytes() for file in tmp_path.glob("accounts*"))

    conversations = Conversations(Store(tmp_path))
    made.write({"minutes.txt": MINUTES.replace("walked", "drove")})
    made.sync()
    changed = again().answer
    assert changed is not None
    assert "painted" not in to_html(changed)
    assert changed.notice.startswith("What the language model wrote")
