from __future__ import annotations

import hashlib
import json

import pytest
from fontTools.ttLib import TTFont

from credentials.documents.fonts import FILES, FOLDER, LABEL_FACE, NAME_FACE, TEXT_FACE
from credentials.documents.glyphs import characters, faces_for, undrawable

MANIFEST = json.loads((FOLDER / "manifest.json").read_text())


@pytest.mark.parametrize(
    "name",
    [
        "杨春燕",
        "阿卜杜热合曼·买买提",
        "䶮㛃𬱖",
        "𠮷野",
        "𠅤㑇㭎㸆䲟𫍣𬸦",
        "龘靐",
        "囍玥喆堃",
        "Łukasz Nguyễn",
        "O'Neill",
        "José Ñandú",
        "〇",
        "",
    ],
)
def test_names_that_people_have_can_be_drawn(name: str) -> None:
    assert undrawable(name) == []


@pytest.mark.parametrize(
    ("name", "missing"),
    [
        ("王𬞞", ["𬞞"]),  # CJK extension E, in none of the three
        ("𬞞王𬞞", ["𬞞"]),
        ("\ue000李", ["\ue000"]),  # private use: every font draws something else
        ("ᦺᦑ", ["ᦺ", "ᦑ"]),  # New Tai Lue
        ("李\u200b明", ["\u200b"]),
        ("李\n明", ["\n"]),
        ("李\ufffe", ["\ufffe"]),
        ("😀", ["😀"]),
    ],
)
def test_what_no_font_draws_is_named(name: str, missing: list[str]) -> None:
    assert undrawable(name) == missing


def test_a_name_is_set_in_one_hand_wherever_one_font_has_all_of_it() -> None:
    assert faces_for("杨春燕")[0] == NAME_FACE
    assert faces_for("𠮷")[0] == NAME_FACE  # not in the serif
    only_serif = "㐆"
    assert ord(only_serif) in characters(TEXT_FACE) - characters(NAME_FACE)
    assert faces_for("杨" + only_serif)[0] == TEXT_FACE
    assert set(faces_for("𠮷" + only_serif)) == {NAME_FACE, TEXT_FACE, LABEL_FACE}


def test_all_of_gb2312_can_be_drawn_in_every_face() -> None:
    hanzi = {
        bytes((row, cell)).decode("gb2312")
        for row in range(0xB0, 0xF8)
        for cell in range(0xA1, 0xFF)
        if not (row == 0xD7 and cell > 0xF9)
    }
    assert len(hanzi) == 6763
    for family in FILES:
        assert {ord(char) for char in hanzi} <= characters(family), family


def test_the_manifest_names_every_font_and_its_licence() -> None:
    assert {entry["file"] for entry in MANIFEST} == {path.name for path in FOLDER.glob("*.[ot]tf")}
    assert {entry["family"]: FOLDER / entry["file"] for entry in MANIFEST} == FILES
    for entry in MANIFEST:
        path = FOLDER / entry["file"]
        assert hashlib.sha256(path.read_bytes()).hexdigest() == entry["sha256"], entry["file"]
        assert "SIL OPEN FONT LICENSE Version 1.1" in (FOLDER / entry["licence_file"]).read_text()
        with TTFont(path, lazy=True) as font:
            assert font["name"].getDebugName(1) == entry["family"]
            assert entry["version"] in font["name"].getDebugName(5)
            assert font["OS/2"].fsType == 0  # embedding is not restricted


def test_the_fonts_stay_below_45_megabytes() -> None:
    assert sum(path.stat().st_size for path in FOLDER.iterdir() if path.is_file()) < 45_000_000
