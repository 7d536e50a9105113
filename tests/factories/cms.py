"""Pages and drafts, as small as they may be."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from itertools import count
from typing import Any

from cms.actions.publish_course import author_course
from cms.drafts import lessons_of
from cms.models import CatalogueIndexPage, CoursePage, CourseReview, NewsIndexPage, NewsPage
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
from registry.models import Account
from registry.rules.kinds import DutyKind
from tests.factories import registry as make
from tests.factories import trainers as make_trainers
from trainers.models import MaterialVersion

AT = make.AT
_serial = count(1)
TEXT = "孩子睡觉的时候，大人不睡。每十分钟看一次脸色和呼吸，记下来。" * 20  # 600 characters: two minutes


def editor(**fields: Any) -> Account:
    account = make.account(**fields)
    make.duty(of=account, kind=DutyKind.EDITOR)
    return account


def reviewer(**fields: Any) -> Account:
    account = make.account(**fields)
    make.duty(of=account, kind=DutyKind.REVIEWER)
    return account


def approved_material(kind: str = "pdf", **fields: Any) -> MaterialVersion:
    """A version that passed its review; a video of 90 seconds, a document of three pages."""
    material = make_trainers.material(owner=make.account(), kind=kind)
    measure = {"duration_ms": 90_000, "pages": None} if kind == "video" else {}
    version = make_trainers.material_version(of=material, **{**measure, **fields})
    make_trainers.material_review(of=version)
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


def question(key: str = "q1", **fields: Any) -> QuestionDraft:
    values: dict[str, Any] = {
        "key": key,
        "prompt": f"起火以后先做什么？（{key}）",
        "options": (Option("A", "呼喊报警，带孩子撤离"), Option("B", "收拾教具")),
        "right": ("A",),
        "explanation": "先救人，再救物。",
    }
    return QuestionDraft(**{**values, **fields})


def reading(key: str = "read", **fields: Any) -> LessonDraft:
    blocks = (
        Block(BlockKind.HEADING, "看护"),
        Block(BlockKind.PARAGRAPH, TEXT),
        Block(BlockKind.LIST, items=("一", "二")),
    )
    return replace(
        LessonDraft(key, LessonKind.READING, "每天要看的", class_minutes=2, blocks=blocks), **fields
    )


def quiz(key: str = "quiz", **fields: Any) -> LessonDraft:
    lesson = LessonDraft(
        key,
        LessonKind.QUIZ,
        "测验",
        questions=(question("q1"), question("q2")),
        draw=2,
        pass_percent=80,
        attempts=3,
    )
    return replace(lesson, **fields)


def draft(**fields: Any) -> CourseDraft:
    """A reading of two minutes and a quiz; fit to be published once somebody reviewed it."""
    values: dict[str, Any] = {
        "title": f"托育机构消防安全培训{next(_serial)}",
        "summary": "不会走的孩子要靠大人带出去。",
        "topic": "fire_safety",
        "content": "theory",
        "occupations": ("caregiver", "director"),
        "lessons": (reading(), quiz()),
        "author": Byline("", ""),
    }
    return CourseDraft(**{**values, **fields})


def course_page(
    *, slug: str = "", by: Account | None = None, checked_by: Account | None = None, **fields: Any
) -> CoursePage:
    """A published course: written by `by`, approved by `checked_by`."""
    return author_course(
        slug=slug or f"course-{next(_serial)}",
        draft=draft(**fields),
        by=by or editor(),
        reviewer=checked_by or reviewer(),
        at=AT,
    )


def unreviewed_page(*, by: Account | None = None, slug: str = "", **fields: Any) -> CoursePage:
    """A draft that `by` saved and nobody reviewed."""
    by = by or editor()
    content = draft(**fields)
    page = CoursePage(
        title=content.title,
        slug=slug or f"draft-{next(_serial)}",
        summary=content.summary,
        topic=content.topic,
        category=content.content,
        occupations=list(content.occupations),
        lessons=json.dumps(lessons_of(content)),
        owner=by,
        live=False,
    )
    CatalogueIndexPage.objects.get().add_child(instance=page)
    page.save_revision(user=by)
    return page


def course_review(*, of: CoursePage, by: Account | None = None, **fields: Any) -> CourseReview:
    """A row only; the act is `cms.actions.review_course`."""
    by = by or reviewer()
    values = {
        "title": of.title,
        "digest": of.draft_digest or "0" * 64,
        "author": of.owner,
        "author_person": of.owner.person,
        "reviewer_person": by.person,
        "verdict": "approved",
        "at": AT,
    }
    return CourseReview.objects.create(page=of, reviewer=by, **{**values, **fields})


def news_page(**fields: Any) -> NewsPage:
    n = next(_serial)
    page = NewsPage(**{"title": f"消息{n}", "slug": f"news-{n}", "day": date(2026, 3, 2), **fields})
    parent: NewsIndexPage = NewsIndexPage.objects.get()
    return parent.add_child(instance=page)
