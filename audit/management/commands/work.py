"""manage.py work: what is owed, what failed too often, and trying again."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audit.models import Work
from core import clock


class Command(BaseCommand):
    help = "List work that was given up; --retry KEY (or --retry all) lets it be tried again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--retry", metavar="KEY", help="the key of one row, or all")

    def handle(self, *args: Any, retry: str | None, **options: Any) -> None:
        stuck = Work.objects.given_up().order_by("pk")
        if retry is None:
            for work in stuck:
                self.stdout.write(f"{work.key}  {work.attempts} attempts, last: {work.last_error}")
            self.stdout.write(f"{stuck.count()} given up, {Work.objects.due(clock.now()).count()} due")
            return
        chosen = stuck if retry == "all" else stuck.filter(key=retry)
        again = chosen.update(given_up_at=None, claimed_until=None, attempts=0, not_before=clock.now())
        if not again and retry != "all":
            raise CommandError(f"no work with the key {retry} was given up")
        self.stdout.write(f"{again} will be tried again")
