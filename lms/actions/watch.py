"""Open a lesson, take its heartbeats: what the server believes was watched or read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from audit.acts import Actor, act
from core.refusals import Refused
from lms.actions.complete import complete_lesson
from lms.actions.enrol import refuse_if_closed
from lms.models import ActiveSession, Enrolment, LessonCompletion, WatchedInterval
from lms.rules import dwell, watching
from lms.rules.course import LessonDraft, LessonKind
from lms.rules.intervals import Intervals, gaps, normal
from lms.rules.watching import Beat, Verdict, Watch, milliseconds


@dataclass(frozen=True, slots=True)
class Progress:
    """What the player is told after a beat. Milliseconds."""

    generation: int
    verdict: Verdict
    credited_ms: int
    needed_ms: int
    gaps: Intervals
    completed: bool
    course_completed: bool


def lesson_of(enrolment: Enrolment, key: str) -> LessonDraft:
    """The frozen lesson. Raises Refused for a key the version does not have."""
    from lms.queries import content_of

    try:
        return content_of(enrolment.version).lesson(key)
    except KeyError:
        raise Refused("no_such_lesson", _("This course has no such lesson.")) from None


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

    Refused with `active_elsewhere` while another device (or another lesson in another tab)
    was heard within a minute, unless `take_over`.
    """
    refuse_if_closed(enrolment, at)
    lesson_of(enrolment, lesson_key)
    now_ms = milliseconds(at)
    session = ActiveSession.objects.select_for_update().filter(person_id=enrolment.person_id).first()
    if session is None:
        session, _created = ActiveSession.objects.get_or_create(
            person_id=enrolment.person_id,
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
def take_beats(*, enrolment: Enrolment, lesson_key: str, beats: Sequence[Beat], by: Actor, at: datetime) -> Progress:
    """Judge one heartbeat, or those kept while the network was away, in the order they were sent.

    Raises Refused `taken_over` when another device holds the session, `stopped`/`excluded` when
    nothing more may be learned. A replayed beat changes nothing.
    """
    if not beats:
        raise Refused("no_beats", _("The player sent no heartbeat."))
    refuse_if_closed(enrolment, at)
    lesson = lesson_of(enrolment, lesson_key)
    session = ActiveSession.objects.select_for_update().filter(person_id=enrolment.person_id).first()
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
        verdict, watched = _dwell(session, lesson, watched, beats[-1], now_ms)
        done = sum(end - start for start, end in watched) >= needed_ms(lesson)
    session.save(update_fields=["sequence", "anchor_ms", "heard_ms", "charged_ms"])
    course_done = False
    completed = LessonCompletion.objects.filter(enrolment=enrolment, lesson_key=lesson_key).exists()
    if done and not completed and lesson.kind is not LessonKind.QUIZ:
        course_done = complete_lesson(enrolment=enrolment, lesson_key=lesson_key, by=by, at=at)
        completed = True
    return Progress(
        generation=session.generation,
        verdict=verdict,
        credited_ms=sum(end - start for start, end in watched),
        needed_ms=needed_ms(lesson),
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
    session: ActiveSession, lesson: LessonDraft, watched: Intervals, beat: Beat, now_ms: int
) -> tuple[Verdict, Intervals]:
    dwelt_ms = sum(end - start for start, end in watched)
    state = dwell.Dwell(
        generation=session.generation,
        heard_ms=session.heard_ms,
        charged_ms=session.charged_ms,
        cap_ms=needed_ms(lesson),
        dwelt_ms=dwelt_ms,
        sequence=session.sequence,
    )
    answer = dwell.accept_dwell(
        state, dwell.DwellBeat(generation=beat.generation, sequence=beat.sequence, visible=beat.visible), now_ms
    )
    if answer.real is not None:
        _keep(session, (dwelt_ms, answer.state.dwelt_ms), answer.real)
        watched = normal([*watched, (dwelt_ms, answer.state.dwelt_ms)])
    session.sequence = answer.state.sequence
    session.heard_ms, session.charged_ms = answer.state.heard_ms, answer.state.charged_ms
    return answer.verdict, watched


def _keep(session: ActiveSession, media: tuple[int, int], real: tuple[int, int]) -> None:
    """Widen the row this credit continues, or open one."""
    widened = WatchedInterval.objects.filter(
        enrolment_id=session.enrolment_id, lesson_key=session.lesson_key, to_ms=media[0], ended_ms__lte=real[0]
    )
    row = widened.order_by("-ended_ms").first()
    if row is not None and real[0] - row.ended_ms <= dwell.SILENCE_MS:
        row.to_ms, row.ended_ms = media[1], real[1]
        row.save(update_fields=["to_ms", "ended_ms"])
        return
    WatchedInterval.objects.create(
        enrolment_id=session.enrolment_id,
        lesson_key=session.lesson_key,
        from_ms=media[0],
        to_ms=media[1],
        began_ms=real[0],
        ended_ms=real[1],
    )
