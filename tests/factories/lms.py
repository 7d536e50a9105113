"""Rows and drafts of the learning room. Courses come through the real door, so that they are frozen."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from audit.acts import System
from lms.actions.contest import contest_line
from lms.actions.enrol import enrol
from lms.actions.publish import publish
from lms.actions.record_duty import record_duty
from lms.actions.record_hours import record_hours
from lms.models import (
    ActiveSession,
    ClassSession,
    Contest,
    Correction,
    Course,
    CourseVersion,
    DutyRecord,
    Enrolment,
    HourEntry,
    LessonCompletion,
    PresenceCheck,
    QuizAttempt,
    Seat,
    WatchedInterval,
)
from lms.rules.course import (
    Block,
    BlockKind,
    Byline,
    CourseDraft,
    LessonDraft,
    LessonKind,
    MaterialRef,
    Option,
    QuestionDraft,
)
from lms.rules.watching import Beat
from registry.models import Account, Facility, Person
from tests.factories import registry as make
from tests.factories import trainers as teach
from trainers.models import MaterialVersion

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # Monday, nine in the morning in Beijing
DAY = date(2026, 3, 2)
SYSTEM = System("tests")
_serial = count(1)


def after(seconds: float = 0, **parts: float) -> datetime:
    return AT + timedelta(seconds=seconds, **parts)


# ── drafts ──────────────────────────────────────────────────────────────────


def approved(*, owner: Account | None = None, **fields: Any) -> MaterialVersion:
    """A material version that has passed its review."""
    owner = owner or make.account()
    kind = fields.pop("kind", "video")
    version = teach.material_version(of=teach.material(owner=owner, kind=kind), **fields)
    teach.material_review(of=version)
    return version


def ref(version: MaterialVersion) -> MaterialRef:
    return MaterialRef(
        public_id=version.public_id,
        title=version.material.title,
        sha256=version.sha256,
        approved=True,
        duration_ms=version.duration_ms or 0,
        pages=version.pages or 0,
    )


def video_lesson(
    *, key: str = "watch", seconds: int = 120, minutes: int = 2, version: MaterialVersion | None = None
) -> LessonDraft:
    version = version or approved(duration_ms=seconds * 1000, pages=None, mime="video/mp4")
    return LessonDraft(
        key=key, kind=LessonKind.VIDEO, title="看视频：洗手七步", class_minutes=minutes, material=ref(version)
    )


def reading_lesson(*, key: str = "read", minutes: int = 1) -> LessonDraft:
    """300 characters a minute."""
    text = "洗手是预防传染病最简单的办法。" * (20 * max(minutes, 1))
    return LessonDraft(
        key=key,
        kind=LessonKind.READING,
        title="读一读：为什么要洗手",
        class_minutes=minutes,
        blocks=(
            Block(BlockKind.HEADING, text="为什么"),
            Block(BlockKind.PARAGRAPH, text=text),
            Block(BlockKind.LIST, items=("饭前", "便后")),
        ),
    )


def pdf_lesson(*, key: str = "handout", minutes: int = 1) -> LessonDraft:
    version = approved(kind="pdf", pages=3)
    return LessonDraft(
        key=key, kind=LessonKind.PDF, title="讲义：洗手步骤", class_minutes=minutes, material=ref(version)
    )


def question(key: str, *, multiple: bool = False) -> QuestionDraft:
    return QuestionDraft(
        key=key,
        prompt=f"第{key}题：洗手至少多长时间？",
        options=(Option("a", "二十秒"), Option("b", "五秒"), Option("c", "不用洗")),
        right=("a",) if not multiple else ("a", "b"),
        explanation="流动水下至少二十秒。",
        multiple=multiple,
    )


def quiz_lesson(*, key: str = "quiz", minutes: int = 2, **fields: Any) -> LessonDraft:
    values = {"draw": 2, "pass_percent": 60, **fields}
    return LessonDraft(
        key=key,
        kind=LessonKind.QUIZ,
        title="小测验",
        class_minutes=minutes,
        questions=(question("1"), question("2"), question("3", multiple=True)),
        **values,
    )


def draft(*lessons: LessonDraft, **fields: Any) -> CourseDraft:
    values: dict[str, Any] = {
        "title": "手卫生",
        "summary": "一双干净的手。",
        "topic": "hygiene",
        "content": "theory",
        "occupations": ("caregiver",),
        "lessons": lessons or (video_lesson(), reading_lesson(), quiz_lesson()),
    }
    values.update(fields)
    if "author" not in values:
        author, reviewer = make.account(), make.account()
        values["author"] = Byline("王编辑", author.public_id)
        values["reviewers"] = (Byline("周审核", reviewer.public_id),)
    return CourseDraft(**values)


# ── rows ────────────────────────────────────────────────────────────────────


def course_version(*lessons: LessonDraft, slug: str = "", **fields: Any) -> CourseVersion:
    return publish(slug=slug or f"course-{next(_serial)}", draft=draft(*lessons, **fields), by=SYSTEM, at=AT)


def course(*lessons: LessonDraft, **fields: Any) -> Course:
    return course_version(*lessons, **fields).course


def enrolment(*lessons: LessonDraft, of: Person | None = None, **fields: Any) -> Enrolment:
    return enrol(person=of or make.person(), course=course(*lessons, **fields), by=SYSTEM, at=AT)


def lesson_completion(*, of: Enrolment, key: str) -> LessonCompletion:
    return LessonCompletion.objects.create(enrolment=of, lesson_key=key, completed_at=AT)


def attempt(*, of: Enrolment, key: str = "quiz", **fields: Any) -> QuizAttempt:
    values = {"number": 1, "paper": {"items": []}, "begun_at": AT, **fields}
    return QuizAttempt.objects.create(enrolment=of, lesson_key=key, **values)


def watched_interval(
    *, of: Enrolment, key: str = "watch", from_ms: int = 0, to_ms: int = 10_000, began_ms: int = 0
) -> WatchedInterval:
    return WatchedInterval.objects.create(
        enrolment=of,
        lesson_key=key,
        from_ms=from_ms,
        to_ms=to_ms,
        began_ms=began_ms,
        ended_ms=began_ms + to_ms - from_ms,
    )


def active_session(*, of: Enrolment, key: str = "watch", **fields: Any) -> ActiveSession:
    values = {"device": "d" * 16, "heard_ms": 0, "charged_ms": 0, "opened_at": AT, **fields}
    return ActiveSession.objects.create(person=of.person, enrolment=of, lesson_key=key, **values)


def presence_check(*, of: Enrolment, key: str = "watch", **fields: Any) -> PresenceCheck:
    """Open for ninety seconds of its clock; the second word is right."""
    values = {"generation": 1, "kind": "food", "words": ["cat", "rice", "bed"], "right": 1, **fields}
    values = {"issued_ms": 0, "expires_ms": 90_000, **values}
    return PresenceCheck.objects.create(enrolment=of, lesson_key=key, **values)


def hours(*, of: Person, minutes: int = 45, **fields: Any) -> HourEntry:
    """One line through its door; an offline theory line of the day unless told."""
    values = {
        "content": "theory",
        "channel": "offline",
        "topic": "hygiene",
        "source_class": "training_body",
        "happened_on": DAY,
        "title": "手卫生面授",
        "source_key": f"test:{next(_serial)}",
        "by": SYSTEM,
        "at": AT,
        **fields,
    }
    return record_hours(person=of, minutes=minutes, **values)


def duty_record(*, of: Person, at: Facility, by: Account, **fields: Any) -> DutyRecord:
    """A health check of the day, through its door; her post at the facility must be there."""
    values = {"kind": "health_check", "done_on": DAY, "reference": "健康合格证 2026-001", **fields}
    return record_duty(person=of, facility=at, by=by, at=values.pop("when", AT), **values)


def contest(*, of: HourEntry, by: Account, **fields: Any) -> Contest:
    """Through its door; a line that the province's caregiver standard refuses."""
    values = {"standard_code": "yunnan-caregiver", "words": "我确实参加了", "at": AT, **fields}
    return contest_line(entry=of, by=by, **values)


def correction(*, of: HourEntry, **fields: Any) -> Correction:
    """Proposed, and not decided."""
    one = make.account()
    values = {
        "kind": "adjust",
        "minutes": -5,
        "reason": "早退",
        "about": of.person,
        "proposed_at": AT,
        "proposed_by": one,
        "proposed_by_person": one.person,
        **fields,
    }
    return Correction.objects.create(entry=of, **values)


def class_session(*, led_by: Account, **fields: Any) -> ClassSession:
    """Three hours from nine, with a quarter of an hour's break: 165 minutes."""
    values = {
        "title": "急救实操",
        "division": make.division("530102"),
        "place": "二楼教室",
        "content": "practice",
        "topic": "first_aid",
        "starts_at": AT,
        "ends_at": AT + timedelta(hours=3),
        "breaks": [[after(minutes=60).isoformat(), after(minutes=75).isoformat()]],
        "offered_minutes": 165,
        "capacity": 30,
        "secret": "5e" * 32,
        **fields,
    }
    return ClassSession.objects.create(led_by=led_by, **values)


def seat(*, in_session: ClassSession, of: Person | None = None, **fields: Any) -> Seat:
    values = {"booked_at": AT, **fields}
    return Seat.objects.create(session=in_session, person=of or make.person(), **values)


# ── a player ────────────────────────────────────────────────────────────────


def beat(generation: int, sequence: int, seconds: float = 0, **fields: Any) -> Beat:
    """A beat at a place in the media."""
    values = {"generation": generation, "sequence": sequence, "position_ms": round(seconds * 1000)}
    return Beat(**{**values, **fields})
