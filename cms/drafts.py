"""From what an author wrote to what will be frozen, and back.

A lesson's key is the id of its block, an option's and a question's too: they survive edits and
reordering, so that a learner's finished lessons keep their names from version to version.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

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
from trainers.models import MaterialVersion

if TYPE_CHECKING:
    from cms.models import CoursePage
    from registry.models import Account

Raw = dict[str, Any]


def byline(account: Account | None) -> Byline:
    return Byline(account.display_name, account.public_id) if account else Byline("", "")


def draft_of(page: CoursePage, reviewers: tuple[Byline, ...] = ()) -> CourseDraft:
    """The course as this page object has it (a revision's object: as that revision has it). Two queries."""
    raws = _raw_lessons(page)
    materials = _materials(raws)
    return CourseDraft(
        title=page.title,
        summary=page.summary,
        topic=page.topic,
        content=page.category,
        occupations=tuple(page.occupations),
        lessons=tuple(_lesson(raw, materials) for raw in raws),
        author=byline(page.owner),
        reviewers=reviewers,
        language=page.language,
    )


def content_digest(draft: CourseDraft) -> str:
    """What a review approves: the whole content and its author, without names and without who reviewed."""
    lessons = tuple(
        replace(lesson, material=replace(lesson.material, approved=True)) if lesson.material else lesson
        for lesson in draft.lessons
    )
    return replace(draft, author=Byline("", draft.author.account), reviewers=(), lessons=lessons).sha256()


def lessons_of(draft: CourseDraft) -> list[Raw]:
    """The raw stream of a draft: `page.lessons = json.dumps(lessons_of(draft))`.

    Raises ValueError for content that the authoring desk has no block for.
    """
    return [_raw_lesson(lesson) for lesson in draft.lessons]


# ── from the page ───────────────────────────────────────────────────────────


def _raw_lessons(page: CoursePage) -> list[Raw]:
    return list(page.lessons.stream_block.get_prep_value(page.lessons))


def _materials(raws: list[Raw]) -> dict[str, MaterialRef]:
    wanted = {public_id for raw in raws for public_id in _material_ids(raw)}
    if not wanted:
        return {}
    approved = set(
        MaterialVersion.objects.approved().filter(public_id__in=wanted).values_list("public_id", flat=True)
    )
    return {
        version.public_id: MaterialRef(
            public_id=version.public_id,
            title=version.material.title,
            sha256=version.sha256,
            approved=version.public_id in approved,
            duration_ms=version.duration_ms or 0,
            pages=version.pages or 0,
        )
        for version in MaterialVersion.objects.filter(public_id__in=wanted).select_related("material")
    }


def _material_ids(raw: Raw) -> Iterator[str]:
    if public_id := raw["value"].get("material"):
        yield public_id


def _lesson(raw: Raw, materials: Mapping[str, MaterialRef]) -> LessonDraft:
    kind, value = LessonKind(raw["type"]), raw["value"]
    lesson = LessonDraft(
        key=raw["id"], kind=kind, title=value.get("title") or "", class_minutes=value.get("minutes") or 0
    )
    if kind is LessonKind.READING:
        return replace(lesson, blocks=tuple(_block(part) for part in value.get("text") or ()))
    if kind is LessonKind.QUIZ:
        return replace(
            lesson,
            questions=tuple(_question(item) for item in value.get("questions") or ()),
            draw=value.get("draw") or 0,
            pass_percent=value.get("pass_percent") or 0,
            attempts=value.get("attempts"),
            cool_off_minutes=value.get("cool_off_minutes") or 0,
        )
    return replace(lesson, material=materials.get(value.get("material") or ""))


def _block(raw: Raw) -> Block:
    kind, value = BlockKind(raw["type"]), raw["value"]
    if kind is BlockKind.LIST:
        return Block(kind, items=tuple(item["value"] for item in value))
    if kind is BlockKind.IMAGE:
        return Block(
            kind,
            text=value.get("caption") or "",
            material=value.get("material") or "",
            alt=value.get("alt") or "",
        )
    return Block(kind, text=value)


def _question(item: Raw) -> QuestionDraft:
    value = item["value"]
    options = value.get("options") or []
    return QuestionDraft(
        key=item["id"],
        prompt=value.get("prompt") or "",
        options=tuple(Option(option["id"], option["value"].get("text") or "") for option in options),
        right=tuple(option["id"] for option in options if option["value"].get("right")),
        explanation=value.get("explanation") or "",
        multiple=bool(value.get("multiple")),
        topic=value.get("topic") or "",
    )


# ── and back ────────────────────────────────────────────────────────────────


def _raw_lesson(lesson: LessonDraft) -> Raw:
    value: Raw = {"title": lesson.title, "minutes": lesson.class_minutes}
    if lesson.kind is LessonKind.READING:
        value["text"] = [_raw_block(block, f"{lesson.key}-{n}") for n, block in enumerate(lesson.blocks, 1)]
    elif lesson.blocks:
        raise ValueError(f"lesson {lesson.key}: only a reading has text")
    elif lesson.kind is LessonKind.QUIZ:
        value |= {
            "draw": lesson.draw,
            "pass_percent": lesson.pass_percent,
            "attempts": lesson.attempts,
            "cool_off_minutes": lesson.cool_off_minutes,
            "questions": [_item(_raw_question(question), question.key) for question in lesson.questions],
        }
    else:
        value["material"] = lesson.material.public_id if lesson.material else ""
    return {"type": lesson.kind.value, "value": value, "id": lesson.key}


def _raw_block(block: Block, key: str) -> Raw:
    value: Any = block.text
    if block.kind is BlockKind.LIST:
        value = [_item(item, f"{key}-{n}") for n, item in enumerate(block.items, 1)]
    elif block.kind is BlockKind.IMAGE:
        value = {"material": block.material, "alt": block.alt, "caption": block.text}
    return {"type": block.kind.value, "value": value, "id": key}


def _raw_question(question: QuestionDraft) -> Raw:
    return {
        "prompt": question.prompt,
        "multiple": question.multiple,
        "explanation": question.explanation,
        "topic": question.topic,
        "options": [
            _item({"text": option.text, "right": option.key in question.right}, option.key)
            for option in question.options
        ],
    }


def _item(value: Any, key: str) -> Raw:
    return {"type": "item", "value": value, "id": key}
