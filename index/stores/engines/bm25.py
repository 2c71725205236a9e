"""Words to passages by BM25. The only file that imports tantivy.

A word of a question that no document has is looked up in the index's own
vocabulary, so that "rahmno" finds Rahmon.

How rare a word is, whether it is known and what it may have been meant for depend on
the passages that may be seen and on no others: it would tell what else there is.
"""

from __future__ import annotations

import json
import math
import re
import shutil
import struct
import threading
import zlib
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from index.english import ENGLISH
from index.english.spelling import SHORTEST_CORRECTED, slip_distance
from index.errors import StoreBehind, StoreDamaged
from index.lexicon import Lexicon
from index.sounds import cognate, initials
from index.stores.following import LATER, Notes
from index.stores.protocols import Catalog
from index.stores.stored import Scope, Term
from index.words import SearchedWord, is_cut_by_dictionary, texts_of, words_of

if TYPE_CHECKING:
    import tantivy

TITLE_BOOST = 0.5
"""A word in the document's title counts half of one in the passage."""

LEAST_PASSAGES = 30
"""For idf. In an index of one passage a word that is missing would weigh five times as
much as one that is there, and in a few passages every name that is always there nothing."""

BY_RIGHTS = {"rights": {"terms": {"field": "rights", "size": 65_000}}}
"""Counts by rights: as quick as one search (0.3 ms for a word in each of 100,000 passages),
however many rights let somebody read."""

LISTED = "meta.json"
"""The file in which tantivy lists the segments."""

AT_ONCE = 20_000
"""Passages that are taken in together."""

FAR_BEHIND = 20_000
"""Passages to be taken in from which on nobody is answered meanwhile: that takes 5 s and more."""

PARTS = ("fast", "fieldnorm", "idx", "pos", "store", "term")
"""Endings of a segment's files."""

MAGIC = 1337
"""With which tantivy ends each file of a segment."""

TRIES = 3
"""To find it whole, where another process writes at that moment."""

FILES_KEPT = 4_096
"""Files of segments that are not read again unless they were touched."""

ANALYZER = "words"
UNLOCKABLE = re.compile(r"Lockfile: IoError")
"""How tantivy says that it cannot make a file."""

WRITER_MEMORY = 64_000_000


class TantivyWords:
    """The words of every passage; one process writes, any may read."""

    def __init__(self, folder: Path, catalog: Catalog, lexicon: Lexicon = ENGLISH) -> None:
        self._lexicon = lexicon
        self._folder = folder
        self._catalog = catalog
        self._writer: tantivy.IndexWriter | None = None
        self._writing = threading.RLock()
        self._notes = Notes(folder.with_suffix(".json"))
        self._to_come: int | None = None
        self._stem = lru_cache(maxsize=200_000)(self._stemmed)

    def search(self, terms: Sequence[Term], count: int, scope: Scope) -> dict[int, float]:
        """BM25 scores of the best passages: {passage id: score}."""
        import tantivy

        occur = tantivy.Occur
        searcher = self._index.searcher()
        known = [term for term in terms if term.known]
        clauses = [(occur.Should, self._term_query(term, searcher, scope)) for term in known]
        if not clauses:
            return {}
        filters = [(occur.Must, query) for query in self._filters(scope)]
        query = tantivy.Query.boolean_query(
            [(occur.Must, tantivy.Query.boolean_query(clauses)), *filters]
        )
        found = searcher.search(query, limit=count, count=False).hits
        addresses = [address for _, address in found]
        ids = searcher.fast_field_values("id", addresses)
        return {
            int(id or 0): float(score or 0.0) for id, (score, _) in zip(ids, found, strict=True)
        }

    def terms(self, text: str, scope: Scope) -> list[Term]:
        """The words of a text, each once, with their weight in what may be seen, whatever
        the scope's glob.

        Function words are left out, unless there is nothing else.
        """
        words = list(self._words(text))
        telling = [word for word in words if not self._is_function_word(text, word)]
        searcher = self._index.searcher()
        found: dict[str, Term] = {}
        for word in telling or words:
            if word.text not in found:
                count = self._count(searcher, "text", word.text, scope)
                weight = _idf(count, scope.visible)
                found[word.text] = Term(word.text, word.start, word.end, weight, count > 0)
        return list(found.values())

    def neighbour(self, term: Term, scope: Scope) -> str | None:
        """The most likely word of what may be seen that this unknown one was meant to be."""
        if not term.text.isalpha() or is_cut_by_dictionary(term.text):
            return None
        if len(term.text) < SHORTEST_CORRECTED:
            return None
        for word in sorted(self._lexicon.function_words):
            if word[0] == term.text[0] and slip_distance(term.text, word) == 1:
                return word
        searcher = self._index.searcher()
        candidates = []
        for word, _ in searcher.terms_with_prefix("text", term.text[0], limit=200_000):
            distance = slip_distance(term.text, word)
            if distance is not None and (count := self._count(searcher, "text", word, scope)):
                candidates.append((distance, -count, word))
        return min(candidates)[2] if candidates else None

    def cognate(self, term: Term, scope: Scope) -> str | None:
        """The word of what may be seen, in Latin letters, that most likely is of the same origin
        as this one of another language: the one that begins so for longest, then the commonest."""
        searcher = self._index.searcher()
        candidates = [
            (shared, count, word)
            for letter in initials(term.text)
            for word, _ in searcher.terms_with_prefix("text", letter, limit=200_000)
            if (shared := cognate(term.text, word))
            and (count := self._count(searcher, "text", word, scope))
        ]
        return max(candidates)[2] if candidates else None

    def surface(self, word: str, texts: Iterable[str]) -> str | None:
        """The word as these texts print it: "rahmon" is printed Rahmon."""
        for text in texts:
            for found in self._words(text):
                if found.text == word:
                    return text[found.start : found.end]
        return None

    def stems(self, text: str) -> frozenset[str]:
        """The words of a text as the index knows them."""
        return frozenset(map(self._stem, texts_of(text, self._lexicon)))

    @property
    def seen(self) -> int:
        """The revision of the catalog up to which it holds everything."""
        noted = self._notes.read().get("revision") or self._catalog.fact("words_revision")
        return int(noted or 0)

    def publish(self) -> None:
        """Bring the store in line with the catalog. For the holder of the writer lock."""
        with self._writing:
            if not (self._folder / LISTED).exists():
                self._make()
            elif self.seen < self._catalog.followed_from:
                self.rebuild()
            revision = self._catalog.revision
            added, removed = self._catalog.changes("words", self.seen)
            if added or removed:
                self._take_in(added, removed)
                self._notes.note(revision=revision)
            self._to_come = None

    def has_to_be_waited_for(self) -> bool:
        """Has it to take in so much of the catalog that whoever asks has to wait for it? Then that
        is said to them from now on, until it is published."""
        added, _ = self._catalog.changes("words", self.seen)
        if len(added) > FAR_BEHIND:
            self._to_come = len(added)
        return self._to_come is not None

    def _take_in(self, added: Sequence[int], removed: Sequence[int]) -> None:
        """So many at once that they find room in memory."""
        parts = [added[start : start + AT_ONCE] for start in range(0, len(added), AT_ONCE)]
        for number, part in enumerate(parts or [()]):
            if len(added) > FAR_BEHIND:
                self._to_come = len(added) - number * AT_ONCE
            self._replace(self._catalog.texts(part), [*part, *(() if number else removed)])

    def rebuild(self) -> None:
        """Make the store again from the catalog."""
        with self._writing:
            self.close()
            shutil.rmtree(self._folder, ignore_errors=True)
            self.__dict__.pop("_index", None)
            self.publish()

    def check(self) -> None:
        """Raises StoreDamaged unless every file is as tantivy wrote it and there are as many
        passages as the catalog has published."""
        for left in reversed(range(TRIES)):
            trouble = self._trouble()
            if trouble is None:
                return
            if not left:
                raise self._damaged(trouble)

    def check_files(self) -> None:
        """A file that is cut short while it is open would end the process that reads it."""
        if self._to_come is not None:
            total = self._catalog.passage_count
            raise StoreBehind("word index", max(0, total - self._to_come), total)
        for left in reversed(range(TRIES)):
            changed = self._changed()
            if changed is None:
                return
            if not left:
                raise self._damaged(changed)

    @property
    def count(self) -> int:
        """How many passages it holds."""
        return int(self._index.searcher().num_docs)

    def close(self) -> None:
        """Let another process write."""
        if self._writer is not None:
            self._writer.wait_merging_threads()
            self._writer = None

    def _replace(
        self, add: Iterable[tuple[int, str, int, str, str]], remove: Iterable[int]
    ) -> None:
        """Write (id, document id, id of rights, title, text) rows and drop others, at once."""
        import tantivy

        writer = self._open_writer()
        gone = tantivy.Query.term_set_query(self._index.schema, "id", list(remove))
        writer.delete_documents_by_query(gone)
        for id, document_id, rights, title, text in add:
            spelt = {"title": self._spelt(title), "text": self._spelt(text)}
            document = tantivy.Document(document=document_id, **spelt)
            document.add_unsigned("id", id)
            document.add_unsigned("rights", rights)
            writer.add_document(document)
        writer.commit()
        self._index.reload()

    def _words(self, text: str) -> Iterator[SearchedWord]:
        """The words of a text in order, as the index knows them."""
        for word in words_of(text, self._lexicon):
            if stem := self._stem(word.text):
                yield word._replace(text=stem)

    def _spelt(self, text: str) -> str:
        """A text as tantivy is given it: words, parted by spaces."""
        return " ".join(texts_of(text, self._lexicon))

    def _stemmed(self, word: str) -> str:
        """In lower case, without accents, its English stem; empty for one that is not kept."""
        return next(iter(self._analyzer.analyze(word)), "")

    def _is_function_word(self, text: str, word: SearchedWord) -> bool:
        return text[word.start : word.end].lower() in self._lexicon.function_words

    def _term_query(self, term: Term, searcher: tantivy.Searcher, scope: Scope) -> tantivy.Query:
        """The word in the text or the title, weighed by how rare it is in what may be seen.

        tantivy weighs by the whole index, and a score is proportional to that weight. Its
        mean length of a passage stays: it moves nothing but what is as good as equal. Of 400
        questions on sentences invented to be alike, 4 were answered by another one when 24
        of 40 documents were hidden instead of absent.
        """
        import tantivy

        schema = self._index.schema
        clauses = []
        for field, weight in (("text", 1.0), ("title", TITLE_BOOST)):
            query = tantivy.Query.term_query(schema, field, term.text)
            boost = weight * self._rarity(searcher, field, term.text, scope)
            clauses.append((tantivy.Occur.Should, tantivy.Query.boost_query(query, boost)))
        return tantivy.Query.boolean_query(clauses)

    def _rarity(self, searcher: tantivy.Searcher, field: str, word: str, scope: Scope) -> float:
        """The word's idf in what may be seen, by that in the whole index."""
        if scope.rights is None:
            return 1.0
        seen = _idf(self._count(searcher, field, word, scope), scope.visible, least=0)
        return seen / _idf(searcher.doc_freq(field, word), searcher.num_docs, least=0)

    def _filters(self, scope: Scope) -> Iterator[tantivy.Query]:
        """What keeps a search inside the scope; they add nothing to a score."""
        import tantivy

        wanted = {"rights": scope.rights, "document": scope.document_ids}
        for field, values in wanted.items():
            if values is not None:
                inside = tantivy.Query.term_set_query(self._index.schema, field, sorted(values))
                yield tantivy.Query.const_score_query(inside, 0.0)

    def _count(self, searcher: tantivy.Searcher, field: str, word: str, scope: Scope) -> int:
        """In how many of the passages that may be seen the word is."""
        import tantivy

        query = tantivy.Query.term_query(self._index.schema, field, word)
        if not searcher.doc_freq(field, word):
            return 0
        found = searcher.aggregate(query, BY_RIGHTS)["rights"]["buckets"]
        return sum(
            int(bucket["doc_count"])
            for bucket in found
            if scope.rights is None or int(bucket["key"]) in scope.rights
        )

    def _open_writer(self) -> tantivy.IndexWriter:
        if self._writer is None:
            self._writer = self._index.writer(heap_size=WRITER_MEMORY, num_threads=1)
        return self._writer

    def _make(self) -> None:
        import tantivy

        self._folder.mkdir(parents=True, exist_ok=True)
        self._notes.note(revision=0)
        tantivy.Index(_schema(), path=str(self._folder))

    @cached_property
    def _index(self) -> tantivy.Index:
        """As it was made: whoever reads makes none."""

        if not (self._folder / LISTED).exists():
            raise self._damaged("is gone, or it was never made")
        try:
            index = self._opened()
        except (ValueError, OSError) as error:
            raise self._damaged(f"cannot be opened: {error}") from error
        index.register_tokenizer(ANALYZER, self._analyzer)
        return index

    def _opened(self) -> tantivy.Index:
        """tantivy locks by a file beside it what it opens, be it to read. Where none can be made,
        nothing is changed either, so links to the files serve as well."""
        import tantivy

        try:
            return tantivy.Index(_schema(), path=str(self._folder))
        except ValueError as error:
            if not UNLOCKABLE.search(str(error)):
                raise
        self._links = TemporaryDirectory(prefix="onrecord-words-")
        for file in self._folder.glob("[!.]*"):
            (Path(self._links.name) / file.name).symlink_to(file.resolve())
        return tantivy.Index(_schema(), path=self._links.name)

    def _trouble(self) -> str | None:
        """What is wrong with it; another process may have been writing meanwhile."""
        seen = self.seen
        if seen > self._catalog.revision:
            return LATER
        added, removed = map(len, self._catalog.changes("words", seen))
        published = self._catalog.passage_count
        if not (self._folder / LISTED).exists():
            return "is gone" if published > added else None
        if changed := self._changed():
            return changed
        if not published - added <= self.count <= published + removed:
            return f"holds {self.count:,} passages, not the {published:,} of the catalog"
        return None

    def _changed(self) -> str | None:
        for file in self._segment_files():
            if not _is_as_written(file):
                return f"was changed: {file.name} is not as it was written"
        return None

    def _segment_files(self) -> Iterator[Path]:
        """The files of the segments that it consists of at this moment."""
        try:
            listed = json.loads((self._folder / LISTED).read_text("utf-8"))
            for segment in listed["segments"]:
                id, deletes = segment["segment_id"].replace("-", ""), segment["deletes"]
                dropped = [f"{deletes['opstamp']}.del"] if deletes else []
                yield from (self._folder / f"{id}.{part}" for part in [*PARTS, *dropped])
        except (ValueError, KeyError, TypeError, AttributeError, OSError) as error:
            raise self._damaged(f"cannot be opened: {LISTED} is unreadable") from error

    def _damaged(self, trouble: str) -> StoreDamaged:
        return StoreDamaged("word index", self._folder, trouble)

    @cached_property
    def _analyzer(self) -> tantivy.TextAnalyzer:
        import tantivy

        builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace())
        for step in (
            tantivy.Filter.remove_long(80),
            tantivy.Filter.lowercase(),
            tantivy.Filter.ascii_fold(),
            tantivy.Filter.stemmer(self._lexicon.stemmer),
        ):
            builder = builder.filter(step)
        return builder.build()


def _is_as_written(file: Path) -> bool:
    """tantivy ends each file of a segment with the CRC-32 of what comes before."""
    try:
        state = file.stat()
        return _ends_with_its_checksum(file, state.st_size, state.st_mtime_ns)
    except OSError:
        return False


@lru_cache(maxsize=FILES_KEPT)
def _ends_with_its_checksum(file: Path, _size: int, _modified_ns: int) -> bool:
    content = memoryview(file.read_bytes())
    try:
        length, magic = struct.unpack("<II", content[-8:])
        footer = json.loads(bytes(content[-8 - length : -8]))
        return bool(magic == MAGIC and footer["crc"] == zlib.crc32(content[: -8 - length]))
    except (struct.error, ValueError, KeyError, TypeError):
        return False


def _idf(count: int, passages: int, least: int = LEAST_PASSAGES) -> float:
    """BM25's, of a word in so many passages. Rights that were changed a moment ago are in
    the catalog before they are here, so the count may be the larger one."""
    return math.log(1 + (max(passages, least, count) - count + 0.5) / (count + 0.5))


def _schema() -> tantivy.Schema:
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("id", stored=False, indexed=True, fast=True)
    builder.add_unsigned_field("rights", stored=False, indexed=True, fast=True)
    builder.add_text_field("document", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("title", tokenizer_name=ANALYZER, index_option="freq")
    builder.add_text_field("text", tokenizer_name=ANALYZER, index_option="freq")
    return builder.build()
