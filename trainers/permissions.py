"""Who may do what here, as of a day. The door of the route is in `policy.py`; these guard the acts."""

from __future__ import annotations

from datetime import date

from audit.acts import System
from registry.models import Account, Division, Person
from registry.permissions import is_excluded
from registry.rules.divisions import DivisionLevel
from registry.rules.kinds import DutyKind


def has_duty(account: Account, kind: DutyKind, day: date) -> bool:
    """True if the account holds a duty of this kind on `day`."""
    return account.duties_on(day).filter(kind=kind).exists()


def _divisions(account: Account, day: date) -> list[Division]:
    duties = account.duties_on(day).filter(kind=DutyKind.OFFICER).select_related("division")
    return [duty.division for duty in duties if duty.division is not None]


def governs(by: Account | System, division: Division, day: date) -> bool:
    """An officer of the division or of one above it. The platform governs all."""
    if isinstance(by, System):
        return True
    return any(division.code.startswith(own.prefix) for own in _divisions(by, day))


def governs_training(by: Account | System, division: Division, day: date) -> bool:
    """An officer of a prefecture or a province over the division: who accredits training bodies."""
    if isinstance(by, System):
        return True
    return any(
        own.level != DivisionLevel.COUNTY and division.code.startswith(own.prefix)
        for own in _divisions(by, day)
    )


def may_nominate_for(by: Account, division: Division, day: date) -> bool:
    """An officer on the pool's line: over it, or of a division within it (a county recommends upwards)."""
    return any(
        division.code.startswith(own.prefix) or own.code.startswith(division.prefix)
        for own in _divisions(by, day)
    )


def excluded(person: Person | int | None, day: date) -> bool:
    """True if a ban or suspension keeps this person out on `day`. Nobody is never excluded."""
    if person is None:
        return False
    return is_excluded(person, day)
