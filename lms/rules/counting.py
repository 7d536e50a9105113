"""How minutes add up inside one cycle: caps, minimums, corrections.

Lines are taken in a fixed order (see `Item.order`): first known, first counted.
A cap cuts the line that crosses it; what is recorded later never takes minutes
from what was counted before. A correction frees the room it takes away, and
lines cut earlier get it back, oldest first.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from lms.rules.entries import Entry
from registry.rules.standard import StandardRules


@dataclass(slots=True)
class Item:
    """An entry on its way through a cycle, with what the cycle makes of it."""

    entry: Entry
    recorded_on: date
    effective_on: date  # the day from which it counts: happened and known to the server
    counted: int = 0
    cut: int = 0
    cut_by: str = ""  # the category whose cap cut it
    is_surplus: bool = False
    is_late: bool = False

    @classmethod
    def of(cls, entry: Entry) -> Item:
        recorded_on = entry.recorded_on
        return cls(entry, recorded_on, max(entry.happened_on, recorded_on))

    @property
    def order(self) -> tuple[date, int, datetime, bool, int | str]:
        """A line counts from the day the server knew of it; a correction from the day it corrects."""
        entry = self.entry
        known = (entry.recorded_at, isinstance(entry.id, str), entry.id)
        if entry.minutes < 0:
            return (entry.happened_on, 0, *known)
        return (self.effective_on, 1, *known)


class Tally:
    """The running sums of one cycle under one version's rules."""

    __slots__ = ("_caps", "_cut_items", "_minimums", "by_category", "carried", "rules", "total")

    def __init__(self, rules: StandardRules, carried: int = 0) -> None:
        self.rules = rules
        self.carried = carried
        self.total = 0
        self.by_category: dict[str, int] = {}
        self._caps = {
            row.category: row.cap_minutes for row in rules.categories if row.cap_minutes is not None
        }
        self._minimums = [
            (row.category, row.minimum_minutes) for row in rules.categories if row.minimum_minutes
        ]
        self._cut_items: list[Item] = []

    def add(self, item: Item) -> None:
        """Count a line as far as the caps allow; note on it what was counted and what was cut."""
        minutes = item.entry.minutes
        if minutes < 0:
            self._move(item, minutes)
            for cut in self._cut_items:
                self._fill(cut)
            self._cut_items = [cut for cut in self._cut_items if cut.cut]
            return
        item.cut = minutes
        self._fill(item)
        if item.cut:
            self._cut_items.append(item)

    def is_met(self) -> bool:
        """All hours and each minimum."""
        if self.total + self.carried < self.rules.needed_minutes:
            return False
        return all(self.by_category.get(category, 0) >= least for category, least in self._minimums)

    def _fill(self, item: Item) -> None:
        room, tightest = item.cut, ""
        if self._caps:
            for category in item.entry.categories:
                cap = self._caps.get(category)
                if cap is not None and cap - self.by_category.get(category, 0) < room:
                    room, tightest = max(0, cap - self.by_category.get(category, 0)), category
        item.cut -= room
        item.cut_by = tightest
        if room:
            self._move(item, room)

    def _move(self, item: Item, minutes: int) -> None:
        item.counted += minutes
        self.total += minutes
        for category in item.entry.categories:
            self.by_category[category] = self.by_category.get(category, 0) + minutes


def demands_hours(rules: StandardRules) -> bool:
    """False for a standard of yearly duties only."""
    return rules.needed_minutes > 0 or any(row.minimum_minutes > 0 for row in rules.categories)
