"""A class session: planned, booked, signed in and out of, closed with the hours each earned."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from audit.acts import Actor, act, record
from core.days import day_of
from core.refusals import Refused
from lms.actions.record_hours import record_hours
from lms.actions.settle import settle
from lms.models import ClassSession, HourEntry, Seat
from lms.rules.sessions import Presence, Timetable, attended, code_matches
from registry.models import Account, Division, Exclusion, Person
from registry.rules.kinds import DutyKind
from trainers.models import TrainingBody


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

    Refused: `not_a_trainer`, `excluded` (the leader), `not_accredited` (the body on that day),
    `no_time` (ends before it starts, or breaks eat it), `too_long` (over 12 hours).
    """
    day = day_of(starts_at)
    if not led_by.duties_on(day).filter(kind=DutyKind.TRAINER).exists():
        raise Refused("not_a_trainer", _("Only a trainer in office on that day may lead a session."))
    if led_by.person_id and Exclusion.objects.on(day).filter(person_id=led_by.person_id).exists():
        raise Refused("excluded", _("A measure is in force against the leader of this session."))
    if body is not None and not TrainingBody.objects.accredited_on(day).filter(pk=body.pk).exists():
        raise Refused("not_accredited", _("This training body is not accredited on that day."))
    minutes = Timetable(starts_at, ends_at, tuple(breaks)).offered_minutes
    if minutes <= 0:
        raise Refused("no_time", _("The session must end after it starts and outlast its breaks."))
    if minutes > 12 * 60:
        raise Refused("too_long", _("A session lasts at most twelve hours; plan a second one."))
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


def timetable_of(session: ClassSession) -> Timetable:
    """The session as the rules see it."""
    return Timetable(
        session.starts_at,
        session.ends_at,
        tuple((datetime.fromisoformat(start), datetime.fromisoformat(end)) for start, end in session.breaks),
    )


@act
def book(*, session: ClassSession, person: Person, by: Actor, at: datetime) -> Seat:
    """Her seat, or a new one while there is room. Refused: `full`, `closed`, `over`, `excluded`."""
    session = ClassSession.objects.select_for_update().get(pk=session.pk)
    seat = Seat.objects.filter(session=session, person=person).first()
    if seat is not None:
        return seat
    if session.closed_at is not None or at >= session.ends_at:
        raise Refused("over", _("This session is over."))
    if Exclusion.objects.on(day_of(at)).filter(person=person).exists():
        raise Refused("excluded", _("A measure is in force against you; you cannot book a session."))
    if session.seats.count() >= session.capacity:
        raise Refused("full", _("All places of this session are taken."))
    seat = Seat.objects.create(session=session, person=person, booked_at=at)
    record("lms.book_session", subject=f"seat:{seat.public_id}", by=by, at=at, session=session.public_id)
    return seat


@act
def sign(*, session: ClassSession, person: Person, code: str, by: Actor, at: datetime) -> Seat:
    """Sign in with the code on the trainer's screen; a second time signs out. Server time decides.

    Refused: `wrong_code` (old, mistyped, of another session), `not_now` (30 minutes before the
    start until 30 minutes after the end), `signed_out` (already), and what `book` refuses.
    """
    if not code_matches(bytes.fromhex(session.secret), code.strip(), at):
        raise Refused("wrong_code", _("This code is not valid now. Type the one that is on the screen."))
    early, late = session.starts_at - at, at - session.ends_at
    if early.total_seconds() > 1800 or late.total_seconds() > 1800 or session.closed_at is not None:
        raise Refused("not_now", _("You can sign in and out from half an hour before until half an hour after."))
    seat = Seat.objects.filter(session=session, person=person).first() or book(
        session=session, person=person, by=by, at=at
    )
    if Seat.objects.filter(pk=seat.pk, signed_in_at=None).update(signed_in_at=at):
        record("lms.sign_in", subject=f"seat:{seat.public_id}", by=by, at=at)
    elif Seat.objects.filter(pk=seat.pk, signed_out_at=None).update(signed_out_at=at):
        record("lms.sign_out", subject=f"seat:{seat.public_id}", by=by, at=at)
    else:
        raise Refused("signed_out", _("You have already signed out of this session."))
    seat.refresh_from_db()
    return seat


@act
def close_session(*, session: ClassSession, head_count: int, by: Account, at: datetime) -> ClassSession:
    """Reconcile the head count and write each person's hours, with the reason where they are fewer.

    Refused: `not_leader`, `not_over`, `head_count` (differs from those signed in), `closed`.
    """
    session = ClassSession.objects.select_for_update().get(pk=session.pk)
    if session.led_by_id != by.pk:
        raise Refused("not_leader", _("Only the one who led the session closes it."))
    if session.closed_at is not None:
        raise Refused("closed", _("This session is already closed."))
    if at < session.ends_at:
        raise Refused("not_over", _("The session has not ended yet."))
    seats = list(session.seats.select_related("person"))
    present = [seat for seat in seats if seat.signed_in_at is not None]
    if head_count != len(present):
        raise Refused(
            "head_count",
            _("You counted %(counted)s people, but %(signed)s signed in. Find out who is missing first.")
            % {"counted": head_count, "signed": len(present)},
        )
    timetable = timetable_of(session)
    for seat in seats:
        presences = [Presence(seat.signed_in_at, seat.signed_out_at)] if seat.signed_in_at else []
        result = attended(timetable, presences)
        seat.earned_minutes = result.earned_minutes
        seat.reason = " ".join(reason.words for reason in result.reasons)[:300]
        if result.earned_minutes > 0:
            seat.entry = record_hours(
                person=seat.person,
                minutes=result.earned_minutes,
                content=session.content,
                channel=HourEntry.Channel.OFFLINE,
                topic=session.topic,
                source_class=HourEntry.Source.TRAINING_BODY if session.body_id else HourEntry.Source.PLATFORM,
                happened_on=day_of(session.starts_at),
                title=session.title,
                source_key=f"seat:{seat.public_id}",
                by=by,
                at=at,
            )
        seat.save(update_fields=["earned_minutes", "reason", "entry"])
        if seat.entry is not None:
            settle(person=seat.person, by=by, at=at)
    session.head_count, session.closed_at = head_count, at
    session.save(update_fields=["head_count", "closed_at"])
    record("lms.close_session", subject=f"session:{session.public_id}", by=by, at=at, present=len(present))
    return session
