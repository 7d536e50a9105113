"""Certificates over HTTP: the state by code for anybody, the staff of a facility for its managers."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema, Status

from core import clock
from core.days import day_of
from core.refusals import Refused
from credentials.queries.public import Answer
from credentials.queries.staff import staff_standing
from credentials.rules.state import State
from credentials.views.public import UNKNOWN, as_json, ask
from registry.models import Facility
from registry.views import account_of

router = Router(tags=["certificates"])


class CertificateOut(Schema):
    """What was signed, as far as anybody may know it."""

    number: str
    edition: int
    masked_name: str
    occupation: str
    occupation_title: str
    standard: str
    authority: str
    class_hours: int
    class_hour_minutes: int
    minutes: int
    issued_on: date
    valid_from: date
    valid_until: date  # first invalid day


class StateOut(Schema):
    """`state` is one of valid, expired, suspended, replaced, revoked, could_not_check.

    `on` is the day asked about; the state holds from `since` until `until`, the first day
    it no longer does; None: not known. `certificate` is missing when it could not be checked.
    """

    state: str
    not_yet: bool
    on: date
    since: date | None
    until: date | None
    checked_at: str
    host: str
    certificate: CertificateOut | None = None


class ErrorOut(Schema):
    error: str
    message: str = ""


class StaffOut(Schema):
    """One post. `state` as above, or "none"; `fit`: may do this post today."""

    person: str
    name: str
    occupation: str
    state: str
    fit: bool
    since: date | None
    until: date | None
    certificate: str | None


class StandingOut(Schema):
    facility: str
    on: date
    in_post: int
    fit: int
    staff: list[StaffOut]


@router.get(
    "/certificates/{code}",
    response={200: StateOut, 404: ErrorOut, 409: ErrorOut, 429: ErrorOut, 503: StateOut},
    url_name="certificate",
    summary="State of a certificate by its verify code, without signing in",
)
def certificate_state(request: HttpRequest, code: str, on: date | None = None) -> Status[Any]:
    """Limits as on the public page: 60 wrong codes a minute from one address."""
    at = clock.now()
    today = day_of(at)
    if on is not None and not date(2000, 1, 1) <= on <= today:
        raise Refused("on", "Ask about today or a day before it.")
    answer = ask(request, code, on=on or today, at=at)
    if not isinstance(answer, Answer):
        return Status(answer, {"error": "unknown_code" if answer == UNKNOWN else "too_many"})
    return Status(503 if answer.state.state is State.COULD_NOT_CHECK else 200, as_json(answer, at))


@router.get(
    "/facilities/{facility_id}/staff",
    response=StandingOut,
    url_name="facility_staff",
    summary="Who of a facility's staff may do her post on a day, for its managers",
)
def facility_staff(request: HttpRequest, facility_id: str) -> dict[str, Any]:
    mine = Facility.objects.filter(pk__in=account_of(request).facility_ids)
    facility = get_object_or_404(mine, public_id=facility_id)
    standing = staff_standing(facility, on=clock.today())
    return {
        "facility": facility.public_id,
        "on": standing.on,
        "in_post": len(standing.lines),
        "fit": standing.fit,
        "staff": [
            {
                "person": line.employment.person.public_id,
                "name": line.employment.person.name,
                "occupation": line.employment.occupation,
                "state": line.state,
                "fit": line.fit,
                "since": line.since,
                "until": line.until,
                "certificate": line.certificate.number if line.certificate else None,
            }
            for line in standing.lines
        ],
    }
