"""One line of the ledger as judged: how much counts, for which cycle, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from lms.rules.counting import Item
from lms.rules.cycles import Cycle, Walked
from lms.rules.entries import Entry, Kind, State
from lms.rules.reasons import Code, Reason
from registry.rules.standard import SourceClass


class Outcome(StrEnum):
    """What became of a line. Every minute of a line is in exactly one of counted, cut or the outcome's."""

    COUNTED = "counted"
    PENDING = "pending"
    REFUSED = "refused"
    REVERSED = "reversed"  # and the line that reverses it


@dataclass(frozen=True, slots=True)
class Line:
    """An entry with its verdict. `code` is the main reason; `reasons` says all, in words.

    `counted_minutes` is what adds up to the cycle's sum; `cut_minutes` what a cap kept out,
    by the category in `cut_by`.
    """

    entry: Entry
    outcome: Outcome
    code: Code
    cycle: Cycle | None = None
    counted_minutes: int = 0
    cut_minutes: int = 0
    cut_by: str = ""
    is_late: bool = False
    other: Entry | None = None  # the reversal of this line, or the line it reverses
    before: date | None = None  # the first cycle's day, for a line before it

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Why, the main reason first; a second one if a cap cut the line."""
        return tuple(self._reasons())

    def _reasons(self) -> Iterator[Reason]:
        entry, number = self.entry, self.cycle.number if self.cycle else 0
        match self.code:
            case Code.IN_CYCLE:
                yield Reason(self.code, cycle=number, happened_on=entry.happened_on)
            case Code.IN_CYCLE_LATE:
                yield Reason(
                    self.code, cycle=number, happened_on=entry.happened_on, recorded_on=entry.recorded_on
                )
            case Code.AFTER_MET_NEXT_CYCLE:
                yield Reason(self.code, cycle=number, met_on=self.cycle and self.cycle.previous_met_on)
            case Code.SURPLUS | Code.SURPLUS_CARRIED:
                yield Reason(self.code, cycle=number, met_on=self.cycle and self.cycle.met_on)
            case Code.CORRECTION:
                yield Reason(self.code, cycle=number, minutes=-entry.minutes)
            case Code.SOURCE_NOT_COUNTED:
                yield Reason(self.code, source=str(entry.source))
            case Code.BEFORE_FIRST_CYCLE:
                yield Reason(self.code, starts_on=self.before)
            case Code.OUTSIDE_CYCLES:
                yield Reason(self.code, happened_on=entry.happened_on)
            case Code.REVERSED:
                yield Reason(self.code, reversed_on=self.other and self.other.recorded_on)
            case Code.REVERSES:
                yield Reason(self.code, title=self.other.title if self.other else "")
            case _:
                yield Reason(self.code)
        if self.cut_by and self.cycle:
            cap = next(
                row.cap_minutes for row in self.cycle.version.rules.categories if row.category == self.cut_by
            )
            code = Code.CAP_CUT if self.counted_minutes else Code.CAP_FULL
            facts = {"cut": self.cut_minutes} if self.counted_minutes else {}
            yield Reason(code, cycle=number, cap=cap, category=self.cut_by, **facts)


def lines_of(walked: Walked) -> Iterator[Line]:
    """The lines of one cycle."""
    sources = frozenset(walked.cycle.version.rules.counted_sources)
    for item in walked.items:
        yield _line(item, walked.cycle, sources)


def _line(item: Item, cycle: Cycle, sources: frozenset[SourceClass]) -> Line:
    entry = item.entry
    if entry.state is State.PENDING:
        return Line(entry, Outcome.PENDING, Code.PENDING, cycle, is_late=item.is_late)
    if entry.state is State.REFUSED:
        return Line(entry, Outcome.REFUSED, Code.NOT_ACCEPTED, cycle, is_late=item.is_late)
    if entry.source not in sources:
        return Line(entry, Outcome.REFUSED, Code.SOURCE_NOT_COUNTED, cycle, is_late=item.is_late)
    if entry.minutes < 0:
        code = Code.CORRECTION
    elif item.is_late:
        code = Code.IN_CYCLE_LATE
    elif item.is_surplus:
        code = Code.SURPLUS_CARRIED if cycle.version.rules.carry_over else Code.SURPLUS
    elif cycle.previous_met_on is not None and entry.happened_on <= cycle.starts_on:
        code = Code.AFTER_MET_NEXT_CYCLE
    else:
        code = Code.IN_CYCLE
    return Line(
        entry,
        Outcome.COUNTED,
        code,
        cycle,
        item.counted,
        item.cut,
        item.cut_by if item.cut else "",
        item.is_late,
    )


def refused(items: Iterable[Item], code: Code, before: date | None = None) -> Iterator[Line]:
    """Lines that belong to no cycle."""
    for item in items:
        if item.entry.state is State.REFUSED:
            yield Line(item.entry, Outcome.REFUSED, Code.NOT_ACCEPTED)
        else:
            yield Line(item.entry, Outcome.REFUSED, code, before=before)


def net(
    entries: Iterable[Entry], day: date, known_on: date
) -> tuple[list[Item], list[Line], list[tuple[Entry, Entry]]]:
    """Take reversals out: the items still standing, lines of reversals without effect, the pairs that cancel.

    Leaves out what had not happened by `day` or was not known on `known_on`. A reversal cancels its
    target exactly, from the day it is recorded, whatever day it claims.
    """
    known: dict[int | str, Item] = {}
    reversals: list[Item] = []
    for entry in entries:
        item = Item.of(entry)
        if item.recorded_on > known_on:
            continue
        if entry.kind is Kind.REVERSE:
            reversals.append(item)
        elif entry.happened_on <= day:
            known[entry.id] = item
    reversal_ids = {item.entry.id for item in reversals}
    cancelled: dict[int | str, Entry] = {}
    idle: list[Line] = []
    pairs: list[tuple[Entry, Entry]] = []
    for item in sorted(reversals, key=lambda item: item.order[2:]):
        entry, target = item.entry, item.entry.reverses
        if entry.state is State.PENDING:
            idle.append(Line(entry, Outcome.PENDING, Code.PENDING))
        elif entry.state is State.REFUSED:
            idle.append(Line(entry, Outcome.REFUSED, Code.NOT_ACCEPTED))
        elif target in reversal_ids:
            idle.append(Line(entry, Outcome.REFUSED, Code.REVERSES_REVERSAL))
        elif target in cancelled:
            idle.append(Line(entry, Outcome.REFUSED, Code.ALREADY_REVERSED))
        elif target is None or target not in known:
            idle.append(Line(entry, Outcome.REFUSED, Code.REVERSES_NOTHING))
        else:
            cancelled[target] = entry
            pairs.append((known[target].entry, entry))
    standing = [item for ident, item in known.items() if ident not in cancelled]
    return sorted(standing, key=lambda item: item.order), idle, pairs
