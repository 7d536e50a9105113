"""Fixtures for all rooms: the personas, the clock, the database guards."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings

# A busy machine is no defect of the code: examples are bounded in number, not in milliseconds.
settings.register_profile("shared", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("shared")

pytest_plugins = [
    "tests.plugins.database",
    "tests.plugins.personas",
    "tests.plugins.world",
    "tests.plugins.environment",
    "tests.plugins.browser",
]


@pytest.fixture(autouse=True)
def _media_of_its_own(settings: object, tmp_path_factory: pytest.TempPathFactory) -> None:
    """No test writes into the media or the keys of the demonstration."""
    folder = tmp_path_factory.getbasetemp() / "var"
    (folder / "media").mkdir(parents=True, exist_ok=True)
    settings.MEDIA_ROOT = str(folder / "media")  # type: ignore[attr-defined]
    settings.KEY_FOLDER = folder / "keys"  # type: ignore[attr-defined]


@pytest.fixture(autouse=True, scope="session")
def _bells_of_their_own() -> None:
    """What a committed test rings for is not left in the broker of the demonstration."""
    from config.celery import app

    app.conf.update(broker_url="memory://", broker_transport_options={})
