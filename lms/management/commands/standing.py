"""manage.py standing: where a person stands under every standard, line by line, as the pages show it."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core import clock
from lms.documents.standing import Page, as_data, as_text
from lms.queries import standings_of
from registry.models import Person

WRONG = 2  # what was asked cannot be answered; 1 is left to what broke


class Command(BaseCommand):
    help = "Print where a person stands: each standard, its hours, and every line with its reason."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("person", help="public id of a person, or user name of her account")
        parser.add_argument("--as-of", metavar="DATE", help="a day, like 2026-11-22; today if left out")
        parser.add_argument(
            "--known-on", metavar="DATE", help="what was on record that day; the day of --as-of if left out"
        )
        parser.add_argument("--format", choices=["table", "json"], default="table")

    def handle(self, *args: Any, **options: Any) -> None:
        person = _person(options["person"])
        on = _day("--as-of", options["as_of"]) or clock.today()
        known_on = _day("--known-on", options["known_on"]) or on
        page = Page(
            person,
            on,
            known_on,
            standings_of(person, on, known_on=known_on),
            person.exclusions.on(on).order_by("kind").first(),  # a ban before a suspension
        )
        if options["format"] == "json":
            self.stdout.write(json.dumps(as_data(page), ensure_ascii=False, indent=2))
        else:
            self.stdout.write(as_text(page))


def _person(who: str) -> Person:
    found = (
        Person.objects.filter(public_id=who).first() or Person.objects.filter(account__username=who).first()
    )
    if found is None:
        raise CommandError(f"Nobody has the public id or user name {who!r}.", returncode=WRONG)
    return found


def _day(option: str, text: str | None) -> date | None:
    if text is None:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise CommandError(
            f"{option} {text!r} is no day; write it like 2026-11-22", returncode=WRONG
        ) from None
    if day > clock.today():
        raise CommandError(f"{option} {text} has not come yet; today is {clock.today()}", returncode=WRONG)
    return day
