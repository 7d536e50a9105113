"""A day as people and Excel write it."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.refusals import Refused

_SEPARATED = re.compile(r"(\d{4})(?:[-/.]|年)(\d{1,2})(?:[-/.]|月)(\d{1,2})[日号]?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_SERIAL = re.compile(r"\d{5}")
_MONTH_ONLY = re.compile(r"\d{4}(?:[-/.]|年)\d{1,2}月?|\d{4}年?|\d{6}")
_SHORT_YEAR = re.compile(r"\d{1,2}(?:[-/.]|年)\d{1,2}(?:[-/.]|月)\d{1,4}日?")
# What a spreadsheet adds when it writes a day as a moment.
_CLOCK = re.compile(r"[T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?$")

# Excel counts days from here. (It believes in 29 February 1900, so earlier serials are off by one;
# nobody's employment is.)
_EXCEL_EPOCH = date(1899, 12, 30)

SENTENCES: dict[str, Promise | str] = {
    "date": _("This is not a date. Write it like 2026-11-22."),
    "day_missing": _("The day is missing. Write year, month and day, like 2026-11-22."),
    "short_year": _("The year needs four digits and comes first. Write it like 2026-11-22."),
}


class BadDay(Refused):
    """A text that is no day. `code` is a key of SENTENCES."""

    def __init__(self, code: str) -> None:
        super().__init__(code, SENTENCES[code])


def read_day(text: str) -> date:
    """2026-11-22, 2026/11/22, 2026.11.22, 20261122, 2026年11月22日 or Excel's serial 46348.

    Day-first and two-digit years are refused, not guessed. Raises BadDay.
    """
    text = _CLOCK.sub("", unicodedata.normalize("NFKC", text).strip())
    text = re.sub(r"\s+", "", text).replace("\N{MINUS SIGN}", "-")
    if _SERIAL.fullmatch(text):
        return _EXCEL_EPOCH + timedelta(days=int(text))
    match = _SEPARATED.fullmatch(text) or _COMPACT.fullmatch(text)
    if match:
        try:
            return date(*(int(part) for part in match.groups()))
        except ValueError:
            raise BadDay("date") from None
    if _MONTH_ONLY.fullmatch(text):
        raise BadDay("day_missing")
    raise BadDay("short_year" if _SHORT_YEAR.fullmatch(text) else "date")
