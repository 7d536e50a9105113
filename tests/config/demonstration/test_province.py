"""The demonstration province as anybody gets it: built by its command, in databases of their own.

On SQLite whatever the suite runs on: what is in a province does not depend on the engine, and the builds
go on beside each other.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from audit.acts import System
from config.demonstration.content import load_courses
from config.demonstration.media import ensure_media
from config.demonstration.people import FACILITIES, FILED
from config.demonstration.province import grow
from config.demonstration.teaching import FONTS
from config.demonstration.world import MOST, World
from core import clock
from registry.rules.synthetic import is_synthetic, synthetic_resident_id
from tests.plugins.database import CACHE, ROOT, SqliteCopies

pytestmark = [pytest.mark.slow]
MEDIA = CACHE / "demonstration-media"
DIVISIONS = ROOT / "registry" / "data" / "divisions.csv"
STATES = {"valid", "expired", "suspended", "revoked", "replaced"}
KINDS = {"learner", "trainer", "reviewer", "manager", "county", "prefecture", "province", "issuer", "editor",
         "administrator"}  # fmt: skip


@dataclass
class Built:
    folder: Path
    seed: int

    @property
    def environment(self) -> dict[str, str]:
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("YUZHENG_") and name not in ("DATABASE_URL", "CELERY_BROKER_URL")
        }
        return {**kept, "YUZHENG_VAR": str(self.folder)}

    def run(self, *arguments: str) -> str:
        """Output of Python in this province's environment; a failure shows what it said."""
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{arguments}: {done.stdout[-500:]}{done.stderr[-3000:]}"
        return done.stdout

    def build(self) -> Built:
        self.folder.mkdir()
        shutil.copy(template(), self.folder / "yuzheng.sqlite3")
        (self.folder / "demonstration-media").symlink_to(MEDIA)
        self.run("manage.py", "demo", "--seed", str(self.seed), "--report", str(self.folder / "report.json"))
        return self

    @cached_property
    def report(self) -> dict[str, Any]:
        return json.loads((self.folder / "report.json").read_text())  # type: ignore[no-any-return]

    def asked(self, *questions: str) -> dict[str, Any]:
        arguments = ("-m", "tests.config.demonstration.asked", ",".join(questions))
        answer = self.run(*arguments, str(self.folder / "report.json"))
        return json.loads(answer.splitlines()[-1])  # type: ignore[no-any-return]

    @cached_property
    def facts(self) -> dict[str, Any]:
        """What its tests ask, in one process."""
        return self.asked("counts", "courses", "documents", "rates", "nearly", "signed_in")

    @cached_property
    def figures(self) -> dict[str, Any]:
        """What worlds are compared by."""
        return self.asked("counts", "rates")

    def rows(self) -> dict[str, int]:
        """Rows of each table, and how far the audit has come."""
        with sqlite3.connect(self.folder / "yuzheng.sqlite3") as database:
            found = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            counts = {
                name: database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for (name,) in found
            }
            (counts["sequence"],) = database.execute("SELECT sequence FROM audit_chainhead").fetchone()
        return counts


def template() -> Path:
    """The migrated database that the suite keeps; made if it is not there."""
    copies = SqliteCopies(CACHE)
    if not copies.template.exists():
        Path(copies.prepare()).unlink()
    return copies.template


@pytest.fixture(scope="module")
def provinces(tmp_path_factory: pytest.TempPathFactory) -> tuple[Built, Built, Built]:
    """Seed 7, seed 7 again, seed 8."""
    folder = tmp_path_factory.mktemp("provinces")
    ensure_media(MEDIA, FONTS)
    template()
    plans = [Built(folder / name, seed) for name, seed in (("first", 7), ("again", 7), ("other", 8))]
    with ThreadPoolExecutor(2) as builders:
        first, again, other = builders.map(Built.build, plans)
    return first, again, other


@pytest.fixture(scope="module")
def province(provinces: tuple[Built, Built, Built]) -> Built:
    return provinces[0]


# ── what is in it ───────────────────────────────────────────────────────────


def test_every_division_and_its_facilities(province: Built) -> None:
    counts = province.facts["counts"]
    assert counts["levels"] == {"province": 1, "prefecture": 16, "county": 129}
    assert (counts["facilities"], counts["filed"], counts["counties_without_facility"]) == (390, 170, 0)
    facilities = province.report["facilities"]
    assert (len(facilities), sum(row["filed"] for row in facilities)) == (390, 170)
    assert len({row["credit_code"] for row in facilities}) == 390


def test_about_three_thousand_people_are_in_post(province: Built) -> None:
    rows = province.report["people"]
    assert 2700 <= len({row["public_id"] for row in rows}) == province.facts["counts"]["in_post"] <= 3300
    facilities = {row["public_id"] for row in province.report["facilities"]}
    assert {row["facility"] for row in rows} == facilities
    directors = Counter(row["facility"] for row in rows if row["occupation"] == "director")
    assert set(directors.values()) == {1}
    assert len(directors) == 390


def test_every_document_is_well_formed_and_of_nobody(province: Built) -> None:
    """Those of who left, of officers and of experts too."""
    numbers = province.facts["documents"]
    assert len(set(numbers)) == len(numbers) > 3300
    issued = {line.split(",")[0] for line in DIVISIONS.read_text("utf-8").splitlines()[1:]}
    assert "530102" in issued
    assert {number[:6] for number in numbers} == {"530199"}
    assert "530199" not in issued
    for number in numbers:  # ISO 7064 MOD 11-2: the whole number leaves 1
        digits = [10 if character == "X" else int(character) for character in number]
        assert sum(digit * pow(2, 17 - place, 11) for place, digit in enumerate(digits)) % 11 == 1
    assert {row["document"] for row in province.report["people"]} <= set(numbers)


def test_experts_sit_on_forty_seats_over_six_fields_and_in_prefectures(province: Built) -> None:
    counts = province.facts["counts"]
    assert (counts["province_seats"], counts["experts"]) == (40, 40)
    assert len(counts["experts_by_field"]) == 6
    assert sum(counts["experts_by_field"].values()) == 40
    assert min(counts["experts_by_field"].values()) >= 4
    assert counts["prefecture_pools"] == 16
    assert counts["prefecture_experts"] >= 10


def test_at_least_eight_courses_are_whole(province: Built) -> None:
    rows = province.facts["courses"]
    assert len({row["title"] for row in rows}) == len(rows) == len(load_courses()) >= 8
    for row in rows:
        assert {"video", "pdf", "quiz", "reading"} <= set(row["kinds"])
        assert {"video/mp4", "application/pdf"} <= set(row["approved"])
        assert row["seconds"] >= 60
        assert row["questions"] >= 5


def test_certificates_are_in_every_state_and_lead_to_their_page(province: Built) -> None:
    rows = province.report["certificates"]
    assert {row["state"] for row in rows} == STATES
    states = Counter(row["state"] for row in rows if not row["not_yet"])  # a renewal to come is not over
    assert min(states.values()) >= 8
    assert states["valid"] > 1000
    assert len({row["code"] for row in rows}) == len({row["number"] for row in rows}) == len(rows)
    assert {row["url"].removesuffix(row["code"]) for row in rows} == {"http://127.0.0.1:8000/C/"}


def test_some_are_banned_one_ban_is_overturned_one_waits(province: Built) -> None:
    counts = province.facts["counts"]
    assert counts["ban_states"] == {"banned": 3, "overturned": 1, "proposed": 1}
    assert counts["banned_in_force"] == 3


def test_somebody_lacks_just_the_course_she_has_open(province: Built) -> None:
    nearly = province.facts["nearly"]
    assert nearly["course"]
    assert nearly["left"] == ["quiz", "video"]
    assert 0 < nearly["remaining"] <= nearly["course_minutes"]


def test_the_rate_rises_from_year_to_year(province: Built) -> None:
    shares = [numerator / denominator for numerator, denominator in province.facts["rates"]]
    assert shares == sorted(set(shares))
    assert shares[0] < 0.1
    assert 0.3 < shares[-1] < 0.8


# ── what can be done with it ────────────────────────────────────────────────


def test_every_reported_account_signs_in_at_the_one_door(province: Built) -> None:
    rows = province.report["accounts"]
    assert {row["kind"] for row in rows} == KINDS
    assert province.facts["signed_in"] == {row["username"]: row["username"] for row in rows}


def test_everything_adds_up(province: Built) -> None:
    assert ": 0 mismatches" in province.run("manage.py", "verify_all")


def test_filling_it_again_changes_nothing_and_takes_seconds(province: Built) -> None:
    before, report = province.rows(), (province.folder / "report.json").read_bytes()
    began = _processor_seconds()
    again = province.folder / "again.json"
    said = province.run("manage.py", "demo", "--seed", "8", "--report", str(again))
    assert _processor_seconds() - began < 15
    assert "already there (seed 7, scale 1)" in said
    assert province.rows() == before
    assert again.read_bytes() == report


def _processor_seconds() -> float:
    """Of this process's children: the clock on the wall also counts what the neighbours do."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


# ── by seed ─────────────────────────────────────────────────────────────────


def world_of(built: Built) -> dict[str, Any]:
    """All that a seed decides: everything but public ids and codes."""
    report = built.report
    facilities = {row["public_id"]: row["name"] for row in report["facilities"]}
    return {
        "accounts": [
            (row["username"], row["kind"], row["division"], row["name"]) for row in report["accounts"]
        ],
        "facilities": [
            (row["name"], row["credit_code"], row["division"], row["filed"]) for row in report["facilities"]
        ],
        "people": [
            (row["name"], row["document"], row["occupation"], facilities[row["facility"]])
            for row in report["people"]
        ],
        "certificates": [(row["number"], row["state"]) for row in report["certificates"]],
        "rates": built.figures["rates"],
        "counts": built.figures["counts"],
    }


def test_the_same_seed_gives_the_same_world_with_other_codes(provinces: tuple[Built, Built, Built]) -> None:
    first, again, _other = provinces
    one, two = world_of(first), world_of(again)
    for part, value in one.items():
        assert value == two[part], part
    codes = [{row["code"] for row in built.report["certificates"]} for built in (first, again)]
    assert codes[0].isdisjoint(codes[1])
    ids = [{row["public_id"] for row in built.report["people"]} for built in (first, again)]
    assert ids[0].isdisjoint(ids[1])


def test_another_seed_gives_another_world(provinces: tuple[Built, Built, Built]) -> None:
    first, _again, other = provinces
    one, two = world_of(first), world_of(other)
    for part in ("facilities", "people", "certificates", "rates"):
        assert one[part] != two[part], part
    names = [Counter(name for name, *_rest in world["people"]) for world in (one, two)]
    assert names[0] != names[1]
    assert {row["state"] for row in other.report["certificates"]} == STATES
    assert two["counts"]["levels"] == one["counts"]["levels"]


# ── by scale ────────────────────────────────────────────────────────────────


def test_it_grows_by_steps_and_goes_on_where_it_was(provinces: tuple[Built, Built, Built]) -> None:
    """Last, for it changes the province of another seed."""
    province = provinces[2]
    before, people = province.rows(), len(province.report["people"])
    said = province.run("manage.py", "demo", "--scale", "2")
    assert "already there (seed 8, scale 1)" in said
    assert "as many again: 2/2" in said
    file = province.folder / "grown.json"
    said = province.run("manage.py", "demo", "--scale", "3", "--report", str(file))
    assert "already there (seed 8, scale 2)" in said
    assert "2/3" not in said
    rows = province.rows()
    assert rows["registry_facility"] == 3 * before["registry_facility"] == 3 * FACILITIES
    assert rows["registry_filing"] == 3 * FILED
    for table in ("lms_hourentry", "credentials_certificate"):
        assert 2.5 < rows[table] / before[table] < 3.5, table
    grown = json.loads(file.read_text())
    assert 2.5 < len(grown["people"]) / people < 3.5
    documents = [row["document"] for row in grown["people"]]
    assert len(set(documents)) == len(documents)
    assert province.run("manage.py", "demo", "--scale", "2").count("as many again") == 0
    assert province.rows() == rows
    assert ": 0 mismatches" in province.run("manage.py", "verify_all")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("step", [1, MOST + 1])
def test_a_step_beyond_its_numbers_is_refused(step: int) -> None:
    with pytest.raises(ValueError, match="a step is 2 to 1000"):
        grow(seed=7, step=step, by=System("tests"), at=clock.now())


def test_no_two_steps_share_an_identity_number() -> None:
    spans: dict[str, list[range]] = {}
    for step in range(1, MOST + 1):
        world = World(seed=7, at=clock.now(), step=step)
        assert is_synthetic(
            synthetic_resident_id(world.birth_division, date(1990, 5, 1), world.sequences[-1])
        )
        spans.setdefault(world.birth_division, []).append(world.sequences)
    for division, taken in spans.items():
        numbers = [number for span in taken for number in span]
        assert len(set(numbers)) == len(numbers), division
        assert all(1 <= span[0] <= span[-1] <= 999 and span[0] % 2 for span in taken)
