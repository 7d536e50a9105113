"""What happens by itself in this room, once a night."""

from __future__ import annotations

from celery import current_app, shared_task
from celery.schedules import crontab

from audit.acts import System
from core import clock
from core.days import day_of
from trainers.actions.appoint import announce_term_ending
from trainers.models import Appointment
from trainers.rules.terms import ENDING_SOON

BY = System("schedule")


@shared_task(name="trainers.nightly", ignore_result=True)  # type: ignore[untyped-decorator]
def nightly() -> None:
    """Announce the terms that end within sixty days, each once."""
    at = clock.now()
    ending = Appointment.objects.on(day_of(at)).filter(ended_on=None, until__lte=day_of(at) + ENDING_SOON)
    for appointment in ending:
        announce_term_ending(appointment=appointment, by=BY, at=at)


current_app.conf.beat_schedule["trainers.nightly"] = {
    "task": "trainers.nightly",
    "schedule": crontab(hour="0", minute="35"),
}
