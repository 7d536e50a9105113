"""Open an uploaded workbook or CSV file without letting it harm anything.

A workbook of 4 KB can keep a parser busy for a minute or fill the memory, so it is opened in a child
process (`workbook_child.py`) with caps on memory, CPU, clock and content; the worst file costs a
refusal. A CSV file is read here: its cost grows with its size only, and that is capped.
"""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.refusals import Refused
from registry.rules.table import Line, Merge, Table

CHILD = Path(__file__).with_name("workbook_child.py")

SENTENCES: dict[str, Promise | str] = {
    "empty": _("The file is empty. Choose the roster again."),
    "too_big": _(
        "The file is too big: 5 MB at most, and no more inside than a roster needs. Delete pictures, "
        "other sheets and formatted empty rows, or split the roster."
    ),
    "too_heavy": _("Opening the file took too long. Copy the roster into a new workbook and upload that."),
    "too_many_rows": _("The file has more than 5,000 rows. Split the roster into several files."),
    "no_rows": _("The workbook has no visible sheet with text in it. Choose the roster again."),
    "old_excel": _(
        "This is an old Excel file (.xls or .xlsb). Open it and save it as .xlsx, then upload that."
    ),
    "encrypted": _("The workbook is protected with a password. Remove the password, then upload it again."),
    "renamed": _(
        "The content of the file does not fit its name. Open it in Excel or WPS and save it as .xlsx, "
        "then upload that."
    ),
    "not_a_workbook": _("This is not a workbook. Save the roster as .xlsx or .csv, then upload that."),
    "broken": _(
        "The workbook is damaged. Open it in Excel or WPS, save it as a new .xlsx, then upload that."
    ),
    "unsafe": _(
        "The workbook contains instructions that no roster needs. Copy the roster into a new workbook."
    ),
    "encoding": _("The text of the CSV file cannot be read. Save it as “CSV UTF-8” or as .xlsx."),
}


class BadWorkbook(Refused):
    """A file that is not read. `code` is a key of SENTENCES."""

    def __init__(self, code: str) -> None:
        super().__init__(code, SENTENCES[code])


@dataclass(frozen=True, slots=True)
class Caps:
    """What one file may cost. `letters` is the text of all cells together."""

    file_bytes: int = 5_000_000
    rows: int = 5_000
    columns: int = 60
    letters: int = 5_000_000
    merges: int = 10_000
    seconds: int = 8
    memory_bytes: int = 512 * 1024 * 1024
    members: int = 2_000
    unpacked_bytes: int = 100_000_000
    ratio: int = 100
    ratio_from_bytes: int = 20_000_000


DEFAULT_CAPS = Caps()


def read_workbook(data: bytes, *, file_name: str, caps: Caps = DEFAULT_CAPS) -> Table:
    """The first visible sheet of an .xlsx, or the lines of a CSV file (UTF-8, UTF-16 with mark, GB 18030).

    `file_name` serves only to notice a renamed file. Raises BadWorkbook.
    """
    if not data:
        raise BadWorkbook("empty")
    if len(data) > caps.file_bytes:
        raise BadWorkbook("too_big")
    suffix = Path(file_name.lower().strip()).suffix
    if data.startswith(b"PK\x03\x04"):
        if suffix not in (".xlsx", ".xlsm", ""):
            raise BadWorkbook("renamed")
        return _ask_child(data, caps)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        protected = "EncryptedPackage".encode("utf-16-le") in data
        raise BadWorkbook("encrypted" if protected else "old_excel")
    return _read_csv(_text_of(data, suffix), caps)


def _ask_child(data: bytes, caps: Caps) -> Table:
    try:
        done = subprocess.run(  # noqa: S603 — our own file and figures, no shell
            [sys.executable, "-I", str(CHILD), json.dumps(asdict(caps))],
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=caps.seconds,
            env={},
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise BadWorkbook("too_heavy") from None
    try:
        answer: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        # Killed by a limit before it could answer.
        raise BadWorkbook("too_heavy") from None
    if "refused" in answer:
        raise BadWorkbook(answer["refused"])
    return Table(
        lines=tuple(Line(number, tuple(cells)) for number, cells in answer["lines"]),
        merges=tuple(Merge(*bounds) for bounds in answer["merges"]),
        sheet=answer["sheet"],
        other_sheets=tuple(answer["other_sheets"]),
        outside=answer["outside"],
    )


def _text_of(data: bytes, suffix: str) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings: tuple[str, ...] = ("utf-16",)
    elif b"\x00" in data:
        raise BadWorkbook("renamed" if suffix in (".xlsx", ".xlsm", ".csv", ".xls") else "not_a_workbook")
    else:
        encodings = ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        # Web pages and XML of 2003 are often saved under Excel's name.
        if suffix in (".xlsx", ".xlsm", ".xls") or text.lstrip()[:1] == "<":
            raise BadWorkbook("renamed")
        if suffix not in (".csv", ".txt", ".tsv", "") or text.startswith(("%PDF", "{\\rtf")):
            raise BadWorkbook("not_a_workbook")
        return text
    raise BadWorkbook("encoding" if suffix in (".csv", ".txt", ".tsv") else "not_a_workbook")


def _read_csv(text: str, caps: Caps) -> Table:
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(",\t;，", key=re.sub(r'"[^"]*"', "", first).count)
    lines: list[Line] = []
    outside = 0
    try:
        for number, row in enumerate(
            csv.reader(io.StringIO(text, newline=None), delimiter=delimiter), start=1
        ):
            cells = [cell.strip() for cell in row]
            outside += sum(1 for cell in cells[caps.columns :] if cell)
            cells = cells[: caps.columns]
            if any(cells):
                lines.append(Line(number, tuple(cells)))
            if len(lines) > caps.rows:
                raise BadWorkbook("too_many_rows")
    except csv.Error:
        raise BadWorkbook("broken") from None
    if not lines:
        raise BadWorkbook("no_rows")
    return Table(tuple(lines), outside=outside)
