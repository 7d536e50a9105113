"""Freeze a course version from what an author wrote and others reviewed."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from audit.acts import Actor, act, record
from core.refusals import Refused
from lms.models import Course, CourseVersion
from lms.rules.course import BlockKind, CourseDraft
from lms.rules.publishing import check_course
from registry.models import Account
from trainers.models import MaterialVersion

SLUG_LENGTH = 80


class CourseNotReady(Refused):
    """The draft has problems; `details["problems"]` holds them all."""


@act
def publish(*, slug: str, draft: CourseDraft, by: Actor, at: datetime) -> CourseVersion:
    """The next version of the course `slug`, or its current one when nothing changed. Offers it again.

    Raises CourseNotReady with every problem at once. The approval and measure of each material and the
    identity of author and reviewers are read here again: a draft's word is not enough. Refused:
    slug_too_long, material_not_approved, material_changed, unknown_author, reviewer_is_author.
    """
    problems = check_course(draft)
    if problems:
        raise CourseNotReady(
            "course_not_ready",
            _("The course cannot be published yet: %(first)s") % {"first": problems[0].words},
            problems=problems,
        )
    if len(slug) > SLUG_LENGTH:
        raise Refused("slug_too_long", _("Shorten the address of the course; it may have 80 characters."))
    _demand_materials(draft)
    author, reviewers = _signatories(draft)
    course, _created = Course.objects.get_or_create(slug=slug)
    course = Course.objects.select_for_update().get(pk=course.pk)
    digest = draft.sha256()
    if course.current is not None and course.current.content_sha256 == digest:
        if course.withdrawn_at is not None:
            course.withdrawn_at = None
            course.save(update_fields=["withdrawn_at"])
            record("lms.offer_again", subject=f"course:{course.public_id}", by=by, at=at, course=slug)
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
        reviewer=reviewers[0],
        published_at=at,
    )
    course.current = version
    course.withdrawn_at = None
    course.save(update_fields=["current", "withdrawn_at"])
    record(
        "lms.publish", subject=f"course-version:{version.public_id}", by=by, at=at, course=slug, digest=digest
    )
    return version


@act
def withdraw(*, course: Course, by: Actor, at: datetime) -> None:
    """No new enrolments; those who began may finish. Doing it twice is doing it once."""
    if Course.objects.filter(pk=course.pk, withdrawn_at=None).update(withdrawn_at=at):
        record("lms.withdraw_course", subject=f"course:{course.public_id}", by=by, at=at)


def _signatories(draft: CourseDraft) -> tuple[Account, list[Account]]:
    """The author and the reviewers, all with accounts, no reviewer the author under another name."""
    named = [draft.author.account, *(reviewer.account for reviewer in draft.reviewers)]
    accounts = {account.public_id: account for account in Account.objects.filter(public_id__in=named)}
    if not set(named) <= set(accounts):
        raise Refused("unknown_author", _("The author or a reviewer of the course has no account."))
    author, *reviewers = (accounts[name] for name in named)
    people = [account.person_id for account in (author, *reviewers) if account.person_id is not None]
    if len(set(people)) < len(people):
        raise Refused("reviewer_is_author", _("Author and reviewer are the same person; ask someone else."))
    return author, reviewers


def _demand_materials(draft: CourseDraft) -> None:
    """Every file a learner will see has passed its review, and is as long as the draft says."""
    shown = {
        lesson.material.public_id: lesson.material for lesson in draft.lessons if lesson.material is not None
    }
    pictures = {
        block.material: lesson.title
        for lesson in draft.lessons
        for block in lesson.blocks
        if block.kind is BlockKind.IMAGE
    }
    rows = MaterialVersion.objects.approved().filter(public_id__in={*shown, *pictures})
    standing = {row.public_id: row for row in rows}
    for public_id, title in [*((ref.public_id, ref.title) for ref in shown.values()), *pictures.items()]:
        if public_id not in standing:
            raise Refused(
                "material_not_approved",
                _("“%(title)s” has not passed its review; have it approved first.") % {"title": title},
            )
    for ref in shown.values():
        row = standing[ref.public_id]
        if (ref.sha256, ref.duration_ms, ref.pages) != (row.sha256, row.duration_ms or 0, row.pages or 0):
            raise Refused(
                "material_changed",
                _("“%(title)s” is not the file that was reviewed; choose it again.") % {"title": ref.title},
            )
