"""Which certificates an account may open: the scope is in the query."""

from __future__ import annotations

from datetime import date

from credentials.models import Certificate
from registry.models import Account, Facility
from registry.rules.kinds import DutyKind
from tests.factories import credentials as cred
from tests.factories import registry as make

LEFT = date(2024, 1, 1)


def test_an_officer_sees_what_was_issued_before_somebody_left_her_county_and_nothing_since(
    county_officer: Account, other_county_officer: Account, home_facility: Facility, other_facility: Facility
) -> None:
    moved = make.person(name="杨远行")
    make.employment(of=moved, at=other_facility, started_on=date(2021, 1, 1), until=LEFT)
    make.employment(of=moved, at=home_facility, started_on=LEFT)
    before = cred.certificate(of=moved, issued_on=date(2022, 5, 1), division_code="532901")
    after = cred.certificate(of=moved, issued_on=LEFT)
    assert set(Certificate.objects.visible_to(other_county_officer)) == {before}
    assert set(Certificate.objects.visible_to(county_officer)) == {before, after}


def test_an_issuing_officer_sees_those_of_her_place_without_overseeing_anybody(
    learner: Account, other_learner: Account
) -> None:
    account = make.account()
    make.duty(of=account, kind=DutyKind.ISSUER, division=make.division("530100"))
    mine = cred.certificate(of=learner.person)
    cred.certificate(of=other_learner.person, division_code="532901")
    assert list(Certificate.objects.visible_to(account)) == [mine]
    assert account.division_prefixes == ()
