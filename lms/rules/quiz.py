"""Quizzes: papers frozen per attempt, answers that never leave the server.

A paper draws some questions of a pool, shuffles them and their options, and
names them afresh (numbers and letters), so neither order nor keys of the
author tell which option is right.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from lms.rules.course import QuestionDraft
from lms.rules.intervals import difference, length, normal
from lms.rules.reasons import Code, Reason
from lms.rules.watching import milliseconds

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class UnknownAnswer(ValueError):
    """An answer names a question or an option that the paper does not have."""


class PoolTooSmall(ValueError):
    """More questions are to be drawn than the pool has, or none."""


@dataclass(frozen=True, slots=True)
class PaperItem:
    """One question of a paper. `options` maps the letters, in their order, to the author's keys."""

    number: int
    question: str
    prompt: str
    multiple: bool
    options: tuple[tuple[str, str, str], ...]  # letter, author's option key, text

    @property
    def letters(self) -> tuple[str, ...]:
        return tuple(letter for letter, _, _ in self.options)


@dataclass(frozen=True, slots=True)
class Paper:
    """What one attempt is asked, for ever."""

    items: tuple[PaperItem, ...]

    def public(self) -> dict[str, Any]:
        """What may be sent to the learner: no key and no answer."""
        return {
            "items": [
                {
                    "number": item.number,
                    "prompt": item.prompt,
                    "multiple": item.multiple,
                    "options": [{"letter": letter, "text": text} for letter, _, text in item.options],
                }
                for item in self.items
            ]
        }

    def as_json(self) -> dict[str, Any]:
        """Plain data for the attempt's row; `from_json` gives back an equal paper."""
        return {
            "items": [
                {
                    "number": item.number,
                    "question": item.question,
                    "prompt": item.prompt,
                    "multiple": item.multiple,
                    "options": [list(option) for option in item.options],
                }
                for item in self.items
            ]
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Paper:
        return cls(
            tuple(
                PaperItem(
                    number=row["number"],
                    question=row["question"],
                    prompt=row["prompt"],
                    multiple=row["multiple"],
                    options=tuple((letter, key, text) for letter, key, text in row["options"]),
                )
                for row in data["items"]
            )
        )


@dataclass(frozen=True, slots=True)
class Result:
    """One question after grading: for the learner, once the attempt is over."""

    number: int
    question: str
    chosen: tuple[str, ...]
    right: tuple[str, ...]
    is_right: bool
    explanation: str


@dataclass(frozen=True, slots=True)
class Graded:
    """A graded paper. `percent` is rounded down; passing is decided on the exact fraction."""

    right: int
    asked: int
    pass_percent: int
    results: tuple[Result, ...]

    @property
    def percent(self) -> int:
        return self.right * 100 // self.asked

    @property
    def passed(self) -> bool:
        return self.right * 100 >= self.pass_percent * self.asked


def draw_paper(items: Sequence[QuestionDraft], count: int, seed: int | str) -> Paper:
    """Draw `count` of `items`; the same seed draws the same paper. Raises PoolTooSmall."""
    if not 1 <= count <= len(items):
        raise PoolTooSmall(f"{count} of {len(items)}")
    chance = Random(seed)  # noqa: S311 - an order, not a secret: answers are never sent
    return Paper(
        tuple(
            PaperItem(
                number=number,
                question=question.key,
                prompt=question.prompt,
                multiple=question.multiple,
                options=tuple(
                    (LETTERS[place], option.key, option.text)
                    for place, option in enumerate(chance.sample(question.options, len(question.options)))
                ),
            )
            for number, question in enumerate(chance.sample(items, count), start=1)
        )
    )


def grade(
    paper: Paper,
    items: Sequence[QuestionDraft],
    answers: Mapping[int, Collection[str]],
    *,
    pass_percent: int,
) -> Graded:
    """Grade letters by number. A question is right when exactly the right options were chosen.

    Unanswered is wrong. Raises UnknownAnswer for a number or letter the paper does not
    have, and for a second letter where only one may be chosen; KeyError if `items` is
    not the pool the paper was drawn from.
    """
    pool = {question.key: question for question in items}
    numbers = {item.number for item in paper.items}
    if unknown := set(answers) - numbers:
        raise UnknownAnswer(f"question {min(unknown)}")
    results: list[Result] = []
    for item in paper.items:
        chosen = tuple(sorted(set(answers.get(item.number, ()))))
        for letter in chosen:
            if letter not in item.letters:
                raise UnknownAnswer(f"question {item.number}, option {letter}")
        if len(chosen) > 1 and not item.multiple:
            raise UnknownAnswer(f"question {item.number}, more than one option")
        question = pool[item.question]
        right = tuple(letter for letter, key, _ in item.options if key in question.right)
        results.append(
            Result(item.number, item.question, chosen, right, chosen == right, question.explanation)
        )
    return Graded(sum(result.is_right for result in results), len(results), pass_percent, tuple(results))


def read_answers(data: Mapping[str, Collection[str]]) -> dict[int, tuple[str, ...]]:
    """Answers as a form or a JSON column holds them: numbers as text. Raises UnknownAnswer."""
    answers: dict[int, tuple[str, ...]] = {}
    for number, letters in data.items():
        if not (number.isascii() and number.isdigit()):
            raise UnknownAnswer(f"question {number}")
        answers[int(number)] = tuple(letters)
    return answers


@dataclass(frozen=True, slots=True)
class AttemptRules:
    """`attempts` None: as many as she likes; `cool_off_minutes` between the end of one and the next."""

    attempts: int | None = None
    cool_off_minutes: int = 0


@dataclass(frozen=True, slots=True)
class Attempt:
    """An earlier attempt; `submitted_at` None while it is open."""

    started_at: datetime
    submitted_at: datetime | None
    passed: bool = False


@dataclass(frozen=True, slots=True)
class MayAttempt:
    """`reason` says why not; `not_before` from when, if waiting helps."""

    allowed: bool
    reason: Reason | None = None
    not_before: datetime | None = None


def may_attempt(previous: Sequence[Attempt], rules: AttemptRules, now: datetime) -> MayAttempt:
    """May another attempt begin at `now`? An open one is resumed, never doubled; a passed one suffices."""
    if any(attempt.passed for attempt in previous):
        return MayAttempt(False, Reason(Code.QUIZ_PASSED))
    if any(attempt.submitted_at is None for attempt in previous):
        return MayAttempt(False, Reason(Code.QUIZ_OPEN))
    if rules.attempts is not None and len(previous) >= rules.attempts:
        return MayAttempt(False, Reason(Code.QUIZ_ATTEMPTS_USED, attempts=rules.attempts))
    ends = [attempt.submitted_at for attempt in previous if attempt.submitted_at is not None]
    if ends:
        not_before = max(ends) + timedelta(minutes=rules.cool_off_minutes)
        if now < not_before:
            return MayAttempt(
                False, Reason(Code.QUIZ_COOL_OFF, minutes=rules.cool_off_minutes), not_before=not_before
            )
    return MayAttempt(True)


def earned_minutes(
    *,
    class_minutes: int,
    started_at: datetime,
    submitted_at: datetime,
    spent: Iterable[tuple[int, int]] = (),
) -> int:
    """Minutes a passed quiz credits: what it declares, never more than the whole minutes it took.

    `spent`: real time (milliseconds since 1970) already credited to something else; it pays once.
    """
    free = difference(normal([(milliseconds(started_at), milliseconds(submitted_at))]), normal(spent))
    return min(class_minutes, length(free) // 60_000)
