"""Freeze a course version from what an author wrote and others reviewed."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from audit.acts import Actor, act, record
from core.refusals import Refused
from lms.models import Course, CourseVersion
from lms.rules.course import CourseDraft, LessonKind
from lms.rules.publishing import check_course
from registry.models import Account
from trainers.models import MaterialVersion


class CourseNotReady(Refused):
    """The draft has problems; `details["problems"]` holds them all."""


@act
def publish(*, slug: str, draft: CourseDraft, by: Actor, at: datetime) -> CourseVersion:
    """The next version of the course `slug`, or its current one when nothing changed.

    Raises CourseNotReady with every problem at once. The approval of each material and the
    identity of author and reviewers are read here again: a draft's word is not enough.
    """
    problems = check_course(draft)
    if problems:
        raise CourseNotReady(
            "course_not_ready",
            _("The course cannot be published yet: %(first)s") % {"first": problems[0].words},
            problems=problems,
        )
    _materials_stand(draft)
    accounts = {
        account.public_id: account
        for account in Account.objects.filter(
            public_id__in=[draft.author.account, *(reviewer.account for reviewer in draft.reviewers)]
        )
    }
    author = accounts.get(draft.author.account)
    reviewer = accounts.get(draft.reviewers[0].account)
    if author is None or reviewer is None:
        raise Refused("unknown_author", _("The author or the reviewer of the course has no account."))
    if author.person_id is not None and author.person_id == reviewer.person_id:
        raise Refused("reviewer_is_author", _("Author and reviewer are the same person; ask someone else."))

    course, _created = Course.objects.get_or_create(slug=slug)
    course = Course.objects.select_for_update().get(pk=course.pk)
    digest = draft.sha256()
    if course.current is not None and course.current.content_sha256 == digest:
        return course.current
    latest = course.versions.order_by("-number").first()
    version = CourseVersion.objects.create(
        course=course,
        number=latest.number + 1 if latest else 1,
        title=draft.title,
        summary=draft.summary,
        topic=draft.topic,
        category=draft.content,
        occupations=list(draft.occupations),
        minutes=draft.minutes,
        content=draft.as_json(),
        content_sha256=digest,
        author=author,
        reviewer=reviewer,
        published_at=at,
    )
    course.current = version
    course.withdrawn_at = None
    course.save(update_fields=["current", "withdrawn_at"])
    record("lms.publish", subject=f"course-version:{version.public_id}", by=by, at=at, course=slug, digest=digest)
    return version


@act
def withdraw(*, course: Course, by: Actor, at: datetime) -> None:
    """No new enrolments; those who began may finish. Doing it twice is doing it once."""
    if Course.objects.filter(pk=course.pk, withdrawn_at=None).update(withdrawn_at=at):
        record("lms.withdraw_course", subject=f"course:{course.public_id}", by=by, at=at)


def _materials_stand(draft: CourseDraft) -> None:
    wanted = {
        lesson.material.public_id: lesson
        for lesson in draft.lessons
        if lesson.material is not None and lesson.kind is not LessonKind.QUIZ
    }
    standing = dict(
        MaterialVersion.objects.approved().filter(public_id__in=wanted).values_list("public_id", "sha256")
    )
    for public_id, lesson in wanted.items():
        assert lesson.material is not None
        if standing.get(public_id) != lesson.material.sha256:
            raise Refused(
                "material_not_approved",
                _("“%(title)s” has not passed its review; have it approved first.") % {"title": lesson.material.title},
            )
