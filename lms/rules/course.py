"""The frozen course: the format that a course version stores and every learner takes.

`CourseDraft.as_json()` is the stored content, `canonical_bytes()` what its hash
is taken of. FORMAT names this layout; `from_json` refuses, by name, a format
or a key it does not understand, so an old release never misreads a new course.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any, Self

FORMAT = 1


class MalformedCourse(ValueError):
    """Frozen content that this release cannot read. Names the key."""


class LessonKind(StrEnum):
    VIDEO = "video"
    READING = "reading"
    PDF = "pdf"
    SLIDES = "slides"
    QUIZ = "quiz"


class BlockKind(StrEnum):
    """The parts of a text."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST = "list"
    IMAGE = "image"


@dataclass(frozen=True, slots=True)
class Block:
    """A heading or paragraph has `text`, a list `items`, an image `material` (public id of its
    version), `alt` and perhaps a caption in `text`. Plain text throughout, never markup."""

    kind: BlockKind
    text: str = ""
    items: tuple[str, ...] = ()
    material: str = ""
    alt: str = ""

    @property
    def characters(self) -> int:
        """Characters to be read, blanks aside."""
        return sum(len("".join(part.split())) for part in (self.text, *self.items))


@dataclass(frozen=True, slots=True)
class Option:
    key: str
    text: str


@dataclass(frozen=True, slots=True)
class QuestionDraft:
    """A question of a pool. `right` holds option keys; `multiple`: more than one may be chosen."""

    key: str
    prompt: str
    options: tuple[Option, ...]
    right: tuple[str, ...]
    explanation: str = ""
    multiple: bool = False
    topic: str = ""


@dataclass(frozen=True, slots=True)
class MaterialRef:
    """The approved version of a material that a lesson shows, as it was probed."""

    public_id: str
    title: str
    sha256: str
    approved: bool
    duration_ms: int = 0
    pages: int = 0


@dataclass(frozen=True, slots=True)
class LessonDraft:
    """One lesson. `class_minutes` is what completing it credits.

    A quiz draws `draw` of its questions, is passed at `pass_percent`, may be tried `attempts`
    times (None: without limit) with `cool_off_minutes` between.
    """

    key: str
    kind: LessonKind
    title: str
    class_minutes: int = 0
    blocks: tuple[Block, ...] = ()
    material: MaterialRef | None = None
    questions: tuple[QuestionDraft, ...] = ()
    draw: int = 0
    pass_percent: int = 60
    attempts: int | None = None
    cool_off_minutes: int = 0

    @property
    def media_ms(self) -> int:
        return self.material.duration_ms if self.material else 0

    @property
    def pages(self) -> int:
        return self.material.pages if self.material else 0

    @property
    def characters(self) -> int:
        return sum(block.characters for block in self.blocks)

    @property
    def images(self) -> int:
        return sum(block.kind is BlockKind.IMAGE for block in self.blocks)


@dataclass(frozen=True, slots=True)
class Byline:
    """A name as printed, and the public id of the account behind it: two accounts may share a name."""

    name: str
    account: str


@dataclass(frozen=True, slots=True)
class CourseDraft:
    """A whole course: content of one category, online, for one or more occupations."""

    title: str
    summary: str
    topic: str
    content: str  # theory | practice | ethics
    occupations: tuple[str, ...]
    lessons: tuple[LessonDraft, ...]
    author: Byline
    reviewers: tuple[Byline, ...] = ()
    language: str = "zh-hans"

    @property
    def minutes(self) -> int:
        """What the whole course credits."""
        return sum(lesson.class_minutes for lesson in self.lessons)

    def lesson(self, key: str) -> LessonDraft:
        """Raises KeyError for a key the course does not have."""
        for lesson in self.lessons:
            if lesson.key == key:
                return lesson
        raise KeyError(key)

    def as_json(self) -> dict[str, Any]:
        """Plain data for storage; `from_json` gives back an equal value."""
        return {"format": FORMAT, **_plain(self)}

    def canonical_bytes(self) -> bytes:
        """The one byte sequence of this content: sorted keys, no blanks, UTF-8."""
        return json.dumps(self.as_json(), sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()

    def sha256(self) -> str:
        return hashlib.sha256(self.canonical_bytes()).hexdigest()

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Raises MalformedCourse, naming what it does not understand or misses."""
        values = dict(data)
        if values.pop("format", None) != FORMAT:
            raise MalformedCourse("format")
        course: Self = _read(cls, values)
        return course


def _plain(value: Any) -> Any:
    if hasattr(value, "__dataclass_fields__"):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    return value.value if isinstance(value, StrEnum) else value


# how the nested parts are read back; every other field is a plain value
_PARTS: dict[tuple[str, str], Any] = {
    ("CourseDraft", "lessons"): LessonDraft,
    ("CourseDraft", "author"): Byline,
    ("CourseDraft", "reviewers"): Byline,
    ("LessonDraft", "blocks"): Block,
    ("LessonDraft", "material"): MaterialRef,
    ("LessonDraft", "questions"): QuestionDraft,
    ("QuestionDraft", "options"): Option,
}
_ENUMS: dict[tuple[str, str], type[StrEnum]] = {
    ("LessonDraft", "kind"): LessonKind,
    ("Block", "kind"): BlockKind,
}


def _read(kind: Any, data: Any) -> Any:
    if not isinstance(data, Mapping):
        raise MalformedCourse(kind.__name__)
    values: dict[str, Any] = {}
    for key, value in data.items():
        if key not in kind.__dataclass_fields__:
            raise MalformedCourse(f"{kind.__name__}.{key}")
        values[key] = _read_field(kind.__name__, key, value)
    try:
        return kind(**values)
    except TypeError as missing:
        raise MalformedCourse(f"{kind.__name__}: {missing}") from missing


def _read_field(owner: str, key: str, value: Any) -> Any:
    part = _PARTS.get((owner, key))
    if isinstance(value, list):
        return tuple(_read(part, row) for row in value) if part else tuple(value)
    if part is not None:
        return None if value is None else _read(part, value)
    if enum := _ENUMS.get((owner, key)):
        try:
            return enum(value)
        except ValueError as unknown:
            raise MalformedCourse(f"{owner}.{key}: {value}") from unknown
    return value
