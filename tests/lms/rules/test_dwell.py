from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.rules.dwell import DwellBeat, accept_dwell, accept_kept_dwell, allowance_ms, open_dwell, required_ms
from lms.rules.watching import Verdict

T0 = 1_700_000_000_000


def test_a_visible_stretch_counts_as_long_as_it_lasted() -> None:
    dwell = open_dwell(cap_ms=60_000, dwelt_ms=0, now_ms=T0)
    state, real, verdict = accept_dwell(dwell, DwellBeat(1, 1), T0 + 10_000)
    assert (state.dwelt_ms, real, verdict) == (10_000, (T0, T0 + 10_000), Verdict.CREDITED)


@pytest.mark.parametrize(
    ("beat", "after_ms", "verdict"),
    [
        (DwellBeat(1, 1, visible=False), 10_000, Verdict.HIDDEN),
        (DwellBeat(1, 1), 61_000, Verdict.SILENT),
        (DwellBeat(1, 0), 10_000, Verdict.REPLAYED),
        (DwellBeat(0, 1), 10_000, Verdict.TAKEN_OVER),
    ],
)
def test_a_stretch_counts_for_nothing_when(beat: DwellBeat, after_ms: int, verdict: Verdict) -> None:
    dwell = open_dwell(cap_ms=60_000, dwelt_ms=0, now_ms=T0)
    state, real, said = accept_dwell(dwell, beat, T0 + after_ms)
    assert (state.dwelt_ms, real, said) == (0, None, verdict)


def test_a_page_left_open_stops_at_its_cap() -> None:
    state = open_dwell(cap_ms=25_000, dwelt_ms=0, now_ms=T0)
    for sequence in range(1, 10):
        state = accept_dwell(state, DwellBeat(1, sequence), T0 + sequence * 10_000).state
    assert state.dwelt_ms == 25_000


@given(st.lists(st.tuples(st.integers(-20_000, 90_000), st.booleans()), max_size=30), st.integers(0, 500_000))
def test_dwell_never_exceeds_real_time_nor_its_cap(steps: list[tuple[int, bool]], cap: int) -> None:
    state = open_dwell(cap_ms=cap, dwelt_ms=0, now_ms=T0)
    now = latest = T0
    end = T0
    for sequence, (step, visible) in enumerate(steps, start=1):
        now += step
        latest = max(latest, now)
        state, real, _ = accept_dwell(state, DwellBeat(1, sequence, visible), now)
        if real:
            assert end <= real[0] < real[1] <= latest
            end = real[1]
    assert state.dwelt_ms <= min(cap, latest - T0)


def test_what_an_author_may_declare_and_what_a_reader_must_dwell() -> None:
    assert allowance_ms(characters=600, images=3) == 150_000
    assert allowance_ms(pages=4) == 240_000
    assert required_ms(class_minutes=2, characters=600) == 120_000
    assert required_ms(class_minutes=0, characters=900) == 60_000
    assert required_ms(class_minutes=0, pages=10) == 20_000


def test_kept_beats_are_judged_one_by_one_and_a_hidden_stretch_among_them_earns_nothing() -> None:
    state = open_dwell(cap_ms=600_000, dwelt_ms=0, now_ms=T0)
    kept = [
        DwellBeat(1, 3, True, sent_ms=90_000),
        DwellBeat(1, 1, True, sent_ms=30_000),
        DwellBeat(1, 2, False, sent_ms=60_000),
    ]
    after, judged = accept_kept_dwell(state, kept, T0 + 90_000)
    assert [str(answer.verdict) for answer in judged] == ["credited", "hidden", "credited"]
    assert [answer.real for answer in judged] == [(T0, T0 + 30_000), None, (T0 + 60_000, T0 + 90_000)]
    assert after.dwelt_ms == 60_000


def test_a_players_clock_cannot_make_its_kept_beats_older_than_the_last_heard() -> None:
    state = open_dwell(cap_ms=600_000, dwelt_ms=0, now_ms=T0)
    kept = [DwellBeat(1, 1, True, sent_ms=0), DwellBeat(1, 2, True, sent_ms=10**12)]
    after, _ = accept_kept_dwell(state, kept, T0 + 10_000)
    assert after.dwelt_ms == 10_000
