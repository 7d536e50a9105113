"""Open the case of an incident; its subjects are proposed one by one."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from audit.acts import act, record
from core.days import day_of
from core.refusals import Refused
from credentials.models import BanCase
from credentials.permissions import demand_officer
from registry.models import Account, Division, Facility


@act
def open_case(
    *,
    division: Division,
    facility: Facility | None,
    incident_on: date,
    summary: str,
    by: Account,
    at: datetime,
) -> BanCase:
    """Raises Refused: no_duty, no_person, incident_on, summary, other_place (of the facility)."""
    day = day_of(at)
    demand_officer(by, division=division.code, on=day)
    if incident_on > day:
        raise Refused("incident_on", _("The incident lies in the future. Check the date."))
    if not summary.strip():
        raise Refused("summary", _("Say in a few sentences what happened."))
    if facility is not None and not facility.division_id.startswith(division.prefix):
        raise Refused("other_place", _("This facility lies in another division. Choose its division."))
    case = BanCase.objects.create(
        division=division,
        facility=facility,
        incident_on=incident_on,
        summary=summary.strip(),
        opened_at=at,
        opened_by=by,
    )
    record(
        "credentials.open_case",
        subject=f"ban-case:{case.public_id}",
        by=by,
        at=at,
        division=division.code,
        facility=facility.public_id if facility else "",
        incident_on=incident_on,
    )
    return case
