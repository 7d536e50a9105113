"""Who of the staff may do her post: the post decides, not just any certificate."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from credentials.queries.staff import StaffLine, staff_standing
from registry.models import Facility, Person
from registry.rules.standard import Occupation
from tests.factories import credentials as cred
from tests.factories import registry as make

pytestmark = pytest.mark.django_db
DAY = date(2026, 6, 1)


@pytest.fixture
def person(home_facility: Facility) -> Person:
    row = make.person()
    make.employment(of=row, at=home_facility)
    return row


def line(facility: Facility, on: date = DAY) -> StaffLine:
    (only,) = staff_standing(facility, on=on).lines
    return only


def test_without_a_certificate(home_facility: Facility, person: Person) -> None:
    assert (line(home_facility).state, line(home_facility).fit) == ("none", False)


def test_who_needs_no_certificate_is_fit_without_one(home_facility: Facility) -> None:
    cred.standard_for(Occupation.CAREGIVER)
    make.employment(of=make.person(), at=home_facility, occupation=Occupation.HEALTH)
    guard = line(home_facility)
    assert (guard.state, guard.demanded, guard.fit) == ("none", False, True)
    make.exclusion(of=guard.employment.person, kind="ban")
    assert not line(home_facility).fit, "a measure keeps everybody out"


def test_where_the_rulebook_asks_nobody_everybody_needs_one(home_facility: Facility) -> None:
    make.employment(of=make.person(), at=home_facility, occupation=Occupation.HEALTH)
    assert (line(home_facility).demanded, line(home_facility).fit) == (True, False)


def test_a_certificate_for_another_post_is_none_for_this_one(home_facility: Facility, person: Person) -> None:
    cred.certificate(of=person, occupation=Occupation.DIRECTOR)
    assert (line(home_facility).state, line(home_facility).other_occupation) == ("none", "director")


def test_the_certificate_that_stands_hides_the_one_it_replaced(
    home_facility: Facility, person: Person
) -> None:
    old = cred.certificate(of=person)
    cred.mark(on=old, kind="replaced", ground="correction")
    new = cred.certificate(of=person, cycle_starts_on=date(2025, 1, 1))
    assert (line(home_facility).state, line(home_facility).certificate) == ("valid", new)


def test_a_renewal_that_follows_without_a_gap_counts_as_one(home_facility: Facility, person: Person) -> None:
    cred.certificate(of=person, valid_until=date(2026, 7, 1))
    assert (line(home_facility).until, line(home_facility).soon) == (date(2026, 7, 1), True)
    cred.certificate(
        of=person, cycle_starts_on=date(2026, 1, 1), valid_from=date(2026, 7, 1), valid_until=date(2031, 7, 1)
    )
    assert (line(home_facility).until, line(home_facility).soon) == (date(2031, 7, 1), False)


def test_a_renewal_after_a_gap_does_not(home_facility: Facility, person: Person) -> None:
    cred.certificate(of=person, valid_until=date(2026, 7, 1))
    cred.certificate(
        of=person, cycle_starts_on=date(2026, 1, 1), valid_from=date(2026, 7, 2), valid_until=date(2031, 7, 1)
    )
    assert line(home_facility).until == date(2026, 7, 1)


def test_a_ban_outweighs_a_suspension_and_a_certificate(home_facility: Facility, person: Person) -> None:
    cred.certificate(of=person)
    assert line(home_facility).fit
    make.exclusion(of=person, kind="suspension", until=DAY + timedelta(days=9))
    assert (line(home_facility).measure, line(home_facility).fit) == ("suspension", False)
    make.exclusion(of=person, kind="ban")
    make.exclusion(of=person, kind="suspension", until=DAY + timedelta(days=9))
    assert line(home_facility).measure == "ban"


def test_as_of_a_day_only_who_was_in_post_then(home_facility: Facility, person: Person) -> None:
    cred.certificate(of=person)
    assert not line(home_facility, date(2026, 3, 1)).fit
    assert line(home_facility, date(2026, 3, 2)).fit
    assert staff_standing(home_facility, on=date(2021, 1, 1)).lines == ()
