"""Numbers and days in Chinese words, as an official document writes them."""

from __future__ import annotations

from datetime import date, timedelta

_DIGITS = "零一二三四五六七八九"
_CIRCLE = "〇一二三四五六七八九"
_UNITS = ("", "十", "百", "千")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def number(value: int) -> str:
    """120 is 一百二十, 10 is 十, 1005 is 一千零五; 0 to 99,999,999. Raises ValueError beyond."""
    if not 0 <= value < 100_000_000:
        raise ValueError(f"{value} has no words here")
    if value == 0:
        return "零"
    high, low = divmod(value, 10_000)
    words = f"{_below_ten_thousand(high)}万" if high else ""
    if low:
        words += ("零" if high and low < 1000 else "") + _below_ten_thousand(low)
    return words.removeprefix("一") if words.startswith("一十") else words


def day(value: date) -> str:
    """二〇二六年五月二十日."""
    year = "".join(_CIRCLE[int(digit)] for digit in f"{value.year:04d}")
    return f"{year}年{number(value.month)}月{number(value.day)}日"


def day_in_digits(value: date) -> str:
    """2026年5月20日."""
    return f"{value.year}年{value.month}月{value.day}日"


def day_in_english(value: date) -> str:
    """20 May 2026."""
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


def last_day(until: date) -> date:
    """The last day inside a period that is printed as "from … to …"; `until` is the first outside."""
    return until - timedelta(days=1)


def hours(minutes: int, class_hour_minutes: int) -> str:
    """Class hours in digits; what is left over is said in minutes: `60学时`, `12学时20分钟`."""
    whole, rest = divmod(minutes, class_hour_minutes)
    if not rest:
        return f"{whole}学时"
    return f"{whole}学时{rest}分钟" if whole else f"{rest}分钟"


def _below_ten_thousand(value: int) -> str:
    words, gap = "", False
    for place in (3, 2, 1, 0):
        digit = value // 10**place % 10
        if digit:
            words += ("零" if gap and words else "") + _DIGITS[digit] + _UNITS[place]
            gap = False
        else:
            gap = True
    return words
