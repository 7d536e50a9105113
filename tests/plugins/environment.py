"""What a test needs of its machine. A newcomer's laptop may lack it and skips by name; CI may not."""

from __future__ import annotations

import os
import shutil

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "browser: needs Chromium")
    config.addinivalue_line("markers", "postgres: needs DATABASE_URL of a PostgreSQL server")
    config.addinivalue_line("markers", "redis: needs CELERY_BROKER_URL of a Redis server")
    config.addinivalue_line("markers", "slow: takes more than a few seconds")


def missing(item: pytest.Item) -> str | None:
    """What this test needs and this machine has not."""
    if item.get_closest_marker("browser") and not CHROMIUM:
        return "no Chromium on this machine (Debian: apt-get install chromium)"
    if item.get_closest_marker("postgres") and not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        return "DATABASE_URL names no PostgreSQL server"
    if item.get_closest_marker("redis") and not os.environ.get("CELERY_BROKER_URL", "").startswith("redis"):
        return "CELERY_BROKER_URL names no Redis server"
    return None


def pytest_runtest_setup(item: pytest.Item) -> None:
    reason = missing(item)
    if reason is None:
        return
    # CI runs the suite twice; in the SQLite run the PostgreSQL tests are the other run's work.
    elsewhere = os.environ.get("TEST_RUN") == "embedded" and not item.get_closest_marker("browser")
    if os.environ.get("CI") == "true" and not elsewhere:
        pytest.fail(f"CI must not skip: {reason}", pytrace=False)
    pytest.skip(reason)
