from __future__ import annotations

from datetime import date

import pytest

from credentials.documents import words


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "零"),
        (1, "一"),
        (10, "十"),
        (12, "十二"),
        (20, "二十"),
        (60, "六十"),
        (88, "八十八"),
        (100, "一百"),
        (101, "一百零一"),
        (110, "一百一十"),
        (120, "一百二十"),
        (1000, "一千"),
        (1005, "一千零五"),
        (1050, "一千零五十"),
        (1200, "一千二百"),
        (10_000, "一万"),
        (10_005, "一万零五"),
        (10_500, "一万零五百"),
        (12_345, "一万二千三百四十五"),
        (100_000, "十万"),
        (101_010, "十万一千零一十"),
        (20_000_000, "二千万"),
        (99_999_999, "九千九百九十九万九千九百九十九"),
    ],
)
def test_a_number_in_words(value: int, text: str) -> None:
    assert words.number(value) == text


@pytest.mark.parametrize("value", [-1, 100_000_000])
def test_a_number_without_words_is_refused(value: int) -> None:
    with pytest.raises(ValueError, match=str(value)):
        words.number(value)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (date(2026, 5, 20), "二〇二六年五月二十日"),
        (date(2000, 10, 1), "二〇〇〇年十月一日"),
        (date(2024, 2, 29), "二〇二四年二月二十九日"),
        (date(2031, 12, 31), "二〇三一年十二月三十一日"),
        (date(2030, 11, 10), "二〇三〇年十一月十日"),
    ],
)
def test_a_day_in_words(value: date, text: str) -> None:
    assert words.day(value) == text


def test_a_day_in_digits_and_in_english() -> None:
    assert words.day_in_digits(date(2026, 5, 1)) == "2026年5月1日"
    assert words.day_in_english(date(2026, 5, 1)) == "1 May 2026"


def test_the_last_day_is_the_one_before_the_first_invalid_day() -> None:
    assert words.last_day(date(2031, 3, 1)) == date(2031, 2, 28)
    assert words.last_day(date(2028, 3, 1)) == date(2028, 2, 29)


@pytest.mark.parametrize(
    ("minutes", "text"),
    [(0, "0学时"), (44, "44分钟"), (45, "1学时"), (560, "12学时20分钟"), (2700, "60学时")],
)
def test_class_hours_lose_no_minute(minutes: int, text: str) -> None:
    assert words.hours(minutes, 45) == text
