"""The rulebook comes from files; what was published does not change."""

from __future__ import annotations

from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from audit.acts import System
from audit.models import Entry
from core.refusals import Refused
from registry.actions import load_divisions, load_rulebook
from registry.actions.load_rulebook import STANDARDS
from registry.models import Standard, StandardVersion
from registry.rules.standard import UnknownKey
from registry.rules.strict_toml import BadRulebook
from tests.factories import registry as make

BY = System("test")

FILE = """
[[standards]]
code = "test-caregivers"
title = "测试标准"
title_en = "Test standard"
division = "530000"
occupations = ["caregiver"]

[[standards.versions]]
number = 1
in_force_from = 2021-01-01
{end}

[standards.versions.citation]
document = "文件"
article = "第一条"
words = "不少于120学时"
fact = "Y2"

[standards.versions.rules]
needed_class_hours = {hours}
anchor = "certificate"
cycle_years = 5
certificate_years = 5
{more}
"""

SECOND = """
[[standards.versions]]
number = 2
in_force_from = 2027-01-01

[standards.versions.citation]
document = "文件"
article = "第二条"
words = "不少于160学时"
fact = "Y2"

[standards.versions.rules]
needed_class_hours = 160
anchor = "certificate"
cycle_years = 5
certificate_years = 5
"""


@pytest.fixture
def folder(db: None, tmp_path: Path) -> Path:
    make.division("530000")
    return tmp_path


def load(folder: Path, *, hours: int = 120, end: str = "", more: str = "", tail: str = "") -> tuple[str, ...]:
    text = FILE.format(hours=hours, end=end, more=more) + tail
    (folder / "test.toml").write_text(text, encoding="utf-8")
    loaded = load_rulebook(by=BY, at=make.AT, folder=folder)
    return (*loaded.published, *(f"end {name}" for name in loaded.ended))


def test_every_region_loads_and_twice_is_once(db: None) -> None:
    load_divisions(by=BY, at=make.AT)
    first = load_rulebook(by=BY, at=make.AT)
    assert len(first.published) == StandardVersion.objects.count() > 5
    regions = {code[:2] for code in Standard.objects.values_list("division_id", flat=True)}
    assert regions == {"21", "31", "33", "36", "53"}
    yunnan = StandardVersion.objects.get(standard__code="yunnan-caregivers", number=1)
    assert (yunnan.rules.needed_minutes, yunnan.citation["fact"]) == (120 * 45, "Y2")
    again = load_rulebook(by=BY, at=make.AT)
    assert (again.published, again.ended, again.unchanged) == ((), (), len(first.published))
    assert Entry.objects.filter(act="registry.load_rulebook").count() == 1


def test_a_version_may_be_ended_and_followed(folder: Path) -> None:
    assert load(folder) == ("test-caregivers@1",)
    assert load(folder, end="in_force_until = 2027-01-01", tail=SECOND) == (
        "test-caregivers@2",
        "end test-caregivers@1",
    )
    standard = Standard.objects.get()
    in_force = [
        standard.versions.in_force_on(day).get().number  # type: ignore[attr-defined]
        for day in (date(2026, 12, 31), date(2027, 1, 1))
    ]
    assert in_force == [1, 2]


def test_a_published_version_does_not_change(folder: Path) -> None:
    load(folder)
    with pytest.raises(Refused) as refused:
        load(folder, hours=100)
    assert refused.value.code == "version_changed"
    assert refused.value.details == {"standard": "test-caregivers", "version": 1, "field": "rules"}
    assert "test-caregivers" in str(refused.value)
    assert StandardVersion.objects.get().rules.needed_minutes == 120 * 45


def test_a_day_once_ended_does_not_move(folder: Path) -> None:
    load(folder, end="in_force_until = 2026-01-01")
    for end in ("in_force_until = 2027-01-01", ""):
        with pytest.raises(Refused) as refused:
            load(folder, end=end)
        assert refused.value.details["field"] == "in_force_until"


def test_a_published_version_does_not_leave(folder: Path) -> None:
    load(folder, end="in_force_until = 2026-01-01", tail=SECOND)
    with pytest.raises(Refused) as refused:
        load(folder, end="in_force_until = 2026-01-01")
    assert (refused.value.code, refused.value.details["version"]) == ("version_missing", 2)


@pytest.mark.parametrize(("day", "code"), [("2026-03-02", "ends_in_the_past"), ("2026-03-03", "")])
def test_an_end_is_filled_in_with_a_day_to_come(folder: Path, day: str, code: str) -> None:
    """Published on 2 March: cycles that opened by then were opened under it."""
    load(folder)
    if not code:
        assert load(folder, end=f"in_force_until = {day}") == ("end test-caregivers@1",)
        return
    with pytest.raises(Refused) as refused:
        load(folder, end=f"in_force_until = {day}")
    assert (refused.value.code, refused.value.details) == (
        code,
        {"standard": "test-caregivers", "version": 1},
    )
    assert StandardVersion.objects.get().in_force_until is None


@pytest.mark.parametrize(("day", "is_late"), [("2026-03-02", True), ("2026-03-03", False)])
def test_a_next_version_begins_after_the_day_it_is_published(folder: Path, day: str, is_late: bool) -> None:
    load(folder, end="in_force_until = 2026-01-01")
    second = SECOND.replace("2027-01-01", day)
    if not is_late:
        assert load(folder, end="in_force_until = 2026-01-01", tail=second) == ("test-caregivers@2",)
        return
    with pytest.raises(Refused) as refused:
        load(folder, end="in_force_until = 2026-01-01", tail=second)
    assert (refused.value.code, refused.value.details["version"]) == ("begins_in_the_past", 2)
    assert StandardVersion.objects.count() == 1


def test_a_county_takes_its_people_from_the_provinces_standard_from_a_day_to_come(folder: Path) -> None:
    load(folder)
    make.division("530102")
    county = FILE.format(hours=80, end="", more="").replace("530000", "530102").replace("test-c", "county-c")
    (folder / "county.toml").write_text(county, encoding="utf-8")
    with pytest.raises(Refused) as refused:
        load_rulebook(by=BY, at=make.AT, folder=folder)
    assert (refused.value.code, refused.value.details["standard"]) == (
        "begins_in_the_past",
        "county-caregivers",
    )
    (folder / "county.toml").write_text(county.replace("2021-01-01", "2026-03-03"), encoding="utf-8")
    assert load_rulebook(by=BY, at=make.AT, folder=folder).published == ("county-caregivers@1",)


def test_a_first_rule_may_be_older_than_the_day_it_is_loaded(folder: Path) -> None:
    """Where nothing was demanded before, nobody was judged by anything else."""
    load(folder)
    other = FILE.format(hours=80, end="", more="").replace("test-caregivers", "test-directors")
    (folder / "other.toml").write_text(other.replace('["caregiver"]', '["director"]'), encoding="utf-8")
    assert load_rulebook(by=BY, at=make.AT, folder=folder).published == ("test-directors@1",)


def test_a_standard_under_another_code_does_not_double_what_is_in_force(folder: Path) -> None:
    load(folder)
    renamed = FILE.format(hours=100, end="", more="").replace("test-caregivers", "new-caregivers")
    (folder / "test.toml").write_text(renamed, encoding="utf-8")
    with pytest.raises(BadRulebook, match=r"new-caregivers and test-caregivers both name hours"):
        load_rulebook(by=BY, at=make.AT, folder=folder)
    assert Standard.objects.get().code == "test-caregivers"


def test_a_key_this_release_does_not_know_is_named(folder: Path) -> None:
    with pytest.raises(UnknownKey, match="moon_phase"):
        load(folder, more="moon_phase = 3")
    assert not Standard.objects.exists()


def test_a_division_nobody_loaded_is_named(db: None, tmp_path: Path) -> None:
    with pytest.raises(BadRulebook, match="530000"):
        load(tmp_path)


def test_one_broken_file_keeps_all_out(folder: Path) -> None:
    (folder / "zzz.toml").write_text("[[standards]]\ncode = 3\n", encoding="utf-8")
    with pytest.raises(BadRulebook):
        load(folder)
    assert not Standard.objects.exists()


def test_the_command_loads_both_and_says_so(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    out = StringIO()
    call_command("load_registry", stdout=out)
    assert "divisions: 492 new, 0 renamed, 0 as before" in out.getvalue()
    Standard.objects.filter(code="yunnan-caregivers").update(occupation="health")
    with pytest.raises(CommandError, match="yunnan-caregivers"):
        call_command("load_registry", stdout=out)
    assert STANDARDS.is_dir()
