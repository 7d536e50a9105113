"""What a course must be before it is frozen.

`check_course` answers every problem at once, each with the lesson it lies in
and a sentence that says what to do; an empty list means the course may be
published. The minutes a lesson credits are bounded by what it can take:

* a video: its length; a PDF or slides: a minute a page; a text: 300 characters
  a minute and ten seconds an image; a quiz: a minute for each question drawn.

Together with `watching`, `dwell` and `quiz.earned_minutes` this keeps credit at
or below the real time spent, lesson by lesson.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lms.rules.course import BlockKind, CourseDraft, LessonDraft, LessonKind, QuestionDraft
from lms.rules.dwell import allowance_ms
from registry.rules.standard import CONTENT, Occupation

__all__ = ["CourseDraft", "LessonDraft", "Problem", "QuestionDraft", "check_course", "lesson_allowance_ms"]

QUESTION_MS = 60_000
TITLE_LENGTH = 120
KEY_LENGTH = 60

SENTENCES: dict[str, Promise | str] = {
    "title_blank": _("Give the course a title."),
    "title_long": _("Shorten the course title to %(most)s characters."),
    "topic_blank": _("Choose a topic."),
    "content_unknown": _("Choose whether the course counts as theory, practice or professional ethics."),
    "occupations_missing": _("Choose at least one occupation the course is for."),
    "occupation_unknown": _("“%(occupation)s” is not an occupation the rules know."),
    "no_lessons": _("Add at least one lesson."),
    "no_minutes": _("Say how many minutes the lessons credit; now it is none."),
    "reviewer_missing": _("Have the course reviewed by someone else."),
    "reviewer_is_author": _("%(name)s wrote the course and cannot review it; ask someone else."),
    "reviewer_twice": _("%(name)s is listed twice as reviewer; a second review needs a second person."),
    "lesson_key_bad": _("Every lesson needs its own key of at most %(most)s characters."),
    "lesson_title_blank": _("Give the lesson a title."),
    "minutes_negative": _("A lesson cannot credit less than no minutes."),
    "minutes_too_many": _(
        "The lesson credits %(declared)s minutes but takes at most %(allowed)s; credit less or add more."
    ),
    "material_missing": _("Choose a material."),
    "material_not_approved": _("“%(title)s” has not passed its review; have it approved first."),
    "material_unprobed": _("The length of “%(title)s” is not known; upload it again."),
    "text_missing": _("Write the text."),
    "image_without_alt": _("Describe the image in words, for those who cannot see it."),
    "image_missing": _("Choose the picture of the image block."),
    "block_blank": _("Fill or remove the empty block."),
    "pool_too_small": _(
        "The quiz draws %(draw)s questions but its pool has %(pool)s; it must draw at least one."
    ),
    "pass_mark_bad": _("The pass mark must lie between 1 and 100 percent."),
    "attempts_bad": _("Allow at least one attempt, and no negative waiting time."),
    "question_key_bad": _("Every question of the quiz needs its own key."),
    "question_blank": _("Write the question."),
    "options_too_few": _("“%(prompt)s” needs at least two options."),
    "options_too_many": _("“%(prompt)s” has more than %(most)s options."),
    "option_blank": _("“%(prompt)s” has an empty option."),
    "options_equal": _("“%(prompt)s” has two equal options."),
    "no_right_option": _("Mark which option of “%(prompt)s” is right."),
    "right_option_unknown": _("The right answer of “%(prompt)s” is not among its options."),
    "one_right_option": _("“%(prompt)s” lets one option be chosen but marks several as right."),
}


@dataclass(frozen=True, slots=True, init=False)
class Problem:
    """One thing to mend. `lesson` is the key of the lesson it lies in, empty for the whole course."""

    code: str
    lesson: str
    facts: tuple[tuple[str, Any], ...]

    def __init__(self, code: str, lesson: str = "", **facts: Any) -> None:
        object.__setattr__(self, "code", code)
        object.__setattr__(self, "lesson", lesson)
        object.__setattr__(self, "facts", tuple(sorted(facts.items())))

    @property
    def words(self) -> str:
        """The sentence in the active language."""
        return str(SENTENCES[self.code]) % dict(self.facts)

    def __str__(self) -> str:
        return self.words


def check_course(draft: CourseDraft) -> list[Problem]:
    """Every reason why the course may not be frozen yet, in the order of its parts."""
    return [*_check_whole(draft), *(problem for lesson in draft.lessons for problem in check_lesson(lesson))]


def check_lesson(lesson: LessonDraft) -> Iterator[Problem]:
    """The problems of one lesson, for the author who is still writing it."""
    if not lesson.title.strip():
        yield Problem("lesson_title_blank", lesson.key)
    if lesson.kind is LessonKind.QUIZ:
        yield from _check_quiz(lesson)
    elif lesson.kind is LessonKind.READING:
        if not any(block.characters for block in lesson.blocks):
            yield Problem("text_missing", lesson.key)
    else:
        yield from _check_material(lesson)
    yield from _check_blocks(lesson)
    allowed = lesson_allowance_ms(lesson) // 60_000
    if lesson.class_minutes < 0:
        yield Problem("minutes_negative", lesson.key)
    elif lesson.class_minutes > allowed:
        yield Problem("minutes_too_many", lesson.key, declared=lesson.class_minutes, allowed=allowed)


def lesson_allowance_ms(lesson: LessonDraft) -> int:
    """The time a lesson can honestly be said to take; it may credit the whole minutes of it."""
    text = allowance_ms(characters=lesson.characters, images=lesson.images)
    match lesson.kind:
        case LessonKind.VIDEO:
            return lesson.media_ms
        case LessonKind.READING:
            return text
        case LessonKind.PDF | LessonKind.SLIDES:
            return text + allowance_ms(pages=lesson.pages)
        case LessonKind.QUIZ:
            return lesson.draw * QUESTION_MS


def _check_whole(draft: CourseDraft) -> Iterator[Problem]:
    if not draft.title.strip():
        yield Problem("title_blank")
    elif len(draft.title) > TITLE_LENGTH:
        yield Problem("title_long", most=TITLE_LENGTH)
    if not draft.topic.strip():
        yield Problem("topic_blank")
    if draft.content not in CONTENT:
        yield Problem("content_unknown")
    if not draft.occupations:
        yield Problem("occupations_missing")
    for occupation in draft.occupations:
        if occupation not in set(Occupation):
            yield Problem("occupation_unknown", occupation=occupation)
    if not draft.lessons:
        yield Problem("no_lessons")
    elif draft.minutes <= 0:
        yield Problem("no_minutes")
    for key in _repeated_or_bad(lesson.key for lesson in draft.lessons):
        yield Problem("lesson_key_bad", key, most=KEY_LENGTH)
    yield from _check_reviewers(draft)


def _check_reviewers(draft: CourseDraft) -> Iterator[Problem]:
    if not draft.reviewers:
        yield Problem("reviewer_missing")
    seen: set[str] = set()
    for reviewer in draft.reviewers:
        if reviewer.account == draft.author.account:
            yield Problem("reviewer_is_author", name=reviewer.name)
        elif reviewer.account in seen:
            yield Problem("reviewer_twice", name=reviewer.name)
        seen.add(reviewer.account)


def _check_material(lesson: LessonDraft) -> Iterator[Problem]:
    material = lesson.material
    if material is None:
        yield Problem("material_missing", lesson.key)
        return
    if not material.approved:
        yield Problem("material_not_approved", lesson.key, title=material.title)
    measure = material.duration_ms if lesson.kind is LessonKind.VIDEO else material.pages
    if measure <= 0:
        yield Problem("material_unprobed", lesson.key, title=material.title)


def _check_blocks(lesson: LessonDraft) -> Iterator[Problem]:
    for block in lesson.blocks:
        if block.kind is BlockKind.IMAGE:
            if not block.material:
                yield Problem("image_missing", lesson.key)
            if not block.alt.strip():
                yield Problem("image_without_alt", lesson.key)
        elif not block.characters:
            yield Problem("block_blank", lesson.key)


def _check_quiz(lesson: LessonDraft) -> Iterator[Problem]:
    if not 1 <= lesson.draw <= len(lesson.questions):
        yield Problem("pool_too_small", lesson.key, draw=lesson.draw, pool=len(lesson.questions))
    if not 1 <= lesson.pass_percent <= 100:
        yield Problem("pass_mark_bad", lesson.key)
    if (lesson.attempts is not None and lesson.attempts < 1) or lesson.cool_off_minutes < 0:
        yield Problem("attempts_bad", lesson.key)
    for _key in _repeated_or_bad(question.key for question in lesson.questions):
        yield Problem("question_key_bad", lesson.key)
    for question in lesson.questions:
        yield from _check_question(lesson.key, question)


def _check_question(lesson: str, question: QuestionDraft) -> Iterator[Problem]:
    if not question.prompt.strip():
        yield Problem("question_blank", lesson)
    prompt, keys = question.prompt, [option.key for option in question.options]
    texts = [" ".join(option.text.split()) for option in question.options]
    if len(keys) < 2:
        yield Problem("options_too_few", lesson, prompt=prompt)
    if len(keys) > 26:
        yield Problem("options_too_many", lesson, prompt=prompt, most=26)
    if not all(texts):
        yield Problem("option_blank", lesson, prompt=prompt)
    if len(set(texts)) < len(texts) or len(set(keys)) < len(keys):
        yield Problem("options_equal", lesson, prompt=prompt)
    if not question.right:
        yield Problem("no_right_option", lesson, prompt=prompt)
    elif not set(question.right) <= set(keys):
        yield Problem("right_option_unknown", lesson, prompt=prompt)
    elif len(set(question.right)) > 1 and not question.multiple:
        yield Problem("one_right_option", lesson, prompt=prompt)


def _repeated_or_bad(keys: Iterable[str]) -> list[str]:
    return [
        key for key, times in Counter(keys).items() if times > 1 or not key.strip() or len(key) > KEY_LENGTH
    ]
