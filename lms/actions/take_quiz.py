"""Begin and hand in a quiz: the paper is frozen, the answers stay here."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from audit.acts import Actor, act, record
from core.refusals import Refused
from lms.actions.complete import complete_lesson
from lms.actions.enrol import demand_open
from lms.actions.watch import spend_until
from lms.models import Enrolment, QuizAttempt
from lms.queries import lesson_of
from lms.rules.course import LessonDraft, LessonKind
from lms.rules.quiz import (
    Attempt,
    AttemptRules,
    Graded,
    Paper,
    UnknownAnswer,
    draw_paper,
    earned_minutes,
    grade,
    may_attempt,
    read_answers,
)
from lms.rules.watching import milliseconds
from registry.actions.exclude import lock_person
from registry.permissions import records_of


@act
def begin_attempt(*, enrolment: Enrolment, lesson_key: str, by: Actor, at: datetime) -> QuizAttempt:
    """Her open attempt, or a new one with a paper of its own. Raises Refused with the rule's reason."""
    demand_open(enrolment, at)
    lesson = _quiz(enrolment, lesson_key)
    lock_person(enrolment.person)
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
    """Grade once. A second hand-in returns the first result. The second value: is the course complete?

    What a passed quiz earns is settled here, of real time spent on nothing else.
    Raises Refused: unknown_answer, stopped, excluded.
    """
    enrolment = attempt.enrolment
    lesson = _quiz(enrolment, attempt.lesson_key)
    spent = spend_until(person_id=enrolment.person_id, began_at=attempt.begun_at, at=at)
    locked = QuizAttempt.objects.select_for_update().get(pk=attempt.pk)
    lock_person(enrolment.person)
    if locked.submitted_at is not None:
        return graded(locked, lesson), locked.enrolment.completed_at is not None
    demand_open(enrolment, at)
    try:
        given = read_answers(answers)
        result = grade(
            Paper.from_json(locked.paper), lesson.questions, given, pass_percent=lesson.pass_percent
        )
    except UnknownAnswer as error:
        raise Refused("unknown_answer", _("The answer names something this paper does not ask.")) from error
    locked.answers = {str(number): sorted(letters) for number, letters in given.items()}
    locked.submitted_at, locked.score_percent, locked.passed = at, result.percent, result.passed
    locked.earned_minutes = _earned(locked, lesson, spent, at) if result.passed else 0
    locked.save(update_fields=["answers", "submitted_at", "score_percent", "passed", "earned_minutes"])
    record(
        "lms.hand_in",
        subject=f"attempt:{locked.public_id}",
        by=by,
        at=at,
        percent=result.percent,
        passed=result.passed,
    )
    complete = result.passed and complete_lesson(
        enrolment=enrolment, lesson_key=locked.lesson_key, by=by, at=at
    )
    return result, complete


def _earned(attempt: QuizAttempt, lesson: LessonDraft, spent: list[tuple[int, int]], at: datetime) -> int:
    """Two quizzes open at once do not both earn the same minutes."""
    others = QuizAttempt.objects.filter(
        enrolment__person_id__in=records_of(attempt.enrolment.person_id),
        submitted_at__gt=attempt.begun_at,
        earned_minutes__gt=0,
    ).values_list("begun_at", "submitted_at")
    taken = [(milliseconds(begun), milliseconds(handed)) for begun, handed in others if handed is not None]
    return earned_minutes(
        class_minutes=lesson.class_minutes,
        started_at=attempt.begun_at,
        submitted_at=at,
        spent=[*spent, *taken],
    )


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
