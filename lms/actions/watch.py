"""Open a lesson, take its heartbeats: what the server believes was watched or read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from audit.acts import Actor, act
from core.refusals import Refused
from lms.actions.complete import complete_lesson
from lms.actions.enrol import demand_open
from lms.models import ActiveSession, Enrolment, LessonCompletion, WatchedInterval
from lms.queries import lesson_of
from lms.rules import dwell, watching
from lms.rules.course import LessonDraft, LessonKind
from lms.rules.intervals import Intervals, add, gaps, length, normal
from lms.rules.watching import Beat, Verdict, Watch, milliseconds
from registry.permissions import records_of


@dataclass(frozen=True, slots=True)
class Progress:
    """What the player is told after a beat. Milliseconds."""

    generation: int
    verdict: Verdict
    credited_ms: int
    needed_ms: int
    watched: Intervals
    gaps: Intervals
    completed: bool
    course_completed: bool


def _played(enrolment: Enrolment, key: str) -> LessonDraft:
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
    return normal(
        WatchedInterval.objects.filter(enrolment=enrolment, lesson_key=key).values_list("from_ms", "to_ms")
    )


@act
def open_lesson(
    *, enrolment: Enrolment, lesson_key: str, device: str, take_over: bool, by: Actor, at: datetime
) -> ActiveSession:
    """Make this lesson on this device the one place where she learns.

    Refused: `active_elsewhere` while another device or tab was heard within a minute, unless
    `take_over`; `no_such_lesson`, `not_played` (a quiz has no player), `stopped`, `excluded`.
    """
    demand_open(enrolment, at)
    _played(enrolment, lesson_key)
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
    lesson = _played(enrolment, lesson_key)
    learner = records_of(enrolment.person_id)[0]
    session = ActiveSession.objects.select_for_update().filter(person_id=learner).first()
    if (
        session is None
        or session.enrolment_id != enrolment.pk
        or session.lesson_key != lesson_key
        or any(beat.generation != session.generation for beat in beats)
    ):
        raise Refused("taken_over", _("This lesson was opened elsewhere. Open it here again to continue."))
    watched = intervals_of(enrolment, lesson_key)
    now_ms = milliseconds(at)
    if lesson.kind is LessonKind.VIDEO:
        verdict, watched = _watch(session, lesson, watched, beats, now_ms)
        done = watching.is_complete(watched, lesson.media_ms)
    else:
        verdict, watched = _dwell(session, lesson, watched, beats, now_ms)
        done = length(watched) >= needed_ms(lesson)
    session.save(update_fields=["sequence", "anchor_ms", "heard_ms", "charged_ms"])
    course_done = False
    completed = LessonCompletion.objects.filter(enrolment=enrolment, lesson_key=lesson_key).exists()
    if done and not completed:
        course_done = complete_lesson(enrolment=enrolment, lesson_key=lesson_key, by=by, at=at)
        completed = True
    return Progress(
        generation=session.generation,
        verdict=verdict,
        credited_ms=length(watched),
        needed_ms=needed_ms(lesson),
        watched=watched,
        gaps=gaps(watched, needed_ms(lesson)),
        completed=completed,
        course_completed=course_done,
    )


def _watch(
    session: ActiveSession, lesson: LessonDraft, watched: Intervals, beats: Sequence[Beat], now_ms: int
) -> tuple[Verdict, Intervals]:
    state = Watch(
        generation=session.generation,
        duration_ms=lesson.media_ms,
        heard_ms=session.heard_ms,
        charged_ms=session.charged_ms,
        sequence=session.sequence,
        anchor_ms=session.anchor_ms,
        watched=watched,
    )
    state, judged = watching.accept_kept(state, beats, now_ms)
    for answer in judged:
        if answer.credit is not None:
            _keep(session, answer.credit.media, answer.credit.real)
    session.sequence, session.anchor_ms = state.sequence, state.anchor_ms
    session.heard_ms, session.charged_ms = state.heard_ms, state.charged_ms
    return judged[-1].verdicts[-1], state.watched


def _dwell(
    session: ActiveSession, lesson: LessonDraft, watched: Intervals, beats: Sequence[Beat], now_ms: int
) -> tuple[Verdict, Intervals]:
    state = dwell.Dwell(
        generation=session.generation,
        heard_ms=session.heard_ms,
        charged_ms=session.charged_ms,
        cap_ms=needed_ms(lesson),
        dwelt_ms=length(watched),
        sequence=session.sequence,
    )
    read = [dwell.DwellBeat(beat.generation, beat.sequence, beat.visible, beat.sent_ms) for beat in beats]
    after, judged = dwell.accept_kept_dwell(state, read, now_ms)
    dwelt_ms = state.dwelt_ms
    for answer in judged:
        if answer.real is not None:
            _keep(session, (dwelt_ms, answer.state.dwelt_ms), answer.real)
            watched = add(watched, dwelt_ms, answer.state.dwelt_ms)
            dwelt_ms = answer.state.dwelt_ms
    session.sequence = after.sequence
    session.heard_ms, session.charged_ms = after.heard_ms, after.charged_ms
    return judged[-1].verdict, watched


def _keep(session: ActiveSession, media: tuple[int, int], real: tuple[int, int]) -> None:
    """Widen the row that this credit continues in media and in real time, or open one."""
    rows = WatchedInterval.objects.filter(enrolment_id=session.enrolment_id, lesson_key=session.lesson_key)
    if not rows.filter(to_ms=media[0], ended_ms=real[0]).update(to_ms=media[1], ended_ms=real[1]):
        WatchedInterval.objects.create(
            enrolment_id=session.enrolment_id,
            lesson_key=session.lesson_key,
            from_ms=media[0],
            to_ms=media[1],
            began_ms=real[0],
            ended_ms=real[1],
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
