"""Tables that a spreadsheet opens without executing a word of them.

A name that a stranger chose may begin with `=`. In CSV such a cell is led by an apostrophe, which
spreadsheets show as text; in XLSX it is typed as text and keeps its own characters.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.cell.cell import Cell as SheetCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from oversight.rules.rates import NOTHING, Rate

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
# What Excel, LibreOffice and WPS take for the beginning of a formula, full-width forms included.
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
BOM = "\ufeff"  # without it Excel reads Chinese as Latin

Cell = str | int | Rate


@dataclass(frozen=True, slots=True)
class Sheet:
    """`facts` say what the figures are of (place, day, rule); `total` is the last row."""

    title: str
    facts: tuple[tuple[str, str], ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: tuple[Cell, ...] | None = None


def safe(text: str) -> str:
    """The text as a CSV cell that is never a formula."""
    text = ILLEGAL_CHARACTERS_RE.sub("", text)
    return f"'{text}" if text.startswith(STARTS_A_FORMULA) else text


def csv_text(sheet: Sheet) -> str:
    """One header, one line per row, the total last; lines end as RFC 4180 says."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow([safe(title) for title in sheet.columns])
    for row in (*sheet.rows, *([sheet.total] if sheet.total else [])):
        writer.writerow([_plain(cell) for cell in row])
    return stream.getvalue()


def csv_bytes(sheet: Sheet) -> bytes:
    """UTF-8 with the mark that Excel asks for."""
    return (BOM + csv_text(sheet)).encode()


def xlsx_bytes(sheet: Sheet) -> bytes:
    """A workbook ready to print: facts on top, the header on every page, rates as numbers cut to a tenth."""
    book = Workbook()
    page = book.worksheets[0]
    page.title = _sheet_name(sheet.title)
    _write(page, 1, 1, sheet.title).font = Font(bold=True, size=14)
    line = 2
    for label, words in sheet.facts:
        _write(page, line, 1, label).font = Font(color="59646F")
        _write(page, line, 2, words).alignment = Alignment(wrap_text=False)
        line += 1
    header = line + 1
    for column, title in enumerate(sheet.columns, start=1):
        top = _write(page, header, column, title)
        top.font = Font(bold=True, color="FFFFFF")
        top.fill = PatternFill("solid", fgColor="0F6B5C")
    for number, row in enumerate(sheet.rows, start=header + 1):
        for column, value in enumerate(row, start=1):
            _write(page, number, column, value)
    if sheet.total:
        last = header + len(sheet.rows) + 1
        for column, value in enumerate(sheet.total, start=1):
            summed = _write(page, last, column, value)
            summed.font = Font(bold=True)
            summed.border = Border(top=Side(style="thin"))
    for column in range(1, len(sheet.columns) + 1):
        page.column_dimensions[get_column_letter(column)].width = _width(sheet, column - 1)
    page.freeze_panes = f"A{header + 1}"
    page.print_title_rows = f"{header}:{header}"
    page.page_setup.paperSize = page.PAPERSIZE_A4
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _write(page: Worksheet, row: int, column: int, value: Cell) -> SheetCell:
    cell = page.cell(row, column)
    assert isinstance(cell, SheetCell)
    if isinstance(value, Rate) and value.tenths is not None:
        cell.value, cell.number_format = value.tenths / 1000, "0.0%"
    elif isinstance(value, int):
        cell.value = value
    else:
        text = value.words if isinstance(value, Rate) else ILLEGAL_CHARACTERS_RE.sub("", value)
        cell.value = text
        cell.data_type = "s"  # else "=…" would be a formula
        cell.quotePrefix = text.startswith(STARTS_A_FORMULA)
        cell.alignment = Alignment(
            vertical="top", wrap_text=True, horizontal="right" if isinstance(value, Rate) else None
        )
    return cell


def _plain(cell: Cell) -> str:
    if isinstance(cell, Rate):
        return cell.words
    return safe(cell) if isinstance(cell, str) else str(cell)


def _sheet_name(title: str) -> str:
    """At most 31 characters, none of those that Excel refuses."""
    return "".join(" " if char in "[]:*?/\\'" else char for char in title)[:31].strip() or NOTHING


def _width(sheet: Sheet, column: int) -> int:
    cells: Sequence[Cell] = [sheet.columns[column], *(row[column] for row in sheet.rows)]
    widest = max(sum(2 if ord(char) > 0x2E80 else 1 for char in _plain(cell)) for cell in cells)
    return min(48, max(10, widest + 2))
