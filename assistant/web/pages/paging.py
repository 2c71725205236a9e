"""Long lists in pages: which rows stand on one, and links to those beside it."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode


def address(path: str, **values: str) -> str:
    """A path with the values that are not empty."""
    asked = urlencode({name: value for name, value in values.items() if value})
    return f"{path}?{asked}" if asked else path


@dataclass(frozen=True, slots=True)
class Pages:
    """Which page of a list this is, and where the one before it and the one after are; ""
    where there is none."""

    number: int
    count: int
    back: str
    on: str


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page of a list of so many rows."""

    number: int
    size: int
    total: int

    @property
    def count(self) -> int:
        """How many pages there are, one at least."""
        return max(1, -(-self.total // self.size))

    @property
    def rows(self) -> slice:
        """Which of the rows stand on it; past the end those of the last page."""
        start = (min(self.number, self.count) - 1) * self.size
        return slice(start, start + self.size)

    def pages(self, path: str, **values: str) -> Pages | None:
        """Links to the pages beside it; None for a single page."""
        if self.count == 1:
            return None
        number = min(self.number, self.count)

        def where(to: int) -> str:
            if not 1 <= to <= self.count:
                return ""
            return address(path, **values, page=str(to) if to > 1 else "")

        return Pages(number, self.count, where(number - 1), where(number + 1))
