"""What can go wrong in the index, in the words of the person who meets it.

IndexingError
├── UnreadableFile       one file could not be read; the others go on
├── ReaderUnavailable    the process that reads files cannot be started
├── MissingSource        a folder to index is not there or holds nothing readable
├── IndexNotFound        there is no index in the home folder yet
├── IndexBusy            another process is writing; the message names it
├── HomeUnwritable       the home folder takes no writes: a full or read-only disk
├── WorkersUnavailable   the processes or the cluster that were asked for cannot begin
├── EmbedderMismatch     the index was made with another embedding model
├── EmbedderUnavailable  the embedding model cannot be loaded
├── PairModelUnavailable a cross-encoder cannot be loaded, or is another kind
├── ParserUnavailable    the grammar of a language cannot be loaded
├── CatalogUnavailable   the catalog cannot be read or written just now
├── CatalogDamaged       the catalog cannot be understood, or a newer program made it
├── StoreDamaged         what was made from the catalog has to be made again
├── StoreBehind          what was made from the catalog has yet to take in most of it
├── StoreAway            the server that keeps what was made from the catalog gives no answer
├── DocumentNotFound     no such document (or none that one may see)
├── OriginalGone         the file that a document was read from is not there, or another one
├── RightsUnclear        who may read a document is said in a way that means nobody
├── NotYours             only the owner may say, or change, who reads a document
└── SpeakerUnclear       a correction names nobody who is credited, or changes nothing
"""

import errno

FULL = "the disk is full. Make room on it, then try again"
READ_ONLY = "it may only be read. See that it is yours and can be written to, then try again"

UNWRITABLE = {
    errno.ENOSPC: FULL,
    errno.EDQUOT: FULL,
    errno.EFBIG: FULL,
    errno.EROFS: READ_ONLY,
    errno.EACCES: READ_ONLY,
    errno.EPERM: READ_ONLY,
}
"""Why something cannot be written, and what to do, by the system's error."""


class IndexingError(Exception):
    """Says what, which one, and what to do next; shown to people as it is."""


class UnreadableFile(IndexingError):
    """One file could not be read; the others go on."""


class ReaderUnavailable(IndexingError):
    """The process that reads files cannot be started."""


class WorkersUnavailable(IndexingError):
    """The workers that were asked for cannot begin."""


class MissingSource(IndexingError):
    """A folder to index is not there or holds nothing readable."""


class IndexNotFound(IndexingError):
    """There is no index in the home folder yet."""


class IndexBusy(IndexingError):
    """Another process is writing to the index."""


class HomeUnwritable(IndexingError):
    """The home folder takes no writes: its disk is full or may only be read."""


class EmbedderMismatch(IndexingError):
    """The index was made with another embedding model."""


class EmbedderUnavailable(IndexingError):
    """The embedding model cannot be loaded."""


class PairModelUnavailable(IndexingError):
    """A model that reads pairs of texts cannot be loaded, or is of another kind."""


class ParserUnavailable(IndexingError):
    """The grammar of a language cannot be loaded."""


class CatalogUnavailable(IndexingError):
    """The catalog cannot be read or written just now: a full disk, a read-only folder."""


class CatalogDamaged(IndexingError):
    """The catalog cannot be understood, or a newer program made it."""


class CatalogOutdated(CatalogDamaged):
    """An earlier program made the catalog; the holder of the writer lock brings it up to date."""


class StoreDamaged(IndexingError):
    """What was made from the catalog has to be made again. `store` is what it is called to
    those who may not know where it lies."""

    def __init__(self, store: str, folder: object, trouble: str) -> None:
        super().__init__(
            f"The {store} in {folder} {trouble}. "
            "Make it again from the catalog with: onrecord rebuild"
        )
        self.store = store


class StoreBehind(IndexingError):
    """What was made from the catalog has yet to take in so much of it that answers would be poor.
    It is being done: `done` of `total` passages are."""

    def __init__(self, store: str, done: int, total: int) -> None:
        super().__init__(
            f"The {store} is being brought in line with the catalog: {done:,} of {total:,} "
            "passages are done. Ask again when they all are."
        )
        self.store, self.done, self.total = store, done, total


class StoreAway(IndexingError):
    """The server that keeps what was made from the catalog gives no answer."""

    def __init__(self, store: str, address: str, trouble: str) -> None:
        super().__init__(
            f"The {store} on {address} gives no answer: {trouble}. It is asked again by itself."
        )
        self.store = store


class DocumentNotFound(IndexingError):
    """No such document, or none that the asker may see."""


class OriginalGone(IndexingError):
    """The file that a document was read from is not there any more, or is another one now."""


class RightsUnclear(IndexingError):
    """Who may read a document is said in a way that means nobody."""


class NotYours(IndexingError):
    """Only the owner may say, or change, who reads a document."""


class SpeakerUnclear(IndexingError):
    """A correction names nobody who is credited, or changes nothing."""
