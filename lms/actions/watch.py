"""Open a lesson, take its heartbeats: what the server believes was watched or read."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from audit.acts import Actor, act
from core.refusals import Refused
from lms.actions.complete import complete_lesson
from lms.actions.enrol import demand_open
from lms.actions.settle_presence import end, end_if_over, issue, lower
from lms.models import ActiveSession, Enrolment, LessonCompletion, PresenceCheck, WatchedInterval
from lms.queries import lesson_of
from lms.rules import dwell, watching
from lms.rules.course import LessonDraft, LessonKind
from lms.rules.intervals import Interval, Intervals, add, gaps, length, normal, union
from lms.rules.presence import Outcome
from lms.rules.watching import Beat, Verdict, Watch, milliseconds
from registry.permissions import records_of


@dataclass(frozen=True, slots=True)
class Progress:
    """What the player is told after a beat. Milliseconds. `presence`: the check she has to pass, if any."""

    generation: int
    verdict: Verdict
    credited_ms: int
    needed_ms: int
    watched: Intervals
    gaps: Intervals
    completed: bool
    course_completed: bool
    presence: PresenceCheck | None = None


def played(enrolment: Enrolment, key: str) -> LessonDraft:
    """The lesson, if it has a player. Raises Refused: no_such_lesson, not_played."""
    lesson = lesson_of(enrolment, key)
    if lesson.kind is LessonKind.QUIZ:
        raise Refused("not_played", _("A quiz is answered, not played."))
    return lesson


def needed_ms(lesson: LessonDraft) -> int:
    """Real time (reading) or media (video) that completes the lesson."""
    if lesson.kind is LessonKind.VIDEO:
        return lesson.media_ms
    return dwell.required_ms(
        class_minutes=lesson.class_minutes, characters=lesson.characters, pages=lesson.pages
    )


def intervals_of(enrolment: Enrolment, key: str) -> Intervals:
    """What counts of a lesson: what no presence check holds."""
    return _intervals(enrolment, key, None)


def _intervals(enrolment: Enrolment, key: str, held_by: int | None) -> Intervals:
    rows = WatchedInterval.objects.filter(enrolment=enrolment, lesson_key=key, held_by=held_by)
    return normal(rows.values_list("from_ms", "to_ms"))


@act
def open_lesson(
    *, enrolment: Enrolment, lesson_key: str, device: str, take_over: bool, by: Actor, at: datetime
) -> ActiveSession:
    """Make this lesson on this device the one place where she learns.

    Refused: `active_elsewhere` while another device or tab was heard within a minute, unless
    `take_over`; `no_such_lesson`, `not_played` (a quiz has no player), `stopped`, `excluded`.
    """
    demand_open(enrolment, at)
    played(enrolment, lesson_key)
    now_ms = milliseconds(at)
    learner = records_of(enrolment.person_id)[0]  # one human being, whichever record she enrolled under
    session = ActiveSession.objects.select_for_update().filter(person_id=learner).first()
    if session is None:
        session, _created = ActiveSession.objects.get_or_create(
            person_id=learner,
            defaults={
                "enrolment": enrolment,
                "lesson_key": lesson_key,
                "device": device,
                "generation": 0,
                "heard_ms": now_ms,
                "charged_ms": now_ms,
                "opened_at": at,
            },
        )
        session = ActiveSession.objects.select_for_update().get(pk=session.pk)
    alive = session.generation > 0 and now_ms - session.heard_ms < ActiveSession.ALIVE_MS
    if alive and session.device != device and not take_over:
        raise Refused(
            "active_elsewhere",
            _("You are learning on another device or in another window. Continue here instead?"),
        )
    if session.presence is not None and session.presence.outcome is None:
        end(session, Outcome.LEFT, by=by, at=at)
    start = max(now_ms, session.charged_ms)
    session.enrolment, session.lesson_key, session.device = enrolment, lesson_key, device
    session.generation += 1
    session.sequence, session.anchor_ms = 0, 0
    session.heard_ms, session.charged_ms = start, start
    session.opened_at = at
    session.save()
    return session


@act
def take_beats(
    *, enrolment: Enrolment, lesson_key: str, beats: Sequence[Beat], by: Actor, at: datetime
) -> Progress:
    """Judge one heartbeat, or those kept while the network was away, in the order they were sent.

    Raises Refused `taken_over` when another device holds the session, `stopped`/`excluded` when
    nothing more may be learned. A replayed beat changes nothing.
    """
    if not beats:
        raise Refused("no_beats", _("The player sent no heartbeat."))
    demand_open(enrolment, at)
    lesson = played(enrolment, lesson_key)
    session = lock_session(enrolment, lesson_key, {beat.generation for beat in beats})
    end_if_over(session, by=by, at=at)
    check = session.presence
    counted = intervals_of(enrolment, lesson_key)
    believed = counted if check is None else union(counted, _intervals(enrolment, lesson_key, check.pk))
    judge = _watch if lesson.kind is LessonKind.VIDEO else _dwell
    verdict, credits = judge(session, lesson, believed, beats, milliseconds(at))
    for media, real in credits:
        _keep(session, media, real)
        if check is None:
            counted = add(counted, *media)
    if check is not None:
        verdict = Verdict.UNCONFIRMED if credits else verdict
    else:
        lower(session, sum(end - start for _media, (start, end) in credits))
    progress = progress_of(session, lesson, counted, verdict, by, at)
    session.save(
        update_fields=["sequence", "anchor_ms", "heard_ms", "charged_ms", "presence", "presence_due_ms"]
    )
    return progress


def lock_session(enrolment: Enrolment, lesson_key: str, generations: Collection[int]) -> ActiveSession:
    """Her session, locked, if this lesson holds it in this generation. Raises Refused `taken_over`."""
    learner = records_of(enrolment.person_id)[0]
    session = ActiveSession.objects.select_for_update().filter(person_id=learner).first()
    if (
        session is None
        or session.enrolment_id != enrolment.pk
        or session.lesson_key != lesson_key
        or set(generations) != {session.generation}
    ):
        raise Refused("taken_over", _("This lesson was opened elsewhere. Open it here again to continue."))
    session.enrolment = enrolment
    return session


def progress_of(
    session: ActiveSession,
    lesson: LessonDraft,
    counted: Intervals,
    verdict: Verdict,
    by: Actor,
    at: datetime,
) -> Progress:
    """Complete the lesson if what counts suffices, or ask whether she is there if the time has come."""
    enrolment, key, needed = session.enrolment, session.lesson_key, needed_ms(lesson)
    if lesson.kind is LessonKind.VIDEO:
        done = watching.is_complete(counted, lesson.media_ms)
    else:
        done = length(counted) >= needed
    course_done = False
    completed = LessonCompletion.objects.filter(enrolment=enrolment, lesson_key=key).exists()
    if done and not completed:
        course_done = complete_lesson(enrolment=enrolment, lesson_key=key, by=by, at=at)
        completed = True
    due_ms = session.presence_due_ms
    if session.presence is None and not completed and due_ms is not None and due_ms <= 0:
        issue(session, at)
    return Progress(
        generation=session.generation,
        verdict=verdict,
        credited_ms=length(counted),
        needed_ms=needed,
        watched=counted,
        gaps=gaps(counted, needed),
        completed=completed,
        course_completed=course_done,
        presence=session.presence,
    )


Credits = list[tuple[Interval, Interval]]  # media and real time, equally long


def _watch(
    session: ActiveSession, lesson: LessonDraft, watched: Intervals, beats: Sequence[Beat], now_ms: int
) -> tuple[Verdict, Credits]:
    state = Watch(
        generation=session.generation,
        duration_ms=lesson.media_ms,
        heard_ms=session.heard_ms,
        charged_ms=session.charged_ms,
        sequence=session.sequence,
        anchor_ms=session.anchor_ms,
        watched=watched,
        present=_is_present(session),
    )
    state, judged = watching.accept_kept(state, beats, now_ms)
    session.sequence, session.anchor_ms = state.sequence, state.anchor_ms
    session.heard_ms, session.charged_ms = state.heard_ms, state.charged_ms
    credits = [answer.credit for answer in judged if answer.credit is not None]
    return judged[-1].verdicts[-1], [(credit.media, credit.real) for credit in credits]


def _dwell(
    session: ActiveSession, lesson: LessonDraft, watched: Intervals, beats: Sequence[Beat], now_ms: int
) -> tuple[Verdict, Credits]:
    state = dwell.Dwell(
        generation=session.generation,
        heard_ms=session.heard_ms,
        charged_ms=session.charged_ms,
        cap_ms=needed_ms(lesson),
        dwelt_ms=length(watched),
        sequence=session.sequence,
        present=_is_present(session),
    )
    read = [dwell.DwellBeat(beat.generation, beat.sequence, beat.visible, beat.sent_ms) for beat in beats]
    after, judged = dwell.accept_kept_dwell(state, read, now_ms)
    credits: Credits = []
    dwelt_ms = state.dwelt_ms
    for answer in judged:
        if answer.real is not None:
            credits.append(((dwelt_ms, answer.state.dwelt_ms), answer.real))
            dwelt_ms = answer.state.dwelt_ms
    session.sequence = after.sequence
    session.heard_ms, session.charged_ms = after.heard_ms, after.charged_ms
    return judged[-1].verdict, credits


def _is_present(session: ActiveSession) -> bool:
    """No failed check stands against her."""
    return session.presence is None or session.presence.outcome is None


def _keep(session: ActiveSession, media: Interval, real: Interval) -> None:
    """Widen the row that this credit continues in media and in real time, or open one."""
    rows = WatchedInterval.objects.filter(
        enrolment_id=session.enrolment_id, lesson_key=session.lesson_key, held_by_id=session.presence_id
    )
    if not rows.filter(to_ms=media[0], ended_ms=real[0]).update(to_ms=media[1], ended_ms=real[1]):
        WatchedInterval.objects.create(
            enrolment_id=session.enrolment_id,
            lesson_key=session.lesson_key,
            from_ms=media[0],
            to_ms=media[1],
            began_ms=real[0],
            ended_ms=real[1],
            held_by_id=session.presence_id,
        )


def spend_until(*, person_id: int, began_at: datetime, at: datetime) -> list[tuple[int, int]]:
    """Lock her clock, spend it up to now, and say what of [began_at, at) was credited to watching before.

    For work that is paid by its own length (a quiz): no later heartbeat can be paid with this time again.
    Call it inside an act.
    """
    records = records_of(person_id)
    session = ActiveSession.objects.select_for_update().filter(person_id=records[0]).first()
    if session is None:
        return []
    now_ms = milliseconds(at)
    session.heard_ms, session.charged_ms = max(session.heard_ms, now_ms), max(session.charged_ms, now_ms)
    session.save(update_fields=["heard_ms", "charged_ms"])
    spent = WatchedInterval.objects.filter(
        enrolment__person_id__in=records, ended_ms__gt=milliseconds(began_at)
    )
    return list(spent.values_list("began_ms", "ended_ms"))
