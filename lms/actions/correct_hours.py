"""Correct the ledger: an officer proposes, another person decides, and a new line says it."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from audit.acts import act, record
from core import faults
from core.days import day_of
from core.refusals import Refused
from lms.actions.record_hours import adjust, demand_correctable, reverse
from lms.actions.settle import settle
from lms.models import Correction, HourEntry
from registry.actions.exclude import lock_person
from registry.models import Account, Person
from registry.permissions import one_human, oversees_person

ROOM = 300


@act
def propose_correction(
    *, entry: HourEntry, kind: str, minutes: int | None = None, reason: str, by: Account, at: datetime
) -> Correction:
    """Say that a line is to be taken back (`reverse`), or adjusted by signed whole minutes (`adjust`).

    Raises Refused: no_reason, no_person, no_duty, own_hours, already_proposed, and what the line itself
    refuses (already_reversed, reverses_reversal, adjusted, not_earned, no_minutes, below_zero).
    """
    if not reason.strip():
        raise Refused("no_reason", _("Say why the hours are corrected."))
    kind = Correction.Kind(kind)
    officer = _officer(by, entry, at)
    lock_person(entry.person)
    change = -entry.minutes if kind == Correction.Kind.REVERSE else minutes or 0
    demand_correctable(entry, HourEntry.Kind(kind), change)
    try:
        with transaction.atomic():
            correction = Correction.objects.create(
                kind=kind,
                entry=entry,
                minutes=change,
                reason=reason.strip()[:ROOM],
                about=one_human(entry.person),
                proposed_at=at,
                proposed_by=by,
                proposed_by_person=officer,
            )
    except IntegrityError:
        if not Correction.objects.filter(entry=entry, accepted=None).exists():
            raise
        raise Refused("already_proposed", _("A correction of this line is open. Decide it first.")) from None
    record(
        "lms.propose_correction",
        subject=correction.subject,
        by=by,
        at=at,
        kind=kind,
        entry=entry.public_id,
        minutes=change,
    )
    return correction


@act
def decide_correction(
    *, correction: Correction, accept: bool, reason: str, by: Account, at: datetime
) -> Correction:
    """Accept or decline; by another person than who proposed. Accepting writes the line at once, and
    what the hours then earn is settled.

    Raises Refused: no_reason, decided, no_person, no_duty, own_hours, own_proposal, and what the line
    refuses.
    """
    if not reason.strip():
        raise Refused("no_reason", _("Say why you decide so."))
    entry = correction.entry
    officer = _officer(by, entry, at)
    lock_person(entry.person)
    correction = Correction.objects.select_for_update(of=("self",)).get(pk=correction.pk)
    if correction.accepted is not None:
        raise Refused("decided", _("This proposal is decided already."))
    if officer == one_human(correction.proposed_by_person):
        raise Refused("own_proposal", _("You proposed this. Another person has to decide."))
    line = _line(correction, by, at) if accept else None
    faults.point("correction.before_decision")
    Correction.objects.filter(pk=correction.pk, accepted=None).update(
        accepted=accept,
        decided_at=at,
        decided_by=by,
        decided_by_person=officer,
        decision_reason=reason.strip()[:ROOM],
        line=line,
    )
    record(
        "lms.accept_correction" if accept else "lms.decline_correction",
        subject=correction.subject,
        by=by,
        at=at,
        entry=entry.public_id,
    )
    if accept:
        settle(person=entry.person, by=by, at=at)
    correction.refresh_from_db()
    return correction


def _line(correction: Correction, by: Account, at: datetime) -> HourEntry:
    first, reason = correction.proposed_by, correction.reason
    if correction.kind == Correction.Kind.REVERSE:
        return reverse(entry=correction.entry, reason=reason, by=first, confirmed_by=by, at=at)
    return adjust(
        entry=correction.entry,
        minutes=correction.minutes,
        reason=reason,
        source_key=correction.subject,
        by=first,
        confirmed_by=by,
        at=at,
    )


def _officer(by: Account, entry: HourEntry, at: datetime) -> Person:
    if by.person is None:
        raise Refused("no_person", _("Your account is not tied to a person, so nobody could be held to it."))
    if one_human(by.person) == one_human(entry.person):
        raise Refused("own_hours", _("Nobody corrects her own hours."))
    if not by.is_active or not oversees_person(by, entry.person, day_of(at)):
        raise Refused(
            "no_duty", _("You oversee another place. An officer of the place where she works can do it.")
        )
    return one_human(by.person)
