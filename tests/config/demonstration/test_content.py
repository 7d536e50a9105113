"""Every course of the demonstration can be taught, and a mistake in a file is refused by name."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from config.demonstration.content import (
    COURSES,
    ContentError,
    DemoBlock,
    DemoCourse,
    load_courses,
    parse_blocks,
)
from config.demonstration.pictograms import FIGURES
from config.demonstration.questions import TOPICS
from credentials.documents.fonts import FILES, LABEL_FACE
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
from lms.rules.publishing import check_course
from lms.rules.quiz import Paper, draw_paper, grade

ALL = load_courses()
SAMPLE = "safe-sleep"


def pool(course: DemoCourse) -> tuple[QuestionDraft, ...]:
    return tuple(
        QuestionDraft(
            key=question.key,
            prompt=question.stem,
            options=tuple(Option(key, text) for key, text in question.options),
            right=question.right,
            explanation=question.explanation,
            multiple=question.multiple,
            topic=question.topic,
        )
        for question in course.quiz.questions
    )


def draft(course: DemoCourse) -> CourseDraft:
    """The course as an author would hand it in, its media probed and approved."""
    lessons = []
    for lesson in course.lessons:
        material = None
        if lesson.kind in ("video", "pdf"):
            material = MaterialRef("M" * 16, lesson.title, "0" * 64, True, lesson.seconds * 1000, 1)
        lessons.append(
            LessonDraft(
                key=lesson.slug,
                kind=LessonKind(lesson.kind),
                title=lesson.title,
                class_minutes=lesson.minutes,
                blocks=tuple(
                    Block(BlockKind(block.kind), text=block.text, items=block.items)
                    for block in lesson.blocks
                    if lesson.kind == "reading"
                ),
                material=material,
                questions=pool(course) if lesson.kind == "quiz" else (),
                draw=lesson.draws,
                pass_percent=lesson.pass_percent or 60,
            )
        )
    return CourseDraft(
        title=course.title,
        summary=course.summary,
        topic=course.topic,
        content=course.category,
        occupations=course.occupations,
        lessons=tuple(lessons),
        author=Byline("作者", "A"),
        reviewers=(Byline("审核甲", "B"), Byline("审核乙", "C")),
    )


def right_letters(paper: Paper, course: DemoCourse) -> dict[int, set[str]]:
    right = {question.key: question.right for question in course.quiz.questions}
    return {
        item.number: {letter for letter, key, _ in item.options if key in right[item.question]}
        for item in paper.items
    }


def test_ten_courses_cover_each_topic_once_and_every_category() -> None:
    assert sorted(course.topic for course in ALL) == sorted(TOPICS)
    assert {course.category for course in ALL} == {"theory", "practice", "ethics"}
    assert set(FIGURES) == set(TOPICS)


@pytest.mark.parametrize("course", ALL, ids=lambda course: course.slug)
def test_a_course_may_be_published_as_it_stands(course: DemoCourse) -> None:
    assert check_course(draft(course)) == []
    assert course.minutes == 4


@pytest.mark.parametrize("course", ALL, ids=lambda course: course.slug)
@pytest.mark.parametrize("seed", range(5))
def test_every_paper_is_passed_by_the_right_answers_and_failed_by_two_wrong_ones(
    course: DemoCourse, seed: int
) -> None:
    items = pool(course)
    paper = draw_paper(items, course.quiz.draws, seed)
    answers = right_letters(paper, course)
    assert grade(paper, items, answers, pass_percent=course.quiz.pass_percent).percent == 100
    for item in paper.items[:2]:
        answers[item.number] = (
            set(item.letters[:1]) ^ answers[item.number]
            if item.multiple
            else {next(letter for letter in item.letters if letter not in answers[item.number])}
        )
    failed = grade(paper, items, answers, pass_percent=course.quiz.pass_percent)
    assert (failed.right, failed.passed) == (3, False)


def test_right_options_do_not_stand_in_one_place() -> None:
    """Who reads the file aloud must not hear “A” every time."""
    places = [
        question.right[0] for course in ALL for question in course.quiz.questions if question.kind == "single"
    ]
    assert max(places.count(letter) for letter in "abcd") < len(places) * 0.45


@pytest.mark.parametrize("file", sorted(COURSES.glob("*.toml")), ids=lambda file: file.stem)
def test_chinese_punctuation_is_full_width(file: Path) -> None:
    assert re.findall(r"[\u4e00-\u9fff][,;:?!(]|[,;:?)][\u4e00-\u9fff]", file.read_text("utf-8")) == []


def test_the_vendored_font_draws_every_character_of_every_course() -> None:
    drawn = set(TTFont(FILES[LABEL_FACE])["cmap"].getBestCmap())
    written = {character for file in COURSES.glob("*.toml") for character in file.read_text("utf-8")}
    assert {character for character in written if character != "\n" and ord(character) not in drawn} == set()


def test_blocks_are_read_from_their_marks() -> None:
    assert parse_blocks("# 一\n二\n\n- 三\n- 四\n+ 五\n[] 六\n! 七\n- 八") == (
        DemoBlock("heading", "一"),
        DemoBlock("paragraph", "二"),
        DemoBlock("list", items=("三", "四")),
        DemoBlock("steps", items=("五",)),
        DemoBlock("checks", items=("六",)),
        DemoBlock("warning", "七"),
        DemoBlock("list", items=("八",)),
    )


MISTAKES = [
    ('topic = "sleep"', 'topic = "slep"', "topic: “slep” is none of"),
    ('category = "theory"', 'category = "theroy"', "category: “theroy” is none of"),
    ('"director", "health"]', '"director", "cook"]', "occupations: “cook” is none of"),
    ("summary = ", "sumary = ", "sumary: unknown key"),
    ('kind = "video"', 'kind = "film"', "lessons 1: kind: “film” is none of"),
    ('kind = "video"', 'kind = "pdf"', "lessons 1: slides: unknown key"),
    ('slug = "read"', 'slug = "watch"', "lessons 2: slug: “watch” stands twice"),
    ("minutes = 2", "minutes = 3", "lessons 2: minutes: 3 declared, it takes 2"),
    ("minutes = 1", "minutes = 2", "lessons 1: minutes: 2 declared, it takes 1"),
    ("minutes = 1", "minutes = -1", "lessons 1: minutes: -1 is not a whole number from 0 to 60"),
    ("draws = 5", "draws = 11", "lessons 4: draws: 11 is not a whole number from 1 to 10"),
    ("pass_percent = 80", "pass_percent = true", "pass_percent: True is not a whole number"),
    ('tone = "calm"', 'tone = "loud"', "slides 1: tone: “loud” is none of"),
    ('title = "睡眠安全"', f'title = "{"睡" * 15}"', "slides 1: title: 15 characters, at most 14"),
    ('lines = ["每一次都仰着睡"', f'lines = ["{"睡" * 21}"', "has 21 characters, at most 20"),
    ("# 什么是婴儿猝死综合征", "! 什么是婴儿猝死综合征", "text: a warning cannot stand in a reading"),
    ('right = "C"', 'right = "E"', "questions 1: right: “e” does not name options a to d"),
    ('right = "C"', 'right = "CD"', "questions 1: right: a single choice has one right option"),
    ('right = "ABC"', 'right = "ABCD"', "questions 2: right: a multiple choice has two or more"),
    ('right = "ABC"', 'right = "A"', "questions 2: right: a multiple choice has two or more"),
    ("right = false", 'right = "错"', "questions 4: right: '错' is neither true nor false"),
    ('"枕头", "毛绒玩具"', '"枕头", "枕头"', "questions 2: options: an entry stands twice"),
    ('"绷紧的床单"]', '"以上都对"]', "options: “以上都对” speaks of the others' order"),
    ('explanation = "', 'explanation = "" # "', "questions 1: explanation: a text is missing"),
    ("title_en = ", "title_en = = ", "not TOML"),
]


@pytest.mark.parametrize(("words", "wrong", "refusal"), MISTAKES)
def test_a_mistake_is_refused_by_name(tmp_path: Path, words: str, wrong: str, refusal: str) -> None:
    text = (COURSES / f"{SAMPLE}.toml").read_text("utf-8")
    assert words in text
    (tmp_path / "broken.toml").write_text(text.replace(words, wrong, 1), "utf-8")
    with pytest.raises(ContentError, match=re.escape(refusal)) as caught:
        load_courses(tmp_path)
    assert str(caught.value).startswith("broken.toml: ")


def test_a_lesson_too_few_is_refused(tmp_path: Path) -> None:
    text = (COURSES / f"{SAMPLE}.toml").read_text("utf-8")
    (tmp_path / "short.toml").write_text(text[: text.rindex("[[lessons]]")], "utf-8")
    with pytest.raises(ContentError, match="lessons: no lesson is a quiz"):
        load_courses(tmp_path)


def test_a_pool_too_small_is_refused(tmp_path: Path) -> None:
    text = (COURSES / f"{SAMPLE}.toml").read_text("utf-8")
    cut = text.split("[[lessons.questions]]")
    (tmp_path / "small.toml").write_text("[[lessons.questions]]".join(cut[:8]), "utf-8")
    with pytest.raises(ContentError, match="questions: 7 items, wanted 8 to 20"):
        load_courses(tmp_path)


def test_a_title_used_twice_is_refused(tmp_path: Path) -> None:
    text = (COURSES / f"{SAMPLE}.toml").read_text("utf-8")
    for name in ("first", "second"):
        (tmp_path / f"{name}.toml").write_text(text, "utf-8")
    with pytest.raises(ContentError, match=r"second\.toml: title: is that of first\.toml too"):
        load_courses(tmp_path)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="holds no course"):
        load_courses(tmp_path)
