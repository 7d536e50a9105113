"""A line is corrected by a line: proposed by one officer, decided by another person."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from audit.models import Entry
from core.refusals import Refused
from lms.actions.correct_hours import decide_correction, propose_correction
from lms.models import Correction, HourEntry
from lms.proof import verify_all_ledgers
from registry.models import Account, Person
from registry.rules.kinds import DutyKind
from tests.factories import lms as learn
from tests.factories import registry as make

pytestmark = pytest.mark.django_db


def officer(code: str = "530102", **fields: Any) -> Account:
    account = make.account(**fields)
    make.duty(of=account, kind=DutyKind.OFFICER, division=make.division(code))
    return account


@pytest.fixture
def her(db: None) -> Person:
    return make.employment(at=make.facility()).person


def propose(entry: HourEntry, by: Account | None = None, **fields: Any) -> Correction:
    values = {"kind": "reverse", "reason": "代签", "at": learn.AT, **fields}
    return propose_correction(entry=entry, by=by or officer(), **values)


def decide(row: Correction, by: Account | None = None, **fields: Any) -> Correction:
    values = {"accept": True, "reason": "已核实", "at": learn.AT, **fields}
    return decide_correction(correction=row, by=by or officer(), **values)


def corrected(entry: HourEntry, **fields: Any) -> HourEntry:
    line = decide(propose(entry, **fields)).line
    assert line is not None
    return line


def code_of(act: Callable[[], Any]) -> str:
    with pytest.raises(Refused) as refusal:
        act()
    return refusal.value.code


def total() -> int:
    return sum(HourEntry.objects.values_list("minutes", flat=True))


def test_nothing_changes_before_a_second_person_decides(her: Person) -> None:
    row = propose(learn.hours(of=her))
    assert total() == 45
    line = decide(row).line
    assert line is not None
    assert (line.kind, line.minutes, line.note) == ("reverse", -45, "代签")
    assert total() == 0
    acts = Entry.objects.filter(subject=row.subject).order_by("sequence").values_list("act", flat=True)
    assert list(acts) == ["lms.propose_correction", "lms.accept_correction"]
    assert list(verify_all_ledgers()) == []


def test_an_adjustment_names_its_line_and_stands_on_its_day(her: Person) -> None:
    entry = learn.hours(of=her)
    line = corrected(entry, kind="adjust", minutes=-15)
    assert (line.kind, line.adjusts, line.happened_on, line.minutes) == (
        "adjust",
        entry,
        entry.happened_on,
        -15,
    )
    assert total() == 30


def test_a_declined_correction_writes_no_line(her: Person) -> None:
    row = decide(propose(learn.hours(of=her)), accept=False)
    assert (row.line, total()) == (None, 45)
    assert code_of(lambda: decide(row)) == "decided"


def test_the_proposer_does_not_decide_by_either_of_her_accounts(her: Person) -> None:
    one = officer()
    twin = officer(of=make.person(merged_into=one.person))
    row = propose(learn.hours(of=her), by=one)
    assert code_of(lambda: decide(row, by=one)) == "own_proposal"
    assert code_of(lambda: decide(row, by=twin)) == "own_proposal"


def test_nobody_corrects_her_own_hours(her: Person) -> None:
    entry = learn.hours(of=her)
    mine = officer(of=her)
    assert code_of(lambda: propose(entry, by=mine)) == "own_hours"
    assert code_of(lambda: decide(propose(entry), by=mine)) == "own_hours"


def test_an_officer_of_another_place_neither_proposes_nor_decides(her: Person) -> None:
    entry = learn.hours(of=her)
    assert code_of(lambda: propose(entry, by=officer("532901"))) == "no_duty"
    row = propose(entry)
    assert code_of(lambda: decide(row, by=officer("532901"))) == "no_duty"
    assert code_of(lambda: decide(row, by=make.account())) == "no_duty"


def test_the_same_line_has_one_open_proposal(her: Person) -> None:
    entry = learn.hours(of=her)
    propose(entry)
    assert code_of(lambda: propose(entry)) == "already_proposed"


@pytest.mark.parametrize(("minutes", "code"), [(0, "no_minutes"), (None, "no_minutes"), (-46, "below_zero")])
def test_what_an_adjustment_may_not_be(her: Person, minutes: int | None, code: str) -> None:
    assert code_of(lambda: propose(learn.hours(of=her), kind="adjust", minutes=minutes)) == code


def test_less_than_nothing_is_never_left(her: Person) -> None:
    entry = learn.hours(of=her)
    more = corrected(entry, kind="adjust", minutes=10)
    assert code_of(lambda: propose(entry)) == "adjusted"
    corrected(entry, kind="adjust", minutes=-50)
    assert code_of(lambda: propose(more)) == "below_zero"
    assert code_of(lambda: propose(more, kind="adjust", minutes=1)) == "not_earned"
    assert total() == 5


def test_the_line_is_looked_at_again_when_it_is_decided(her: Person) -> None:
    entry = learn.hours(of=her)
    more = corrected(entry, kind="adjust", minutes=10)
    row = propose(more)
    corrected(entry, kind="adjust", minutes=-50)
    assert code_of(lambda: decide(row)) == "below_zero"
    assert total() == 5


class TestTheDatabase:
    def test_a_decision_is_never_edited_and_no_proposal_deleted(self, her: Person) -> None:
        row = decide(propose(learn.hours(of=her)))
        rows = Correction.objects.filter(pk=row.pk)
        for change in (
            lambda: rows.update(accepted=False, line=None),
            lambda: rows.update(minutes=1),
            rows.delete,
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                change()

    def test_it_refuses_one_person_for_two_and_a_line_without_a_second(self, her: Person) -> None:
        entry = learn.hours(of=her)
        row, other = propose(entry), make.account()
        for decider in (row.proposed_by_person, her):
            with pytest.raises(IntegrityError), transaction.atomic():
                Correction.objects.filter(pk=row.pk).update(
                    accepted=False, decided_at=learn.AT, decided_by=other, decided_by_person=decider
                )
        values = {
            name: getattr(entry, name)
            for name in (
                "person",
                "content",
                "channel",
                "source_class",
                "happened_on",
                "recorded_at",
                "title",
            )
        }
        for wrong in ({"adjusts": entry}, {"confirmed_by": other}):
            with pytest.raises(IntegrityError), transaction.atomic():
                HourEntry.objects.create(
                    kind="adjust", minutes=-5, source_key="x", recorded_by="account:x", **values, **wrong
                )

    def test_a_line_of_the_ledger_is_still_never_edited(self, her: Person) -> None:
        entry = learn.hours(of=her)
        for change in ({"minutes": 5}, {"adjusts": learn.hours(of=her)}):
            with pytest.raises(IntegrityError), transaction.atomic():
                HourEntry.objects.filter(pk=entry.pk).update(**change)
        with pytest.raises(IntegrityError), transaction.atomic():
            HourEntry.objects.filter(pk=entry.pk).delete()


def test_through_the_pages_and_she_reads_why(
    client_of: Callable[[Account | None], Client], learner: Account, county_officer: Account
) -> None:
    assert learner.person is not None
    make.standard()
    entry = learn.hours(of=learner.person)
    first, second = client_of(county_officer), client_of(officer())
    lines = first.get(reverse("lms:person_hours", args=[learner.person.public_id])).content.decode()
    address = reverse("lms:correct", args=[entry.public_id])
    assert address in lines
    assert first.post(address, {"kind": "adjust", "minutes": "-15", "reason": "提前离场"}).status_code == 303
    page = reverse("lms:correction", args=[Correction.objects.get().public_id])
    decision = {"decision": "accept", "reason": "已核实"}
    assert "You proposed this." in first.post(page, decision).content.decode()
    assert client_of(officer("532901")).get(page).status_code == 404
    assert second.post(page, decision).status_code == 303
    assert total() == 30
    assert "提前离场" in client_of(learner).get(reverse("lms:ledger")).content.decode()
    assert first.get(reverse("lms:corrections")).status_code == 200
