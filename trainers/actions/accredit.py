"""培训机构认定: accredit a training body, and end an accreditation (policy facts Y4, Y5)."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audit.acts import System, act, record
from core.days import day_of
from core.refusals import Refused
from registry.models import Account, Division
from registry.rules import credit_code as credit_codes
from trainers import permissions
from trainers.models import TrainingBody


@act
def accredit_body(
    *,
    name: str,
    credit_code: str,
    division: Division,
    accredited_from: date,
    accredited_until: date | None = None,
    by: Account,
    at: datetime,
) -> TrainingBody:
    """Accredit an organisation from a day, until a day or an end that is recorded later.

    Raises Refused: not_your_division, name_missing, term_backwards, accredited; BadCreditCode.
    """
    if not permissions.governs_training(by, division, day_of(at)):
        raise Refused(
            "not_your_division",
            _("Training bodies are accredited by their prefecture or province. Ask there."),
        )
    if not name.strip():
        raise Refused("name_missing", _("Give the name of the organisation as it stands on its licence."))
    if accredited_until is not None and accredited_until <= accredited_from:
        raise Refused("term_backwards", _("The accreditation must end after it starts. Correct the days."))
    code = credit_codes.read(credit_code)
    # Two officers accrediting one organisation at once wait for each other here.
    Division.objects.select_for_update().get(pk=f"{division.code[:2]}0000")
    earlier = TrainingBody.objects.filter(credit_code=code).filter(
        Q(accredited_until=None) | Q(accredited_until__gt=accredited_from),
        Q(ended_on=None) | Q(ended_on__gt=accredited_from),
    )
    if earlier.exists():
        raise Refused("accredited", _("This organisation is accredited on these days already. See the list."))
    body = TrainingBody.objects.create(
        name=name.strip(),
        credit_code=code,
        division=division,
        accredited_from=accredited_from,
        accredited_until=accredited_until,
        accredited_by=by,
        accredited_at=at,
    )
    record(
        "trainers.accredit_body",
        subject=f"body:{body.public_id}",
        by=by,
        at=at,
        credit_code=code,
        division=division.code,
        accredited_from=accredited_from.isoformat(),
    )
    return body


@act
def end_accreditation(
    *, body: TrainingBody, ended_on: date, reason: str, by: Account | System, at: datetime
) -> TrainingBody:
    """End an accreditation from `ended_on` on (today at the latest). Sessions held before keep their hours.

    Raises Refused: not_your_division, reason_missing, ended, day_outside.
    """
    body = TrainingBody.objects.select_for_update(of=("self",)).select_related("division").get(pk=body.pk)
    today = day_of(at)
    if not permissions.governs_training(by, body.division, today):
        raise Refused(
            "not_your_division",
            _("Training bodies are accredited by their prefecture or province. Ask there."),
        )
    if not reason.strip():
        raise Refused("reason_missing", _("Say why the accreditation ends; the reason stays with it."))
    if body.ended_on is not None or (body.accredited_until is not None and body.accredited_until <= today):
        raise Refused("ended", _("This accreditation has ended already."))
    if not body.accredited_from <= ended_on <= max(today, body.accredited_from):
        raise Refused(
            "day_outside",
            _("An accreditation ends on a day of its term, today at the latest. Correct the day."),
        )
    body.ended_on = ended_on
    body.ended_reason = reason.strip()
    body.ended_at = at
    body.save(update_fields=["ended_on", "ended_reason", "ended_at"])
    record(
        "trainers.end_accreditation",
        subject=f"body:{body.public_id}",
        by=by,
        at=at,
        ended_on=ended_on.isoformat(),
    )
    return body
