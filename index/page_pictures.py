"""Pages of PDF documents as they look, for whoever may read them; kept for a while.

They are drawn apart, within limits, as files are read, and by processes of their own: whoever
indexes meanwhile does not keep people waiting.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import TypeVar

from index.errors import ReaderUnavailable, UnreadableFile
from index.reading.apart import Readers
from index.reading.blocks import Unreadable
from index.reading.finding import shown
from index.reading.loading import Content
from index.reading.pages.locating import PagePicture, PdfOutline

MOST_KEPT = 64 * 2**20
"""Bytes of pages that are kept; one has about 300,000."""

MOST_WAITING = 6
"""Pages that are waited for at once. More would keep others from being answered."""

Made = TypeVar("Made", PagePicture, PdfOutline)
Key = tuple[str, int]
"""The digest of a file and the number of a page, 0 for its outline."""


class Pictures:
    """Pages and outlines by the digests of their files; the one that was asked for longest ago is
    dropped first. What cannot be drawn is tried once."""

    def __init__(self) -> None:
        self._readers = Readers()
        self._kept: OrderedDict[Key, tuple[PagePicture | PdfOutline | str, int]] = OrderedDict()
        self._lock = threading.Lock()
        self._waiting = threading.BoundedSemaphore(MOST_WAITING)

    def page(self, digest: str, number: int, content: Callable[[], Content]) -> PagePicture:
        """The page of a file, from 1; `content` gives the file. Raises UnreadableFile,
        ReaderUnavailable and what `content` raises."""
        return self._made(
            (digest, number), PagePicture, content, lambda data: self._readers.page(data, number)
        )

    def outline(self, digest: str, content: Callable[[], Content]) -> PdfOutline:
        """The outline of a file. As `page`."""
        return self._made((digest, 0), PdfOutline, content, self._readers.outline)

    def _made(
        self,
        key: Key,
        kind: type[Made],
        content: Callable[[], Content],
        make: Callable[[bytes], Made],
    ) -> Made:
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return _known(self._kept[key][0], kind)
        if not self._waiting.acquire(blocking=False):
            raise ReaderUnavailable("Too many pages are drawn at once. Try again soon.")
        try:
            file = content()
            made: PagePicture | PdfOutline | str = make(file.data)
        except Unreadable as refusal:
            made = f"{file.name} {shown(str(refusal))}"
        finally:
            self._waiting.release()
        self._keep(key, made)
        return _known(made, kind)

    def _keep(self, key: Key, made: PagePicture | PdfOutline | str) -> None:
        with self._lock:
            self._kept[key] = made, _size(made)
            while sum(size for _, size in self._kept.values()) > MOST_KEPT:
                self._kept.popitem(last=False)


PICTURES = Pictures()
"""No process is started before there is a page to draw."""


def _known(made: PagePicture | PdfOutline | str, kind: type[Made]) -> Made:
    if isinstance(made, kind):
        return made
    raise UnreadableFile(str(made))


def _size(made: PagePicture | PdfOutline | str) -> int:
    if isinstance(made, PagePicture):
        return len(made.picture) + 12 * len(made.letters)
    return len(made) if isinstance(made, str) else 1_000 + 100 * len(made.entries)
