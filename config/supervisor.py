"""One process tree: web and worker (with beat) as children that die with their parent."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field

PR_SET_PDEATHSIG = 1
STOP_SECONDS = 12
CALM_SECONDS = 10  # a child that lived this long starts its next life without waiting


@dataclass(slots=True)
class Child:
    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    deaths: int = 0
    next_start: float = 0.0


def _die_with_parent() -> None:
    """Linux: SIGTERM when the supervisor is gone, even by kill -9. Elsewhere: nothing."""
    try:
        ctypes.CDLL("libc.so.6", use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    except OSError:
        pass


@dataclass(slots=True)
class Supervisor:
    """Starts children, restarts those that die, stops all on SIGTERM or SIGINT."""

    children: list[Child]
    say: Callable[[str], None] = print
    stopping: bool = field(default=False, init=False)

    def run(self, *, ready: Callable[[], bool], on_ready: Callable[[], None]) -> int:
        """Until a signal. Returns 0 when every child ended by itself after being asked."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)
        announced = False
        while not self.stopping:
            for child in self.children:
                self._tend(child)
            if not announced and ready():
                announced = True
                on_ready()
            time.sleep(0.2)
        return self._stop()

    def _on_signal(self, number: int, frame: object) -> None:
        self.stopping = True

    def _tend(self, child: Child) -> None:
        now = time.monotonic()
        if child.process is not None:
            code = child.process.poll()
            if code is None:
                return
            lived = now - child.started
            child.deaths = 1 if lived > CALM_SECONDS else child.deaths + 1
            wait = min(10.0, 0.5 * 2 ** (child.deaths - 1))
            self.say(f"{child.name} ended with {code} after {lived:.0f} s; starting it again in {wait:.1f} s")
            child.process, child.next_start = None, now + wait
        if now >= child.next_start:
            child.started = now
            child.process = subprocess.Popen(
                child.command,
                stdin=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C reaches the supervisor alone, which then asks politely
                preexec_fn=_die_with_parent if sys.platform == "linux" else None,
            )

    def _stop(self) -> int:
        living = [child for child in self.children if child.process and child.process.poll() is None]
        for child in living:
            assert child.process is not None
            child.process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        clean = True
        for child in living:
            assert child.process is not None
            try:
                child.process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                clean = False
                self.say(f"{child.name} did not stop in {STOP_SECONDS} s and was killed")
                os.killpg(child.process.pid, signal.SIGKILL)
                child.process.wait()
        return 0 if clean else 1
