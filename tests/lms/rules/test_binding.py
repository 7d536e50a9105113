"""Who is bound by which standard; and the rulebook as shipped, lived through by one person each."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from lms.rules.cycles import Closed
from lms.rules.duties import DutyDone
from lms.rules.entries import Post, VersionInForce
from lms.rules.standing import Standing, standing
from registry.rules.rulebook import read_folder
from registry.rules.standard import YearlyDuty
from tests.lms.rules.facts import day, earn, post, version

STANDARDS = Path(__file__).parents[3] / "registry" / "data" / "standards"
COUNTY = version("2012-01-01", standard_code="KM", division_code="530102", needed_minutes=150)


def by_code(
    posts: list[Post], versions: list[VersionInForce], on: str, **given: object
) -> dict[str, Standing]:
    found = standing(given.get("entries", []), posts, versions, [], day(on))  # type: ignore[arg-type]
    return {one.standard_code: one for one in found}


def test_the_most_specific_standard_of_hours_binds_alone() -> None:
    found = by_code([post("2013-01-01")], [version(), COUNTY], "2013-02-01")
    assert list(found) == ["KM"]


def test_a_county_that_comes_later_takes_over_and_the_old_standard_stays_visible() -> None:
    found = by_code(
        [post("2010-05-01")], [version(), COUNTY], "2012-06-01", entries=[earn("2012-05-01", 100)]
    )
    assert {code: (one.in_post, one.cycles[0].starts_on) for code, one in found.items()} == {
        "KM": (True, day("2012-01-01")),
        "YN": (False, day("2010-05-01")),
    }
    assert found["YN"].cycles[0].closed_as is Closed.MET
    assert found["YN"].awards == ()  # another standard decides about her certificates now


def test_when_the_county_steps_back_the_province_binds() -> None:
    county = version("2012-01-01", "2014-01-01", standard_code="KM", division_code="530102")
    found = by_code([post("2013-01-01")], [version(), county], "2014-01-01")
    assert {code: (one.in_post, one.cycle.starts_on) for code, one in found.items()} == {
        "KM": (False, day("2013-01-01")),
        "YN": (True, day("2014-01-01")),
    }


def test_another_county_keeps_the_province() -> None:
    assert list(by_code([post("2013-01-01", division_code="530103")], [version(), COUNTY], "2013-02-01")) == [
        "YN"
    ]


def test_hours_can_be_met_during_a_break() -> None:
    found = by_code(
        [post("2010-05-01", "2011-01-01")], [version()], "2012-01-01", entries=[earn("2011-06-01", 100)]
    )
    assert (found["YN"].in_post, len(found["YN"].awards)) == (False, 1)


def test_a_duty_of_two_divisions_is_owed_once_as_the_strictest_demands_it() -> None:
    province = version(yearly_duties=(YearlyDuty("health_check", 12), YearlyDuty("hygiene_training", 12)))
    county = version(
        standard_code="KM",
        division_code="530102",
        needed_minutes=0,
        yearly_duties=(YearlyDuty("health_check", 6),),
    )
    found = by_code([post("2010-05-01")], [province, county], "2010-06-01")
    assert {code: [duty.kind for duty in one.duties] for code, one in found.items()} == {
        "KM": ["health_check"],
        "YN": ["hygiene_training"],
    }


def test_nobody_owes_duties_of_a_post_she_has_left() -> None:
    rules = version(yearly_duties=(YearlyDuty("health_check"),), entry_duties=("entry_training",))
    posts = [post("2010-05-01", "2011-01-01")]
    assert [len(by_code(posts, [rules], on)["YN"].duties) for on in ("2010-12-31", "2011-01-01")] == [1, 0]
    assert [len(by_code(posts, [rules], on)["YN"].entry_duties) for on in ("2010-12-31", "2011-01-01")] == [
        1,
        0,
    ]


def test_a_target_alone_binds_nobody() -> None:
    assert (
        by_code([post("2010-05-01")], [version(needed_minutes=0, target_rate_percent=85)], "2011-01-01") == {}
    )


def shipped() -> list[VersionInForce]:
    return [
        VersionInForce(
            one.code,
            dated.number,
            one.title,
            one.occupation,
            one.division_code,
            dated.in_force,
            dated.rules,
            dated.citation.fact,
        )
        for one in read_folder(STANDARDS)
        for dated in one.versions
    ]


@pytest.mark.parametrize(
    ("division", "occupation", "code", "class_hours"),
    [
        ("530102", "director", "yunnan-directors", 60),
        ("532901", "caregiver", "yunnan-caregivers", 120),
        ("310117", "caregiver", "songjiang-staff-caregiver", 128),
    ],
)
def test_the_shipped_rulebook_demands_its_hours(
    division: str, occupation: str, code: str, class_hours: int
) -> None:
    posts = [post("2023-03-01", occupation=occupation, division_code=division)]
    (found,) = standing([], posts, shipped(), [], date(2023, 3, 1))
    assert (found.standard_code, found.hours.remaining) == (code, class_hours * 45)
    assert found.what_next is not None
    assert sum(step.minutes for step in found.what_next) == class_hours * 45
    done = [
        earn("2023-04-01", step.minutes, content=step.content or "theory", channel=step.channel or "offline")
        for step in found.what_next
    ]
    (after,) = standing(done, posts, shipped(), [], date(2023, 4, 1))
    assert after.cycles[0].met_on == date(2023, 4, 1)


def test_anshan_asks_for_hygiene_training_and_a_health_check_each_year() -> None:
    posts = [post("2023-03-01", division_code="210302")]
    done = [DutyDone("health_check", date(2024, 2, 1))]
    (found,) = standing([], posts, shipped(), [], date(2024, 3, 1), duties_done=done)
    assert {duty.kind: (duty.due_on, duty.is_overdue) for duty in found.duties} == {
        "hygiene_training": (date(2024, 3, 1), True),
        "health_check": (date(2025, 2, 1), False),
    }


def test_xinyu_asks_for_training_and_assessment_on_entry() -> None:
    posts = [post("2023-03-01", division_code="360502")]
    done = [DutyDone("entry_training", date(2023, 3, 2))]
    (found,) = standing([], posts, shipped(), [], date(2023, 4, 1), duties_done=done)
    assert {duty.kind: duty.done_on for duty in found.entry_duties} == {
        "entry_training": date(2023, 3, 2),
        "entry_assessment": None,
    }


def test_huzhou_names_a_target_and_demands_nothing_of_a_person() -> None:
    assert standing([], [post("2023-03-01", division_code="330502")], shipped(), [], date(2024, 1, 1)) == ()
