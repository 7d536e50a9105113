from __future__ import annotations

import pytest

from lms.rules.contests import first_level, may_be_contested
from lms.rules.lines import Line, Outcome
from lms.rules.reasons import Code, Reason, said
from tests.lms.rules.facts import day, earn

CHAIN = ("530102", "530100", "530000")


@pytest.mark.parametrize(
    ("recorded_at", "level"),
    [
        ([], "530102"),
        (["532901"], "530102"),
        (["530102"], "530100"),
        (["530100"], "530000"),
        (["530102", "530100"], "530000"),
        (["530000"], "530000"),
    ],
)
def test_the_county_answers_unless_it_recorded_the_line_itself(recorded_at: list[str], level: str) -> None:
    assert first_level(CHAIN, recorded_at) == level


@pytest.mark.parametrize(
    ("outcome", "code", "cut", "may"),
    [
        (Outcome.COUNTED, Code.IN_CYCLE, 0, False),
        (Outcome.COUNTED, Code.IN_CYCLE, 10, True),
        (Outcome.COUNTED, Code.SURPLUS, 0, False),
        (Outcome.PENDING, Code.PENDING, 0, False),
        (Outcome.REFUSED, Code.SOURCE_NOT_COUNTED, 0, True),
        (Outcome.REVERSED, Code.REVERSED, 0, True),
        (Outcome.REVERSED, Code.REVERSES, 0, False),
    ],
)
def test_what_is_refused_or_cut_may_be_contested(outcome: Outcome, code: Code, cut: int, may: bool) -> None:
    assert may_be_contested(Line(earn("2026-01-01", 45), outcome, code, cut_minutes=cut)) is may


def test_a_kept_reason_is_said_as_it_was() -> None:
    reason = Reason(Code.SURPLUS, cycle=2, met_on=day("2026-01-02"))
    assert said(reason.as_json()) == reason.words
    assert said(Reason(Code.SURPLUS, cycle=2, met_on=None).as_json())
