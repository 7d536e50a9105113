"""Two at once, on PostgreSQL: each row of law is written once and nobody waits for ever."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from core import faults
from core.refusals import Refused
from credentials.models import Certificate
from lms.actions.attend import book
from lms.actions.close_session import close_session
from lms.actions.complete import complete_lesson
from lms.actions.enrol import enrol
from lms.actions.record_hours import reverse
from lms.actions.settle import settle
from lms.actions.take_quiz import begin_attempt, hand_in
from lms.actions.watch import open_lesson, take_beats
from lms.models import Enrolment, HourEntry, LessonCompletion, QuizAttempt, Seat
from lms.proof import verify_all_ledgers
from registry.actions.exclude import exclude
from tests.factories import lms as learn
from tests.factories import registry as make
from tests.lms.actions.test_take_quiz import answers_to

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """What each answered or was refused with, in the order given. Fails if one is stuck."""
    start = threading.Barrier(len(acts))
    said: list[Any] = [None] * len(acts)

    def run(place: int) -> None:
        start.wait()
        try:
            said[place] = acts[place]()
        except Refused as refusal:
            said[place] = refusal.code
        except BaseException as error:
            said[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place,), daemon=True) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert not any(thread.is_alive() for thread in threads), "one waits for ever"
    broken = [one for one in said if isinstance(one, BaseException)]
    assert broken == []
    return said


def later(act: Callable[[], Any]) -> Callable[[], Any]:
    """Begins while the other one, paused before its commit, still holds its locks."""

    def run() -> Any:
        time.sleep(0.2)
        return act()

    return run


def test_two_last_lessons_at_once_complete_the_course_once() -> None:
    enrolment = learn.enrolment(learn.reading_lesson(key="one"), learn.reading_lesson(key="two"))
    with faults.armed("act.before_commit", "pause"):
        said = at_once(
            *(
                lambda key=key: complete_lesson(
                    enrolment=Enrolment.objects.get(pk=enrolment.pk),
                    lesson_key=key,
                    by=learn.SYSTEM,
                    at=learn.AT,
                )
                for key in ("one", "two")
            )
        )
    assert sorted(said) == [False, True]
    assert (HourEntry.objects.count(), HourEntry.objects.get().minutes) == (1, 2)


def test_the_last_heartbeat_and_the_last_answer_at_once_complete_the_course_once() -> None:
    """The one holds the player and wants the person, the other begins with the attempt: no deadlock."""
    enrolment = learn.enrolment(learn.reading_lesson(), learn.quiz_lesson())
    attempt = begin_attempt(enrolment=enrolment, lesson_key="quiz", by=learn.SYSTEM, at=learn.AT)
    session = open_lesson(
        enrolment=enrolment, lesson_key="read", device="d" * 8, take_over=False, by=learn.SYSTEM, at=learn.AT
    )
    learn.watched_interval(of=enrolment, key="read", to_ms=55_000)

    def listen() -> bool:
        return take_beats(
            enrolment=Enrolment.objects.get(pk=enrolment.pk),
            lesson_key="read",
            beats=[learn.beat(session.generation, 1)],
            by=learn.SYSTEM,
            at=learn.after(10),
        ).completed

    def answer() -> int:
        found = QuizAttempt.objects.select_related("enrolment").get(pk=attempt.pk)
        return hand_in(attempt=found, answers=answers_to(found), by=learn.SYSTEM, at=learn.after(9))[
            0
        ].percent

    said = at_once(listen, answer)
    assert said[1] == 100
    assert HourEntry.objects.count() == (1 if said[0] else 0)
    assert LessonCompletion.objects.count() == (2 if said[0] else 1)
    assert list(verify_all_ledgers()) == []


def test_two_taps_enrol_once() -> None:
    course, person = learn.course(), make.person()
    with faults.armed("act.before_commit", "pause"):
        one, two = at_once(*[lambda: enrol(person=person, course=course, by=learn.SYSTEM, at=learn.AT)] * 2)
    assert one == two
    assert Enrolment.objects.count() == 1


def test_two_taps_hand_in_once() -> None:
    enrolment = learn.enrolment(learn.quiz_lesson())
    attempt = begin_attempt(enrolment=enrolment, lesson_key="quiz", by=learn.SYSTEM, at=learn.AT)

    def answer(answers: dict[str, list[str]]) -> int:
        found = QuizAttempt.objects.select_related("enrolment").get(pk=attempt.pk)
        return hand_in(attempt=found, answers=answers, by=learn.SYSTEM, at=learn.after(180))[0].percent

    with faults.armed("act.before_commit", "pause"):
        said = at_once(lambda: answer(answers_to(attempt)), later(lambda: answer({})))
    assert said == [100, 100]
    assert HourEntry.objects.get().minutes == 2


def test_two_taps_begin_one_attempt() -> None:
    enrolment = learn.enrolment(learn.quiz_lesson())
    begin = lambda: begin_attempt(enrolment=enrolment, lesson_key="quiz", by=learn.SYSTEM, at=learn.AT)  # noqa: E731
    with faults.armed("act.before_commit", "pause"):
        one, two = at_once(begin, begin)
    assert one.pk == two.pk


def test_two_devices_open_at_once_and_one_holds_the_lesson() -> None:
    enrolment = learn.enrolment(learn.video_lesson())

    def open_on(device: str) -> int:
        return open_lesson(
            enrolment=enrolment,
            lesson_key="watch",
            device=device,
            take_over=False,
            by=learn.SYSTEM,
            at=learn.AT,
        ).generation

    said = at_once(lambda: open_on("phone000"), lambda: open_on("laptop00"))
    assert sorted(map(str, said)) == ["1", "active_elsewhere"]


def test_settling_twice_at_once_issues_once() -> None:
    make.standard()
    person = make.person()
    make.employment(of=person, at=make.facility())
    learn.hours(of=person, minutes=5400)
    with faults.armed("act.before_commit", "pause"):
        said = at_once(*[lambda: settle(person=person, by=learn.SYSTEM, at=learn.AT)] * 2)
    assert sorted(len(one) for one in said) == [0, 1]
    assert Certificate.objects.count() == 1


def test_who_is_banned_while_her_cycle_is_settled_gets_no_certificate() -> None:
    make.standard()
    person = make.person()
    make.employment(of=person, at=make.facility())
    learn.hours(of=person, minutes=5400)

    def ban() -> str:
        exclude(person=person, kind="ban", source="test:1", from_day=learn.DAY, by=learn.SYSTEM, at=learn.AT)
        return "banned"

    with faults.armed("act.before_commit", "pause"):
        said = at_once(ban, later(lambda: settle(person=person, by=learn.SYSTEM, at=learn.AT)))
    assert said == ["banned", []]
    assert not Certificate.objects.exists()


def test_who_is_banned_while_she_enrols_does_not_begin() -> None:
    person, course = make.person(), learn.course()

    def ban() -> str:
        exclude(person=person, kind="ban", source="test:1", from_day=learn.DAY, by=learn.SYSTEM, at=learn.AT)
        return "banned"

    with faults.armed("act.before_commit", "pause"):
        said = at_once(ban, later(lambda: enrol(person=person, course=course, by=learn.SYSTEM, at=learn.AT)))
    assert said == ["banned", "excluded"]


def test_the_last_place_is_given_once() -> None:
    session = learn.class_session(led_by=make.account(), capacity=1)
    people = [make.person(), make.person()]
    with faults.armed("act.before_commit", "pause"):
        said = at_once(
            *(
                lambda who=who: book(session=session, person=who, by=learn.SYSTEM, at=learn.AT)
                for who in people
            )
        )
    assert sorted("full" if one == "full" else "seat" for one in said) == ["full", "seat"]
    assert Seat.objects.count() == 1


def test_one_person_books_two_rooms_at_once_and_gets_one() -> None:
    sessions = [learn.class_session(led_by=make.account()) for _ in range(2)]
    person = make.person()
    with faults.armed("act.before_commit", "pause"):
        said = at_once(
            *(
                lambda one=one: book(session=one, person=person, by=learn.SYSTEM, at=learn.AT)
                for one in sessions
            )
        )
    assert said.count("overlaps") == 1
    assert Seat.objects.count() == 1


def test_two_sessions_with_the_same_people_closed_at_once_do_not_deadlock() -> None:
    trainers = [make.account(), make.account()]
    people = [make.person() for _ in range(4)]
    sessions = []
    for trainer, order in zip(trainers, (people, people[::-1]), strict=True):
        session = learn.class_session(led_by=trainer)
        for person in order:
            learn.seat(in_session=session, of=person, signed_in_at=learn.AT, signed_out_at=session.ends_at)
        sessions.append((session, trainer))
    with faults.armed("hours.before_entry", "pause"):
        at_once(
            *(
                lambda one=one, led_by=led_by: close_session(
                    session=one, head_count=4, by=led_by, at=learn.after(hours=4)
                )
                for one, led_by in sessions
            )
        )
    assert HourEntry.objects.count() == 8


def test_a_line_is_taken_back_once() -> None:
    entry = learn.hours(of=make.person())
    one, two, three = (make.account() for _ in range(3))
    with faults.armed("act.before_commit", "pause"):
        said = at_once(
            lambda: reverse(entry=entry, reason="代签", by=one, confirmed_by=two, at=learn.AT).minutes,
            lambda: reverse(entry=entry, reason="代签", by=two, confirmed_by=three, at=learn.AT).minutes,
        )
    assert sorted(map(str, said)) == ["-45", "already_reversed"]
