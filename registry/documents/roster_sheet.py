"""Rosters as workbooks: the empty template, and the refused rows with their reasons, ready to be mended.

Every cell is text. A cell that a stranger wrote is never a formula, and a number that Excel would
shorten is not one to it.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from registry.rules.roster_words import (
    REQUIRED,
    TEMPLATE_COLUMNS,
    TEMPLATE_DOCUMENTS,
    TEMPLATE_OCCUPATIONS,
    Field,
)

WIDTHS = {Field.NAME: 16, Field.DOCUMENT_KIND: 24, Field.DOCUMENT_NUMBER: 26, Field.OCCUPATION: 14}
ROWS = 500
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """One row of the file that was not taken: its words, and the reasons."""

    number: int
    cells: dict[Field, str]
    reasons: tuple[str, ...]


def template() -> bytes:
    """An empty roster with our titles, its columns formatted as text, its choices as lists."""
    book, sheet = _book([TEMPLATE_COLUMNS[field] for field in Field], rows=ROWS)
    for field, words in (
        (Field.OCCUPATION, TEMPLATE_OCCUPATIONS),
        (Field.DOCUMENT_KIND, TEMPLATE_DOCUMENTS),
    ):
        choice = DataValidation("list", formula1=f'"{",".join(words)}"', allow_blank=True)
        choice.add(f"{_letter(field)}2:{_letter(field)}{ROWS + 1}")
        sheet.add_data_validation(choice)
    for field, title, prompt in (
        (Field.DOCUMENT_NUMBER, TEMPLATE_COLUMNS[Field.DOCUMENT_NUMBER], _("As printed on the document.")),
        (Field.STARTED_ON, TEMPLATE_COLUMNS[Field.STARTED_ON], _("Like 2026-11-22.")),
        (Field.LEFT_ON, TEMPLATE_COLUMNS[Field.LEFT_ON], _("The last day in post; empty while in post.")),
    ):
        hint = DataValidation(allow_blank=True, showInputMessage=True, promptTitle=title, prompt=prompt)
        hint.add(f"{_letter(field)}2:{_letter(field)}{ROWS + 1}")
        sheet.add_data_validation(hint)
    return _bytes(book)


def refused_rows(rows: Sequence[RefusedRow]) -> bytes:
    """The refused rows under our titles, the reasons behind them: mend, upload again."""
    titles = [*(TEMPLATE_COLUMNS[field] for field in Field), _("Row in the file"), _("What to mend")]
    book, sheet = _book(titles, rows=len(rows))
    for place, row in enumerate(rows, start=2):
        words: Iterable[str] = (
            *(row.cells.get(field, "") for field in Field),
            str(row.number),
            "\n".join(row.reasons),
        )
        for column, text in enumerate(words, start=1):
            _write(sheet, place, column, text)
    sheet.column_dimensions[_column(len(titles))].width = 70
    return _bytes(book)


def _book(titles: Sequence[str], *, rows: int) -> tuple[Workbook, Worksheet]:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "花名册"
    required = {TEMPLATE_COLUMNS[field] for field in REQUIRED}
    for column, title in enumerate(titles, start=1):
        _write(sheet, 1, column, title)
        cell = sheet.cell(1, column)
        cell.font = Font(bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", fgColor="0F6B5C" if title in required else "5B6770")
        for row in range(2, rows + 2):
            sheet.cell(row, column).number_format = "@"
    for field in Field:
        sheet.column_dimensions[_letter(field)].width = WIDTHS.get(field, 18)
    sheet.freeze_panes = "A2"
    return book, sheet


def _write(sheet: Worksheet, row: int, column: int, text: str) -> None:
    cell = sheet.cell(row, column, ILLEGAL_CHARACTERS_RE.sub("", text))
    cell.data_type = "s"  # else "=…" would be a formula
    cell.number_format = "@"
    cell.quotePrefix = text[:1] in ("=", "+", "-", "@")
    cell.alignment = Alignment(vertical="top", wrap_text=True)


def _letter(field: Field) -> str:
    return _column(list(Field).index(field) + 1)


def _column(number: int) -> str:
    return chr(ord("A") + number - 1)


def _bytes(book: Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
