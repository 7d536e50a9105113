"""Answer a presence check, or take the one that is owed."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from audit.acts import Actor, act
from core.refusals import Refused
from lms.actions.enrol import demand_open
from lms.actions.settle_presence import end, end_if_over, issue, spend
from lms.actions.watch import Progress, intervals_of, lock_session, played, progress_of
from lms.models import ActiveSession, Enrolment
from lms.rules import presence
from lms.rules.watching import Verdict, milliseconds


@act
def answer_presence(
    *,
    enrolment: Enrolment,
    lesson_key: str,
    generation: int,
    token: str,
    choice: int,
    by: Actor,
    at: datetime,
) -> Progress:
    """Give the one answer a check takes. What it held counts now, or never; it may complete the lesson.

    Refused: `taken_over` (another generation, lesson or person holds the session), `check_over` (no such
    check is open: it was answered, its time ran out, or it never was hers), `stopped`, `excluded`.
    """
    demand_open(enrolment, at)
    session = lock_session(enrolment, lesson_key, {generation})
    check = session.presence
    if check is None or check.outcome is not None or check.public_id != token:
        raise Refused("check_over", _("This question has been settled already."))
    outcome = presence.judge(
        right=check.right, choice=choice, expires_ms=check.expires_ms, now_ms=milliseconds(at)
    )
    end(session, outcome, choice=choice, by=by, at=at)
    return _told(session, enrolment, lesson_key, by, at)


@act
def ask_presence(
    *, enrolment: Enrolment, lesson_key: str, generation: int, by: Actor, at: datetime
) -> Progress:
    """Take the check she owes. One that is open is told again; without a debt none is issued.

    Refused: `taken_over`, `stopped`, `excluded`.
    """
    demand_open(enrolment, at)
    session = lock_session(enrolment, lesson_key, {generation})
    end_if_over(session, by=by, at=at)
    if session.presence is not None and session.presence.outcome is not None:
        spend(session, at)
        issue(session, at)
    return _told(session, enrolment, lesson_key, by, at)


def _told(session: ActiveSession, enrolment: Enrolment, lesson_key: str, by: Actor, at: datetime) -> Progress:
    verdict = Verdict.PAUSED if session.presence is None else Verdict.UNCONFIRMED
    lesson, counted = played(enrolment, lesson_key), intervals_of(enrolment, lesson_key)
    progress = progress_of(session, lesson, counted, verdict, by, at)
    session.save(update_fields=["heard_ms", "charged_ms", "presence", "presence_due_ms"])
    return progress
