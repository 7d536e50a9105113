"""The cheapest lawful way to close a cycle.

One minute bears one content, one channel and at most one topic, so a minute may
serve a minimum on each axis at once. The fewest minutes are therefore the
largest of: what is missing in all, the missing contents together, the missing
channels together, the missing topics together. The plan reaches that bound and
respects every cap; None when the caps leave no lawful way.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from registry.rules.standard import CHANNEL, CONTENT, TOPIC_PREFIX, StandardRules

_Segment = tuple[str | None, int]


@dataclass(frozen=True, slots=True)
class Step:
    """So many minutes; None on an axis: any will do, but those in `avoid`, whose cap would cut them."""

    minutes: int
    content: str | None = None
    channel: str | None = None
    topic: str | None = None
    avoid: tuple[str, ...] = ()

    @property
    def categories(self) -> tuple[str, ...]:
        """What the minutes must be."""
        topic = TOPIC_PREFIX + self.topic if self.topic else None
        return tuple(name for name in (self.content, self.channel, topic) if name)


def cheapest(rules: StandardRules, counted: Mapping[str, int], total: int) -> tuple[Step, ...] | None:
    """Steps that close a cycle in which `total` minutes are counted; most bound first, () when met."""
    topics = tuple(row.category for row in rules.categories if row.category.startswith(TOPIC_PREFIX))
    axes = (CONTENT, CHANNEL, topics)
    missing = {
        row.category: row.minimum_minutes - counted.get(row.category, 0)
        for row in rules.categories
        if row.minimum_minutes > counted.get(row.category, 0)
    }
    minutes = max(
        rules.needed_minutes - total, *(sum(missing.get(name, 0) for name in names) for names in axes), 0
    )
    room = {
        row.category: row.cap_minutes - counted.get(row.category, 0)
        for row in rules.categories
        if row.cap_minutes is not None
    }
    plans: list[list[_Segment]] = []
    avoid: list[str] = []
    for names in axes:
        plan = _axis(names, missing, room, minutes, open_ended=names is topics)
        if plan is None:
            return None
        plans.append(plan[0])
        avoid.extend(plan[1])
    return tuple(_sweep(plans, tuple(avoid)))


def _axis(
    names: tuple[str, ...],
    missing: Mapping[str, int],
    room: Mapping[str, int],
    minutes: int,
    *,
    open_ended: bool,
) -> tuple[list[_Segment], list[str]] | None:
    """Split `minutes` over one axis: the minimums first, the rest wherever there is room."""
    segments: list[_Segment] = [(name, missing[name]) for name in names if name in missing]
    if any(room.get(name, needed) < needed for name, needed in segments if name is not None):
        return None
    rest = minutes - sum(needed for _, needed in segments)
    if not rest:
        return segments, []
    left = {name: room[name] - missing.get(name, 0) for name in names if name in room}
    if open_ended or len(left) < len(names):
        return [*segments, (None, rest)], [name for name, free in left.items() if free < rest]
    for name, free in sorted(left.items(), key=lambda pair: -pair[1]):
        if rest and free > 0:
            segments.append((name, min(rest, free)))
            rest -= min(rest, free)
    return (segments, []) if not rest else None


def _sweep(plans: list[list[_Segment]], avoid: tuple[str, ...]) -> list[Step]:
    """Lay the three axes over each other: a new step wherever one of them changes."""
    steps: list[Step] = []
    queues = [list(reversed(plan)) for plan in plans]
    while all(queues):
        minutes = min(queue[-1][1] for queue in queues)
        content, channel, topic = (queue[-1][0] for queue in queues)
        open_axes = (content is None, channel is None, topic is None)
        steps.append(
            Step(
                minutes=minutes,
                content=content,
                channel=channel,
                topic=topic.removeprefix(TOPIC_PREFIX) if topic else None,
                avoid=tuple(name for name in avoid if open_axes[_axis_of(name)]),
            )
        )
        for queue in queues:
            name, left = queue.pop()
            if left > minutes:
                queue.append((name, left - minutes))
    return steps


def _axis_of(name: str) -> int:
    return 0 if name in CONTENT else 1 if name in CHANNEL else 2
