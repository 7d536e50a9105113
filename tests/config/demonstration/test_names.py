"""Invented names look like a roster, and are the same for the same seed."""

from __future__ import annotations

from random import Random

import pytest
from fontTools.ttLib import TTFont

from config.demonstration.names import (
    COMPOUND_SURNAMES,
    RARE,
    address,
    facility_names,
    person_name,
    short_place,
)
from credentials.documents.fonts import FILES, NAME_FACE


def roster(seed: int, size: int = 3000) -> list[str]:
    chance = Random(seed)
    return [person_name(chance) for _ in range(size)]


def test_the_same_seed_gives_the_same_roster() -> None:
    assert roster(7) == roster(7)
    assert roster(7) != roster(8)


def test_a_roster_has_names_of_every_kind() -> None:
    names = roster(1)
    assert {2, 3, 4} <= {len(name) for name in names}
    assert any("·" in name for name in names)
    assert any(name.startswith(COMPOUND_SURNAMES) for name in names)
    assert any(character in name for name in names for character in RARE)
    assert len(set(names)) > 0.9 * len(names)


def test_the_font_of_the_certificate_can_print_every_name() -> None:
    drawn = set(TTFont(FILES[NAME_FACE])["cmap"].getBestCmap())
    used = {character for name in roster(2, 30_000) for character in name}
    assert set("".join(RARE)) <= used
    assert {character for character in used if ord(character) not in drawn} == set()


@pytest.mark.parametrize(
    ("division", "short"),
    [
        ("五华区", "五华"),
        ("昆明市", "昆明"),
        ("石林彝族自治县", "石林"),
        ("双江拉祜族佤族布朗族傣族自治县", "双江"),
        ("怒江傈僳族自治州", "怒江"),
        ("云南省", "云南省"),
        ("岫岩满族自治县", "岫岩"),
        ("绥江县", "绥江"),
        ("昌县", "昌县"),
    ],
)
def test_a_place_is_called_as_people_call_it(division: str, short: str) -> None:
    assert short_place(division) == short


def test_390_facilities_have_390_names() -> None:
    names = facility_names(Random(3), ["五华区", "官渡区", "石林彝族自治县"] * 130)
    assert (len(names), len(set(names))) == (390, 390)
    assert names[2].startswith("石林")


def test_a_place_with_more_facilities_than_names_is_refused() -> None:
    with pytest.raises(ValueError, match="五华区: more than 216 facilities"):
        facility_names(Random(3), ["五华区"] * 217)


def test_an_address_lies_in_its_place() -> None:
    assert address(Random(5), "昆明市五华区").startswith("昆明市五华区")
    assert address(Random(5), "昆明市") == address(Random(5), "昆明市")
