"""Is it alive, can it work: asked by supervisors and load balancers, answered in counts only."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.test import Client

from audit.models import Work
from config import health
from core import clock


@pytest.fixture(autouse=True)
def _ask_again() -> Iterator[None]:
    health._migrated.clear()
    yield
    health._migrated.clear()


def test_healthz_touches_nothing(client: Client) -> None:
    """Without a database fixture any query would fail this test."""
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


def test_readyz_counts_the_work_that_waits(db: None, client: Client) -> None:
    now = clock.now()
    for key, fields in {
        "due": {},
        "later": {"not_before": now + timedelta(days=1)},
        "done": {"done_at": now},
        "given up": {"given_up_at": now},
    }.items():
        Work.objects.create(topic="tests.x", key=key, owed_at=now, **{"not_before": now, **fields})
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"ready": True, "work_due": 1, "work_given_up": 1})


def test_readyz_waits_for_migrations(db: None, client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'audit'")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["ready"] is False
    assert "migrations to run" in answer.json()["why"]


def test_readyz_says_when_the_database_does_not_answer(
    db: None, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*_: Any) -> Any:
        raise DatabaseError("password of the database: hunter2")

    assert client.get("/readyz").status_code == 200
    monkeypatch.setattr(Work.objects, "due", down)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (
        503,
        {"ready": False, "why": "the database does not answer"},
    )


def test_a_load_balancer_may_ask_every_second(
    db: None, client: Client, django_assert_num_queries: Any
) -> None:
    client.get("/readyz")
    with django_assert_num_queries(2):
        client.get("/readyz")
