"""Throw a preview away, with the numbers in it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from audit.acts import System, act, record
from core.refusals import Refused
from registry.models import Account, RosterImport
from registry.rules.roster_file import RosterFile

KEPT_FOR = timedelta(days=30)


@act
def discard_roster(*, roster: RosterImport, by: Account | System, at: datetime) -> RosterImport:
    """Discarding twice is discarding once. Raises Refused: already_confirmed."""
    waiting = RosterImport.objects.filter(pk=roster.pk, state=RosterImport.State.PREVIEW)
    nothing = RosterFile().as_text()
    if waiting.update(state=RosterImport.State.DISCARDED, settled_at=at, rows=nothing, errors=[]):
        record("registry.discard_roster", subject=f"roster:{roster.public_id}", by=by, at=at)
    settled = RosterImport.objects.get(pk=roster.pk)
    if settled.state == RosterImport.State.CONFIRMED:
        raise Refused(
            "already_confirmed", _("This roster was confirmed. End the posts that should not be there.")
        )
    return settled


def discard_forgotten_rosters(*, by: System, at: datetime) -> int:
    """Previews nobody confirmed in thirty days: identity numbers do not lie about. Returns how many."""
    forgotten = RosterImport.objects.filter(state=RosterImport.State.PREVIEW, uploaded_at__lt=at - KEPT_FOR)
    for roster in forgotten:
        discard_roster(roster=roster, by=by, at=at)
    return len(forgotten)
