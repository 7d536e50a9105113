from __future__ import annotations

import pytest

from lms.rules.duties import DutyDone, add_months, duties_of, entry_duties_of, known
from lms.rules.reasons import Code
from registry.rules.standard import YearlyDuty
from tests.lms.rules.facts import day

CHECK = YearlyDuty("health_check")


def test_the_first_is_due_a_year_after_it_began_to_bind() -> None:
    (one,) = duties_of([CHECK], [], day("2024-03-01"), day("2024-06-01"))
    assert (one.due_on, one.is_overdue, one.reason.code) == (day("2025-03-01"), False, Code.DUTY_FIRST)


def test_the_next_is_due_a_year_after_the_last() -> None:
    done = [DutyDone("health_check", day("2024-05-05")), DutyDone("health_check", day("2023-05-05"))]
    (one,) = duties_of([CHECK], done, day("2024-03-01"), day("2024-06-01"))
    assert (one.last_done_on, one.due_on, one.reason.code) == (
        day("2024-05-05"),
        day("2025-05-05"),
        Code.DUTY_DUE,
    )


@pytest.mark.parametrize(
    ("on", "overdue", "reminder"),
    [
        ("2024-11-30", False, None),  # 91 days
        ("2024-12-01", False, 90),
        ("2025-01-14", False, 90),  # 46 days
        ("2025-01-15", False, 45),
        ("2025-02-14", False, 15),
        ("2025-02-28", False, 15),
        ("2025-03-01", True, None),
    ],
)
def test_reminders_come_90_45_and_15_days_before(on: str, overdue: bool, reminder: int | None) -> None:
    (one,) = duties_of([CHECK], [], day("2024-03-01"), day(on))
    assert (one.is_overdue, one.reminder) == (overdue, reminder)
    assert (one.reason.code is Code.DUTY_OVERDUE) is overdue


def test_what_is_done_later_or_of_another_kind_does_not_count() -> None:
    done = [DutyDone("health_check", day("2024-07-01")), DutyDone("hygiene_training", day("2024-05-01"))]
    both = duties_of([CHECK, YearlyDuty("hygiene_training", 6)], done, day("2024-03-01"), day("2024-06-01"))
    assert [(one.last_done_on, one.due_on) for one in both] == [
        (None, day("2025-03-01")),
        (day("2024-05-01"), day("2024-11-01")),
    ]


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2024-01-31", 1, "2024-03-01"),
        ("2024-01-29", 1, "2024-02-29"),
        ("2023-01-29", 1, "2023-03-01"),
        ("2024-02-29", 12, "2025-03-01"),
        ("2024-12-15", 1, "2025-01-15"),
        ("2024-11-30", 15, "2026-03-01"),
        ("2024-10-31", 1, "2024-12-01"),
    ],
)
def test_a_short_month_takes_no_day_away(start: str, months: int, end: str) -> None:
    assert add_months(day(start), months) == day(end)


@pytest.mark.parametrize(
    ("done_on", "due_on", "outstanding"),
    [
        ([], "2025-03-01", 4),
        (["2024-04-01"], "2025-03-01", 3),
        (["2024-04-01", "2024-05-01", "2024-06-01", "2024-07-01"], "2025-04-01", 1),
        (["2024-04-01", "2024-05-01", "2024-06-01", "2024-07-01", "2024-08-01"], "2025-05-01", 1),
    ],
)
def test_four_a_year_are_reckoned_from_the_fourth_last(
    done_on: list[str], due_on: str, outstanding: int
) -> None:
    duty = YearlyDuty("specialised_training", 12, times=4)
    done = [DutyDone("specialised_training", day(on)) for on in done_on]
    (one,) = duties_of([duty], done, day("2024-03-01"), day("2024-09-01"))
    assert (one.due_on, one.outstanding) == (day(due_on), outstanding)


@pytest.mark.parametrize(
    ("done_on", "counts"),
    [
        ("2024-01-30", False),
        ("2024-01-31", True),
        ("2024-03-01", True),
        ("2024-09-01", True),
        ("2024-09-02", False),
    ],
)
def test_a_duty_of_joining_is_done_in_the_post_or_just_before_it(done_on: str, counts: bool) -> None:
    done = [DutyDone("entry_training", day(done_on))]
    training, assessment = entry_duties_of(
        ("entry_training", "entry_assessment"), done, day("2024-03-01"), day("2024-09-01")
    )
    assert training.done_on == (day(done_on) if counts else None)
    assert training.reason.code is (Code.ENTRY_DONE if counts else Code.ENTRY_OWED)
    assert (assessment.done_on, assessment.reason.code) == (None, Code.ENTRY_OWED)


@pytest.mark.parametrize(
    ("known_on", "seen"),
    [
        ("2024-05-09", []),
        ("2024-05-10", [None]),
        ("2024-05-19", [None]),
        ("2024-05-20", [day("2024-05-20")]),
        ("2024-05-31", [day("2024-05-20")]),
        ("2024-06-01", []),
    ],
)
def test_a_day_knows_what_was_recorded_confirmed_and_taken_back_by_then(
    known_on: str, seen: list[object]
) -> None:
    one = DutyDone(
        "health_check", day("2024-05-05"), recorded_on=day("2024-05-10"),
        authority_on=day("2024-05-20"), taken_back_on=day("2024-06-01"),
    )  # fmt: skip
    assert [found.authority_on for found in known([one], day(known_on))] == seen


def test_a_rule_that_wants_the_authority_counts_its_word_alone_and_names_what_waits() -> None:
    strict = YearlyDuty("health_check", by_authority=True)
    done = [
        DutyDone("health_check", day("2024-04-01"), authority_on=day("2024-04-02")),
        DutyDone("health_check", day("2024-05-05")),
    ]
    for reported, last, waits in (
        (done, day("2024-04-01"), True),
        (done[:1], day("2024-04-01"), False),
        (done[1:], None, True),
    ):
        (one,) = duties_of([strict], reported, day("2024-03-01"), day("2024-06-01"))
        assert (one.last_done_on, one.unconfirmed is not None) == (last, waits)
    (lenient,) = duties_of([CHECK], done, day("2024-03-01"), day("2024-06-01"))
    assert (lenient.last_done_on, lenient.unconfirmed) == (day("2024-05-05"), None)


def test_what_the_facility_reports_for_before_the_last_that_counts_waits_for_nobody() -> None:
    done = [
        DutyDone("health_check", day("2024-04-01")),
        DutyDone("health_check", day("2024-05-05"), authority_on=day("2024-05-05")),
    ]
    (one,) = duties_of(
        [YearlyDuty("health_check", by_authority=True)], done, day("2024-03-01"), day("2024-06-01")
    )
    assert (one.last_done_on, one.unconfirmed) == (day("2024-05-05"), None)
