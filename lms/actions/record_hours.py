"""Write lines of the ledger: the only place where hours come from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, connection, transaction
from django.db.models import Q, Sum
from django.db.models.functions import Coalesce
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

    Raises Refused: `two_persons`, `own_hours`, `already_reversed`, `reverses_reversal`, `no_reason`,
    `adjusted` (it has corrections that stand), `below_zero` (less than nothing would be left of what it
    corrects).
    """
    _demand_two(entry, reason, by, confirmed_by)
    lock_person(entry.person)
    demand_correctable(entry, HourEntry.Kind.REVERSE, -entry.minutes)
    return _correct(
        entry,
        HourEntry.Kind.REVERSE,
        -entry.minutes,
        f"reverse:{entry.public_id}",
        reason,
        by,
        confirmed_by,
        at,
    )


@act
def adjust(
    *,
    entry: HourEntry,
    minutes: int,
    reason: str,
    source_key: str,
    by: Account,
    confirmed_by: Account,
    at: datetime,
) -> HourEntry:
    """Add or take away whole minutes (not 0) of an earned line, by a line of its own on the same day.

    Raises Refused: `two_persons`, `own_hours`, `no_reason`, `no_minutes`, `not_earned` (a correction is
    reversed, not adjusted), `already_reversed`, `below_zero`.
    """
    _demand_two(entry, reason, by, confirmed_by)
    lock_person(entry.person)
    demand_correctable(entry, HourEntry.Kind.ADJUST, minutes)
    return _correct(entry, HourEntry.Kind.ADJUST, minutes, source_key, reason, by, confirmed_by, at)


def left_of(entry: HourEntry) -> int:
    """Minutes that an earned line and its corrections still stand for; reversals taken out."""
    family = HourEntry.objects.filter(Q(pk=entry.pk) | Q(adjusts=entry), reversal=None)
    return family.aggregate(left=Coalesce(Sum("minutes"), 0))["left"]  # type: ignore[no-any-return]


def demand_correctable(entry: HourEntry, kind: HourEntry.Kind, minutes: int) -> None:
    """The line lets this correction be made; its person is locked. Raises what `reverse` and `adjust` say."""
    if minutes == 0:
        raise Refused("no_minutes", _("A correction of zero minutes corrects nothing."))
    if entry.kind == HourEntry.Kind.REVERSE:
        raise Refused("reverses_reversal", _("A reversal cannot be reversed; record the hours again."))
    if kind == HourEntry.Kind.ADJUST and entry.kind == HourEntry.Kind.ADJUST:
        raise Refused("not_earned", _("Correct the line that was earned, or take this correction back."))
    if HourEntry.objects.filter(reverses=entry).exists():
        raise Refused("already_reversed", _("These hours were already taken back."))
    if kind == HourEntry.Kind.REVERSE and entry.adjustments.filter(reversal=None).exists():
        raise Refused("adjusted", _("These hours were adjusted. Take their corrections back first."))
    if left_of(entry.adjusts or entry) + minutes < 0:
        raise Refused(
            "below_zero",
            _("Less than nothing would be left of these hours."),
        )


def _demand_two(entry: HourEntry, reason: str, by: Account, confirmed_by: Account) -> None:
    if not reason.strip():
        raise Refused("no_reason", _("Say why the hours are corrected."))
    if by.person is None or confirmed_by.person is None or same_human(by, confirmed_by):
        raise Refused("two_persons", _("Correcting hours needs two different people."))
    if one_human(entry.person) in (one_human(by.person), one_human(confirmed_by.person)):
        raise Refused("own_hours", _("Nobody corrects her own hours."))


def _correct(
    entry: HourEntry,
    kind: HourEntry.Kind,
    minutes: int,
    source_key: str,
    reason: str,
    by: Account,
    confirmed_by: Account,
    at: datetime,
) -> HourEntry:
    faults.point("hours.before_correction")
    line = HourEntry.objects.create(
        person_id=entry.person_id,
        kind=kind,
        minutes=minutes,
        content=entry.content,
        channel=entry.channel,
        topic=entry.topic,
        source_class=entry.source_class,
        happened_on=entry.happened_on,
        recorded_at=at,
        recorded_by=by.actor,
        title=entry.title,
        source_key=source_key,
        reverses=entry if kind == HourEntry.Kind.REVERSE else None,
        adjusts=entry if kind == HourEntry.Kind.ADJUST else None,
        note=reason.strip()[:300],
        confirmed_by=confirmed_by,
    )
    faults.point("hours.after_correction")
    record(
        "lms.reverse_hours" if kind == HourEntry.Kind.REVERSE else "lms.adjust_hours",
        subject=f"entry:{line.public_id}",
        by=by,
        at=at,
        corrects=entry.public_id,
        minutes=minutes,
        confirmed_by=confirmed_by.actor,
        seal=sealed(line),
    )
    return line
