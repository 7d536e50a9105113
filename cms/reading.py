"""A draft laid out for the eye of its reviewer: media addresses, texts, questions with their answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cms.words import LESSONS
from lms.rules.course import Block, BlockKind, CourseDraft, LessonDraft
from trainers.models import MaterialVersion
from trainers.queries import captions_url, content_url


@dataclass(frozen=True, slots=True)
class ReadableBlock:
    kind: str
    text: str
    items: tuple[str, ...]
    alt: str
    url: str


@dataclass(frozen=True, slots=True)
class ReadableQuestion:
    prompt: str
    options: tuple[tuple[str, bool], ...]  # text, right
    explanation: str
    multiple: bool


@dataclass(frozen=True, slots=True)
class ReadableLesson:
    """`url`, `captions`: signed addresses of its material; empty if it has none."""

    lesson: LessonDraft
    kind_label: str
    url: str
    captions: str
    blocks: tuple[ReadableBlock, ...]
    questions: tuple[ReadableQuestion, ...]


def readable(draft: CourseDraft, at: datetime) -> list[ReadableLesson]:
    """One query, whatever the number of lessons."""
    wanted = {lesson.material.public_id for lesson in draft.lessons if lesson.material}
    wanted |= {block.material for lesson in draft.lessons for block in lesson.blocks if block.material}
    versions = {
        version.public_id: version for version in MaterialVersion.objects.filter(public_id__in=wanted)
    }
    urls = {public_id: content_url(version, at=at) for public_id, version in versions.items()}
    captions = {public_id: captions_url(version, at=at) for public_id, version in versions.items()}
    lines = []
    for lesson in draft.lessons:
        material = lesson.material.public_id if lesson.material else ""
        lines.append(
            ReadableLesson(
                lesson=lesson,
                kind_label=str(LESSONS[lesson.kind.value]),
                url=urls.get(material, ""),
                captions=captions.get(material, ""),
                blocks=tuple(_block(block, urls) for block in lesson.blocks),
                questions=tuple(
                    ReadableQuestion(
                        question.prompt,
                        tuple((option.text, option.key in question.right) for option in question.options),
                        question.explanation,
                        question.multiple,
                    )
                    for question in lesson.questions
                ),
            )
        )
    return lines


def _block(block: Block, urls: dict[str, str]) -> ReadableBlock:
    url = urls.get(block.material, "") if block.kind is BlockKind.IMAGE else ""
    return ReadableBlock(block.kind.value, block.text, block.items, block.alt, url)
