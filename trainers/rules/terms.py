"""Terms on numbered seats: which seat is free, and which will be first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from core.days import Period, add_years

LONGEST_TERM_YEARS = 5
ENDING_SOON = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Held:
    """A seat that somebody has for a half-open period."""

    seat: int
    period: Period


@dataclass(frozen=True, slots=True)
class Freed:
    """A seat and the first day on which nobody has it any more."""

    seat: int
    on: date


def too_long(term: Period) -> bool:
    """True for a term of more than five years."""
    return term.until is None or term.until > add_years(term.starts_on, LONGEST_TERM_YEARS)


def lowest_free_seat(seats: int, held: Iterable[Held], term: Period) -> int | None:
    """The lowest of seats 1 to `seats` that is free on every day of `term`; None when there is none."""
    taken = {each.seat for each in held if each.period.overlaps(term)}
    return next((seat for seat in range(1, seats + 1) if seat not in taken), None)


def next_to_become_free(held: Iterable[Held]) -> Freed | None:
    """Of seats that are all held, the one whose last term ends first (the lowest of equals)."""
    last: dict[int, date] = {}
    for each in held:
        if each.period.until is not None:
            last[each.seat] = max(last.get(each.seat, date.min), each.period.until)
    if not last:
        return None
    seat = min(last, key=lambda number: (last[number], number))
    return Freed(seat=seat, on=last[seat])
