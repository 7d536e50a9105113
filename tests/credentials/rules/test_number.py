from __future__ import annotations

import pytest

from core.alphabet import SYMBOLS
from core.refusals import Refused
from credentials.rules.number import LETTERS, Number, format_number, grouped, parse_number, series

NUMBER = format_number(province="53", year=2026, letter="B", serial=12345)


def test_a_number_is_province_year_letter_serial_and_check() -> None:
    assert NUMBER[:-1] == "5326B0012345"
    # -(5 + 3·3 + 2·9 + 6·27 + 11·19 + 1·1·… ) worked apart from the code:
    values = [5, 3, 2, 6, 11, 0, 0, 1, 2, 3, 4, 5]
    weighted = sum(value * pow(3, place, 31) for place, value in enumerate(values))
    assert (weighted + SYMBOLS.index(NUMBER[-1])) % 31 == 0
    assert len(NUMBER) == 13


def test_a_number_is_printed_in_groups() -> None:
    assert grouped(NUMBER) == f"53 26 B 0012345 {NUMBER[-1]}"


def test_parsing_gives_the_parts_again() -> None:
    number = parse_number(grouped(NUMBER))
    assert number == Number(province="53", year=2026, letter="B", serial=12345)
    assert number.compact == NUMBER
    assert number.prefix == series(province="53", year=2026, letter="B") == "5326B"


@pytest.mark.parametrize("spelling", [str.lower, "-".join, lambda text: f" {text}\n"])
def test_typing_is_forgiven(spelling: object) -> None:
    assert callable(spelling)
    assert parse_number(spelling(NUMBER)).compact == NUMBER


def test_the_letter_o_for_a_zero_is_forgiven() -> None:
    assert parse_number(NUMBER.replace("0", "O")).compact == NUMBER


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "number_empty"),
        (" - ", "number_empty"),
        (NUMBER[:-1], "number_length"),
        (NUMBER + "0", "number_length"),
        ("53260" + NUMBER[5:], "number_form"),  # a digit where the letter stands
        ("5X" + NUMBER[2:], "number_form"),
        ("03" + NUMBER[2:], "number_form"),
        ("证书26B0012345K", "number_form"),
        ("5326B0000000" + "0", "number_form"),
        (NUMBER[:7] + "9" + NUMBER[8:], "number_check"),
        (NUMBER[:-1] + ("0" if NUMBER[-1] != "0" else "1"), "number_check"),
    ],
)
def test_what_is_no_number_is_refused_by_name(typed: str, code: str) -> None:
    with pytest.raises(Refused) as caught:
        parse_number(typed)
    assert caught.value.code == code


@pytest.mark.parametrize(
    "parts",
    [
        {"province": "5"},
        {"province": "03"},
        {"province": "５３"},
        {"year": 1999},
        {"year": 2100},
        {"letter": "I"},
        {"letter": "5"},
        {"letter": "BB"},
        {"serial": 0},
        {"serial": 10_000_000},
    ],
)
def test_impossible_parts_never_become_a_number(parts: dict[str, object]) -> None:
    lawful: dict[str, object] = {"province": "53", "year": 2026, "letter": "B", "serial": 1}
    with pytest.raises(ValueError, match="is not"):
        format_number(**(lawful | parts))  # type: ignore[arg-type]


def test_the_last_serial_is_lawful() -> None:
    text = format_number(province="53", year=2099, letter="F", serial=9_999_999)
    assert parse_number(text).serial == 9_999_999


def test_every_occupation_has_its_own_letter_of_the_alphabet() -> None:
    assert len(set(LETTERS.values())) == len(LETTERS) == 4
    for letter in LETTERS.values():
        assert format_number(province="53", year=2026, letter=letter, serial=1)[4] == letter
