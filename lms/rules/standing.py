"""Where a person stands: every standard that binds her, as of a day, line by line.

`standing` is the one function that screens, commands, the issuing of
certificates and `verify_all` ask. Same facts in, same answer out, on any day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from lms.rules.counting import Tally
from lms.rules.cycles import Closed, Cycle, Walked, walk
from lms.rules.duties import DutyDone, DutyStanding, duties_of
from lms.rules.entries import Entry, Issued, Post, VersionInForce
from lms.rules.lines import Line, Outcome, lines_of, net, refused
from lms.rules.opening import governing
from lms.rules.reasons import Code
from lms.rules.what_next import Step, cheapest
from registry.rules.standard import CHANNEL, CONTENT


@dataclass(frozen=True, slots=True)
class CategoryHours:
    """Minutes of one category in a cycle. `remaining` is what its minimum still lacks."""

    category: str
    needed: int
    cap: int | None
    counted: int
    pending: int
    refused: int
    cut: int

    @property
    def remaining(self) -> int:
        return max(0, self.needed - self.counted)


@dataclass(frozen=True, slots=True)
class Hours:
    """Sums of one cycle, in minutes. `counted` may exceed `needed`; `carried` is from the cycle before."""

    needed: int
    counted: int
    carried: int
    pending: int
    refused: int
    cut: int
    categories: tuple[CategoryHours, ...]

    @property
    def remaining(self) -> int:
        """What the total still lacks; minimums of categories are in `missing`."""
        return max(0, self.needed - self.counted - self.carried)

    @property
    def missing(self) -> tuple[tuple[str, int], ...]:
        """Categories whose minimum is not reached, with the minutes they lack."""
        return tuple((row.category, row.remaining) for row in self.categories if row.remaining)


@dataclass(frozen=True, slots=True)
class Award:
    """A certificate that is earned and not yet issued: what the act of issuing needs."""

    standard_code: str
    cycle: Cycle
    valid_from: date
    valid_until: date
    lines: tuple[Line, ...]

    def evidence(self) -> dict[str, Any]:
        """Plain data that lets anybody re-derive the award: the rule, the cycle, each line's minutes."""
        version = self.cycle.version
        return {
            "standard": version.standard_code,
            "version": version.number,
            "citation": version.citation,
            "cycle": self.cycle.number,
            "starts_on": self.cycle.starts_on.isoformat(),
            "met_on": self.cycle.met_on.isoformat() if self.cycle.met_on else None,
            "needed_minutes": version.rules.needed_minutes,
            "carried_minutes": self.cycle.carried_minutes,
            "counted_minutes": sum(line.counted_minutes for line in self.lines),
            "lines": [
                {"entry": line.entry.id, "minutes": line.counted_minutes}
                for line in self.lines
                if line.counted_minutes
            ],
        }


@dataclass(frozen=True, slots=True)
class Standing:
    """One standard: its cycles, the current one's sums, every line with its reason, what to do next.

    `in_post`: she holds a post on the day that this standard binds. `valid_until`: the first
    day without a valid certificate, None if there is none on the day. `what_next` is None when
    the caps leave no lawful way, () when nothing is missing.
    """

    standard_code: str
    version: VersionInForce
    day: date
    in_post: bool
    cycles: tuple[Cycle, ...]
    hours: Hours
    lines: tuple[Line, ...]
    what_next: tuple[Step, ...] | None
    awards: tuple[Award, ...]
    duties: tuple[DutyStanding, ...]
    valid_until: date | None

    @property
    def cycle(self) -> Cycle:
        """The cycle that runs on the day, or the last that did."""
        return self.cycles[-1]

    @property
    def is_met(self) -> bool:
        return self.cycle.closed_as is Closed.MET

    @property
    def met_on(self) -> date | None:
        return self.cycle.met_on

    def lines_in(self, cycle: Cycle) -> tuple[Line, ...]:
        """The lines that belong to one cycle, in the order they count."""
        return tuple(
            line for line in self.lines if line.cycle is not None and line.cycle.number == cycle.number
        )


def standing(
    entries: Iterable[Entry],
    posts: Iterable[Post],
    versions: Iterable[VersionInForce],
    issued: Iterable[Issued],
    day: date,
    *,
    duties_done: Iterable[DutyDone] = (),
    known_on: date | None = None,
) -> tuple[Standing, ...]:
    """Every standard that has bound the person by `day`, by its code.

    `entries`, `posts`, `issued` and `duties_done` are one person's, in any order; `versions` may be
    the whole rulebook. `known_on` (by default `day`) is the last day whose records are used, so the
    same past day can be had as it looked then or as it is known now.
    """
    known_on = day if known_on is None else known_on
    lived = [post for post in posts if post.period.starts_on <= day]
    rulebook: defaultdict[str, list[VersionInForce]] = defaultdict(list)
    for version in versions:
        rulebook[version.standard_code].append(version)
    certificates: defaultdict[str, list[Issued]] = defaultdict(list)
    for certificate in issued:
        if certificate.issued_on <= known_on:
            certificates[certificate.standard_code].append(certificate)
    facts, done = list(entries), list(duties_done)
    found: list[Standing] = []
    for code in sorted(rulebook):
        dated = sorted(rulebook[code], key=lambda version: version.in_force.starts_on)
        binding = _binds(lived, dated)
        if binding is not None and binding[0] <= day:
            found.append(_under(code, dated, binding, lived, facts, certificates[code], done, day, known_on))
    return tuple(found)


def _binds(posts: Sequence[Post], versions: Sequence[VersionInForce]) -> tuple[date, Code] | None:
    """The day on which a standard first bound the person: she was in post and it was in force."""
    first: tuple[date, Code] | None = None
    for version in versions:
        for post in posts:
            if version.governs(post) and version.in_force.overlaps(post.period):
                begins = max(version.in_force.starts_on, post.period.starts_on)
                taken_up = post.period.starts_on == begins
                if first is None or begins < first[0]:
                    first = (begins, Code.OPENED_TAKE_UP if taken_up else Code.OPENED_RULE)
    return first


def _under(  # noqa: PLR0917
    code: str,
    versions: Sequence[VersionInForce],
    binding: tuple[date, Code],
    posts: Sequence[Post],
    entries: Sequence[Entry],
    issued: Sequence[Issued],
    duties_done: Sequence[DutyDone],
    day: date,
    known_on: date,
) -> Standing:
    taken_up_on, opened_by = binding
    items, idle, pairs = net(entries, day, known_on)
    walked, early, outside = walk(
        items=items,
        versions=versions,
        issued=issued,
        taken_up_on=taken_up_on,
        opened_by=opened_by,
        day=day,
        known_on=known_on,
    )
    judged = {one.cycle.number: tuple(lines_of(one)) for one in walked}
    current = walked[-1]
    lines = [line for rows in judged.values() for line in rows]
    lines += refused(early, Code.BEFORE_FIRST_CYCLE, walked[0].cycle.starts_on)
    lines += refused(outside, Code.OUTSIDE_CYCLES)
    for target, reversal in pairs:
        lines.append(Line(target, Outcome.REVERSED, Code.REVERSED, other=reversal))
        lines.append(Line(reversal, Outcome.REVERSED, Code.REVERSES, other=target))
    lines += idle
    version = governing(versions, day) or current.cycle.version
    valid_until = _valid_until(issued, day)
    return Standing(
        standard_code=code,
        version=version,
        day=day,
        in_post=any(
            day in post.period and version.governs(post) and day in version.in_force for post in posts
        ),
        cycles=tuple(one.cycle for one in walked),
        hours=hours_of(current.cycle, judged[current.cycle.number]),
        lines=tuple(lines),
        what_next=_what_next(current),
        awards=tuple(_awards(walked, judged, valid_until, known_on)),
        duties=duties_of(version.rules.yearly_duties, duties_done, taken_up_on, day),
        valid_until=valid_until,
    )


def hours_of(cycle: Cycle, lines: Iterable[Line]) -> Hours:
    """The sums of one cycle from its lines; equally of a closed one."""
    rules = cycle.version.rules
    bounds = {row.category: row for row in rules.categories}
    names = (*CONTENT, *CHANNEL, *(name for name in bounds if name not in CONTENT + CHANNEL))
    sums = {name: [0, 0, 0, 0] for name in names}
    total = [0, 0, 0, 0]
    for line in lines:
        parts = [line.counted_minutes, 0, 0, line.cut_minutes]
        if line.outcome is Outcome.PENDING:
            parts[1] = line.entry.minutes
        elif line.outcome is Outcome.REFUSED:
            parts[2] = line.entry.minutes
        for sum_of in (total, *(sums[name] for name in line.entry.categories if name in sums)):
            for place, minutes in enumerate(parts):
                sum_of[place] += minutes
    return Hours(
        needed=rules.needed_minutes,
        counted=total[0],
        carried=cycle.carried_minutes,
        pending=total[1],
        refused=total[2],
        cut=total[3],
        categories=tuple(
            CategoryHours(
                name,
                bounds[name].minimum_minutes if name in bounds else 0,
                bounds[name].cap_minutes if name in bounds else None,
                *sums[name],
            )
            for name in names
        ),
    )


def _what_next(current: Walked) -> tuple[Step, ...] | None:
    if current.cycle.closed_as is Closed.MET:
        return ()
    tally: Tally = current.tally
    return cheapest(current.cycle.version.rules, tally.by_category, tally.total + tally.carried)


def _awards(
    walked: Sequence[Walked], judged: dict[int, tuple[Line, ...]], valid_until: date | None, known_on: date
) -> Iterable[Award]:
    """Met cycles without a certificate, unless it would be over already or add nothing to what she holds."""
    for one in walked:
        cycle = one.cycle
        if cycle.certificate is not None or cycle.award_from is None or cycle.award_until is None:
            continue
        if cycle.award_until <= known_on or (valid_until is not None and cycle.award_until <= valid_until):
            continue
        lines = judged[cycle.number]
        yield Award(cycle.version.standard_code, cycle, cycle.award_from, cycle.award_until, lines)


def _valid_until(issued: Sequence[Issued], day: date) -> date | None:
    """The first day without a valid certificate, following renewals that begin where the old one ends."""
    until: date | None = None
    for one in sorted(issued, key=lambda one: one.valid_from):
        is_void = one.voided_on is not None and one.voided_on <= day
        if not is_void and one.valid_until > day and one.valid_from <= (until or day):
            until = max(until or day, one.valid_until)
    return until
