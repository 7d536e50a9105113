"""备案: a facility is filed, and its filing is withdrawn."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from audit.acts import System, act, record
from core.days import day_of
from core.refusals import Refused
from registry.models import Account, Facility, Filing


def lock_facility(facility: Facility) -> Facility:
    """The row as it is now. Facilities are locked before persons."""
    return Facility.objects.select_for_update(no_key=True).get(pk=facility.pk)


@act
def file_facility(
    *, facility: Facility, number: str, filed_on: date, by: Account | System, at: datetime
) -> Filing:
    """Raises Refused: already_filed, facility_closed, before_opening, in_the_future."""
    row = lock_facility(facility)
    if filed_on > day_of(at):
        raise Refused("in_the_future", _("A filing is entered on its day or later."))
    if filed_on < row.opened_on:
        raise Refused("before_opening", _("The facility was not open yet on that day."))
    if row.closed_on is not None and row.closed_on <= filed_on:
        raise Refused("facility_closed", _("The facility is closed and is filed no more."))
    # An earlier filing must have ended by then: periods of one facility do not overlap.
    if any(old.until is None or old.until > filed_on for old in row.filings.all()):
        raise Refused("already_filed", _("The facility is filed already on that day."))
    filing = Filing.objects.create(facility=row, number=number.strip(), filed_on=filed_on)
    record(
        "registry.file_facility",
        subject=f"facility:{row.public_id}",
        by=by,
        at=at,
        number=filing.number,
        filed_on=filed_on,
    )
    return filing


@act
def withdraw_filing(*, facility: Facility, until: date, by: Account | System, at: datetime) -> Filing:
    """`until` is the first day without filing.

    Raises Refused: not_filed, ends_before_start, in_the_future.
    """
    row = lock_facility(facility)
    filing = row.filings.filter(until=None).first()
    if filing is None:
        raise Refused("not_filed", _("The facility is not filed."))
    if until > day_of(at):
        raise Refused("in_the_future", _("A withdrawal is entered on its day or later."))
    if until <= filing.filed_on:
        raise Refused("ends_before_start", _("The filing must end after it began. Check the day."))
    filing.until = until
    filing.save(update_fields=["until"])
    record("registry.withdraw_filing", subject=f"facility:{row.public_id}", by=by, at=at, until=until)
    return filing
