"""Publishing freezes what was reviewed; a draft's word is not enough."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction

from core.refusals import Refused
from lms.actions.publish import CourseNotReady, publish, withdraw
from lms.models import Course, CourseVersion
from lms.queries import content_of
from lms.rules.course import Block, BlockKind, Byline, CourseDraft
from tests.factories import lms as learn
from tests.factories import registry as make
from tests.factories import trainers as teach

pytestmark = pytest.mark.django_db


def put(draft: CourseDraft, slug: str = "hands") -> CourseVersion:
    return publish(slug=slug, draft=draft, by=learn.SYSTEM, at=learn.AT)


def test_a_course_is_frozen_as_written_and_offered() -> None:
    draft = learn.draft()
    version = put(draft)
    assert (version.number, version.minutes, version.title) == (1, 5, "手卫生")
    assert content_of(version) == draft
    assert version.course.current == version
    assert version.author.public_id == draft.author.account


def test_publishing_the_same_again_makes_no_second_version() -> None:
    draft = learn.draft()
    assert put(draft) == put(draft)


def test_a_change_makes_the_next_version_and_the_first_stays_as_it_was() -> None:
    draft = learn.draft()
    first = put(draft)
    second = put(replace(draft, title="手卫生（新版）"))
    first.refresh_from_db()
    assert (first.number, first.title, second.number) == (1, "手卫生", 2)
    assert Course.objects.get(slug="hands").current == second


def test_a_frozen_version_cannot_be_edited() -> None:
    version = put(learn.draft())
    with pytest.raises(IntegrityError), transaction.atomic():
        CourseVersion.objects.filter(pk=version.pk).update(title="改")


def test_a_withdrawn_course_is_offered_again_by_publishing_it_unchanged() -> None:
    draft = learn.draft()
    course = put(draft).course
    withdraw(course=course, by=learn.SYSTEM, at=learn.AT)
    put(draft)
    course.refresh_from_db()
    assert (course.withdrawn_at, course.versions.count()) == (None, 1)


def test_every_problem_is_named_at_once() -> None:
    draft = replace(learn.draft(), title="", reviewers=())
    with pytest.raises(CourseNotReady) as refusal:
        put(draft)
    assert [problem.code for problem in refusal.value.details["problems"]] == [
        "title_blank",
        "reviewer_missing",
    ]
    assert not Course.objects.exists()


def test_a_material_refused_since_the_draft_was_written_stops_it() -> None:
    version = learn.approved(duration_ms=120_000, pages=None)
    draft = learn.draft(learn.video_lesson(version=version))
    teach.material_review(of=version, verdict="refused")
    with pytest.raises(Refused) as refusal:
        put(draft)
    assert refusal.value.code == "material_not_approved"


def test_a_picture_that_nobody_reviewed_stops_it() -> None:
    picture = teach.material_version(of=teach.material(owner=make.account(), kind="image"))
    lesson = learn.reading_lesson()
    block = Block(BlockKind.IMAGE, material=picture.public_id, alt="洗手")
    with pytest.raises(Refused) as refusal:
        put(learn.draft(replace(lesson, blocks=(*lesson.blocks, block))))
    assert refusal.value.code == "material_not_approved"
    teach.material_review(of=picture)
    assert put(learn.draft(replace(lesson, blocks=(*lesson.blocks, block)))).number == 1


def test_a_draft_that_says_its_video_is_longer_than_it_is_is_refused() -> None:
    lesson = learn.video_lesson(seconds=120)
    assert lesson.material is not None
    longer = replace(lesson, material=replace(lesson.material, duration_ms=3_600_000), class_minutes=60)
    with pytest.raises(Refused) as refusal:
        put(learn.draft(longer))
    assert refusal.value.code == "material_changed"


def test_a_reviewer_without_an_account_is_refused_also_as_the_second() -> None:
    draft = learn.draft()
    with pytest.raises(Refused) as refusal:
        put(replace(draft, reviewers=(*draft.reviewers, Byline("无名", "nobody"))))
    assert refusal.value.code == "unknown_author"


def test_nobody_reviews_her_own_course_under_a_second_name() -> None:
    draft = learn.draft()
    with pytest.raises(Refused) as refusal:
        put(replace(draft, reviewers=(Byline("另一个名字", draft.author.account),)))
    assert refusal.value.code == "course_not_ready"


def test_a_slug_longer_than_an_address_may_be_is_refused() -> None:
    with pytest.raises(Refused) as refusal:
        put(learn.draft(), slug="s" * 81)
    assert refusal.value.code == "slug_too_long"


def test_withdrawing_twice_is_withdrawing_once() -> None:
    course = put(learn.draft()).course
    withdraw(course=course, by=learn.SYSTEM, at=learn.AT)
    withdraw(course=course, by=learn.SYSTEM, at=learn.after(hours=1))
    course.refresh_from_db()
    assert course.withdrawn_at == learn.AT
