"""A sheet as plain text: what a workbook reader gives and a roster reader takes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """`number` is the row as Excel counts it, from 1; `cells` are texts, '' where a cell is empty."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Merge:
    """Cells merged into one, bounds included, counted from 1."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int

    def covers(self, row: int, column: int) -> bool:
        """True if the cell is one of the merged ones."""
        return self.has_row(row) and self.first_column <= column <= self.last_column

    def has_row(self, row: int) -> bool:
        """True if the merge touches the row."""
        return self.first_row <= row <= self.last_row


@dataclass(frozen=True, slots=True)
class Table:
    """The lines that have text, in order; empty ones are left out and keep their number.

    `outside` counts filled cells beyond the last column that is read; `other_sheets` names visible
    sheets that hold something and were not read.
    """

    lines: tuple[Line, ...]
    merges: tuple[Merge, ...] = ()
    sheet: str = ""
    other_sheets: tuple[str, ...] = ()
    outside: int = 0
