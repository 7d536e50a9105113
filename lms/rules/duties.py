"""Duties beside the hours: owed again and again (hygiene training, health check), or once on joining.

A repeated duty asks for at least so many times in every so many months. The first
interval begins when the duty begins to bind (take-up of the occupation, or the
rule, whichever is later); one done before counts too. With four a year, the next
is due a year after the fourth last. See docs/rules/cycles.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from core.days import add_years
from lms.rules.reasons import Code, Reason
from registry.rules.standard import YearlyDuty

REMINDER_DAYS = (90, 45, 15)
BEFORE_JOINING_DAYS = 30  # training for a post may precede its first day


@dataclass(frozen=True, slots=True)
class DutyDone:
    """A duty of a kind, done on a day, with the evidence's reference."""

    kind: str
    done_on: date
    reference: str = ""


@dataclass(frozen=True, slots=True)
class DutyStanding:
    """Where a person stands with one duty. `due_on` is the first day on which it is overdue;
    `outstanding`: how often it must still be done before then."""

    kind: str
    last_done_on: date | None
    due_on: date
    days_left: int
    reason: Reason
    outstanding: int = 1

    @property
    def is_overdue(self) -> bool:
        return self.days_left <= 0

    @property
    def reminder(self) -> int | None:
        """The reminder stage reached: 90, 45 or 15 days before; None if further off or overdue."""
        if self.is_overdue:
            return None
        return min((days for days in REMINDER_DAYS if self.days_left <= days), default=None)


@dataclass(frozen=True, slots=True)
class EntryDutyStanding:
    """A duty owed once on joining a facility; `done_on` None: still owed."""

    kind: str
    joined_on: date
    done_on: date | None
    reason: Reason


def duties_of(
    duties: Sequence[YearlyDuty], done: Iterable[DutyDone], binds_from: date, day: date
) -> tuple[DutyStanding, ...]:
    """Each repeated duty as of a day; what was done after the day is not yet known."""
    days: dict[str, list[date]] = {}
    for one in done:
        if one.done_on <= day:
            days.setdefault(one.kind, []).append(one.done_on)
    return tuple(
        _one(duty, sorted(days.get(duty.kind, ()), reverse=True), binds_from, day) for duty in duties
    )


def entry_duties_of(
    kinds: Sequence[str], done: Iterable[DutyDone], joined_on: date, day: date
) -> tuple[EntryDutyStanding, ...]:
    """Each duty of joining: done in this post, or in the days just before it began."""
    since = joined_on - timedelta(days=BEFORE_JOINING_DAYS)
    first: dict[str, date] = {}
    for one in done:
        if since <= one.done_on <= day:
            first[one.kind] = min(one.done_on, first.get(one.kind, one.done_on))
    found = []
    for kind in kinds:
        done_on = first.get(kind)
        reason = (
            Reason(Code.ENTRY_OWED, duty=kind, joined_on=joined_on)
            if done_on is None
            else Reason(Code.ENTRY_DONE, duty=kind, done_on=done_on)
        )
        found.append(EntryDutyStanding(kind, joined_on, done_on, reason))
    return tuple(found)


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


def _one(duty: YearlyDuty, done: Sequence[date], binds_from: date, day: date) -> DutyStanding:
    """`done` is sorted, the last first."""
    is_regular = len(done) >= duty.times
    due_on = add_months(done[duty.times - 1] if is_regular else binds_from, duty.every_months)
    outstanding = 1 if is_regular else duty.times - len(done)
    last = done[0] if done else None
    left = (due_on - day).days
    if left <= 0:
        reason = Reason(Code.DUTY_OVERDUE, duty=duty.kind, due_on=due_on)
    elif last is None:
        reason = Reason(Code.DUTY_FIRST, duty=duty.kind, due_on=due_on)
    else:
        reason = Reason(Code.DUTY_DUE, duty=duty.kind, done_on=last, due_on=due_on)
    return DutyStanding(duty.kind, last, due_on, left, reason, outstanding)
