from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from lms.rules.course import Block, BlockKind, Byline, CourseDraft, LessonDraft, LessonKind, Option
from lms.rules.publishing import SENTENCES, Problem, check_course, lesson_allowance_ms
from tests.lms.rules.test_course import COURSE, HANDBOOK, QUESTION, VIDEO

WATCH, READ, PDF, QUIZ = COURSE.lessons


def having(lesson: LessonDraft, **changes: Any) -> CourseDraft:
    """The good course with one lesson changed."""
    changed = replace(lesson, **changes)
    return replace(COURSE, lessons=tuple(changed if one is lesson else one for one in COURSE.lessons))


def asking(**changes: Any) -> CourseDraft:
    return having(QUIZ, questions=(replace(QUESTION, **changes),))


def test_a_good_course_has_no_problems() -> None:
    assert check_course(COURSE) == []


AUTHOR = COURSE.author
REVIEWER = COURSE.reviewers[0]
PROMPT = QUESTION.prompt
BROKEN: list[tuple[CourseDraft, list[Problem]]] = [
    (replace(COURSE, title=" "), [Problem("title_blank")]),
    (replace(COURSE, title="长" * 121), [Problem("title_long", most=120)]),
    (replace(COURSE, topic=""), [Problem("topic_blank")]),
    (replace(COURSE, content="gossip"), [Problem("content_unknown")]),
    (replace(COURSE, occupations=()), [Problem("occupations_missing")]),
    (replace(COURSE, occupations=("king",)), [Problem("occupation_unknown", occupation="king")]),
    (replace(COURSE, lessons=()), [Problem("no_lessons")]),
    (replace(COURSE, lessons=(replace(WATCH, class_minutes=0),)), [Problem("no_minutes")]),
    (replace(COURSE, reviewers=()), [Problem("reviewer_missing")]),
    (replace(COURSE, reviewers=(AUTHOR,)), [Problem("reviewer_is_author", name=AUTHOR.name)]),
    (replace(COURSE, reviewers=(REVIEWER, REVIEWER)), [Problem("reviewer_twice", name=REVIEWER.name)]),
    (replace(COURSE, lessons=(WATCH, WATCH)), [Problem("lesson_key_bad", "watch", most=60)]),
    (having(WATCH, title=""), [Problem("lesson_title_blank", "watch")]),
    (having(WATCH, class_minutes=6), [Problem("minutes_too_many", "watch", declared=6, allowed=5)]),
    (having(WATCH, class_minutes=-1), [Problem("minutes_negative", "watch")]),
    (having(READ, class_minutes=2), [Problem("minutes_too_many", "read", declared=2, allowed=1)]),
    (having(PDF, class_minutes=4), [Problem("minutes_too_many", "handbook", declared=4, allowed=3)]),
    (having(QUIZ, class_minutes=2), [Problem("minutes_too_many", "test", declared=2, allowed=1)]),
    (having(WATCH, class_minutes=0, material=None), [Problem("material_missing", "watch")]),
    (
        having(WATCH, material=replace(VIDEO, approved=False)),
        [Problem("material_not_approved", "watch", title="洗手")],
    ),
    (
        having(PDF, class_minutes=0, material=replace(HANDBOOK, pages=0)),
        [Problem("material_unprobed", "handbook", title="手册")],
    ),
    (having(READ, class_minutes=0, blocks=()), [Problem("text_missing", "read")]),
    (having(READ, blocks=(*READ.blocks, Block(BlockKind.LIST))), [Problem("block_blank", "read")]),
    (
        having(READ, blocks=(*READ.blocks, Block(BlockKind.IMAGE))),
        [Problem("image_missing", "read"), Problem("image_without_alt", "read")],
    ),
    (having(QUIZ, class_minutes=1, draw=2), [Problem("pool_too_small", "test", draw=2, pool=1)]),
    (having(QUIZ, class_minutes=0, draw=0), [Problem("pool_too_small", "test", draw=0, pool=1)]),
    (having(QUIZ, pass_percent=0), [Problem("pass_mark_bad", "test")]),
    (having(QUIZ, pass_percent=101), [Problem("pass_mark_bad", "test")]),
    (having(QUIZ, attempts=0), [Problem("attempts_bad", "test")]),
    (having(QUIZ, questions=(QUESTION, QUESTION)), [Problem("question_key_bad", "test")]),
    (asking(prompt=""), [Problem("question_blank", "test")]),
    (asking(options=QUESTION.options[:1]), [Problem("options_too_few", "test", prompt=PROMPT)]),
    (
        asking(options=tuple(Option(f"{n}" if n else "a", f"选项{n}") for n in range(27))),
        [Problem("options_too_many", "test", prompt=PROMPT, most=26)],
    ),
    (asking(options=(*QUESTION.options, Option("c", " "))), [Problem("option_blank", "test", prompt=PROMPT)]),
    (
        asking(options=(*QUESTION.options, Option("c", "洗手 "))),
        [Problem("options_equal", "test", prompt=PROMPT)],
    ),
    (asking(right=()), [Problem("no_right_option", "test", prompt=PROMPT)]),
    (asking(right=("z",)), [Problem("right_option_unknown", "test", prompt=PROMPT)]),
    (asking(right=("a", "b")), [Problem("one_right_option", "test", prompt=PROMPT)]),
]


@pytest.mark.parametrize(("draft", "problems"), BROKEN, ids=[problems[0].code for _, problems in BROKEN])
def test_a_broken_course_is_told_exactly_what_is_wrong(draft: CourseDraft, problems: list[Problem]) -> None:
    assert check_course(draft) == problems


def test_every_problem_has_its_course_above() -> None:
    assert {problem.code for _, problems in BROKEN for problem in problems} == set(SENTENCES)


def test_two_namesakes_may_write_and_review() -> None:
    assert check_course(replace(COURSE, reviewers=(Byline(AUTHOR.name, "acc0000000000003"),))) == []


def test_all_problems_come_at_once() -> None:
    draft = replace(COURSE, title="", lessons=(replace(WATCH, title="", material=None, class_minutes=1),))
    assert [problem.code for problem in check_course(draft)] == [
        "title_blank",
        "lesson_title_blank",
        "material_missing",
        "minutes_too_many",
    ]


def test_what_each_kind_of_lesson_may_be_said_to_take() -> None:
    assert [lesson_allowance_ms(lesson) for lesson in COURSE.lessons] == [300_000, 78_000, 180_000, 60_000]
    assert lesson_allowance_ms(replace(PDF, kind=LessonKind.SLIDES)) == 180_000
