"""How many a draft touches, by division; who has posts in two counties counts in both, once above."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from lms.rules.rehearsal import Outcome, Verdict
from registry.rules.divisions import chain_of


@dataclass(slots=True)
class Counts:
    """Sums that grow by one outcome at a time. `by_division` may share people between its rows."""

    total: Counter[Verdict] = field(default_factory=Counter)
    by_division: defaultdict[str, Counter[Verdict]] = field(default_factory=lambda: defaultdict(Counter))
    cycles_moved: int = 0

    def add(self, outcome: Outcome, divisions: Iterable[str]) -> None:
        """`divisions` are those of her posts in the occupation."""
        verdict = outcome.verdict
        self.total[verdict] += 1
        self.cycles_moved += outcome.moved
        for code in {above for division in divisions for above in chain_of(division)}:
            self.by_division[code][verdict] += 1

    @property
    def bound(self) -> int:
        """All that were compared."""
        return sum(self.total.values())
