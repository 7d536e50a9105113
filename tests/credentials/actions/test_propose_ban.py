"""A case and a proposal: whole or refused."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from credentials.actions.interim import renew_suspension
from credentials.actions.open_case import open_case
from credentials.models import BanSubject, EmployerTask
from credentials.queries.standing import state_of
from credentials.rules.state import State
from registry.models import Account, Exclusion, Facility
from tests.credentials.bans import AT, DAY, DECIDED, World, code_of, decide, officer, propose
from tests.factories import credentials as cred
from tests.factories import registry as make

pytestmark = pytest.mark.django_db


def test_a_case_is_opened_in_ones_own_place(home_facility: Facility, other_county_officer: Account) -> None:
    act = lambda by, **changes: open_case(  # noqa: E731
        **{
            "division": home_facility.division, "facility": home_facility, "incident_on": DAY,
            "summary": "x", "by": by, "at": AT, **changes,
        }
    )  # fmt: skip
    assert code_of(lambda: act(other_county_officer)) == "no_duty"
    mine = officer(code="530102")
    assert code_of(lambda: act(mine, incident_on=DAY + timedelta(days=1))) == "incident_on"
    assert code_of(lambda: act(mine, summary=" ")) == "summary"
    assert code_of(lambda: act(mine, facility=make.facility(division_code="530103"))) == "other_place"
    assert act(mine).opened_by == mine


def test_the_time_to_answer_is_ten_working_days(world: World) -> None:
    assert propose(world).answer_until == DECIDED


def test_without_a_notice_no_time_runs(world: World) -> None:
    subject = propose(world, notice_served_on=None)
    assert subject.answer_until is None
    assert code_of(lambda: decide(world, subject, at=cred.at(date(2027, 6, 1)))) == "answer_period"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"part": "bystander"}, "part"),
        ({"evidence": " "}, "evidence"),
        ({"notice_served_on": DAY + timedelta(days=1)}, "notice"),
        ({"notice_served_on": date(2026, 5, 27)}, "notice"),
        ({"suspend_until": DAY}, "suspend_until"),
        ({"suspend_until": DAY + timedelta(days=184)}, "suspend_until"),
    ],
)
def test_a_proposal_is_whole_or_refused(world: World, change: dict[str, Any], code: str) -> None:
    assert code_of(lambda: propose(world, **change)) == code
    assert not BanSubject.objects.exists()
    assert not Exclusion.objects.exists()


def test_nobody_proposes_herself_not_even_under_a_merged_record(world: World) -> None:
    assert world.county.person is not None
    assert code_of(lambda: propose(world, person=world.county.person)) == "own_case"
    double = make.person(merged_into=world.county.person)
    assert code_of(lambda: propose(world, person=double)) == "own_case"


def test_an_account_without_a_person_proposes_nothing(world: World) -> None:
    nobody = officer(code="530102")
    Account.objects.filter(pk=nobody.pk).update(person=None)
    nobody = Account.objects.get(pk=nobody.pk)
    assert code_of(lambda: propose(world, by=nobody)) == "no_person"


def test_a_person_is_a_subject_of_a_case_once(world: World) -> None:
    propose(world)
    assert code_of(lambda: propose(world, by=world.province)) == "already_proposed"


def test_an_officer_of_another_county_and_an_issuer_propose_nothing(
    world: World, other_county_officer: Account, issuer: Account, director: Account
) -> None:
    for account in (other_county_officer, issuer, director):
        assert code_of(lambda account=account: propose(world, by=account)) == "no_duty"  # type: ignore[misc]


def test_an_interim_suspension_takes_effect_at_once_and_lapses(world: World) -> None:
    until = DAY + timedelta(days=30)
    propose(world, suspend_until=until)
    assert state_of(world.certificate, on=DAY).state is State.SUSPENDED
    assert state_of(world.certificate, on=until).state is State.VALID
    assert Exclusion.objects.on(DAY).get().kind == "suspension"
    assert not Exclusion.objects.on(until).exists()
    assert EmployerTask.objects.get().kind == "suspended"


def test_an_interim_suspension_is_renewed_with_a_reason(world: World) -> None:
    until = DAY + timedelta(days=10)
    subject = propose(world, suspend_until=until)
    later = DAY + timedelta(days=5)
    renew = lambda **changes: renew_suspension(  # noqa: E731
        **{"subject": subject, "until": DAY + timedelta(days=40), "reason": "仍在调查", "by": world.county,
           "at": cred.at(later), **changes}
    )  # fmt: skip
    assert code_of(lambda: renew(reason="")) == "reason"
    assert code_of(lambda: renew(until=until)) == "suspend_until"
    renew()
    assert state_of(world.certificate, on=until).state is State.SUSPENDED
    assert state_of(world.certificate, on=DAY + timedelta(days=40)).state is State.VALID
