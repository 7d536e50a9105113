"""Load what the registry takes from its data files: divisions and the rulebook."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audit.acts import System
from core import clock
from core.refusals import Refused
from registry.actions import load_divisions, load_rulebook
from registry.rules.standard import UnknownKey
from registry.rules.strict_toml import BadRulebook


class Command(BaseCommand):
    help = "Load divisions and standards; safe to run again, refuses to change what was published."

    def handle(self, *args: Any, **options: Any) -> None:
        by, at = System("load_registry"), clock.now()
        try:
            divisions = load_divisions(by=by, at=at)
            rulebook = load_rulebook(by=by, at=at)
        except UnknownKey as error:
            raise CommandError(f"This release does not know the key {error}.") from error
        except (Refused, BadRulebook, ValueError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"divisions: {divisions.created} new, {divisions.renamed} renamed, "
            f"{divisions.unchanged} as before"
        )
        self.stdout.write(
            f"standards: {len(rulebook.published)} published, {len(rulebook.ended)} ended, "
            f"{rulebook.unchanged} as before"
        )
