"""What somebody may not read might as well not be there: the answers are the same."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from assistant.browsing.listing import Wanted, gather
from assistant.browsing.suggesting import suggest
from assistant.chat import Assistant
from assistant.rendering.answers import to_dict
from assistant.rendering.statements import nothing_found, speaker_to_dict, statement_to_dict
from index.documents import LOCAL_USER, Principal
from index.models.exported import OnnxEmbedder
from index.search.correcting import merge, split
from tests.conftest import Collection, MakeCollection, new_home, open_stores

ADA = Principal("user:i|ada", "acme", frozenset({"group:i|staff"}))

OPEN = {
    "a/pool.txt": "The swimming-pool in Dover opened in May. Ann Lee said that the water is warm. "
    "“We will build a second pool,” Lee said. The council paid for the tiles.",
    "a/rail.txt": "Bo Kim said the railway to Arden will be repaired before winter. "
    "Ann Lee told the council that trains are late. The mayor of Arden inspected the bridge.",
    "c/bread.txt": "Cy Moor baked bread for the council of Dover. Moor said that flour is dear. "
    "He promised to bake 300 loaves in June.",
    "c/party.txt": "The gardeners of Holt danced until dawn. The choir sang, said Bo Kim.",
}
HIDDEN = {
    "b/merger.txt": "Zelda Quixote said that the Kryptonite merger with Vandelay was agreed in "
    "secret. Ann Lee said the takeover of Vandelay costs 77,431 crowns. Council pool bread.",
    "b/layoffs.txt": "Ann Lee told Zelda Quixote that the pool closes. “The swimming-pool is "
    "bankrupt,” Lee said. Bo Kim said the railway to Xanadu is a fraud. Ulrike Moor said flour is "
    "poisoned. The council of Dover sold the pool to Vandelay.",
    "b/more.txt": "The council, the pool, the bread, the railway. Council council council pool "
    "pool bread. The council of Dover met about the swimming-pool and the bread and the railway. "
    "It tilts, it tilts, it tilts.",
}
RIGHTS = """
readers = ["group:i|staff"]
[documents."b/*"]
readers = ["group:i|board"]
"""

QUESTIONS = [
    "What did Zelda Quixote say about the merger?",
    "What did Quixote say?",
    "Who spoke of Vandelay?",
    "What is Kryptonite?",
    "What about the Kryptonit merger?",
    "Was the takeover of Vandeley agreed?",
    "When did the Vandelay pool open?",
    "How much is 77,431?",
    "What did Ann Lee say about the takeover?",
    "What did Ann Lee say about the pool?",
    "Did Ann Lee say that the swimming-pool is bankrupt?",
    "What did Moor say about flour?",
    "Did Ulrike Moor say that flour is poisoned?",
    "What did Bo Kim say about the railway?",
    "Where does the railway of Xanadu go?",
    "Who said that the railway is a fraud?",
    "When did the swimming-pool in Dover open?",
    "What did the council of Dover pay for?",
    "Who baked bread?",
    "How many loaves?",
    "council",
    "pool bread railway",
    "What did Zelda add?",
    "quixote",
    "Quixtoe",
    "bankrupt",
    "bankrpt pool",
    "poisened flour",
    "Who is secretive?",
    "What happened in secret?",
    "What is the capital of France?",
    "What did Putin say about students?",
    "What did the gardeners of Holt do?",
    "Did Bo Kim say that the choir sang?",
    "layoffs",
    "merger",
    "What did Lee tell Quixote?",
    "Is that all?",
    "Who paid for the tilds?",
]


@dataclass
class Worlds:
    """The same folder with the hidden documents and without them."""

    whole: Collection
    without: Collection

    def each(self, *, with_vectors: bool) -> Iterator[Assistant]:
        for world in (self.whole, self.without):
            yield Assistant(world.open_index(with_vectors=with_vectors))


@pytest.fixture(scope="module")
def worlds(make_collection_once: MakeCollection, embedder: OnnxEmbedder) -> Worlds:
    whole = make_collection_once({})
    whole.write({**OPEN, **HIDDEN, "rights.toml": RIGHTS})
    whole.sync()
    for name in HIDDEN:
        (whole.folder / name).unlink()
    home = new_home(whole.home.parent / "without", whole.home / "models")
    without = Collection(home, whole.folder, open_stores(home, embedder))
    without.sync()
    assert len(whole.names()) == len(OPEN) + len(HIDDEN)
    assert len(without.names()) == len(OPEN)
    return Worlds(whole, without)


def without_timings(answer: dict[str, Any]) -> str:
    answer.pop("timings_ms")
    return json.dumps(answer, indent=1, ensure_ascii=False)


@pytest.mark.parametrize("with_vectors", [True, False])
@pytest.mark.parametrize("documents", [None, "*", "b/*", "[ab]/*"])
def test_an_answer_is_the_same_to_the_byte(
    documents: str | None, with_vectors: bool, worlds: Worlds
) -> None:
    """Refusals, suggestions of other spellings, counts and the version of the index."""
    for question in QUESTIONS:
        whole, without = (
            without_timings(to_dict(assistant.ask(question, principal=ADA, documents=documents)))
            for assistant in worlds.each(with_vectors=with_vectors)
        )
        assert whole == without, question
        for word in ("kryptonite", "bankrupt", "secret.", "poisoned", "77,431 crowns"):
            assert word not in whole.lower().replace(question.lower(), ""), question


def test_the_questions_would_be_answered_from_what_is_hidden(worlds: Worlds) -> None:
    """So that the test above can fail: most of an operator's answers differ."""
    differ = 0
    for question in QUESTIONS:
        whole, without = (
            assistant.ask(question, principal=LOCAL_USER)
            for assistant in worlds.each(with_vectors=False)
        )
        differ += [c.quote for c in whole.citations] != [c.quote for c in without.citations]
    assert differ > len(QUESTIONS) / 3


def test_scores_by_words_are_those_of_what_may_be_seen(worlds: Worlds) -> None:
    """But for the mean length of all passages, which shifts them a little."""
    scores = []
    for world in (worlds.whole, worlds.without):
        catalog, words = world.stores.catalog, world.stores.words
        scope = catalog.scope(ADA)
        found = words.search(words.terms("council swimming-pool bread dawn", scope), 10, scope)
        names = {p.id: p.source.name for p in catalog.passages([*found], scope)}
        scores.append({names[id]: score for id, score in found.items()})
    assert scores[0] == pytest.approx(scores[1], rel=0.1)


SPEAKERS = ["Zelda Quixote", "Quixote", "Zelda Quixot", "Ulrike", "Moor", "Ann Lee", "Nobody"]


def listings(assistant: Assistant) -> Iterator[object]:
    """Everything but answers that somebody can ask for."""
    view = assistant.view_of(ADA)
    yield [speaker_to_dict(speaker) for speaker in view.speakers()]
    yield view.sources()
    yield view.status()
    yield suggest(assistant, ADA)
    for name in SPEAKERS:
        found, near = view.find_speakers(name)
        yield [s.name for s in found], [s.name for s in near]
        for about in (None, "the merger", "the pool"):
            listing = gather(view, Wanted(name, about, None, 50))
            yield [statement_to_dict(hit) for hit in listing.hits], nothing_found(listing)
    listing = gather(view, Wanted(None, "Vandelay", None, 50))
    yield [statement_to_dict(hit) for hit in listing.hits], nothing_found(listing)


def test_lists_counts_and_suggestions_are_the_same(worlds: Worlds) -> None:
    """Who is credited and how often, names that are near, example questions, status."""
    whole, without = map(list, map(listings, worlds.each(with_vectors=True)))
    assert whole == without


def test_a_correction_names_nobody_who_is_hidden(
    make_collection: MakeCollection,
) -> None:
    """An operator's word on who is whom counts for somebody as far as they see both."""
    made = make_collection({})
    made.write({**OPEN, **HIDDEN, "rights.toml": RIGHTS})
    made.sync()
    catalog = made.stores.catalog
    before = [s.name for s in made.open_index().view_of(ADA).speakers()]
    list(merge(catalog, "Cy Moor", "Zelda Quixote"))
    list(split(catalog, "Ann Lee", "b/*", "Ann Lee, the spy"))
    assert [s.name for s in made.open_index().view_of(ADA).speakers()] == before
    assert "Zelda Quixote" in [s.name for s in made.open_index().view_of(LOCAL_USER).speakers()]
    list(merge(catalog, "Bo Kim", "Ann Lee"))
    assert "Bo Kim" not in [s.name for s in made.open_index().view_of(ADA).speakers()]


def test_the_version_tells_of_what_may_be_seen_only(make_collection: MakeCollection) -> None:
    """It changes with that, and with nothing else."""
    made = make_collection({})
    made.write({**OPEN, **HIDDEN, "rights.toml": RIGHTS})
    made.sync()
    index = made.open_index()
    first = index.view_of(ADA).status().version
    made.write({"b/merger.txt": "Something else is secret now."})
    made.sync()
    assert index.view_of(ADA).status().version == first
    made.write({"a/pool.txt": "The pool is closed."})
    made.sync()
    assert index.view_of(ADA).status().version != first


# -- by time ------------------------------------------------------------------------------

HEARD, UNHEARD = (
    [f"{first} {last}" for first in firsts for last in ("Quixote", "Brixton", "Vandermeer")]
    for firsts in (("Zelda", "Ulrike"), ("Hilda", "Gesine"))
)
"""Who speak in what is hidden, and names of the same shape that are nowhere."""

ROUNDS = 6
TOLD_APART = 0.25
"""How far from .5, which is chance, the share of pairs may be in which the one takes longer. By
chance it is off by .07 with so many questions; an operator's questions tell the two apart by .4."""


def seconds(assistant: Assistant, question: str, principal: Principal) -> float:
    began = time.perf_counter()
    assistant.ask(question, principal=principal)
    return time.perf_counter() - began


def told_apart(assistant: Assistant, principal: Principal) -> float:
    """How well the time of an answer tells whether a speaker is there, in turns."""
    times: dict[bool, list[float]] = {True: [], False: []}
    for _ in range(ROUNDS):
        for pair in zip(HEARD, UNHEARD, strict=True):
            for name in pair:
                question = f"What did {name} say about the harbour?"
                times[name in HEARD].append(seconds(assistant, question, principal))
    longer = [one > other for one in times[True] for other in times[False]]
    return sum(longer) / len(longer)


def test_time_does_not_tell_whether_a_speaker_is_hidden(
    make_collection_once: MakeCollection,
) -> None:
    """An answer takes as long where the name is in no document. So that this can fail: who may
    read what the speakers say waits longer for it."""
    said = "".join(
        f"{name} said that the harbour number {number} costs {number} crowns.\n\n"
        for number in range(40)
        for name in HEARD
    )
    made = make_collection_once({})
    made.write({**OPEN, "b/harbour.txt": said, "rights.toml": RIGHTS})
    made.sync()
    assistant = Assistant(made.open_index())
    assistant.ask("What did Ann Lee say about the pool?", principal=ADA)
    assert abs(told_apart(assistant, LOCAL_USER) - 0.5) > TOLD_APART
    assert abs(told_apart(assistant, ADA) - 0.5) < TOLD_APART
