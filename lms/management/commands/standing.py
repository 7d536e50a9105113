"""manage.py standing: where a person stands under every standard, line by line, as the pages show it."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core import clock
from lms.queries import standings_of
from lms.rules.lines import Line
from lms.rules.standing import Standing
from registry.models import Person

WRONG = 2  # what was asked cannot be answered; 1 is left to what broke


class Command(BaseCommand):
    help = "Print where a person stands: each standard, its hours, and every line with its reason."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("who", help="public id of a person, or user name of her account")
        parser.add_argument("--on", metavar="DATE", help="as of a day, like 2026-11-22; today if left out")
        parser.add_argument("--json", action="store_true", help="as data")

    def handle(self, *args: Any, who: str, **options: Any) -> None:
        person, on = _person(who), _day(options["on"])
        standings = standings_of(person, on)
        if options["json"]:
            data = {
                "person": person.public_id,
                "on": on.isoformat(),
                "standings": [_data(one) for one in standings],
            }
            self.stdout.write(json.dumps(data, ensure_ascii=False, indent=2))
            return
        self.stdout.write(f"{person.name} ({person.public_id}) {on}")
        if not standings:
            self.stdout.write("No standard binds this person on this day.")
        for one in standings:
            self.stdout.write("")
            for line in _words(one):
                self.stdout.write(line)


def _person(who: str) -> Person:
    found = (
        Person.objects.filter(public_id=who).first() or Person.objects.filter(account__username=who).first()
    )
    if found is None:
        raise CommandError(f"Nobody has the public id or user name {who!r}.", returncode=WRONG)
    return found


def _day(text: str | None) -> date:
    if text is None:
        return clock.today()
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise CommandError(f"--on {text!r} is no day; write it like 2026-11-22", returncode=WRONG) from None
    if day > clock.today():
        raise CommandError(f"--on {text} has not come yet; today is {clock.today()}", returncode=WRONG)
    return day


def _data(one: Standing) -> dict[str, Any]:
    cycle, hours = one.cycle, one.hours
    return {
        "standard": one.standard_code,
        "version": one.version.number,
        "title": one.version.title,
        "citation": one.version.citation,
        "in_post": one.in_post,
        "cycle": {
            "number": cycle.number,
            "starts_on": cycle.starts_on.isoformat(),
            "until": cycle.until.isoformat() if cycle.until else None,
            "state": str(cycle.closed_as),
            "met_on": cycle.met_on.isoformat() if cycle.met_on else None,
        },
        "needed_minutes": hours.needed,
        "counted_minutes": hours.counted,
        "carried_minutes": hours.carried,
        "pending_minutes": hours.pending,
        "missing_minutes": hours.remaining,
        "missing_categories": dict(hours.missing),
        "valid_until": one.valid_until.isoformat() if one.valid_until else None,
        "duties": [
            {"kind": duty.kind, "due_on": duty.due_on.isoformat(), "overdue": duty.is_overdue}
            for duty in one.duties
        ],
        "lines": [_line(line) for line in one.lines],
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "entry": line.entry.id,
        "happened_on": line.entry.happened_on.isoformat(),
        "title": line.entry.title,
        "minutes": line.entry.minutes,
        "counted_minutes": line.counted_minutes,
        "outcome": str(line.outcome),
        "cycle": line.cycle.number if line.cycle else None,
        "reasons": [{**reason.as_json(), "words": reason.words} for reason in line.reasons],
    }


def _words(one: Standing) -> list[str]:
    cycle, hours = one.cycle, one.hours
    lines = [
        f"{one.standard_code} v{one.version.number} {one.version.title}",
        f"  {one.version.citation}",
        f"  cycle {cycle.number}: {cycle.starts_on} – {cycle.until or '…'}, {cycle.closed_as}"
        + (f" on {cycle.met_on}" if cycle.met_on else "")
        + ("" if one.in_post else ", not in post"),
        f"  minutes: needed {hours.needed}, counted {hours.counted}, carried {hours.carried}, "
        f"pending {hours.pending}, missing {hours.remaining}",
    ]
    lines += [f"  missing in {category}: {minutes}" for category, minutes in hours.missing]
    if one.valid_until:
        lines.append(f"  certified until {one.valid_until} (first invalid day)")
    lines += [f"  {duty.reason.words}" for duty in one.duties]
    for line in sorted(one.lines, key=lambda line: (line.entry.happened_on, str(line.entry.id))):
        lines.append(
            f"  {line.entry.happened_on}  {line.entry.minutes:>5}  counted {line.counted_minutes:>5}  "
            f"{line.entry.title}"
        )
        lines += [f"      {reason.words}" for reason in line.reasons]
    return lines
