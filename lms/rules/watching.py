"""Watching by the server's clock: a beat claims, real time decides.

A player sends a beat about every ten seconds: which token it holds, where the
media stands, how fast it plays, whether the page has been visible since the
beat before. Nothing the client says can make credit larger than the real time
that passed between the arrivals of its beats:

* Credit is charged against real time. `charged_ms` is the server time up to
  which a person's time has been spent; each credit takes the stretch
  `[charged_ms, charged_ms + credit)` and moves the mark. So the real intervals
  of all credits of one person are disjoint, whatever tabs, devices and lessons
  they came from, and their sum never exceeds real time.
* Credit is a media interval that begins where the last one ended. Arrivals
  jitter, so up to JITTER_MS of unspent real time, and up to JITTER_MS of
  played but not yet paid media, are kept for the next beat; beyond that a jump
  is a seek and credits nothing for its stretch.
* A silence of up to GRACE_MS loses nothing: the next beat pays for all of it.
  A longer one credits nothing unless the player kept its beats and hands them
  in together (`accept_kept`), at most KEPT_MS old; real time bounds those too.
* Faster than 1.0 the media is paid second by second of real time and the rest
  stays a gap. A hidden page earns nothing.

All values are integer milliseconds. Decisions and their reasons:
docs/rules/watching.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from lms.rules.intervals import EMPTY, Interval, Intervals, add, length

BEAT_MS = 10_000  # what the player is asked for
JITTER_MS = 5_000
GRACE_MS = 90_000
KEPT_MS = 180_000
OVERRUN_MS = 1_000  # a player may report a position this far past the probed duration


class Verdict(StrEnum):
    """What the server made of a beat; kept for the timeline and for whoever judges a dispute."""

    OPENED = "opened"  # the first beat of a run marks the position
    CREDITED = "credited"
    PAUSED = "paused"  # the media did not move
    SEEKED = "seeked"  # it moved further than real time allows, or backwards
    TOO_FAST = "too_fast"  # played above 1.0: paid by real time, the rest is a gap
    HIDDEN = "hidden"  # the page was not visible
    SILENT = "silent"  # no beat for longer than the grace
    REPLAYED = "replayed"  # a sequence number that was already used
    TAKEN_OVER = "taken_over"  # another tab or device holds the session now
    OUT_OF_RANGE = "out_of_range"  # a position the media does not have
    UNCONFIRMED = "unconfirmed"  # a presence check is open (what it holds may still count) or was not passed


@dataclass(frozen=True, slots=True)
class Beat:
    """One heartbeat as received. `visible`: the page was visible ever since the beat before.

    `sent_ms` is the player's own monotonic clock; it only orders and spaces kept beats.
    """

    generation: int
    sequence: int
    position_ms: int
    rate_percent: int = 100
    visible: bool = True
    sent_ms: int = 0


@dataclass(frozen=True, slots=True)
class Watch:
    """A person's one active session on one lesson, and what she has of that lesson.

    `generation` grows with every take-over; `heard_ms` is the server time of the
    last beat; `anchor_ms` is the media position paid up to, meaningless before the first beat.
    Not `present`: she owes a presence check, and nothing is credited until she has passed one.
    """

    generation: int
    duration_ms: int
    heard_ms: int
    charged_ms: int
    sequence: int = 0
    anchor_ms: int = 0
    watched: Intervals = EMPTY
    present: bool = True

    @property
    def watched_ms(self) -> int:
        return length(self.watched)


class Credit(NamedTuple):
    """Equal lengths of media and of real time; `new_ms` is what the lesson's union gained."""

    media: Interval
    real: Interval
    new_ms: int


class Accepted(NamedTuple):
    """The next state, the credit if any, and the reason in one or more words."""

    state: Watch
    credit: Credit | None
    verdicts: tuple[Verdict, ...]


def milliseconds(moment: datetime) -> int:
    """An aware moment as integer milliseconds since 1970. Raises ValueError for a naive one."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone has no place on the clock")
    return int(moment.timestamp()) * 1000 + moment.microsecond // 1000


def open_watch(
    *,
    duration_ms: int,
    watched: Intervals,
    now_ms: int,
    previous_generation: int = 0,
    charged_until_ms: int = 0,
) -> Watch:
    """Begin or take over: one generation up, nothing earned yet.

    `charged_until_ms` is the person's mark from whatever she watched or read
    before, on any lesson; handing it in keeps her real intervals disjoint.
    """
    start = max(now_ms, charged_until_ms)
    return Watch(
        generation=previous_generation + 1,
        duration_ms=duration_ms,
        heard_ms=start,
        charged_ms=start,
        watched=watched,
    )


def accept(state: Watch, beat: Beat, now_ms: int) -> Accepted:
    """Judge one beat that arrived at `now_ms` by the server's clock."""
    if beat.generation != state.generation:
        return Accepted(state, None, (Verdict.TAKEN_OVER,))
    if beat.sequence <= state.sequence:
        return Accepted(state, None, (Verdict.REPLAYED,))
    now_ms = max(now_ms, state.heard_ms)  # a server clock set back earns nobody anything
    position = min(beat.position_ms, state.duration_ms)
    heard = replace(state, sequence=beat.sequence, heard_ms=now_ms)
    if beat.position_ms < 0 or beat.position_ms > state.duration_ms + OVERRUN_MS:
        return Accepted(_idle(heard, state.anchor_ms), None, (Verdict.OUT_OF_RANGE,))
    if not beat.visible:
        return Accepted(_idle(heard, position), None, (Verdict.HIDDEN,))
    if not state.present:
        return Accepted(_idle(heard, position), None, (Verdict.UNCONFIRMED,))
    if state.sequence == 0:
        return Accepted(_idle(heard, position), None, (Verdict.OPENED,))
    if now_ms - state.heard_ms > GRACE_MS:
        return Accepted(_idle(heard, position), None, (Verdict.SILENT,))

    advance = position - state.anchor_ms
    if advance < 0:
        return Accepted(_idle(heard, position), None, (Verdict.SEEKED,))
    available = now_ms - state.charged_ms
    verdict = Verdict.CREDITED
    anchor = state.anchor_ms + min(advance, available)
    if advance > available + JITTER_MS:
        if beat.rate_percent <= 100 or advance > available * beat.rate_percent // 100 + JITTER_MS:
            return Accepted(_idle(heard, position), None, (Verdict.SEEKED,))
        verdict, anchor = Verdict.TOO_FAST, position
    paid = min(advance, available)
    if paid == 0:
        return Accepted(_idle(heard, anchor), None, (Verdict.PAUSED,))
    media = (state.anchor_ms, state.anchor_ms + paid)
    real = (state.charged_ms, state.charged_ms + paid)
    watched = add(state.watched, *media)
    after = replace(_idle(replace(heard, charged_ms=real[1]), anchor), watched=watched)
    return Accepted(after, Credit(media, real, length(watched) - state.watched_ms), (verdict,))


def accept_kept(state: Watch, beats: Iterable[Beat], now_ms: int) -> tuple[Watch, tuple[Accepted, ...]]:
    """Judge beats that a player kept while the network was away, handed in together at `now_ms`.

    The player's clock says how far they lie apart; the last is taken to be sent
    now, none older than KEPT_MS, none before the beat the server last heard.
    """
    ordered = sorted(beats, key=lambda beat: beat.sequence)
    judged: list[Accepted] = []
    for beat in ordered:
        age = min(max(ordered[-1].sent_ms - beat.sent_ms, 0), KEPT_MS)
        judged.append(accept(state, beat, max(now_ms - age, state.heard_ms)))
        state = judged[-1].state
    return state, tuple(judged)


def is_complete(watched: Intervals, duration_ms: int) -> bool:
    """True when what is missing is at most two seconds or two percent, whichever is more.

    Never more than a quarter, so that a clip of two seconds must be watched too.
    """
    missing = duration_ms - length(watched)
    return missing <= max(min(2_000, duration_ms // 4), duration_ms // 50) and bool(watched)


def _idle(state: Watch, anchor_ms: int) -> Watch:
    """The run continues from `anchor_ms`; of unspent real time only the jitter stays."""
    charged = max(state.charged_ms, state.heard_ms - JITTER_MS)
    return replace(state, anchor_ms=anchor_ms, charged_ms=charged)
