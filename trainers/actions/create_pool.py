"""Found an expert pool for a province or a prefecture."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from audit.acts import System, act, record
from core.days import day_of
from core.refusals import Refused
from registry.models import Account, Division
from registry.rules.divisions import DivisionLevel
from trainers import permissions
from trainers.models import ExpertPool

PROVINCIAL_SEATS = 40  # policy fact Y1


@act
def create_pool(
    *,
    code: str,
    name: str,
    division: Division,
    seats: int = PROVINCIAL_SEATS,
    by: Account | System,
    at: datetime,
) -> ExpertPool:
    """One pool per province or prefecture.

    Raises Refused: not_your_pool, no_county_pool, pool_exists, seats.
    """
    if not permissions.governs(by, division, day_of(at)):
        raise Refused("not_your_pool", _("Only an officer of this division can found its expert pool."))
    if division.level == DivisionLevel.COUNTY:
        raise Refused("no_county_pool", _("Expert pools belong to a province or a prefecture."))
    if ExpertPool.objects.filter(division=division).exists() or ExpertPool.objects.filter(code=code).exists():
        raise Refused("pool_exists", _("This division has its expert pool already. Open it in the list."))
    if not 1 <= seats <= 400:
        raise Refused("seats", _("A pool has between 1 and 400 seats."))
    pool = ExpertPool.objects.create(code=code, name=name, division=division, seats=seats, created_at=at)
    record("trainers.create_pool", subject=f"pool:{code}", by=by, at=at, division=division.code, seats=seats)
    return pool
