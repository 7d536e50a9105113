"""One process tree: web and worker (with beat) as children that die with their parent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

LEASH = Path(__file__).with_name("leash.py")
STOP_SECONDS = 9.0  # a child that was asked to stop is killed after this; its work waits in the outbox
CALM_SECONDS = 10.0  # a child that lived this long starts its next life without waiting
LONGEST_WAIT = 10.0


@dataclass(slots=True)
class Child:
    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    deaths: int = 0
    next_start: float = 0.0


@dataclass(slots=True)
class Supervisor:
    """Starts children, restarts those that die, stops all on SIGTERM, SIGINT or SIGHUP."""

    children: list[Child]
    say: Callable[[str], None] = print
    stopping: bool = field(default=False, init=False)

    def run(self, *, ready: Callable[[], bool], on_ready: Callable[[], None]) -> int:
        """Until a signal. Returns 0 when every child ended by itself after being asked."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._on_signal)
        announced = False
        try:
            while not self.stopping:
                for child in self.children:
                    self._tend(child)
                if not announced and ready():
                    announced = True
                    on_ready()
                time.sleep(0.2)
        finally:
            clean = self._stop()
        return 0 if clean else 1

    def _on_signal(self, number: int, frame: object) -> None:
        self.stopping = True

    def _tend(self, child: Child) -> None:
        now = time.monotonic()
        if child.process is not None:
            code = child.process.poll()
            if code is None:
                return
            _clear(child.process)
            lived = now - child.started
            child.deaths = 1 if lived > CALM_SECONDS else child.deaths + 1
            wait = min(LONGEST_WAIT, 0.5 * 2 ** (child.deaths - 1))
            self.say(f"{child.name} ended with {code} after {lived:.0f} s; starting it again in {wait:.1f} s")
            child.process, child.next_start = None, now + wait
        if now >= child.next_start:
            child.started = now
            child.process = subprocess.Popen(  # noqa: S603 - serve wrote it
                [sys.executable, "-I", str(LEASH), str(os.getpid()), str(STOP_SECONDS), *child.command],
                stdin=subprocess.DEVNULL,
                process_group=0,  # Ctrl-C reaches the supervisor alone, which then asks politely
            )

    def _stop(self) -> bool:
        """Ask all at once, wait for each. True if none had to be killed."""
        living = [(child.name, child.process) for child in self.children if child.process is not None]
        for _name, process in living:
            process.terminate()
        clean = True
        for name, process in living:
            try:
                code = process.wait(STOP_SECONDS + 2)
            except subprocess.TimeoutExpired:
                process.kill()
                code = process.wait()
            _clear(process)
            if code == -signal.SIGKILL:
                clean = False
                self.say(f"{name} did not stop in {STOP_SECONDS:.0f} s and was killed")
        return clean


def _clear(process: subprocess.Popen[bytes]) -> None:
    """Kill what a dead child left of its process group: an orphan would hold the port or run work twice."""
    with suppress(ProcessLookupError, PermissionError):  # nobody is left (macOS says the latter of a zombie)
        os.killpg(process.pid, signal.SIGKILL)
