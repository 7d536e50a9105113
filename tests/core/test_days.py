"""Days, years and periods, as the law counts them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.days import Period, add_years, day_after, day_of

DAYS = st.dates(min_value=date(1950, 1, 1), max_value=date(2100, 1, 1))


def test_the_day_is_the_day_in_beijing() -> None:
    assert day_of(datetime(2026, 3, 1, 15, 59, tzinfo=UTC)) == date(2026, 3, 1)
    assert day_of(datetime(2026, 3, 1, 16, 0, tzinfo=UTC)) == date(2026, 3, 2)


def test_a_naive_moment_has_no_day() -> None:
    with pytest.raises(ValueError, match="time zone"):
        day_of(datetime(2026, 3, 1))  # noqa: DTZ001 - the point of the test


def test_a_leap_day_ends_a_common_year_on_the_first_of_march() -> None:
    assert add_years(date(2024, 2, 29), 5) == date(2029, 3, 1)
    assert add_years(date(2024, 2, 29), 4) == date(2028, 2, 29)


def test_after_the_last_day_that_can_be_written_comes_none() -> None:
    assert add_years(date(9998, 2, 28), 5) == date.max
    assert add_years(date(9994, 12, 31), 5) == date.max
    assert day_after(date.max) == date.max
    assert day_after(date(9999, 12, 30)) == date.max
    assert day_after(date(2024, 2, 28)) == date(2024, 2, 29)


@given(day=DAYS, years=st.integers(0, 50))
def test_years_never_take_a_day_from_the_holder(day: date, years: int) -> None:
    later = add_years(day, years)
    assert later.year == day.year + years
    assert (later.month, later.day) >= (day.month, day.day)


def test_a_period_holds_its_first_day_and_not_its_until() -> None:
    period = Period(date(2026, 1, 1), date(2026, 2, 1))
    assert date(2026, 1, 1) in period
    assert date(2026, 1, 31) in period
    assert date(2026, 2, 1) not in period
    assert date(2025, 12, 31) not in period
    assert date(2999, 1, 1) in Period(date(2026, 1, 1))


def test_a_period_cannot_end_before_it_starts() -> None:
    with pytest.raises(ValueError, match="before it starts"):
        Period(date(2026, 2, 1), date(2026, 1, 31))


@given(a=DAYS, b=DAYS, c=DAYS, d=DAYS)
def test_periods_overlap_when_a_day_lies_in_both(a: date, b: date, c: date, d: date) -> None:
    one, two = Period(min(a, b), max(a, b)), Period(min(c, d), max(c, d))
    shared = max(one.starts_on, two.starts_on)
    if one.starts_on < one.until and two.starts_on < two.until:  # type: ignore[operator]
        assert one.overlaps(two) == (shared in one and shared in two)
    assert one.overlaps(two) == two.overlaps(one)
