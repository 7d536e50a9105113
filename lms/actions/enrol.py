"""Begin a course, or leave it."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from audit.acts import Actor, act, record
from core.days import day_of
from core.refusals import Refused
from lms.models import Course, Enrolment
from registry.actions.exclude import lock_person
from registry.models import Person
from registry.permissions import is_excluded, one_human, records_of


@act
def enrol(*, person: Person, course: Course, by: Actor, at: datetime) -> Enrolment:
    """Her open enrolment, or a new one in the current version. She finishes the version she began.

    Refused: `excluded` (ban or suspension), `withdrawn` (course), `completed` (this version
    already; its hours are earned once). Two taps at once begin it once: her row is the lock.
    """
    person = lock_person(one_human(person))
    records = records_of(person)
    if is_excluded(person, day_of(at)):
        raise Refused("excluded", _("A measure is in force against you; you cannot begin a course."))
    open_one = Enrolment.objects.filter(
        person_id__in=records, course=course, completed_at=None, stopped_at=None
    ).first()
    if open_one is not None:
        return open_one
    course = Course.objects.select_related("current").defer("current__content").get(pk=course.pk)
    if course.current is None or course.withdrawn_at is not None:
        raise Refused("withdrawn", _("This course is no longer offered; choose another one."))
    completed = Enrolment.objects.filter(person_id__in=records, version=course.current)
    if completed.exclude(completed_at=None).exists():
        raise Refused("completed", _("You have completed this course; its hours are in your ledger."))
    enrolment = Enrolment.objects.create(person=person, course=course, version=course.current, enrolled_at=at)
    record("lms.enrol", subject=f"enrolment:{enrolment.public_id}", by=by, at=at, course=course.slug)
    return enrolment


@act
def leave(*, enrolment: Enrolment, reason: str, by: Actor, at: datetime) -> None:
    """Stop an open enrolment; what was watched stays on record. Twice is once.

    Refused: `completed` (there is nothing left to leave).
    """
    still_open = Enrolment.objects.filter(pk=enrolment.pk, completed_at=None, stopped_at=None)
    if still_open.update(stopped_at=at, stopped_reason=reason):
        record("lms.leave", subject=f"enrolment:{enrolment.public_id}", by=by, at=at, reason=reason)
    elif Enrolment.objects.filter(pk=enrolment.pk).exclude(completed_at=None).exists():
        raise Refused("completed", _("You have completed this course; its hours are in your ledger."))


def demand_not_stopped(enrolment: Enrolment) -> None:
    """Raises Refused `stopped`."""
    if enrolment.stopped_at is not None:
        raise Refused("stopped", _("This course was stopped; begin it again from the catalogue."))


def demand_open(enrolment: Enrolment, at: datetime) -> None:
    """Raises Refused `stopped` or `excluded` when nothing more may be learned in this enrolment."""
    demand_not_stopped(enrolment)
    if is_excluded(enrolment.person_id, day_of(at)):
        raise Refused("excluded", _("A measure is in force against you; you cannot continue this course."))
