"""The decision: two persons, what was read, one effect."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from audit.models import Entry, Work
from core import faults
from core.refusals import Refused
from credentials.actions.propose_ban import edit_proposal, record_answer
from credentials.models import BanSubjectVersion, EmployerTask, StatusMark
from credentials.queries.standing import state_of
from credentials.rules.state import State
from registry.actions.employ import employ
from registry.models import Account, Duty, Exclusion, Facility
from tests.credentials.bans import (
    AT,
    DAY,
    DECIDED,
    World,
    code_of,
    decide,
    lift,
    officer,
    propose,
    propose_lift,
)
from tests.factories import credentials as cred
from tests.factories import registry as make

pytestmark = pytest.mark.django_db


def test_a_ban_keeps_out_revokes_tells_and_is_heard_above(
    world: World, home_facility: Facility, other_facility: Facility
) -> None:
    make.employment(of=world.person, at=other_facility)
    expired = cred.certificate(of=world.person, issued_on=date(2020, 5, 1))
    subject = decide(world, propose(world, suspend_until=DAY + timedelta(days=90)))
    assert subject.state == "banned"
    assert subject.decided_version == 1
    assert Exclusion.objects.on(DECIDED).get().kind == "ban"
    for certificate in (world.certificate, expired):
        assert state_of(certificate, on=DECIDED).state is State.REVOKED
    assert state_of(world.certificate, on=DAY - timedelta(days=1)).state is State.VALID
    told = EmployerTask.objects.filter(kind="banned").values_list("facility__name", flat=True)
    assert set(told) == {home_facility.name, other_facility.name}
    work = Work.objects.get(topic="credentials.banned")
    assert work.payload == {"subject": subject.pk, "person": world.person.pk}
    assert Entry.objects.get(act="credentials.ban").subject == subject.source


def test_a_banned_person_gets_no_certificate_and_no_post(world: World, other_facility: Facility) -> None:
    decide(world, propose(world))
    with pytest.raises(Refused) as refusal:
        cred.certificate(of=world.person, issued_on=DECIDED, cycle_starts_on=date(2026, 1, 1))
    assert refusal.value.code == "excluded"
    with pytest.raises(Refused) as refusal:
        employ(
            person=world.person, facility=other_facility, occupation="caregiver",
            started_on=DECIDED, by=cred.SYSTEM, at=cred.at(DECIDED),
        )  # fmt: skip
    assert refusal.value.code == "excluded"


def test_the_sessions_of_a_banned_person_end_and_nobody_elses(
    world: World, learner: Account, director: Account
) -> None:
    for account in (learner, learner, director):
        Client().force_login(account)
    subject = decide(world, propose(world))
    from credentials.effects import end_sessions

    work = Work.objects.get(topic="credentials.banned")
    end_sessions(work)
    end_sessions(work)  # hearing twice does no harm
    left = [session.get_decoded()["_auth_user_id"] for session in Session.objects.all()]
    assert left == [str(director.pk)]
    assert subject.state == "banned"


def test_a_dismissal_ends_the_interim_suspension_and_nothing_else(world: World) -> None:
    subject = propose(world, suspend_until=DAY + timedelta(days=90))
    decide(world, subject, ban=False)
    assert state_of(world.certificate, on=DECIDED).state is State.VALID
    assert not Exclusion.objects.on(DECIDED).exists()
    assert set(EmployerTask.objects.values_list("kind", flat=True)) == {"suspended", "overturned"}
    assert not Work.objects.filter(topic="credentials.banned").exists()


def test_nothing_is_decided_before_the_answer_or_the_end_of_its_time(world: World) -> None:
    subject = propose(world)
    last = DECIDED - timedelta(days=1)
    assert code_of(lambda: decide(world, subject, at=cred.at(last))) == "answer_period"
    record_answer(subject=subject, answered_on=last, answer="否认", by=world.county, at=cred.at(last))
    assert decide(world, subject, read_version=2, at=cred.at(last)).state == "banned"


@pytest.mark.parametrize("kind", ["county", "prefecture", "issuer", "manager", "other_province", "learner"])
def test_only_the_province_decides(
    world: World, kind: str, prefecture_officer: Account, issuer: Account, director: Account
) -> None:
    accounts: dict[str, Account] = {
        "county": officer(code="530102"),
        "prefecture": prefecture_officer,
        "issuer": issuer,
        "manager": director,
        "other_province": officer(code="532900"),
        "learner": make.account(),
    }
    subject = propose(world)
    assert code_of(lambda: decide(world, subject, by=accounts[kind])) == "no_duty"


def test_the_proposer_does_not_decide_even_as_an_officer_of_the_province(world: World) -> None:
    subject = propose(world, by=world.province)
    assert code_of(lambda: decide(world, subject)) == "own_proposal"
    assert decide(world, subject, by=officer()).state == "banned"


def test_the_proposer_does_not_decide_under_a_merged_record(world: World) -> None:
    assert world.county.person is not None
    twin = officer(of=make.person(merged_into=world.county.person))
    subject = propose(world)
    assert code_of(lambda: decide(world, subject, by=twin)) == "own_proposal"


def test_whoever_edited_or_recorded_the_answer_does_not_decide(world: World) -> None:
    subject = propose(world)
    edit_proposal(
        subject=subject, part="person", evidence="新证据", notice_served_on=DAY, read_version=1,
        by=world.province, at=AT,
    )  # fmt: skip
    second = officer()
    record_answer(subject=subject, answered_on=DAY, answer="承认", by=second, at=AT)
    for account in (world.province, second):
        assert (
            code_of(lambda account=account: decide(world, subject, read_version=3, by=account))
            == "own_proposal"
        )  # type: ignore[misc]
    assert decide(world, subject, read_version=3, by=officer()).state == "banned"


def test_the_subject_does_not_decide_about_herself(world: World) -> None:
    assert world.province.person is not None
    subject = propose(world, person=world.province.person)
    assert code_of(lambda: decide(world, subject)) == "own_case"


def test_what_was_edited_after_reading_is_not_decided(world: World) -> None:
    subject = propose(world)
    edit_proposal(
        subject=subject,
        part="manager",
        evidence="改写",
        notice_served_on=DAY,
        read_version=1,
        by=world.county,
        at=AT,
    )
    with pytest.raises(Refused) as refusal:
        decide(world, subject, read_version=1)
    assert (refusal.value.code, refusal.value.details["version"]) == ("stale", 2)
    assert not StatusMark.objects.exists()
    assert decide(world, subject, read_version=2).decided_version == 2


def test_an_answer_after_reading_is_a_change_too(world: World) -> None:
    subject = propose(world)
    record_answer(subject=subject, answered_on=DAY, answer="否认", by=world.county, at=AT)
    assert code_of(lambda: decide(world, subject, read_version=1)) == "stale"


def test_two_edits_of_one_version_are_not_both_taken(world: World) -> None:
    subject = propose(world)
    edit = lambda: edit_proposal(  # noqa: E731
        subject=subject,
        part="person",
        evidence="乙",
        notice_served_on=DAY,
        read_version=1,
        by=world.county,
        at=AT,
    )
    edit()
    assert code_of(edit) == "stale"
    assert BanSubjectVersion.objects.count() == 2


def test_a_decider_who_lost_her_duty_meanwhile_is_refused(world: World) -> None:
    subject = propose(world)
    assert world.province.current_duties  # what a session remembers
    Duty.objects.filter(account=world.province).update(revoked_on=DECIDED, revoked_by=world.county)
    assert code_of(lambda: decide(world, subject)) == "no_duty"


def test_a_decider_whose_account_was_closed_is_refused(world: World) -> None:
    subject = propose(world)
    world.province.is_active = False
    assert code_of(lambda: decide(world, subject)) == "no_duty"


def test_a_second_decision_has_no_effect(world: World) -> None:
    subject = propose(world)
    decide(world, subject)
    assert code_of(lambda: decide(world, subject)) == "decided"
    assert code_of(lambda: decide(world, subject, ban=False, by=officer())) == "decided"
    assert StatusMark.objects.filter(kind="revoked").count() == 1
    assert Work.objects.filter(topic="credentials.banned").count() == 1


def test_a_decision_without_a_reason_is_none(world: World) -> None:
    subject = propose(world)
    assert code_of(lambda: decide(world, subject, reason=" ")) == "reason"


@pytest.mark.parametrize(
    "name",
    ["ban.before_decision", "ban.before_marks", "ban.before_tasks", "ban.before_debt", "act.before_commit"],
)
def test_a_fault_at_any_write_of_a_ban_leaves_nothing(world: World, name: str) -> None:
    subject = propose(world)
    with pytest.raises(faults.InjectedFault), faults.armed(name):
        decide(world, subject)
    subject.refresh_from_db()
    assert subject.state == "proposed"
    assert not StatusMark.objects.exists()
    assert not Exclusion.objects.exists()
    assert not EmployerTask.objects.exists()
    assert decide(world, subject).state == "banned"


def test_no_word_of_a_decision_is_lost(world: World) -> None:
    """The form takes 4,000 characters; a mark keeps the first 500 of them."""
    reason = "事实清楚，证据确凿。" * 400
    subject = propose(world, suspend_until=DECIDED + timedelta(days=9))
    assert decide(world, subject, reason=reason).decision_reason == reason
    appeal = "新的证据。" * 200
    overturned = lift(world, propose_lift(world, subject), reason=appeal)
    assert overturned.subject.overturned_reason == appeal
    marks = StatusMark.objects.exclude(lifted_on=None)
    assert {mark.lifted_reason for mark in marks} == {reason[:500], appeal[:500]}
