"""One measured row: what ours took, what the yardstick took, and how they compare."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any


@dataclass(frozen=True, slots=True)
class Figure:
    """One side in one round. `cpu_ms`: user and system time of the server's processes for one of them."""

    per_second: float
    p50_ms: float
    p99_ms: float
    cpu_ms: float


@dataclass(frozen=True, slots=True)
class Row:
    """`ratio`: the median, over the rounds, of our rate divided by the yardstick's in the same round.

    1.00 is as fast as the yardstick. `bound`: `--check` fails below it; generous, since machines are noisy.
    """

    key: str
    engine: str
    ours: Figure
    what: str
    theirs: Figure
    yardstick: str
    ratio: float
    cpu_ratio: float
    bound: float
    rounds: int

    @property
    def holds(self) -> bool:
        return self.ratio >= self.bound

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "holds": self.holds}


def compare(
    key: str,
    *,
    engine: str,
    what: str,
    yardstick: str,
    bound: float,
    rounds: int,
    ours: Callable[[], Figure],
    theirs: Callable[[], Figure],
) -> Row:
    """Measure both sides in turn, A B, B A, so that a slow spell hits both. The first pair warms up."""
    pairs: list[tuple[Figure, Figure]] = []
    for number in range(rounds + 1):
        if number % 2:
            second = theirs()
            first = ours()
        else:
            first = ours()
            second = theirs()
        pairs.append((first, second))
    pairs = pairs[1:]
    return Row(
        key=key,
        engine=engine,
        what=what,
        yardstick=yardstick,
        ours=_middle([pair[0] for pair in pairs]),
        theirs=_middle([pair[1] for pair in pairs]),
        ratio=median(a.per_second / b.per_second for a, b in pairs),
        cpu_ratio=median(a.cpu_ms / b.cpu_ms if b.cpu_ms else 0.0 for a, b in pairs),
        bound=bound,
        rounds=rounds,
    )


def _middle(figures: Sequence[Figure]) -> Figure:
    return Figure(
        *(
            median(getattr(figure, name) for figure in figures)
            for name in ("per_second", "p50_ms", "p99_ms", "cpu_ms")
        )
    )


SIDE = ("per second", "p50 ms", "p99 ms", "CPU ms")
HEADS = ("database", "row", *SIDE, "yardstick", *SIDE, "ratio", "bound", "CPU ratio")


def table(rows: Sequence[Row]) -> str:
    """All rows, aligned."""
    lines = [list(HEADS)]
    for row in rows:
        lines.append(
            [
                row.engine,
                row.what,
                *_numbers(row.ours),
                row.yardstick,
                *_numbers(row.theirs),
                _short(row.ratio),
                _short(row.bound),
                _short(row.cpu_ratio),
            ]
        )
    widths = [max(_wide(line[column]) for line in lines) for column in range(len(HEADS))]
    texts = {0, 1, 6}
    drawn = []
    for number, line in enumerate(lines):
        cells = [_padded(cell, widths[column], right=column not in texts) for column, cell in enumerate(line)]
        drawn.append("  ".join(cells).rstrip())
        if number == 0:
            drawn.append("  ".join("─" * width for width in widths))
    return "\n".join(drawn)


def _numbers(figure: Figure) -> list[str]:
    return [_short(getattr(figure, name)) for name in ("per_second", "p50_ms", "p99_ms", "cpu_ms")]


def _short(value: float) -> str:
    """Three digits that mean something, and thousands apart."""
    if value >= 100:
        return f"{value:,.0f}"
    if value >= 10:
        return f"{value:.1f}"
    return f"{value:.2f}" if value >= 0.1 else f"{value:.2g}"


def _wide(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def _padded(text: str, width: int, *, right: bool) -> str:
    blank = " " * (width - _wide(text))
    return blank + text if right else text + blank
