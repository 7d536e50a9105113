"""What one asks this room: a course as learners get it, a draft's way to publication, the pool to show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, F, OuterRef

from cms.drafts import content_digest, draft_of
from cms.models import CoursePage, CourseReview
from cms.words import CATEGORIES, LESSONS, occupation_labels, topic_label
from lms.models import Course, CourseVersion, Enrolment
from lms.queries import content_of
from lms.rules.course import CourseDraft
from lms.rules.publishing import Problem, check_course
from registry.models import Account
from registry.models.division import Level
from trainers.models import ExpertPool
from trainers.queries import PoolView, public_pool


@dataclass(frozen=True, slots=True)
class LessonLine:
    title: str
    kind: str
    kind_label: str
    minutes: int


@dataclass(frozen=True, slots=True)
class CourseShown:
    """A course page's facts. `number` 0: a preview, or not published yet."""

    title: str
    summary: str
    topic: str
    topic_label: str
    category_label: str
    occupations: list[str]
    minutes: int
    lessons: tuple[LessonLine, ...]
    author: str
    reviewers: tuple[str, ...]
    language: str
    number: int = 0
    published_at: datetime | None = None
    course: str = ""  # public id in the LMS; empty: nobody can begin it
    enrolment: Enrolment | None = None

    @property
    def outdated(self) -> bool:
        """She learns an earlier version than the one shown."""
        return self.enrolment is not None and self.enrolment.version.number < self.number


def course_shown(page: CoursePage, account: Any, *, preview: bool = False) -> CourseShown:
    """The frozen current version, and a signed-in learner's enrolment. Previews show the draft."""
    course = None
    if page.course_slug and not preview:
        course = Course.objects.select_related("current").filter(slug=page.course_slug).first()
    if course is None or course.current is None:
        return _shown(draft_of(page))
    enrolment = None
    if getattr(account, "person_id", None):
        enrolment = (
            Enrolment.objects.visible_to(account)
            .filter(course=course, stopped_at=None)
            .select_related("version")
            .order_by(F("completed_at").asc(nulls_first=True), "-version__number")
            .first()
        )
    return _shown(
        content_of(course.current),
        number=course.current.number,
        published_at=course.current.published_at,
        course="" if course.withdrawn_at else course.public_id,
        enrolment=enrolment,
    )


def _shown(draft: CourseDraft, **known: Any) -> CourseShown:
    return CourseShown(
        title=draft.title,
        summary=draft.summary,
        topic=draft.topic,
        topic_label=topic_label(draft.topic),
        category_label=str(CATEGORIES.get(draft.content, draft.content)),
        occupations=occupation_labels(draft.occupations),
        minutes=draft.minutes,
        lessons=tuple(
            LessonLine(lesson.title, lesson.kind.value, str(LESSONS[lesson.kind.value]), lesson.class_minutes)
            for lesson in draft.lessons
        ),
        author=draft.author.name,
        reviewers=tuple(reviewer.name for reviewer in draft.reviewers),
        language=draft.language,
        **known,
    )


# ── on the way to publication ───────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class PublishingState:
    """What the author sees beside her draft."""

    problems: list[str]
    reviews: list[CourseReview]
    version: CourseVersion | None
    unchanged: bool  # the draft is what learners take already


def publishing_state(page: CoursePage) -> PublishingState:
    from cms.actions.publish_course import reviewed_draft

    draft = reviewed_draft(page)
    digest = content_digest(draft)
    course = (
        Course.objects.select_related("current").filter(slug=page.course_slug).first()
        if page.course_slug
        else None
    )
    version = course.current if course else None
    return PublishingState(
        problems=sentences(draft, check_course(draft)),
        reviews=list(
            CourseReview.objects.filter(page=page, digest=digest).select_related("reviewer__person")
        ),
        version=version,
        unchanged=version is not None and content_digest(CourseDraft.from_json(version.content)) == digest,
    )


def sentences(draft: CourseDraft, problems: list[Problem]) -> list[str]:
    """Problems as an author reads them: the lesson's title before what is wrong with it."""
    titles = {lesson.key: lesson.title or f"#{number}" for number, lesson in enumerate(draft.lessons, 1)}
    return [
        f"{titles.get(problem.lesson, problem.lesson)}: {problem.words}" if problem.lesson else problem.words
        for problem in problems
    ]


def waiting_for_review(account: Account) -> Any:
    """Pages whose newest draft lacks nothing but a review, and has none yet; her own left out."""
    decided = CourseReview.objects.filter(page_id=OuterRef("pk"), digest=OuterRef("draft_digest"))
    return (
        CoursePage.objects.exclude(draft_digest="")
        .filter(~Exists(decided), has_unpublished_changes=True)
        .exclude(owner=account)
        .select_related("owner__person")
        .order_by("latest_revision_created_at", "pk")
    )


# ── pools ───────────────────────────────────────────────────────────────────


def pool_shown(code: str, day: date) -> PoolView | None:
    """The pool with this code, without one the province's; None if there is none."""
    if not code:
        pool = ExpertPool.objects.filter(division__level=Level.PROVINCE).order_by("division_id").first()
        if pool is None:
            return None
        code = pool.code
    try:
        return public_pool(code, day)
    except ExpertPool.DoesNotExist:
        return None
