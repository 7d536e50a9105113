"""Write lines of the ledger: the only place where hours come from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from audit.acts import Actor, System, act, record
from core import faults
from core.days import day_of
from core.refusals import Refused
from lms.models import HourEntry
from lms.rules.seal import SEALED, seal
from registry.actions.exclude import lock_person
from registry.models import Account, Person
from registry.permissions import one_human, same_human


class OtherHours(Refused):
    """The same source key came again with other hours: nothing was written."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line to be earned or transferred in; minutes > 0."""

    person_id: int
    minutes: int
    content: str
    channel: str
    topic: str
    source_class: str
    happened_on: date
    title: str
    source_key: str
    kind: str = HourEntry.Kind.EARN
    recorded_at: datetime | None = None  # an older register's own record; only the platform may say so


@act
def record_hours(
    *,
    person: Person,
    minutes: int,
    content: str,
    channel: str,
    topic: str,
    source_class: str,
    happened_on: date,
    title: str,
    source_key: str,
    by: Actor,
    at: datetime,
    kind: str = HourEntry.Kind.EARN,
) -> HourEntry:
    """Earn (or transfer in) whole minutes > 0, once per `source_key`.

    A retry with the same facts returns the line that stands; with other facts it raises
    OtherHours. A day in the future is refused; late work is recorded, as late.
    """
    if minutes <= 0:
        raise Refused("no_minutes", _("Hours must be more than zero minutes."))
    if happened_on > day_of(at):
        raise Refused("future", _("Hours cannot be earned on a day that has not come."))
    facts = {
        "person_id": person.pk,
        "kind": kind,
        "minutes": minutes,
        "content": content,
        "channel": channel,
        "topic": topic,
        "source_class": source_class,
        "happened_on": happened_on,
    }
    try:
        with transaction.atomic():
            faults.point("hours.before_entry")
            entry = HourEntry.objects.create(
                **facts, recorded_at=at, recorded_by=by.actor, title=title[:160], source_key=source_key
            )
    except IntegrityError:
        standing = HourEntry.objects.filter(source_key=source_key).first()
        if standing is None:
            raise
        if any(getattr(standing, name) != value for name, value in facts.items()):
            raise OtherHours(
                "other_hours",
                _("These hours were already recorded differently; have them corrected instead."),
            ) from None
        return standing
    record(
        "lms.record_hours",
        subject=f"entry:{entry.public_id}",
        by=by,
        at=at,
        minutes=minutes,
        source=source_key,
        seal=sealed(entry),
    )
    return entry


def sealed(*entries: HourEntry) -> str:
    """What the act that writes lines keeps of them on the audit chain."""
    return seal([getattr(entry, name) for name in SEALED] for entry in entries)


@act
def record_many(*, lines: Sequence[Line], by: System, at: datetime) -> int:
    """Write many new lines in one act (an older register, the demonstration); every source key is new.

    For the platform itself only: a person records one line at a time, on the day it is. A key that
    is taken raises IntegrityError and nothing is written. Settling is the caller's (or the night's) work.
    Nobody else writes lines meanwhile, so that these have keys without a gap: one seal is for all of them.
    """
    if not lines:
        return 0
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE lms_hourentry IN SHARE ROW EXCLUSIVE MODE")
    entries = HourEntry.objects.bulk_create(
        [
            HourEntry(
                person_id=line.person_id,
                kind=line.kind,
                minutes=line.minutes,
                content=line.content,
                channel=line.channel,
                topic=line.topic,
                source_class=line.source_class,
                happened_on=line.happened_on,
                recorded_at=line.recorded_at or at,
                recorded_by=by.actor,
                title=line.title[:160],
                source_key=line.source_key,
            )
            for line in lines
        ],
        batch_size=2000,
    )
    record(
        "lms.record_many",
        subject=f"entries:{len(entries)}",
        by=by,
        at=at,
        first=entries[0].pk,
        last=entries[-1].pk,
        seal=sealed(*entries),
    )
    return len(entries)


@act
def reverse(*, entry: HourEntry, reason: str, by: Account, confirmed_by: Account, at: datetime) -> HourEntry:
    """Take a line back by another line. Needs two persons; a line is reversed once.

    Raises Refused: `two_persons`, `own_hours`, `already_reversed`, `reverses_reversal`, `no_reason`.
    """
    if not reason.strip():
        raise Refused("no_reason", _("Say why the hours are taken back."))
    if by.person is None or confirmed_by.person is None or same_human(by, confirmed_by):
        raise Refused("two_persons", _("Taking hours back needs two different people."))
    if one_human(entry.person) in (one_human(by.person), one_human(confirmed_by.person)):
        raise Refused("own_hours", _("Nobody corrects her own hours."))
    if entry.kind == HourEntry.Kind.REVERSE:
        raise Refused("reverses_reversal", _("A reversal cannot be reversed; record the hours again."))
    lock_person(entry.person)
    if HourEntry.objects.filter(reverses=entry).exists():
        raise Refused("already_reversed", _("These hours were already taken back."))
    line = HourEntry.objects.create(
        person_id=entry.person_id,
        kind=HourEntry.Kind.REVERSE,
        minutes=-entry.minutes,
        content=entry.content,
        channel=entry.channel,
        topic=entry.topic,
        source_class=entry.source_class,
        happened_on=entry.happened_on,
        recorded_at=at,
        recorded_by=by.actor,
        title=entry.title,
        source_key=f"reverse:{entry.public_id}",
        reverses=entry,
        note=reason[:300],
        confirmed_by=confirmed_by,
    )
    record(
        "lms.reverse_hours",
        subject=f"entry:{line.public_id}",
        by=by,
        at=at,
        reverses=entry.public_id,
        confirmed_by=confirmed_by.actor,
        seal=sealed(line),
    )
    return line
