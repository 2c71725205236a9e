"""What is quoted of a table, as a small table: its header once, a line for each row.

The words of each cell are those of its span in the document.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.answers import Cell, Citation, Claim, without_marks

MOST_COLUMNS = 8
LONGEST_CELL = 80
"""Characters; longer ones are read better in sentences."""

BETWEEN_COLUMNS = "  "


@dataclass(frozen=True, slots=True)
class Table:
    """The header, and the cells of each row below it; None where the row has none."""

    header: tuple[str, ...]
    rows: tuple[tuple[Cell | None, ...], ...]
    citation: Citation

    def is_answer(self, cell: Cell | None) -> bool:
        """Is it the words that answer by themselves?"""
        answer = self.citation.answer
        return bool(cell and answer and answer.overlaps(cell.span))


def table_of(claim: Claim) -> Table | None:
    """What a claim quotes, if that is rows of one table and nothing else."""
    citation = claim.cited[0] if len(claim.cited) == 1 else None
    if citation is None or claim.verdict != "verbatim" or without_marks(claim) != citation.quote:
        return None
    columns = tuple(dict.fromkeys(cell.column for row in citation.rows for cell in row))
    cells = [cell.text for row in citation.rows for cell in row]
    if not 2 <= len(columns) <= MOST_COLUMNS or any(len(each) > LONGEST_CELL for each in cells):
        return None
    rows = ({cell.column: cell for cell in row} for row in citation.rows)
    return Table(columns, tuple(tuple(map(row.get, columns)) for row in rows), citation)


def lines_of(table: Table, width: int, bold: tuple[str, str]) -> list[str] | None:
    """The table for a terminal, in columns; None if it is too wide."""
    texts = [[*table.header], *([cell.text if cell else "" for cell in row] for row in table.rows)]
    widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
    if sum(widths) + len(BETWEEN_COLUMNS) * (len(widths) - 1) > width:
        return None
    below = [*_printed(table, texts[1:], widths, bold)]
    return [_line(texts[0], widths), _line(["-" * each for each in widths], widths), *below]


def _printed(
    table: Table, texts: Sequence[Sequence[str]], widths: Sequence[int], bold: tuple[str, str]
) -> Iterator[str]:
    for row, printed in zip(table.rows, texts, strict=True):
        cells = [text.ljust(width) for text, width in zip(printed, widths, strict=True)]
        marked = [
            f"{bold[0]}{text}{bold[1]}" if table.is_answer(cell) else text
            for cell, text in zip(row, cells, strict=True)
        ]
        yield BETWEEN_COLUMNS.join(marked).rstrip()


def _line(texts: Sequence[str], widths: Sequence[int]) -> str:
    cells = (text.ljust(width) for text, width in zip(texts, widths, strict=True))
    return BETWEEN_COLUMNS.join(cells).rstrip()
