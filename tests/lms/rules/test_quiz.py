from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.rules.course import Option, QuestionDraft
from lms.rules.quiz import (
    Attempt,
    AttemptRules,
    Paper,
    PoolTooSmall,
    UnknownAnswer,
    draw_paper,
    earned_minutes,
    grade,
    may_attempt,
    read_answers,
)
from lms.rules.reasons import Code, Reason

NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)


def question(key: str, *, right: tuple[str, ...] = ("r0",), multiple: bool = False) -> QuestionDraft:
    return QuestionDraft(
        key=key,
        prompt=f"Question {key}",
        options=tuple(Option(name, f"{key} {name}") for name in ("r0", "w0", "r1", "w1")),
        right=right,
        explanation=f"because of {key}",
        multiple=multiple,
    )


POOL = (*(question(f"secret-{n}") for n in range(6)), question("secret-m", right=("r0", "r1"), multiple=True))


def letters(paper: Paper, number: int, keys: set[str]) -> tuple[str, ...]:
    item = paper.items[number - 1]
    return tuple(letter for letter, key, _ in item.options if key in keys)


def perfect(paper: Paper) -> dict[int, tuple[str, ...]]:
    rights = {one.key: set(one.right) for one in POOL}
    return {item.number: letters(paper, item.number, rights[item.question]) for item in paper.items}


@given(st.integers(), st.integers(1, len(POOL)))
def test_a_perfect_paper_is_all_right_and_an_empty_one_all_wrong(seed: int, count: int) -> None:
    paper = draw_paper(POOL, count, seed)
    assert len({item.question for item in paper.items}) == len(paper.items) == count
    full = grade(paper, POOL, perfect(paper), pass_percent=100)
    assert (full.right, full.percent, full.passed) == (count, 100, True)
    empty = grade(paper, POOL, {}, pass_percent=1)
    assert (empty.right, empty.percent, empty.passed) == (0, 0, False)


@given(st.integers())
def test_a_paper_survives_storage_and_the_seed_draws_it_again(seed: int) -> None:
    paper = draw_paper(POOL, 4, seed)
    assert Paper.from_json(json.loads(json.dumps(paper.as_json()))) == paper
    assert draw_paper(POOL, 4, seed) == paper


def test_what_is_sent_holds_neither_keys_nor_answers() -> None:
    sent = json.dumps(draw_paper(POOL, 7, 1).public())
    for secret in ("secret", "because", "right", "explanation", '"r0"', '"w1"'):
        assert secret not in sent.replace("secret-", "") if secret == "secret" else secret not in sent


def test_the_right_option_does_not_keep_its_place() -> None:
    places = {letters(draw_paper(POOL[:1], 1, seed), 1, {"r0"}) for seed in range(60)}
    assert places == {("A",), ("B",), ("C",), ("D",)}


def test_several_right_options_must_be_chosen_exactly() -> None:
    paper = draw_paper(POOL[-1:], 1, 3)
    for chosen, is_right in (({"r0", "r1"}, True), ({"r0"}, False), ({"r0", "r1", "w0"}, False)):
        graded = grade(paper, POOL, {1: letters(paper, 1, chosen)}, pass_percent=60)
        assert graded.results[0].is_right is is_right
    assert graded.results[0].explanation == "because of secret-m"
    assert graded.results[0].right == letters(paper, 1, {"r0", "r1"})


@pytest.mark.parametrize("answers", [{9: ("A",)}, {1: ("Z",)}, {1: ("A", "B")}, {0: ()}])
def test_unknown_or_too_many_answers_are_refused(answers: dict[int, tuple[str, ...]]) -> None:
    with pytest.raises(UnknownAnswer):
        grade(draw_paper(POOL[:2], 2, 1), POOL, answers, pass_percent=60)


def test_answers_of_a_form_are_read_and_nonsense_is_refused() -> None:
    assert read_answers({"1": ["A"], "12": ["B", "C"]}) == {1: ("A",), 12: ("B", "C")}
    for bad in ("", "x", "-1", "²"):
        with pytest.raises(UnknownAnswer):
            read_answers({bad: ["A"]})


@pytest.mark.parametrize("count", [0, 8, -1])
def test_a_paper_cannot_draw_more_than_its_pool_nor_nothing(count: int) -> None:
    with pytest.raises(PoolTooSmall):
        draw_paper(POOL, count, 1)


def test_passing_is_decided_on_the_exact_fraction() -> None:
    paper = draw_paper(POOL[:3], 3, 1)
    two_of_three = dict(list(perfect(paper).items())[:2])
    assert grade(paper, POOL, two_of_three, pass_percent=66).passed is True
    assert grade(paper, POOL, two_of_three, pass_percent=67).passed is False
    assert grade(paper, POOL, two_of_three, pass_percent=67).percent == 66


def ended(minutes_ago: int, *, passed: bool = False) -> Attempt:
    end = NOW - timedelta(minutes=minutes_ago)
    return Attempt(end - timedelta(minutes=5), end, passed)


@pytest.mark.parametrize(
    ("previous", "rules", "reason"),
    [
        ([], AttemptRules(), None),
        ([ended(1)], AttemptRules(), None),
        ([ended(1, passed=True)], AttemptRules(), Reason(Code.QUIZ_PASSED)),
        ([Attempt(NOW, None)], AttemptRules(), Reason(Code.QUIZ_OPEN)),
        ([ended(90), ended(80)], AttemptRules(attempts=2), Reason(Code.QUIZ_ATTEMPTS_USED, attempts=2)),
        ([ended(90), ended(80)], AttemptRules(attempts=3), None),
        ([ended(9)], AttemptRules(cool_off_minutes=10), Reason(Code.QUIZ_COOL_OFF, minutes=10)),
        ([ended(10)], AttemptRules(cool_off_minutes=10), None),
    ],
)
def test_another_attempt_may_begin(
    previous: list[Attempt], rules: AttemptRules, reason: Reason | None
) -> None:
    answer = may_attempt(previous, rules, NOW)
    assert (answer.allowed, answer.reason) == (reason is None, reason)


def test_the_cool_off_names_its_end() -> None:
    assert may_attempt([ended(9)], AttemptRules(cool_off_minutes=10), NOW).not_before == NOW + timedelta(
        minutes=1
    )


@pytest.mark.parametrize(("seconds", "minutes"), [(59, 0), (60, 1), (299, 4), (9_000, 5), (-60, 0)])
def test_a_quiz_credits_no_more_than_it_took(seconds: int, minutes: int) -> None:
    end = NOW + timedelta(seconds=seconds)
    assert earned_minutes(class_minutes=5, started_at=NOW, submitted_at=end) == minutes


@pytest.mark.parametrize(
    ("spent", "minutes"),
    [
        ([], 5),
        ([(0, 60)], 4),
        ([(-60, 60), (30, 90)], 3),
        ([(400, 500)], 5),
        ([(0, 300)], 0),
        ([(-5, 0)], 5),
    ],
)
def test_a_quiz_credits_no_second_that_was_paid_before(spent: list[tuple[int, int]], minutes: int) -> None:
    start = int(NOW.timestamp() * 1000)
    earned = earned_minutes(
        class_minutes=5,
        started_at=NOW,
        submitted_at=NOW + timedelta(seconds=300),
        spent=[(start + begin * 1000, start + end * 1000) for begin, end in spent],
    )
    assert earned == minutes
