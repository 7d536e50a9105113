"""A granian of one process on a free port, and the load generator that asks it."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from django.conf import settings
from django.db import connection

from tests.bench.cpu import family, spent_ms
from tests.bench.rows import Figure
from tests.bench.sizes import CONNECTIONS

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 60


class Load:
    """The load generator's process, and what one round with it cost the server."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.load"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def round(self, server: Server, *, counted: str, seconds: float, **asked: Any) -> Figure:
        """One round. RuntimeError when more than one answer in twenty was of another kind than `counted`."""
        pids = server.pids()
        before = spent_ms(pids)
        answer = self._ask({"port": server.port, "connections": CONNECTIONS, "seconds": seconds, **asked})
        spent = spent_ms(pids) - before
        done = sorted(answer["latencies"])
        others = {kind: number for kind, number in answer["kinds"].items() if kind != counted}
        if not done or sum(others.values()) > len(done) // 20:
            raise RuntimeError(f"{len(done)} answers were {counted}, the others: {others}")
        return Figure(
            per_second=len(done) / answer["seconds"],
            p50_ms=done[len(done) // 2],
            p99_ms=done[len(done) * 99 // 100],
            cpu_ms=spent / len(done),
        )

    def _ask(self, asked: dict[str, Any]) -> dict[str, Any]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(asked) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("the load generator stopped")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(timeout=10)


class Server:
    """A running server. Its database's backends are found by asking the database."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self.process = process
        self.port = port

    def pids(self) -> list[int]:
        return [*family(self.process.pid), *database_backends()]


def database_backends() -> list[int]:
    """PostgreSQL's processes for this database but this connection's; none on SQLite or on another host."""
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        pids = [row[0] for row in cursor.fetchall()]
    return [pid for pid in pids if Path(f"/proc/{pid}/comm").exists()]


@contextmanager
def serving(application: str = "config.wsgi:application") -> Iterator[Server]:
    """It under granian: one process, as many threads as `manage.py serve` gives it."""
    port = _free_port()
    threads = settings.ENVIRONMENT.web_threads
    command = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", application),
        *("--host", "127.0.0.1", "--port", str(port), "--no-ws", "--log-level", "warning"),
        *("--workers", "1", "--blocking-threads", str(threads), "--workers-kill-timeout", "2"),
    ]
    process = subprocess.Popen(command, cwd=ROOT)
    try:
        _wait(port, process)
        yield Server(process, port)
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/bench/empty/", timeout=5):
                return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("the server did not start")
