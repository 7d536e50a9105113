"""Correct what a certificate says: a new edition that names the one it replaces."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from audit.acts import act, owe, record
from core import faults
from core.days import day_of
from core.refusals import Refused
from credentials.actions.edition import Draft, write_editions
from credentials.actions.issue import Order, demand_issuable
from credentials.actions.revoke import demand_not_own, demand_reason
from credentials.models import Certificate, StatusMark
from credentials.permissions import demand_issuer
from credentials.queries.holder import read_holders
from credentials.queries.standing import state_of
from credentials.rules.snapshot import CertificateFacts
from credentials.rules.state import Act, State, may
from registry.actions.exclude import lock_person
from registry.models import Account


@act
def correct(
    *,
    certificate: Certificate,
    reason: str,
    by: Account,
    at: datetime,
    minutes: int | None = None,
    breakdown: Mapping[str, int] | None = None,
) -> Certificate:
    """The next edition, with name, document and facility as the registry has them today.

    Validity and cycle stay: a correction changes words, not time. Hours change only if given.
    Raises Refused: no_duty, own_certificate, reason, replaced, revoked, suspended, and what `issue` raises.
    """
    day = day_of(at)
    demand_issuer(by, division=certificate.division_id, on=day)
    demand_not_own(certificate, by)
    reason = demand_reason(reason)
    lock_person(certificate.holder)
    state = state_of(certificate, on=day).state
    if not may(Act.REPLACE, state):
        raise Refused(state.value, _REFUSALS[state])
    old = CertificateFacts.from_bytes(certificate.snapshot.encode())
    facts = read_holders([certificate.holder])[certificate.holder_id]
    order = Order(
        holder=certificate.holder,
        standard_version=certificate.standard_version,
        division=certificate.division,
        cycle_starts_on=certificate.cycle_starts_on,
        valid_from=certificate.valid_from,
        valid_until=certificate.valid_until,
        minutes=certificate.minutes if minutes is None else minutes,
        breakdown={line.category: line.minutes for line in old.hours} if breakdown is None else breakdown,
        evidence={**certificate.evidence, "corrects": certificate.number},
    )
    demand_issuable(order, facts, today=day)
    (edition,) = write_editions(
        [
            Draft(
                holder=facts,
                standard_version=order.standard_version,
                division=order.division,
                cycle_starts_on=order.cycle_starts_on,
                valid_from=order.valid_from,
                valid_until=order.valid_until,
                minutes=order.minutes,
                breakdown=order.breakdown,
                evidence=order.evidence,
                issued_at=at,
                replaces=certificate,
            )
        ],
        by=by,
        at=at,
    )
    faults.point("correct.before_mark")
    StatusMark.objects.create(
        certificate=certificate,
        kind=StatusMark.Kind.REPLACED,
        ground=StatusMark.Ground.CORRECTION,
        reason=reason,
        source=f"certificate:{edition.number}",
        effective_on=day,
        recorded_at=at,
        recorded_by=by,
    )
    record(
        "credentials.correct",
        subject=f"certificate:{edition.number}",
        by=by,
        at=at,
        replaces=certificate.number,
        edition=edition.edition,
        snapshot=edition.snapshot_sha256,
    )
    owe("credentials.issued", key=f"render:{edition.number}", payload={"certificate": edition.pk}, at=at)
    return edition


_REFUSALS: dict[State, Any] = {
    State.REPLACED: _("A newer edition replaced this one. Correct the newer edition."),
    State.REVOKED: _("A revoked certificate is not corrected."),
    State.SUSPENDED: _(
        "A suspended certificate is not corrected: the new edition would come without the measure."
    ),
}
