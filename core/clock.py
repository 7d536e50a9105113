"""The one clock. Nobody else asks the operating system for the time (a guard test walks the source).

Only faces (views, commands, tasks) read it; rules and acts are handed their time.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta

from django.conf import settings

from core.days import day_of

_moved: ContextVar[datetime | timedelta | None] = ContextVar("moved_clock", default=None)


def now() -> datetime:
    """This moment, aware, in UTC.

    `YUZHENG_CLOCK_OFFSET_SECONDS` moves it for a whole process, for rehearsals only:
    production refuses to start with it.
    """
    moved = _moved.get()
    if isinstance(moved, datetime):
        return moved
    moment = datetime.now(tz=UTC) + timedelta(seconds=getattr(settings, "CLOCK_OFFSET_SECONDS", 0))
    return moment + moved if moved is not None else moment


def today() -> date:
    """This day in Asia/Shanghai."""
    return day_of(now())


@contextmanager
def set_to(moment: datetime) -> Iterator[None]:
    """Inside the block it is `moment` (aware), for the running thread of work."""
    if moment.tzinfo is None:
        raise ValueError("the clock is set to aware moments only")
    token = _moved.set(moment)
    try:
        yield
    finally:
        _moved.reset(token)


@contextmanager
def moved_by(step: timedelta) -> Iterator[None]:
    """Inside the block the clock runs `step` ahead (or behind)."""
    token = _moved.set(step)
    try:
        yield
    finally:
        _moved.reset(token)
