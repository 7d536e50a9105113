from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.rules.reasons import Code
from lms.rules.sessions import Presence, Timetable, attended, code_at, code_matches

NINE = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return NINE + timedelta(minutes=minutes)


MORNING = Timetable(NINE, at(180), breaks=((at(80), at(100)),))  # three hours with a break of twenty minutes


def there(*spans: tuple[float, float | None]) -> list[Presence]:
    return [Presence(at(begin), None if end is None else at(end)) for begin, end in spans]


@pytest.mark.parametrize(
    ("presences", "earned", "lost"),
    [
        (there((-10, 190)), 160, ()),
        (there((0, 180)), 160, ()),
        (there((25, 180)), 135, ((Code.ARRIVED_LATE, 25),)),
        (there((0, 150)), 130, ((Code.LEFT_EARLY, 30),)),
        (there((90, 180)), 80, ((Code.ARRIVED_LATE, 80),)),  # the break is nobody's loss
        (there((0, 80), (100, 180)), 160, ()),
        (there((0, 40), (70, 180)), 130, ((Code.ABSENT_BETWEEN, 30),)),
        (
            there((10, 40), (70, 170)),
            110,
            ((Code.ARRIVED_LATE, 10), (Code.LEFT_EARLY, 10), (Code.ABSENT_BETWEEN, 30)),
        ),
        (there((0, 100), (50, 180)), 160, ()),
        (there((0.5, 180)), 159, ((Code.ARRIVED_LATE, 1),)),
        (there((200, 300)), 0, ((Code.ARRIVED_LATE, 160),)),
        ([], 0, ((Code.NOT_SIGNED_IN, 160),)),
        (there((0, None)), 0, ((Code.NOT_SIGNED_OUT, 160),)),
        (there((0, 60), (70, None)), 60, ((Code.LEFT_EARLY, 100),)),
    ],
)
def test_minutes_earned_are_those_taught_while_she_was_there(
    presences: list[Presence], earned: int, lost: tuple[tuple[Code, int], ...]
) -> None:
    found = attended(MORNING, presences)
    assert (found.offered_minutes, found.earned_minutes, found.lost) == (160, earned, lost)
    assert [reason.code for reason in found.reasons] == ([code for code, _ in lost] or [Code.ATTENDED])


moments = st.floats(-30, 220, allow_nan=False).map(lambda minutes: round(minutes, 3))
spans = st.tuples(moments, moments).map(lambda pair: (min(pair), max(pair)))


@given(st.lists(spans, max_size=4), st.lists(spans, max_size=3))
def test_offered_is_earned_plus_lost_to_the_minute(
    present: list[tuple[float, float]], breaks: list[tuple[float, float]]
) -> None:
    timetable = Timetable(NINE, at(180), tuple((at(begin), at(end)) for begin, end in breaks))
    found = attended(timetable, there(*present))
    assert found.earned_minutes + sum(minutes for _, minutes in found.lost) == found.offered_minutes
    assert 0 <= found.earned_minutes <= found.offered_minutes <= 180
    assert all(minutes > 0 or not found.offered_minutes for _, minutes in found.lost)


SECRET = b"one session's own secret"


def test_a_code_lives_for_its_step_and_one_more() -> None:
    start = datetime(2026, 3, 2, 1, 0, 0, tzinfo=UTC)
    code = code_at(SECRET, start)
    lives = [
        second for second in range(-30, 60) if code_matches(SECRET, code, start + timedelta(seconds=second))
    ]
    assert lives == list(range(20))


def test_no_drift_means_this_step_only() -> None:
    code = code_at(SECRET, NINE)
    assert code_matches(SECRET, code, NINE + timedelta(seconds=9), drift=0) is True
    assert code_matches(SECRET, code, NINE + timedelta(seconds=10), drift=0) is False


def test_a_code_belongs_to_one_session() -> None:
    assert code_matches(b"another session", code_at(SECRET, NINE), NINE) is False


@given(st.integers(0, 10_000_000))
def test_a_code_is_six_digits(seconds: int) -> None:
    code = code_at(SECRET, NINE + timedelta(seconds=seconds))
    assert len(code) == 6
    assert code.isascii()
    assert code.isdigit()


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "12345六", "\ud800", "١٢٣٤٥٦"])
def test_nonsense_does_not_match(typed: str) -> None:
    assert code_matches(SECRET, typed, NINE) is False


def test_codes_are_spread() -> None:
    codes = {code_at(SECRET, NINE + timedelta(seconds=10 * step)) for step in range(500)}
    assert len(codes) > 490


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        code_at(SECRET, datetime(2026, 3, 2))  # noqa: DTZ001
