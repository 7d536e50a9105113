"""Take a certificate back. Yesterday stays as it was."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from audit.acts import act, record
from core import faults
from core.days import day_of
from core.refusals import Refused
from credentials.actions.tell_employers import tell_employers
from credentials.models import Certificate, EmployerTask, StatusMark
from credentials.permissions import demand_issuer
from credentials.queries.standing import state_of
from credentials.rules.state import Act, State, may
from registry.actions.exclude import lock_person
from registry.models import Account
from registry.permissions import one_human

Ground = StatusMark.Ground
GROUNDS = (Ground.ERROR, Ground.MISCONDUCT, Ground.REQUEST)  # the others belong to other acts


@act
def revoke(*, certificate: Certificate, ground: str, reason: str, by: Account, at: datetime) -> StatusMark:
    """Revoked from today on, for ever; the holder's employers are told.

    Raises Refused: no_duty, own_certificate, ground, reason, revoked, replaced.
    """
    day = day_of(at)
    demand_issuer(by, division=certificate.division_id, on=day)
    demand_not_own(certificate, by)
    if ground not in GROUNDS:
        raise Refused("ground", _("Choose why it is revoked. A ban goes through its own case."))
    reason = demand_reason(reason)
    lock_person(certificate.holder)
    state = state_of(certificate, on=day).state
    if state is State.REVOKED:
        raise Refused("revoked", _("This certificate is already revoked."))
    if not may(Act.REVOKE, state):
        raise Refused("replaced", _("A newer edition replaced this one. Revoke the newer edition."))
    faults.point("revoke.before_mark")
    mark = StatusMark.objects.create(
        certificate=certificate,
        kind=StatusMark.Kind.REVOKED,
        ground=ground,
        reason=reason,
        effective_on=day,
        recorded_at=at,
        recorded_by=by,
    )
    source = f"certificate:{certificate.number}"
    record("credentials.revoke", subject=source, by=by, at=at, ground=ground, effective_on=day)
    tell_employers(people=[certificate.holder], kind=EmployerTask.Kind.REVOKED, source=source, by=by, at=at)
    return mark


def demand_reason(reason: str) -> str:
    """The reason without blanks around it, whole: a form bounds it to its column. Raises Refused: reason."""
    reason = reason.strip()
    if not reason:
        raise Refused("reason", _("Write the reason: it stays on record."))
    return reason


def demand_not_own(certificate: Certificate, account: Account) -> None:
    """Raises Refused: own_certificate."""
    if account.person is not None and one_human(account.person) == one_human(certificate.holder):
        raise Refused("own_certificate", _("This is your own certificate. Another officer has to do it."))
