"""Rounds of calls in this process."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.db import connection

from tests.bench.cpu import spent_ms
from tests.bench.rows import Figure


def fetch(statement: str, *values: object) -> list[tuple[object, ...]]:
    """What the database answers, as its driver hands it over."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


def timed(work: Callable[[], object], times: int) -> Callable[[], Figure]:
    """A round of `times` calls. Processor time is this process's and its PostgreSQL backend's."""

    def round_() -> Figure:
        took, spent = _calls(work, times)
        return Figure(1000 * times / sum(took), took[times // 2], took[times * 99 // 100], spent / times)

    return round_


def of_one_core(work: Callable[[], object], times: int) -> Callable[[], Figure]:
    """The same, but `per_second` divides by processor time, on however many cores it was spent."""

    def round_() -> Figure:
        took, spent = _calls(work, times)
        return Figure(1000 * times / spent, took[times // 2], took[times * 99 // 100], spent / times)

    return round_


def batch(work: Callable[[], object], count: int) -> Figure:
    """One call that makes `count` things: rate and processor time are of one, milliseconds of the call."""
    (took,), spent = _calls(work, 1)
    return Figure(1000 * count / took, took, took, spent / count)


def _calls(work: Callable[[], object], times: int) -> tuple[list[float], float]:
    """Milliseconds of each call, sorted, and of processor time in all."""
    backend = _own_backend()
    database, process = spent_ms(backend), time.process_time()
    took = []
    for _number in range(times):
        began = time.perf_counter()
        work()
        took.append((time.perf_counter() - began) * 1000)
    return sorted(took), (time.process_time() - process) * 1000 + spent_ms(backend) - database


def _own_backend() -> list[int]:
    if connection.vendor != "postgresql":
        return []
    return [int(str(pid)) for (pid,) in fetch("SELECT pg_backend_pid()")]
