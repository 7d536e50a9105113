"""A name is kept as printed, compared by a key, shown masked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.rules.names import BadName, masked_name, match_key, read_name


@pytest.mark.parametrize("rare", ["王䶮", "李𬱖", "张㛃", "赵\U00031350", "钱〇", "孙\U0002ebf0"])
def test_a_rare_character_is_a_character(rare: str) -> None:
    assert read_name(rare).printed == rare
    assert read_name(rare).match_key == rare
    assert masked_name(rare) == rare[0] + "*"


@pytest.mark.parametrize(
    ("spelled", "key"),
    [
        ("王 明", "王明"),
        ("\u3000王\u3000明 ", "王明"),
        ("王\u200b明\ufeff", "王明"),
        ("阿依古丽·买买提", "阿依古丽·买买提"),
        ("阿依古丽•买买提", "阿依古丽·买买提"),
        ("阿依古丽・买买提", "阿依古丽·买买提"),
        ("阿依古丽．买买提", "阿依古丽·买买提"),
        ("阿依古丽 . 买买提", "阿依古丽·买买提"),
        ("阿依古丽··买买提·", "阿依古丽·买买提"),
        ("阿依古丽･买买提", "阿依古丽·买买提"),
        ("MARIA  Garcia", "maria garcia"),
        ("Ｍａｒｉａ Garcia", "maria garcia"),
        ("O’Neill", "o'neill"),
        ("\uf90a小明", "金小明"),
        ("⾦小明", "金小明"),
        ("辻\U000e0100小明", "辻小明"),
    ],
)
def test_spellings_of_one_name_share_a_key(spelled: str, key: str) -> None:
    assert read_name(spelled).match_key == match_key(spelled) == key


def test_traditional_and_simplified_stay_two_names() -> None:
    assert match_key("呂明") != match_key("吕明")


def test_the_printed_form_is_kept() -> None:
    assert read_name("  阿依古丽•买买提 ").printed == "阿依古丽•买买提"
    assert read_name("辻\U000e0100小明").printed == "辻\U000e0100小明"


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("", "empty"),
        (" \u200b\u3000", "empty"),
        ("王明1", "digits"),
        ("王明１", "digits"),
        ("王明①", "digits"),
        ("王\x07明", "control"),
        ("王\ue000", "private_use"),
        ("王\U000f0001", "private_use"),
        ("王明(小)", "characters"),
        ("王明/李红", "characters"),
        ("王😀", "characters"),
        ("王\ud800", "characters"),
        ("·", "characters"),
        ("-", "characters"),
        ("王" * 101, "length"),
    ],
)
def test_what_cannot_be_a_name_is_refused_by_its_reason(raw: str, code: str) -> None:
    with pytest.raises(BadName) as refusal:
        read_name(raw)
    assert refusal.value.code == code


def test_a_name_of_a_hundred_characters_is_accepted() -> None:
    assert read_name("王" * 100).printed == "王" * 100


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("王小明", "王*明"),
        ("王明", "王*"),
        ("王 明", "王*"),
        ("王", "*"),
        ("欧阳小明", "欧**明"),
        ("阿依古丽·买买提", "阿***·**提"),
        ("阿依古丽.买买提", "阿***·**提"),
        ("阿·李", "*·*"),
        ("买买提·阿不都热合曼·吐尔逊", "买**·***·**逊"),
        ("王" + "小" * 50 + "明", "王***明"),
        ("Maria Garcia", "M*** G***"),
        ("Jean-Luc O'Neill", "J***-L** O'N***"),
        ("Zoe\u0308", "Z**"),
        ("", ""),
        ("’王小明", "'**明"),
        ("-王", "-*"),
    ],
)
def test_masked_names(name: str, masked: str) -> None:
    assert masked_name(name) == masked


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused_and_can_be_masked(raw: str) -> None:
    masked_name(raw)
    try:
        name = read_name(raw)
    except BadName:
        return
    assert match_key(name.printed) == name.match_key == match_key(name.match_key)
    assert read_name(name.printed) == name


@given(st.text("王李张小明红伟芳丽强·", min_size=3, max_size=12))
def test_a_mask_never_shows_a_chinese_name_whole(name: str) -> None:
    letters = [char for char in name if char != "·"]
    if letters:
        assert len([char for char in masked_name(name) if char not in "·*"]) < max(len(letters), 1)
