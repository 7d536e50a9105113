"""Freeze what was reviewed; take a course off; write one from a draft, for those who have it as data."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from audit.acts import Actor, act, record
from cms.actions.review_course import review_course
from cms.drafts import byline, content_digest, draft_of, lessons_of
from cms.models import CatalogueIndexPage, CoursePage, CourseReview
from core.refusals import Refused
from lms.actions.publish import publish, withdraw
from lms.models import Course, CourseVersion
from lms.rules.course import CourseDraft
from registry.models import Account


@act
def freeze_course(*, page: CoursePage, by: Actor, at: datetime) -> CourseVersion:
    """The version of the LMS that has the content of this page object; the next one if it changed.

    Reviews count only for the very content they saw. Raises CourseNotReady with every problem,
    Refused: address_taken, and what `lms.actions.publish` refuses.
    """
    slug = page.course_slug or page.slug
    if CoursePage.objects.filter(course_slug=slug).exclude(pk=page.pk).exists():
        raise Refused(
            "address_taken", _("Another course was published under this address; choose another one.")
        )
    version = publish(slug=slug, draft=reviewed_draft(page), by=by, at=at)
    CoursePage.objects.filter(pk=page.pk).update(course_slug=slug)
    page.course_slug = slug
    return version


def reviewed_draft(page: CoursePage) -> CourseDraft:
    """The draft with those who approved this content.

    If the content is that of the current version, their names are those of the version: one more
    approval of the same content makes no new version.
    """
    draft = draft_of(page)
    digest = content_digest(draft)
    approvals = (
        CourseReview.objects.filter(page=page, digest=digest).standing().select_related("reviewer__person")
    )
    reviewers = tuple(byline(review.reviewer) for review in approvals)
    if reviewers and page.course_slug:
        course = Course.objects.select_related("current").filter(slug=page.course_slug).first()
        if course is not None and course.current is not None:
            frozen = CourseDraft.from_json(course.current.content)
            if content_digest(frozen) == digest:
                return replace(draft, author=frozen.author, reviewers=frozen.reviewers)
    return replace(draft, reviewers=reviewers)


@act
def withdraw_course(*, page: CoursePage, by: Actor, at: datetime) -> None:
    """Nobody begins it from now on; those who began may finish. Nothing if it was never published."""
    course = Course.objects.filter(slug=page.course_slug).first() if page.course_slug else None
    if course is not None:
        withdraw(course=course, by=by, at=at)


@act
def author_course(
    *, slug: str, draft: CourseDraft, by: Account, reviewer: Account, at: datetime, poster: Any = None
) -> CoursePage:
    """A live course page with the content of `draft`, written by `by`, approved by `reviewer`.

    Idempotent: the same draft again changes nothing, another one makes the next version. The author of
    `draft` is whoever owns the page (`by`, if it is new), its reviewers follow from the review.
    `poster` is a Wagtail image or None. Raises CourseNotReady or Refused as reviewing and publishing do,
    ValueError for a draft that the desk cannot express.
    """
    page = CoursePage.objects.filter(course_slug=slug).first() or CoursePage.objects.filter(slug=slug).first()
    draft = replace(draft, author=byline(by if page is None else page.owner), reviewers=())
    if (
        page is not None
        and page.live
        and page.course_slug
        and content_digest(draft_of(page)) == content_digest(draft)
    ):
        return page
    new = page is None
    page = CoursePage(slug=slug, owner=by) if page is None else page.get_latest_revision_as_object()
    page.title, page.summary, page.topic, page.category = (
        draft.title,
        draft.summary,
        draft.topic,
        draft.content,
    )
    page.occupations, page.language = list(draft.occupations), draft.language
    page.lessons = json.dumps(lessons_of(draft), ensure_ascii=False)
    if poster is not None:
        page.poster = poster
    if new:
        page.live = False
        CatalogueIndexPage.objects.get().add_child(instance=page)
        record("cms.author_course", subject=f"course-page:{page.pk}", by=by, at=at, course=slug)
    if content_digest(draft_of(page)) != content_digest(draft):
        raise ValueError(f"course {slug} does not survive the authoring desk unchanged")
    revision = page.save_revision(user=by)
    digest = content_digest(draft_of(page))
    if not CourseReview.objects.filter(page=page, digest=digest).standing().exists():
        review_course(page=page, digest=digest, verdict=CourseReview.Verdict.APPROVED, by=reviewer, at=at)
    freeze_course(page=page, by=by, at=at)
    revision.publish(user=by, skip_permission_checks=True)  # who may is decided by who calls this
    published = CoursePage.objects.filter(pk=page.pk)
    published.update(last_published_at=at, **({"first_published_at": at} if new else {}))
    return published.get()
