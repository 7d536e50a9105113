"""Days and years, as the law counts them.

Every day in this system is a day in Asia/Shanghai; every period is half-open:
its `until` is the first day that no longer belongs to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import MAXYEAR, date, datetime, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def day_of(moment: datetime) -> date:
    """The Beijing day of an aware moment. Raises ValueError for a naive one."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone has no day")
    return moment.astimezone(SHANGHAI).date()


def add_years(day: date, years: int) -> date:
    """The same day `years` later; 29 February becomes 1 March in a common year.

    One rule for the whole system (docs/rules/calendar.md): a period that begins on
    29 February and lasts whole years ends with the last day of February, so the
    first day after it is 1 March. PostgreSQL's interval arithmetic says
    28 February and would take a day from the holder; it is never used. A day after the
    last one that can be written is that last one, 9999-12-31.
    """
    if day.year + years > MAXYEAR:
        return date.max
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def day_after(last_day: date) -> date:
    """The `until` of a period whose last day a person named. 9999-12-31, which some write for
    "without end", has no day behind it and stays: what follows is judged, not broken, by such a day.
    """
    return last_day if last_day == date.max else last_day + timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Half-open days: `starts_on` is the first, `until` the first that is outside (None: open)."""

    starts_on: date
    until: date | None = None

    def __post_init__(self) -> None:
        if self.until is not None and self.until < self.starts_on:
            raise ValueError(f"a period cannot end on {self.until} before it starts on {self.starts_on}")

    def __contains__(self, day: date) -> bool:
        return self.starts_on <= day and (self.until is None or day < self.until)

    def overlaps(self, other: Period) -> bool:
        """True if at least one day lies in both."""
        return (other.until is None or self.starts_on < other.until) and (
            self.until is None or other.starts_on < self.until
        )
