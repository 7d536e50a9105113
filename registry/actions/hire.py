"""Take somebody into post whom the registry may not know yet: both, or neither."""

from __future__ import annotations

from datetime import date, datetime

from audit.acts import System, act
from registry.actions.employ import employ
from registry.actions.record_person import record_person
from registry.models import Account, Employment, Facility


@act
def hire(
    *,
    facility: Facility,
    name: str,
    document_kind: str,
    document_number: str,
    phone: str | None = None,
    occupation: str,
    started_on: date,
    by: Account | System,
    at: datetime,
) -> Employment:
    """Raises what `record_person` and `employ` raise; then nobody was recorded."""
    person = record_person(
        name=name, document_kind=document_kind, document_number=document_number, phone=phone, by=by, at=at
    )
    return employ(
        person=person, facility=facility, occupation=occupation, started_on=started_on, by=by, at=at
    )
