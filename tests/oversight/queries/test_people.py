"""The people behind a figure: the list says of each what the figure counted."""

from __future__ import annotations

from datetime import date

import pytest
from django.db.models import F

from core.days import add_years
from credentials.actions.correct import correct
from credentials.models import Certificate
from oversight.queries import Place, rate_of
from oversight.queries.people import Which, behind, units
from registry.models import Account, Facility, Person
from registry.rules.kinds import DutyKind
from registry.rules.standard import Occupation
from tests.factories import credentials as cred
from tests.factories import oversight as world
from tests.factories import registry as make

pytestmark = pytest.mark.django_db
VALID_FROM, ISSUED, BETWEEN = date(2026, 3, 1), date(2026, 6, 1), date(2026, 4, 1)


@pytest.fixture
def caregiver(home_facility: Facility) -> Person:
    world.standards(Occupation.CAREGIVER)
    person = make.person(name="李小禾")
    make.employment(of=person, at=home_facility)
    return person


def agree(facility: Facility, on: date) -> tuple[int, int]:
    """(counted as certified, shown as certified) on a day."""
    place = Place.of(facility)
    lines = behind(units(place, on=on, which=Which.CERTIFIED), place, on=on)
    return rate_of(facility, on=on).rate.numerator, sum(line.is_certified for line in lines)


def test_a_certificate_recorded_late_is_counted_and_shown_alike(
    caregiver: Person, home_facility: Facility
) -> None:
    cred.certificate(
        of=caregiver, issued_on=ISSUED, valid_from=VALID_FROM, valid_until=add_years(VALID_FROM, 5)
    )
    assert agree(home_facility, BETWEEN) == (1, 1)
    assert agree(home_facility, date(2026, 2, 28)) == (0, 0)


def test_a_corrected_certificate_counts_by_its_second_edition_and_yesterday_by_its_first(
    caregiver: Person, home_facility: Facility
) -> None:
    first = cred.certificate(of=caregiver, issued_on=VALID_FROM)
    issuer: Account = make.account()
    make.duty(of=issuer, kind=DutyKind.ISSUER, division=make.division("530000"))
    second = correct(certificate=first, reason="错字", by=issuer, at=cred.at(ISSUED))
    assert second.edition == first.edition + 1
    for on in (BETWEEN, date(2026, 5, 31), ISSUED, date(2026, 6, 2)):
        assert agree(home_facility, on) == (1, 1)


def test_a_renewal_that_begins_later_does_not_count_before(
    caregiver: Person, home_facility: Facility
) -> None:
    until = date(2026, 7, 1)
    cred.certificate(of=caregiver, issued_on=VALID_FROM, valid_until=until)
    cred.certificate(
        of=caregiver,
        issued_on=ISSUED,
        valid_from=until,
        valid_until=add_years(until, 5),
        cycle_starts_on=VALID_FROM,
    )
    assert agree(home_facility, date(2026, 6, 30)) == agree(home_facility, until) == (1, 1)
    cred.mark(on=caregiver_first(caregiver), effective_on=date(2026, 6, 15))
    assert agree(home_facility, date(2026, 6, 14)) == (1, 1)
    assert agree(home_facility, date(2026, 6, 30)) == (0, 0)
    assert agree(home_facility, until) == (1, 1)


def caregiver_first(person: Person) -> Certificate:
    return Certificate.objects.filter(holder=person, valid_from=F("issued_on")).get()
