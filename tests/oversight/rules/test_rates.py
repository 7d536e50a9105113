from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oversight.rules.rates import Counted, Figures, Rate, month_ends
from registry.rules.standard import Occupation

COUNTS = st.integers(0, 10**6).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole)))


def test_a_rate_is_cut_and_never_rounded_up() -> None:
    assert Rate(8499, 10000).words == "84.9%"
    assert Rate(84999, 100000).words == "84.9%"
    assert Rate(85, 100).words == "85.0%"
    assert Rate(1, 3).percent == 33.3
    assert Rate(2, 3).percent == 66.6


def test_nobody_to_count_is_no_rate_and_not_zero() -> None:
    assert (Rate(0, 0).tenths, Rate(0, 0).percent, Rate(0, 0).words, Rate(0, 0).step) == (None, None, "–", 0)
    assert (Rate(0, 7).tenths, Rate(0, 7).percent, Rate(0, 7).words, Rate(0, 7).step) == (0, 0.0, "0.0%", 1)


@pytest.mark.parametrize(("numerator", "denominator"), [(1, 0), (-1, 5), (6, 5)])
def test_more_certified_than_counted_is_refused(numerator: int, denominator: int) -> None:
    with pytest.raises(ValueError, match="is no rate"):
        Rate(numerator, denominator)


@given(COUNTS)
def test_what_is_shown_is_never_more_than_the_truth_and_less_by_under_a_tenth(pair: tuple[int, int]) -> None:
    rate = Rate(*pair)
    if rate.tenths is None:
        assert pair == (0, 0)
        return
    gap = Fraction(pair[0] * 1000, pair[1]) - rate.tenths
    assert 0 <= gap < 1
    assert rate.words == f"{rate.percent:.1f}%"


@given(COUNTS, st.integers(1, 100))
def test_a_target_is_reached_by_exactly_as_many_as_it_lacks(pair: tuple[int, int], target: int) -> None:
    rate = Rate(*pair)
    lacks = rate.lacks(target)
    reached = (pair[0] + lacks) * 100 >= target * pair[1]
    assert reached
    assert lacks == 0 or (pair[0] + lacks - 1) * 100 < target * pair[1]


@pytest.mark.parametrize(
    ("tenths", "step"), [(0, 1), (499, 1), (500, 2), (699, 2), (700, 3), (849, 3), (850, 4), (1000, 4)]
)
def test_steps_of_the_one_hue(tenths: int, step: int) -> None:
    assert Rate(tenths, 1000).step == step


def test_occupations_add_up_to_the_whole() -> None:
    counted = Counted(
        {Occupation.DIRECTOR: Figures(1, 2, 1), Occupation.CAREGIVER: Figures(5, 8, 0)},
        {Occupation.SECURITY: 3},
    )
    assert counted.total == Figures(6, 10, 1)
    assert counted.total.rate == Rate(6, 10)
    assert counted.undemanded_total == 3


def test_month_ends_run_up_to_the_day_itself() -> None:
    assert month_ends(date(2026, 3, 31), 3) == (
        date(2025, 12, 31), date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31),
    )  # fmt: skip
    assert month_ends(date(2024, 3, 1), 1) == (date(2024, 2, 29), date(2024, 3, 1))
    assert len(month_ends(date(2026, 11, 22))) == 25
