"""Quizzes: a frozen paper, graded once, paid by time spent on nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from core.refusals import Refused
from lms.actions.enrol import leave
from lms.actions.take_quiz import begin_attempt, hand_in
from lms.actions.watch import open_lesson, take_beats
from lms.models import Enrolment, HourEntry, LessonCompletion, QuizAttempt
from lms.proof import verify_all_ledgers
from tests.factories import lms as learn
from tests.factories import registry as make

pytestmark = pytest.mark.django_db
RIGHT = {"1": {"a"}, "2": {"a"}, "3": {"a", "b"}}


def begin(enrolment: Enrolment, key: str = "quiz", *, at: float = 0) -> QuizAttempt:
    return begin_attempt(enrolment=enrolment, lesson_key=key, by=learn.SYSTEM, at=learn.after(at))


def answers_to(attempt: QuizAttempt, *, wrong: int = 0) -> dict[str, list[str]]:
    given = {}
    for item in attempt.paper["items"]:
        right = [letter for letter, key, _ in item["options"] if key in RIGHT[item["question"]]]
        others = [letter for letter, key, _ in item["options"] if key == "c"]
        given[str(item["number"])] = others if item["number"] <= wrong else right
    return given


def answer(
    attempt: QuizAttempt, answers: dict[str, Any] | None = None, *, at: float = 180
) -> tuple[int, bool]:
    answers = answers_to(attempt) if answers is None else answers
    result, complete = hand_in(attempt=attempt, answers=answers, by=learn.SYSTEM, at=learn.after(at))
    return result.percent, complete


def code_of(act: Any, *arguments: Any, **named: Any) -> str:
    with pytest.raises(Refused) as refusal:
        act(*arguments, **named)
    return refusal.value.code


@pytest.fixture
def enrolment() -> Enrolment:
    return learn.enrolment(
        learn.quiz_lesson(minutes=2, attempts=2, cool_off_minutes=10), learn.reading_lesson()
    )


def test_right_answers_pass_and_complete_the_lesson(enrolment: Enrolment) -> None:
    attempt = begin(enrolment)
    assert answer(attempt) == (100, False)
    attempt.refresh_from_db()
    assert (attempt.passed, attempt.score_percent, attempt.submitted_at) == (True, 100, learn.after(180))
    assert LessonCompletion.objects.get().lesson_key == "quiz"


def test_wrong_answers_fail_and_complete_nothing(enrolment: Enrolment) -> None:
    attempt = begin(enrolment)
    assert answer(attempt, answers_to(attempt, wrong=1)) == (50, False)
    attempt.refresh_from_db()
    assert (attempt.passed, attempt.earned_minutes) == (False, 0)
    assert not LessonCompletion.objects.exists()


def test_an_unanswered_question_is_wrong(enrolment: Enrolment) -> None:
    assert answer(begin(enrolment), {}) == (0, False)


def test_a_second_hand_in_returns_the_first_result(enrolment: Enrolment) -> None:
    attempt = begin(enrolment)
    stale = QuizAttempt.objects.select_related("enrolment").get(pk=attempt.pk)
    assert answer(attempt, answers_to(attempt, wrong=2), at=60) == (0, False)
    assert answer(stale, answers_to(attempt), at=61) == (0, False)
    attempt.refresh_from_db()
    assert (attempt.passed, attempt.submitted_at) == (False, learn.after(60))


@pytest.mark.parametrize(
    "answers",
    [{"9": ["A"]}, {"1": ["Z"]}, {"one": ["A"]}, {"²": ["A"]}, {"1": ["A", "B", "C"], "2": ["A", "B"]}],
)
def test_an_answer_the_paper_does_not_ask_for_is_refused_and_the_attempt_stays_open(
    enrolment: Enrolment, answers: dict[str, list[str]]
) -> None:
    attempt = begin(enrolment)
    assert code_of(answer, attempt, answers) == "unknown_answer"
    attempt.refresh_from_db()
    assert attempt.submitted_at is None


def test_beginning_twice_is_the_same_paper(enrolment: Enrolment) -> None:
    first = begin(enrolment)
    again = begin(enrolment, at=60)
    assert (again.pk, again.paper, again.begun_at) == (first.pk, first.paper, learn.AT)


def test_the_paper_tells_neither_the_answers_nor_their_order(enrolment: Enrolment) -> None:
    assert "right" not in str(begin(enrolment).paper)


def test_attempts_are_counted_and_spaced(enrolment: Enrolment) -> None:
    answer(begin(enrolment), {}, at=60)
    assert code_of(begin, enrolment, at=60 + 599) == "quiz_cool_off"
    second = begin(enrolment, at=60 + 600)
    assert second.number == 2
    answer(second, {}, at=700)
    assert code_of(begin, enrolment, at=9999) == "quiz_attempts_used"


def test_a_passed_quiz_is_not_taken_again(enrolment: Enrolment) -> None:
    answer(begin(enrolment))
    assert code_of(begin, enrolment, at=9999) == "quiz_passed"


def test_only_a_quiz_has_a_paper(enrolment: Enrolment) -> None:
    assert code_of(begin, enrolment, "read") == "not_a_quiz"
    assert code_of(begin, enrolment, "nothing") == "no_such_lesson"


def test_a_measure_or_leaving_closes_an_open_attempt(enrolment: Enrolment) -> None:
    attempt = begin(enrolment)
    make.exclusion(of=enrolment.person)
    assert code_of(answer, attempt) == "excluded"
    assert code_of(begin, enrolment) == "excluded"
    other = learn.enrolment(learn.quiz_lesson())
    open_one = begin(other)
    leave(enrolment=other, reason="left", by=learn.SYSTEM, at=learn.AT)
    assert code_of(answer, QuizAttempt.objects.get(pk=open_one.pk)) == "stopped"


# ── what it earns ───────────────────────────────────────────────────────────


@pytest.mark.parametrize(("seconds", "minutes"), [(59, 0), (60, 1), (119, 1), (120, 2), (7200, 2)])
def test_a_quiz_earns_what_it_declares_and_never_more_than_it_took(seconds: int, minutes: int) -> None:
    enrolment = learn.enrolment(learn.quiz_lesson(minutes=2))
    _percent, complete = answer(begin(enrolment), at=seconds)
    assert complete is True
    assert [entry.minutes for entry in HourEntry.objects.all()] == ([minutes] if minutes else [])


def watch(enrolment: Enrolment, *, since: int, until: int) -> None:
    session = open_lesson(
        enrolment=enrolment,
        lesson_key="watch",
        device="laptop00",
        take_over=True,
        by=learn.SYSTEM,
        at=learn.after(since),
    )
    for number, second in enumerate(range(since, until + 1, 10), start=1):
        beat = learn.beat(session.generation, number, second - since)
        take_beats(
            enrolment=enrolment, lesson_key="watch", beats=[beat], by=learn.SYSTEM, at=learn.after(second)
        )


def test_time_paid_for_watching_is_not_paid_for_the_quiz_again() -> None:
    enrolment = learn.enrolment(learn.quiz_lesson(minutes=2), learn.video_lesson(seconds=120, minutes=2))
    attempt = begin(enrolment)
    watch(enrolment, since=0, until=120)
    answer(attempt, at=180)
    attempt.refresh_from_db()
    assert attempt.earned_minutes == 1  # three minutes passed, two of them were watched
    assert HourEntry.objects.get().minutes == 3


def test_time_paid_for_the_quiz_is_not_paid_by_a_later_heartbeat_again() -> None:
    enrolment = learn.enrolment(learn.quiz_lesson(minutes=1), learn.video_lesson(seconds=120, minutes=2))
    session = open_lesson(
        enrolment=enrolment,
        lesson_key="watch",
        device="laptop00",
        take_over=True,
        by=learn.SYSTEM,
        at=learn.AT,
    )
    first = learn.beat(session.generation, 1, 0)
    take_beats(enrolment=enrolment, lesson_key="watch", beats=[first], by=learn.SYSTEM, at=learn.AT)
    attempt = begin(enrolment)
    answer(attempt, at=60)
    late = learn.beat(session.generation, 2, 70)
    progress = take_beats(
        enrolment=enrolment, lesson_key="watch", beats=[late], by=learn.SYSTEM, at=learn.after(70)
    )
    attempt.refresh_from_db()
    assert (attempt.earned_minutes, progress.credited_ms) == (1, 0)


def test_two_quizzes_open_at_once_do_not_earn_the_same_minutes() -> None:
    enrolment = learn.enrolment(
        learn.quiz_lesson(key="one", minutes=2), learn.quiz_lesson(key="two", minutes=2)
    )
    one, two = begin(enrolment, "one"), begin(enrolment, "two")
    answer(one, at=120)
    answer(two, at=180)
    assert [HourEntry.objects.get().minutes, list(verify_all_ledgers())] == [3, []]
