"""manage.py demo: fill the demonstration province, once; let it grow; report what is in it."""

from __future__ import annotations

import json
import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.demonstration import province, report
from config.demonstration.world import BY, MOST
from core import clock


class Command(BaseCommand):
    help = "Fill the demonstration province (once; again it does nothing), let it grow, write a report."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--seed",
            type=int,
            default=1,
            help="the same seed gives the same world with other ids and codes (default 1)",
        )
        parser.add_argument(
            "--scale",
            type=int,
            default=1,
            help="grow to so many times the facilities and people, for benchmarks; the rest stays as it is",
        )
        parser.add_argument(
            "--report", type=Path, metavar="FILE", help="write accounts, codes and people as JSON"
        )

    def handle(self, *args: Any, seed: int, scale: int, **options: Any) -> None:
        if not settings.DEMONSTRATION:
            raise CommandError("This is a production deployment; it is not filled with invented people.")
        if not 1 <= scale <= MOST:
            raise CommandError(f"--scale is 1 to {MOST}.")
        if options["report"] is not None:
            _refuse_where_nothing_can_be_written(options["report"])
        if province.is_built():
            there = f"seed {province.seed()}, scale {province.scale()}"
            self.stdout.write(f"The demonstration province is already there ({there}).")
        else:
            self.stdout.write("Filling the demonstration province (about a minute, once):")
            province.build(seed=seed, by=BY, at=clock.now(), say=self._say)
        for step in range(province.scale() + 1, scale + 1):
            self._say(f"  as many again: {step}/{scale}")
            province.grow(seed=province.seed(), step=step, by=BY, at=clock.now())
        today = clock.today()
        _write(settings.VAR / "demonstration.json", {"accounts": report.accounts(today)})
        if options["report"] is not None:
            _write(options["report"], report.whole(today))

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def _refuse_where_nothing_can_be_written(path: Path) -> None:
    """Before a minute is spent on filling."""
    if path.is_dir():
        raise CommandError(f"--report {path} is a folder; name a file.")
    if not path.parent.is_dir() or not os.access(path.parent, os.W_OK):
        raise CommandError(f"--report {path}: there is no folder {path.parent} that can be written to.")


def _write(path: Path, content: dict[str, Any]) -> None:
    """Whole or not at all."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_text(json.dumps(content, ensure_ascii=False, indent=1))
    draft.replace(path)
