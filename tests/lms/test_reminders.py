"""Reminders of duties: 90, 45 and 15 days before, each told once, in one letter a day for a facility."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.effects import handled_topics, perform
from audit.models import Work
from core import clock
from lms.schedule import remind, remind_batch
from registry.models import Account, Facility, Person
from registry.rules.kinds import DutyKind
from registry.rules.standard import StandardRules, YearlyDuty
from tests.factories import lms as learn
from tests.factories import registry as make
from tests.factories.credentials import at

pytestmark = pytest.mark.django_db
DUE = date(2027, 1, 1)  # in post since 1 January 2026


@pytest.fixture(autouse=True)
def _rules(db: None) -> None:
    duties = (YearlyDuty("health_check"), YearlyDuty("hygiene_training", 24))
    make.standard(code="yearly", division_code="530100", rules=StandardRules(yearly_duties=duties))


@pytest.fixture
def staff(home_facility: Facility, director: Account) -> list[Person]:
    Account.objects.filter(pk=director.pk).update(email="director@example.org")
    people = [make.person(name="李小禾"), make.person(name="王小满")]
    for person in people:
        make.employment(of=person, at=home_facility, started_on=date(2026, 1, 1))
    return people


@contextmanager
def before(days: int) -> Iterator[date]:
    day = DUE - timedelta(days=days)
    with clock.set_to(at(day)):
        yield day


def night(days: int) -> list[Any]:
    """Twice, as a timer may; then the letters that were owed."""
    mail.outbox.clear()
    with before(days):
        for _twice in range(2):
            remind()
        for work in Work.objects.open().filter(topic="lms.duties_due"):
            perform(work.pk)
    return list(mail.outbox)


def test_the_topic_is_handled() -> None:
    assert "lms.duties_due" in handled_topics()


def test_a_letter_at_each_stage_and_none_between(staff: list[Person]) -> None:
    letters = {days: len(night(days)) for days in (91, 90, 89, 46, 45, 44, 16, 15, 14, 1, 0, -1)}
    assert letters == {91: 0, 90: 1, 89: 0, 46: 0, 45: 1, 44: 0, 16: 0, 15: 1, 14: 0, 1: 0, 0: 0, -1: 0}


def test_one_letter_names_everybody_and_the_last_day(staff: list[Person], home_facility: Facility) -> None:
    (letter,) = night(90)
    assert letter.to == ["director@example.org"]
    assert home_facility.name in letter.subject
    for person in staff:
        assert f"{person.name}：健康检查，最迟 2026年12月31日" in letter.body
    assert f"/facility/{home_facility.public_id}/duties/" in letter.body
    assert "卫生保健培训" not in letter.body


def test_nights_that_were_missed_are_made_up_with_the_stage_of_today(staff: list[Person]) -> None:
    assert [len(night(days)) for days in (60, 30, 29)] == [1, 1, 0]


def test_who_comes_to_owe_later_is_told_alone(staff: list[Person], home_facility: Facility) -> None:
    night(90)
    late = make.person(name="赵小雨")
    make.employment(of=late, at=home_facility, started_on=date(2026, 1, 1))
    (letter,) = night(80)
    assert ("赵小雨" in letter.body, "李小禾" in letter.body) == (True, False)
    (letter,) = night(45)
    assert [person.name in letter.body for person in (*staff, late)] == [True, True, True]


def test_what_was_done_meanwhile_is_not_in_the_letter(
    staff: list[Person], home_facility: Facility, director: Account
) -> None:
    with before(90) as day:
        remind()
        learn.duty_record(of=staff[0], at=home_facility, by=director, done_on=day, when=at(day))
        mail.outbox.clear()
        perform(Work.objects.get(topic="lms.duties_due").pk)
    (letter,) = mail.outbox
    assert [person.name in letter.body for person in staff] == [False, True]


def test_nobody_is_written_to_when_all_is_done_or_nobody_has_an_address(
    staff: list[Person], home_facility: Facility, director: Account
) -> None:
    Account.objects.update(email="")
    assert night(90) == []
    Account.objects.filter(pk=director.pk).update(email="director@example.org")
    with before(45) as day:
        remind()
        for person in staff:
            learn.duty_record(of=person, at=home_facility, by=director, done_on=day, when=at(day))
    assert night(45) == []


def test_only_those_who_run_the_facility_today_are_written_to(
    staff: list[Person], home_facility: Facility, other_director: Account, county_officer: Account
) -> None:
    Account.objects.filter(pk__in=[other_director.pk, county_officer.pk]).update(email="x@example.org")
    former = make.account(email="former@example.org")
    make.duty(of=former, kind=DutyKind.MANAGER, facility=home_facility, until=date(2026, 6, 1))
    assert [letter.to for letter in night(90)] == [["director@example.org"]]


def test_facilities_elsewhere_and_closed_ones_are_left_alone(
    staff: list[Person], home_facility: Facility, other_facility: Facility
) -> None:
    make.employment(at=other_facility, started_on=date(2026, 1, 1))
    Facility.objects.filter(pk=home_facility.pk).update(closed_on=date(2026, 6, 1))
    assert night(90) == []
    assert not Work.objects.filter(topic="lms.duties_due").exists()


def test_batches_reach_every_facility_and_cost_the_same(staff: list[Person]) -> None:
    def queries() -> int:
        with before(90), CaptureQueriesContext(connection) as asked:
            assert remind_batch(after=0, most=50) is None
        return len(asked)

    with before(90):
        remind()
    one = queries()
    for _more in range(3):
        make.employment(at=make.facility(), started_on=date(2026, 1, 1))
    with before(90):
        after: int | None = 0
        rounds = 0
        while after is not None:
            after, rounds = remind_batch(after=after, most=2), rounds + 1
    assert (Work.objects.filter(topic="lms.duties_due").count(), rounds) == (4, 3)
    assert queries() == one
