"""Be there: book a place in a class session, sign in, sign out."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from audit.acts import Actor, act, record
from core.days import day_of
from core.refusals import Refused
from lms.models import ClassSession, Seat
from lms.rules.sessions import code_matches
from registry.actions.exclude import lock_person
from registry.models import Person
from registry.permissions import is_excluded, one_human, records_of

MARGIN = timedelta(minutes=30)  # before the start and after the end


@act
def book(*, session: ClassSession, person: Person, by: Actor, at: datetime) -> Seat:
    """Her seat, or a new one while there is room.

    Refused: `leads` (her own session: the code is on her screen), `over`, `excluded`, `overlaps` (she
    has a seat in another session at that time), `full`.
    """
    session = ClassSession.objects.select_for_update().get(pk=session.pk)
    person = lock_person(one_human(person))
    leader = session.led_by.person
    if leader is not None and one_human(leader) == person:
        raise Refused("leads", _("You lead this session. Nobody signs herself in or earns hours by it."))
    seat = Seat.objects.filter(session=session, person_id__in=records_of(person)).first()
    if seat is not None:
        return seat
    if session.closed_at is not None or at >= session.ends_at:
        raise Refused("over", _("This session is over."))
    if is_excluded(person, day_of(at)):
        raise Refused("excluded", _("A measure is in force against you; you cannot attend a session."))
    rival = Seat.objects.filter(
        person_id__in=records_of(person),
        session__starts_at__lt=session.ends_at,
        session__ends_at__gt=session.starts_at,
    ).first()
    if rival is not None:
        raise Refused(
            "overlaps",
            _("You have a place in “%(title)s” at that time; nobody is in two rooms at once.")
            % {"title": rival.session.title},
        )
    if session.seats.count() >= session.capacity:
        raise Refused("full", _("All places of this session are taken."))
    seat = Seat.objects.create(session=session, person=person, booked_at=at)
    record("lms.book_session", subject=f"seat:{seat.public_id}", by=by, at=at, session=session.public_id)
    return seat


@act
def give_up_seat(*, seat: Seat, by: Actor, at: datetime) -> None:
    """Give a booked place back before signing in, so that another can have it.

    Refused: `signed_in`, `over`.
    """
    session = ClassSession.objects.select_for_update().get(pk=seat.session_id)
    if session.closed_at is not None or at >= session.ends_at:
        raise Refused("over", _("This session is over."))
    if not Seat.objects.filter(pk=seat.pk, signed_in_at=None).delete()[0]:
        raise Refused("signed_in", _("You have signed in; sign out instead."))
    record("lms.give_up_seat", subject=f"seat:{seat.public_id}", by=by, at=at, session=session.public_id)


@act
def sign_in(*, session: ClassSession, person: Person, code: str, by: Actor, at: datetime) -> Seat:
    """Sign in with the code on the trainer's screen; by server time. Twice is once.

    Refused: `not_now` (earlier than 30 minutes before the start, later than 30 minutes after the end,
    closed), `wrong_code` (old, mistyped, of another session), `excluded`, and what `book` refuses.
    """
    _demand_code(session, code, at)
    if is_excluded(person, day_of(at)):
        raise Refused("excluded", _("A measure is in force against you; you cannot attend a session."))
    seat = book(session=session, person=person, by=by, at=at)
    if Seat.objects.filter(pk=seat.pk, signed_in_at=None).update(signed_in_at=at):
        record("lms.sign_in", subject=f"seat:{seat.public_id}", by=by, at=at)
    seat.refresh_from_db()
    return seat


@act
def sign_out(*, session: ClassSession, person: Person, code: str, by: Actor, at: datetime) -> Seat:
    """Sign out with the code on the screen; by server time. The first time counts, twice is once.

    Refused: `not_now`, `wrong_code`, `not_signed_in`.
    """
    _demand_code(session, code, at)
    seats = Seat.objects.filter(session=session, person_id__in=records_of(person))
    seat = seats.exclude(signed_in_at=None).first()
    if seat is None:
        raise Refused("not_signed_in", _("You have not signed in to this session."))
    if Seat.objects.filter(pk=seat.pk, signed_out_at=None).update(signed_out_at=at):
        record("lms.sign_out", subject=f"seat:{seat.public_id}", by=by, at=at)
    seat.refresh_from_db()
    return seat


def _demand_code(session: ClassSession, code: str, at: datetime) -> None:
    # locked, so that nobody signs in while the session is being closed
    session = ClassSession.objects.select_for_update().get(pk=session.pk)
    if session.closed_at is not None or not session.starts_at - MARGIN <= at <= session.ends_at + MARGIN:
        raise Refused(
            "not_now", _("You can sign in and out from half an hour before until half an hour after.")
        )
    if not code_matches(bytes.fromhex(session.secret), code.strip(), at):
        raise Refused("wrong_code", _("This code is not valid now. Type the one that is on the screen."))
