"""A review is of one content, by somebody who had no hand in it."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from cms.actions.publish_course import freeze_course
from cms.actions.review_course import review_course
from cms.drafts import content_digest, draft_of
from cms.models import CatalogueIndexPage, CoursePage, CourseReview
from core.refusals import Refused
from lms.actions.publish import CourseNotReady
from registry.models import Account
from registry.rules.kinds import DutyKind
from tests.factories import cms as make
from tests.factories import registry as registry_make

pytestmark = pytest.mark.django_db
AT = make.AT


@pytest.fixture
def page(editor: Account) -> CoursePage:
    """A draft that lacks nothing but its review."""
    return make.unreviewed_page(by=editor)


def digest_of(page: CoursePage) -> str:
    return content_digest(draft_of(page.get_latest_revision_as_object()))


def refusal(page: CoursePage, by: Account, digest: str = "", **fields: str) -> str:
    with pytest.raises(Refused) as refused:
        review_course(
            page=page, digest=digest or digest_of(page), by=by, at=AT, **{"verdict": "approved", **fields}
        )
    return refused.value.code


def test_an_approval_opens_the_way(page: CoursePage, reviewer: Account) -> None:
    with pytest.raises(CourseNotReady) as refused:
        freeze_course(page=page, by=page.owner, at=AT)
    assert [problem.code for problem in refused.value.details["problems"]] == ["reviewer_missing"]
    review = review_course(page=page, digest=digest_of(page), verdict="approved", by=reviewer, at=AT)
    assert freeze_course(page=page, by=page.owner, at=AT).reviewer == review.reviewer == reviewer


def test_nobody_reviews_what_she_wrote(page: CoursePage, editor: Account) -> None:
    registry_make.duty(of=editor, kind=DutyKind.REVIEWER)
    assert refusal(page, editor) == "own_course"


def test_nobody_reviews_what_she_edited(page: CoursePage, reviewer: Account) -> None:
    page.save_revision(user=reviewer)
    assert refusal(page, reviewer) == "own_course"


def test_a_reviewer_needs_the_duty(page: CoursePage, learner: Account) -> None:
    assert refusal(page, learner) == "not_a_reviewer"


def test_the_database_refuses_the_author_as_reviewer(page: CoursePage, editor: Account) -> None:
    with pytest.raises(IntegrityError, match="nobody_reviews_a_course_of_hers"), transaction.atomic():
        make.course_review(of=page, by=editor, reviewer_person=None)


def test_the_database_refuses_the_authors_person_under_another_account(
    page: CoursePage, editor: Account
) -> None:
    with pytest.raises(IntegrityError, match="no_person_reviews_a_course_of_hers"), transaction.atomic():
        make.course_review(of=page, by=make.reviewer(), reviewer_person=editor.person)


def test_an_edit_after_the_approval_voids_it(page: CoursePage, reviewer: Account) -> None:
    review_course(page=page, digest=digest_of(page), verdict="approved", by=reviewer, at=AT)
    page.summary = "改过了"
    page.save_revision(user=page.owner)
    with pytest.raises(CourseNotReady) as refused:
        freeze_course(page=page, by=page.owner, at=AT)
    assert [problem.code for problem in refused.value.details["problems"]] == ["reviewer_missing"]


def test_a_draft_that_changed_meanwhile_is_read_again(page: CoursePage, reviewer: Account) -> None:
    read = digest_of(page)
    page.summary = "改过了"
    page.save_revision(user=page.owner)
    assert refusal(page, reviewer, digest=read) == "draft_changed"


def test_a_refusal_needs_its_note_and_bars_the_content(page: CoursePage, reviewer: Account) -> None:
    assert refusal(page, reviewer, verdict="refused", note="  ") == "note_missing"
    review_course(page=page, digest=digest_of(page), verdict="refused", note="第二题有误", by=reviewer, at=AT)
    review_course(page=page, digest=digest_of(page), verdict="approved", by=make.reviewer(), at=AT)
    assert CourseReview.objects.standing().count() == 0


def test_a_second_approval_is_welcome_and_the_same_one_is_not(page: CoursePage, reviewer: Account) -> None:
    second = make.reviewer()
    for by in (reviewer, second):
        review_course(page=page, digest=digest_of(page), verdict="approved", by=by, at=AT)
    assert refusal(page, reviewer) == "already_reviewed"
    version = freeze_course(page=page, by=page.owner, at=AT)
    assert [name["account"] for name in version.content["reviewers"]] == [
        reviewer.public_id,
        second.public_id,
    ]


def test_what_cannot_be_published_cannot_be_approved(page: CoursePage, reviewer: Account) -> None:
    page.topic = ""
    page.save_revision(user=page.owner)
    assert refusal(page, reviewer) == "course_not_ready"
    assert CoursePage.objects.get().draft_digest == ""


def test_a_review_is_never_edited_and_outlives_its_page(page: CoursePage, reviewer: Account) -> None:
    review = review_course(page=page, digest=digest_of(page), verdict="approved", by=reviewer, at=AT)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        CourseReview.objects.filter(pk=review.pk).update(verdict="refused", note="x")
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        CourseReview.objects.filter(pk=review.pk).delete()
    page.delete()
    assert CourseReview.objects.get().title == page.title
    assert CatalogueIndexPage.objects.get().numchild == 0


def test_nobody_reviews_what_her_other_self_wrote(page: CoursePage, editor: Account) -> None:
    """Two records of one human being were merged; both had an account."""
    again = registry_make.account(of=registry_make.person(merged_into=editor.person))
    registry_make.duty(of=again, kind=DutyKind.REVIEWER)
    assert refusal(page, again) == "own_course"
