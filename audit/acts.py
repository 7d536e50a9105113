"""What an act is: one transaction that leaves its trace and its debts.

    @act
    def appoint(*, expert: Expert, …, by: Account, at: datetime) -> Appointment:
        …
        record("trainers.appoint", subject=f"appointment:{…}", by=by, at=at)
        owe("trainers.appointed", key=f"…", payload={"appointment": appointment.pk}, at=at)

Acts nest: the outermost is the transaction. Entries wait until its end, so that the
lock on the end of the chain is the last one taken and is held for an instant only;
two acts that lock rows in any order cannot deadlock on it. Bells ring after commit.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import wraps
from typing import Any, ParamSpec, Protocol, TypeVar

from django.db import transaction

from audit.models import ChainHead, Entry, Work
from core import faults

P = ParamSpec("P")
R = TypeVar("R")


class Actor(Protocol):
    """Whoever can be named in the record."""

    @property
    def actor(self) -> str: ...


@dataclass(frozen=True, slots=True)
class System:
    """The platform itself, acting by rule: `System("schedule")`."""

    name: str

    @property
    def actor(self) -> str:
        return f"system:{self.name}"


@dataclass(slots=True)
class _Trace:
    entries: list[Entry] = field(default_factory=list)
    works: list[Work] = field(default_factory=list)


_trace: ContextVar[_Trace | None] = ContextVar("trace", default=None)


class NotInAnAct(RuntimeError):
    """`record` or `owe` was called outside a function marked `@act`."""


def act(function: Callable[P, R]) -> Callable[P, R]:
    """Make `function` atomic and audited; nested acts join the outermost."""

    @wraps(function)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        trace = _trace.get()
        if trace is not None:  # nested: forget what an inner, failed act wanted to say
            entries, works = len(trace.entries), len(trace.works)
            try:
                with transaction.atomic():
                    return function(*args, **kwargs)
            except BaseException:
                del trace.entries[entries:], trace.works[works:]
                raise
        trace = _Trace()
        token = _trace.set(trace)
        try:
            with transaction.atomic():
                answer = function(*args, **kwargs)
                faults.point("act.before_trace")
                _owe_all(trace.works)
                _chain(trace.entries)
                faults.point("act.before_commit")
        finally:
            _trace.reset(token)
        return answer

    return wrapper


def record(act_name: str, *, subject: str, by: Actor, at: datetime, **detail: Any) -> None:
    """Say in the audit that `by` did this. `detail` holds ids and codes, never an identity number."""
    trace = _trace.get()
    if trace is None:
        raise NotInAnAct(act_name)
    trace.entries.append(Entry(at=at, actor=by.actor, act=act_name, subject=subject, detail=detail))


def owe(
    topic: str, *, key: str, payload: dict[str, Any], at: datetime, not_before: datetime | None = None
) -> None:
    """Leave work to be done after commit, once, whoever rings. `key` is unique over all time."""
    trace = _trace.get()
    if trace is None:
        raise NotInAnAct(topic)
    trace.works.append(Work(topic=topic, key=key, payload=payload, owed_at=at, not_before=not_before or at))


def digest_of(entry: Entry) -> str:
    """SHA-256 over the entry's canonical JSON, the digest before it included."""
    body = {
        "sequence": entry.sequence,
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),  # as the database gives it back
        "actor": entry.actor,
        "act": entry.act,
        "subject": entry.subject,
        "detail": entry.detail,
        "previous": entry.previous_digest,
    }
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _chain(entries: list[Entry]) -> None:
    if not entries:
        return
    head = ChainHead.objects.select_for_update().get(pk=1)
    for entry in entries:
        head.sequence += 1
        entry.sequence = head.sequence
        entry.previous_digest = head.digest
        entry.detail = json.loads(json.dumps(entry.detail, default=str))
        entry.digest = head.digest = digest_of(entry)
    Entry.objects.bulk_create(entries, batch_size=500)
    head.save(update_fields=["sequence", "digest"])


def _owe_all(works: list[Work]) -> None:
    if not works:
        return
    Work.objects.bulk_create(works, batch_size=500, ignore_conflicts=True)
    keys = [work.key for work in works]
    from audit import effects  # the bell knows the acts, not the other way round

    transaction.on_commit(lambda: effects.ring(keys), robust=True)
