"""manage.py verify_all: re-derive everything that can be; exit 1 on one mismatch."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from config.verification import checks, mismatches


class Command(BaseCommand):
    help = "Re-derive certificates, ledgers, the audit chain and media hashes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        found = mismatches()
        if options["json"]:
            self.stdout.write(json.dumps([asdict(one) for one in found], ensure_ascii=False))
        else:
            for one in found:
                self.stdout.write(f"{one.check}: {one.subject}: {one.why}")
            self.stdout.write(f"{', '.join(checks())}: {len(found)} mismatches")
        if found:
            sys.exit(1)
