"""Complete a lesson; with the last one the course, its hours, and perhaps a cycle."""

from __future__ import annotations

from datetime import datetime

from audit.acts import Actor, act, record
from core import faults
from core.days import day_of
from lms.actions.enrol import demand_not_stopped
from lms.actions.record_hours import record_hours
from lms.actions.settle import settle
from lms.models import Enrolment, HourEntry, LessonCompletion, QuizAttempt
from lms.queries import content_of, lesson_of
from lms.rules.course import CourseDraft, LessonKind
from registry.actions.exclude import lock_person


@act
def complete_lesson(*, enrolment: Enrolment, lesson_key: str, by: Actor, at: datetime) -> bool:
    """Called by what saw it happen (heartbeats, grading). True if the course became complete just now.

    Twice has the effect of once; the person's row is the lock, so that two last lessons
    finished at once complete the course exactly once. Raises Refused: no_such_lesson, stopped.
    """
    lesson_of(enrolment, lesson_key)
    lock_person(enrolment.person)
    enrolment = (
        Enrolment.objects.select_related("person", "version").defer("version__content").get(pk=enrolment.pk)
    )
    demand_not_stopped(enrolment)
    LessonCompletion.objects.get_or_create(
        enrolment=enrolment, lesson_key=lesson_key, defaults={"completed_at": at}
    )
    content = content_of(enrolment.version)
    done = set(enrolment.completions.values_list("lesson_key", flat=True))
    if not {lesson.key for lesson in content.lessons} <= done:
        return False
    if not Enrolment.objects.filter(pk=enrolment.pk, completed_at=None, stopped_at=None).update(
        completed_at=at
    ):
        return False
    faults.point("complete.before_hours")
    minutes = _minutes(enrolment, content)
    record("lms.complete_course", subject=f"enrolment:{enrolment.public_id}", by=by, at=at, minutes=minutes)
    if minutes > 0:
        record_hours(
            person=enrolment.person,
            minutes=minutes,
            content=content.content,
            channel=HourEntry.Channel.ONLINE,
            topic=content.topic,
            source_class=HourEntry.Source.PLATFORM,
            happened_on=day_of(at),
            title=enrolment.version.title,
            source_key=source_key(enrolment),
            by=by,
            at=at,
        )
    settle(person=enrolment.person, by=by, at=at)
    return True


def source_key(enrolment: Enrolment) -> str:
    """What makes the hours of a course come once."""
    return f"enrolment:{enrolment.public_id}"


def _minutes(enrolment: Enrolment, content: CourseDraft) -> int:
    """What the lessons declare; of a quiz, what its passed attempt earned, and nothing without one."""
    quizzes = dict(
        QuizAttempt.objects.filter(enrolment=enrolment, passed=True).values_list(
            "lesson_key", "earned_minutes"
        )
    )
    return sum(
        quizzes.get(lesson.key) or 0 if lesson.kind is LessonKind.QUIZ else lesson.class_minutes
        for lesson in content.lessons
    )
