"""Correct what a facility says of itself."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from audit.acts import System, act, record
from core.refusals import Refused
from registry.actions.file_facility import lock_facility
from registry.models import Account, Facility


@act
def edit_facility(
    *, facility: Facility, name: str, address: str, places: int, by: Account | System, at: datetime
) -> Facility:
    """Its name, address and number of places; not its code, division or days. Raises Refused: no_name."""
    row = lock_facility(facility)
    new = {"name": " ".join(name.split()), "address": address.strip(), "places": places}
    if not new["name"]:
        raise Refused("no_name", _("The facility has no name. Write it as on its licence."))
    before = {field: getattr(row, field) for field in new}
    changed = [field for field, value in new.items() if before[field] != value]
    if changed:
        for field in changed:
            setattr(row, field, new[field])
        row.save(update_fields=changed)
        record(
            "registry.edit_facility",
            subject=f"facility:{row.public_id}",
            by=by,
            at=at,
            before={field: before[field] for field in changed},
        )
    return row
