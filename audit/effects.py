"""The doorbell of the outbox, and who answers it.

A room says `@handles("credentials.issued")` over a function of the Work row in its `effects.py`.
Handlers are idempotent: a broker, the reconciler and a restart may each call them again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from datetime import timedelta

import structlog
from celery import shared_task

from audit.models import Work
from core import clock, faults
from core.discretion import told

log = structlog.get_logger(__name__)

Handler = Callable[[Work], None]
_handlers: dict[str, list[Handler]] = {}

DEAF_SECONDS = 15  # after an unheard bell nobody waits for the broker this long; the reconciler rings anyway
_deaf_until = 0.0


class DiedAtWork(RuntimeError):
    """Nobody came back from this work: each worker that claimed it was killed or lost."""


def handles(topic: str) -> Callable[[Handler], Handler]:
    """Register a handler of a topic; several rooms may handle one topic."""

    def register(handler: Handler) -> Handler:
        known = _handlers.setdefault(topic, [])
        if handler not in known:
            known.append(handler)
        return handler

    return register


def handled_topics() -> frozenset[str]:
    return frozenset(_handlers)


def ring(keys: Iterable[str]) -> None:
    """After commit: tell the worker that these rows wait. If nobody hears, the reconciler rings again."""
    global _deaf_until  # noqa: PLW0603 - one bell per process
    if time.monotonic() < _deaf_until:
        return
    for pk in Work.objects.open().filter(key__in=list(keys)).values_list("pk", flat=True):
        try:
            perform_task.delay(pk)
        except Exception as error:  # a broker that is down must not fail an act that is done
            _deaf_until = time.monotonic() + DEAF_SECONDS
            log.warning("doorbell_unheard", work=pk, error=told(error))
            return


@shared_task(name="audit.perform", ignore_result=True)  # type: ignore[untyped-decorator]
def perform_task(pk: int) -> None:
    perform(pk)


@shared_task(name="audit.reconcile", ignore_result=True)  # type: ignore[untyped-decorator]
def reconcile_task() -> None:
    reconcile(limit=500)


def perform(pk: int) -> bool:
    """Do one piece of work if it is due and unclaimed. True if it was done now."""
    work = Work.objects.claim(pk, clock.now())
    if work is None:
        return False
    try:
        if work.attempts > Work.MOST_ATTEMPTS:
            raise DiedAtWork(work.topic)
        handlers = _handlers.get(work.topic)
        if not handlers:
            raise LookupError(f"nobody handles {work.topic}")
        faults.point(f"work.{work.topic}")
        for handler in handlers:
            handler(work)
    except Exception as error:
        _fail(work, error)
        return False
    Work.objects.filter(pk=pk).update(
        done_at=clock.now(), claimed_until=None, given_up_at=None, last_error=""
    )
    return True


def reconcile(*, limit: int) -> int:
    """Do what is due and was not heard: oldest first. Returns how many were done."""
    due = Work.objects.due(clock.now()).order_by("not_before", "pk").values_list("pk", flat=True)[:limit]
    return sum(perform(pk) for pk in list(due))


def _fail(work: Work, error: Exception) -> None:
    """Try again later, doubling the wait; after the last attempt it stays for a person to see.

    Only while the claim is still this one: who was too slow does not undo another's work.
    """
    at = clock.now()
    log.error("work_failed", work=work.pk, topic=work.topic, attempt=work.attempts, error=told(error))
    wait = timedelta(seconds=min(3600, 2**work.attempts))
    Work.objects.open().filter(pk=work.pk, claimed_until=work.claimed_until).update(
        claimed_until=None,
        not_before=at + wait,
        last_error=told(error)[:500],
        given_up_at=at if work.attempts >= Work.MOST_ATTEMPTS else None,
    )
