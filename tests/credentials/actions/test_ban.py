"""A ban from the incident to the appeal, and every way around the second person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import IntegrityError, connection, transaction
from django.test import Client

from audit.effects import reconcile
from audit.models import Entry, Work
from core import clock, faults
from core.refusals import Refused
from credentials.actions.decide_ban import decide_ban, overturn_ban
from credentials.actions.interim import renew_suspension
from credentials.actions.issue import issue
from credentials.actions.open_case import open_case
from credentials.actions.propose_ban import edit_proposal, propose_ban, record_answer
from credentials.actions.revoke import revoke
from credentials.models import BanCase, BanSubject, BanSubjectVersion, Certificate, EmployerTask, StatusMark
from credentials.queries.standing import state_of
from credentials.rules.state import State
from registry.actions.employ import employ
from registry.models import Account, Duty, Exclusion, Facility, Person
from registry.rules.kinds import DutyKind
from tests.factories import credentials as cred
from tests.factories import registry as make

pytestmark = pytest.mark.django_db
DAY = date(2026, 6, 1)  # a Monday
DECIDED = date(2026, 6, 16)  # the first day after ten working days
AT = cred.at(DAY)


@dataclass
class World:
    case: BanCase
    person: Person
    facility: Facility
    certificate: Certificate
    county: Account
    province: Account


@pytest.fixture
def world(
    home_facility: Facility, learner: Account, county_officer: Account, province_officer: Account
) -> World:
    assert learner.person is not None
    certificate = cred.certificate(of=learner.person)
    case = open_case(
        division=home_facility.division,
        facility=home_facility,
        incident_on=date(2026, 5, 28),
        summary="午睡时体罚幼儿",
        by=county_officer,
        at=AT,
    )
    return World(case, learner.person, home_facility, certificate, county_officer, province_officer)


def propose(world: World, **changes: Any) -> BanSubject:
    values = {
        "case": world.case,
        "person": world.person,
        "part": "person",
        "evidence": "监控录像 5 月 28 日",
        "notice_served_on": DAY,
        "by": world.county,
        "at": AT,
    }
    return propose_ban(**{**values, **changes})


def decide(world: World, subject: BanSubject, **changes: Any) -> BanSubject:
    values = {
        "subject": subject,
        "ban": True,
        "reason": "事实清楚",
        "read_version": 1,
        "by": world.province,
        "at": cred.at(DECIDED),
    }
    return decide_ban(**{**values, **changes})


def code_of(act: Callable[[], Any]) -> str:
    with pytest.raises(Refused) as refusal:
        act()
    return refusal.value.code


def officer(kind: DutyKind = DutyKind.OFFICER, code: str = "530000", **fields: Any) -> Account:
    account = make.account(**fields)
    make.duty(of=account, kind=kind, division=make.division(code))
    return account


# ── the case and the proposal ───────────────────────────────────────────────


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


# ── the decision ────────────────────────────────────────────────────────────


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


# ── by direct SQL ───────────────────────────────────────────────────────────

DECISION = (
    "state='banned', decided_at='2026-06-16', decided_version=1, decided_by_id=%s, decided_by_person_id=%s"
)


def sql(statement: str, *values: Any) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_sql_cannot_let_the_proposer_decide(world: World) -> None:
    subject = propose(world)
    with pytest.raises(IntegrityError):
        sql(f"UPDATE credentials_bansubject SET {DECISION} WHERE id=%s",
            world.county.pk, world.county.person_id, subject.pk)  # fmt: skip


def test_sql_cannot_let_the_subject_decide(world: World, learner: Account) -> None:
    subject = propose(world)
    with pytest.raises(IntegrityError):
        sql(f"UPDATE credentials_bansubject SET {DECISION} WHERE id=%s",
            learner.pk, learner.person_id, subject.pk)  # fmt: skip


def test_sql_cannot_let_an_editor_decide(world: World) -> None:
    subject = propose(world)
    edit_proposal(
        subject=subject,
        part="person",
        evidence="x",
        notice_served_on=DAY,
        read_version=1,
        by=world.province,
        at=AT,
    )
    with pytest.raises(IntegrityError):
        sql(f"UPDATE credentials_bansubject SET {DECISION.replace('=1', '=2')} WHERE id=%s",
            world.province.pk, world.province.person_id, subject.pk)  # fmt: skip


def test_sql_of_a_lawful_decision_is_taken(world: World) -> None:
    subject = propose(world)
    sql(f"UPDATE credentials_bansubject SET {DECISION} WHERE id=%s",
        world.province.pk, world.province.person_id, subject.pk)  # fmt: skip
    subject.refresh_from_db()
    assert subject.state == "banned"


@pytest.mark.parametrize(
    "change",
    ["state='proposed', decided_at=NULL, decided_by_id=NULL, decided_by_person_id=NULL, decided_version=NULL",
     "state='dismissed'", "evidence='x'", "decision_reason='x'", "edited_version=9"],
)  # fmt: skip
def test_sql_cannot_unmake_a_decision(world: World, change: str) -> None:
    subject = decide(world, propose(world))
    with pytest.raises(IntegrityError):
        sql(f"UPDATE credentials_bansubject SET {change} WHERE id=%s", subject.pk)


def test_sql_cannot_change_who_proposed_or_whom(world: World) -> None:
    subject = propose(world)
    for column in ("person_id", "proposed_by_person_id"):
        with pytest.raises(IntegrityError):
            sql(f"UPDATE credentials_bansubject SET {column}=%s WHERE id=%s", make.person().pk, subject.pk)


def test_sql_cannot_delete_a_subject_or_insert_a_decided_one(world: World) -> None:
    subject = propose(world)
    with pytest.raises(IntegrityError):
        sql("DELETE FROM credentials_bansubject WHERE id=%s", subject.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        BanSubject.objects.create(
            case=world.case, person=make.person(), part="person", evidence="x", proposed_at=AT,
            proposed_by=world.county, proposed_by_person=world.county.person, state="banned", decided_at=AT,
            decided_by=world.province, decided_by_person=world.province.person, decided_version=1,
        )  # fmt: skip


def test_one_person_has_one_account(world: World, county_officer: Account) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make.account(of=county_officer.person)


# ── the appeal ──────────────────────────────────────────────────────────────


def test_an_overturned_ban_gives_back_what_it_took_except_what_expired(world: World) -> None:
    expiring = cred.certificate(of=world.person, issued_on=date(2021, 7, 1))
    subject = decide(world, propose(world))
    later = date(2026, 8, 3)
    outcome = overturn_ban(subject=subject, reason="证据不足", by=world.province, at=cred.at(later))
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
    overturn_ban(subject=first, reason="x", by=world.province, at=cred.at(DECIDED))
    assert state_of(world.certificate, on=DECIDED).state is State.REVOKED
    assert Exclusion.objects.on(DECIDED).get().source == second.source
    overturn_ban(subject=second, reason="x", by=world.province, at=cred.at(DECIDED))
    assert state_of(world.certificate, on=DECIDED).state is State.VALID
    assert state_of(other, on=DECIDED).state is State.REVOKED


def test_who_may_not_overturn(world: World, prefecture_officer: Account) -> None:
    subject = decide(world, propose(world))
    act = lambda by, **changes: overturn_ban(  # noqa: E731
        **{"subject": subject, "reason": "x", "by": by, "at": cred.at(DECIDED), **changes}
    )
    assert code_of(lambda: act(prefecture_officer)) == "no_duty"
    assert code_of(lambda: act(world.province, reason="")) == "reason"
    promoted = world.county
    make.duty(of=promoted, kind=DutyKind.OFFICER, division=make.division("530000"))
    assert code_of(lambda: act(promoted)) == "own_proposal"
    herself = world.person.account
    make.duty(of=herself, kind=DutyKind.OFFICER, division=make.division("530000"))
    assert code_of(lambda: act(herself)) == "no_duty"  # a banned person has no duty in force
    act(world.province)
    assert code_of(lambda: act(world.province)) == "not_banned"


def test_a_proposal_and_a_dismissal_are_not_overturned(world: World) -> None:
    subject = propose(world)
    act = lambda: overturn_ban(subject=subject, reason="x", by=world.province, at=cred.at(DECIDED))  # noqa: E731
    assert code_of(act) == "not_banned"
    decide(world, subject, ban=False)
    assert code_of(act) == "not_banned"


def test_after_an_overturned_ban_she_is_certified_again(world: World) -> None:
    subject = decide(world, propose(world))
    overturn_ban(subject=subject, reason="x", by=world.province, at=cred.at(DECIDED))
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
