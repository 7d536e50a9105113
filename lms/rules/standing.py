"""Where a person stands: every standard that binds her, as of a day, line by line.

`standing` is the one function that screens, commands, the issuing of
certificates and `verify_all` ask. Same facts in, same answer out, on any day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from lms.rules.binding import Binding, bindings, duty_owners
from lms.rules.counting import Tally
from lms.rules.cycles import Closed, Cycle, Walked, walk
from lms.rules.duties import DutyDone, DutyStanding, EntryDutyStanding, duties_of, entry_duties_of, known
from lms.rules.entries import Entry, Issued, Post, VersionInForce
from lms.rules.hours import Hours, hours_of
from lms.rules.lines import Line, Outcome, lines_of, net, refused
from lms.rules.opening import governing
from lms.rules.reasons import Code
from lms.rules.what_next import Step, cheapest


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
    the caps leave no lawful way, () when nothing is missing. Duties are those owed on the day.
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
    entry_duties: tuple[EntryDutyStanding, ...]
    valid_until: date | None

    @property
    def cycle(self) -> Cycle:
        """The cycle that runs on the day, or the last that did."""
        return self.cycles[-1]

    @property
    def is_met(self) -> bool:
        return self.cycle.closed_as is Closed.MET

    @property
    def missing_minutes(self) -> int:
        """The fewest minutes that meet the cycle, minimums included; what the total lacks if the caps leave
        no lawful way."""
        steps = self.what_next
        return self.hours.remaining if steps is None else sum(step.minutes for step in steps)

    @property
    def met_on(self) -> date | None:
        return self.cycle.met_on

    def hours_in(self, cycle: Cycle) -> Hours:
        """The sums of one of her cycles."""
        return self.hours if cycle is self.cycle else hours_of(cycle, self.lines_in(cycle))

    def missing_in(self, cycle: Cycle) -> int:
        """As `missing_minutes`, of any of her cycles."""
        if cycle is self.cycle or cycle.closed_as is Closed.MET:
            return self.missing_minutes if cycle is self.cycle else 0
        hours = self.hours_in(cycle)
        counted = {row.category: row.counted for row in hours.categories}
        steps = cheapest(cycle.version.rules, counted, hours.counted + hours.carried)
        return hours.remaining if steps is None else sum(step.minutes for step in steps)

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
    certificates: defaultdict[str, list[Issued]] = defaultdict(list)
    for certificate in issued:
        if certificate.issued_on <= known_on:
            certificates[certificate.standard_code].append(certificate)
    facts, done = list(entries), known(duties_done, known_on)
    found = bindings([post for post in posts if post.period.starts_on <= day], versions, day)
    owners = duty_owners(found, day)
    return tuple(
        _under(
            code,
            binding,
            entries=facts,
            issued=certificates[code],
            duties_done=done,
            owed={kind for kind, owner in owners.items() if owner == code},
            day=day,
            known_on=known_on,
        )
        for code, binding in found.items()
    )


def _under(
    code: str,
    binding: Binding,
    *,
    entries: Sequence[Entry],
    issued: Sequence[Issued],
    duties_done: Sequence[DutyDone],
    owed: Collection[str],
    day: date,
    known_on: date,
) -> Standing:
    versions = binding.versions
    items, idle, pairs = net(entries, day, known_on)
    walked, early, outside = walk(
        items=items,
        versions=versions,
        issued=issued,
        taken_up_on=binding.begins,
        opened_by=binding.opened_by,
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
    awards = () if binding.is_superseded else tuple(_awards(walked, judged, valid_until, known_on))
    repeated = [duty for duty in version.rules.yearly_duties if duty.kind in owed]
    entry = version.rules.entry_duties
    return Standing(
        standard_code=code,
        version=version,
        day=day,
        in_post=binding.post is not None,
        cycles=tuple(one.cycle for one in walked),
        hours=hours_of(current.cycle, judged[current.cycle.number]),
        lines=tuple(lines),
        what_next=_what_next(current),
        awards=awards,
        duties=duties_of(repeated, duties_done, binding.begins, day),
        entry_duties=entry_duties_of(entry, duties_done, binding.post.period.starts_on, day)
        if binding.post
        else (),
        valid_until=valid_until,
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
        if not one.is_void_on(day) and one.valid_until > day and one.valid_from <= (until or day):
            until = max(until or day, one.valid_until)
    return until
