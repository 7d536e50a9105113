"""Named places where a test may make the world break.

`point("certificate.before_log")` does nothing unless a test armed it, by `armed(...)` in the
same process or by `YUZHENG_FAULTS="name=kill"` for a child process (production refuses that setting).
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

Effect = Literal["error", "kill", "pause"]


class InjectedFault(RuntimeError):
    """Raised at an armed point."""


_armed: dict[str, Effect] = {}
_seen: set[str] = set()


def arm_from(text: str) -> None:
    """Arm from `name=effect[,name=effect…]`. Raises ValueError for an unknown effect."""
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        name, _, effect = part.partition("=")
        if effect not in ("error", "kill", "pause"):
            raise ValueError(f"fault point {name!r}: effect must be error, kill or pause, not {effect!r}")
        _armed[name] = effect  # type: ignore[assignment]


def point(name: str) -> None:
    """A named point; free of cost while nothing is armed."""
    if not _armed:
        return
    _seen.add(name)
    effect = _armed.get(name)
    if effect == "error":
        raise InjectedFault(name)
    if effect == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if effect == "pause":
        time.sleep(0.5)


@contextmanager
def armed(name: str, effect: Effect = "error") -> Iterator[None]:
    """Arm one point inside the block; says so if the block never reached it."""
    _armed[name] = effect
    _seen.discard(name)
    try:
        yield
        reached = name in _seen
    except InjectedFault:
        reached = True
        raise
    finally:
        _armed.pop(name, None)
    if not reached:
        raise AssertionError(f"fault point {name!r} was armed but never reached")
