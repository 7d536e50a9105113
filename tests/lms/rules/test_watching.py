"""Bots and honest learners before the same server clock."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.rules import intervals as sets
from lms.rules.watching import (
    GRACE_MS,
    JITTER_MS,
    KEPT_MS,
    Beat,
    Credit,
    Verdict,
    Watch,
    accept,
    accept_kept,
    is_complete,
    open_watch,
)

HOUR = 3_600_000
T0 = 1_700_000_000_000


def opened(duration_ms: int = HOUR, position_ms: int = 0) -> Watch:
    watch = open_watch(duration_ms=duration_ms, watched=(), now_ms=T0)
    return accept(watch, Beat(watch.generation, 1, position_ms), T0).state


def test_ten_seconds_of_play_credit_ten_seconds_of_media() -> None:
    state, credit, verdicts = accept(opened(), Beat(1, 2, 10_000), T0 + 10_000)
    assert credit == Credit(media=(0, 10_000), real=(T0, T0 + 10_000), new_ms=10_000)
    assert verdicts == (Verdict.CREDITED,)
    assert state.watched == ((0, 10_000),)


def test_the_first_beat_only_marks_where_she_begins() -> None:
    watch = open_watch(duration_ms=HOUR, watched=(), now_ms=T0)
    state, credit, verdicts = accept(watch, Beat(1, 1, 90_000), T0 + 50_000)
    assert (credit, verdicts, state.anchor_ms) == (None, (Verdict.OPENED,), 90_000)


@pytest.mark.parametrize(
    ("beat", "after_ms", "verdict"),
    [
        (Beat(1, 2, 160_000), 10_000, Verdict.SEEKED),  # sixteen times, undeclared
        (Beat(1, 2, 3_000_000, rate_percent=100), 10_000, Verdict.SEEKED),  # the seek bar hammered
        (Beat(1, 2, 10_000, visible=False), 10_000, Verdict.HIDDEN),
        (Beat(1, 1, 10_000), 10_000, Verdict.REPLAYED),
        (Beat(1, 0, 10_000), 10_000, Verdict.REPLAYED),
        (Beat(2, 2, 10_000), 10_000, Verdict.TAKEN_OVER),  # a forged generation
        (Beat(1, 2, -1), 10_000, Verdict.OUT_OF_RANGE),
        (Beat(1, 2, HOUR + 60_000), 10_000, Verdict.OUT_OF_RANGE),
        (Beat(1, 2, 0), 10_000, Verdict.PAUSED),
        (Beat(1, 2, 200_000), 200_000, Verdict.SILENT),  # three minutes without a beat
        (Beat(1, 2, 10_000), -60_000, Verdict.SEEKED),  # the server's clock was set back
    ],
)
def test_nothing_is_credited_when(beat: Beat, after_ms: int, verdict: Verdict) -> None:
    state, credit, verdicts = accept(opened(), beat, T0 + after_ms)
    assert (credit, verdicts, state.watched) == (None, (verdict,), ())


def test_a_beat_of_the_tab_taken_over_changes_nothing() -> None:
    old = opened()
    taken = open_watch(
        duration_ms=HOUR,
        watched=old.watched,
        now_ms=T0 + 5_000,
        previous_generation=old.generation,
        charged_until_ms=old.charged_ms,
    )
    assert taken.generation == 2
    assert accept(taken, Beat(1, 2, 10_000), T0 + 10_000) == (taken, None, (Verdict.TAKEN_OVER,))


def test_faster_playing_is_paid_by_real_time_and_leaves_a_gap() -> None:
    state, credit, verdicts = accept(opened(), Beat(1, 2, 20_000, rate_percent=200), T0 + 10_000)
    assert verdicts == (Verdict.TOO_FAST,)
    assert credit is not None
    assert credit.media == (0, 10_000)
    state, credit, _ = accept(state, Beat(1, 3, 30_000), T0 + 20_000)
    assert state.watched == ((0, 10_000), (20_000, 30_000))
    assert sets.gaps(state.watched, 40_000) == ((10_000, 20_000), (30_000, 40_000))


def test_slower_playing_is_paid_by_media() -> None:
    _, credit, _ = accept(opened(), Beat(1, 2, 5_000, rate_percent=50), T0 + 10_000)
    assert credit is not None
    assert credit.media == (0, 5_000)


def test_seeking_back_credits_nothing_twice() -> None:
    state = accept(opened(), Beat(1, 2, 10_000), T0 + 10_000).state
    state = accept(state, Beat(1, 3, 0), T0 + 11_000).state
    state, credit, _ = accept(state, Beat(1, 4, 10_000), T0 + 21_000)
    assert credit is not None
    assert credit.new_ms == 0
    assert state.watched == ((0, 10_000),)


def test_a_drop_of_a_minute_loses_nothing() -> None:
    state, _, verdicts = accept(opened(), Beat(1, 2, 60_000), T0 + 60_000)
    assert (verdicts, state.watched) == ((Verdict.CREDITED,), ((0, 60_000),))


def test_a_pause_cannot_be_turned_into_a_skip() -> None:
    state = opened()
    for sequence in range(2, 8):  # a minute of standing still
        state = accept(state, Beat(1, sequence, 0), T0 + (sequence - 1) * 10_000).state
    state, credit, verdicts = accept(state, Beat(1, 8, 70_000), T0 + 70_000)
    assert (credit, verdicts) == (None, (Verdict.SEEKED,))


def test_a_beat_that_came_late_is_made_up_by_the_next() -> None:
    watch = open_watch(duration_ms=HOUR, watched=(), now_ms=T0 + 4_000)
    state = accept(watch, Beat(1, 1, 0), T0 + 4_000).state  # sent at T0, four seconds on the way
    state = accept(state, Beat(1, 2, 10_000), T0 + 10_000).state
    assert state.watched == ((0, 6_000),)
    state = accept(state, Beat(1, 3, 20_000), T0 + 24_000).state
    assert state.watched == ((0, 20_000),)


def test_kept_beats_of_a_long_tunnel_are_judged_one_by_one() -> None:
    kept = [Beat(1, n + 1, 10_000 * n, sent_ms=10_000 * n) for n in range(1, 16)]  # 150 seconds
    state, judged = accept_kept(opened(), kept, T0 + 151_000)
    assert state.watched == ((0, 150_000),)
    assert {verdict for one in judged for verdict in one.verdicts} == {Verdict.CREDITED}


def test_kept_beats_earn_no_more_than_real_time() -> None:
    kept = [Beat(1, n + 1, 10_000 * n, sent_ms=10_000 * n) for n in range(1, 60)]  # ten minutes claimed
    state, _ = accept_kept(opened(), kept, T0 + 20_000)  # twenty seconds passed
    assert state.watched_ms <= 20_000


def test_kept_beats_older_than_the_limit_are_spread_no_further_back() -> None:
    kept = [Beat(1, 2, 0, sent_ms=0), Beat(1, 3, 1_000, sent_ms=KEPT_MS * 10)]
    _, judged = accept_kept(opened(), kept, T0 + KEPT_MS * 20)
    assert judged[0].state.heard_ms == T0 + KEPT_MS * 20 - KEPT_MS


@pytest.mark.parametrize(
    ("watched", "duration", "complete"),
    [
        (((0, 58_000),), 60_000, True),  # two seconds missing
        (((0, 57_999),), 60_000, False),
        (((0, 980_000),), 1_000_000, True),  # two percent
        (((0, 979_999),), 1_000_000, False),
        ((), 1_000, False),  # a clip of a second is not complete unseen
        (((0, 750),), 1_000, True),
        (((0, 749),), 1_000, False),
        (((0, 30_000), (31_000, 60_000)), 60_000, True),
    ],
)
def test_complete_is_all_but_two_seconds_or_two_percent(
    watched: sets.Intervals, duration: int, complete: bool
) -> None:
    assert is_complete(watched, duration) is complete


@st.composite
def sessions(draw: st.DrawFn) -> list[tuple[int, Beat]]:
    """Whatever a client may send, at whatever times; generations and lessons change under way."""
    beats = []
    now = T0
    for _ in range(draw(st.integers(1, 40))):
        now += draw(st.sampled_from((-5_000, 0, 1, 1_000, 9_000, 10_000, 11_000, 80_000, 100_000)))
        beat = Beat(
            generation=draw(st.integers(1, 3)),
            sequence=draw(st.integers(0, 45)),
            position_ms=draw(st.integers(-10, 700_000)),
            rate_percent=draw(st.sampled_from((50, 100, 150, 1_600))),
            visible=draw(st.booleans()),
        )
        beats.append((now, beat))
    return beats


@settings(max_examples=300)
@given(sessions(), st.sets(st.integers(0, 39), max_size=2))
def test_no_client_earns_more_than_real_time_or_overlaps(
    beats: list[tuple[int, Beat]], take_overs: set[int]
) -> None:
    """Credits of one person, over take-overs and lessons: disjoint real intervals inside the session."""
    state = open_watch(duration_ms=600_000, watched=(), now_ms=T0)
    latest = T0
    real: list[tuple[int, int]] = []
    for place, (now, beat) in enumerate(beats):
        latest = max(latest, now)
        if place in take_overs:
            state = open_watch(
                duration_ms=600_000,
                watched=(),
                now_ms=now,
                previous_generation=state.generation,
                charged_until_ms=max(state.charged_ms, state.heard_ms),
            )
        before = state.watched
        state, credit, _ = accept(state, beat, now)
        if credit is None:
            assert state.watched == before
            continue
        assert credit.media[1] - credit.media[0] == credit.real[1] - credit.real[0] > 0
        assert credit.media[0] >= 0
        assert credit.media[1] <= 600_000
        assert credit.new_ms == sets.length(state.watched) - sets.length(before)
        real.append(credit.real)
    assert sum(end - start for start, end in real) == sets.length(sets.normal(real)) <= latest - T0
    assert all(start >= T0 and end <= latest for start, end in real)


@pytest.mark.parametrize("keeps_beats", [False, True])
@pytest.mark.parametrize("seed", range(40))
def test_an_honest_learner_with_a_bad_network_is_credited_in_full(seed: int, keeps_beats: bool) -> None:
    """Latency up to four seconds, lost beats, pauses, drops of a minute; two and a half with kept beats."""
    chance = Random(seed)
    duration = 600_000
    state = open_watch(duration_ms=duration, watched=(), now_ms=T0)
    real = media = arrived = silent_until = 0
    kept: list[Beat] = []
    was_lost = False
    for sequence in range(1, 200):
        kept.append(Beat(1, sequence, media, sent_ms=real))
        is_lost = chance.random() < 0.05 and not was_lost
        if real >= silent_until and not is_lost:
            arrived = max(arrived, real + chance.randint(0, 4_000))
            if keeps_beats:
                state, _ = accept_kept(state, kept, T0 + arrived)
            else:
                state = accept(state, kept[-1], T0 + arrived).state
            kept = []
            if chance.random() < 0.1:
                silent_until = real + chance.randint(20_000, 150_000 if keeps_beats else 60_000)
        was_lost = is_lost
        step = chance.randint(8_000, 11_000)
        real += step
        if chance.random() < 0.9 or (silent_until > real and not keeps_beats):  # otherwise she paused
            media = min(duration, media + step)
    assert media == duration
    assert state.watched_ms * 100 >= duration * 98
    assert is_complete(state.watched, duration)


def test_the_grace_is_longer_than_the_minute_that_is_promised() -> None:
    assert GRACE_MS >= 60_000 + 10_000 + JITTER_MS


def test_resuming_on_another_phone_keeps_what_was_watched() -> None:
    first = accept(opened(), Beat(1, 2, 10_000), T0 + 10_000).state
    second = open_watch(
        duration_ms=HOUR,
        watched=first.watched,
        now_ms=T0 + 11_000,
        previous_generation=first.generation,
        charged_until_ms=first.charged_ms,
    )
    second = accept(second, Beat(2, 1, 10_000), T0 + 11_000).state
    second = accept(second, Beat(2, 2, 20_000), T0 + 21_000).state
    assert second.watched == ((0, 20_000),)
    assert replace(second, watched=()).watched_ms == 0
