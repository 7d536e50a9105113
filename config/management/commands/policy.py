"""manage.py policy: the table of route × kind of account, as the middleware enforces it."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from config.policy import TABLE
from config.routes import all_routes
from core.policy import VISITOR, Line
from registry.rules.kinds import Kind


class Command(BaseCommand):
    help = "Print which kind of account may enter which route (framework routes included)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, json: bool = False, **options: Any) -> None:
        rows = list(table())
        if json:
            self.stdout.write(_json(rows))
            return
        width = max(len(row["route"]) for row in rows)
        for row in rows:
            allowed = (
                ", ".join(kind for kind, verdict in row["own"].items() if verdict == "allow") or "nobody"
            )
            place = "  [own place only]" if row["placed"] else ""
            self.stdout.write(f"{row['route']:<{width}}  {allowed}{place}  {row['why']}".rstrip())
        closed = sum(1 for row in rows if not row["line"])
        self.stdout.write(f"\n{len(rows)} routes, {closed} without a line (closed to all)")


def table() -> list[dict[str, Any]]:
    """route × kind × placement → allow or deny."""
    rows = []
    for key in sorted({route.key for route in all_routes()}):
        line = TABLE.get(key)
        own = {str(kind): _verdict(line, kind) for kind in (VISITOR, *Kind)}
        placed = line is not None and line.placed
        other = {kind: "deny" if placed else verdict for kind, verdict in own.items()}
        rows.append(
            {
                "route": key,
                "line": line is not None,
                "placed": placed,
                "own": own,
                "other_place": other,
                "why": line.why if line else "no line: closed",
            }
        )
    return rows


def _verdict(line: Line | None, kind: str) -> str:
    kinds: frozenset[str] = frozenset() if kind == VISITOR else frozenset({kind})
    return "allow" if line is not None and line.admits(kinds) else "deny"


def _json(rows: list[dict[str, Any]]) -> str:
    return json.dumps(rows, ensure_ascii=False, indent=1)
