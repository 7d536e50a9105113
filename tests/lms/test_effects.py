"""A ban heard from below stops what she was learning."""

from __future__ import annotations

import pytest

from audit.models import Work
from core import clock
from lms.actions.complete import complete_lesson
from lms.effects import stop_enrolments
from lms.models import Enrolment
from tests.factories import lms as learn
from tests.factories import registry as make

pytestmark = pytest.mark.django_db


def test_open_courses_of_the_banned_stop_and_those_of_others_and_completed_ones_do_not() -> None:
    person = make.person()
    open_one = learn.enrolment(of=person)
    done = learn.enrolment(learn.reading_lesson(), of=person)
    complete_lesson(enrolment=done, lesson_key="read", by=learn.SYSTEM, at=learn.AT)
    another = learn.enrolment()
    work = Work(topic="credentials.banned", key="banned:1", payload={"person": person.pk})
    for moment in (learn.after(60), learn.after(120)):  # heard twice
        with clock.set_to(moment):
            stop_enrolments(work)
    found = {row.pk: (row.stopped_at, row.stopped_reason) for row in Enrolment.objects.all()}
    assert found == {
        open_one.pk: (learn.after(60), "excluded"),
        done.pk: (None, ""),
        another.pk: (None, ""),
    }
