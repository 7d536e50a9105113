"""Runs one command that never outlives its keeper: `python -I leash.py KEEPER SECONDS COMMAND…`.

The supervisor starts each child through this little program, as the first of a process group of its own:
a child starts processes too, and whoever is killed with -9 can tell nobody. The leash looks twice a second
whether its keeper still lives. When the keeper is gone, or a signal comes, it asks the command to stop, and
after SECONDS kills the whole group. It is a program and not a `preexec_fn`, because code between fork and
exec may hang where threads run.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

LOOK_SECONDS = 0.5


def run(keeper: int, seconds: float, command: list[str]) -> int:
    """The command's exit code, 128 + signal if one ended it. The keeper clears away what it left."""
    asked: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda number, _frame: asked.append(number))
    child = subprocess.Popen(command)  # noqa: S603
    deadline: float | None = None
    while True:
        try:
            code = child.wait(LOOK_SECONDS / 5 if asked else LOOK_SECONDS)
            break
        except subprocess.TimeoutExpired:
            pass
        if deadline is None and (asked or os.getppid() != keeper):
            deadline = time.monotonic() + seconds
            child.terminate()
        if deadline is not None and time.monotonic() > deadline:
            os.killpg(0, signal.SIGKILL)
    if os.getppid() != keeper:
        os.killpg(0, signal.SIGKILL)
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(run(int(sys.argv[1]), float(sys.argv[2]), sys.argv[3:]))
