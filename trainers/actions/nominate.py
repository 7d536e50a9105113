"""Propose somebody for an expert pool, and turn a proposal down."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from audit.acts import act, record
from core.days import day_of
from core.refusals import Refused
from registry.actions import lock_person, record_person
from registry.models import Account, Person
from registry.permissions import one_human, same_human
from trainers import permissions
from trainers.models import Appointment, ExpertPool, Nomination


@act
def nominate(
    *,
    pool: ExpertPool,
    person: Person,
    field: str,
    workplace: str,
    title: str,
    reasons: str,
    by: Account,
    at: datetime,
) -> Nomination:
    """An officer on the pool's line proposes a person for one of the six fields.

    Raises Refused: not_your_pool, oneself, excluded, seated, nominated, reasons_missing.
    """
    day = day_of(at)
    pool = ExpertPool.objects.select_for_update().select_related("division").get(pk=pool.pk)
    if not permissions.may_nominate_for(by, pool.division, day):
        raise Refused(
            "not_your_pool", _("You can nominate for the pools of your own division and of those above it.")
        )
    if _is(by, person):
        raise Refused("oneself", _("Nobody nominates herself. Ask another officer to do it."))
    if not workplace.strip() or not reasons.strip():
        raise Refused("reasons_missing", _("Say where the expert works and why you propose her."))
    lock_person(person)  # a ban and a nomination wait for each other
    if permissions.excluded(person, day):
        raise Refused(
            "excluded", _("This person may not work in childcare at present, so she cannot be nominated.")
        )
    if Appointment.objects.filter(pool=pool, person=person).not_over(day).exists():
        raise Refused("seated", _("This person has a seat in this pool already. See the seat chart."))
    if pool.nominations.waiting().filter(person=person).exists():
        raise Refused(
            "nominated", _("This person has been nominated for this pool already and waits for a decision.")
        )
    nomination = Nomination.objects.create(
        pool=pool,
        person=person,
        field=field,
        workplace=workplace.strip(),
        title=title.strip(),
        reasons=reasons.strip(),
        nominated_by=by,
        nominated_at=at,
    )
    record(
        "trainers.nominate",
        subject=f"nomination:{nomination.public_id}",
        by=by,
        at=at,
        pool=pool.code,
        person=person.public_id,
        field=field,
    )
    return nomination


@act
def nominate_by_document(
    *,
    pool: ExpertPool,
    name: str,
    document_kind: str,
    document_number: str,
    field: str,
    workplace: str,
    title: str,
    reasons: str,
    by: Account,
    at: datetime,
) -> Nomination:
    """Nominate whoever this document names, known to the registry or not; most experts work elsewhere.

    Raises what `record_person` and `nominate` raise; then nobody was recorded either.
    """
    person = record_person(
        name=name, document_kind=document_kind, document_number=document_number, by=by, at=at
    )
    return nominate(
        pool=pool,
        person=person,
        field=field,
        workplace=workplace,
        title=title,
        reasons=reasons,
        by=by,
        at=at,
    )


@act
def decline(*, nomination: Nomination, note: str, by: Account, at: datetime) -> Nomination:
    """Turn a nomination down, with the reason.

    Raises Refused: not_your_pool, decided, nominator, note_missing.
    """
    if not note.strip():
        raise Refused("note_missing", _("Say why, so that the officer who nominated can understand it."))
    nomination = to_decide(nomination, by=by, at=at)
    nomination.state = Nomination.State.DECLINED
    nomination.decided_by = by
    nomination.decided_at = at
    nomination.decision_note = note.strip()
    nomination.save(update_fields=["state", "decided_by", "decided_at", "decision_note"])
    record("trainers.decline", subject=f"nomination:{nomination.public_id}", by=by, at=at)
    return nomination


def to_decide(nomination: Nomination, *, by: Account, at: datetime) -> Nomination:
    """The nomination with its pool, both locked, if `by` may decide it now.

    The pool is locked first, always, so that two decisions on one pool wait for each other.
    Raises Refused: not_your_pool, decided, nominator.
    """
    pool = ExpertPool.objects.select_for_update().select_related("division").get(pk=nomination.pool_id)
    fresh = Nomination.objects.select_for_update().get(pk=nomination.pk)
    fresh.pool = pool
    if not permissions.governs(by, pool.division, day_of(at)):
        raise Refused(
            "not_your_pool",
            _("Seats of this pool are given by its own division or the province. Ask an officer there."),
        )
    if fresh.state != Nomination.State.OPEN:
        raise Refused("decided", _("This nomination has been decided already."))
    if same_human(by, fresh.nominated_by) or _is(by, fresh.person):
        raise Refused(
            "nominator", _("Whoever nominated, or is nominated, cannot decide. Ask another officer.")
        )
    return fresh


def _is(account: Account, person: Person) -> bool:
    return account.person is not None and one_human(account.person) == one_human(person)
