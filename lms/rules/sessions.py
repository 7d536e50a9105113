"""Class sessions: minutes offered, minutes earned and why less; the rotating sign-in code.

A minute is earned when the person was signed in during it and it was not a
break. Everything is reckoned in milliseconds and given in whole minutes such
that offered = earned + what the reasons subtract.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from lms.rules.intervals import Intervals, difference, intersection, length, normal
from lms.rules.reasons import Code, Reason
from lms.rules.watching import milliseconds

CODE_DIGITS = 6
STEP_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Timetable:
    """When a session is held. Breaks outside it or over each other do no harm."""

    starts_at: datetime
    ends_at: datetime
    breaks: tuple[tuple[datetime, datetime], ...] = ()

    @property
    def taught(self) -> Intervals:
        """The milliseconds in which something is offered."""
        return difference(_span(self.starts_at, self.ends_at), normal(_pairs(self.breaks)))

    @property
    def offered_minutes(self) -> int:
        """What full attendance earns: the session without its breaks, in whole minutes."""
        return length(self.taught) // 60_000


@dataclass(frozen=True, slots=True)
class Presence:
    """From signing in to signing out; `signed_out_at` None: she never did."""

    signed_in_at: datetime
    signed_out_at: datetime | None


@dataclass(frozen=True, slots=True)
class Attended:
    """`lost` says what is subtracted, with minutes; together with `earned_minutes` it is what was offered."""

    offered_minutes: int
    earned_minutes: int
    lost: tuple[tuple[Code, int], ...]

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """In words: each loss, or that there was none."""
        said = tuple(
            Reason(code)
            if code in (Code.NOT_SIGNED_IN, Code.NOT_SIGNED_OUT)
            else Reason(code, minutes=minutes)
            for code, minutes in self.lost
        )
        return said or (Reason(Code.ATTENDED, minutes=self.earned_minutes),)


def attended(timetable: Timetable, presences: Sequence[Presence]) -> Attended:
    """What a person earns who was there from each sign-in to its sign-out.

    One presence without a sign-out earns nothing for itself: the trainer settles when she left.
    """
    offered = timetable.offered_minutes
    closed = [(one.signed_in_at, one.signed_out_at) for one in presences if one.signed_out_at is not None]
    if not closed:
        code = Code.NOT_SIGNED_OUT if presences else Code.NOT_SIGNED_IN
        return Attended(offered, 0, ((code, offered),))
    present = normal(_pairs(closed))
    taught = timetable.taught
    earned = length(intersection(taught, present)) // 60_000
    missed = difference(taught, present)
    first = min(milliseconds(begin) for begin, _ in closed)
    last = max(first, *(milliseconds(end) for _, end in closed))
    early, late = normal([(0, first)]), normal([(last, 1 << 62)])
    parts = {
        Code.ARRIVED_LATE: length(intersection(missed, early)),
        Code.LEFT_EARLY: length(intersection(missed, late)),
    }
    parts[Code.ABSENT_BETWEEN] = length(missed) - sum(parts.values())
    return Attended(offered, earned, _share(parts, offered - earned))


def code_at(secret: bytes, moment: datetime, step_seconds: int = STEP_SECONDS) -> str:
    """The six digits on the trainer's screen at a moment of the server's clock; `secret` is the session's."""
    return _code(secret, milliseconds(moment) // (step_seconds * 1000), step_seconds)


def code_matches(
    secret: bytes, code: str, moment: datetime, drift: int = 1, step_seconds: int = STEP_SECONDS
) -> bool:
    """True for the code of this step or of the `drift` steps before it.

    Never of a later one: the server shows and checks by the same clock, so nobody can have seen it.
    """
    typed = code.encode("utf-8", "surrogatepass")
    step = milliseconds(moment) // (step_seconds * 1000)
    shown = [_code(secret, step - back, step_seconds).encode() for back in range(drift + 1)]
    return any([hmac.compare_digest(one, typed) for one in shown])  # noqa: C419 - all are compared


def _code(secret: bytes, step: int, step_seconds: int) -> str:
    digest = hmac.new(secret, b"sign-in:%d:%d" % (step_seconds, step), hashlib.sha256).digest()
    offset = digest[-1] & 0x0F
    number = int.from_bytes(digest[offset : offset + 4]) & 0x7FFFFFFF
    return f"{number % 10**CODE_DIGITS:0{CODE_DIGITS}d}"


def _span(start: datetime, end: datetime) -> Intervals:
    return normal([(milliseconds(start), milliseconds(end))])


def _pairs(spans: Sequence[tuple[datetime, datetime]]) -> list[tuple[int, int]]:
    return [(milliseconds(start), milliseconds(end)) for start, end in spans]


def _share(parts: dict[Code, int], minutes: int) -> tuple[tuple[Code, int], ...]:
    """Give out whole minutes over the losses, largest remainder first, so that they add up exactly."""
    shares = {code: lost // 60_000 for code, lost in parts.items()}
    by_remainder = sorted(parts, key=lambda code: -(parts[code] % 60_000))
    for code in by_remainder[: max(0, minutes - sum(shares.values()))]:
        shares[code] += 1
    return tuple((code, share) for code, share in shares.items() if share)
