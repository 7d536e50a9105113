"""Cycles against a calendar that walks day by day and knows nothing of the code under test."""

from __future__ import annotations

import calendar
import random
from datetime import date, timedelta

import pytest

from lms.rules.standing import standing
from tests.lms.rules.facts import Anchor, earn, post, version

Row = tuple[date, date, bool, int]  # starts_on, until, met, minutes counted


def years_later(day: date, years: int) -> date:
    if (day.month, day.day) == (2, 29) and not calendar.isleap(day.year + years):
        return date(day.year + years, 3, 1)
    return date(day.year + years, day.month, day.day)


def day_by_day(
    taken_up: date, work: list[tuple[date, int]], needed: int, years: int, last: date
) -> list[Row]:
    """The policy's sentence, one day at a time: live through each day and note what happens."""
    by_day: dict[date, list[int]] = {}
    for on, minutes in work:
        by_day.setdefault(on, []).append(minutes)
    rows: list[Row] = []
    begins, ends, certified_until, minutes_so_far, renewed = (
        taken_up,
        years_later(taken_up, years),
        None,
        0,
        False,
    )
    today = taken_up
    while today <= last:
        if today == ends:
            rows.append((begins, ends, renewed, minutes_so_far))
            begins, ends = today, years_later(today, years)
            certified_until = ends if renewed else None
            minutes_so_far, renewed = 0, False
        for minutes in by_day.get(today, []):
            minutes_so_far += minutes
            if renewed or minutes_so_far < needed:
                continue
            if certified_until is not None and today < certified_until:
                renewed = True
            else:
                rows.append((begins, today, True, minutes_so_far))
                begins, ends, minutes_so_far = today, years_later(today, years), 0
                certified_until = ends
        today += timedelta(days=1)
    rows.append((begins, ends, renewed, minutes_so_far))
    return rows


def history(seed: int) -> tuple[date, list[tuple[date, int]], int, int, date]:
    chance = random.Random(seed)
    taken_up = chance.choice(
        [date(2004, 2, 29), date(2008, 2, 29), date(2003, 1, 1) + timedelta(chance.randint(0, 900))]
    )
    needed, years = chance.choice([60, 100, 300]), chance.choice([1, 2, 4, 5])
    last = taken_up + timedelta(chance.randint(0, 5_000))
    span = (last - taken_up).days
    work = [
        (taken_up + timedelta(chance.randint(0, span)), chance.choice([1, 15, 45, 90, 200]))
        for _ in range(chance.randint(0, 40))
    ]
    for edge in (years_later(taken_up, years), years_later(years_later(taken_up, years), years)):
        if chance.random() < 0.5 and edge + timedelta(1) <= last:
            work += [(edge + timedelta(chance.choice([-1, 0, 1])), needed)]
    return taken_up, sorted(work, key=lambda one: one[0]), needed, years, last


@pytest.mark.parametrize("block", range(8))
def test_histories_agree_with_a_calendar_lived_day_by_day(block: int) -> None:
    compared = met = 0
    for seed in range(block * 100, block * 100 + 100):
        taken_up, work, needed, years, last = history(seed)
        rule = version(needed_minutes=needed, cycle_years=years, certificate_years=years)
        entries = [earn(on, minutes) for on, minutes in work]
        (found,) = standing(entries, [post(taken_up.isoformat())], [rule], [], last)
        counted = [sum(line.counted_minutes for line in found.lines_in(cycle)) for cycle in found.cycles]
        got = [
            (cycle.starts_on, cycle.until, cycle.met_on is not None, minutes)
            for cycle, minutes in zip(found.cycles, counted, strict=True)
        ]
        assert got == day_by_day(taken_up, work, needed, years, last), f"seed {seed}"
        compared += 1
        met += sum(row[2] for row in got)
    assert compared == 100
    assert met > 50


@pytest.mark.parametrize("seed", range(60))
def test_calendar_years_agree_with_sums_by_year(seed: int) -> None:
    chance = random.Random(seed)
    taken_up = date(2021, 1, 1) + timedelta(chance.randint(0, 700))
    last = taken_up + timedelta(chance.randint(0, 1_500))
    work = [
        (taken_up + timedelta(chance.randint(0, (last - taken_up).days)), chance.randint(1, 60))
        for _ in range(30)
    ]
    rule = version("2021-01-01", anchor=Anchor.CALENDAR, cycle_years=1, certificate_years=None)
    (found,) = standing([earn(on, m) for on, m in work], [post(taken_up.isoformat())], [rule], [], last)
    sums = {year: sum(m for on, m in work if on.year == year) for year in range(taken_up.year, last.year + 1)}
    got = {
        cycle.starts_on.year: sum(line.counted_minutes for line in found.lines_in(cycle))
        for cycle in found.cycles
    }
    assert got == sums
    assert {cycle.starts_on.year for cycle in found.cycles if cycle.met_on} == {
        year for year, minutes in sums.items() if minutes >= 100
    }
