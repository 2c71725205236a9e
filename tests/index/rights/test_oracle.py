"""Random rights against a second, plain statement of who may read what: no differences."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from index.documents import Document, Passage, Principal, Query, Source, Span, Statement
from index.models.embedding import PassageVectors, Vectors
from index.models.exported import OnnxEmbedder
from index.rights.deciding import NOTHING_SAID, Granted, Rights, may_read
from index.search.view import Index
from index.stores.catalog import SqlCatalog
from index.stores.engines.bm25 import TantivyWords
from index.stores.engines.chroma import ChromaVectors
from index.stores.engines.database import Where
from index.stores.packing import as_int8, pack
from index.stores.stored import FileState
from tests.conftest import passage_ids

DOCUMENTS = 40
GRAPHS = 100
PRINCIPALS = 100
LOOKED_AT_CLOSELY = 10
"""Of the principals of a graph, for how many every way to read is tried."""

TENANTS = ["", "acme", "umbra"]
USERS = [f"user:i|u{n}" for n in range(12)]
GROUPS = [f"group:i|g{n}" for n in range(260)]
NAMES = [*USERS, *GROUPS[:30], "key:robot", "tenant:acme", "tenant:umbra", "group:i|nobody-has-it"]


def should_read(principal: Principal, rights: Rights) -> bool:
    """The rules again, in other words than the program's."""
    if principal.is_operator:
        return True
    inside = rights.tenant in ("", principal.tenant)
    own = [principal.id, *principal.groups]
    if principal.tenant:
        own.append("tenant:" + principal.tenant)
    denied = any(name in rights.denied for name in own)
    named = principal.id == rights.owner or any(name in rights.readers for name in own)
    return inside and named and not denied


def any_rights(draw: random.Random) -> Rights:
    """Of one document; one in eight has none but its owner's."""
    owner, tenant = draw.choice([*USERS, "key:robot"]), draw.choice(TENANTS)
    if draw.random() < 1 / 8:
        return Rights(owner, tenant)
    names = [n for n in NAMES if not tenant or not n.startswith("tenant:") or n[7:] == tenant]
    readers = frozenset(draw.sample(names, draw.randint(0, 5)))
    denied = frozenset(draw.sample(NAMES, draw.choice([0, 0, 1, 3])))
    return Rights(owner, tenant, readers, denied)


def any_principal(draw: random.Random) -> Principal:
    """With no group, a few, one that nobody else has heard of, or 200."""
    groups = {
        "none": [],
        "few": draw.sample(GROUPS[:30], draw.randint(1, 20)),
        "unknown": ["group:elsewhere|strangers"],
        "many": draw.sample(GROUPS, 200),
    }[draw.choice(["none", "few", "few", "unknown", "many"])]
    id = draw.choice([*USERS, "user:i|stranger", "key:robot"])
    return Principal(id, draw.choice(TENANTS), frozenset(groups), draw.random() < 1 / 50)


ALIKE = np.ones(384, np.float32) / np.sqrt(np.float32(384))
"""The vector of every document, unless another one is given."""


@dataclass
class Shelf:
    """A catalog and its words, and the rights that each document should have."""

    catalog: SqlCatalog
    words: TantivyWords
    rights: dict[str, Rights]

    def put(self, name: str, rights: Rights | None, vector: Vectors = ALIKE) -> None:
        """A document whose canary is its name; None: nothing was said of its rights."""
        text = f"{name} said that {name} sings of rivers."
        passage = Passage(0, len(text), text, (Span(0, len(text)),))
        said = Statement(
            name, Span(0, len(name)), Span(len(name) + 1, len(name) + 5), (Span(0, 9),), "direct"
        )
        granted = NOTHING_SAID if rights is None else Granted(rights, "a test")
        with self.catalog.writing():
            self.catalog.put(
                Document(Source(name, name, "A title", "1"), text),
                FileState(name, f"/texts/{name}", "/texts", name, "1", 1, len(text), 1),
                [passage],
                [pack(PassageVectors(vector, vector[None, :]))],
                [(said, as_int8(vector[None, :]))],
                granted,
            )
        self.rights[name] = granted.rights

    def change(self, name: str, rights: Rights) -> None:
        with self.catalog.writing():
            self.catalog.grant(name, Granted(rights, "a test"))
            self.catalog.drop_unused_rights()
        self.rights[name] = rights

    def remove(self, name: str) -> None:
        with self.catalog.writing():
            self.catalog.remove(name)
        del self.rights[name]

    def expected(self, principal: Principal) -> set[str]:
        return {name for name, rights in self.rights.items() if should_read(principal, rights)}


@pytest.fixture
def shelf(where: Where, tmp_path: Path) -> Shelf:
    catalog = SqlCatalog.make(where)
    return Shelf(catalog, TantivyWords(tmp_path / "words", catalog), {})


def shuffled(shelf: Shelf, draw: random.Random, graphs: int) -> Iterator[None]:
    """So many states of the shelf: rights changed, documents written again, gone and new."""
    for number in range(DOCUMENTS):
        shelf.put(f"canary{number}", any_rights(draw))
    for graph in range(graphs):
        for name in draw.sample(sorted(shelf.rights), 6):
            shelf.change(name, any_rights(draw))
        again, gone = draw.sample(sorted(shelf.rights), 2)
        shelf.put(again, draw.choice([None, any_rights(draw)]))
        shelf.remove(gone)
        shelf.put(f"canary{DOCUMENTS + graph}", draw.choice([None, any_rights(draw)]))
        shelf.words.publish()
        yield


def test_ten_thousand_principals_see_exactly_what_they_should(shelf: Shelf, where: Where) -> None:
    """Whatever was changed a moment ago, and by whichever way they look. The rules are the same
    for a server, which takes four times as long: a fifth of them has to do."""
    draw = random.Random(6)
    cases = 0
    graphs = GRAPHS if isinstance(where, Path) else GRAPHS // 5
    for _ in shuffled(shelf, draw, graphs):
        for number in range(PRINCIPALS):
            principal = any_principal(draw)
            expected = shelf.expected(principal)
            scope = shelf.catalog.scope(principal)
            assert shelf.catalog.visible(shelf.rights, scope) == expected, principal
            assert (scope.document_count, scope.passage_count) == (len(expected),) * 2
            if number < LOOKED_AT_CLOSELY:
                assert set(map(frozenset, ways(shelf, principal).values())) == {frozenset(expected)}
            cases += 1
    assert cases == graphs * PRINCIPALS
    assert GRAPHS * PRINCIPALS == 10_000


def ways(shelf: Shelf, principal: Principal) -> Mapping[str, set[str]]:
    """Names of the documents that come out by each way to read."""
    catalog, words = shelf.catalog, shelf.words
    scope, ids = catalog.scope(principal), passage_ids(catalog)
    name_of = {p.id: p.source.id for p in catalog.passages(ids, catalog.scope(OPERATOR))}
    terms = words.terms("rivers", scope)
    statements = catalog.statements(range(1, 1_000), scope)
    return {
        "sources": {source.id for source in catalog.sources(principal)},
        "sources by id": set(catalog.sources_of(shelf.rights, principal)),
        "passages": {p.source.id for p in catalog.passages(ids, scope)},
        "inside": {name_of[id] for id in catalog.inside(ids, scope)},
        "vectorized": {name_of[id] for id in catalog.vectorized(ids, scope).ids},
        "vectors": {name_of[int(id)] for id in catalog.vectors(scope)[0]},
        "vectors since": {name_of[int(id)] for id in catalog.vectors_since(0, scope)[0]},
        "words": {name_of[id] for id in words.search(terms, 1_000, scope)},
        "known words": {n for n in shelf.rights if words.terms(n, scope)[0].known},
        "credits": {credit.document_id for credit in catalog.credits(scope)},
        "statements": {s.source.id for s in statements},
        "their text": {s.printed for s in statements},
        "by speaker": {d for _, d in catalog.statement_vectors(shelf.rights, scope).credited},
        "in passages": {d for _, d in catalog.statements_in(ids, scope).credited},
        "of a document": {n for n in shelf.rights if catalog.statement_ids(n, scope)},
        "rights": {source.id for source, _ in catalog.granted(scope)},
    }


OPERATOR = Principal("user:local", is_operator=True)


def test_the_one_function_agrees_with_the_rules() -> None:
    """For rights and principals of every kind."""
    draw = random.Random(9)
    for _ in range(10_000):
        principal, rights = any_principal(draw), any_rights(draw)
        assert may_read(principal, rights) is should_read(principal, rights), (principal, rights)


def test_a_glob_only_narrows(shelf: Shelf) -> None:
    draw = random.Random(4)
    for _ in shuffled(shelf, draw, 20):
        principal = any_principal(draw)
        scope = shelf.catalog.scope(principal, "*1*")
        expected = frozenset(name for name in shelf.expected(principal) if "1" in name)
        assert scope.document_ids == expected
        assert shelf.catalog.visible(shelf.rights, scope) == expected
        terms = shelf.words.terms("rivers", scope)
        worded = shelf.catalog.inside([*shelf.words.search(terms, 1_000, scope)], scope)
        assert len(worded) == len(expected) == len(shelf.catalog.vectors(scope)[0])


def test_a_search_finds_all_that_may_be_seen_and_nothing_else(
    shelf: Shelf, embedder: OnnxEmbedder
) -> None:
    """Hits, statements and speakers; the index has no more than what one search gives."""
    draw = random.Random(2)
    index = Index(shelf.catalog, shelf.words, embedder)
    asked = "What was said about rivers?"
    for _ in shuffled(shelf, draw, 10):
        for _ in range(10):
            principal = any_principal(draw)
            expected = shelf.expected(principal)
            found = index.view_of(principal).search(
                Query(asked, asked, None, "who", topic="rivers"), 100
            )
            assert {hit.source.id for hit in found.hits} == expected
            assert found.documents_searched == found.passages_searched == len(expected)
            assert {s.name for s in index.view_of(principal).speakers()} == expected
            assert {hit.source.id for hit in index.view_of(principal).statements()} == expected
            assert index.view_of(principal).status().documents == len(expected)
            for name in draw.sample(sorted(shelf.rights), 5):
                called, near = index.view_of(principal).find_speakers(name)
                assert {speaker.name for speaker in [*called, *near]} <= expected


@pytest.mark.parametrize("hidden", [50, 600])
def test_what_is_hidden_does_not_crowd_out_what_may_be_seen(
    hidden: int, shelf: Shelf, embedder: OnnxEmbedder, tmp_path: Path
) -> None:
    """Though all that is nearest to the question is hidden, and more than is asked for at
    once: what may be seen is found as if each vector were scored, but for what any search of
    neighbours may miss."""
    asked = "what flows?"
    noise = np.random.default_rng(1)
    question = embedder.embed_question(asked)
    for number in range(hidden):
        vector = question + noise.normal(0, 0.04, 384).astype(np.float32)
        shelf.put(f"hidden{number}", Rights("user:i|u1"), vector / np.linalg.norm(vector))
    for number in range(150):
        vector = noise.normal(size=384).astype(np.float32)
        shelf.put(f"seen{number}", Rights("user:i|u2"), vector / np.linalg.norm(vector))
    shelf.words.publish()
    store = ChromaVectors(tmp_path, shelf.catalog)
    store.publish()
    found = [
        Index(shelf.catalog, shelf.words, embedder, vectors)
        .view_of(Principal("user:i|u2"))
        .search(Query(asked, asked), 50)
        for vectors in (store, None)
    ]
    places = [[hit.source.id for hit in each.hits] for each in found]
    assert len(set(places[0]) & set(places[1])) >= 48
    assert len(places[0]) == 50
    assert all(place.startswith("seen") for place in places[0])
