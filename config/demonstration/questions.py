"""The quiz items of the demonstration's courses: single choice, multiple choice, true or false."""

from __future__ import annotations

from dataclasses import dataclass

from config.demonstration.tables import Table

TOPICS = (
    "fire_safety",
    "first_aid",
    "hygiene",
    "nutrition",
    "ethics",
    "sleep",
    "infection",
    "care_routine",
    "injury_prevention",
    "communication",
)
QUIZ_POOL = (8, 20)


@dataclass(frozen=True, slots=True)
class DemoQuestion:
    """One item of a pool. `options` are (key, text); `right` holds keys, in the order of the options."""

    key: str
    kind: str  # single | multiple | true_false
    topic: str
    stem: str
    options: tuple[tuple[str, str], ...]
    right: tuple[str, ...]
    explanation: str

    @property
    def multiple(self) -> bool:
        return self.kind == "multiple"


def read_questions(lesson: Table) -> tuple[DemoQuestion, ...]:
    """The pool of a quiz. Raises ContentError for an item that cannot be answered."""
    keys = ("kind", "topic", "stem", "options", "right", "explanation")
    questions: list[DemoQuestion] = []
    for number, table in enumerate(lesson.tables("questions", keys), start=1):
        question = _question(table, f"q{number}")
        if question.stem in (other.stem for other in questions):
            raise table.fail("stem", f"“{question.stem}” stands twice")
        questions.append(question)
    least, most = QUIZ_POOL
    if not least <= len(questions) <= most:
        raise lesson.fail("questions", f"{len(questions)} items, wanted {least} to {most}")
    return tuple(questions)


def _question(table: Table, key: str) -> DemoQuestion:
    kind = table.one_of("kind", ("single", "multiple", "true_false"))
    if kind == "true_false":
        if "options" in table.data:
            raise table.fail("options", "a statement is true or false, it has no options")
        options: tuple[tuple[str, str], ...] = (("a", "正确"), ("b", "错误"))
        right: tuple[str, ...] = ("a",) if table.truth("right") else ("b",)
    else:
        texts = table.texts("options", 3, 6, 60)
        if bad := next((text for text in texts if "以上" in text), ""):
            raise table.fail("options", f"“{bad}” speaks of the others' order, and papers are shuffled")
        options = tuple((chr(ord("a") + place), text) for place, text in enumerate(texts))
        right = _right(table, kind, [letter for letter, _ in options])
    return DemoQuestion(
        key=key,
        kind=kind,
        topic=table.one_of("topic", TOPICS),
        stem=table.text("stem", 120),
        options=options,
        right=right,
        explanation=table.text("explanation", 160),
    )


def _right(table: Table, kind: str, letters: list[str]) -> tuple[str, ...]:
    right = tuple(sorted(table.text("right", len(letters)).lower()))
    if len(set(right)) < len(right) or not set(right) <= set(letters):
        raise table.fail("right", f"“{''.join(right)}” does not name options {letters[0]} to {letters[-1]}")
    if kind == "single" and len(right) != 1:
        raise table.fail("right", "a single choice has one right option")
    if kind == "multiple" and not 2 <= len(right) < len(letters):
        raise table.fail("right", "a multiple choice has two or more right options, and a wrong one")
    return right
