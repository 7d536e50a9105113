from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.rules.course import (
    Block,
    BlockKind,
    Byline,
    CourseDraft,
    LessonDraft,
    LessonKind,
    MalformedCourse,
    MaterialRef,
    Option,
    QuestionDraft,
)

VIDEO = MaterialRef("vid0000000000001", "洗手", "a" * 64, approved=True, duration_ms=300_000)
HANDBOOK = MaterialRef("pdf0000000000001", "手册", "b" * 64, approved=True, pages=3)
QUESTION = QuestionDraft(
    key="q1",
    prompt="先做什么?",
    options=(Option("a", "洗手"), Option("b", "喂奶")),
    right=("a",),
    explanation="防病。",
)
TEXT = (
    Block(BlockKind.HEADING, text="七步洗手法"),
    Block(BlockKind.PARAGRAPH, text="护理婴幼儿之前先洗手。" * 30),
    Block(BlockKind.LIST, items=("内", "外", "夹")),
    Block(BlockKind.IMAGE, material="img0000000000001", alt="七个步骤的图", text="七步"),
)
COURSE = CourseDraft(
    title="手卫生",
    summary="七步洗手法。",
    topic="hygiene",
    content="practice",
    occupations=("caregiver", "director"),
    lessons=(
        LessonDraft("watch", LessonKind.VIDEO, "看", class_minutes=5, material=VIDEO),
        LessonDraft("read", LessonKind.READING, "读", class_minutes=1, blocks=TEXT),
        LessonDraft("handbook", LessonKind.PDF, "手册", class_minutes=3, material=HANDBOOK),
        LessonDraft("test", LessonKind.QUIZ, "测验", class_minutes=1, questions=(QUESTION,), draw=1),
    ),
    author=Byline("作者", "acc0000000000001"),
    reviewers=(Byline("审阅", "acc0000000000002"),),
)

texts = st.text(max_size=12)
lessons = st.builds(
    LessonDraft,
    key=texts,
    kind=st.sampled_from(LessonKind),
    title=texts,
    class_minutes=st.integers(),
    blocks=st.tuples(st.builds(Block, st.sampled_from(BlockKind), texts, st.tuples(texts, texts))),
    material=st.none() | st.builds(MaterialRef, texts, texts, texts, st.booleans(), st.integers()),
    questions=st.tuples() | st.tuples(st.builds(QuestionDraft, texts, texts, st.tuples(), st.tuples(texts))),
    attempts=st.none() | st.integers(),
)


@given(st.lists(lessons, max_size=3))
def test_a_course_comes_back_from_storage_as_it_was(drafts: list[LessonDraft]) -> None:
    course = replace(COURSE, lessons=tuple(drafts))
    stored = json.loads(json.dumps(course.as_json()))
    assert CourseDraft.from_json(stored) == course
    assert CourseDraft.from_json(stored).canonical_bytes() == course.canonical_bytes()


def test_the_bytes_are_canonical() -> None:
    shuffled = json.loads(COURSE.canonical_bytes())
    backwards = {key: shuffled[key] for key in reversed(shuffled)}
    assert CourseDraft.from_json(backwards).canonical_bytes() == COURSE.canonical_bytes()
    assert "洗手".encode() in COURSE.canonical_bytes()
    assert COURSE.canonical_bytes().startswith(b'{"author":{"account":"acc0000000000001"')


def test_every_change_changes_the_hash() -> None:
    changes = [
        replace(COURSE, title="手卫生 "),
        replace(COURSE, lessons=COURSE.lessons[::-1]),
        replace(COURSE, reviewers=()),
        replace(COURSE, lessons=(replace(COURSE.lessons[0], class_minutes=4), *COURSE.lessons[1:])),
    ]
    assert len({one.sha256() for one in (COURSE, *changes)}) == len(changes) + 1


@pytest.mark.parametrize(
    ("path", "value", "named"),
    [
        (("format",), 2, "format"),
        (("colour",), "red", "CourseDraft.colour"),
        (("lessons", 0, "scorm"), 1, "LessonDraft.scorm"),
        (("lessons", 0, "kind"), "hologram", "LessonDraft.kind: hologram"),
        (("lessons", 1, "blocks", 0, "kind"), "html", "Block.kind: html"),
        (("lessons", 3, "questions", 0, "options", 0, "points"), 3, "Option.points"),
        (("lessons", 0, "material"), "vid", "MaterialRef"),
    ],
)
def test_what_it_does_not_understand_is_refused_by_name(
    path: tuple[str | int, ...], value: object, named: str
) -> None:
    data = json.loads(COURSE.canonical_bytes())
    at = data
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = value
    with pytest.raises(MalformedCourse) as refusal:
        CourseDraft.from_json(data)
    assert str(refusal.value) == named


def test_a_missing_part_is_refused_by_name() -> None:
    data = json.loads(COURSE.canonical_bytes())
    del data["author"]
    with pytest.raises(MalformedCourse, match="author"):
        CourseDraft.from_json(data)


def test_lessons_are_found_by_key_and_minutes_added_up() -> None:
    assert COURSE.lesson("read").blocks == TEXT
    assert COURSE.minutes == 10
    with pytest.raises(KeyError):
        COURSE.lesson("nowhere")


def test_blanks_are_not_read() -> None:
    assert Block(BlockKind.PARAGRAPH, text=" 洗 手\n").characters == 2
