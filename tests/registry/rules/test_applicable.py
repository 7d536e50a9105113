"""Hours and targets: the most specific division speaks alone. Duties: all add up."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from core.days import Period
from registry.rules.applicable import DatedRules, Demands, applicable, dated
from registry.rules.divisions import BadDivision
from registry.rules.rulebook import read_folder
from registry.rules.standard import StandardRules, YearlyDuty

DAY = date(2026, 11, 22)
HOURS = StandardRules(needed_minutes=5400)
TARGET = StandardRules(cycle_years=None, certificate_years=None, target_rate_percent=85)


def rules(code: str, division: str, demand: StandardRules, since: date = date(2021, 1, 1)) -> DatedRules:
    return DatedRules(code, 1, division, "caregiver", Period(since), demand)


def duties(*kinds: YearlyDuty, entry: tuple[str, ...] = ()) -> StandardRules:
    return StandardRules(
        cycle_years=None, certificate_years=None, yearly_duties=tuple(kinds), entry_duties=entry
    )


def demands(*candidates: DatedRules, division: str = "530102", day: date = DAY) -> Demands:
    return applicable(candidates, division_code=division, occupation="caregiver", day=day)


def test_the_most_specific_hours_replace_the_wider() -> None:
    province, city, county = (rules(c, c, HOURS) for c in ("530000", "530100", "530102"))
    assert demands(province, city, county).hours is county
    assert demands(county, city, province).hours is county
    assert demands(province, city).hours is city
    assert demands(province, county, division="530103").hours is province
    assert demands(county, division="530100").hours is None


def test_a_target_of_the_county_leaves_the_hours_of_the_province() -> None:
    province, county = rules("p", "530000", HOURS), rules("c", "530102", TARGET)
    found = demands(province, county)
    assert (found.hours, found.target) == (province, county)


def test_duties_of_every_level_add_up() -> None:
    check, hygiene = YearlyDuty("health_check"), YearlyDuty("hygiene_training")
    province = rules("p", "530000", duties(check, entry=("entry_training",)))
    county = rules("c", "530102", duties(hygiene, entry=("entry_assessment",)))
    found = demands(province, county)
    assert found.yearly_duties == ((county, hygiene), (province, check))
    assert found.entry_duties == ((county, "entry_assessment"), (province, "entry_training"))


def test_the_same_duty_twice_is_owed_once_as_the_strictest_demands_it() -> None:
    yearly, twice = YearlyDuty("health_check", 12, 1), YearlyDuty("health_check", 6, 1)
    province, county = rules("p", "530000", duties(twice)), rules("c", "530102", duties(yearly))
    assert demands(province, county).yearly_duties == ((province, twice),)
    equal = rules("p", "530000", duties(yearly, entry=("x",)))
    closer = rules("c", "530102", duties(yearly, entry=("x",)))
    assert demands(equal, closer).yearly_duties == ((closer, yearly),)
    assert demands(equal, closer).entry_duties == ((closer, "x"),)


def test_only_what_is_in_force_on_the_day_binds() -> None:
    county = rules("c", "530102", HOURS, since=date(2026, 11, 23))
    province = rules("p", "530000", HOURS)
    assert demands(province, county).hours is province
    assert demands(province, county, day=date(2026, 11, 23)).hours is county
    assert demands(province, day=date(2020, 12, 31)).hours is None


def test_another_occupation_is_not_bound() -> None:
    found = applicable([rules("p", "530000", HOURS)], division_code="530102", occupation="security", day=DAY)
    assert found == Demands(None, None, (), ())


def test_a_code_that_is_no_division_is_refused() -> None:
    with pytest.raises(BadDivision):
        demands(division="53")


def test_the_book_answers_for_a_caregiver_of_every_region() -> None:
    book = dated(read_folder(Path(__file__).parents[3] / "registry" / "data" / "standards"))
    day = date(2023, 6, 1)

    def codes(division: str) -> tuple[str | None, str | None, list[str], list[str]]:
        found = applicable(book, division_code=division, occupation="caregiver", day=day)
        return (
            found.hours and found.hours.code,
            found.target and found.target.code,
            [duty.kind for _, duty in found.yearly_duties],
            [duty for _, duty in found.entry_duties],
        )

    assert codes("530102") == ("yunnan-caregivers", None, [], [])
    assert codes("210302") == (None, None, ["hygiene_training", "health_check"], [])
    assert codes("330502") == (None, "huzhou-target-caregiver", [], [])
    assert codes("360502") == (None, None, [], ["entry_training", "entry_assessment"])
    assert codes("310117") == ("songjiang-staff-caregiver", "songjiang-staff-caregiver", [], [])
    assert codes("310101") == (None, None, [], [])
