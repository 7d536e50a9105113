"""What happens by itself: pages whose hour has come go live, those whose hour is over go off."""

from __future__ import annotations

import structlog
from celery import shared_task
from django.core.management import call_command

from core.refusals import Refused

MOST_REFUSED = 50
log = structlog.get_logger(__name__)


@shared_task(name="cms.publish_due", ignore_result=True)
def publish_due() -> None:
    """Wagtail's own command; a course that is refused loses its place, the rest goes on."""
    for _try in range(MOST_REFUSED):
        try:
            call_command("publish_scheduled")
        except Refused as refusal:
            log.warning("cms.schedule_refused", code=refusal.code, why=str(refusal))
        else:
            return
