"""Every code says a whole sentence, in both languages."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.utils import translation

from lms.rules import publishing
from lms.rules.publishing import Problem
from lms.rules.reasons import SENTENCES, Code, Reason, category_words

FACTS: dict[str, Any] = {
    "cycle": 2,
    "happened_on": date(2024, 2, 29),
    "recorded_on": date(2024, 3, 1),
    "met_on": date(2024, 3, 2),
    "starts_on": date(2022, 2, 8),
    "reversed_on": date(2024, 3, 3),
    "joined_on": date(2024, 3, 4),
    "done_on": date(2024, 3, 4),
    "due_on": date(2025, 3, 4),
    "minutes": 45,
    "cap": 900,
    "cut": 30,
    "category": "topic:fire",
    "source": "self",
    "title": "心肺复苏",
    "duty": "health_check",
    "attempts": 3,
    "minutes_before": 5400,
    "minutes_after": 4500,
    "until_before": date(2027, 1, 1),
    "until_after": date(2028, 1, 1),
    "opens_on": date(2029, 1, 1),
    "before": "yunnan-caregivers",
    "after": "kunming-caregivers",
    "number": 2,
    "occupation": "king",
    "name": "张三",
    "most": 120,
    "declared": 9,
    "allowed": 8,
    "draw": 5,
    "pool": 4,
    "prompt": "先做什么?",
}
HAN = re.compile(r"[\u4e00-\u9fff]")


def facts_of(sentence: str) -> dict[str, Any]:
    return {name: FACTS[name] for name in re.findall(r"%\((\w+)\)s", sentence)}


def test_every_code_has_its_sentence() -> None:
    assert set(SENTENCES) == set(Code)


@pytest.mark.parametrize("code", Code)
def test_a_reason_is_said_in_english_and_in_chinese(code: Code) -> None:
    with translation.override("en"):
        reason = Reason(code, **facts_of(str(SENTENCES[code])))
        english = reason.words
        assert "%" not in english
        assert not HAN.search(english.replace("心肺复苏", ""))
    with translation.override("zh-hans"):
        chinese = reason.words
        assert "%(" not in chinese
        assert HAN.search(chinese)
        assert chinese != english
        assert facts_of(str(SENTENCES[code])).keys() == dict(reason.facts).keys()


@pytest.mark.parametrize("code", publishing.SENTENCES)
def test_a_problem_is_said_in_english_and_in_chinese(code: str) -> None:
    with translation.override("en"):
        problem = Problem(code, **facts_of(str(publishing.SENTENCES[code])))
        english = problem.words
    with translation.override("zh-hans"):
        assert HAN.search(problem.words.replace("张三", "").replace("先做什么?", ""))
        assert problem.words != english


def test_days_categories_and_sources_are_named_in_the_readers_language() -> None:
    reason = Reason(Code.CAP_CUT, cycle=1, cap=900, category="online", cut=30)
    with translation.override("zh-hans"):
        assert "线上学时" in reason.words
        assert "2024年2月29日" in Reason(Code.OUTSIDE_CYCLES, happened_on=date(2024, 2, 29)).words
        assert category_words("topic:fire") == "专题“fire”"
    with translation.override("en"):
        assert "online hours" in reason.words
        assert "29 Feb 2024" in Reason(Code.OUTSIDE_CYCLES, happened_on=date(2024, 2, 29)).words


def test_a_reason_is_plain_data_whatever_the_order_of_its_facts() -> None:
    one = Reason(Code.IN_CYCLE, cycle=1, happened_on=date(2024, 2, 29))
    assert one == Reason(Code.IN_CYCLE, happened_on=date(2024, 2, 29), cycle=1)
    assert one.as_json() == {"code": "in_cycle", "facts": {"cycle": 1, "happened_on": "2024-02-29"}}
