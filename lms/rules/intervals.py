"""Sets of half-open integer intervals: what was watched, when someone was there.

A set is a sorted tuple of disjoint, non-touching `(start, end)` pairs with
`start < end`; whoever holds one may compare two with `==`. The unit is the
caller's (milliseconds in this room). Every function runs in one pass.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

Interval = tuple[int, int]
Intervals = tuple[Interval, ...]

EMPTY: Intervals = ()


def normal(pairs: Iterable[Sequence[int]]) -> Intervals:
    """The set covering exactly the given pairs, in any order, overlapping or not; empty pairs vanish."""
    merged: list[Interval] = []
    for start, end in sorted((pair[0], pair[1]) for pair in pairs):
        if end <= start:
            continue
        if merged and start <= merged[-1][1]:
            if end > merged[-1][1]:
                merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    return tuple(merged)


def add(intervals: Intervals, start: int, end: int) -> Intervals:
    """The set with `[start, end)` joined in; costs a search, not a sort."""
    if end <= start:
        return intervals
    first = bisect_left(intervals, start, key=lambda pair: pair[1])
    last = bisect_right(intervals, end, key=lambda pair: pair[0])
    if first < last:
        start = min(start, intervals[first][0])
        end = max(end, intervals[last - 1][1])
    return (*intervals[:first], (start, end), *intervals[last:])


def union(left: Intervals, right: Intervals) -> Intervals:
    """What lies in either."""
    return normal((*left, *right))


def intersection(left: Intervals, right: Intervals) -> Intervals:
    """What lies in both."""
    found: list[Interval] = []
    i = j = 0
    while i < len(left) and j < len(right):
        start = max(left[i][0], right[j][0])
        end = min(left[i][1], right[j][1])
        if start < end:
            found.append((start, end))
        if left[i][1] < right[j][1]:
            i += 1
        else:
            j += 1
    return tuple(found)


def difference(left: Intervals, right: Intervals) -> Intervals:
    """What lies in `left` and not in `right`."""
    if not left:
        return EMPTY
    return intersection(left, complement(right, left[0][0], left[-1][1]))


def complement(intervals: Intervals, start: int, end: int) -> Intervals:
    """What is missing between `start` and `end`."""
    missing: list[Interval] = []
    at = start
    for left, right in intervals:
        if right <= start:
            continue
        if left >= end:
            break
        if left > at:
            missing.append((at, left))
        at = max(at, right)
    if at < end:
        missing.append((at, end))
    return tuple(missing)


def length(intervals: Intervals) -> int:
    """How much the set covers."""
    return sum(end - start for start, end in intervals)


def gaps(intervals: Intervals, duration: int) -> Intervals:
    """What of `[0, duration)` is still missing; the learner's timeline plays just these."""
    return complement(intervals, 0, duration)
