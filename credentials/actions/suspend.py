"""Suspend a certificate until a day, and lift a suspension early."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from audit.acts import act, record
from core import faults
from core.days import add_years, day_of
from core.ids import public_id
from core.refusals import Refused
from credentials.actions.revoke import demand_not_own, demand_reason
from credentials.actions.tell_employers import tell_employers
from credentials.models import Certificate, EmployerTask, StatusMark
from credentials.permissions import demand_issuer
from credentials.queries.standing import state_of
from credentials.rules.state import Act, may
from registry.actions.exclude import lock_person
from registry.models import Account

OFFICER = "officer:"  # source of a suspension that no case set


@act
def suspend(*, certificate: Certificate, until: date, reason: str, by: Account, at: datetime) -> StatusMark:
    """Suspended from today; `until` is the first day it counts again, by itself. At most a year.

    Raises Refused: no_duty, own_certificate, reason, until, suspended (until that day or longer), state.
    """
    day = day_of(at)
    demand_issuer(by, division=certificate.division_id, on=day)
    demand_not_own(certificate, by)
    reason = demand_reason(reason)
    if not day < until <= add_years(day, 1):
        raise Refused(
            "until", _("Choose an end after today and within a year. A suspension is no revocation.")
        )
    lock_person(certificate.holder)
    if not may(Act.SUSPEND, state_of(certificate, on=day).state):
        raise Refused("state", _("This certificate is revoked or replaced; there is nothing to suspend."))
    running = StatusMark.objects.in_force_on(day).filter(
        certificate=certificate, kind=StatusMark.Kind.SUSPENDED, source__startswith=OFFICER, until__gte=until
    )
    if running.exists():
        raise Refused("suspended", _("This certificate is already suspended until then."))
    faults.point("suspend.before_mark")
    mark = StatusMark.objects.create(
        certificate=certificate,
        kind=StatusMark.Kind.SUSPENDED,
        ground=StatusMark.Ground.INTERIM,
        reason=reason,
        source=f"{OFFICER}{public_id()}",
        effective_on=day,
        until=until,
        recorded_at=at,
        recorded_by=by,
    )
    record(
        "credentials.suspend",
        subject=f"certificate:{certificate.number}",
        by=by,
        at=at,
        effective_on=day,
        until=until,
    )
    tell_employers(
        people=[certificate.holder], kind=EmployerTask.Kind.SUSPENDED, source=mark.source, by=by, at=at
    )
    return mark


@act
def reinstate(*, certificate: Certificate, reason: str, by: Account, at: datetime) -> list[StatusMark]:
    """Lift the suspensions that officers set; one that a ban case set is lifted by its decision only.

    Raises Refused: no_duty, own_certificate, reason, not_suspended, case_open.
    """
    day = day_of(at)
    demand_issuer(by, division=certificate.division_id, on=day)
    demand_not_own(certificate, by)
    reason = demand_reason(reason)
    lock_person(certificate.holder)
    if not may(Act.REINSTATE, state_of(certificate, on=day).state):
        raise Refused("not_suspended", _("This certificate is not suspended today."))
    marks = list(
        StatusMark.objects.in_force_on(day).filter(certificate=certificate, kind=StatusMark.Kind.SUSPENDED)
    )
    mine = [mark for mark in marks if mark.source.startswith(OFFICER)]
    if not mine:
        raise Refused(
            "case_open", _("A case suspended it. Its decision, or its end date, lifts the suspension.")
        )
    faults.point("reinstate.before_marks")
    StatusMark.objects.filter(pk__in=[mark.pk for mark in mine]).update(
        lifted_on=day, lifted_recorded_at=at, lifted_by=by, lifted_reason=reason
    )
    record("credentials.reinstate", subject=f"certificate:{certificate.number}", by=by, at=at, lifted_on=day)
    tell_employers(
        people=[certificate.holder], kind=EmployerTask.Kind.OVERTURNED, source=mine[-1].source, by=by, at=at
    )
    return mine
