"""Which lines a learner may contest, who answers, and what may be answered. docs/rules/cycles.md."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from lms.rules.lines import Line, Outcome
from lms.rules.reasons import Code


def may_be_contested(line: Line) -> bool:
    """A line that does not count, or counts in part. What waits is not refused yet."""
    if line.outcome is Outcome.COUNTED:
        return line.cut_minutes > 0
    return line.outcome in (Outcome.REFUSED, Outcome.REVERSED) and line.code is not Code.REVERSES


def first_level(chain: Sequence[str], recorded_at: Collection[str]) -> str:
    """The division that answers: the county, or the level above the highest that recorded the line.

    `chain`: codes of the county and what lies above it, upwards; `recorded_at`: divisions of which
    whoever recorded the line was an officer. At the top it stays there, with another officer.
    """
    highest = max((chain.index(code) for code in recorded_at if code in chain), default=-1)
    return chain[min(highest + 1, len(chain) - 1)]
