"""Whole lives: lines told late, certificates given the day they are owed, against an account by events.

The account below keeps its own list of cycles and walks the lines in the order in which they became known;
it shares no line with what it checks. docs/rules/cycles.md, "Anchors" and "Which line counts".
"""

from __future__ import annotations

import calendar
import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial

import pytest

from lms.rules.entries import Entry, Issued, Post, VersionInForce
from lms.rules.standing import Standing, standing
from tests.lms.rules.facts import earn, post, version

Told = tuple[date, date, int]  # happened, told, minutes
Paper = tuple[date, date, date]  # issued on, valid from, valid until


def years_later(day: date, years: int) -> date:
    if (day.month, day.day) == (2, 29) and not calendar.isleap(day.year + years):
        return date(day.year + years, 3, 1)
    return date(day.year + years, day.month, day.day)


@dataclass
class Span:
    begins: date
    deadline: date
    held: tuple[date, date] | None = None
    earned: tuple[date, date] | None = None
    met: date | None = None
    cut: date | None = None  # ended early, because its hours were met
    minutes: int = 0

    @property
    def ends(self) -> date:
        return self.cut or self.deadline


@dataclass
class Account:
    needed: int
    years: int
    spans: list[Span]
    papers: list[Paper] = field(default_factory=list)

    def live(self, lines: list[Told], last: date) -> None:
        for happened, told, minutes in sorted(lines, key=lambda one: one[1]):
            if told <= last:
                self.turn(told)
                self.tell(happened, told, minutes)
        self.turn(last)

    def turn(self, day: date) -> None:
        while not self.spans[-1].cut and self.spans[-1].deadline <= day:
            old = self.spans[-1]
            held = old.earned or old.held
            renewed = old.earned and old.met is not None and old.met < old.deadline
            ends = old.earned[1] if renewed and old.earned else years_later(old.deadline, self.years)
            self.spans.append(Span(old.deadline, ends, held))

    def tell(self, happened: date, told: date, minutes: int) -> None:
        span = next((one for one in self.spans if one.begins <= happened < one.ends), None)
        if span is None or span.met is not None:
            return
        span.minutes += minutes
        if span.minutes < self.needed:
            return
        span.met = told
        if told >= span.deadline:
            self.met_late(span, told)
        elif span.held and span.held[0] <= told < span.held[1]:
            span.earned = (span.held[1], years_later(span.held[1], self.years))
            self.papers.append((told, *span.earned))
        else:
            span.earned = (told, years_later(told, self.years))
            span.cut = told
            self.papers.append((told, *span.earned))
            self.spans.append(Span(told, span.earned[1], span.earned))

    def met_late(self, span: Span, told: date) -> None:
        until = years_later(span.deadline, self.years)
        if told >= until:
            return
        span.earned = (told, until)
        after = self.spans[self.spans.index(span) + 1]
        after.held = after.held if after.held and after.held[1] > told else span.earned
        covered = told
        for _issued, begins, ends in sorted(self.papers, key=lambda one: one[1]):
            if begins <= covered < ends:
                covered = ends
        if until > covered:
            self.papers.append((told, *span.earned))


def life(seed: int) -> tuple[date, list[Told], int, int, date]:
    chance = random.Random(seed)
    taken_up = chance.choice(
        [date(2004, 2, 29), date(2004, 2, 28), date(2003, 1, 1) + timedelta(chance.randrange(900))]
    )
    years, needed = chance.choice([1, 2, 5]), chance.choice([60, 100, 300])
    last = taken_up + timedelta(chance.randrange(200, 4_500))
    lines = []
    for _ in range(chance.randrange(25)):
        happened = taken_up + timedelta(chance.randrange(-20, (last - taken_up).days))
        told = happened + timedelta(chance.choice([0, 0, 0, 0, 1, 30, chance.randrange(1_500)]))
        lines.append((happened, told, chance.choice([1, 15, 45, 90, 200])))
    edge = taken_up
    for _ in range(4):
        if chance.random() < 0.6:
            happened = edge + timedelta(chance.choice([-1, 0, 0, 1]))
            told = happened + timedelta(chance.choice([0, 0, 1, 2, 400]))
            lines.append((happened, told, chance.choice([needed, needed // 2, needed - 1])))
        edge = years_later(edge, years)
    return taken_up, lines, needed, years, last


def stands_on(
    entries: list[Entry], posts: list[Post], rule: VersionInForce, issued: list[Issued], day: date
) -> Standing:
    (found,) = standing(entries, posts, [rule], issued, day)
    return found


@pytest.mark.parametrize("block", range(6))
def test_certificates_given_as_they_are_owed_are_those_of_the_account(block: int) -> None:
    given = same_day = 0
    for seed in range(block * 60, block * 60 + 60):
        taken_up, lines, needed, years, last = life(seed)
        rule = version(needed_minutes=needed, cycle_years=years, certificate_years=years)
        entries = [earn(happened, minutes, recorded=told) for happened, told, minutes in lines]
        issued: list[Issued] = []

        stands = partial(stands_on, entries, [post(taken_up.isoformat())], rule)
        said: dict[date, Standing] = {}
        for day in sorted({told for _, told, _ in lines if taken_up <= told <= last} | {last}):
            for award in stands(issued, day).awards:
                named = award.cycle.named_on
                issued.append(Issued("YN", award.valid_from, award.valid_until, named, day))
            said[day] = stands(issued, day)
            assert not said[day].awards, f"seed {seed}: given twice on {day}"
        account = Account(needed, years, [Span(taken_up, years_later(taken_up, years))])
        account.live(lines, last)
        expected = [(span.begins, span.ends, span.met) for span in account.spans]
        for known in (issued, []):  # what was issued agrees with what the ledger alone says
            got = [(one.starts_on, one.until, one.met_on) for one in stands(known, last).cycles]
            assert got == expected, f"seed {seed}"
        papers = [(one.issued_on, one.valid_from, one.valid_until) for one in issued]
        assert sorted(papers) == sorted(account.papers), f"seed {seed}"
        for day, then in said.items():  # what was said on a day is said of it for ever
            now = stands(issued, day)
            assert (now.cycles, now.hours, now.valid_until) == (then.cycles, then.hours, then.valid_until)
        given += len(papers)
        same_day += len(expected) - len({begins for begins, _, _ in expected})
    assert given > 60
    assert same_day > 0
