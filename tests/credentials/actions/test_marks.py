"""Revoke, suspend, reinstate, correct: each refusal beside its twin."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from core import faults
from core.refusals import Refused
from credentials.actions.correct import correct
from credentials.actions.revoke import revoke
from credentials.actions.suspend import reinstate, suspend
from credentials.models import Certificate, EmployerTask, StatusMark
from credentials.queries.standing import state_of
from credentials.rules.snapshot import CertificateFacts
from credentials.rules.state import State
from registry.models import Account, Facility, Person
from registry.rules.kinds import DutyKind
from tests.factories import credentials as cred
from tests.factories import registry as make

pytestmark = pytest.mark.django_db
DAY = date(2026, 6, 1)
AT = cred.at(DAY)
UNTIL = date(2026, 7, 1)


@pytest.fixture
def holder(home_facility: Facility) -> Person:
    person = make.person(name="李小禾")
    make.employment(of=person, at=home_facility)
    return person


@pytest.fixture
def certificate(holder: Person) -> Certificate:
    return cred.certificate(of=holder)


def _revoke(certificate: Certificate, by: Account, **changes: Any) -> StatusMark:
    values = {"ground": "error", "reason": "录入错误", "at": AT, **changes}
    return revoke(certificate=certificate, by=by, **values)


def _suspend(certificate: Certificate, by: Account, **changes: Any) -> StatusMark:
    return suspend(
        certificate=certificate, by=by, **{"until": UNTIL, "reason": "核查中", "at": AT, **changes}
    )


def _code(act: Callable[[], Any]) -> str:
    with pytest.raises(Refused) as refusal:
        act()
    return refusal.value.code


def test_a_revoked_certificate_is_revoked_from_today_and_was_valid_yesterday(
    certificate: Certificate, issuer: Account, home_facility: Facility
) -> None:
    _revoke(certificate, issuer)
    assert state_of(certificate, on=DAY).state is State.REVOKED
    assert state_of(certificate, on=DAY - timedelta(days=1)).state is State.VALID
    assert not Certificate.objects.valid_on(DAY).exists()
    assert Certificate.objects.valid_on(DAY - timedelta(days=1)).get() == certificate
    task = EmployerTask.objects.get()
    assert (task.facility, task.person, task.kind) == (home_facility, certificate.holder, "revoked")
    assert task.due_on == date(2026, 6, 4)


def test_revoke_is_refused_when_already_revoked(certificate: Certificate, issuer: Account) -> None:
    _revoke(certificate, issuer)
    assert _code(lambda: _revoke(certificate, issuer)) == "revoked"
    assert StatusMark.objects.count() == 1


def test_the_database_refuses_a_second_open_mark_of_the_same_source(certificate: Certificate) -> None:
    cred.mark(on=certificate)
    with pytest.raises(IntegrityError), transaction.atomic():
        cred.mark(on=certificate)


@pytest.mark.parametrize(("ground", "code"), [("ban", "ground"), ("interim", "ground"), ("", "ground")])
def test_grounds_of_other_acts_are_refused(
    certificate: Certificate, issuer: Account, ground: str, code: str
) -> None:
    assert _code(lambda: _revoke(certificate, issuer, ground=ground)) == code


@pytest.mark.parametrize("ground", ["error", "misconduct", "request"])
def test_the_three_grounds_of_an_issuer_are_taken(
    certificate: Certificate, issuer: Account, ground: str
) -> None:
    assert _revoke(certificate, issuer, ground=ground).ground == ground


def test_a_reason_of_blanks_is_none(certificate: Certificate, issuer: Account) -> None:
    assert _code(lambda: _revoke(certificate, issuer, reason="  ")) == "reason"


def test_who_has_no_duty_to_issue_there_is_refused(
    certificate: Certificate, province_officer: Account, director: Account, learner: Account
) -> None:
    elsewhere = make.account()
    make.duty(of=elsewhere, kind=DutyKind.ISSUER, division=make.division("532900"))
    ended = make.account()
    make.duty(of=ended, kind=DutyKind.ISSUER, division=make.division("530000"), until=DAY)
    asleep = make.account(is_active=False)
    make.duty(of=asleep, kind=DutyKind.ISSUER, division=make.division("530000"))
    for account in (province_officer, director, learner, elsewhere, ended, asleep):
        assert _code(lambda account=account: _revoke(certificate, account)) == "no_duty"  # type: ignore[misc]
    assert not StatusMark.objects.exists()


def test_the_issuer_of_the_county_itself_may(certificate: Certificate) -> None:
    near = make.account()
    make.duty(of=near, kind=DutyKind.ISSUER, division=make.division("530102"), until=DAY + timedelta(days=1))
    assert _revoke(certificate, near).kind == "revoked"


def test_nobody_touches_her_own_certificate(issuer: Account) -> None:
    assert issuer.person is not None
    mine = cred.certificate(of=issuer.person)
    assert _code(lambda: _revoke(mine, issuer)) == "own_certificate"
    assert _code(lambda: _suspend(mine, issuer)) == "own_certificate"
    assert _code(lambda: correct(certificate=mine, reason="x", by=issuer, at=AT)) == "own_certificate"


def test_a_fault_between_the_writes_leaves_nothing(certificate: Certificate, issuer: Account) -> None:
    with pytest.raises(faults.InjectedFault), faults.armed("revoke.before_mark"):
        _revoke(certificate, issuer)
    assert not StatusMark.objects.exists()
    assert not EmployerTask.objects.exists()


def test_a_suspension_lapses_by_itself(certificate: Certificate, issuer: Account) -> None:
    _suspend(certificate, issuer)
    assert state_of(certificate, on=DAY).state is State.SUSPENDED
    assert state_of(certificate, on=UNTIL - timedelta(days=1)).state is State.SUSPENDED
    assert state_of(certificate, on=UNTIL).state is State.VALID


@pytest.mark.parametrize("until", [DAY, DAY - timedelta(days=1), date(2027, 6, 2)])
def test_a_suspension_has_an_end_within_a_year(
    certificate: Certificate, issuer: Account, until: date
) -> None:
    assert _code(lambda: _suspend(certificate, issuer, until=until)) == "until"


def test_a_suspension_may_last_a_whole_year(certificate: Certificate, issuer: Account) -> None:
    assert _suspend(certificate, issuer, until=date(2027, 6, 1)).until == date(2027, 6, 1)


def test_a_second_suspension_must_last_longer(certificate: Certificate, issuer: Account) -> None:
    _suspend(certificate, issuer)
    assert _code(lambda: _suspend(certificate, issuer)) == "suspended"
    _suspend(certificate, issuer, until=UNTIL + timedelta(days=1))
    assert state_of(certificate, on=UNTIL).state is State.SUSPENDED


def test_what_is_revoked_is_not_suspended(certificate: Certificate, issuer: Account) -> None:
    _revoke(certificate, issuer)
    assert _code(lambda: _suspend(certificate, issuer)) == "state"


def test_a_suspended_certificate_is_reinstated_today(certificate: Certificate, issuer: Account) -> None:
    _suspend(certificate, issuer)
    later = DAY + timedelta(days=3)
    reinstate(certificate=certificate, reason="核查完毕", by=issuer, at=cred.at(later))
    assert state_of(certificate, on=later).state is State.VALID
    assert state_of(certificate, on=later - timedelta(days=1)).state is State.SUSPENDED


def test_what_is_not_suspended_is_not_reinstated(certificate: Certificate, issuer: Account) -> None:
    assert _code(lambda: reinstate(certificate=certificate, reason="x", by=issuer, at=AT)) == "not_suspended"


def test_the_suspension_of_a_case_is_not_an_issuers_to_lift(
    certificate: Certificate, issuer: Account
) -> None:
    cred.mark(
        on=certificate, kind="suspended", ground="interim", source="ban-subject:X:interim:1",
        effective_on=DAY, until=UNTIL,
    )  # fmt: skip
    assert _code(lambda: reinstate(certificate=certificate, reason="x", by=issuer, at=AT)) == "case_open"


def test_a_correction_is_a_new_edition_that_names_the_old_one(
    certificate: Certificate, holder: Person, issuer: Account
) -> None:
    Person.objects.filter(pk=holder.pk).update(name="李小荷")
    edition = correct(certificate=certificate, reason="姓名有误", by=issuer, at=AT)
    facts = CertificateFacts.from_bytes(edition.snapshot.encode())
    assert (facts.edition, facts.replaces, facts.holder_name) == (2, certificate.number, "李小荷")
    assert (edition.valid_from, edition.valid_until) == (certificate.valid_from, certificate.valid_until)
    assert edition.verify_code != certificate.verify_code
    assert state_of(certificate, on=DAY).state is State.REPLACED
    assert state_of(certificate, on=DAY - timedelta(days=1)).state is State.VALID
    assert state_of(edition, on=DAY).state is State.VALID
    old = CertificateFacts.from_bytes(Certificate.objects.get(pk=certificate.pk).snapshot.encode())
    assert old.holder_name == "李小禾"


@pytest.mark.parametrize("code", ["replaced", "revoked", "suspended", "excluded"])
def test_what_does_not_stand_is_not_corrected(
    certificate: Certificate, holder: Person, issuer: Account, code: str
) -> None:
    if code == "replaced":
        correct(certificate=certificate, reason="x", by=issuer, at=AT)
    elif code == "revoked":
        _revoke(certificate, issuer)
    elif code == "suspended":
        _suspend(certificate, issuer)
    else:
        make.exclusion(of=holder)
    assert _code(lambda: correct(certificate=certificate, reason="x", by=issuer, at=AT)) == code


def test_hours_are_corrected_only_if_given(certificate: Certificate, issuer: Account) -> None:
    edition = correct(
        certificate=certificate, reason="x", by=issuer, at=AT, minutes=6000, breakdown={"theory": 6000}
    )
    facts = CertificateFacts.from_bytes(edition.snapshot.encode())
    assert (facts.minutes, [line.minutes for line in facts.hours]) == (6000, [6000])


@pytest.mark.parametrize(
    "change",
    [{"valid_until": date(2099, 1, 1)}, {"minutes": 1}, {"snapshot": "{}"}, {"occupation": "director"}],
)
def test_the_database_refuses_to_edit_a_certificate(certificate: Certificate, change: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Certificate.objects.filter(pk=certificate.pk).update(**change)


def test_the_database_refuses_to_delete_a_certificate_or_a_mark(certificate: Certificate) -> None:
    mark = cred.mark(on=certificate)
    for rows in (StatusMark.objects.filter(pk=mark.pk), Certificate.objects.filter(pk=certificate.pk)):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows._raw_delete(using="default")


def test_a_mark_is_lifted_once(certificate: Certificate) -> None:
    mark = cred.mark(on=certificate)
    rows = StatusMark.objects.filter(pk=mark.pk)
    rows.update(lifted_on=DAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(lifted_on=DAY + timedelta(days=1))
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(effective_on=DAY)
