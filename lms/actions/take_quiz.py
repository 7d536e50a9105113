"""Begin and hand in a quiz: the paper is frozen, the answers stay here."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from audit.acts import Actor, act, record
from core.refusals import Refused
from lms.actions.complete import complete_lesson
from lms.actions.enrol import refuse_if_closed
from lms.actions.watch import lesson_of
from lms.models import Enrolment, QuizAttempt
from lms.rules.course import LessonDraft, LessonKind
from lms.rules.quiz import (
    Attempt,
    AttemptRules,
    Graded,
    Paper,
    UnknownAnswer,
    draw_paper,
    grade,
    may_attempt,
    read_answers,
)
from registry.models import Person


@act
def begin_attempt(*, enrolment: Enrolment, lesson_key: str, by: Actor, at: datetime) -> QuizAttempt:
    """Her open attempt, or a new one with a paper of its own. Raises Refused with the rule's reason."""
    refuse_if_closed(enrolment, at)
    lesson = _quiz(enrolment, lesson_key)
    Person.objects.select_for_update().get(pk=enrolment.person_id)
    previous = list(enrolment.attempts.filter(lesson_key=lesson_key).order_by("number"))
    for attempt in previous:
        if attempt.submitted_at is None:
            return attempt
    verdict = may_attempt(
        [Attempt(row.begun_at, row.submitted_at, bool(row.passed)) for row in previous],
        AttemptRules(lesson.attempts, lesson.cool_off_minutes),
        at,
    )
    if not verdict.allowed:
        assert verdict.reason is not None
        raise Refused(str(verdict.reason.code), verdict.reason.words, not_before=verdict.not_before)
    attempt = QuizAttempt(enrolment=enrolment, lesson_key=lesson_key, number=len(previous) + 1, begun_at=at)
    attempt.paper = draw_paper(lesson.questions, lesson.draw, attempt.public_id).as_json()
    attempt.save()
    record("lms.begin_attempt", subject=f"attempt:{attempt.public_id}", by=by, at=at)
    return attempt


@act
def hand_in(
    *, attempt: QuizAttempt, answers: Mapping[str, Collection[str]], by: Actor, at: datetime
) -> tuple[Graded, bool]:
    """Grade once. A second hand-in returns the first result. The second value: is the course complete now?"""
    refuse_if_closed(attempt.enrolment, at)
    lesson = _quiz(attempt.enrolment, attempt.lesson_key)
    locked = QuizAttempt.objects.select_for_update().get(pk=attempt.pk)
    if locked.submitted_at is not None:
        return graded(locked, lesson), locked.enrolment.completed_at is not None
    try:
        given = read_answers(answers)
        result = grade(Paper.from_json(locked.paper), lesson.questions, given, pass_percent=lesson.pass_percent)
    except UnknownAnswer as error:
        raise Refused("unknown_answer", _("The answer names something this paper does not ask.")) from error
    locked.answers = {str(number): sorted(letters) for number, letters in given.items()}
    locked.submitted_at, locked.score_percent, locked.passed = at, result.percent, result.passed
    locked.save()
    record(
        "lms.hand_in",
        subject=f"attempt:{locked.public_id}",
        by=by,
        at=at,
        percent=result.percent,
        passed=result.passed,
    )
    complete = result.passed and complete_lesson(
        enrolment=locked.enrolment, lesson_key=locked.lesson_key, by=by, at=at
    )
    return result, complete


def graded(attempt: QuizAttempt, lesson: LessonDraft) -> Graded:
    """The result of a handed-in attempt, from its frozen paper and its kept answers."""
    return grade(
        Paper.from_json(attempt.paper),
        lesson.questions,
        read_answers(attempt.answers or {}),
        pass_percent=lesson.pass_percent,
    )


def _quiz(enrolment: Enrolment, key: str) -> LessonDraft:
    lesson = lesson_of(enrolment, key)
    if lesson.kind is not LessonKind.QUIZ:
        raise Refused("not_a_quiz", _("This lesson has no quiz."))
    return lesson
