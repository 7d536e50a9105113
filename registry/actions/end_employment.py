"""Let somebody leave a post."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from audit.acts import System, act, record
from core.days import day_of
from core.refusals import Refused
from registry.models import Account, Employment
from registry.rules.roster import LEAVING_ENTERED_AHEAD


@act
def end_employment(*, employment: Employment, until: date, by: Account | System, at: datetime) -> Employment:
    """`until` is the first day no longer in post.

    Raises Refused: already_ended, ends_before_start, too_far_ahead.
    """
    if until < employment.started_on:
        raise Refused("ends_before_start", _("The post ends before it begins. Check both days."))
    if until > day_of(at) + LEAVING_ENTERED_AHEAD:
        raise Refused("too_far_ahead", _("The last day lies more than 90 days ahead. Enter it later."))
    if not Employment.objects.filter(pk=employment.pk, until=None).update(until=until):
        raise Refused("already_ended", _("This employment has ended already."))
    employment.until = until
    record(
        "registry.end_employment",
        subject=employment.person.subject,
        by=by,
        at=at,
        employment=employment.public_id,
        until=until,
    )
    return employment
