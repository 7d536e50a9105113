"""What happens by itself in this room, once a night."""

from __future__ import annotations

from celery import current_app, shared_task
from celery.schedules import crontab

from audit.acts import System
from core import clock
from core.days import day_of
from registry.actions.discard_roster import discard_forgotten_rosters
from registry.actions.sync_groups import sync_all_groups

BY = System("schedule")


@shared_task(name="registry.nightly", ignore_result=True)  # type: ignore[untyped-decorator]
def nightly() -> None:
    """Drop the groups of duties that have ended, add those that began; forget old previews."""
    at = clock.now()
    sync_all_groups(on=day_of(at))
    discard_forgotten_rosters(by=BY, at=at)


current_app.conf.beat_schedule["registry.nightly"] = {
    "task": "registry.nightly",
    "schedule": crontab(hour="0", minute="5"),
}
