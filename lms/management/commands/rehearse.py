"""manage.py rehearse: who gains and who loses by a draft of the rulebook, before it is published."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core import clock
from lms.documents.rehearsal import Asked, json_pieces, text_lines
from lms.queries import Draft, draft_of, is_too_far, rehearse
from registry.models import Division
from registry.rules.standard import UnknownKey
from registry.rules.strict_toml import BadRulebook

WRONG = 2  # what was asked cannot be answered; 1 is left to what broke


class Command(BaseCommand):
    help = "Say who gains and who loses by a draft standard file. Nothing is written."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="a standard file as in registry/data/standards/")
        parser.add_argument("--division", metavar="CODE", help="six digits, like 530100; all if left out")
        parser.add_argument(
            "--as-of",
            metavar="DATE",
            help="a day, also one to come; the first day of the change if left out, or today if that is past",
        )
        parser.add_argument("--format", choices=["table", "json"], default="table")

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["file"])
        draft = _draft(path)
        division = _division(options["division"])
        day = _day(options["as_of"]) or draft.day
        if is_too_far(day, draft.today):
            raise CommandError(f"{day} lies too far ahead; name a nearer day by --as-of", returncode=WRONG)
        asked = Asked(path.name, draft, day, division)
        found = rehearse(draft, day=day, prefixes=asked.prefixes)
        if options["format"] == "json":
            for piece in json_pieces(asked, found):
                self.stdout.write(piece, ending="")
            self.stdout.write("")
        else:
            for line in text_lines(asked, found):
                self.stdout.write(line)


def _draft(path: Path) -> Draft:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{path} cannot be read: {error}", returncode=WRONG) from None
    try:
        return draft_of(text, path.name, today=clock.today())
    except UnknownKey as error:
        raise CommandError(f"This release does not know the key {error}.", returncode=WRONG) from None
    except BadRulebook as error:
        raise CommandError(str(error), returncode=WRONG) from None


def _division(code: str | None) -> str | None:
    if code is not None and not Division.objects.filter(code=code).exists():
        raise CommandError(f"--division {code!r} is unknown; six digits of GB/T 2260", returncode=WRONG)
    return code


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise CommandError(
            f"--as-of {text!r} is no day; write it like 2026-11-22", returncode=WRONG
        ) from None
