"""A facility closes, and everything that hung on it ends with it."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import DateField, F, Q, Value
from django.db.models.functions import Greatest
from django.utils.translation import gettext_lazy as _

from audit.acts import System, act, record
from core.days import day_of
from core.refusals import Refused
from registry.actions.file_facility import lock_facility
from registry.models import Account, Employment, Facility


@act
def close_facility(*, facility: Facility, closed_on: date, by: Account | System, at: datetime) -> Facility:
    """`closed_on` is its first day closed; its filing and every post at it end that day.

    Raises Refused: facility_closed, ends_before_start, in_the_future, closes_before_filing.
    """
    row = lock_facility(facility)
    if row.closed_on is not None:
        raise Refused("facility_closed", _("The facility is closed already."))
    if closed_on <= row.opened_on:
        raise Refused("ends_before_start", _("The facility must close after it opened. Check the day."))
    if closed_on > day_of(at):
        raise Refused("in_the_future", _("A closing is entered on its day or later."))
    if row.filings.filter(Q(until=None) | Q(until__gt=closed_on), filed_on__gte=closed_on).exists():
        raise Refused("closes_before_filing", _("The facility was filed on a later day. Check both days."))
    row.closed_on = closed_on
    row.save(update_fields=["closed_on"])
    last_day = Value(closed_on, output_field=DateField())
    # A post that would have begun later never had a day: it ends where it begins.
    posts = (
        Employment.objects.filter(facility=row)
        .overlapping(closed_on, None)
        .update(until=Greatest(F("started_on"), last_day))
    )
    row.filings.filter(until=None).update(until=closed_on)
    record(
        "registry.close_facility",
        subject=f"facility:{row.public_id}",
        by=by,
        at=at,
        closed_on=closed_on,
        posts_ended=posts,
    )
    return row
