"""Convert the two tables of the data package `china-division` into `divisions.csv`.

    python registry/data/convert_divisions.py <unpacked package>/dist registry/data/divisions.csv

Reads local files only. What is kept and dropped is written down in SOURCES.md.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

# Yunnan, the default deployment, and the provinces of the other four regions of policy-facts.
PROVINCES = {"53": "云南省", "21": "辽宁省", "33": "浙江省", "36": "江西省", "31": "上海市"}

# Middle nodes that exist in the statistical tree only; GB/T 2260 has no division behind them.
PLACEHOLDERS = {"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"}

# 71–79 at county level are development zones that the statistical bureau adds to GB/T 2260.
DEVELOPMENT_ZONES = {f"{n:02}" for n in range(71, 80)}

Row = tuple[str, str, str, str]


def convert(source: Path) -> list[Row]:
    """Rows (code, name, level, parent_code), sorted by code, parents before children."""
    provinces = {row["code"]: row["name"] for row in _read(source / "provinces.csv")}
    rows: list[Row] = []
    for prefix, name in PROVINCES.items():
        if provinces[prefix] != name:
            raise ValueError(f"province {prefix} is called {provinces[prefix]!r}, expected {name!r}")
        rows.append((f"{prefix}0000", name, "province", ""))

    prefectures: set[str] = set()
    for row in _read(source / "cities.csv"):
        if row["provinceCode"] in PROVINCES and row["name"] not in PLACEHOLDERS:
            prefectures.add(row["code"])
            rows.append((f"{row['code']}00", row["name"], "prefecture", f"{row['provinceCode']}0000"))

    for row in _read(source / "areas.csv"):
        if row["provinceCode"] not in PROVINCES or row["name"] in PLACEHOLDERS:
            continue
        if row["code"][4:] in DEVELOPMENT_ZONES:
            continue
        # A county of a municipality, or one that the province administers, hangs on the province.
        above = f"{row['cityCode']}00" if row["cityCode"] in prefectures else f"{row['provinceCode']}0000"
        rows.append((row["code"], row["name"], "county", above))
    return sorted(rows)


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def main(source: str, target: str) -> None:
    """Write `divisions.csv`, with Unix line ends."""
    with Path(target).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("code", "name", "level", "parent_code"))
        writer.writerows(convert(Path(source)))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
