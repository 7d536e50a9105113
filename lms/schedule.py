"""What happens by itself: every night the certificates that were earned and not yet given are given, and
contests that nobody answered move up; every morning facilities are reminded of duties that are due soon.

Usually no certificate is left, since `settle` runs with every line of the ledger. The sweep finds what no
line triggers: a suspension that ended, a cycle that turned, a standard that came into force, an older
register read in, a name that can be printed now.
"""

from __future__ import annotations

import structlog
from celery import shared_task

from audit.acts import System
from core import clock
from core.discretion import told
from lms.actions.announce_duties import announce_duties
from lms.actions.contest import escalate_contest
from lms.actions.settle import settle
from lms.models import Contest
from lms.queries import owed
from lms.queries.staff_duties import reminders_due
from registry.models import Person

BATCH = 500
FACILITIES = 20
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


@shared_task(name="lms.remind", ignore_result=True)  # type: ignore[untyped-decorator, unused-ignore]
def remind(after: int = 0) -> None:
    """One batch of facilities by their keys, then the next one by itself. Nothing is told twice."""
    last = remind_batch(after=after)
    if last is not None:
        remind.delay(last)


def remind_batch(*, after: int, most: int = FACILITIES) -> int | None:
    """Announce what is due soon at the next `most` facilities; the last key, or None at the end."""
    at = clock.now()
    found, last = reminders_due(after=after, most=most, day=clock.today())
    for facility, reminders in found:
        announce_duties(facility=facility, reminders=reminders, by=System("schedule"), at=at)
    return last


@shared_task(name="lms.escalate", ignore_result=True)  # type: ignore[untyped-decorator, unused-ignore]
def escalate() -> None:
    """Contests whose level let its time go by move up, each an act of its own."""
    at, by = clock.now(), System("schedule")
    late = Contest.objects.late_on(clock.today()).exclude(division__parent=None)
    for contest in late.order_by("answer_before", "pk")[:BATCH]:
        escalate_contest(contest=contest, by=by, at=at)
