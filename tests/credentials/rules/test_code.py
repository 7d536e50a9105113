from __future__ import annotations

import pytest

from core.alphabet import SYMBOLS
from core.refusals import Refused
from credentials.rules.code import grouped, new_code, parse_code

CODE = "4K7P0QXM9ATB"


def test_a_new_code_is_twelve_symbols_and_never_the_same() -> None:
    codes = {new_code() for _ in range(2000)}
    assert len(codes) == 2000
    assert {len(code) for code in codes} == {12}
    assert set("".join(codes)) == set(SYMBOLS)


def test_a_code_is_printed_in_groups_of_four() -> None:
    assert grouped(CODE) == "4K7P 0QXM 9ATB"


@pytest.mark.parametrize(
    "typed",
    [
        CODE,
        grouped(CODE),
        CODE.lower(),
        "4k7p-oqxm-9atb",
        "４Ｋ７Ｐ ０ＱＸＭ ９ＡＴＢ",
        f"HTTPS://ZS.EXAMPLE/C/{CODE}",
        f"https://zs.example/c/{CODE.lower()}#1234567",
        f" http://127.0.0.1:8000/C/{CODE}/?from=qr",
    ],
)
def test_what_was_typed_or_pasted_is_read(typed: str) -> None:
    assert parse_code(typed) == CODE


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "code_empty"),
        ("  -- ", "code_empty"),
        (CODE[:-1], "code_length"),
        (CODE + "A", "code_length"),
        ("4K7P0QXM9AT!", "code_symbol"),
        ("验证码", "code_symbol"),
        ("https://zs.example/verify/" + CODE, "code_symbol"),
    ],
)
def test_what_is_no_code_is_refused_by_name(typed: str, code: str) -> None:
    with pytest.raises(Refused) as caught:
        parse_code(typed)
    assert caught.value.code == code
