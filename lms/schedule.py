"""What happens by itself: every night the certificates that were earned and not yet given.

Usually none: `settle` runs with every line of the ledger. The sweep finds what no line triggers: a
suspension that ended, a cycle that turned, a standard that came into force, an older register read in,
a name that can be printed now.
"""

from __future__ import annotations

import structlog
from celery import shared_task

from audit.acts import System
from core import clock
from core.discretion import told
from lms.actions.settle import settle
from lms.queries import owed
from registry.models import Person

BATCH = 500
log = structlog.get_logger(__name__)


@shared_task(name="lms.settle_due", ignore_result=True)  # type: ignore[untyped-decorator, unused-ignore]
def settle_due(after: int = 0) -> None:
    """One batch of people by their keys, then the next one by itself. Doing it twice issues nothing more."""
    last = settle_batch(after=after)
    if last is not None:
        settle_due.delay(last)


def settle_batch(*, after: int, most: int = BATCH) -> int | None:
    """Settle those of the next `most` people who are owed something; the last key, or None at the end.

    Each person is an act of her own: one that fails is logged and does not hold up the others.
    """
    at = clock.now()
    people, last = owed(after=after, most=most, day=clock.today())
    for person in Person.objects.filter(pk__in=people).order_by("pk"):
        try:
            settle(person=person, by=System("schedule"), at=at)
        except Exception as error:
            log.error("settle_failed", person=person.public_id, error=told(error))
    return last
