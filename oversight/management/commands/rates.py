"""manage.py rates: the certification rate of a division on a day, as the pages show it."""

from __future__ import annotations

import json
import unicodedata
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from core import clock
from oversight.documents.rates import as_data, rate_sheet
from oversight.documents.safe_cells import Sheet, csv_text
from oversight.queries import rate_table
from oversight.rules.rates import EARLIEST, Rate
from registry.models import Division
from registry.rules.standard import Occupation

WRONG = 2  # what was asked cannot be answered; 1 is left to what broke


class Command(BaseCommand):
    help = "Print the certification rate of a division as of a day: in total and for each part below it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--as-of", required=True, metavar="DATE", help="a day, like 2026-11-22")
        parser.add_argument("--division", required=True, metavar="CODE", help="six digits, like 530000")
        parser.add_argument(
            "--occupation", metavar="O", help=f"one of {', '.join(Occupation)}; all counted if left out"
        )
        parser.add_argument("--format", choices=["table", "json", "csv"], default="table")

    def handle(self, *args: Any, **options: Any) -> None:
        table = rate_table(
            _division(options["division"]),
            on=_day(options["as_of"]),
            occupation=_occupation(options["occupation"]),
        )
        if options["format"] == "json":
            self.stdout.write(json.dumps(as_data(table), ensure_ascii=False, indent=2))
        elif options["format"] == "csv":
            self.stdout.write(csv_text(rate_sheet(table)), ending="")
        else:
            self.stdout.write(_drawn(rate_sheet(table)))


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise CommandError(
            f"--as-of {text!r} is no day; write it like 2026-11-22", returncode=WRONG
        ) from None
    if not EARLIEST <= day <= clock.today():
        raise CommandError(
            f"--as-of {text} must lie between {EARLIEST} and today, {clock.today()}", returncode=WRONG
        )
    return day


def _division(code: str) -> Division:
    division = Division.objects.filter(code=code).first()
    if division is None:
        raise CommandError(f"--division {code!r} is unknown; six digits of GB/T 2260", returncode=WRONG)
    return division


def _occupation(name: str | None) -> Occupation | None:
    if name is None:
        return None
    if name not in tuple(Occupation):
        raise CommandError(
            f"--occupation {name!r} is unknown; known are {', '.join(Occupation)}", returncode=WRONG
        )
    return Occupation(name)


def _drawn(sheet: Sheet) -> str:
    """Columns aligned for a terminal, where a Chinese character is two wide."""
    lines = [sheet.title, *(f"{label}: {value}" for label, value in sheet.facts), ""]
    rows = [sheet.columns, *(sheet.rows), *([sheet.total] if sheet.total else [])]
    texts = [[cell.words if isinstance(cell, Rate) else str(cell) for cell in row[1:]] for row in rows]
    widths = [max(_wide(row[place]) for row in texts) for place in range(len(texts[0]))]
    for number, row in enumerate(texts):
        if sheet.total and number == len(texts) - 1:
            lines.append("-" * (sum(widths) + 2 * len(widths) - 2))
        # The first columns are words; the figures that follow stand at the right.
        cells = [
            text + " " * (width - _wide(text)) if place < 3 else " " * (width - _wide(text)) + text
            for place, (text, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append("  ".join(cells).rstrip())
    if not sheet.rows:
        lines.append(_("No facility lies here."))
    return "\n".join(lines)


def _wide(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
