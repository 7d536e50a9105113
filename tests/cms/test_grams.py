"""Chinese is cut into pairs; the rest stays words."""

from __future__ import annotations

import pytest

from cms.grams import Wanted, grams, wanted


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("消防", "消防"),
        ("托育机构", "托育 育机 机构"),
        ("CPR 急救2.0", "cpr 急救 2 0"),
        ("ＣＰＲ", "cpr"),  # full width
        ("消防、安全", "消防 安全"),  # a pair never bridges two runs
        ("火", "火"),
        ("𠮷𡨚𫝀", "𠮷𡨚 𡨚𫝀"),  # extensions B and D
        ("𰻞面", "𰻞面"),  # extension G
        ("々〇", "々〇"),
        ("，。！", ""),
        ("", ""),
    ],
)
def test_text_is_cut_into_pairs_and_words(text: str, expected: str) -> None:
    assert grams(text) == expected


def test_a_query_is_phrases_and_lone_letters() -> None:
    assert wanted("消防安全 CPR 火") == Wanted(("消防 防安 安全", "cpr"), ("火",))


def test_a_query_without_words_wants_nothing() -> None:
    assert wanted(" ！ ").empty
    assert not wanted("火").empty


def test_a_word_said_twice_is_wanted_once() -> None:
    assert wanted("急救 急救") == Wanted(("急救",), ())
