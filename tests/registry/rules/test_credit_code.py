"""GB 32100: what is a unified social credit code and what is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.rules.credit_code import BadCreditCode, read, synthetic_credit_code

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def checked(first_seventeen: str) -> str:
    """GB 32100 by its definition: weights are powers of 3 modulo 31."""
    total = sum(ALPHABET.index(char) * pow(3, place, 31) for place, char in enumerate(first_seventeen))
    return first_seventeen + ALPHABET[-total % 31]


CODE = checked("52530199MJ0000001")


def code_of(raw: str) -> str:
    with pytest.raises(BadCreditCode) as refusal:
        read(raw)
    return refusal.value.code


@pytest.mark.parametrize(
    "raw",
    [
        CODE,
        CODE.lower(),
        f" {CODE[:2]} {CODE[2:8]}-{CODE[8:]}\u200b",
        "".join(chr(ord(c) + 0xFEE0) for c in CODE),
    ],
)
def test_one_organisation_however_it_was_typed(raw: str) -> None:
    assert read(raw) == CODE


def test_a_village_collective_has_a_letter_in_front() -> None:
    code = checked("N1530199MF0000001")
    assert read(code) == code


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("", "empty"),
        ("\u3000 ", "empty"),
        (CODE[:-1], "length"),
        (CODE + "1", "length"),
        ("530199000000015", "length"),
        (CODE[:10] + "O" + CODE[11:], "characters"),
        ("02" + CODE[2:], "characters"),
        (CODE[:4] + "A" + CODE[5:], "characters"),
        (CODE[:-1] + ("1" if CODE[-1] != "1" else "2"), "checksum"),
        ("5.25302E+17", "lost_digits"),
        ("525301990000001000"[:18], "lost_digits"),
    ],
)
def test_what_is_no_credit_code_is_refused_by_its_reason(raw: str, code: str) -> None:
    assert code_of(raw) == code


@given(st.integers(0, 99_999_999))
def test_every_synthetic_code_is_valid(serial: int) -> None:
    code = synthetic_credit_code("530199", serial)
    assert code == checked(code[:17]) == read(code)
    assert code[2:8] == "530199"


@pytest.mark.parametrize(("division", "serial"), [("530102", 1), ("530199", -1), ("530199", 100_000_000)])
def test_no_code_is_made_that_could_be_an_organisations(division: str, serial: int) -> None:
    with pytest.raises(ValueError, match=r"issued|serial"):
        synthetic_credit_code(division, serial)


@given(st.text(max_size=25))
def test_any_text_is_read_or_refused(raw: str) -> None:
    try:
        code = read(raw)
    except BadCreditCode:
        return
    assert read(code) == code
