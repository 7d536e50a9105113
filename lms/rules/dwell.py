"""Reading by the server's clock: text, PDF and slides.

A reading lesson has no playhead, so its measure is dwell: real time during
which the page was visible and its beats arrived. It is charged to the person's
one clock like watching (see `watching`), so it cannot overlap a video. Dwell
stops at the lesson's cap: leaving the page open earns no more.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

from lms.rules.intervals import Interval
from lms.rules.watching import KEPT_MS, Verdict

CHARACTERS_PER_MINUTE = 300  # unhurried reading of Chinese prose
FASTEST_CHARACTERS_PER_MINUTE = 900  # nobody read it who was faster
IMAGE_MS = 10_000
PAGE_MS = 60_000  # one page of a PDF, one slide
SILENCE_MS = 60_000  # a longer silence counts for nothing


@dataclass(frozen=True, slots=True)
class DwellBeat:
    """`visible`: ever since the beat before. `sent_ms`: the player's own clock, for kept beats."""

    generation: int
    sequence: int
    visible: bool = True
    sent_ms: int = 0


@dataclass(frozen=True, slots=True)
class Dwell:
    """A person's session on one reading lesson. `dwelt_ms` never exceeds `cap_ms`; `present`: see `Watch`."""

    generation: int
    heard_ms: int
    charged_ms: int
    cap_ms: int
    dwelt_ms: int = 0
    sequence: int = 0
    present: bool = True


class Dwelt(NamedTuple):
    """The next state, the real interval credited if any, the reason."""

    state: Dwell
    real: Interval | None
    verdict: Verdict


def allowance_ms(*, characters: int = 0, images: int = 0, pages: int = 0) -> int:
    """How long such a text may be said to take: what an author may declare for it at most."""
    return characters * 60_000 // CHARACTERS_PER_MINUTE + images * IMAGE_MS + pages * PAGE_MS


def required_ms(*, class_minutes: int, characters: int = 0, pages: int = 0) -> int:
    """Dwell that completes the lesson: the minutes it credits, and never faster than one can read.

    So a completed lesson never credits more than the real time spent on it.
    """
    fastest = characters * 60_000 // FASTEST_CHARACTERS_PER_MINUTE + pages * 2_000
    return max(class_minutes * 60_000, fastest)


def open_dwell(
    *, cap_ms: int, dwelt_ms: int, now_ms: int, previous_generation: int = 0, charged_until_ms: int = 0
) -> Dwell:
    """Begin, resume or take over; `charged_until_ms` is the person's mark from any lesson."""
    start = max(now_ms, charged_until_ms)
    return Dwell(
        generation=previous_generation + 1,
        heard_ms=start,
        charged_ms=start,
        cap_ms=cap_ms,
        dwelt_ms=min(dwelt_ms, cap_ms),
    )


def accept_dwell(state: Dwell, beat: DwellBeat, now_ms: int) -> Dwelt:
    """Judge one beat that arrived at `now_ms`; the stretch since the last one is credited, or not."""
    if beat.generation != state.generation:
        return Dwelt(state, None, Verdict.TAKEN_OVER)
    if beat.sequence <= state.sequence:
        return Dwelt(state, None, Verdict.REPLAYED)
    now_ms = max(now_ms, state.heard_ms)
    elapsed = now_ms - state.heard_ms
    heard = replace(state, sequence=beat.sequence, heard_ms=now_ms, charged_ms=max(state.charged_ms, now_ms))
    if not beat.visible:
        return Dwelt(heard, None, Verdict.HIDDEN)
    if not state.present:
        return Dwelt(heard, None, Verdict.UNCONFIRMED)
    if elapsed > SILENCE_MS:
        return Dwelt(heard, None, Verdict.SILENT)
    paid = min(elapsed, state.cap_ms - state.dwelt_ms)
    if paid <= 0:
        return Dwelt(heard, None, Verdict.PAUSED)
    real = (state.heard_ms, state.heard_ms + paid)
    return Dwelt(replace(heard, dwelt_ms=state.dwelt_ms + paid), real, Verdict.CREDITED)


def accept_kept_dwell(
    state: Dwell, beats: Iterable[DwellBeat], now_ms: int
) -> tuple[Dwell, tuple[Dwelt, ...]]:
    """Judge beats kept while the network was away, one by one, spaced as in `watching.accept_kept`."""
    ordered = sorted(beats, key=lambda beat: beat.sequence)
    judged: list[Dwelt] = []
    for beat in ordered:
        age = min(max(ordered[-1].sent_ms - beat.sent_ms, 0), KEPT_MS)
        judged.append(accept_dwell(state, beat, max(now_ms - age, state.heard_ms)))
        state = judged[-1].state
    return state, tuple(judged)
