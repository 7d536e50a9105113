"""A verdict on a draft, by somebody who had no hand in it."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from audit.acts import act, record
from cms.drafts import content_digest, draft_of
from cms.models import CoursePage, CourseReview
from core.days import day_of
from core.refusals import Refused
from lms.actions.publish import CourseNotReady
from lms.rules.publishing import check_course
from registry.models import Account
from registry.permissions import same_human
from registry.rules.kinds import DutyKind

Verdict = CourseReview.Verdict


@act
def review_course(
    *, page: CoursePage, digest: str, verdict: str, note: str = "", by: Account, at: datetime
) -> CourseReview:
    """One verdict of `by` on the newest draft of `page`, which must still be the one she read (`digest`).

    Raises Refused: not_a_reviewer, own_course, draft_changed, already_reviewed, note_missing, no_author;
    CourseNotReady when a draft that cannot be published is approved.
    """
    page = CoursePage.objects.select_for_update(of=("self",)).get(pk=page.pk)
    if not by.duties_on(day_of(at)).filter(kind=DutyKind.REVIEWER).exists():
        raise Refused("not_a_reviewer", _("Only a reviewer may decide on a course."))
    if page.owner is None:
        raise Refused("no_author", _("This page has no author; have an editor write it anew."))
    if wrote(page, by):
        raise Refused("own_course", _("You wrote or edited this course. Somebody else must review it."))
    draft = draft_of(page.get_latest_revision_as_object())
    if content_digest(draft) != digest:
        raise Refused(
            "draft_changed", _("The course was changed while you read it. Read it again, then decide.")
        )
    if verdict == Verdict.REFUSED and not note.strip():
        raise Refused("note_missing", _("Say in a note what the author should change."))
    if verdict == Verdict.APPROVED:
        problems = [problem for problem in check_course(draft) if problem.code != "reviewer_missing"]
        if problems:
            raise CourseNotReady(
                "course_not_ready",
                _("The course cannot be approved yet: %(first)s") % {"first": problems[0].words},
                problems=problems,
            )
    if CourseReview.objects.filter(page=page, digest=digest, reviewer=by).exists():
        raise Refused("already_reviewed", _("You have decided on this draft already."))
    review = CourseReview.objects.create(
        page=page,
        title=draft.title,
        digest=digest,
        author=page.owner,
        author_person_id=page.owner.person_id,
        reviewer=by,
        reviewer_person_id=by.person_id,
        verdict=Verdict(verdict),
        note=note.strip(),
        at=at,
    )
    record(
        "cms.review_course",
        subject=f"course-page:{page.pk}",
        by=by,
        at=at,
        author=page.owner.public_id,
        digest=digest,
        verdict=verdict,
    )
    return review


def wrote(page: CoursePage, account: Account) -> bool:
    """True if the account, or another account of its person, owns the page or saved a draft of it."""
    hands = Account.objects.filter(pk__in=[page.owner_id, *page.revisions.values_list("user_id", flat=True)])
    return any(same_human(account, hand) for hand in hands.select_related("person__merged_into"))
