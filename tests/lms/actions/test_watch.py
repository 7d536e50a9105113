"""Watching and reading: what the server's clock pays for, and what no client can talk it into."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from core.refusals import Refused
from lms.actions.enrol import leave
from lms.actions.watch import Progress, open_lesson, take_beats
from lms.models import ActiveSession, Enrolment, LessonCompletion, WatchedInterval
from lms.proof import verify_all_ledgers
from lms.rules.watching import Beat, Verdict
from tests.factories import lms as learn
from tests.factories import registry as make

pytestmark = pytest.mark.django_db
PHONE, LAPTOP = "phone000", "laptop00"


def opened(
    enrolment: Enrolment, key: str = "watch", *, at: float = 0, device: str = PHONE, take_over: bool = False
) -> int:
    session = open_lesson(
        enrolment=enrolment,
        lesson_key=key,
        device=device,
        take_over=take_over,
        by=learn.SYSTEM,
        at=learn.after(at),
    )
    return session.generation


def send(enrolment: Enrolment, *beats: Beat, at: float, key: str = "watch") -> Progress:
    return take_beats(enrolment=enrolment, lesson_key=key, beats=beats, by=learn.SYSTEM, at=learn.after(at))


def play(enrolment: Enrolment, seconds: int, *, key: str = "watch", start: float = 0) -> Progress:
    """Watch from the beginning, honestly: a beat every ten seconds."""
    generation = opened(enrolment, key, at=start)
    progress = send(enrolment, learn.beat(generation, 1, 0), at=start, key=key)
    for number, place in enumerate(range(10, seconds + 1, 10), start=2):
        progress = send(enrolment, learn.beat(generation, number, place), at=start + place, key=key)
    return progress


def code_of(act: Any, *arguments: Any, **named: Any) -> str:
    with pytest.raises(Refused) as refusal:
        act(*arguments, **named)
    return refusal.value.code


@pytest.fixture
def enrolment() -> Enrolment:
    """A video of two minutes and a text."""
    return learn.enrolment(learn.video_lesson(seconds=120), learn.reading_lesson())


# ── honest ──────────────────────────────────────────────────────────────────


def test_a_video_watched_to_its_end_is_completed(enrolment: Enrolment) -> None:
    assert play(enrolment, 110).completed is False
    progress = play(enrolment, 120, start=200)
    assert (progress.completed, progress.credited_ms, progress.gaps) == (True, 120_000, ())
    assert LessonCompletion.objects.get().lesson_key == "watch"


def test_steady_watching_is_one_row(enrolment: Enrolment) -> None:
    play(enrolment, 60)
    row = WatchedInterval.objects.get()
    assert (row.from_ms, row.to_ms, row.ended_ms - row.began_ms) == (0, 60_000, 60_000)


def test_the_last_lesson_completes_the_course(enrolment: Enrolment) -> None:
    learn.lesson_completion(of=enrolment, key="read")
    progress = play(enrolment, 120)
    assert (progress.completed, progress.course_completed) == (True, True)
    enrolment.refresh_from_db()
    assert enrolment.completed_at == learn.after(120)


def test_a_text_is_completed_by_dwelling_as_long_as_it_credits(enrolment: Enrolment) -> None:
    assert play(enrolment, 50, key="read").completed is False
    progress = play(enrolment, 20, key="read", start=100)
    assert (progress.completed, progress.credited_ms, progress.needed_ms) == (True, 60_000, 60_000)


def test_beats_kept_without_network_are_paid_when_they_come_in_together(enrolment: Enrolment) -> None:
    generation = opened(enrolment)
    send(enrolment, learn.beat(generation, 1, 0), at=0)
    kept = [learn.beat(generation, n + 1, n * 10, sent_ms=n * 10_000) for n in range(1, 13)]
    progress = send(enrolment, *reversed(kept), at=120)
    assert (progress.credited_ms, progress.completed) == (120_000, True)


# ── what no client can claim ────────────────────────────────────────────────


def test_a_seek_to_the_end_earns_nothing_and_the_gap_is_named(enrolment: Enrolment) -> None:
    generation = opened(enrolment)
    send(enrolment, learn.beat(generation, 1, 0), at=0)
    send(enrolment, learn.beat(generation, 2, 10), at=10)
    progress = send(enrolment, learn.beat(generation, 3, 120), at=11)
    assert (progress.verdict, progress.completed) == (Verdict.SEEKED, False)
    assert progress.gaps == ((10_000, 120_000),)


def test_sixteen_times_as_fast_earns_no_more_than_the_time_it_took(enrolment: Enrolment) -> None:
    generation = opened(enrolment)
    send(enrolment, learn.beat(generation, 1, 0, rate_percent=1600), at=0)
    progress = send(enrolment, learn.beat(generation, 2, 112, rate_percent=1600), at=7)
    assert (progress.verdict, progress.credited_ms) == (Verdict.TOO_FAST, 7_000)


def test_a_replayed_beat_changes_nothing(enrolment: Enrolment) -> None:
    generation = opened(enrolment)
    send(enrolment, learn.beat(generation, 1, 0), at=0)
    send(enrolment, learn.beat(generation, 2, 10), at=10)
    progress = send(enrolment, learn.beat(generation, 2, 20), at=20)
    assert (progress.verdict, progress.credited_ms) == (Verdict.REPLAYED, 10_000)


@pytest.mark.parametrize("place", [-1, -(10**9), 10**9, 2**53])
def test_a_place_the_video_does_not_have_earns_nothing(enrolment: Enrolment, place: float) -> None:
    generation = opened(enrolment)
    send(enrolment, learn.beat(generation, 1, 0), at=0)
    progress = send(enrolment, learn.beat(generation, 2, place), at=10)
    assert (progress.verdict, progress.credited_ms) == (Verdict.OUT_OF_RANGE, 0)


@pytest.mark.parametrize("key", ["watch", "read"])
def test_a_hidden_page_earns_nothing(enrolment: Enrolment, key: str) -> None:
    generation = opened(enrolment, key)
    send(enrolment, learn.beat(generation, 1, 0), at=0, key=key)
    progress = send(enrolment, learn.beat(generation, 2, 10, visible=False), at=10, key=key)
    assert (progress.verdict, progress.credited_ms) == (Verdict.HIDDEN, 0)


def test_of_kept_beats_of_a_text_the_hidden_ones_earn_nothing(enrolment: Enrolment) -> None:
    generation = opened(enrolment, "read")
    send(enrolment, learn.beat(generation, 1, 0), at=0, key="read")
    kept = [
        learn.beat(generation, 2, visible=False, sent_ms=30_000),
        learn.beat(generation, 3, sent_ms=40_000),
    ]
    assert send(enrolment, *kept, at=40, key="read").credited_ms == 10_000


@pytest.mark.parametrize("forged", [0, 2, 10**9])
def test_a_forged_generation_is_refused(enrolment: Enrolment, forged: int) -> None:
    assert opened(enrolment) == 1
    assert code_of(send, enrolment, learn.beat(forged, 1, 10), at=10) == "taken_over"
    assert not WatchedInterval.objects.exists()


def test_one_forged_beat_among_good_ones_spoils_them_all(enrolment: Enrolment) -> None:
    generation = opened(enrolment)
    beats = [learn.beat(generation, 1, 0), learn.beat(generation + 1, 2, 10)]
    assert code_of(send, enrolment, *beats, at=10) == "taken_over"
    assert ActiveSession.objects.get().sequence == 0


def test_beats_for_a_lesson_that_is_not_open_are_refused(enrolment: Enrolment) -> None:
    generation = opened(enrolment, "watch")
    assert code_of(send, enrolment, learn.beat(generation, 1, 0), at=0, key="read") == "taken_over"
    other = learn.enrolment(learn.video_lesson(), of=enrolment.person)
    assert code_of(send, other, learn.beat(generation, 1, 0), at=0) == "taken_over"


def test_beats_of_somebody_else_are_worth_nothing(enrolment: Enrolment) -> None:
    generation = opened(enrolment)
    stranger = learn.enrolment(learn.video_lesson())
    assert code_of(send, stranger, learn.beat(generation, 1, 0), at=0) == "taken_over"


def test_the_servers_clock_set_back_and_forth_earns_nobody_anything(enrolment: Enrolment) -> None:
    generation = opened(enrolment)
    send(enrolment, learn.beat(generation, 1, 0), at=0)
    send(enrolment, learn.beat(generation, 2, 30), at=30)
    assert send(enrolment, learn.beat(generation, 3, 60), at=-3600).credited_ms == 30_000
    reopened = opened(enrolment, at=-3600, take_over=True)
    send(enrolment, learn.beat(reopened, 1, 30), at=-3600)
    assert send(enrolment, learn.beat(reopened, 2, 60), at=-3570).credited_ms == 30_000
    assert send(enrolment, learn.beat(reopened, 3, 70), at=40).credited_ms == 40_000
    assert list(verify_all_ledgers()) == []


def test_a_silence_longer_than_the_grace_earns_nothing(enrolment: Enrolment) -> None:
    generation = opened(enrolment)
    send(enrolment, learn.beat(generation, 1, 0), at=0)
    assert send(enrolment, learn.beat(generation, 2, 91), at=91).credited_ms == 0
    assert send(enrolment, learn.beat(generation, 3, 101), at=101).credited_ms == 10_000


def test_no_beats_no_lesson_and_no_player_for_a_quiz() -> None:
    enrolment = learn.enrolment()
    generation = opened(enrolment)
    assert code_of(send, enrolment, at=0) == "no_beats"
    assert code_of(send, enrolment, learn.beat(generation, 1), at=0, key="nothing") == "no_such_lesson"
    assert code_of(opened, enrolment, "nothing") == "no_such_lesson"
    assert code_of(opened, enrolment, "quiz") == "not_played"


# ── one place at a time ─────────────────────────────────────────────────────


def test_a_second_device_is_asked_and_takes_over(enrolment: Enrolment) -> None:
    first = opened(enrolment)
    send(enrolment, learn.beat(first, 1, 0), at=0)
    assert code_of(opened, enrolment, at=10, device=LAPTOP) == "active_elsewhere"
    second = opened(enrolment, at=10, device=LAPTOP, take_over=True)
    assert second == first + 1
    assert code_of(send, enrolment, learn.beat(first, 2, 20), at=20) == "taken_over"
    send(enrolment, learn.beat(second, 1, 10), at=20)
    assert send(enrolment, learn.beat(second, 2, 20), at=30).credited_ms == 10_000


def test_a_reload_of_the_same_tab_is_not_asked(enrolment: Enrolment) -> None:
    assert [opened(enrolment), opened(enrolment, at=5)] == [1, 2]


def test_a_device_unheard_for_a_minute_is_taken_over_without_asking(enrolment: Enrolment) -> None:
    opened(enrolment)
    assert code_of(opened, enrolment, at=59, device=LAPTOP) == "active_elsewhere"
    assert opened(enrolment, at=60, device=LAPTOP) == 2


def test_two_lessons_in_turn_are_never_paid_for_the_same_time(enrolment: Enrolment) -> None:
    """Watch, read for a while, come back: the row of the video must not span the time of the text."""
    play(enrolment, 10)
    play(enrolment, 10, key="read", start=10)
    generation = opened(enrolment, at=20)
    send(enrolment, learn.beat(generation, 1, 10), at=20)
    send(enrolment, learn.beat(generation, 2, 20), at=30)
    assert list(verify_all_ledgers()) == []
    assert WatchedInterval.objects.filter(lesson_key="watch").count() == 2


# ── when nothing more may be learned ────────────────────────────────────────


def test_a_measure_stops_the_lesson_at_once(enrolment: Enrolment) -> None:
    generation = opened(enrolment)
    make.exclusion(of=enrolment.person)
    assert code_of(send, enrolment, learn.beat(generation, 1, 0), at=0) == "excluded"
    assert code_of(opened, enrolment) == "excluded"


def test_a_course_that_was_left_is_not_watched_on(enrolment: Enrolment) -> None:
    opened(enrolment)
    leave(enrolment=enrolment, reason="left", by=learn.SYSTEM, at=learn.AT)
    enrolment.refresh_from_db()
    assert code_of(opened, enrolment) == "stopped"


def test_what_completed_a_lesson_counts_once_when_it_is_watched_again(enrolment: Enrolment) -> None:
    play(enrolment, 120)
    progress = play(enrolment, 120, start=500)
    assert (progress.credited_ms, progress.course_completed) == (120_000, False)
    assert LessonCompletion.objects.count() == 1


def test_the_database_refuses_a_credit_longer_than_its_real_time(enrolment: Enrolment) -> None:
    from django.db import IntegrityError

    with pytest.raises(IntegrityError):
        WatchedInterval.objects.create(
            enrolment=enrolment, lesson_key="watch", from_ms=0, to_ms=20_000, began_ms=0, ended_ms=10_000
        )


def test_an_interval_that_overlaps_another_in_real_time_is_found(enrolment: Enrolment) -> None:
    learn.watched_interval(of=enrolment, key="watch", began_ms=0)
    other = learn.watched_interval(of=enrolment, key="read", began_ms=9_999)
    assert [problem.subject for problem in verify_all_ledgers()] == [f"interval:{other.pk}"]
    assert timedelta(milliseconds=other.ended_ms - other.began_ms) == timedelta(seconds=10)
