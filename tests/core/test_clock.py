"""The one clock, and how a test or a rehearsal sets it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from core import clock

NEW_YEAR = datetime(2025, 12, 31, 16, 0, tzinfo=UTC)


def test_it_is_aware_and_runs() -> None:
    first = clock.now()
    assert first.utcoffset() == timedelta(0)
    assert clock.now() >= first


def test_it_can_be_set_and_falls_back() -> None:
    with clock.set_to(NEW_YEAR):
        assert (clock.now(), clock.today()) == (NEW_YEAR, date(2026, 1, 1))
        with clock.set_to(NEW_YEAR - timedelta(seconds=1)):
            assert clock.today() == date(2025, 12, 31)
        assert clock.now() == NEW_YEAR
    assert clock.now() != NEW_YEAR


def test_it_is_set_to_aware_moments_only() -> None:
    with pytest.raises(ValueError, match="aware"), clock.set_to(datetime(2026, 1, 1)):  # noqa: DTZ001
        pass


def test_a_moved_clock_keeps_running() -> None:
    before = clock.now()
    with clock.moved_by(timedelta(days=365)):
        assert timedelta(days=365) <= clock.now() - before < timedelta(days=365, minutes=1)


def test_a_rehearsal_moves_the_whole_process(settings: Any) -> None:
    before = clock.now()
    settings.CLOCK_OFFSET_SECONDS = 3600
    assert timedelta(hours=1) <= clock.now() - before < timedelta(hours=1, minutes=1)
