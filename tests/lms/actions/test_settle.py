"""Meeting a cycle issues its certificate: once, whoever triggers it, and not to the excluded."""

from __future__ import annotations

from datetime import date

import pytest

from audit.models import Entry
from core import clock
from core.days import day_of
from credentials.actions.revoke import revoke
from credentials.models import Certificate
from lms.actions.complete import complete_lesson
from lms.actions.settle import settle
from lms.models import HourEntry
from lms.queries import owed, standings_of
from lms.schedule import settle_batch, settle_due
from registry.models import Account, Person
from registry.rules.standard import CategoryRule, StandardRules
from tests.factories import lms as learn
from tests.factories import registry as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def caregiver() -> Person:
    """In post since 2022 under a standard of 120 class hours."""
    make.standard()
    person = make.person(name="李小禾")
    make.employment(of=person, at=make.facility())
    return person


def settled(person: Person) -> list[Certificate]:
    return settle(person=person, by=learn.SYSTEM, at=learn.AT)


def test_the_last_minute_earns_the_certificate_with_its_evidence(caregiver: Person) -> None:
    learn.hours(of=caregiver, minutes=5399)
    assert settled(caregiver) == []
    entry = learn.hours(of=caregiver, minutes=1, content="practice")
    (certificate,) = settled(caregiver)
    assert (certificate.holder, certificate.minutes) == (caregiver, 5400)
    assert (certificate.valid_from, certificate.valid_until) == (learn.DAY, date(2031, 3, 2))
    assert certificate.evidence["needed_minutes"] == 5400
    assert {"entry": entry.pk, "minutes": 1} in certificate.evidence["lines"]


def test_settling_twice_issues_once(caregiver: Person) -> None:
    learn.hours(of=caregiver, minutes=5400)
    settled(caregiver)
    assert settled(caregiver) == []
    assert Certificate.objects.count() == 1


def test_a_renewal_is_given_though_her_first_hours_were_met_on_her_first_day() -> None:
    make.standard()
    person = make.person(name="李小禾")
    make.employment(of=person, at=make.facility(), started_on=learn.DAY)
    learn.hours(of=person, minutes=5400)
    (first,) = settled(person)
    later = learn.after(days=4 * 365)
    learn.hours(of=person, minutes=5400, happened_on=day_of(later), at=later)
    (renewal,) = settle(person=person, by=learn.SYSTEM, at=later)
    assert (renewal.valid_from, renewal.valid_until) == (first.valid_until, date(2036, 3, 2))
    assert settle(person=person, by=learn.SYSTEM, at=learn.after(days=4 * 365 + 1)) == []
    assert Certificate.objects.count() == 2


def test_completing_the_last_course_issues_by_itself(caregiver: Person) -> None:
    learn.hours(of=caregiver, minutes=5399)
    enrolment = learn.enrolment(learn.reading_lesson(minutes=1), of=caregiver)
    complete_lesson(enrolment=enrolment, lesson_key="read", by=learn.SYSTEM, at=learn.AT)
    assert Certificate.objects.get().holder == caregiver


def test_an_excluded_person_keeps_her_hours_and_gets_no_certificate(caregiver: Person) -> None:
    make.exclusion(of=caregiver)
    learn.hours(of=caregiver, minutes=5400)
    assert settled(caregiver) == []
    assert HourEntry.objects.get().minutes == 5400


def test_after_a_revocation_the_same_hours_earn_nothing_new(caregiver: Person, issuer: Account) -> None:
    learn.hours(of=caregiver, minutes=5400)
    (certificate,) = settled(caregiver)
    revoke(
        certificate=certificate, ground="error", reason="学时系他人代学", by=issuer, at=learn.after(hours=1)
    )
    assert settle(person=caregiver, by=learn.SYSTEM, at=learn.after(days=1)) == []
    assert Certificate.objects.count() == 1


def test_a_standard_with_minimums_waits_for_each_of_them() -> None:
    rules = StandardRules(needed_minutes=5400, categories=(CategoryRule("practice", minimum_minutes=45),))
    make.standard(code="directors", occupation="director", rules=rules)
    director = make.person()
    make.employment(of=director, at=make.facility(), occupation="director")
    learn.hours(of=director, minutes=5400)
    assert settled(director) == []
    learn.hours(of=director, minutes=45, content="practice")
    assert [one.occupation for one in settled(director)] == ["director"]


def test_a_name_that_cannot_be_printed_costs_nobody_her_hours(caregiver: Person) -> None:
    Person.objects.filter(pk=caregiver.pk).update(name="李\U0001f33e")
    learn.hours(of=caregiver, minutes=5399)
    enrolment = learn.enrolment(learn.reading_lesson(minutes=1), of=caregiver)
    assert complete_lesson(enrolment=enrolment, lesson_key="read", by=learn.SYSTEM, at=learn.AT) is True
    assert sum(HourEntry.objects.values_list("minutes", flat=True)) == 5400
    settled(caregiver)
    withheld = Entry.objects.get(act="lms.withhold_certificate")  # said once, however often it is tried
    assert (withheld.subject, withheld.detail["code"]) == (caregiver.subject, "undrawable_name")
    Person.objects.filter(pk=caregiver.pk).update(name="李小禾")
    assert len(settled(caregiver)) == 1


def test_the_division_that_answers_is_where_she_works_under_that_standard(caregiver: Person) -> None:
    """She met the hours after moving to a place the standard does not reach."""
    from registry.models import Employment

    Employment.objects.filter(person=caregiver).update(until=date(2026, 1, 1))
    make.NAMES.setdefault("310000", ("上海市", "province", None))
    make.NAMES.setdefault("310117", ("松江区", "county", "310000"))
    make.employment(
        of=caregiver,
        at=make.facility(division_code="310117"),
        occupation="health",
        started_on=date(2026, 1, 1),
    )
    learn.hours(of=caregiver, minutes=5400)
    (certificate,) = settled(caregiver)
    assert certificate.division_id == "530102"


# ── the nightly sweep ───────────────────────────────────────────────────────


def test_the_night_issues_what_nobody_triggered_and_only_once(caregiver: Person) -> None:
    learn.hours(of=caregiver, minutes=5400)
    with clock.set_to(learn.after(hours=18)):
        settle_due()
        settle_due()
    assert Certificate.objects.count() == 1


def test_a_suspension_that_ended_lets_the_night_issue(caregiver: Person) -> None:
    make.exclusion(of=caregiver, kind="suspension", from_day=date(2026, 1, 1), until=date(2026, 3, 10))
    learn.hours(of=caregiver, minutes=5400)
    for day, certificates in ((learn.after(days=7), 0), (learn.after(days=8), 1)):
        with clock.set_to(day):
            settle_due()
        assert Certificate.objects.count() == certificates


def test_the_night_walks_everybody_in_batches(caregiver: Person) -> None:
    facility = make.facility()
    people = [caregiver, *(make.person() for _ in range(3))]
    for person in people[1:]:
        make.employment(of=person, at=facility)
    for person in people:
        learn.hours(of=person, minutes=5400)
    last: int | None = 0
    batches = 0
    with clock.set_to(learn.AT):
        while last is not None:
            last = settle_batch(after=last, most=2)
            batches += 1
    assert (Certificate.objects.count(), batches) == (4, 3)
    assert owed(after=0, most=10, day=learn.DAY) == ([], None)


def test_one_whose_certificate_fails_does_not_hold_up_the_others(
    caregiver: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    from lms import schedule

    other = make.person()
    make.employment(of=other, at=make.facility())
    for person in (caregiver, other):
        learn.hours(of=person, minutes=5400)

    def fails_for_her(*, person: Person, **given: object) -> list[Certificate]:
        if person == caregiver:
            raise RuntimeError("a broken row")
        return settle(person=person, **given)  # type: ignore[arg-type]

    monkeypatch.setattr(schedule, "settle", fails_for_her)
    with clock.set_to(learn.AT):
        schedule.settle_due()
    assert [certificate.holder for certificate in Certificate.objects.all()] == [other]


def test_a_standing_of_a_past_day_is_what_was_known_then(caregiver: Person) -> None:
    learn.hours(of=caregiver, minutes=5400)
    before, after = (standings_of(caregiver, day)[0] for day in (date(2026, 3, 1), learn.DAY))
    assert (before.hours.counted, before.is_met) == (0, False)
    assert (after.cycles[0].met_on, len(after.awards)) == (learn.DAY, 1)
