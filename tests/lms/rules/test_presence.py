"""The question, its moment and its end."""

from __future__ import annotations

from collections import Counter
from random import Random
from statistics import mean

import pytest
from django.utils import translation

from lms.rules.presence import (
    ASKED,
    CHOICES,
    LONGEST_MS,
    NAMES,
    OPEN_MS,
    SHORTEST_MS,
    WORDS,
    Outcome,
    draw_interval,
    draw_question,
    is_over,
    judge,
)


def test_the_moment_is_any_between_the_bounds() -> None:
    chance = Random(20260302)
    drawn = [draw_interval(chance) for _ in range(4_000)]
    assert SHORTEST_MS <= min(drawn) < SHORTEST_MS + 10_000
    assert LONGEST_MS - 10_000 < max(drawn) <= LONGEST_MS
    assert abs(mean(drawn) - (SHORTEST_MS + LONGEST_MS) / 2) < 10_000
    minutes = Counter(one // 60_000 for one in drawn if one < LONGEST_MS)
    assert sorted(minutes) == list(range(8, 15)), "no minute is spared"
    assert max(minutes.values()) < 1.4 * min(minutes.values()), "and none is preferred"


def test_there_is_time_for_a_drop_of_the_network() -> None:
    assert 60_000 < OPEN_MS <= 90_000
    assert OPEN_MS < SHORTEST_MS


def test_every_question_has_one_right_word() -> None:
    chance = Random(1)
    places = Counter()
    for _ in range(2_000):
        question = draw_question(chance)
        assert len(set(question.choices)) == CHOICES
        fitting = [place for place, word in enumerate(question.choices) if word in WORDS[question.kind]]
        assert fitting == [question.right]
        places[question.right] += 1
    assert min(places.values()) > 2_000 / CHOICES * 0.85, "each place is right as often"


def test_no_word_is_of_two_kinds_and_each_is_said_in_both_languages() -> None:
    assert sum(len(words) for words in WORDS.values()) == len(NAMES)
    assert set(ASKED) == set(WORDS)
    for said in (*ASKED.values(), *NAMES.values()):
        with translation.override("en"):
            english = str(said)
        with translation.override("zh-hans"):
            assert str(said) != english
    with translation.override("zh-hans"):
        assert len({str(name) for name in NAMES.values()}) == len(NAMES)


@pytest.mark.parametrize(
    ("choice", "now_ms", "outcome"),
    [
        (1, 89_999, Outcome.PASSED),
        (1, 90_000, Outcome.MISSED),  # the end is the first moment that is too late
        (0, 89_999, Outcome.WRONG),
        (0, 90_000, Outcome.MISSED),
        (1, -60_000, Outcome.PASSED),  # the server's clock was set back: no answer of hers is late
    ],
)
def test_an_answer_is_judged_by_its_place_and_the_servers_clock(
    choice: int, now_ms: int, outcome: Outcome
) -> None:
    assert judge(right=1, choice=choice, expires_ms=90_000, now_ms=now_ms) is outcome
    assert is_over(expires_ms=90_000, now_ms=now_ms) is (outcome is Outcome.MISSED)
