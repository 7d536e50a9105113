"""Whatever two tabs, two devices and three lessons claim: no credit overlaps, none exceeds real time."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from core.refusals import Refused
from lms.actions.take_quiz import begin_attempt, hand_in
from lms.actions.watch import intervals_of, open_lesson, take_beats
from lms.models import ActiveSession, Enrolment, QuizAttempt, WatchedInterval
from lms.proof import verify_all_ledgers
from lms.rules.intervals import gaps, length
from tests.factories import lms as learn

pytestmark = pytest.mark.django_db
LESSONS = ("watch", "watch", "film", "read")

# One step of somebody's afternoon: real seconds that pass (now and then the clock goes back), who acts,
# on which lesson, what she does, and what her player claims.
steps = some.lists(
    some.tuples(
        some.sampled_from([10, 10, 10, 10, 5, 0, 30, 40, -20, 61, 95, 200]),
        some.sampled_from(["phone000", "phone000", "laptop00"]),
        some.sampled_from(LESSONS),
        some.sampled_from(
            ["beat", "beat", "beat", "beat", "take_over", "take_over", "open", "kept", "stale", "quiz"]
        ),
        some.sampled_from(["honest", "honest", "honest", 0, 60, 130]),
        some.sampled_from([100, 100, 100, 50, 1600]),
        some.sampled_from([True, True, True, False]),
    ),
    min_size=10,
    max_size=60,
)


class Afternoon:
    """One person, her players, and the real time."""

    def __init__(self, enrolment: Enrolment) -> None:
        self.enrolment = enrolment
        self.now = self.latest = 0.0
        self.held: dict[tuple[str, str], list[float]] = {}  # player: generation, sequence, place, since

    def live(self, step: tuple[Any, ...]) -> None:
        passed, device, key, what, claim, rate, visible = step
        self.now += passed
        self.latest = max(self.latest, self.now)
        try:
            with transaction.atomic():
                if what == "quiz":
                    self.answer()
                elif what in ("open", "take_over"):
                    self.open(device, key, what == "take_over")
                else:
                    self.beat(device, key, what, (claim, rate, visible))
        except Refused:
            pass

    def open(self, device: str, key: str, take_over: bool) -> None:
        session = open_lesson(
            enrolment=self.enrolment,
            lesson_key=key,
            device=device,
            take_over=take_over,
            by=learn.SYSTEM,
            at=learn.after(self.now),
        )
        missing = gaps(intervals_of(self.enrolment, key), 10**6)
        self.held = {(device, key): [session.generation, 0, missing[0][0] / 1000, self.now]}

    def beat(self, device: str, key: str, what: str, said: tuple[Any, int, bool]) -> None:
        claim, rate, visible = said
        player = self.held.get((device, key))
        if player is None:  # whoever has the lesson open goes on with it
            if not self.held:
                return
            ((device, key), player), *_ = self.held.items()
        player[2] += (self.now - player[3]) * rate / 100 if claim == "honest" else 0
        player[3] = self.now
        place = max(0.0, player[2] if claim == "honest" else float(claim))
        count = 3 if what == "kept" else 1
        player[1] += 0 if what == "stale" else count
        beats = [
            learn.beat(
                int(player[0]),
                int(player[1]) - back,
                max(0.0, place - 10 * back),
                rate_percent=rate,
                visible=visible or bool(back),
                sent_ms=round((self.latest - 10 * back) * 1000) % 2**40,
            )
            for back in reversed(range(count))
        ]
        take_beats(
            enrolment=self.enrolment, lesson_key=key, beats=beats, by=learn.SYSTEM, at=learn.after(self.now)
        )

    def answer(self) -> None:
        open_one = QuizAttempt.objects.filter(enrolment=self.enrolment, submitted_at=None).first()
        if open_one is None:
            begin_attempt(
                enrolment=self.enrolment, lesson_key="quiz", by=learn.SYSTEM, at=learn.after(self.now)
            )
        elif learn.after(self.now) > open_one.begun_at:
            hand_in(
                attempt=open_one, answers=right_answers(open_one), by=learn.SYSTEM, at=learn.after(self.now)
            )


def right_answers(attempt: QuizAttempt) -> dict[str, list[str]]:
    right = {"1": {"a"}, "2": {"a"}, "3": {"a", "b"}}
    return {
        str(item["number"]): [
            letter for letter, key, _text in item["options"] if key in right[item["question"]]
        ]
        for item in attempt.paper["items"]
    }


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(afternoon=steps)
def test_no_schedule_of_claims_is_paid_more_than_real_time(
    db: None, afternoon: list[tuple[Any, ...]]
) -> None:
    with transaction.atomic():
        enrolment = learn.enrolment(
            learn.video_lesson(key="watch"),
            learn.video_lesson(key="film", seconds=60, minutes=1),
            learn.reading_lesson(),
            learn.quiz_lesson(minutes=2),
        )
        day = Afternoon(enrolment)
        for step in afternoon:
            day.live(step)

        assert list(verify_all_ledgers()) == []
        rows = WatchedInterval.objects.filter(enrolment=enrolment)
        real = sum(row.ended_ms - row.began_ms for row in rows)
        handed_in = QuizAttempt.objects.filter(enrolment=enrolment).exclude(submitted_at=None)
        quiz = sum(handed_in.values_list("earned_minutes", flat=True))
        credited = sum(length(intervals_of(enrolment, key)) for key in ("watch", "film", "read"))
        assert credited <= real
        assert real + quiz * 60_000 <= day.latest * 1000
        session = ActiveSession.objects.filter(person=enrolment.person).first()
        if session is not None:
            assert all(row.ended_ms <= session.charged_ms for row in rows)
        transaction.set_rollback(True)
