"""Duties beside the hours as facts: recorded, confirmed by the authority, taken back by another line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from audit.acts import act, record
from core.days import day_of
from core.refusals import Refused
from lms.models import DutyRecord
from lms.rules.duties import kinds_demanded
from lms.rules.seal import SEALED_DUTY, seal
from registry.actions.exclude import lock_person
from registry.models import Account, Employment, Facility, Person, StandardVersion
from registry.permissions import one_human, oversees
from registry.rules.kinds import DutyKind

OLDEST = timedelta(days=3653)  # ten years: longer ago counts for no duty, and is a slip of the pen


@dataclass(slots=True)
class DutiesRecorded:
    """What one act did: lines written, lines of the facility confirmed, and how many stood already."""

    new: list[DutyRecord] = field(default_factory=list)
    confirmed: list[DutyRecord] = field(default_factory=list)
    stood: int = 0


@act
def record_duty(
    *,
    person: Person,
    facility: Facility,
    kind: str,
    done_on: date,
    reference: str,
    by: Account,
    at: datetime,
) -> DutyRecord:
    """That one person of a facility has done a duty: the line that stands for her, kind and day.

    Recorded by an officer in whose divisions the facility lies, or by its manager with a reference of
    the evidence. Once for a person, kind and day: again gives the line that stands; an officer's word
    confirms a facility's. Raises Refused: `no_rights`, `unknown_kind`, `future`, `too_long_ago`,
    `no_evidence`, `not_in_post`, `own_duty`.
    """
    record_duties(
        people=[person], facility=facility, kind=kind, done_on=done_on, reference=reference, by=by, at=at
    )
    return DutyRecord.objects.standing().get(person=person, kind=kind, done_on=done_on)


@act
def record_duties(
    *,
    people: Sequence[Person],
    facility: Facility,
    kind: str,
    done_on: date,
    reference: str,
    by: Account,
    at: datetime,
) -> DutiesRecorded:
    """The same for several people of one facility on one day, all or none. Raises as `record_duty`,
    and Refused `nobody` for an empty list."""
    day, reference = day_of(at), " ".join(reference.split())
    source = _source(facility, by, day)
    if not any(kind in kinds_demanded(version.rules) for version in StandardVersion.objects.all()):
        raise Refused("unknown_kind", _("No rule knows this duty. Choose one from the list."))
    if done_on > day:
        raise Refused("future", _("A duty cannot be recorded before the day on which it is done."))
    if done_on < day - OLDEST:
        raise Refused("too_long_ago", _("That day lies more than ten years back. Check the year."))
    if source == DutyRecord.Source.FACILITY and not reference:
        raise Refused(
            "no_evidence",
            _("Name the evidence: the number of the health card, or of the list of those trained."),
        )
    if not people:
        raise Refused("nobody", _("Choose at least one person."))
    done = DutiesRecorded()
    for person in sorted({person.pk: person for person in people}.values(), key=lambda one: one.pk):
        _demand_other(person, by)
        lock_person(person)
        _demand_post(person, facility, done_on, day)
        same = DutyRecord.objects.filter(person=person, kind=kind, done_on=done_on)
        standing = same.standing().first()
        if standing is None:
            line = DutyRecord(
                person=person,
                facility=facility,
                what=DutyRecord.What.DONE,
                kind=kind,
                done_on=done_on,
                edition=same.filter(what=DutyRecord.What.DONE).count() + 1,
                source=source,
                reference=reference[:120],
            )
            done.new.append(_write(line, by, at))
        elif source == DutyRecord.Source.AUTHORITY and not _is_confirmed(standing):
            done.confirmed.append(_write(_answer(standing, DutyRecord.What.CONFIRMED, source), by, at))
        else:
            done.stood += 1
    return done


@act
def confirm_duty(*, duty: DutyRecord, by: Account, at: datetime) -> DutyRecord:
    """The authority stands behind what a facility reported.

    Raises Refused: `no_rights`, `own_duty`, `taken_back`, `already_confirmed`.
    """
    if not oversees(by, duty.facility.division, day_of(at)):
        raise Refused("no_rights", _("Only an officer in whose divisions the facility lies confirms a duty."))
    _demand_other(duty.person, by)
    lock_person(duty.person)
    _demand_standing(duty)
    if _is_confirmed(duty):
        raise Refused("already_confirmed", _("The authority stands behind this line already."))
    return _write(_answer(duty, DutyRecord.What.CONFIRMED, DutyRecord.Source.AUTHORITY), by, at)


@act
def take_back_duty(*, duty: DutyRecord, reason: str, by: Account, at: datetime) -> DutyRecord:
    """A line was a mistake: another one says so and why; from then on it counts for nothing.

    An officer in scope may; the facility's manager while no authority stands behind it.
    Raises Refused: `no_reason`, `no_rights`, `own_duty`, `taken_back`.
    """
    note = " ".join(reason.split())
    if not note:
        raise Refused("no_reason", _("Say what was wrong."))
    source = _source(duty.facility, by, day_of(at))
    _demand_other(duty.person, by)
    lock_person(duty.person)
    _demand_standing(duty)
    if source == DutyRecord.Source.FACILITY and _is_confirmed(duty):
        raise Refused(
            "no_rights", _("The authority stands behind this line; ask the county to take it back.")
        )
    line = _answer(duty, DutyRecord.What.TAKEN_BACK, source)
    line.note = note[:300]
    return _write(line, by, at)


def sealed(line: DutyRecord) -> str:
    """What the act that writes a line keeps of it on the audit chain."""
    return seal([[getattr(line, name) for name in SEALED_DUTY]])


def _source(facility: Facility, by: Account, day: date) -> DutyRecord.Source:
    """As what the account speaks of people of this facility; Refused if as nothing."""
    if oversees(by, facility.division, day):
        return DutyRecord.Source.AUTHORITY
    if by.duties_on(day).filter(kind=DutyKind.MANAGER, facility=facility).exists():
        return DutyRecord.Source.FACILITY
    raise Refused("no_rights", _("You neither run this facility nor oversee it."))


def _demand_other(person: Person, by: Account) -> None:
    if by.person is not None and one_human(by.person) == one_human(person):
        raise Refused(
            "own_duty", _("Nobody records her own duties. Your county, or another manager, records yours.")
        )


def _demand_post(person: Person, facility: Facility, done_on: date, day: date) -> None:
    """In post here today, or on the day it was done."""
    posts = Employment.objects.filter(person=person, facility=facility).exclude(until=F("started_on"))
    if not posts.filter(
        Q(started_on__lte=day) & (Q(until=None) | Q(until__gt=day))
        | Q(started_on__lte=done_on) & (Q(until=None) | Q(until__gt=done_on))
    ).exists():
        raise Refused(
            "not_in_post",
            _("%(name)s was not in post at this facility on that day.") % {"name": person.name},
        )


def _demand_standing(duty: DutyRecord) -> None:
    if not DutyRecord.objects.standing().filter(pk=duty.pk).exists():
        raise Refused("taken_back", _("This line was taken back already."))


def _is_confirmed(duty: DutyRecord) -> bool:
    return (
        duty.source == DutyRecord.Source.AUTHORITY
        or duty.answers.filter(what=DutyRecord.What.CONFIRMED).exists()
    )


def _answer(duty: DutyRecord, what: DutyRecord.What, source: DutyRecord.Source) -> DutyRecord:
    return DutyRecord(
        person=duty.person,
        facility=duty.facility,
        what=what,
        kind=duty.kind,
        done_on=duty.done_on,
        edition=duty.edition,
        source=source,
        about=duty,
    )


def _write(line: DutyRecord, by: Account, at: datetime) -> DutyRecord:
    line.recorded_at, line.recorded_by = at, by.actor
    line.save(force_insert=True)
    record(
        f"lms.duty_{line.what}",
        subject=f"duty:{line.public_id}",
        by=by,
        at=at,
        person=line.person.public_id,
        facility=line.facility.public_id,
        kind=line.kind,
        done_on=line.done_on,
        seal=sealed(line),
    )
    return line
