"""The last lesson completes the course, once, with the hours it earned."""

from __future__ import annotations

import pytest

from core import faults
from core.refusals import Refused
from lms.actions.complete import complete_lesson
from lms.actions.enrol import leave
from lms.models import Enrolment, HourEntry, LessonCompletion
from tests.factories import lms as learn

pytestmark = pytest.mark.django_db


def finish(enrolment: Enrolment, key: str) -> bool:
    return complete_lesson(enrolment=enrolment, lesson_key=key, by=learn.SYSTEM, at=learn.AT)


def test_the_last_lesson_completes_the_course_and_its_hours_are_in_the_ledger() -> None:
    enrolment = learn.enrolment(learn.video_lesson(minutes=2), learn.reading_lesson(minutes=1))
    assert [finish(enrolment, "read"), finish(enrolment, "watch")] == [False, True]
    enrolment.refresh_from_db()
    entry = HourEntry.objects.get(person=enrolment.person)
    assert enrolment.completed_at == learn.AT
    assert (entry.minutes, entry.channel, entry.content, entry.topic) == (3, "online", "theory", "hygiene")
    assert (entry.happened_on, entry.source_class) == (learn.DAY, "platform")


def test_a_lesson_completed_twice_is_completed_once() -> None:
    enrolment = learn.enrolment(learn.video_lesson(), learn.reading_lesson())
    finish(enrolment, "watch")
    assert finish(enrolment, "watch") is False
    assert LessonCompletion.objects.count() == 1
    assert not HourEntry.objects.exists()


def test_a_completed_course_earns_nothing_more() -> None:
    enrolment = learn.enrolment(learn.reading_lesson())
    finish(enrolment, "read")
    assert finish(enrolment, "read") is False
    assert HourEntry.objects.count() == 1


def test_a_lesson_the_version_does_not_have_is_refused() -> None:
    enrolment = learn.enrolment(learn.reading_lesson())
    with pytest.raises(Refused) as refusal:
        finish(enrolment, "other")
    assert refusal.value.code == "no_such_lesson"
    assert not LessonCompletion.objects.exists()


def test_a_stopped_course_is_refused_also_with_a_row_read_before_it_stopped() -> None:
    enrolment = learn.enrolment(learn.reading_lesson())
    stale = Enrolment.objects.get(pk=enrolment.pk)
    leave(enrolment=enrolment, reason="left", by=learn.SYSTEM, at=learn.AT)
    with pytest.raises(Refused) as refusal:
        finish(stale, "read")
    assert refusal.value.code == "stopped"


def test_a_crash_between_completion_and_hours_leaves_neither() -> None:
    enrolment = learn.enrolment(learn.reading_lesson())
    with pytest.raises(faults.InjectedFault), faults.armed("complete.before_hours"):
        finish(enrolment, "read")
    enrolment.refresh_from_db()
    assert (enrolment.completed_at, LessonCompletion.objects.count()) == (None, 0)
    assert finish(enrolment, "read") is True
