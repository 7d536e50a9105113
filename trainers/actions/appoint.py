"""Give a seat of a pool, end a term, and notice that terms end soon."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from audit.acts import System, act, owe, record
from core.days import Period, day_of
from core.refusals import Refused
from registry.actions import lock_person
from registry.models import Account, Person
from trainers import permissions
from trainers.actions.nominate import to_decide
from trainers.models import Appointment, Nomination
from trainers.rules import terms

LIFETIME_BAN = gettext_noop("lifetime ban")


@act
def appoint(
    *, nomination: Nomination, until: date, starts_on: date, by: Account, at: datetime
) -> Appointment:
    """Seat the nominee on the lowest seat that is free on every day from `starts_on` to before `until`.

    Decided by somebody else than the nominator, under a lock of the pool's row. Raises Refused:
    not_your_pool, decided, nominator, term_backwards, term_over, term_too_long, excluded, seated, pool_full.
    """
    nomination = to_decide(nomination, by=by, at=at)
    pool = nomination.pool
    term = _term(starts_on, until, day_of(at))
    lock_person(nomination.person)  # a ban and an appointment wait for each other
    if permissions.excluded(nomination.person_id, day_of(at)) or permissions.excluded(
        nomination.person_id, starts_on
    ):
        raise Refused(
            "excluded", _("This person may not work in childcare at present, so she cannot be appointed.")
        )
    taking = Appointment.objects.filter(pool=pool).taking(starts_on, until)
    held = [
        terms.Held(each.seat, Period(each.starts_on, each.last_until))
        for each in taking.only("seat", "starts_on", "until", "ended_on")
    ]
    if taking.filter(person_id=nomination.person_id).exists():
        raise Refused("seated", _("This person has a seat in this pool on some of these days already."))
    seat = terms.lowest_free_seat(pool.seats, held, term)
    if seat is None:
        raise _full(pool.seats, held)
    appointment = Appointment.objects.create(
        pool=pool,
        nomination=nomination,
        person_id=nomination.person_id,
        field=nomination.field,
        seat=seat,
        starts_on=starts_on,
        until=until,
        appointed_by=by,
        appointed_at=at,
    )
    nomination.state = Nomination.State.APPOINTED
    nomination.decided_by = by
    nomination.decided_at = at
    nomination.save(update_fields=["state", "decided_by", "decided_at"])
    record(
        "trainers.appoint",
        subject=f"appointment:{appointment.public_id}",
        by=by,
        at=at,
        pool=pool.code,
        seat=seat,
        nomination=nomination.public_id,
        starts_on=starts_on.isoformat(),
        until=until.isoformat(),
    )
    return appointment


def _term(starts_on: date, until: date, today: date) -> Period:
    if until <= starts_on:
        raise Refused("term_backwards", _("The term must end after it starts. Correct the days."))
    if until <= today:
        raise Refused("term_over", _("This term would be over already. Correct the days."))
    term = Period(starts_on, until)
    if terms.too_long(term):
        raise Refused(
            "term_too_long",
            _("A term lasts at most %(years)d years. Choose an earlier end; it can be renewed.")
            % {"years": terms.LONGEST_TERM_YEARS},
        )
    return term


def _full(seats: int, held: list[terms.Held]) -> Refused:
    freed = terms.next_to_become_free(held)
    assert freed is not None  # every seat of a full pool is held until some day
    return Refused(
        "pool_full",
        _(
            "All %(seats)d seats are taken on these days. The next to become free is seat %(seat)d, "
            "on %(day)s: start the term then, or end an appointment first."
        )
        % {"seats": seats, "seat": freed.seat, "day": freed.on.isoformat()},
        seat=freed.seat,
        on=freed.on,
    )


@act
def end_appointment(
    *, appointment: Appointment, ended_on: date, reason: str, by: Account | System, at: datetime
) -> Appointment:
    """Free the seat from `ended_on` on, once and for good.

    An end is recorded when it has come, not announced: `ended_on` is today or earlier, or the first day of
    a term that has not begun. Raises Refused: not_your_pool, ended, reason_missing, day_outside.
    """
    appointment = (
        Appointment.objects.select_for_update(of=("self",))
        .select_related("pool__division")
        .get(pk=appointment.pk)
    )
    today = day_of(at)
    if not permissions.governs(by, appointment.pool.division, today):
        raise Refused(
            "not_your_pool",
            _("Seats of this pool are given by its own division or the province. Ask an officer there."),
        )
    if not reason.strip():
        raise Refused("reason_missing", _("Say why the appointment ends; the reason stays with it."))
    if appointment.ended_on is not None or appointment.until <= today:
        raise Refused("ended", _("This appointment has ended already."))
    if not appointment.starts_on <= ended_on <= max(today, appointment.starts_on):
        raise Refused(
            "day_outside",
            _("An appointment ends on a day of its term, today at the latest. Correct the day."),
        )
    appointment.ended_on = ended_on
    appointment.ended_reason = reason.strip()
    appointment.ended_at = at
    appointment.save(update_fields=["ended_on", "ended_reason", "ended_at"])
    record(
        "trainers.end_appointment",
        subject=f"appointment:{appointment.public_id}",
        by=by,
        at=at,
        ended_on=ended_on.isoformat(),
    )
    return appointment


@act
def unseat_banned(*, person: Person, by: System, at: datetime) -> int:
    """End every appointment, and close every open nomination, of a person who was banned.

    Safe to repeat. Returns how many appointments ended. They do not come back by themselves if the ban
    is overturned: she is nominated again.
    """
    today = day_of(at)
    ended = 0
    for appointment in Appointment.objects.filter(person=person, ended_on=None).not_over(today):
        end_appointment(
            appointment=appointment,
            ended_on=max(today, appointment.starts_on),
            reason=LIFETIME_BAN,
            by=by,
            at=at,
        )
        ended += 1
    for nomination in Nomination.objects.select_for_update().waiting().filter(person=person):
        nomination.state = Nomination.State.DECLINED
        nomination.decided_at = at
        nomination.decision_note = LIFETIME_BAN
        nomination.save(update_fields=["state", "decided_at", "decision_note"])
        record("trainers.decline", subject=f"nomination:{nomination.public_id}", by=by, at=at, ban=True)
    return ended


@act
def announce_term_ending(*, appointment: Appointment, by: System, at: datetime) -> None:
    """Leave one letter to the officers of the pool, however often it is asked."""
    owe(
        "trainers.term_ending",
        key=f"trainers.term_ending:{appointment.public_id}",
        payload={"appointment": appointment.pk},
        at=at,
    )
