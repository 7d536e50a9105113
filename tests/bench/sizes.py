"""How much data, and for how long it is asked. Everything random is drawn from SEED."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

SEED = 20260302
CONNECTIONS = 16
LEDGER_LINES = 500


@dataclass(frozen=True, slots=True)
class Size:
    """`people` are in post and hold one certificate each; a round lasts `seconds` for each of two sides."""

    name: str
    people: int
    learners: int  # who send heartbeats
    batch: int  # certificates issued at once
    drawn: int  # certificates set as PDF, for each round
    rounds: int
    seconds: float
    repeats: int  # how often one round asks a query

    @property
    def facilities(self) -> int:
        return max(2, self.people // 12)

    @property
    def batches(self) -> int:
        """Rounds of issuing; each needs people who hold nothing yet."""
        return min(3, self.rounds)

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "seed": SEED, "connections": CONNECTIONS, "ledger_lines": LEDGER_LINES}


SIZES = {
    size.name: size
    for size in (
        Size("tiny", people=300, learners=16, batch=20, drawn=2, rounds=2, seconds=0.3, repeats=2),
        Size("short", people=20_000, learners=64, batch=1000, drawn=20, rounds=3, seconds=0.4, repeats=5),
        Size("100k", people=100_000, learners=64, batch=1000, drawn=30, rounds=5, seconds=2.0, repeats=5),
        Size("full", people=1_000_000, learners=64, batch=1000, drawn=50, rounds=7, seconds=3.0, repeats=3),
    )
}
