"""A facility's checks: of one certificate, of all its staff. Asked once, answered once, kept."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q

from audit.acts import act, record
from core.days import day_of
from core.refusals import Refused
from credentials.models import Certificate, StaffCheck, StatusMark
from credentials.permissions import demand_manager
from credentials.queries.proof import keys
from credentials.queries.public import judge
from credentials.queries.staff import staff_standing
from credentials.rules import number as numbers
from credentials.rules.code import parse_code
from credentials.rules.state import State
from registry.models import Account, Employment, Facility

UNKNOWN = "unknown"  # no such certificate: nothing can be said for it


@act
def check_staff(*, facility: Facility, by: Account, at: datetime) -> StaffCheck:
    """Everybody in post today, with the state for the post. Raises Refused: no_duty."""
    day = day_of(at)
    demand_manager(by, facility, on=day)
    standing = staff_standing(facility, on=day)
    answer = {
        "on": day.isoformat(),
        "in_post": len(standing.lines),
        "fit": standing.fit,
        "lines": [
            {
                "person": line.employment.person.public_id,
                "occupation": line.employment.occupation,
                "state": line.state,
                "since": line.since.isoformat() if line.since else None,
                "until": line.until.isoformat() if line.until else None,
                "certificate": line.certificate.number if line.certificate else None,
                "measure": line.measure,
                "demanded": line.demanded,
                "other_occupation": line.other_occupation,
            }
            for line in standing.lines
        ],
    }
    return _keep(facility=facility, kind=StaffCheck.Kind.STAFF, answer=answer, by=by, at=at)


@act
def check_certificate(
    *, facility: Facility, code_or_number: str, by: Account, at: datetime, post: str = ""
) -> StaffCheck:
    """What one certificate is worth today, and whether it is for the post.

    `post` is the occupation a candidate is wanted for; for somebody of the own staff it is her
    post unless told. The answer names the occupation, so that a lower certificate does not pass for a higher.
    A code or number that exists nowhere is an answer too, and on record.
    Raises Refused: no_duty, and those of `parse_code` for a text that is neither.
    """
    day = day_of(at)
    demand_manager(by, facility, on=day)
    certificate = _find(code_or_number)
    if certificate is None:
        answer: dict[str, Any] = {"on": day.isoformat(), "state": UNKNOWN}
        return _keep(facility=facility, kind=StaffCheck.Kind.ONE, answer=answer, by=by, at=at)
    marks = StatusMark.objects.filter(certificate=certificate)
    judged = judge(certificate, keys().get(certificate.kid), marks, day)
    state = judged.state
    answer = {
        "on": day.isoformat(),
        "state": state.state.value,
        "not_yet": state.not_yet,
        "since": state.since.isoformat() if state.since else None,
        "until": state.until.isoformat() if state.until else None,
    }
    if judged.facts is not None:
        own = list(
            Employment.objects.on(day)
            .filter(facility=facility, person=certificate.holder)
            .values_list("occupation", flat=True)
        )
        wanted = [post] if post else own
        answer |= {
            "masked_name": judged.facts.masked_name,
            "occupation": judged.facts.occupation,
            "own_staff": bool(own),
            "post": wanted[0] if wanted else "",
            "fits_post": (certificate.occupation in wanted) if wanted else None,
            "fit": state.state is State.VALID and (not wanted or certificate.occupation in wanted),
        }
    return _keep(
        facility=facility,
        kind=StaffCheck.Kind.ONE,
        certificate=certificate,
        answer=answer,
        by=by,
        at=at,
    )


def _find(text: str) -> Certificate | None:
    """By verify code, or by number for whoever holds the paper. Raises Refused."""
    try:
        return Certificate.objects.filter(Q(number=numbers.parse_number(text).compact)).first()
    except Refused:
        return Certificate.objects.filter(verify_code=parse_code(text)).first()


def _keep(
    *,
    facility: Facility,
    kind: StaffCheck.Kind,
    answer: dict[str, Any],
    by: Account,
    at: datetime,
    certificate: Certificate | None = None,
) -> StaffCheck:
    check = StaffCheck.objects.create(
        facility=facility, asked_by=by, asked_at=at, kind=kind, certificate=certificate, answer=answer
    )
    record(
        f"credentials.check_{kind.value}",
        # About one person it is a look at her, which she can see; about all staff it is the facility's own.
        subject=certificate.holder.subject if certificate else f"facility:{facility.public_id}",
        facility=facility.public_id,
        by=by,
        at=at,
        check=check.public_id,
        certificate=certificate.number if certificate else "",
    )
    return check
