"""The outbox: what is owed happens once, however often the bell rings, and at last if nobody hears it."""

from __future__ import annotations

import ast
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection
from django.test import Client

from audit import effects
from audit.acts import System, act, owe, record
from audit.effects import handled_topics, handles, perform, reconcile
from audit.models import Entry, Work
from core import clock

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("audit", "registry", "credentials", "trainers", "lms", "oversight", "cms", "config")
TOPIC = "tests.letter"
NOW = clock.now().replace(microsecond=0)


@pytest.fixture
def heard() -> Iterator[list[str]]:
    """A handler of the topic that writes down what it did."""
    done: list[str] = []

    def post(work: Work) -> None:
        done.append(work.key)

    handles(TOPIC)(post)
    yield done
    effects._handlers.pop(TOPIC)


@pytest.fixture(autouse=True)
def _now_and_with_open_ears() -> Iterator[None]:
    effects._deaf_until = 0.0
    with clock.set_to(NOW):
        yield
    effects._deaf_until = 0.0


@act
def write_letter(*, key: str, at: datetime, not_before: datetime | None = None, topic: str = TOPIC) -> None:
    record("test.write", subject=f"letter:{key}", by=System("test"), at=at)
    owe(topic, key=key, payload={}, at=at, not_before=not_before)


def owed(key: str = "a", **fields: Any) -> Work:
    write_letter(key=key, at=NOW - timedelta(minutes=1), **fields)
    return Work.objects.get(key=key)


def test_work_is_done_once(db: None, heard: list[str]) -> None:
    work = owed()
    assert [perform(work.pk), perform(work.pk), reconcile(limit=10)] == [True, False, 0]
    assert heard == ["a"]
    work.refresh_from_db()
    assert (work.attempts, work.claimed_until, work.last_error) == (1, None, "")
    assert work.done_at is not None


def test_work_waits_for_its_time(db: None, heard: list[str]) -> None:
    work = owed(not_before=NOW + timedelta(days=3))
    assert not perform(work.pk)
    with clock.set_to(NOW + timedelta(days=3)):
        assert reconcile(limit=10) == 1
    assert heard == ["a"]


def test_who_claimed_it_has_two_minutes(db: None, heard: list[str]) -> None:
    work = owed()
    assert Work.objects.claim(work.pk, NOW) is not None
    assert Work.objects.claim(work.pk, NOW + timedelta(seconds=119)) is None
    assert Work.objects.claim(work.pk, NOW + timedelta(seconds=120)) is not None
    assert Work.objects.get().attempts == 2


def test_a_row_that_was_not_rung_is_done_by_the_reconciler_oldest_first(db: None, heard: list[str]) -> None:
    owed("late", not_before=NOW - timedelta(seconds=10))
    owed("early", not_before=NOW - timedelta(seconds=20))
    assert reconcile(limit=1) == 1
    assert heard == ["early"]
    assert reconcile(limit=10) == 1
    assert heard == ["early", "late"]


@pytest.fixture
def failing() -> Iterator[list[datetime]]:
    """A handler that always fails, and when it was tried."""
    tried: list[datetime] = []

    def fail(work: Work) -> None:
        tried.append(clock.now())
        raise RuntimeError("the post office is closed")

    handles(TOPIC)(fail)
    yield tried
    effects._handlers.pop(TOPIC)


def test_a_failure_is_tried_again_later_and_later_and_then_given_up(
    db: None, failing: list[datetime], client: Client
) -> None:
    work = owed()
    at = NOW
    while work.given_up_at is None:
        with clock.set_to(at):
            assert reconcile(limit=10) == 0
            assert reconcile(limit=10) == 0, "it waits before the next attempt"
        work.refresh_from_db()
        at = work.not_before
    waits = [int((later - earlier).total_seconds()) for earlier, later in pairwise(failing)]
    assert waits == [min(3600, 2**attempt) for attempt in range(1, Work.MOST_ATTEMPTS)]
    assert work.attempts == Work.MOST_ATTEMPTS
    assert work.last_error == "RuntimeError: the post office is closed"
    with clock.set_to(at + timedelta(days=30)):
        assert reconcile(limit=10) == 0
        assert client.get("/readyz").json() == {"ready": True, "work_due": 0, "work_given_up": 1}


def test_a_person_lets_it_be_tried_again(
    db: None, heard: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    work = owed()
    Work.objects.filter(pk=work.pk).update(given_up_at=NOW, attempts=12, last_error="Broken()")
    call_command("work")
    assert capsys.readouterr().out == "a  12 attempts, last: Broken()\n1 given up, 0 due\n"
    with pytest.raises(CommandError, match="no work with the key b"):
        call_command("work", retry="b")
    call_command("work", retry="a")
    assert reconcile(limit=10) == 1
    assert heard == ["a"]


def test_work_that_kills_every_worker_is_given_up(db: None, heard: list[str]) -> None:
    """Nobody came back to say that it failed; only the count of claims tells."""
    work = owed()
    at = NOW
    for _ in range(Work.MOST_ATTEMPTS):
        assert Work.objects.claim(work.pk, at) is not None
        at += timedelta(seconds=Work.CLAIM_SECONDS)
    with clock.set_to(at):
        assert not perform(work.pk)
    work.refresh_from_db()
    assert (heard, work.last_error) == ([], f"DiedAtWork: {TOPIC}")
    assert work.given_up_at == at


def test_a_topic_without_a_handler_is_not_forgotten(db: None) -> None:
    work = owed(topic="tests.unheard_of")
    assert not perform(work.pk)
    work.refresh_from_db()
    assert work.done_at is None
    assert "nobody handles tests.unheard_of" in work.last_error


def test_who_was_too_slow_does_not_undo_what_another_did(db: None) -> None:
    """The first claim ran out, a second worker did the work, and then the first one fails."""
    work = owed()

    def slow(row: Work) -> None:
        with clock.set_to(NOW + timedelta(seconds=200)):
            assert Work.objects.claim(row.pk, clock.now()) is not None
            Work.objects.filter(pk=row.pk).update(done_at=clock.now(), claimed_until=None)
        raise RuntimeError("too late")

    handles(TOPIC)(slow)
    try:
        assert not perform(work.pk)
    finally:
        effects._handlers.pop(TOPIC)
    work.refresh_from_db()
    assert work.done_at == NOW + timedelta(seconds=200)
    assert work.last_error == ""


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_at_once_one_does_it(heard: list[str]) -> None:
    works = [owed(f"key-{number}").pk for number in range(20)]
    together = threading.Barrier(2)
    answers: list[bool] = []

    def work() -> None:
        try:
            for pk in works:
                together.wait(10)
                answers.append(perform(pk))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(answers) == [False] * 20 + [True] * 20
    assert sorted(heard) == sorted(f"key-{number}" for number in range(20))


def test_a_broker_that_is_down_does_not_fail_an_act(
    db: None,
    heard: list[str],
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    rung: list[int] = []

    def nobody_there(pk: int) -> None:
        rung.append(pk)
        raise ConnectionError("connection refused")

    monkeypatch.setattr(effects.perform_task, "delay", nobody_there)
    with django_capture_on_commit_callbacks(execute=True):
        write_letter(key="a", at=NOW)
        write_letter(key="b", at=NOW)
    assert len(rung) == 1, "after an unheard bell nobody waits for the broker again for a while"
    assert Entry.objects.count() == 2
    with clock.set_to(NOW + timedelta(seconds=20)):
        assert reconcile(limit=10) == 2


def test_the_bell_rings_after_commit_only(
    db: None, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    rung: list[int] = []
    monkeypatch.setattr(effects.perform_task, "delay", rung.append)
    with django_capture_on_commit_callbacks() as waiting:
        work = owed()
        assert rung == []
    assert len(waiting) == 1
    waiting[0]()
    assert rung == [work.pk]


def _topics_owed() -> Iterator[tuple[str, str]]:
    """Where → topic, of every `owe(...)` in the source; a topic that is computed cannot be guarded."""
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                if (
                    isinstance(node, ast.Call)
                    and getattr(node.func, "id", getattr(node.func, "attr", "")) == "owe"
                ):
                    where = f"{path.relative_to(ROOT)}:{node.lineno}"
                    topic = node.args[0] if node.args else None
                    yield where, str(topic.value) if isinstance(topic, ast.Constant) else "computed"


def test_every_topic_that_is_owed_has_a_handler_and_every_handler_a_debtor() -> None:
    owed_topics = dict(_topics_owed())
    assert len(owed_topics) >= 4
    assert {where: topic for where, topic in owed_topics.items() if topic not in handled_topics()} == {}
    assert handled_topics() - set(owed_topics.values()) == set()


def test_what_is_kept_of_a_failure_is_not_whom_it_was_about(
    db: None, heard: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """A database quotes the row that it refuses."""

    def refuse(work: Work) -> None:
        raise IntegrityError('violates check constraint "lasts"\nDETAIL:  Failing row contains (李小禾).')

    handles(TOPIC)(refuse)
    work = owed()
    assert not perform(work.pk)
    work.refresh_from_db()
    assert work.last_error == 'IntegrityError: violates check constraint "lasts"'
    assert "李小禾" not in "".join(capsys.readouterr())
