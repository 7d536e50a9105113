"""Yearly duties: hygiene training, health check. Owed again and again beside the hours.

The first is due one interval after the duty began to bind (take-up of the
occupation, or the rule, whichever is later); each next one an interval after
the last was done. One done before the duty began to bind counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from core.days import add_years
from lms.rules.reasons import Code, Reason
from registry.rules.standard import YearlyDuty

REMINDER_DAYS = (90, 45, 15)


@dataclass(frozen=True, slots=True)
class DutyDone:
    """A duty of a kind, done on a day, with the evidence's reference."""

    kind: str
    done_on: date
    reference: str = ""


@dataclass(frozen=True, slots=True)
class DutyStanding:
    """Where a person stands with one duty. `due_on` is the first day on which it is overdue."""

    kind: str
    last_done_on: date | None
    due_on: date
    days_left: int
    reason: Reason

    @property
    def is_overdue(self) -> bool:
        return self.days_left <= 0

    @property
    def reminder(self) -> int | None:
        """The reminder stage reached: 90, 45 or 15 days before; None if further off or overdue."""
        if self.is_overdue:
            return None
        return min((days for days in REMINDER_DAYS if self.days_left <= days), default=None)


def duties_of(
    duties: Sequence[YearlyDuty], done: Iterable[DutyDone], binds_from: date, day: date
) -> tuple[DutyStanding, ...]:
    """Each duty as of a day; what was done after the day is not yet known."""
    last: dict[str, date] = {}
    for one in done:
        if one.done_on <= day and (one.kind not in last or one.done_on > last[one.kind]):
            last[one.kind] = one.done_on
    return tuple(_one(duty, last.get(duty.kind), binds_from, day) for duty in duties)


def add_months(day: date, months: int) -> date:
    """The same day so many months later; a day the month does not have becomes the first of the next.

    The same rule as `core.days.add_years`: nobody loses a day to a short month.
    """
    years, month = divmod(day.month - 1 + months, 12)
    first = add_years(day.replace(day=1), years).replace(month=month + 1)
    try:
        return first.replace(day=day.day)
    except ValueError:
        return add_months(first, 1)


def _one(duty: YearlyDuty, last: date | None, binds_from: date, day: date) -> DutyStanding:
    due_on = add_months(binds_from if last is None else last, duty.every_months)
    left = (due_on - day).days
    if left <= 0:
        reason = Reason(Code.DUTY_OVERDUE, duty=duty.kind, due_on=due_on)
    elif last is None:
        reason = Reason(Code.DUTY_FIRST, duty=duty.kind, due_on=due_on)
    else:
        reason = Reason(Code.DUTY_DUE, duty=duty.kind, done_on=last, due_on=due_on)
    return DutyStanding(duty.kind, last, due_on, left, reason)
