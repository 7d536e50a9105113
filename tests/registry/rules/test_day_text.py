"""A day as people and Excel write it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.rules.day_text import BadDay, read_day

DAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-22",
        "2026/11/22",
        "2026.11.22",
        "20261122",
        "2026年11月22日",
        "2026年11月22",
        "2026年11月22号",
        "２０２６－１１－２２",
        " 2026 年 11 月 22 日 ",
        "2026-11-22 00:00:00",
        "2026-11-22T08:30",
        "2026/11/22 8:30",
        "46348",
    ],
)
def test_one_day_however_it_was_written(text: str) -> None:
    assert read_day(text) == DAY


def test_months_and_days_need_no_leading_zero() -> None:
    assert read_day("2026-1-2") == read_day("2026年1月2日") == date(2026, 1, 2)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "date"),
        ("明天", "date"),
        ("2026-02-29", "date"),
        ("2026-13-01", "date"),
        ("20260230", "date"),
        ("2026-11-22-", "date"),
        ("123", "date"),
        ("99999999999", "date"),
        ("#VALUE!", "date"),
        ("2026年11月", "day_missing"),
        ("2026-11", "day_missing"),
        ("202611", "day_missing"),
        ("2026", "day_missing"),
        ("26-11-22", "short_year"),
        ("22/11/2026", "short_year"),
        ("11/22/26", "short_year"),
    ],
)
def test_what_is_no_day_is_refused_by_its_reason(text: str, code: str) -> None:
    with pytest.raises(BadDay) as refusal:
        read_day(text)
    assert refusal.value.code == code


@given(st.dates(date(1950, 1, 1), date(2100, 1, 1)))
def test_every_spelling_of_every_day(day: date) -> None:
    serial = (day - date(2000, 1, 1)) // timedelta(days=1) + 36526  # Excel: 36526 is 1 January 2000
    spellings = (
        day.isoformat(),
        f"{day:%Y/%m/%d}",
        f"{day:%Y%m%d}",
        f"{day.year}年{day.month}月{day.day}日",
        str(serial),
    )
    assert {read_day(text) for text in spellings} == {day}


@given(st.text(max_size=20))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        day = read_day(text)
    except BadDay:
        return
    assert isinstance(day, date)
