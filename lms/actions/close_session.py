"""Close a class session: settle who left when, reconcile the head count, write the hours."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from audit.acts import act, record
from core.days import day_of
from core.refusals import Refused
from lms.actions.record_hours import record_hours
from lms.actions.settle import settle
from lms.models import ClassSession, HourEntry, Seat
from lms.rules.sessions import Presence, Timetable, attended
from registry.models import Account, Person


def timetable_of(session: ClassSession) -> Timetable:
    """The session as the rules see it."""
    return Timetable(
        session.starts_at,
        session.ends_at,
        tuple((datetime.fromisoformat(start), datetime.fromisoformat(end)) for start, end in session.breaks),
    )


@act
def note_departure(*, seat: Seat, left_at: datetime, by: Account, at: datetime) -> Seat:
    """The trainer's word for when somebody left who did not sign out; the record says whose word it is.

    Refused: `not_leader`, `closed`, `not_signed_in`, `signed_out` (her own sign-out stands),
    `outside` (before she signed in, after the end, or in the future).
    """
    session = _led_and_open(seat.session, by)
    seat = Seat.objects.select_related("person").get(pk=seat.pk)
    if seat.signed_in_at is None:
        raise Refused("not_signed_in", _("%(name)s has not signed in.") % {"name": seat.person.name})
    if seat.signed_out_at is not None:
        raise Refused("signed_out", _("%(name)s has signed out herself.") % {"name": seat.person.name})
    if not seat.signed_in_at <= left_at <= min(at, max(session.ends_at, seat.signed_in_at)):
        raise Refused("outside", _("Give a time between signing in and the end of the session."))
    seat.signed_out_at = left_at
    seat.save(update_fields=["signed_out_at"])
    record("lms.note_departure", subject=f"seat:{seat.public_id}", by=by, at=at, left_at=left_at)
    return seat


@act
def close_session(*, session: ClassSession, head_count: int, by: Account, at: datetime) -> ClassSession:
    """Reconcile the head count and write each person's hours, with the reason where they are fewer.

    Refused: `not_leader`, `closed`, `not_over`, `head_count` (differs from those signed in).
    """
    session = _led_and_open(session, by)
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
    # In the order of their keys: two sessions with the same people, closed at once, cannot deadlock.
    list(
        Person.objects.select_for_update(no_key=True)
        .filter(pk__in=[seat.person_id for seat in present])
        .order_by("pk")
        .values_list("pk")
    )
    for seat in seats:
        _write(session, seat, by, at)
    session.head_count, session.closed_at = head_count, at
    session.save(update_fields=["head_count", "closed_at"])
    record("lms.close_session", subject=f"session:{session.public_id}", by=by, at=at, present=len(present))
    return session


def _write(session: ClassSession, seat: Seat, by: Account, at: datetime) -> None:
    presences = [Presence(seat.signed_in_at, seat.signed_out_at)] if seat.signed_in_at else []
    result = attended(timetable_of(session), presences)
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


def _led_and_open(session: ClassSession, by: Account) -> ClassSession:
    session = ClassSession.objects.select_for_update().get(pk=session.pk)
    if session.led_by_id != by.pk:
        raise Refused("not_leader", _("Only the one who led the session closes it."))
    if session.closed_at is not None:
        raise Refused("closed", _("This session is already closed."))
    return session
