"""Where a roster's header is and which column means what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from registry.rules.roster_refusals import BadRoster, RosterError
from registry.rules.roster_words import COLUMN_OF, REQUIRED, TEMPLATE_COLUMNS, Field, word_key
from registry.rules.table import Line, Table

# Above the header rosters carry their title and the name of the facility.
SEARCHED_ROWS = 10


@dataclass(frozen=True, slots=True)
class Header:
    """`columns` counts from 1; `titles` are the words of the file; `ignored` the titles nobody asked for."""

    row: int
    columns: Mapping[Field, int]
    titles: Mapping[Field, str]
    ignored: tuple[str, ...] = ()

    def text_of(self, line: Line, field: Field) -> str:
        """What a line says in a column, '' where the file has no such column or cell."""
        column = self.columns.get(field, 0)
        return line.cells[column - 1].strip() if 0 < column <= len(line.cells) else ""

    def error(self, row: int, field: Field, code: str, other_row: int | None = None) -> RosterError:
        """An error in a cell, at the place where the person finds it in Excel."""
        column = self.columns.get(field)
        title = self.titles.get(field, TEMPLATE_COLUMNS[field])
        return RosterError(row, f"{letter_of(column)} {title}" if column else title, field, code, other_row)


def find_header(table: Table) -> Header:
    """The first of the upper rows with at least two titles that rosters have.

    Raises BadRoster: no_header, merged_header, repeated_columns, missing_columns.
    """
    for line in table.lines:
        if line.number > SEARCHED_ROWS:
            break
        meanings = [COLUMN_OF.get(word_key(cell)) for cell in line.cells]
        if len(set(meanings) - {None}) >= 2:
            return _read_header(table, line, meanings)
    if any(merge.first_row <= SEARCHED_ROWS and merge.last_row > merge.first_row for merge in table.merges):
        raise BadRoster("merged_header")
    raise BadRoster("no_header")


def letter_of(column: int) -> str:
    """1 is A, 27 is AA."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _read_header(table: Table, line: Line, meanings: list[Field | None]) -> Header:
    if any(merge.has_row(line.number) for merge in table.merges):
        raise BadRoster("merged_header", row=line.number)
    repeated = {field for field in meanings if field and meanings.count(field) > 1}
    if repeated:
        raise BadRoster("repeated_columns", row=line.number, columns=_in_order(repeated))
    missing = set(REQUIRED) - set(meanings)
    if missing:
        if _is_torn(table, line, missing):
            raise BadRoster("merged_header", row=line.number)
        raise BadRoster("missing_columns", row=line.number, columns=_in_order(missing))
    return Header(
        row=line.number,
        columns={field: place for place, field in enumerate(meanings, start=1) if field},
        titles={field: cell for cell, field in zip(line.cells, meanings, strict=True) if field},
        ignored=tuple(
            cell for cell, field in zip(line.cells, meanings, strict=True) if cell.strip() and not field
        ),
    )


def _is_torn(table: Table, line: Line, missing: set[Field]) -> bool:
    """A header over two rows, merged once and saved as CSV: an untitled column, its title a row below."""
    below = next((other for other in table.lines if other.number == line.number + 1), None)
    if below is None:
        return False
    return any(COLUMN_OF.get(word_key(cell)) in missing for cell in below.cells)


def _in_order(fields: set[Field]) -> list[str]:
    return [TEMPLATE_COLUMNS[field] for field in Field if field in fields]
