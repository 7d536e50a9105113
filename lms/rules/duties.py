"""Duties beside the hours: owed again and again (hygiene training, health check), or once on joining.

A repeated duty asks for at least so many times in every so many months. The first
interval begins when the duty begins to bind (take-up of the occupation, or the
rule, whichever is later); one done before counts too. With four a year, the next
is due a year after the fourth last. What is done twice on one day is done once.
See docs/rules/cycles.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from core.days import add_years
from lms.rules.reasons import Code, Reason
from registry.rules.standard import StandardRules, YearlyDuty

REMINDER_DAYS = (90, 45, 15)
BEFORE_JOINING_DAYS = 30  # training for a post may precede its first day


@dataclass(frozen=True, slots=True)
class DutyDone:
    """A duty of a kind, done on a day, with the evidence's reference.

    `recorded_on` None: known from the day itself. `authority_on`: since when an authority stands
    behind it; None: the facility alone says so. `taken_back_on`: since when it is as if never recorded.
    """

    kind: str
    done_on: date
    reference: str = ""
    recorded_on: date | None = None
    authority_on: date | None = None
    taken_back_on: date | None = None


@dataclass(frozen=True, slots=True)
class DutyStanding:
    """Where a person stands with one duty. `due_on` is the first day on which it is overdue;
    `outstanding`: how often it must still be done before then; `unconfirmed`: the latest day of one that
    the facility reports and that does not count yet."""

    kind: str
    last_done_on: date | None
    due_on: date
    days_left: int
    reason: Reason
    outstanding: int = 1
    unconfirmed: Reason | None = None

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


def kinds_demanded(rules: StandardRules) -> tuple[str, ...]:
    """Kinds of duties that a version demands, again and again or on joining."""
    return (*(duty.kind for duty in rules.yearly_duties), *rules.entry_duties)


def known(done: Iterable[DutyDone], known_on: date) -> tuple[DutyDone, ...]:
    """What was on record by the end of a day, confirmed as far as it was then."""
    return tuple(
        one if one.authority_on is None or one.authority_on <= known_on else replace(one, authority_on=None)
        for one in done
        if (one.recorded_on or one.done_on) <= known_on
        and (one.taken_back_on is None or one.taken_back_on > known_on)
    )


def duties_of(
    duties: Sequence[YearlyDuty], done: Iterable[DutyDone], binds_from: date, day: date
) -> tuple[DutyStanding, ...]:
    """Each repeated duty as of a day; what was done after the day is not yet known."""
    by_kind: dict[str, list[DutyDone]] = {}
    for one in done:
        if one.done_on <= day:
            by_kind.setdefault(one.kind, []).append(one)
    return tuple(_one(duty, by_kind.get(duty.kind, ()), binds_from, day) for duty in duties)


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


def _one(duty: YearlyDuty, reported: Sequence[DutyDone], binds_from: date, day: date) -> DutyStanding:
    counts = [one for one in reported if one.authority_on is not None or not duty.by_authority]
    done = sorted({one.done_on for one in counts}, reverse=True)
    waiting = {one.done_on for one in reported} - set(done)
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
    later = max(waiting, default=None)
    unconfirmed = (
        Reason(Code.DUTY_UNCONFIRMED, done_on=later)
        if later is not None and (last is None or later > last)
        else None
    )
    return DutyStanding(duty.kind, last, due_on, left, reason, outstanding, unconfirmed)
