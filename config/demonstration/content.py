"""The demonstration's courses, read from `courses/*.toml` into frozen values.

Every mistake in a file is refused by name: the file, the lesson, the key. What a
course claims is bounded here by what it holds: a lesson declares at most the
minutes its video plays, its text takes to read or its quiz takes to answer.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from config.demonstration.questions import TOPICS, DemoQuestion, read_questions
from config.demonstration.tables import ContentError, Table
from lms.rules.dwell import allowance_ms
from registry.rules.standard import CONTENT, Occupation

__all__ = [
    "ContentError",
    "DemoBlock",
    "DemoCourse",
    "DemoLesson",
    "DemoQuestion",
    "DemoSlide",
    "load_courses",
    "parse_blocks",
]

COURSES = Path(__file__).parent / "courses"

KINDS = ("video", "reading", "pdf", "quiz")
TONES = ("calm", "bright", "steady", "alert")
BLOCK_MARKS = {"# ": "heading", "- ": "list", "+ ": "steps", "[] ": "checks", "! ": "warning"}
READING_BLOCKS = ("heading", "paragraph", "list")  # what a lesson on a page can show

SPOKEN_PER_SECOND = 4.2  # unhurried Chinese speech
VIDEO_SECONDS = (60, 100)
READING_CHARACTERS = (400, 900)
LINE_WIDTH = 20  # characters that fit one line of a slide
TITLE_WIDTH = 14


@dataclass(frozen=True, slots=True)
class DemoBlock:
    """One piece of a text: heading, paragraph, warning (have `text`); list, steps, checks (have `items`)."""

    kind: str
    text: str = ""
    items: tuple[str, ...] = ()

    @property
    def characters(self) -> int:
        return len("".join("".join(part.split()) for part in (self.text, *self.items)))


@dataclass(frozen=True, slots=True)
class DemoSlide:
    """`lines` appear one by one; `spoken` is what a narrator says and becomes the captions."""

    title: str
    lines: tuple[str, ...]
    spoken: str
    tone: str

    @property
    def seconds(self) -> int:
        return max(8, round(len(self.spoken) / SPOKEN_PER_SECOND))


@dataclass(frozen=True)
class DemoLesson:
    """`minutes` it credits; `slides` of a video, `blocks` of a reading or PDF, `questions` of a quiz."""

    slug: str
    kind: str
    title: str
    minutes: int
    slides: tuple[DemoSlide, ...] = ()
    blocks: tuple[DemoBlock, ...] = ()
    questions: tuple[DemoQuestion, ...] = ()
    draws: int = 0
    pass_percent: int = 0

    @cached_property
    def seconds(self) -> int:
        """How long the video plays; 0 for other kinds."""
        return sum(slide.seconds for slide in self.slides)

    @cached_property
    def characters(self) -> int:
        """Characters to be read, blanks aside."""
        return sum(block.characters for block in self.blocks)


@dataclass(frozen=True)
class DemoCourse:
    slug: str
    title: str
    title_en: str
    summary: str
    topic: str
    category: str  # theory | practice | ethics
    occupations: tuple[str, ...]
    basis: tuple[str, ...]  # the public documents whose demands it explains
    lessons: tuple[DemoLesson, ...]

    @property
    def minutes(self) -> int:
        return sum(lesson.minutes for lesson in self.lessons)

    @property
    def quiz(self) -> DemoLesson:
        return self.lessons[-1]

    def of_kind(self, kind: str) -> tuple[DemoLesson, ...]:
        return tuple(lesson for lesson in self.lessons if lesson.kind == kind)


def load_courses(folder: Path = COURSES) -> list[DemoCourse]:
    """All courses, by slug. Raises ContentError at the first mistake."""
    files = sorted(folder.glob("*.toml"))
    if not files:
        raise ContentError(f"{folder.name}: holds no course")
    courses = [_course(file) for file in files]
    seen: dict[str, str] = {}
    for course in courses:
        if course.title in seen:
            raise ContentError(f"{course.slug}.toml: title: is that of {seen[course.title]}.toml too")
        seen[course.title] = course.slug
    return courses


def parse_blocks(text: str) -> tuple[DemoBlock, ...]:
    """Read the light notation of the course files.

    A line beginning with `# ` is a heading, `! ` a warning, `- ` a list item, `+ ` a numbered
    step, `[] ` a box to tick; other lines are paragraphs. Items that follow each other join.
    """
    blocks: list[DemoBlock] = []
    for line in (raw.strip() for raw in text.splitlines()):
        if not line:
            continue
        mark = next((mark for mark in BLOCK_MARKS if line.startswith(mark)), "")
        kind = BLOCK_MARKS.get(mark, "paragraph")
        words = line[len(mark) :].strip()
        if kind not in ("list", "steps", "checks"):
            blocks.append(DemoBlock(kind, text=words))
        elif blocks and blocks[-1].kind == kind:
            blocks[-1] = DemoBlock(kind, items=(*blocks[-1].items, words))
        else:
            blocks.append(DemoBlock(kind, items=(words,)))
    return tuple(blocks)


LESSON_KEYS = ("slug", "kind", "title", "minutes")
KIND_KEYS = {
    "video": ("slides",),
    "reading": ("text",),
    "pdf": ("text",),
    "quiz": ("draws", "pass_percent", "questions"),
}


def _course(file: Path) -> DemoCourse:
    keys = ("title", "title_en", "summary", "topic", "category", "occupations", "basis", "lessons")
    try:
        table = Table(file.name, tomllib.loads(file.read_text("utf-8")), keys)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as mistake:
        raise ContentError(f"{file.name}: not TOML: {mistake}") from mistake
    posts = table.texts("occupations", 1, len(Occupation), 20)
    for post in posts:
        if post not in set(Occupation):
            raise table.fail("occupations", f"“{post}” is none of {', '.join(Occupation)}")
    return DemoCourse(
        slug=file.stem,
        title=table.text("title", 40),
        title_en=table.text("title_en", 120),
        summary=table.text("summary", 120),
        topic=table.one_of("topic", TOPICS),
        category=table.one_of("category", CONTENT),
        occupations=posts,
        basis=table.texts("basis", 1, 6, 80),
        lessons=_lessons(table),
    )


def _lessons(course: Table) -> tuple[DemoLesson, ...]:
    every = tuple(dict.fromkeys(key for keys in KIND_KEYS.values() for key in keys))
    lessons: list[DemoLesson] = []
    for table in course.tables("lessons", (*LESSON_KEYS, *every)):
        kind = table.one_of("kind", KINDS)
        lesson = _lesson(table.only((*LESSON_KEYS, *KIND_KEYS[kind])), kind)
        if lesson.slug in (other.slug for other in lessons):
            raise table.fail("slug", f"“{lesson.slug}” stands twice")
        lessons.append(lesson)
    kinds = [lesson.kind for lesson in lessons]
    if not 3 <= len(lessons) <= 5:
        raise course.fail("lessons", f"{len(lessons)} lessons, wanted 3 to 5")
    for kind in KINDS:
        if kind not in kinds:
            raise course.fail("lessons", f"no lesson is a {kind}")
    if kinds.index("quiz") != len(kinds) - 1:
        raise course.fail("lessons", "the quiz is not the last lesson")
    return tuple(lessons)


def _lesson(table: Table, kind: str) -> DemoLesson:
    slides = _slides(table) if kind == "video" else ()
    blocks = parse_blocks(table.text("text", 3000)) if kind in ("reading", "pdf") else ()
    questions = read_questions(table) if kind == "quiz" else ()
    lesson = DemoLesson(
        slug=table.text("slug", 40),
        kind=kind,
        title=table.text("title", 30),
        minutes=table.number("minutes", 0, 60),
        slides=slides,
        blocks=blocks,
        questions=questions,
        draws=table.number("draws", 1, len(questions)) if questions else 0,
        pass_percent=table.number("pass_percent", 1, 100) if questions else 0,
    )
    _check_size(table, lesson)
    return lesson


def _check_size(table: Table, lesson: DemoLesson) -> None:
    """A lesson is as long as its kind should be, and credits no more than it can take."""
    if lesson.kind == "video":
        least, most = VIDEO_SECONDS
        if not least <= lesson.seconds <= most:
            raise table.fail("slides", f"they play {lesson.seconds} s, wanted {least} to {most}")
    if lesson.kind == "reading":
        least, most = READING_CHARACTERS
        if not least <= lesson.characters <= most:
            raise table.fail("text", f"{lesson.characters} characters, wanted {least} to {most}")
        for block in lesson.blocks:
            if block.kind not in READING_BLOCKS:
                raise table.fail("text", f"a {block.kind} cannot stand in a reading")
    allowed = {
        "video": lesson.seconds // 60,
        "reading": allowance_ms(characters=lesson.characters) // 60_000,
        "pdf": allowance_ms(pages=1) // 60_000,
        "quiz": lesson.draws,
    }[lesson.kind]
    if lesson.minutes > allowed:
        raise table.fail("minutes", f"{lesson.minutes} declared, it takes {allowed}")


def _slides(lesson: Table) -> tuple[DemoSlide, ...]:
    return tuple(
        DemoSlide(
            title=table.text("title", TITLE_WIDTH),
            lines=table.texts("lines", 2, 5, LINE_WIDTH),
            spoken=table.text("spoken", 110),
            tone=table.one_of("tone", TONES),
        )
        for table in lesson.tables("slides", ("title", "lines", "spoken", "tone"))
    )
