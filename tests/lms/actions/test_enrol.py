"""Who begins a course, in which version, and who leaves it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from audit.models import Entry
from core.refusals import Refused
from lms.actions.complete import complete_lesson
from lms.actions.enrol import enrol, leave
from lms.actions.publish import publish, withdraw
from lms.models import Enrolment
from registry.models import Person
from tests.factories import lms as learn
from tests.factories import registry as make

pytestmark = pytest.mark.django_db


def begin(person: Person, enrolment_of: Enrolment | None = None, **fields: object) -> Enrolment:
    course = fields.pop("course", None) or (enrolment_of.course if enrolment_of else learn.course())
    return enrol(person=person, course=course, by=learn.SYSTEM, at=fields.pop("at", learn.AT))  # type: ignore[arg-type]


def code_of(act: object, **arguments: object) -> str:
    with pytest.raises(Refused) as refusal:
        act(**arguments)  # type: ignore[operator]
    return refusal.value.code


def test_she_begins_the_current_version_and_the_audit_says_so() -> None:
    enrolment = learn.enrolment()
    assert enrolment.version == enrolment.course.current
    entry = Entry.objects.get(act="lms.enrol")
    assert entry.subject == f"enrolment:{enrolment.public_id}"


def test_beginning_twice_is_beginning_once() -> None:
    first = learn.enrolment()
    assert begin(first.person, first) == first
    assert Entry.objects.filter(act="lms.enrol").count() == 1


def test_she_finishes_the_version_she_began() -> None:
    draft = learn.draft()
    course = publish(slug="hands", draft=draft, by=learn.SYSTEM, at=learn.AT).course
    first = begin(make.person(), course=course)
    second = publish(slug="hands", draft=replace(draft, title="新版"), by=learn.SYSTEM, at=learn.AT)
    assert begin(first.person, course=course).version.number == 1
    assert begin(make.person(), course=course).version == second


def test_a_banned_person_is_refused_and_the_day_a_suspension_ends_she_is_not() -> None:
    banned, suspended = make.person(), make.person()
    course = learn.course()
    make.exclusion(of=banned)
    make.exclusion(of=suspended, kind="suspension", from_day=date(2026, 1, 1), until=date(2026, 3, 3))
    for person in (banned, suspended):
        assert code_of(enrol, person=person, course=course, by=learn.SYSTEM, at=learn.AT) == "excluded"
    assert begin(suspended, course=course, at=learn.after(days=1)).pk


def test_a_withdrawn_course_takes_nobody_new_and_keeps_those_who_began() -> None:
    enrolment = learn.enrolment()
    withdraw(course=enrolment.course, by=learn.SYSTEM, at=learn.AT)
    assert begin(enrolment.person, enrolment) == enrolment
    refused = {"person": make.person(), "course": enrolment.course, "by": learn.SYSTEM, "at": learn.AT}
    assert code_of(enrol, **refused) == "withdrawn"


def test_a_completed_version_is_not_begun_again_but_the_next_one_is() -> None:
    draft = learn.draft(learn.reading_lesson())
    course = publish(slug="hands", draft=draft, by=learn.SYSTEM, at=learn.AT).course
    person = make.person()
    first = begin(person, course=course)
    complete_lesson(enrolment=first, lesson_key="read", by=learn.SYSTEM, at=learn.AT)
    assert code_of(enrol, person=person, course=course, by=learn.SYSTEM, at=learn.AT) == "completed"
    publish(slug="hands", draft=replace(draft, title="新版"), by=learn.SYSTEM, at=learn.AT)
    assert begin(person, course=course).version.number == 2


def test_she_leaves_and_may_begin_again() -> None:
    enrolment = learn.enrolment()
    leave(enrolment=enrolment, reason="left", by=learn.SYSTEM, at=learn.AT)
    leave(enrolment=enrolment, reason="left", by=learn.SYSTEM, at=learn.after(hours=1))
    enrolment.refresh_from_db()
    assert (enrolment.stopped_at, enrolment.stopped_reason) == (learn.AT, "left")
    assert Entry.objects.filter(act="lms.leave").count() == 1
    assert begin(enrolment.person, enrolment).pk != enrolment.pk


def test_a_completed_course_is_not_left() -> None:
    enrolment = learn.enrolment(learn.reading_lesson())
    complete_lesson(enrolment=enrolment, lesson_key="read", by=learn.SYSTEM, at=learn.AT)
    refused = {"enrolment": enrolment, "reason": "left", "by": learn.SYSTEM, "at": learn.AT}
    assert code_of(leave, **refused) == "completed"
    enrolment.refresh_from_db()
    assert enrolment.stopped_at is None
