"""The cycles of one person under one standard, and which line counts for which.

Nothing is stored and nothing is reset: cycles follow from dated facts, so they
can be had as of any day. Every decision here is explained in docs/rules/cycles.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from lms.rules.counting import Item, Tally
from lms.rules.entries import Issued, State, VersionInForce
from lms.rules.opening import (
    Opening,
    award,
    deadline,
    first_opening,
    following,
    governing,
    governing_later,
    restarts,
)
from lms.rules.reasons import Code, Reason


class Closed(StrEnum):
    """How a cycle stands: running, its hours met, or ended without them."""

    OPEN = "open"
    MET = "met"
    UNMET = "unmet"


@dataclass(frozen=True, slots=True)
class Cycle:
    """One period under the version in force on the day it opened.

    `until` is the first day after it: the deadline, or, where meeting the hours opens the next
    cycle, that cycle's first day. `award_from` and `award_until` bound the certificate that meeting
    it earns (None: not met, or the rule issues none); `certificate` is the one issued for it.
    `named_on` is the day by which a certificate names the cycle: its first day, or the one after the
    name of the cycle before, where both opened on one day. No two cycles share a name.
    """

    number: int
    starts_on: date
    named_on: date
    until: date | None
    opened_by: Reason
    version: VersionInForce
    met_on: date | None = None
    closed_as: Closed = Closed.OPEN
    carried_minutes: int = 0
    certificate: Issued | None = None
    award_from: date | None = None
    award_until: date | None = None
    previous_met_on: date | None = None


@dataclass(slots=True)
class Walked:
    """A cycle with the items that belong to it and their sums."""

    cycle: Cycle
    items: list[Item]
    tally: Tally


def walk(
    *,
    items: Sequence[Item],
    versions: Sequence[VersionInForce],
    issued: Sequence[Issued],
    taken_up_on: date,
    opened_by: Code,
    day: date,
    known_on: date,
) -> tuple[list[Walked], list[Item], list[Item]]:
    """All cycles that opened by `day`, oldest first; items before the first; items outside all.

    `items` are sorted by `Item.order`; `versions` are of one standard, by their first day;
    `issued` are of this standard and known on `known_on`.
    """
    waiting = sorted(issued, key=lambda one: (one.issued_on, one.valid_from))
    opening: Opening | None = first_opening(versions, waiting, taken_up_on, opened_by, known_on)
    cycles: list[Walked] = []
    early: list[Item] = []
    outside: list[Item] = []
    rest = list(items)
    while opening is not None and opening.starts_on <= day:
        version = governing(versions, opening.starts_on) or governing_later(versions, opening)
        if version is None:
            later = [one.in_force.starts_on for one in versions if one.in_force.starts_on > opening.starts_on]
            opening = Opening(min(later), Code.OPENED_RULE, floor=min(later)) if later else None
            continue
        if opening.floor is not None:
            floor = opening.floor
            (outside if cycles else early).extend(item for item in rest if item.entry.happened_on < floor)
            rest = [item for item in rest if item.entry.happened_on >= floor]
        named_on = opening.starts_on
        if cycles:
            named_on = max(named_on, cycles[-1].cycle.named_on + timedelta(days=1))
        certificate = _take(waiting, opening, named_on, deadline(version, versions, opening), known_on)
        walked, rest, opening = _live(
            opening,
            version,
            versions,
            rest,
            certificate,
            number=len(cycles) + 1,
            named_on=named_on,
            day=day,
            known_on=known_on,
        )
        cycles.append(walked)
    return cycles, early, [*outside, *rest]


def _take(
    waiting: list[Issued], opening: Opening, named_on: date, until: date | None, known_on: date
) -> Issued | None:
    """The certificate issued for this cycle: by its name for it, else by its day; each is used once."""
    if opening.held in waiting:
        waiting.remove(opening.held)
    named = [one for one in waiting if one.cycle_starts_on == named_on]
    for one in named:
        waiting.remove(one)
    if not named:
        start = opening.starts_on
        inside = (
            one for one in waiting if start <= one.issued_on and (until is None or one.issued_on < until)
        )
        named = [one for one in inside if one.stands_on(known_on)][:1]
        for one in named:
            waiting.remove(one)
    return max(named, key=lambda one: (one.stands_on(known_on), one.issued_on), default=None)


def _live(
    opening: Opening,
    version: VersionInForce,
    versions: Sequence[VersionInForce],
    rest: list[Item],
    certificate: Issued | None,
    *,
    number: int,
    named_on: date,
    day: date,
    known_on: date,
) -> tuple[Walked, list[Item], Opening | None]:
    """One cycle from its opening to its end: what counts, when it was met, what opens next."""
    rules = version.rules
    until = deadline(version, versions, opening)
    truncates = restarts(version)
    stands = certificate is not None and certificate.stands_on(known_on)
    record = certificate if stands else None
    closed_on = record.issued_on if record and truncates and not opening.renews_on(record.issued_on) else None

    tally = Tally(rules, opening.carried)
    met_on = opening.starts_on if tally.is_met() else None
    ended = met_on if met_on and truncates and not opening.renews_on(met_on) else None
    taken: list[Item] = []
    left: list[Item] = []
    for item in rest:
        happened = item.entry.happened_on
        is_past = (until is not None and happened >= until) or (ended is not None and happened >= ended)
        if is_past or (closed_on is not None and happened > closed_on):
            left.append(item)
            continue
        taken.append(item)
        item.is_surplus = met_on is not None
        item.is_late = ended is not None or (until is not None and item.recorded_on >= until)
        if item.entry.state is not State.ACCEPTED or item.entry.source not in rules.counted_sources:
            continue
        tally.add(item)
        if met_on is None and tally.is_met():
            met_on = item.effective_on if item.entry.minutes > 0 else item.recorded_on
            if truncates and not opening.renews_on(met_on) and (until is None or met_on < until):
                ended = met_on
        elif met_on is not None and ended is None and item.entry.minutes < 0 and not tally.is_met():
            met_on = None

    if record is not None:
        met_on = record.issued_on if met_on is None else min(met_on, record.issued_on)
    elif certificate is not None and (met_on is None or met_on > certificate.issued_on):
        certificate = None  # voided, and the ledger no longer says what it said when it was issued
    award_from, award_until = award(opening, version, until=until, met_on=met_on, certificate=certificate)
    after, ends = following(
        opening,
        version,
        until=until,
        met_on=met_on,
        certificate=certificate,
        validity=(award_from, award_until),
    )
    if after is not None and met_on is not None and rules.carry_over:
        after.carried = max(0, tally.total + tally.carried - rules.needed_minutes)
    closed = Closed.MET if met_on else Closed.UNMET if until is not None and until <= day else Closed.OPEN
    cycle = Cycle(
        number=number,
        starts_on=opening.starts_on,
        named_on=named_on,
        until=ends,
        opened_by=Reason(opening.reason, starts_on=opening.starts_on),
        version=version,
        met_on=met_on,
        closed_as=closed,
        carried_minutes=opening.carried,
        certificate=certificate,
        award_from=award_from,
        award_until=award_until,
        previous_met_on=opening.previous_met_on,
    )
    return Walked(cycle, taken, tally), left, after
