"""The sums of one cycle, per category, from its judged lines."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lms.rules.cycles import Cycle
from lms.rules.lines import Line, Outcome
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


def hours_of(cycle: Cycle, lines: Iterable[Line]) -> Hours:
    """The sums of one cycle from its lines; equally of a closed one."""
    rules = cycle.version.rules
    bounds = {row.category: row for row in rules.categories}
    names = (*CONTENT, *CHANNEL, *(name for name in bounds if name not in CONTENT + CHANNEL))
    sums = {name: [0, 0, 0, 0] for name in names}
    total = [0, 0, 0, 0]
    for line in lines:
        parts: tuple[tuple[int, int], ...]
        if line.outcome is Outcome.COUNTED:
            parts = ((0, line.counted_minutes), (3, line.cut_minutes))
        else:
            parts = ((1 if line.outcome is Outcome.PENDING else 2, line.entry.minutes),)
        for place, minutes in parts:
            if minutes:
                total[place] += minutes
                for name in line.entry.categories:
                    if name in sums:
                        sums[name][place] += minutes
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
