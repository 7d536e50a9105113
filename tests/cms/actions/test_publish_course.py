"""A course is frozen as it was reviewed, once for each content."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from cms.actions.publish_course import author_course, freeze_course
from cms.actions.review_course import review_course
from cms.drafts import content_digest, draft_of, lessons_of
from cms.models import CoursePage, CourseReview, NewsPage
from cms.schedule import publish_due
from core import clock
from core.refusals import Refused
from lms.actions.enrol import enrol
from lms.actions.publish import CourseNotReady
from lms.models import Course
from lms.rules.course import CourseDraft
from registry.models import Account
from tests.factories import cms as make

pytestmark = pytest.mark.django_db
AT = make.AT
LATER = AT + timedelta(days=1)


def test_a_draft_becomes_a_live_page_and_version_one(editor: Account, reviewer: Account) -> None:
    video, pdf, picture = (make.approved_material(kind) for kind in ("video", "pdf", "image"))
    image = make.Block(make.BlockKind.IMAGE, "图一", material=picture.public_id, alt="灭火器")
    lessons = (
        make.LessonDraft("watch", make.LessonKind.VIDEO, "看", class_minutes=1, material=make.ref(video)),
        make.reading(blocks=(*make.reading().blocks, image)),
        make.LessonDraft("paper", make.LessonKind.PDF, "讲义", class_minutes=1, material=make.ref(pdf)),
        make.quiz(),
    )
    draft = make.draft(lessons=lessons)
    page = author_course(slug="fire", draft=draft, by=editor, reviewer=reviewer, at=AT)
    course = Course.objects.select_related("current").get(slug="fire")
    assert course.current is not None
    frozen = CourseDraft.from_json(course.current.content)
    assert frozen.lessons == lessons
    assert (frozen.author.account, [r.account for r in frozen.reviewers]) == (
        editor.public_id,
        [reviewer.public_id],
    )
    assert (page.live, page.url, page.course_slug, course.current.number) == (
        True,
        "/courses/fire/",
        "fire",
        1,
    )
    assert (page.owner, page.first_published_at, course.current.published_at) == (editor, AT, AT)


def test_the_same_draft_again_changes_nothing(editor: Account, reviewer: Account) -> None:
    draft = make.draft()
    pages = [
        author_course(slug="fire", draft=draft, by=editor, reviewer=reviewer, at=at) for at in (AT, LATER)
    ]
    assert pages[0] == pages[1]
    assert (Course.objects.get(slug="fire").versions.count(), pages[1].revisions.count()) == (1, 1)
    assert CourseReview.objects.count() == 1


def approve(page: CoursePage, by: Account) -> None:
    digest = content_digest(draft_of(page.get_latest_revision_as_object()))
    review_course(page=page, digest=digest, verdict="approved", by=by, at=AT)


def test_other_content_makes_version_two_and_a_learner_stays_in_one(
    editor: Account, reviewer: Account, learner: Account
) -> None:
    draft = make.draft()
    author_course(slug="fire", draft=draft, by=editor, reviewer=reviewer, at=AT)
    course = Course.objects.get(slug="fire")
    assert learner.person is not None
    enrolment = enrol(person=learner.person, course=course, by=learner, at=AT)
    author_course(slug="fire", draft=replace(draft, summary="新的"), by=editor, reviewer=reviewer, at=LATER)
    assert [version.number for version in course.versions.all()] == [1, 2]
    enrolment.refresh_from_db()
    assert enrolment.version.number == 1
    assert enrol(person=learner.person, course=course, by=learner, at=LATER) == enrolment


def test_publishing_through_wagtail_freezes_what_was_reviewed(editor: Account, reviewer: Account) -> None:
    page = make.unreviewed_page(by=editor, slug="fire")
    approve(page, reviewer)
    page.get_latest_revision().publish(user=editor)
    page.refresh_from_db()
    assert (page.live, page.course_slug, Course.objects.get().current.number) == (True, "fire", 1)
    page.get_latest_revision().publish(user=editor)
    assert Course.objects.get().versions.count() == 1


def test_one_more_approval_of_the_same_content_makes_no_version(editor: Account, reviewer: Account) -> None:
    page = make.course_page(by=editor, checked_by=reviewer)
    approve(page, make.reviewer())
    assert freeze_course(page=page, by=editor, at=LATER).number == 1


def test_a_script_cannot_publish_what_nobody_reviewed(editor: Account) -> None:
    page = make.unreviewed_page(by=editor)
    with pytest.raises(CourseNotReady):
        page.get_latest_revision().publish(user=editor)
    page.refresh_from_db()
    assert (page.live, page.course_slug, Course.objects.count()) == (False, "", 0)


def test_a_refused_schedule_does_not_hold_up_the_pages_behind_it(editor: Account) -> None:
    course, news = make.unreviewed_page(by=editor), make.news_page()
    for page, minutes in ((course, 2), (news, 1)):
        page.live = False
        page.save()
        revision = page.save_revision(
            user=editor, approved_go_live_at=clock.now() - timedelta(minutes=minutes)
        )
        assert revision.approved_go_live_at is not None
    publish_due()
    assert (NewsPage.objects.get().live, CoursePage.objects.get().live) == (True, False)
    assert not course.revisions.exclude(approved_go_live_at=None).exists()


def test_taken_off_and_published_again_it_is_the_same_version(
    editor: Account, reviewer: Account, learner: Account
) -> None:
    page = make.course_page(by=editor, checked_by=reviewer)
    page.unpublish(user=editor)
    course = Course.objects.get()
    assert course.withdrawn_at is not None
    assert learner.person is not None
    with pytest.raises(Refused) as refused:
        enrol(person=learner.person, course=course, by=learner, at=AT)
    assert refused.value.code == "withdrawn"
    page.refresh_from_db()
    page.get_latest_revision().publish(user=editor, skip_permission_checks=True)
    course.refresh_from_db()
    assert (course.withdrawn_at, course.versions.count()) == (None, 1)


def test_deleting_the_page_withdraws_the_course(editor: Account, reviewer: Account) -> None:
    make.course_page(by=editor, checked_by=reviewer).delete()
    assert Course.objects.get().withdrawn_at is not None


def test_the_course_keeps_its_name_when_the_address_changes(editor: Account, reviewer: Account) -> None:
    page = make.course_page(slug="old", by=editor, checked_by=reviewer)
    page.slug = "new"
    page.save_revision(user=editor).publish(user=editor, skip_permission_checks=True)
    page.refresh_from_db()
    assert (page.slug, page.course_slug, Course.objects.count()) == ("new", "old", 1)
    stranger = make.unreviewed_page(slug="old")
    approve(stranger, reviewer)
    with pytest.raises(Refused) as refused:
        freeze_course(page=stranger, by=editor, at=AT)
    assert refused.value.code == "address_taken"


def test_a_copy_is_a_course_of_its_own(editor: Account, reviewer: Account) -> None:
    page = make.course_page(slug="fire", by=editor, checked_by=reviewer)
    copy = page.copy(update_attrs={"slug": "copy", "title": "副本"}, user=editor)
    assert (copy.course_slug, copy.live) == ("", False)


def test_a_draft_the_desk_cannot_express_is_refused(editor: Account, reviewer: Account) -> None:
    quiz = make.quiz(blocks=(make.Block(make.BlockKind.PARAGRAPH, "x"),))
    with pytest.raises(ValueError, match="only a reading has text"):
        author_course(slug="odd", draft=make.draft(lessons=(quiz,)), by=editor, reviewer=reviewer, at=AT)
    assert not CoursePage.objects.exists()


def test_lessons_come_back_from_the_desk_as_they_went_in() -> None:
    raws = lessons_of(make.draft())
    assert [(raw["type"], raw["id"]) for raw in raws] == [("reading", "read"), ("quiz", "quiz")]
