"""The child process that opens a stranger's workbook; `workbook.py` starts it and outlives it.

Imports nothing of ours, so that it starts fast and can lose everything it holds. Takes the file on
standard input and the caps as JSON in its first argument; answers one JSON object on standard output:
{"refused": code} or {"sheet", "lines", "merges", "other_sheets", "outside"}.
"""

from __future__ import annotations

import json
import resource
import sys
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from io import BytesIO
from typing import Any


class TooMuch(Exception):
    """A cap was reached; the argument is the refusal's code."""


def main() -> None:
    """Limit this process, read, answer."""
    caps: dict[str, int] = json.loads(sys.argv[1])
    limit(caps)
    try:
        answer = read(sys.stdin.buffer.read(), caps)
    except TooMuch as reached:
        answer = {"refused": str(reached)}
    except MemoryError:
        answer = {"refused": "too_heavy"}
    except Exception as error:  # a process boundary: whatever the parser trips over is a broken file
        answer = {"refused": "unsafe" if is_forbidden(error) else "broken"}
    sys.stdout.write(json.dumps(answer))


def is_forbidden(error: BaseException | None) -> bool:
    """True if defusedxml raised it; openpyxl wraps some errors in others."""
    while error is not None and type(error).__module__ != "defusedxml.common":
        error = error.__cause__ or error.__context__
    return error is not None


def limit(caps: dict[str, int]) -> None:
    """From here on the system kills us rather than the machine."""
    resource.setrlimit(resource.RLIMIT_CPU, (caps["seconds"], caps["seconds"] + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (caps["memory_bytes"], caps["memory_bytes"]))


def read(data: bytes, caps: dict[str, int]) -> dict[str, Any]:
    """The first visible sheet that holds text. Raises TooMuch; anything else means a broken file."""
    inspect_archive(data, caps)
    # numpy would be imported only to recognise its number types, and takes memory and threads.
    sys.modules["numpy"] = None  # type: ignore[assignment]
    import openpyxl

    if not openpyxl.DEFUSEDXML:
        raise RuntimeError("defusedxml is missing: a stranger's workbook must not be parsed without it")
    warnings.simplefilter("ignore")
    book = openpyxl.load_workbook(BytesIO(data), read_only=True, data_only=True, keep_links=False)
    found: dict[str, Any] | None = None
    others: list[str] = []
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            continue
        if found is None:
            found = read_sheet(book, sheet, caps)
        elif any(True for _, row in rows_of(book, sheet, []) if any(text_of(c["value"]) for c in row)):
            others.append(sheet.title)
    if found is None:
        raise TooMuch("no_rows")
    return {**found, "other_sheets": others}


def inspect_archive(data: bytes, caps: dict[str, int]) -> None:
    """Refuse a bomb by what the archive says of itself, before anything is unpacked.

    An archive that lies about a size stops at the size it named and fails its checksum.
    """
    with zipfile.ZipFile(BytesIO(data)) as archive:
        members = archive.infolist()
    names = {member.filename for member in members}
    if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
        raise TooMuch("not_a_workbook")
    if "xl/workbook.bin" in names:
        raise TooMuch("old_excel")
    if any(member.flag_bits & 1 for member in members):
        raise TooMuch("encrypted")
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if len(members) > caps["members"] or unpacked > caps["unpacked_bytes"]:
        raise TooMuch("too_big")
    if unpacked > caps["ratio_from_bytes"] and unpacked > caps["ratio"] * packed:
        raise TooMuch("too_big")


def read_sheet(book: Any, sheet: Any, caps: dict[str, int]) -> dict[str, Any] | None:
    """Lines with text, within the caps; None for an empty sheet."""
    merges: list[tuple[int, int, int, int]] = []
    lines: list[tuple[int, list[str]]] = []
    outside = letters = 0
    for number, row in rows_of(book, sheet, merges, caps["merges"]):
        cells: list[str] = []
        for cell in row:
            text = text_of(cell["value"])
            if not text:
                continue
            if cell["column"] > caps["columns"]:
                outside += 1
                continue
            letters += len(text)
            cells.extend([""] * (cell["column"] - len(cells)))
            cells[cell["column"] - 1] = text
        if cells:
            lines.append((number, cells))
        if len(lines) > caps["rows"]:
            raise TooMuch("too_many_rows")
        if letters > caps["letters"]:
            raise TooMuch("too_big")
    if not lines:
        return None
    return {"sheet": sheet.title, "lines": lines, "merges": merges, "outside": outside}


def rows_of(book: Any, sheet: Any, merges: list[Any], most: int = 0) -> Iterator[tuple[int, list[Any]]]:
    """Rows as they stand in the file, gaps not filled: a lone cell at XFD1048576 is one row.

    openpyxl's own `iter_rows` pads a sheet to its farthest cell and drops merged ranges, so its
    parser of one row is used and the walk is ours. Adds merged ranges to `merges`, `most` at the most.
    """
    from defusedxml.ElementTree import iterparse  # type: ignore[import-untyped]
    from openpyxl.utils import range_boundaries
    from openpyxl.worksheet._reader import DATA_TAG, MERGE_TAG, ROW_TAG, WorkSheetParser
    from openpyxl.xml.constants import SHEET_MAIN_NS

    with sheet._get_source() as source:
        parser = WorkSheetParser(
            source,
            sheet._shared_strings,
            data_only=True,
            epoch=book.epoch,
            date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
        )
        rows: Any = None
        for event, element in iterparse(source, events=("start", "end"), forbid_dtd=True):
            if event == "start":
                rows = element if element.tag == DATA_TAG else rows
            elif element.tag == ROW_TAG:
                yield parser.parse_row(element)
                parser.row_dimensions.clear()
                if rows is not None:
                    rows.clear()
            elif element.tag == f"{{{SHEET_MAIN_NS}}}mergeCell" and len(merges) < most:
                left, top, right, bottom = range_boundaries(element.get("ref"))
                merges.append((top, left, bottom, right))
            elif element.tag == MERGE_TAG:
                element.clear()


def text_of(value: Any) -> str:
    """A cell as text: 38000.0 is '38000', a day is 2026-11-22.

    A cell holds fifteen digits. A longer number has lost its end, so it is written as the amount that
    Excel made of it (5.30199199001011E+17) and never as digits that look whole.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, int | float):
        if abs(value) >= 10**15:
            return f"{value:.14E}"
        return str(int(value)) if value == int(value) else repr(value)
    return str(value).strip()


if __name__ == "__main__":
    main()
