"""Complete a lesson; with the last one the course, its hours, and perhaps a cycle."""

from __future__ import annotations

from datetime import datetime

from audit.acts import Actor, act, record
from core import faults
from core.days import day_of
from lms.actions.record_hours import record_hours
from lms.actions.settle import settle
from lms.models import Enrolment, HourEntry, LessonCompletion, QuizAttempt
from lms.rules.course import CourseDraft, LessonKind
from lms.rules.quiz import earned_minutes
from registry.models import Person


@act
def complete_lesson(*, enrolment: Enrolment, lesson_key: str, by: Actor, at: datetime) -> bool:
    """Called by what saw it happen (heartbeats, grading). True if the course is now complete.

    Twice has the effect of once; the person's row is the lock, so that two last lessons
    finished at once complete the course exactly once.
    """
    from lms.queries import content_of

    Person.objects.select_for_update().get(pk=enrolment.person_id)
    LessonCompletion.objects.get_or_create(
        enrolment=enrolment, lesson_key=lesson_key, defaults={"completed_at": at}
    )
    content = content_of(enrolment.version)
    done = set(enrolment.completions.values_list("lesson_key", flat=True))
    if not {lesson.key for lesson in content.lessons} <= done:
        return False
    if not Enrolment.objects.filter(pk=enrolment.pk, completed_at=None, stopped_at=None).update(completed_at=at):
        return False
    faults.point("complete.before_hours")
    record("lms.complete_course", subject=f"enrolment:{enrolment.public_id}", by=by, at=at)
    minutes = _minutes(enrolment, content)
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
            source_key=f"enrolment:{enrolment.public_id}",
            by=by,
            at=at,
        )
    settle(person=enrolment.person, by=by, at=at)
    return True


def _minutes(enrolment: Enrolment, content: CourseDraft) -> int:
    """What the lessons declare; a quiz no more than the time its passed attempt took."""
    passed = {
        attempt.lesson_key: attempt
        for attempt in QuizAttempt.objects.filter(enrolment=enrolment, passed=True)
    }
    total = 0
    for lesson in content.lessons:
        if lesson.kind is LessonKind.QUIZ:
            attempt = passed[lesson.key]
            assert attempt.submitted_at is not None
            total += earned_minutes(
                class_minutes=lesson.class_minutes, started_at=attempt.begun_at, submitted_at=attempt.submitted_at
            )
        else:
            total += lesson.class_minutes
    return total
