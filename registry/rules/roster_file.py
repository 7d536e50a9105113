"""What an uploaded roster rests as between preview and report: plain data, sealed by who stores it.

It holds identity numbers, so only as long and only of those rows as somebody still needs: all rows
until the roster is confirmed, the refused ones after it, none once it is discarded.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass

from registry.rules.roster import RosterPreview, RosterRow
from registry.rules.roster_words import Field
from registry.rules.table import Table

Cells = dict[int, dict[Field, str]]  # by row: what the file says in each known column


@dataclass(frozen=True, slots=True)
class RosterFile:
    """`rows` would go in; `cells` are the words of the file, of every row that was read."""

    rows: tuple[RosterRow, ...] = ()
    cells: Cells | None = None

    @classmethod
    def of(cls, table: Table, preview: RosterPreview) -> RosterFile:
        """Everything that was read."""
        concerned = {row.row for row in preview.rows} | {error.row for error in preview.errors}
        cells = {
            line.number: {field: preview.header.text_of(line, field) for field in preview.header.columns}
            for line in table.lines
            if line.number in concerned
        }
        return cls(preview.rows, cells)

    def only(self, rows: Collection[int]) -> RosterFile:
        """The words of these rows, and nothing that could still go in."""
        return RosterFile((), {number: row for number, row in (self.cells or {}).items() if number in rows})

    def as_text(self) -> str:
        """JSON; `from_text` gives back an equal value."""
        return json.dumps(
            {"rows": [row.as_json() for row in self.rows], "cells": self.cells or {}}, ensure_ascii=False
        )

    @classmethod
    def from_text(cls, text: str) -> RosterFile:
        """The value that `as_text` wrote."""
        data = json.loads(text)
        return cls(
            tuple(RosterRow.from_json(row) for row in data["rows"]),
            {
                int(number): {Field(field): words for field, words in row.items()}
                for number, row in data["cells"].items()
            },
        )
