"""A course is frozen as it was reviewed, once for each content."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from cms.actions.publish_course import author_course, freeze_course
from cms.actions.review_course import review_course
from cms.drafts import content_digest, draft_of, lessons_of
from cms.models import CoursePage, CourseReview
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
    assert (frozen.author.account, [r.account for r in frozen.reviewers]) == (editor.public_id, [reviewer.public_id])
    assert (page.live, page.url, page.course_slug, course.current.number) == (True, "/courses/fire/", "fire", 1)
    assert (page.owner, page.first_published_at, course.current.published_at) == (editor, AT, AT)


def test_the_same_draft_again_changes_nothing(editor: Account, reviewer: Account) -> None:
    draft = make.draft()
    pages = [author_course(slug="fire", draft=draft, by=editor, reviewer=reviewer, at=at) for at in (AT, LATER)]
    assert pages[0] == pages[1]
    assert (Course.objects.get(slug="fire").versions.count(), pages[1].revisions.count()) == (1, 1)
    assert CourseReview.objects.count() == 1
