"""Merging never takes anybody out from under a measure, nor a certificate."""

from __future__ import annotations

from datetime import timedelta

import pytest

from audit.models import Work
from core.refusals import Refused
from credentials.actions.extend_measures import extend_measures
from credentials.effects import measures_follow
from credentials.models import Certificate, EmployerTask, StatusMark
from credentials.queries.proof import verify_all_certificates
from credentials.queries.standing import state_of
from credentials.rules.state import State
from registry.actions import decide_merge, propose_merge
from registry.models import Account, Facility, Merge, Person
from tests.credentials.bans import AT, DAY, DECIDED, World, decide, lift, officer, propose, propose_lift
from tests.factories import credentials as cred
from tests.factories import registry as make

pytestmark = pytest.mark.django_db
WHY = {"reason": "同一人", "evidence": "两份证件"}


@pytest.fixture
def twin(other_facility: Facility) -> Person:
    return make.employment(at=other_facility).person


@pytest.fixture
def held(twin: Person) -> Certificate:
    return cred.certificate(of=twin)


def province() -> Account:
    return officer()


def merged(world: World, twin: Person) -> Merge:
    proposal = propose_merge(kept=world.person, absorbed=twin, **WHY, by=province(), at=cred.at(DECIDED))
    return decide_merge(
        proposal=proposal,
        accept=True,
        reason="已核对",
        despite_measure=True,
        by=province(),
        at=cred.at(DECIDED),
    )


def extend(world: World, twin: Person) -> int:
    return extend_measures(kept=world.person, absorbed=twin, by=cred.SYSTEM, at=cred.at(DECIDED))


def test_a_ban_reaches_the_certificates_and_employers_of_the_other_record(
    world: World, twin: Person, held: Certificate, other_facility: Facility
) -> None:
    subject = decide(world, propose(world))
    merged(world, twin)
    assert [p.why for p in verify_all_certificates(on=DECIDED)] == [
        "its holder is banned and it is not revoked"
    ]
    assert extend(world, twin) == 1
    measures_follow(Work.objects.get(topic="registry.merged"))
    assert state_of(held, on=DECIDED).state is State.REVOKED
    assert state_of(held, on=DECIDED - timedelta(days=1)).state is State.VALID
    assert StatusMark.objects.filter(certificate=held).count() == 1
    assert EmployerTask.objects.filter(facility=other_facility, kind="banned").count() == 1
    assert list(verify_all_certificates(on=DECIDED)) == []
    lift(world, propose_lift(world, subject))
    assert state_of(held, on=DECIDED).state is State.VALID


def test_an_interim_suspension_reaches_them_until_its_end(
    world: World, twin: Person, held: Certificate
) -> None:
    end = DAY + timedelta(days=90)
    propose(world, suspend_until=end)
    merged(world, twin)
    assert extend(world, twin) == 1
    assert extend(world, twin) == 0
    assert state_of(held, on=DECIDED).state is State.SUSPENDED
    assert state_of(held, on=end).state is State.VALID


def test_an_open_case_without_a_measure_is_the_provinces_too(world: World, twin: Person) -> None:
    propose(world)
    with pytest.raises(Refused) as refusal:
        propose_merge(kept=twin, absorbed=world.person, **WHY, by=province(), at=AT)
    assert refusal.value.code == "measure_absorbed"
    proposal = propose_merge(kept=world.person, absorbed=twin, **WHY, by=province(), at=AT)
    with pytest.raises(Refused) as refusal:
        decide_merge(proposal=proposal, accept=True, reason="已核对", by=province(), at=AT)
    assert refusal.value.code == "measure"
    assert Person.objects.get(pk=twin.pk).merged_into is None


def test_a_ban_after_the_merge_reaches_all_records(world: World, twin: Person, held: Certificate) -> None:
    proposal = propose_merge(kept=world.person, absorbed=twin, **WHY, by=province(), at=AT)
    decide_merge(proposal=proposal, accept=True, reason="已核对", by=province(), at=AT)
    decide(world, propose(world))
    assert state_of(held, on=DECIDED).state is State.REVOKED
    assert list(verify_all_certificates(on=DECIDED)) == []
