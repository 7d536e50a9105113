"""Plan a class session."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from audit.acts import Actor, act, record
from core.days import day_of
from core.refusals import Refused
from lms.models import ClassSession
from lms.rules.sessions import Timetable
from registry.models import Account, Division
from registry.permissions import is_excluded
from registry.rules.kinds import DutyKind
from trainers.models import TrainingBody

LONGEST_MINUTES = 12 * 60


@act
def plan_session(
    *,
    title: str,
    body: TrainingBody | None,
    led_by: Account,
    division: Division,
    place: str,
    content: str,
    topic: str,
    starts_at: datetime,
    ends_at: datetime,
    breaks: Sequence[tuple[datetime, datetime]],
    capacity: int,
    by: Actor,
    at: datetime,
) -> ClassSession:
    """Plan a session. What it offers follows from its times: whole minutes, breaks subtracted.

    Refused: `excluded` (the leader), `not_a_trainer`, `not_accredited` (the body on that day), `past` (it
    would be over already), `no_time` (ends before it starts, or breaks eat it), `too_long` (over 12 hours).
    """
    day = day_of(starts_at)
    if led_by.person_id and is_excluded(led_by.person_id, day):
        raise Refused("excluded", _("A measure is in force against the leader of this session."))
    if not led_by.duties_on(day).filter(kind=DutyKind.TRAINER).exists():
        raise Refused("not_a_trainer", _("Only a trainer in office on that day may lead a session."))
    if body is not None and not TrainingBody.objects.accredited_on(day).filter(pk=body.pk).exists():
        raise Refused("not_accredited", _("This training body is not accredited on that day."))
    if ends_at <= at:
        raise Refused("past", _("The session would be over already; plan it before it is held."))
    if ends_at <= starts_at:
        raise Refused("no_time", _("The session must end after it starts and outlast its breaks."))
    if (ends_at - starts_at).total_seconds() > LONGEST_MINUTES * 60:
        raise Refused("too_long", _("A session lasts at most twelve hours; plan a second one."))
    minutes = Timetable(starts_at, ends_at, tuple(breaks)).offered_minutes
    if minutes <= 0:
        raise Refused("no_time", _("The session must end after it starts and outlast its breaks."))
    planned = ClassSession.objects.create(
        title=title,
        body=body,
        led_by=led_by,
        division=division,
        place=place,
        content=content,
        topic=topic,
        starts_at=starts_at,
        ends_at=ends_at,
        breaks=[[start.isoformat(), end.isoformat()] for start, end in breaks],
        offered_minutes=minutes,
        capacity=capacity,
        secret=secrets.token_hex(32),
    )
    record("lms.plan_session", subject=f"session:{planned.public_id}", by=by, at=at, minutes=minutes)
    return planned
