"""Interval sets against sets of integers: the plainest oracle there is."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from lms.rules import intervals as sets

pairs = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=12)


def points(intervals: object) -> set[int]:
    return {at for start, end in intervals for at in range(start, end)}  # type: ignore[attr-defined]


def is_normal(intervals: sets.Intervals) -> bool:
    proper = all(start < end for start, end in intervals)
    apart = all(left[1] < right[0] for left, right in pairwise(intervals))
    return proper and apart


@given(pairs)
def test_normal_covers_the_same_points_once(raw: list[tuple[int, int]]) -> None:
    found = sets.normal(raw)
    assert is_normal(found)
    assert points(found) == points(raw)
    assert sets.length(found) == len(points(raw))


@given(pairs, st.integers(0, 60), st.integers(0, 60))
def test_adding_one_is_the_union_with_it(raw: list[tuple[int, int]], start: int, end: int) -> None:
    assert sets.add(sets.normal(raw), start, end) == sets.normal([*raw, (start, end)])


@given(pairs, pairs)
def test_union_intersection_and_difference_are_those_of_points(
    left: list[tuple[int, int]], right: list[tuple[int, int]]
) -> None:
    a, b = sets.normal(left), sets.normal(right)
    cases = {
        sets.union(a, b): points(a) | points(b),
        sets.intersection(a, b): points(a) & points(b),
        sets.difference(a, b): points(a) - points(b),
    }
    for found, expected in cases.items():
        assert is_normal(found)
        assert points(found) == expected


@given(pairs, st.integers(0, 60))
def test_gaps_are_what_is_missing_of_the_duration(raw: list[tuple[int, int]], duration: int) -> None:
    missing = sets.gaps(sets.normal(raw), duration)
    assert is_normal(missing)
    assert points(missing) == set(range(duration)) - points(raw)


def test_touching_intervals_become_one() -> None:
    assert sets.add(((0, 10), (20, 30)), 10, 20) == ((0, 30),)
