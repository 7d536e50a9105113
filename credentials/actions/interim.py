"""The interim suspension of a case: takes effect at once, lapses by itself, ends with the decision."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils.translation import gettext_lazy as _

from audit.acts import act, record
from core import faults
from core.days import day_of
from core.refusals import Refused
from credentials.actions.revoke import demand_reason
from credentials.actions.tell_employers import tell_employers
from credentials.models import BanSubject, Certificate, EmployerTask, StatusMark
from credentials.permissions import demand_officer
from credentials.queries.standing import records_of, state_of
from credentials.rules.state import State
from registry.actions.exclude import exclude, lift_exclusion, lock_person
from registry.models import Account, Exclusion, Person

LONGEST = timedelta(days=183)


@act
def suspend_for_case(
    *, subject: BanSubject, person: Person, until: date, reason: str, by: Account, at: datetime
) -> None:
    """Keep `person` out until a day and suspend what she holds. Called by the acts of a case, person locked.

    Raises Refused: suspend_until.
    """
    day = day_of(at)
    if not day < until <= day + LONGEST:
        raise Refused(
            "suspend_until", _("Choose an end of the interim suspension after today and within six months.")
        )
    exclude(
        person=person,
        kind=Exclusion.Kind.SUSPENSION,
        source=subject.interim_source,
        from_day=day,
        until=until,
        by=by,
        at=at,
    )
    faults.point("interim.before_marks")
    source = f"{subject.interim_source}:{day:%Y%m%d}"
    records = records_of(person)
    held = Certificate.objects.filter(holder__in=records, valid_until__gt=day).prefetch_related("marks")
    StatusMark.objects.bulk_create(
        StatusMark(
            certificate=certificate,
            kind=StatusMark.Kind.SUSPENDED,
            ground=StatusMark.Ground.INTERIM,
            reason=reason,
            source=source,
            effective_on=day,
            until=until,
            recorded_at=at,
            recorded_by=by,
        )
        for certificate in held
        if state_of(certificate, on=day).state not in (State.REVOKED, State.REPLACED)
    )
    record("credentials.suspend_for_case", subject=subject.source, by=by, at=at, until=until)
    tell_employers(people=records, kind=EmployerTask.Kind.SUSPENDED, source=source, by=by, at=at)


@act
def renew_suspension(
    *, subject: BanSubject, until: date, reason: str, by: Account, at: datetime
) -> BanSubject:
    """Suspend on, beyond the end that was set, while the case is undecided.

    Raises Refused: no_duty, no_person, reason, decided, suspend_until (also when it ends no later than now).
    """
    day = day_of(at)
    demand_officer(by, division=subject.case.division_id, on=day)
    reason = demand_reason(reason)
    lock_person(subject.person)
    subject = BanSubject.objects.select_for_update(of=("self",)).select_related("person").get(pk=subject.pk)
    if subject.state != BanSubject.State.PROPOSED:
        raise Refused("decided", _("This case is decided."))
    if subject.suspended_until is not None and until <= subject.suspended_until:
        raise Refused("suspend_until", _("The interim suspension already lasts until then."))
    suspend_for_case(subject=subject, person=subject.person, until=until, reason=reason, by=by, at=at)
    BanSubject.objects.filter(pk=subject.pk).update(suspended_until=until)
    subject.suspended_until = until
    return subject


@act
def end_interim(*, subject: BanSubject, reason: str, by: Account, at: datetime) -> None:
    """Lift what the interim suspension still holds: the decision takes its place."""
    day = day_of(at)
    if not Exclusion.objects.filter(source=subject.interim_source).exists():
        return
    lift_exclusion(source=subject.interim_source, by=by, at=at)
    StatusMark.objects.in_force_on(day).filter(source__startswith=f"{subject.interim_source}:").update(
        lifted_on=day, lifted_recorded_at=at, lifted_by=by, lifted_reason=reason
    )
