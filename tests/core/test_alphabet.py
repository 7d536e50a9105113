"""The check character's promises, tried on every error of each kind."""

from __future__ import annotations

import random

import pytest

from core.alphabet import BASE, SYMBOLS, UnknownSymbol, check_character, checks, forgive
from core.ids import random_symbols

LENGTH = 12  # of a certificate number without its check character


def samples(count: int) -> list[str]:
    chance = random.Random(31)
    texts = ["".join(chance.choice(SYMBOLS) for _ in range(LENGTH)) for _ in range(count)]
    return [text + check_character(text) for text in texts]


def test_the_alphabet_is_that_of_gb_32100() -> None:
    assert SYMBOLS == "0123456789ABCDEFGHJKLMNPQRTUWXY"
    assert BASE == 31


@pytest.mark.parametrize(
    ("text", "check"),
    [  # worked by hand: weights 1, 3, 9, 27, 19 …
        ("0", "0"),
        ("1", "Y"),  # -1 mod 31 = 30
        ("11", "U"),  # -(1 + 3) = 27
        ("Y", "1"),
        ("A5", "6"),  # -(10 + 15) = 6
        ("0001", "4"),  # -27 = 4
    ],
)
def test_the_check_character_is_the_negative_weighted_sum(text: str, check: str) -> None:
    assert check_character(text) == check


def test_the_check_agrees_with_the_check_character_of_a_unified_social_credit_code() -> None:
    # GB 32100 defines 17 symbols and a check; 91350100M000100Y43 is the standard's own example.
    assert check_character("91350100M000100Y4") == "3"


def test_every_wrong_symbol_is_found() -> None:
    for text in samples(40):
        for place in range(len(text)):
            for symbol in SYMBOLS:
                if symbol != text[place]:
                    assert not checks(text[:place] + symbol + text[place + 1 :])


@pytest.mark.parametrize("distance", [1, 2])
def test_every_swap_is_found(distance: int) -> None:
    for text in samples(400):
        for place in range(len(text) - distance):
            other = place + distance
            if text[place] != text[other]:
                swapped = list(text)
                swapped[place], swapped[other] = swapped[other], swapped[place]
                assert not checks("".join(swapped))


def test_every_twin_is_found() -> None:
    body = "0" * (LENGTH + 1)
    for place in range(LENGTH):
        for first in SYMBOLS:
            for second in SYMBOLS:
                if first == second:
                    continue
                doubled = body[:place] + first * 2 + body[place + 2 :]
                mistaken = body[:place] + second * 2 + body[place + 2 :]
                # Linear: both can be right only if their difference is; try the completed text.
                right = doubled[:LENGTH] + check_character(doubled[:LENGTH])
                if right[place : place + 2] == first * 2:
                    assert not checks(right[:place] + second * 2 + right[place + 2 :]), (place, mistaken)


def test_two_independent_errors_are_missed_about_once_in_31() -> None:
    chance = random.Random(7)
    missed = tried = 0
    for text in samples(400):
        for _ in range(25):
            one, two = chance.sample(range(len(text)), 2)
            wrong = list(text)
            for place in (one, two):
                wrong[place] = chance.choice([symbol for symbol in SYMBOLS if symbol != text[place]])
            tried += 1
            missed += checks("".join(wrong))
    assert 0.02 < missed / tried < 0.045


@pytest.mark.parametrize("text", ["", "5", "53 26", "O1", "５"])
def test_what_is_no_text_of_the_alphabet_does_not_check(text: str) -> None:
    assert not checks(text)


def test_a_strange_symbol_is_named_with_its_place() -> None:
    with pytest.raises(UnknownSymbol) as caught:
        check_character("53Ö")
    assert (caught.value.symbol, caught.value.position) == ("Ö", 3)


def test_random_symbols_are_of_the_alphabet_and_all_of_them_come() -> None:
    text = random_symbols(4000)
    assert len(text) == 4000
    assert set(text) == set(SYMBOLS)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("53 26 b 0012345 k", "5326B0012345K"),
        ("53-26–B—0012345−K", "5326B0012345K"),
        ("５３２６Ｂ００１２３４５Ｋ", "5326B0012345K"),
        ("53\u3000 26\u200bB\t0012345\nK", "5326B0012345K"),
        ("iosvz", "105U2"),
        ("IOSVZ", "105U2"),
        ("4K7P·0QXM·9ATB", "4K7P0QXM9ATB"),
        ("人A", "人A"),
        ("", ""),
    ],
)
def test_typed_text_is_forgiven(typed: str, meant: str) -> None:
    assert forgive(typed) == meant


def test_forgiving_twice_changes_nothing_more() -> None:
    for char in map(chr, range(0x20, 0x3000)):
        once = forgive(char)
        assert forgive(once) == once, hex(ord(char))
