"""Issue a presence check, and end it: steps of the acts that hold a learner's session."""

from __future__ import annotations

from datetime import datetime
from secrets import SystemRandom

from audit.acts import Actor, record
from lms.models import ActiveSession, PresenceCheck, WatchedInterval
from lms.rules import presence
from lms.rules.presence import Outcome
from lms.rules.watching import milliseconds

_CHANCE = SystemRandom()


def lower(session: ActiveSession, credited_ms: int) -> None:
    """Count credited time towards the next check; the moment is drawn when there is none yet."""
    if session.presence_due_ms is None:
        session.presence_due_ms = presence.draw_interval(_CHANCE)
    session.presence_due_ms -= credited_ms


def issue(session: ActiveSession, at: datetime) -> None:
    """Ask now; what is credited from here on is held until she answers."""
    question = presence.draw_question(_CHANCE)
    now_ms = milliseconds(at)
    session.presence = PresenceCheck.objects.create(
        enrolment_id=session.enrolment_id,
        lesson_key=session.lesson_key,
        generation=session.generation,
        kind=question.kind,
        words=list(question.choices),
        right=question.right,
        issued_ms=now_ms,
        expires_ms=now_ms + presence.OPEN_MS,
    )


def end(
    session: ActiveSession, outcome: Outcome, *, choice: int | None = None, by: Actor, at: datetime
) -> None:
    """Write how the open check ended, once. Passed: what it held counts, and the next moment is drawn.

    Otherwise her time is spent up to now and the check stands against her until she passes another.
    """
    check = session.presence
    assert check is not None
    check.outcome, check.choice, check.ended_ms = outcome.value, choice, milliseconds(at)
    check.save(update_fields=["outcome", "choice", "ended_ms"])
    if outcome is Outcome.PASSED:
        WatchedInterval.objects.filter(held_by=check).update(held_by=None)
        session.presence, session.presence_due_ms = None, presence.draw_interval(_CHANCE)
    else:
        spend(session, at)
    record("lms.presence", subject=f"check:{check.public_id}", by=by, at=at, outcome=outcome.value)


def end_if_over(session: ActiveSession, *, by: Actor, at: datetime) -> None:
    """A check whose time ran out was missed."""
    check = session.presence
    if (
        check is not None
        and check.outcome is None
        and presence.is_over(expires_ms=check.expires_ms, now_ms=milliseconds(at))
    ):
        end(session, Outcome.MISSED, by=by, at=at)


def spend(session: ActiveSession, at: datetime) -> None:
    """No later credit is paid with time before now."""
    now_ms = milliseconds(at)
    session.heard_ms, session.charged_ms = max(session.heard_ms, now_ms), max(session.charged_ms, now_ms)
