"""Enter facilities."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from audit.acts import System, act, record
from core.refusals import Refused
from registry.models import Account, Division, Facility
from registry.rules import credit_code as codes
from registry.rules.divisions import DivisionLevel

BATCH = 500


@dataclass(frozen=True, slots=True)
class FacilityRow:
    """One facility as somebody wrote it down."""

    name: str
    credit_code: str
    division: Division
    opened_on: date
    address: str = ""
    places: int = 0


@act
def open_facility(
    *,
    name: str,
    credit_code: str,
    division: Division,
    opened_on: date,
    address: str = "",
    places: int = 0,
    by: Account | System,
    at: datetime,
) -> Facility:
    """Raises BadCreditCode, and Refused: no_name, not_a_county, credit_code_taken."""
    facility = _read(FacilityRow(name, credit_code, division, opened_on, address, places))
    try:
        with transaction.atomic():
            facility.save(force_insert=True)
    except IntegrityError:
        raise Refused(
            "credit_code_taken",
            _("Another facility has this credit code. Compare it with the licence."),
        ) from None
    record(
        "registry.open_facility",
        subject=f"facility:{facility.public_id}",
        by=by,
        at=at,
        division=division.code,
        opened_on=opened_on,
    )
    return facility


@act
def open_facilities(
    *, rows: Sequence[FacilityRow], by: Account | System, at: datetime
) -> tuple[Facility, ...]:
    """All of them or none; one entry in the audit. Raises what `open_facility` raises."""
    facilities = [_read(row) for row in rows]
    try:
        with transaction.atomic():
            Facility.objects.bulk_create(facilities, batch_size=BATCH)
    except IntegrityError:
        raise Refused(
            "credit_code_taken", _("Two of these facilities have one unified social credit code.")
        ) from None
    digest = hashlib.sha256("\n".join(facility.public_id for facility in facilities).encode()).hexdigest()
    record(
        "registry.open_facilities",
        subject=f"batch:{digest[:16]}",
        by=by,
        at=at,
        created=len(facilities),
        digest=digest,
    )
    return tuple(facilities)


def _read(row: FacilityRow) -> Facility:
    name = " ".join(row.name.split())
    if not name:
        raise Refused("no_name", _("The facility has no name. Write it as on its licence."))
    if row.division.level != DivisionLevel.COUNTY:
        raise Refused("not_a_county", _("A facility lies in a county. Choose the county."))
    return Facility(
        name=name,
        credit_code=codes.read(row.credit_code),
        division=row.division,
        address=row.address.strip(),
        places=row.places,
        opened_on=row.opened_on,
    )
