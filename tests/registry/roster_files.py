"""Rosters as facilities send them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import date

from openpyxl import Workbook

from registry.rules.synthetic import synthetic_resident_id

HEADER = ("姓名", "证件类型", "证件号码", "岗位", "入职日期", "离职日期", "手机号码")


def number(serial: int) -> str:
    return synthetic_resident_id("530199", date(1990, 5, 1), serial)


def row(name: str, serial: int, **fields: str) -> list[str]:
    values = {
        "kind": "居民身份证",
        "number": number(serial),
        "occupation": "保育员",
        "start": "2025-09-01",
        "end": "",
        "phone": "",
        **fields,
    }
    return [name, *values.values()]


def xlsx(*rows: Sequence[str], header: Sequence[str] = HEADER, merge: str = "") -> bytes:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(list(header))
    for line in rows:
        sheet.append(list(line))
    if merge:
        sheet.merge_cells(merge)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def renamed_zip() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("holiday.txt", "no roster")
    return stream.getvalue()
