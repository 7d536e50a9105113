"""The appeal, and what happens at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from audit.effects import reconcile
from audit.models import Entry, Work
from core import clock, faults
from core.refusals import Refused
from credentials.actions.issue import issue
from credentials.actions.revoke import revoke
from credentials.models import Certificate, EmployerTask
from credentials.queries.standing import state_of
from credentials.rules.state import State
from registry.models import Account, Exclusion
from registry.rules.kinds import DutyKind
from tests.credentials.bans import AT, DECIDED, World, code_of, decide, lift, officer, propose, propose_lift
from tests.factories import credentials as cred
from tests.factories import registry as make

pytestmark = pytest.mark.django_db


def test_an_overturned_ban_gives_back_what_it_took_except_what_expired(world: World) -> None:
    expiring = cred.certificate(of=world.person, issued_on=date(2021, 7, 1))
    subject = decide(world, propose(world))
    later = date(2026, 8, 3)
    outcome = lift(world, propose_lift(world, subject), at=cred.at(later))
    assert outcome.restored == (world.certificate,)
    assert outcome.expired == (expiring,)
    assert state_of(world.certificate, on=later).state is State.VALID
    assert state_of(expiring, on=later).state is State.EXPIRED
    assert (
        state_of(world.certificate, on=later - timedelta(days=1)).state is State.REVOKED
    )  # the record stays
    assert not Exclusion.objects.on(later).exists()
    assert Exclusion.objects.on(later - timedelta(days=1)).exists()
    assert EmployerTask.objects.filter(kind="overturned").count() == 1
    assert outcome.subject.state == "overturned"
    assert outcome.subject.decision_reason == "事实清楚"


def test_overturning_one_ban_leaves_another_and_an_officers_revocation(world: World, issuer: Account) -> None:
    other = cred.certificate(of=world.person, cycle_starts_on=date(2024, 1, 1))
    revoke(certificate=other, ground="error", reason="x", by=issuer, at=AT)
    first = decide(world, propose(world))
    second_case = cred.ban_case(by=world.county)
    second = decide(world, propose(world, case=second_case))
    lift(world, propose_lift(world, first))
    assert state_of(world.certificate, on=DECIDED).state is State.REVOKED
    assert Exclusion.objects.on(DECIDED).get().source == second.source
    lift(world, propose_lift(world, second))
    assert state_of(world.certificate, on=DECIDED).state is State.VALID
    assert state_of(other, on=DECIDED).state is State.REVOKED


def test_who_may_not_propose_to_overturn(world: World) -> None:
    subject = decide(world, propose(world))
    act = lambda **changes: propose_lift(world, subject, **changes)  # noqa: E731
    assert code_of(lambda: act(by=officer(code="530103"))) == "no_duty"
    nobody = officer()
    nobody.person = None
    assert code_of(lambda: act(by=nobody)) == "no_person"
    assert code_of(lambda: act(reason=" ")) == "reason"
    assert code_of(lambda: act(document=" ")) == "document"
    act()
    assert code_of(act) == "already_proposed"
    subject.refresh_from_db()
    assert subject.state == "banned"


def test_who_may_not_decide_about_overturning(world: World, prefecture_officer: Account) -> None:
    subject = decide(world, propose(world))
    proposal = propose_lift(world, subject, by=officer())
    act = lambda by, **changes: lift(world, proposal, by=by, **changes)  # noqa: E731
    assert code_of(lambda: act(prefecture_officer)) == "no_duty"
    assert code_of(lambda: act(world.province, reason="")) == "reason"
    assert code_of(lambda: act(proposal.proposed_by)) == "own_proposal"
    promoted = world.county  # who proposed the ban
    make.duty(of=promoted, kind=DutyKind.OFFICER, division=make.division("530000"))
    assert code_of(lambda: act(promoted)) == "own_proposal"
    herself = world.person.account
    make.duty(of=herself, kind=DutyKind.OFFICER, division=make.division("530000"))
    assert code_of(lambda: act(herself)) == "no_duty"  # a banned person has no duty in force
    act(world.province)
    assert code_of(lambda: act(world.province)) == "not_banned"


def test_the_same_human_being_with_a_merged_record_does_not_decide(world: World) -> None:
    subject, twin = decide(world, propose(world)), officer()
    proposal = propose_lift(world, subject, by=twin)
    assert twin.person is not None
    second = officer()
    assert second.person is not None
    make.merge(kept=second.person, absorbed=twin.person)
    assert code_of(lambda: lift(world, proposal, by=second)) == "own_proposal"


def test_a_ban_that_stands_is_proposed_anew_and_the_old_paper_decides_nothing(world: World) -> None:
    subject = decide(world, propose(world))
    first = propose_lift(world, subject)
    assert lift(world, first, overturn=False, reason="证据充分").restored == ()
    subject.refresh_from_db()
    assert (subject.state, subject.overturned_at) == ("banned", None)
    assert Exclusion.objects.on(DECIDED).exists()
    second = propose_lift(world, subject, reason="新的证据")
    assert code_of(lambda: lift(world, first)) == "decided"
    assert lift(world, second).subject.state == "overturned"
    assert [entry.act for entry in Entry.objects.filter(subject=subject.source).order_by("sequence")][
        -4:
    ] == [
        "credentials.propose_overturn",
        "credentials.keep_ban",
        "credentials.propose_overturn",
        "credentials.overturn_ban",
    ]


@pytest.mark.parametrize("name", ["overturn.before_decision", "overturn.before_marks"])
def test_a_fault_at_any_write_of_an_overturning_leaves_the_ban(world: World, name: str) -> None:
    subject = decide(world, propose(world))
    proposal = propose_lift(world, subject)
    with pytest.raises(faults.InjectedFault), faults.armed(name):
        lift(world, proposal)
    subject.refresh_from_db()
    proposal.refresh_from_db()
    assert (subject.state, proposal.decided_at) == ("banned", None)
    assert Exclusion.objects.on(DECIDED).exists()
    assert lift(world, proposal).subject.state == "overturned"


def test_a_proposal_and_a_dismissal_are_not_overturned(world: World) -> None:
    subject = propose(world)
    assert code_of(lambda: propose_lift(world, subject)) == "not_banned"
    decide(world, subject, ban=False)
    assert code_of(lambda: propose_lift(world, subject)) == "not_banned"


def test_after_an_overturned_ban_she_is_certified_again(world: World) -> None:
    subject = decide(world, propose(world))
    lift(world, propose_lift(world, subject))
    assert cred.certificate(of=world.person, issued_on=DECIDED, cycle_starts_on=date(2026, 1, 1)).number


@pytest.mark.django_db(transaction=True)
def test_the_ban_reaches_everybody_who_listens(world: World, learner: Account) -> None:
    Client().force_login(learner)
    decide(world, propose(world))
    with clock.set_to(cred.at(DECIDED) + timedelta(minutes=1)):
        reconcile(limit=50)
    assert Work.objects.get(topic="credentials.banned").last_error == ""
    assert not Session.objects.exists()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_issue_and_ban_at_once_never_leave_a_valid_certificate(world: World) -> None:
    """Both lock the person: the certificate comes first and is revoked, or the ban and it is refused."""
    from threading import Barrier, Thread

    from django.db import connections

    standard = world.certificate.standard_version
    for round_ in range(20):
        person = make.person()
        subject = propose(world, person=person)
        gate = Barrier(2)

        refused: list[str] = []

        def run(act: Callable[[], Any], gate: Barrier = gate, refused: list[str] = refused) -> None:
            gate.wait()
            try:
                act()
            except Refused as refusal:
                refused.append(refusal.code)
            finally:
                connections.close_all()

        threads = [
            Thread(target=run, args=(lambda subject=subject: decide(world, subject),)),
            Thread(
                target=run,
                args=(
                    lambda person=person, round_=round_: issue(
                        holder=person, standard_version=standard, division=make.division("530102"),
                        cycle_starts_on=date(2025, 1, 1), valid_from=DECIDED,
                        valid_until=DECIDED + timedelta(days=100), minutes=1, breakdown={}, evidence={},
                        by=cred.SYSTEM, at=cred.at(DECIDED),
                    ),
                ),
            ),
        ]  # fmt: skip
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert refused in ([], ["excluded"])
        assert not Certificate.objects.valid_on(DECIDED).filter(holder=person).exists()
        assert Exclusion.objects.on(DECIDED).filter(person=person, kind="ban").exists()
