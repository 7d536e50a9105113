"""What waits for an officer in a division on a day, beside the rate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q

from core.days import SHANGHAI
from credentials.models import BanSubject, EmployerTask
from registry.models.division import within_any
from registry.rules.divisions import prefix_of


@dataclass(frozen=True, slots=True)
class Desk:
    """Employer tasks that nobody acknowledged in time; ban cases with a subject that is not decided."""

    overdue_tasks: int
    open_cases: int


def desk(division: str, *, on: date) -> Desk:
    """As of the end of `on`. Two queries."""
    after = datetime.combine(on + timedelta(days=1), time(0), SHANGHAI)
    prefixes = (prefix_of(division),)
    overdue = EmployerTask.objects.filter(
        Q(acknowledged_at=None) | Q(acknowledged_at__gte=after),
        within_any("facility__division_id", prefixes),
        raised_at__lt=after,
        due_on__lt=on,
    )
    undecided = BanSubject.objects.filter(
        Q(decided_at=None) | Q(decided_at__gte=after),
        within_any("case__division_id", prefixes),
        proposed_at__lt=after,
    )
    return Desk(overdue.count(), undecided.values("case_id").distinct().count())
