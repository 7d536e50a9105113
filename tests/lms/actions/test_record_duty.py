"""Duties as facts: whose word, for whom, once a day; confirmed and taken back by further lines."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from audit.models import Entry
from core.refusals import Refused
from lms.actions.record_duty import confirm_duty, record_duties, take_back_duty
from lms.models import DutyRecord
from lms.proof import verify_all_ledgers
from registry.models import Account, Facility, Person
from registry.rules.kinds import DutyKind
from registry.rules.standard import StandardRules, YearlyDuty
from tests.factories import lms as learn
from tests.factories import registry as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(learner: Account) -> Person:
    """In post at the home facility, where a health check is owed every year."""
    make.standard(
        code="check", division_code="530102", rules=StandardRules(yearly_duties=(YearlyDuty("health_check"),))
    )
    assert learner.person is not None
    return learner.person


def done(person: Person, facility: Facility, by: Account, **fields: Any) -> DutyRecord:
    return learn.duty_record(of=person, at=facility, by=by, **fields)


@contextmanager
def refused(code: str) -> Iterator[None]:
    with pytest.raises(Refused) as refusal:
        yield
    assert refusal.value.code == code


def refusal(person: Person, facility: Facility, by: Account, **fields: Any) -> str:
    before = DutyRecord.objects.count()
    with pytest.raises(Refused) as answer:
        done(person, facility, by, **fields)
    assert DutyRecord.objects.count() == before
    return answer.value.code


def test_a_manager_reports_with_evidence_and_an_officer_records_on_her_own_word(
    person: Person, home_facility: Facility, director: Account, county_officer: Account
) -> None:
    reported = done(person, home_facility, director, reference="  健康证  001 ")
    recorded = done(person, home_facility, county_officer, done_on=date(2026, 3, 1), reference="")
    assert [(one.source, one.reference, one.facility_id) for one in (reported, recorded)] == [
        ("facility", "健康证 001", home_facility.pk),
        ("authority", "", home_facility.pk),
    ]
    (entry,) = Entry.objects.filter(subject=f"duty:{reported.public_id}")
    assert (entry.act, entry.actor, entry.detail["person"]) == (
        "lms.duty_done",
        director.actor,
        person.public_id,
    )
    assert list(verify_all_ledgers()) == []


def test_the_same_duty_of_a_day_is_one_line(
    person: Person, home_facility: Facility, director: Account
) -> None:
    first = done(person, home_facility, director)
    assert done(person, home_facility, director, reference="another", when=learn.after(hours=3)) == first
    assert DutyRecord.objects.count() == Entry.objects.filter(act__startswith="lms.duty").count() == 1


@pytest.mark.parametrize(
    ("code", "fields"),
    [
        ("future", {"done_on": learn.DAY + timedelta(days=1)}),
        ("too_long_ago", {"done_on": date(226, 3, 1)}),
        ("unknown_kind", {"kind": "health-check"}),
        ("unknown_kind", {"kind": ""}),
        ("no_evidence", {"reference": "  "}),
    ],
)
def test_what_a_manager_cannot_record(
    code: str, fields: dict[str, Any], person: Person, home_facility: Facility, director: Account
) -> None:
    assert refusal(person, home_facility, director, **fields) == code


def test_only_who_runs_or_oversees_the_facility_records(
    person: Person, home_facility: Facility, other_director: Account, other_county_officer: Account,
    learner: Account, trainer: Account, issuer: Account, administrator: Account,
) -> None:  # fmt: skip
    for account in (other_director, other_county_officer, trainer, issuer, administrator, learner):
        assert refusal(person, home_facility, account) == "no_rights"


def test_a_manager_whose_duty_has_ended_records_nothing(person: Person, home_facility: Facility) -> None:
    former = make.account()
    make.duty(of=former, kind=DutyKind.MANAGER, facility=home_facility, until=learn.DAY)
    assert refusal(person, home_facility, former) == "no_rights"
    barred = make.account()
    make.duty(of=barred, kind=DutyKind.MANAGER, facility=home_facility)
    make.exclusion(of=barred.person)
    assert refusal(person, home_facility, barred) == "no_rights"


def test_nobody_who_was_not_there_is_recorded(
    person: Person, home_facility: Facility, director: Account, other_learner: Account
) -> None:
    stranger = other_learner.person
    assert stranger is not None
    assert refusal(stranger, home_facility, director) == "not_in_post"
    coming, former = make.person(), make.person()
    make.employment(of=coming, at=home_facility, started_on=learn.DAY + timedelta(days=1))
    make.employment(of=former, at=home_facility, until=date(2026, 2, 1))
    assert refusal(coming, home_facility, director) == "not_in_post"
    assert refusal(former, home_facility, director, done_on=date(2026, 2, 1)) == "not_in_post"
    assert done(former, home_facility, director, done_on=date(2026, 1, 31)).person == former


def test_nobody_records_her_own_under_whatever_record(
    person: Person, home_facility: Facility, director: Account, county_officer: Account
) -> None:
    assert director.person is not None
    make.employment(of=director.person, at=home_facility)
    older = make.person(merged_into=director.person)
    make.employment(of=older, at=home_facility)
    for one in (director.person, older):
        assert refusal(one, home_facility, director) == "own_duty"
    assert done(director.person, home_facility, county_officer).source == "authority"


def test_many_at_once_are_all_or_none_and_who_stands_is_not_written_again(
    person: Person,
    home_facility: Facility,
    director: Account,
    county_officer: Account,
    other_learner: Account,
) -> None:
    second = make.person()
    make.employment(of=second, at=home_facility)
    values: dict[str, Any] = {
        "facility": home_facility, "kind": "health_check", "done_on": learn.DAY, "at": learn.AT,
    }  # fmt: skip
    with refused("not_in_post"):
        record_duties(people=[person, second, other_learner.person], reference="x", by=director, **values)
    assert not DutyRecord.objects.exists()
    with refused("nobody"):
        record_duties(people=[], reference="x", by=director, **values)
    done(person, home_facility, director)
    told = record_duties(people=[person, second, second], reference="签到表 3", by=director, **values)
    assert ([line.person for line in told.new], told.confirmed, told.stood) == ([second], [], 1)
    told = record_duties(people=[person, second], reference="", by=county_officer, **values)
    assert ([line.what for line in told.confirmed], told.new, told.stood) == (["confirmed"] * 2, [], 0)
    told = record_duties(people=[person, second], reference="", by=county_officer, **values)
    assert (told.confirmed, told.new, told.stood) == ([], [], 2)


def test_an_officer_confirms_once_and_the_manager_never(
    person: Person,
    home_facility: Facility,
    director: Account,
    county_officer: Account,
    other_county_officer: Account,
) -> None:
    line = done(person, home_facility, director)
    for account in (director, other_county_officer):
        with refused("no_rights"):
            confirm_duty(duty=line, by=account, at=learn.AT)
    said = confirm_duty(duty=line, by=county_officer, at=learn.AT)
    assert (said.about, said.source, said.kind, said.done_on) == (line, "authority", line.kind, line.done_on)
    with refused("already_confirmed"):
        confirm_duty(duty=line, by=county_officer, at=learn.AT)


def test_what_is_taken_back_stays_on_record_and_can_be_recorded_anew(
    person: Person, home_facility: Facility, director: Account
) -> None:
    line = done(person, home_facility, director)
    with refused("no_reason"):
        take_back_duty(duty=line, reason=" ", by=director, at=learn.AT)
    said = take_back_duty(duty=line, reason="记错了人", by=director, at=learn.AT)
    assert (said.about, said.what, said.note) == (line, "taken_back", "记错了人")
    with refused("taken_back"):
        take_back_duty(duty=line, reason="again", by=director, at=learn.AT)
    anew = done(person, home_facility, director)
    assert (anew.edition, anew.pk != line.pk) == (2, True)
    assert list(DutyRecord.objects.standing()) == [anew]
    assert list(verify_all_ledgers()) == []


def test_a_manager_does_not_take_back_what_the_authority_stands_behind(
    person: Person,
    home_facility: Facility,
    director: Account,
    county_officer: Account,
    prefecture_officer: Account,
) -> None:
    line = done(person, home_facility, director)
    confirm_duty(duty=line, by=county_officer, at=learn.AT)
    with refused("no_rights"):
        take_back_duty(duty=line, reason="x", by=director, at=learn.AT)
    take_back_duty(duty=line, reason="伪造", by=prefecture_officer, at=learn.AT)
    with refused("taken_back"):
        confirm_duty(duty=line, by=county_officer, at=learn.AT)


def test_the_database_refuses_edits_deletions_and_impossible_lines(
    person: Person, home_facility: Facility, director: Account
) -> None:
    line = done(person, home_facility, director)
    for change in ({"done_on": date(2026, 1, 1)}, {"reference": "x"}, {"source": "authority"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            DutyRecord.objects.filter(pk=line.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM lms_dutyrecord")
    same = {
        "person": person, "facility": home_facility, "kind": line.kind, "done_on": line.done_on,
        "recorded_at": learn.AT, "recorded_by": "x",
    }  # fmt: skip
    for wrong in (
        {"what": "done", "source": "facility", "reference": "x"},  # the same day again
        {"what": "done", "source": "facility", "reference": "", "edition": 2},
        {"what": "done", "source": "authority", "edition": 2, "about": line},
        {"what": "confirmed", "source": "authority"},
        {"what": "confirmed", "source": "facility", "about": line},
        {"what": "taken_back", "source": "facility", "about": line, "note": ""},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            DutyRecord.objects.create(**same, **wrong)
