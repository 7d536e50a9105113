"""docs/rules/divisions.md: the code is the tree; the table that ships is whole."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from registry.data.convert_divisions import convert
from registry.rules.divisions import (
    BadDivision,
    DivisionLevel,
    DivisionRow,
    chain_of,
    check,
    contains,
    level_of,
    prefix_of,
    read_table,
)

TABLE = Path(__file__).parents[3] / "registry" / "data" / "divisions.csv"
HEADER = "code,name,level,parent_code\n"


@pytest.fixture(scope="module")
def rows() -> dict[str, DivisionRow]:
    return {row.code: row for row in read_table(TABLE.read_text(encoding="utf-8"))}


@pytest.mark.parametrize(
    ("code", "level", "prefix"),
    [
        ("530000", DivisionLevel.PROVINCE, "53"),
        ("530100", DivisionLevel.PREFECTURE, "5301"),
        ("530102", DivisionLevel.COUNTY, "530102"),
        ("310117", DivisionLevel.COUNTY, "310117"),
    ],
)
def test_level_and_prefix_are_in_the_code(code: str, level: DivisionLevel, prefix: str) -> None:
    assert (level_of(code), prefix_of(code)) == (level, prefix)


@pytest.mark.parametrize("code", ["", "53", "5301023", "53010a", "५३०१०२", "000000", "530001", " 53010"])
def test_what_is_not_shaped_like_a_code_is_refused(code: str) -> None:
    for question in (check, level_of, prefix_of, chain_of):
        with pytest.raises(BadDivision) as refusal:
            question(code)
        assert refusal.value.code == "division_shape"


def test_a_division_contains_itself_and_what_is_below_it() -> None:
    assert contains("530000", "530000")
    assert contains("530000", "530102")
    assert contains("530100", "530102")
    assert contains("310000", "310117")


def test_a_division_contains_nothing_beside_or_above_it() -> None:
    assert not contains("530100", "530302")
    assert not contains("530102", "530103")
    assert not contains("530102", "530100")
    assert not contains("210000", "530000")
    with pytest.raises(BadDivision):
        contains("530000", "53")


def test_the_chain_goes_from_the_county_up() -> None:
    assert chain_of("530102") == ("530102", "530100", "530000")
    assert chain_of("530100") == ("530100", "530000")
    assert chain_of("530000") == ("530000",)


def test_the_five_provinces_have_all_their_prefectures_and_counties(rows: dict[str, DivisionRow]) -> None:
    assert Counter((row.code[:2], row.level.value) for row in rows.values()) == {
        ("53", "province"): 1,
        ("53", "prefecture"): 16,
        ("53", "county"): 129,
        ("21", "province"): 1,
        ("21", "prefecture"): 14,
        ("21", "county"): 100,
        ("33", "province"): 1,
        ("33", "prefecture"): 11,
        ("33", "county"): 90,
        ("36", "province"): 1,
        ("36", "prefecture"): 11,
        ("36", "county"): 100,
        ("31", "province"): 1,
        ("31", "county"): 16,
    }


def test_the_regions_of_the_policies_are_there_under_their_parents(rows: dict[str, DivisionRow]) -> None:
    expected = [
        DivisionRow("530102", "五华区", DivisionLevel.COUNTY, "530100"),
        DivisionRow("532302", "禄丰市", DivisionLevel.COUNTY, "532300"),
        DivisionRow("210300", "鞍山市", DivisionLevel.PREFECTURE, "210000"),
        DivisionRow("330500", "湖州市", DivisionLevel.PREFECTURE, "330000"),
        DivisionRow("360500", "新余市", DivisionLevel.PREFECTURE, "360000"),
        DivisionRow("310117", "松江区", DivisionLevel.COUNTY, "310000"),
    ]
    assert [rows[row.code] for row in expected] == expected


def test_no_division_bears_the_code_that_synthetic_people_have(rows: dict[str, DivisionRow]) -> None:
    assert [code for code in rows if code.endswith("99")] == []


@pytest.mark.parametrize(
    "lines",
    [
        "530000,云南省,province,\n530000,云南省,province,\n",
        "530000,云南省,county,\n",
        "530000,,province,\n",
        "530000,云南省,province,530000\n",
        "530100,昆明市,prefecture,530000\n",
        "210000,辽宁省,province,\n530100,昆明市,prefecture,210000\n",
        "530000,云南省,province,\n530100,昆明市,prefecture,\n",
        "53,云南省,province,\n",
    ],
)
def test_a_table_that_is_no_tree_is_refused(lines: str) -> None:
    with pytest.raises((ValueError, BadDivision)):
        read_table(HEADER + lines)


def test_conversion_drops_placeholders_and_development_zones(tmp_path: Path) -> None:
    provinces = "53,云南省\n21,辽宁省\n33,浙江省\n36,江西省\n31,上海市\n42,湖北省\n"
    (tmp_path / "provinces.csv").write_text(f"code,name\n{provinces}", encoding="utf-8")
    (tmp_path / "cities.csv").write_text(
        "code,name,provinceCode\n3101,市辖区,31\n5301,昆明市,53\n4201,武汉市,42\n", encoding="utf-8"
    )
    (tmp_path / "areas.csv").write_text(
        "code,name,cityCode,provinceCode\n310117,松江区,3101,31\n530102,五华区,5301,53\n"
        "530101,市辖区,5301,53\n530171,某开发区,5301,53\n420102,江岸区,4201,42\n",
        encoding="utf-8",
    )
    assert [row for row in convert(tmp_path) if row[2] != "province"] == [
        ("310117", "松江区", "county", "310000"),
        ("530100", "昆明市", "prefecture", "530000"),
        ("530102", "五华区", "county", "530100"),
    ]
