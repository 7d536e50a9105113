from __future__ import annotations

from datetime import date

from core.days import Period
from oversight.rules.demand import common_target, demand, speaking
from registry.rules.applicable import DatedRules
from registry.rules.standard import Occupation, StandardRules

DAY = date(2026, 3, 2)
CERTIFIES = StandardRules(needed_minutes=5400)
TRAINS_ONLY = StandardRules(needed_minutes=5400, certificate_years=None)


def aims(percent: int) -> StandardRules:
    return StandardRules(target_rate_percent=percent, certificate_years=None, cycle_years=None)


def rules(
    division: str,
    occupation: Occupation,
    what: StandardRules = CERTIFIES,
    since: date = date(2021, 1, 1),
    until: date | None = None,
) -> DatedRules:
    return DatedRules(f"{division}-{occupation}", 1, division, occupation, Period(since, until), what)


YUNNAN = (rules("530000", Occupation.DIRECTOR), rules("530000", Occupation.CAREGIVER))


def test_yunnan_counts_directors_and_caregivers() -> None:
    found = demand(YUNNAN, divisions=["530102", "532901"], day=DAY)
    assert found.occupations == (Occupation.DIRECTOR, Occupation.CAREGIVER)
    assert found.is_everywhere(Occupation.CAREGIVER)
    assert found.where[Occupation.SECURITY] == frozenset()


def test_nobody_is_counted_before_the_rule_came_and_after_it_ended() -> None:
    book = (rules("530000", Occupation.DIRECTOR, until=date(2026, 3, 2)),)
    assert demand(book, divisions=["530102"], day=date(2020, 12, 31)).occupations == ()
    assert demand(book, divisions=["530102"], day=date(2021, 1, 1)).occupations == (Occupation.DIRECTOR,)
    assert demand(book, divisions=["530102"], day=date(2026, 3, 1)).occupations == (Occupation.DIRECTOR,)
    assert demand(book, divisions=["530102"], day=date(2026, 3, 2)).occupations == ()


def test_training_without_a_certificate_does_not_count_anybody() -> None:
    assert (
        demand((rules("530000", Occupation.HEALTH, TRAINS_ONLY),), divisions=["530102"], day=DAY).occupations
        == ()
    )


def test_a_target_counts_those_it_aims_at_where_no_hours_are_demanded() -> None:
    """Huzhou H1: 85% of the staff, whatever certifies them."""
    book = tuple(rules("330500", occupation, aims(85)) for occupation in Occupation)
    found = demand(book, divisions=["330502", "330102"], day=DAY)
    assert found.occupations == tuple(Occupation)
    assert found.where[Occupation.SECURITY] == frozenset({"330502"})
    assert not found.is_everywhere(Occupation.SECURITY)


def test_a_county_that_demands_more_counts_more() -> None:
    book = (*YUNNAN, rules("530102", Occupation.HEALTH))
    found = demand(book, divisions=["530102", "530103"], day=DAY)
    assert found.where[Occupation.HEALTH] == frozenset({"530102"})
    assert found.only(Occupation.HEALTH).occupations == (Occupation.HEALTH,)


def test_a_common_target_is_shown_and_two_different_ones_are_not() -> None:
    same = tuple(rules("330500", occupation, aims(85)) for occupation in Occupation)
    found = demand(same, divisions=["330502"], day=DAY)
    assert common_target(same, division="330502", demanded=found, day=DAY) == 85
    mixed = (rules("330500", Occupation.DIRECTOR, aims(90)), rules("330500", Occupation.CAREGIVER, aims(85)))
    found = demand(mixed, divisions=["330502"], day=DAY)
    assert common_target(mixed, division="330502", demanded=found, day=DAY) is None
    one = found.only(Occupation.DIRECTOR)
    assert common_target(mixed, division="330502", demanded=one, day=DAY) == 90


def test_a_target_of_a_part_of_the_staff_is_no_target_of_all() -> None:
    book = (*YUNNAN, rules("530102", Occupation.CAREGIVER, aims(85)))
    found = demand(book, divisions=["530102"], day=DAY)
    assert common_target(book, division="530102", demanded=found, day=DAY) is None


def test_the_versions_behind_the_figures_are_named_once() -> None:
    found = demand(YUNNAN, divisions=["530102"], day=DAY)
    assert {rules.code for rules in speaking(YUNNAN, division="530102", demanded=found, day=DAY)} == {
        "530000-director",
        "530000-caregiver",
    }
