"""行政区划: six digits of GB/T 2260 are the tree; no table is asked where a code lies.

XX0000 is a province, XXYY00 a prefecture, XXYYZZ a county. A county that hangs directly on its
province (Shanghai's districts) still begins with the province's two digits.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.refusals import Refused


class DivisionLevel(StrEnum):
    """The values are those of the division table."""

    PROVINCE = "province"
    PREFECTURE = "prefecture"
    COUNTY = "county"


SENTENCES: dict[str, Promise | str] = {
    "division_shape": _("A division code has six digits, such as 530102. Choose the division from the list."),
    "unknown_division": _("No division has this code. Choose the division from the list."),
}


class BadDivision(Refused):
    """A code that is no division's. `code` is a key of SENTENCES."""

    def __init__(self, code: str, division: str) -> None:
        super().__init__(code, SENTENCES[code], division=division)


@dataclass(frozen=True, slots=True)
class DivisionRow:
    """One line of `divisions.csv`; `parent_code` is None for a province."""

    code: str
    name: str
    level: DivisionLevel
    parent_code: str | None


def check(code: str) -> str:
    """The code itself, if it is shaped like one. Raises BadDivision: division_shape."""
    shaped = len(code) == 6 and code.isascii() and code.isdigit()
    if not shaped or code[:2] == "00" or (code[2:4] == "00" and code[4:] != "00"):
        raise BadDivision("division_shape", code)
    return code


def level_of(code: str) -> DivisionLevel:
    """By shape alone. Raises BadDivision."""
    check(code)
    if code.endswith("0000"):
        return DivisionLevel.PROVINCE
    return DivisionLevel.PREFECTURE if code.endswith("00") else DivisionLevel.COUNTY


def prefix_of(code: str) -> str:
    """What every code below it begins with, and no code beside it: '53', '5301', '530102'."""
    return {
        DivisionLevel.PROVINCE: code[:2],
        DivisionLevel.PREFECTURE: code[:4],
        DivisionLevel.COUNTY: code,
    }[level_of(code)]


def contains(outer: str, inner: str) -> bool:
    """True if `inner` is `outer` or lies below it. Raises BadDivision."""
    return check(inner).startswith(prefix_of(outer))


def chain_of(code: str) -> tuple[str, ...]:
    """The code and what it lies in, most specific first: 530102, 530100, 530000.

    By shape: the middle code of a Shanghai district is in no table and selects nothing.
    """
    prefixes = dict.fromkeys((prefix_of(code), code[:4], code[:2]))
    return tuple(dict.fromkeys(prefix.ljust(6, "0") for prefix in prefixes))


def read_table(text: str) -> tuple[DivisionRow, ...]:
    """The rows of a divisions table, parents before children.

    Raises ValueError, naming the line, for a code twice, a level that its shape denies, a parent that
    has not come before or does not contain it.
    """
    rows: dict[str, DivisionRow] = {}
    for number, line in enumerate(csv.DictReader(io.StringIO(text)), start=2):
        row = DivisionRow(
            line["code"], line["name"], DivisionLevel(line["level"]), line["parent_code"] or None
        )
        if row.code in rows:
            raise ValueError(f"line {number}: {row.code} comes twice")
        if not row.name or level_of(row.code) is not row.level:
            raise ValueError(f"line {number}: {row.code} is not a {row.level} with a name")
        if (row.parent_code is None) is not (row.level is DivisionLevel.PROVINCE):
            raise ValueError(f"line {number}: a province has no parent, every other division has one")
        if row.parent_code and (row.parent_code not in rows or not contains(row.parent_code, row.code)):
            raise ValueError(f"line {number}: {row.parent_code} is not a parent of {row.code}")
        rows[row.code] = row
    return tuple(rows.values())
