"""Working days, by hand-counted calendars."""

from __future__ import annotations

from datetime import date

import pytest

from credentials.rules.answering import after_working_days


@pytest.mark.parametrize(
    ("served", "count", "first_free"),
    [
        (date(2026, 6, 1), 10, date(2026, 6, 16)),  # Monday: ten days end on Monday the 15th
        (date(2026, 6, 5), 1, date(2026, 6, 9)),  # Friday: Monday is the one day
        (date(2026, 6, 6), 1, date(2026, 6, 9)),  # Saturday
        (date(2026, 6, 7), 5, date(2026, 6, 13)),  # Sunday: Monday to Friday
        (date(2026, 12, 30), 3, date(2027, 1, 5)),  # over the new year, which is not known as a holiday
        (date(2026, 6, 1), 0, date(2026, 6, 2)),
    ],
)
def test_the_first_day_after_so_many_working_days(served: date, count: int, first_free: date) -> None:
    assert after_working_days(served, count) == first_free


def test_no_days_backward() -> None:
    with pytest.raises(ValueError, match="forward"):
        after_working_days(date(2026, 6, 1), -1)
