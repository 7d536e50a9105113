"""Issuing: once, signed, numbered; each condition fails alone and its twin passes."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from audit.models import Entry, Work
from core import faults
from core.alphabet import checks
from core.refusals import Refused
from credentials.actions.issue import Order, issue, issue_many
from credentials.models import Certificate, NumberSeries, SigningKey
from credentials.queries.proof import is_genuine, keys
from credentials.rules.snapshot import CertificateFacts
from registry.models import Account, IdentityDocument, Person
from registry.rules.standard import Occupation, StandardRules
from tests.factories import credentials as cred
from tests.factories import registry as make

pytestmark = pytest.mark.django_db
DAY = cred.DAY


def order(**changes: Any) -> dict[str, Any]:
    """All that `issue` asks for; valid as it stands."""
    values = {
        "holder": make.person(name="李小禾"),
        "standard_version": cred.standard_for(),
        "division": make.division("530102"),
        "cycle_starts_on": date(2024, 3, 1),
        "valid_from": DAY,
        "valid_until": date(2031, 3, 2),
        "minutes": 5400,
        "breakdown": {"practice": 1800, "theory": 3600},
        "evidence": {"entries": ["a"]},
    }
    return {**values, **changes}


def issued(**changes: Any) -> Certificate:
    return issue(**order(**changes), by=cred.SYSTEM, at=cred.AT)


def test_a_certificate_is_numbered_signed_recorded_and_owed_a_pdf() -> None:
    certificate = issued()

    facts = is_genuine(certificate, keys()[certificate.kid])
    assert isinstance(facts, CertificateFacts)
    assert certificate.number[:5] == "5326B"
    assert checks(certificate.number)
    assert len(certificate.verify_code) == 12
    assert facts.holder_name == "李小禾"
    assert facts.masked_name == "李*禾"
    assert facts.authority == "云南省卫生健康委员会"
    assert [(line.title, line.minutes) for line in facts.hours] == [("理论", 3600), ("实践", 1800)]
    assert facts.class_hours == 120
    assert Work.objects.get(topic="credentials.issued").key == f"render:{certificate.number}"
    entry = Entry.objects.get(act="credentials.issue")
    assert entry.subject == f"certificate:{certificate.number}"
    assert entry.detail["snapshot"] == certificate.snapshot_sha256


def test_the_second_call_gives_the_first_certificate() -> None:
    holder = make.person()

    first = issued(holder=holder)
    second = issued(holder=holder, minutes=9999)

    assert second.pk == first.pk
    assert Certificate.objects.count() == 1
    assert NumberSeries.objects.get().last == 1


def test_another_cycle_gives_another_certificate() -> None:
    holder = make.person()
    first = issued(holder=holder)
    second = issued(holder=holder, cycle_starts_on=date(2025, 3, 1))
    assert (first.number[5:12], second.number[5:12]) == ("0000001", "0000002")


def test_the_database_refuses_a_second_one_for_the_cycle() -> None:
    first = issued()
    twin = Certificate.objects.get(pk=first.pk)
    twin.pk, twin.number, twin.verify_code, twin.public_id = None, "X", "Y", "Z"
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save(force_insert=True)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda: {"holder": _excluded("ban")}, "excluded"),
        (lambda: {"holder": _excluded("suspension")}, "excluded"),
        (lambda: {"holder": _without_document()}, "no_identity"),
        (lambda: {"holder": _merged()}, "merged"),
        (lambda: {"holder": make.person(name="李\U0010fffd禾")}, "undrawable_name"),
        (lambda: {"standard_version": _issues_nothing()}, "no_certificate"),
        (lambda: {"occupation": "director"}, "other_occupation"),
        (lambda: {"standard_version": _of_dali()}, "other_division"),
        (lambda: {"valid_until": DAY}, "validity"),
        (lambda: {"valid_until": date(2031, 3, 3)}, "validity"),
        (lambda: {"cycle_starts_on": DAY + timedelta(days=1)}, "validity"),
        (lambda: {"minutes": -1}, "minutes"),
        (lambda: {"breakdown": {"theory": -1}}, "minutes"),
    ],
)
def test_each_condition_refuses_alone(change: Callable[[], dict[str, Any]], code: str) -> None:
    values = order(**change())
    with pytest.raises(Refused) as refusal:
        issue(**values, by=cred.SYSTEM, at=cred.AT)
    assert refusal.value.code == code
    assert not Certificate.objects.exists()
    assert not NumberSeries.objects.exists()
    assert not Entry.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        lambda: {"holder": _excluded("suspension", until=DAY)},  # lapsed today
        lambda: {"holder": _excluded("ban", lifted_on=DAY, lifted_recorded_at=cred.AT)},
        lambda: {"holder": make.person(name="㛃𬱖")},  # rare, but drawable
        lambda: {"occupation": "caregiver"},
        lambda: {"valid_until": DAY + timedelta(days=1)},
        lambda: {"cycle_starts_on": DAY},
        lambda: {"minutes": 0, "breakdown": {}},
    ],
)
def test_its_twin_is_issued(change: Callable[[], dict[str, Any]]) -> None:
    assert issued(**change()).number[:5] == "5326B"


def test_a_refused_name_is_named_by_its_character() -> None:
    with pytest.raises(Refused) as refusal:
        issued(holder=make.person(name="李\U0010fffd禾"))
    assert refusal.value.details["characters"] == ["\U0010fffd"]
    assert "U+10FFFD" in str(refusal.value)


@pytest.mark.parametrize(
    "name", ["issue.before_key", "issue.before_number", "issue.before_certificate", "issue.before_debt"]
)
def test_a_fault_at_any_write_leaves_nothing_and_the_next_try_succeeds(name: str) -> None:
    values = order()
    with pytest.raises(faults.InjectedFault), faults.armed(name):
        issue(**values, by=cred.SYSTEM, at=cred.AT)
    assert not Certificate.objects.exists()
    assert not NumberSeries.objects.exists()
    assert not Work.objects.exists()
    assert issue(**values, by=cred.SYSTEM, at=cred.AT).number.startswith("5326B0000001")


def test_the_numbers_of_a_year_end() -> None:
    NumberSeries.objects.create(prefix="5326B", last=9_999_999)
    with pytest.raises(Refused) as refusal:
        issued()
    assert refusal.value.code == "series_full"


def test_the_public_half_of_the_key_is_on_record_once() -> None:
    issued()
    issued()
    assert SigningKey.objects.count() == 1


def test_many_are_issued_in_one_act_with_one_answer_each() -> None:
    standard, place = cred.standard_for(), make.division("530102")
    good, barred, again = make.person(), _excluded("ban"), make.person()
    held = issued(holder=again, standard_version=standard)

    def ordered(holder: Person) -> Order:
        return Order(**order(holder=holder, standard_version=standard, division=place))

    answers = issue_many(
        orders=[ordered(good), ordered(barred), ordered(again), ordered(good)], by=cred.SYSTEM, at=cred.AT
    )

    assert isinstance(answers[0], Certificate)
    assert isinstance(answers[1], Refused)
    assert answers[1].code == "excluded"
    assert answers[2] == held
    assert answers[3] == answers[0]
    assert Certificate.objects.count() == 2


def test_only_the_platform_enters_certificates_of_the_past(issuer: Account) -> None:
    past = Order(
        **order(
            issued_at=cred.at(date(2024, 5, 1)), valid_from=date(2024, 5, 1), valid_until=date(2029, 5, 1)
        )
    )
    (refusal,) = issue_many(orders=[past], by=issuer, at=cred.AT)
    assert isinstance(refusal, Refused)
    assert refusal.code == "backdated"
    (certificate,) = issue_many(orders=[past], by=cred.SYSTEM, at=cred.AT)
    assert isinstance(certificate, Certificate)
    assert (certificate.issued_on, certificate.number[:5]) == (date(2024, 5, 1), "5324B")


@pytest.mark.slow
def test_three_thousand_are_issued_in_a_few_seconds() -> None:
    standard, place = cred.standard_for(), make.division("530102")
    people = [make.person() for _ in range(3000)]
    orders = [Order(**order(holder=person, standard_version=standard, division=place)) for person in people]
    began = time.perf_counter()
    answers = issue_many(orders=orders, by=cred.SYSTEM, at=cred.AT)
    took = time.perf_counter() - began
    print(f"3,000 certificates in {took:.1f} s")
    assert len({answer.number for answer in answers if isinstance(answer, Certificate)}) == 3000
    assert took < 15


def _excluded(kind: str, **fields: Any) -> Person:
    person = make.person()
    if kind == "suspension":
        fields = {"until": DAY + timedelta(days=30), **fields}
    make.exclusion(of=person, kind=kind, **fields)
    return person


def _without_document() -> Person:
    person = make.person()
    IdentityDocument.objects.filter(person=person).delete()
    return person


def _merged() -> Person:
    return make.person(merged_into=make.person())


def _issues_nothing() -> Any:
    return make.standard(
        code="yearly", occupation=Occupation.CAREGIVER, rules=StandardRules(certificate_years=None)
    )


def _of_dali() -> Any:
    return make.standard(code="dali", division_code="532900")
