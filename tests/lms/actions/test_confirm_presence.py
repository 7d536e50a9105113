"""Presence checks: what an open one holds, what an answer releases, what a missed one costs."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from audit.models import Entry
from lms.actions.confirm_presence import answer_presence, ask_presence
from lms.actions.watch import Progress, intervals_of
from lms.models import ActiveSession, Enrolment, LessonCompletion, PresenceCheck, WatchedInterval
from lms.proof import verify_all_ledgers
from lms.rules.presence import LONGEST_MS, OPEN_MS, SHORTEST_MS
from lms.rules.watching import Verdict
from tests.factories import lms as learn
from tests.lms.actions.test_watch import LAPTOP, code_of, opened, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def enrolment() -> Enrolment:
    """A video of two minutes and a text of two."""
    return learn.enrolment(learn.video_lesson(seconds=120), learn.reading_lesson(minutes=2))


def due_in(enrolment: Enrolment, seconds: int) -> None:
    """Only the server knows the moment; the test moves it near."""
    ActiveSession.objects.filter(person=enrolment.person).update(presence_due_ms=seconds * 1000)


def standing(enrolment: Enrolment) -> PresenceCheck | None:
    return ActiveSession.objects.get(person=enrolment.person).presence


def answer(
    enrolment: Enrolment, *, at: float, key: str = "watch", right: bool = True, **told: Any
) -> Progress:
    session = ActiveSession.objects.get(person=enrolment.person)
    check = session.presence or PresenceCheck.objects.latest("pk")
    values = {
        "generation": session.generation,
        "token": check.public_id,
        "choice": check.right if right else (check.right + 1) % 3,
        **told,
    }
    return answer_presence(enrolment=enrolment, lesson_key=key, by=learn.SYSTEM, at=learn.after(at), **values)


def ask(enrolment: Enrolment, *, at: float, key: str = "watch", generation: int | None = None) -> Progress:
    session = ActiveSession.objects.get(person=enrolment.person)
    return ask_presence(
        enrolment=enrolment,
        lesson_key=key,
        generation=session.generation if generation is None else generation,
        by=learn.SYSTEM,
        at=learn.after(at),
    )


def asked(enrolment: Enrolment, key: str = "watch") -> int:
    """She has played twenty seconds, and is asked. Her generation."""
    generation = opened(enrolment, key)
    send(enrolment, learn.beat(generation, 1, 0), at=0, key=key)
    due_in(enrolment, 15)
    assert send(enrolment, learn.beat(generation, 2, 10), at=10, key=key).presence is None
    progress = send(enrolment, learn.beat(generation, 3, 20), at=20, key=key)
    assert progress.presence is not None
    assert (progress.credited_ms, progress.verdict) == (20_000, Verdict.CREDITED)
    return generation


# ── when it comes ───────────────────────────────────────────────────────────


def test_the_moment_is_drawn_with_the_first_beat_and_counted_down_by_credit(enrolment: Enrolment) -> None:
    generation = opened(enrolment)
    send(enrolment, learn.beat(generation, 1, 0), at=0)
    first = ActiveSession.objects.get().presence_due_ms
    assert first is not None
    assert SHORTEST_MS <= first <= LONGEST_MS
    send(enrolment, learn.beat(generation, 2, 10), at=10)
    assert ActiveSession.objects.get().presence_due_ms == first - 10_000
    send(enrolment, learn.beat(generation, 3, 10), at=60)  # a pause is not credited
    assert ActiveSession.objects.get().presence_due_ms == first - 10_000


def test_the_moment_is_kept_over_lessons_devices_and_reloads(enrolment: Enrolment) -> None:
    generation = opened(enrolment)
    send(enrolment, learn.beat(generation, 1, 0), at=0)
    due_in(enrolment, 15)
    send(enrolment, learn.beat(generation, 2, 10), at=10)
    opened(enrolment, at=11)
    generation = opened(enrolment, "read", at=12, device=LAPTOP, take_over=True)
    assert ActiveSession.objects.get().presence_due_ms == 5_000
    send(enrolment, learn.beat(generation, 1, 0), at=12, key="read")
    assert send(enrolment, learn.beat(generation, 2, 0), at=22, key="read").presence is not None


def test_a_check_has_three_words_and_one_and_a_half_minutes(enrolment: Enrolment) -> None:
    generation = asked(enrolment)
    check = PresenceCheck.objects.get()
    assert (check.generation, check.lesson_key, len(check.words)) == (generation, "watch", 3)
    assert check.expires_ms - check.issued_ms == OPEN_MS


def test_what_completes_a_lesson_is_not_asked_about(enrolment: Enrolment) -> None:
    generation = opened(enrolment)
    send(enrolment, learn.beat(generation, 1, 0), at=0)
    due_in(enrolment, 60)
    send(enrolment, learn.beat(generation, 2, 50), at=50)
    progress = send(enrolment, learn.beat(generation, 3, 120), at=120)
    assert (progress.completed, progress.presence) == (True, None)


# ── what an open one holds, and an answer releases ──────────────────────────


@pytest.mark.parametrize("key", ["watch", "read"])
def test_while_it_is_open_nothing_counts_and_the_right_answer_releases_all_of_it(
    enrolment: Enrolment, key: str
) -> None:
    generation = asked(enrolment, key)
    progress = send(enrolment, learn.beat(generation, 4, 30), at=30, key=key)
    assert (progress.credited_ms, progress.verdict) == (20_000, Verdict.UNCONFIRMED)
    assert intervals_of(enrolment, key) == ((0, 20_000),)
    progress = answer(enrolment, at=35, key=key)
    assert (progress.credited_ms, progress.presence) == (30_000, None)
    assert send(enrolment, learn.beat(generation, 5, 40), at=40, key=key).credited_ms == 40_000
    due = ActiveSession.objects.get().presence_due_ms
    assert due is not None
    assert SHORTEST_MS - 10_000 <= due <= LONGEST_MS - 10_000
    assert list(verify_all_ledgers()) == []


def test_the_answer_may_complete_the_lesson(enrolment: Enrolment) -> None:
    generation = asked(enrolment)
    learn.lesson_completion(of=enrolment, key="read")
    for number, place in enumerate((60, 90, 109), start=4):
        send(enrolment, learn.beat(generation, number, place), at=place)
    assert answer(enrolment, at=109).completed is False
    due_in(enrolment, 1)
    send(enrolment, learn.beat(generation, 7, 111), at=111)
    assert send(enrolment, learn.beat(generation, 8, 120), at=120).completed is False
    progress = answer(enrolment, at=121)
    assert (progress.completed, progress.course_completed) == (True, True)
    assert LessonCompletion.objects.filter(lesson_key="watch").count() == 1


def test_kept_beats_of_a_drop_are_held_and_released_too(enrolment: Enrolment) -> None:
    generation = asked(enrolment)
    kept = [learn.beat(generation, 2 + n, n * 10, sent_ms=n * 10_000) for n in range(3, 9)]
    assert send(enrolment, *kept, at=80).credited_ms == 20_000
    assert answer(enrolment, at=81).credited_ms == 80_000


# ── what a failed one costs ─────────────────────────────────────────────────


@pytest.mark.parametrize("key", ["watch", "read"])
def test_a_missed_one_costs_its_interval_and_nothing_counts_until_a_new_one_is_passed(
    enrolment: Enrolment, key: str
) -> None:
    generation = asked(enrolment, key)
    for number in range(4, 13):  # she has gone; the film plays on until 110
        place = (number - 1) * 10
        progress = send(enrolment, learn.beat(generation, number, place), at=place, key=key)
    assert (progress.credited_ms, progress.presence.outcome) == (20_000, "missed")  # type: ignore[union-attr]
    assert WatchedInterval.objects.exclude(held_by=None).count() == 1, "kept as the record of what was lost"
    progress = send(enrolment, learn.beat(generation, 13, 119), at=119, key=key)
    assert (progress.credited_ms, progress.verdict) == (20_000, Verdict.UNCONFIRMED)

    assert ask(enrolment, at=300, key=key).presence.outcome is None  # type: ignore[union-attr]
    assert answer(enrolment, at=303, key=key).presence is None
    send(enrolment, learn.beat(generation, 14, 20), at=304, key=key)  # back to where the gap begins
    progress = send(enrolment, learn.beat(generation, 15, 30), at=314, key=key)
    from_the_question_on = 14_000  # a text is read while the question is on the screen
    assert progress.credited_ms == 20_000 + (10_000 if key == "watch" else from_the_question_on)
    assert progress.presence is None
    assert list(verify_all_ledgers()) == []


def test_a_wrong_answer_costs_what_was_held_and_a_new_one_may_be_taken_at_once(enrolment: Enrolment) -> None:
    generation = asked(enrolment)
    send(enrolment, learn.beat(generation, 4, 80), at=80)
    progress = answer(enrolment, at=82, right=False)
    assert (progress.credited_ms, progress.presence.outcome) == (20_000, "wrong")  # type: ignore[union-attr]
    ask(enrolment, at=82)
    assert answer(enrolment, at=83).credited_ms == 20_000
    send(enrolment, learn.beat(generation, 5, 85), at=85)
    progress = send(enrolment, learn.beat(generation, 6, 95), at=95)
    assert progress.credited_ms == 33_000, "from the new question on"
    assert progress.watched == ((0, 20_000), (80_000, 93_000))
    assert list(verify_all_ledgers()) == []


def test_the_time_of_a_failed_check_is_not_paid_by_a_later_beat(enrolment: Enrolment) -> None:
    """No beat while it was open: the next one is within the grace, and must not pay for it."""
    generation = asked(enrolment)
    answer(enrolment, at=80, right=False)
    ask(enrolment, at=80)
    answer(enrolment, at=81)
    progress = send(enrolment, learn.beat(generation, 4, 85), at=85)
    assert progress.credited_ms == 20_000
    assert send(enrolment, learn.beat(generation, 5, 95), at=95).credited_ms == 30_000


def test_opening_the_lesson_anew_ends_the_check_and_leaves_the_debt(enrolment: Enrolment) -> None:
    asked(enrolment)
    again = opened(enrolment, at=25)
    assert standing(enrolment).outcome == "left"  # type: ignore[union-attr]
    send(enrolment, learn.beat(again, 1, 20), at=25)
    assert send(enrolment, learn.beat(again, 2, 30), at=35).credited_ms == 20_000
    generation = opened(enrolment, "read", at=36, device=LAPTOP, take_over=True)
    send(enrolment, learn.beat(generation, 1), at=36, key="read")
    assert send(enrolment, learn.beat(generation, 2), at=46, key="read").credited_ms == 0
    ask(enrolment, at=47, key="read")
    assert answer(enrolment, at=48, key="read").presence is None
    assert send(enrolment, learn.beat(generation, 3), at=56, key="read").credited_ms == 9_000


# ── one answer, by her, here, in time ───────────────────────────────────────


def test_one_answer_and_no_second(enrolment: Enrolment) -> None:
    generation = asked(enrolment)
    send(enrolment, learn.beat(generation, 4, 30), at=30)
    answer(enrolment, at=31)
    assert code_of(answer, enrolment, at=32) == "check_over"
    assert code_of(answer, enrolment, at=32, right=False) == "check_over"
    assert PresenceCheck.objects.get().outcome == "passed"


def test_a_wrong_answer_cannot_be_corrected(enrolment: Enrolment) -> None:
    asked(enrolment)
    answer(enrolment, at=31, right=False)
    assert code_of(answer, enrolment, at=32) == "check_over"
    assert PresenceCheck.objects.get().outcome == "wrong"


def test_a_late_answer_is_none(enrolment: Enrolment) -> None:
    generation = asked(enrolment)
    send(enrolment, learn.beat(generation, 4, 80), at=80)
    progress = answer(enrolment, at=110)
    assert (progress.credited_ms, progress.presence.outcome) == (20_000, "missed")  # type: ignore[union-attr]
    assert code_of(answer, enrolment, at=111) == "check_over"


def test_another_generation_lesson_token_or_person_answers_nothing(enrolment: Enrolment) -> None:
    generation = asked(enrolment)
    stranger = learn.enrolment(learn.video_lesson())
    strangers = opened(stranger)
    check = PresenceCheck.objects.get()
    assert code_of(answer, enrolment, at=21, generation=generation + 1) == "taken_over"
    assert code_of(answer, enrolment, at=21, generation=generation - 1) == "taken_over"
    assert code_of(answer, enrolment, at=21, key="read") == "taken_over"
    assert code_of(answer, enrolment, at=21, token="0" * 16) == "check_over"
    assert code_of(answer, stranger, at=21, token=check.public_id, generation=strangers) == "check_over"
    opened(enrolment, at=22, device=LAPTOP, take_over=True)
    assert code_of(answer, enrolment, at=23, token=check.public_id) == "check_over"
    assert PresenceCheck.objects.get().outcome == "left"


def test_none_can_be_had_before_it_is_due(enrolment: Enrolment) -> None:
    generation = opened(enrolment)
    send(enrolment, learn.beat(generation, 1, 0), at=0)
    assert ask(enrolment, at=5).presence is None
    assert not PresenceCheck.objects.exists()


def test_asking_again_tells_the_same_question_and_gives_no_more_time(enrolment: Enrolment) -> None:
    asked(enrolment)
    ask(enrolment, at=50)
    check = PresenceCheck.objects.get()
    ask(enrolment, at=109)
    assert standing(enrolment) == check
    assert ask(enrolment, at=110).presence != check
    assert [one.outcome for one in PresenceCheck.objects.all()] == ["missed", None]


def test_a_measure_stops_answers_too(enrolment: Enrolment) -> None:
    from tests.factories import registry as make

    asked(enrolment)
    make.exclusion(of=enrolment.person)
    assert code_of(answer, enrolment, at=21) == "excluded"
    assert code_of(ask, enrolment, at=21) == "excluded"


# ── the record ──────────────────────────────────────────────────────────────


def test_the_end_of_a_check_is_in_the_audit(enrolment: Enrolment) -> None:
    asked(enrolment)
    answer(enrolment, at=31, right=False)
    check = PresenceCheck.objects.get()
    entry = Entry.objects.filter(act="lms.presence").get()
    assert (entry.subject, entry.detail) == (f"check:{check.public_id}", {"outcome": "wrong"})


def test_the_database_takes_one_end_and_one_open_check(enrolment: Enrolment) -> None:
    check = learn.presence_check(of=enrolment)
    with pytest.raises(IntegrityError), transaction.atomic():
        learn.presence_check(of=enrolment)
    with pytest.raises(IntegrityError), transaction.atomic():
        PresenceCheck.objects.update(outcome="passed")  # an end has its moment
    PresenceCheck.objects.update(outcome="wrong", choice=0, ended_ms=5)
    for change in ({"outcome": "passed"}, {"choice": 1}, {"expires_ms": 10**6}, {"right": 0}):
        with pytest.raises(DatabaseError), transaction.atomic():
            PresenceCheck.objects.update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        check.delete()
