"""Take the divisions of GB/T 2260 from the data file into the table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from audit.acts import System, act, record
from core.refusals import Refused
from registry.models import Account, Division
from registry.rules.divisions import read_table

DIVISIONS = Path(__file__).resolve().parents[1] / "data" / "divisions.csv"


@dataclass(frozen=True, slots=True)
class DivisionsLoaded:
    created: int
    renamed: int
    unchanged: int


@act
def load_divisions(*, by: Account | System, at: datetime, path: Path = DIVISIONS) -> DivisionsLoaded:
    """Idempotent. New codes come in, a new name replaces the old one; no division ever leaves.

    Raises ValueError for a broken file, and Refused: division_moved (another parent or level).
    """
    known = {division.code: division for division in Division.objects.all()}
    created: list[Division] = []
    renamed: list[Division] = []
    rows = read_table(path.read_text(encoding="utf-8"))
    for row in rows:
        division = known.get(row.code)
        if division is None:
            created.append(
                Division(code=row.code, name=row.name, level=row.level.value, parent_id=row.parent_code)
            )
            continue
        if (division.level, division.parent_id) != (row.level.value, row.parent_code):
            raise Refused(
                "division_moved",
                _("A division cannot move in the tree: its code says where it lies."),
                division=row.code,
            )
        if division.name != row.name:
            division.name = row.name
            renamed.append(division)
    Division.objects.bulk_create(created, batch_size=500)
    Division.objects.bulk_update(renamed, ["name"], batch_size=500)
    if created or renamed:
        record(
            "registry.load_divisions",
            subject="divisions",
            by=by,
            at=at,
            created=len(created),
            renamed=[division.code for division in renamed],
        )
    return DivisionsLoaded(len(created), len(renamed), len(rows) - len(created) - len(renamed))
