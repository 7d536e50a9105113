"""manage.py rehearse says who gains and who loses by a draft, and writes nothing."""

from __future__ import annotations

import io
import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from core import clock
from lms.queries import draft_of, rehearse, standings_of
from lms.queries import rehearsal as reading
from registry.models import Person
from registry.rules.standard import Anchor, Occupation, StandardRules
from tests.factories import lms as learning
from tests.factories import registry as make
from tests.factories.credentials import at

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)
YEARLY = StandardRules(
    needed_minutes=60 * 45, anchor=Anchor.CALENDAR, cycle_years=1, certificate_years=1, carry_over=False
)

VERSION = """
[[standards.versions]]
number = {number}
in_force_from = {since}
{until}
[standards.versions.citation]
document = "test"
article = "1"
words = "test"
fact = "Y2"
[standards.versions.rules]
needed_class_hours = {hours}
anchor = "calendar"
cycle_years = 1
certificate_years = 1
"""


def version(number: int, since: str, hours: int, until: str = "") -> str:
    end = f"in_force_until = {until}" if until else ""
    return VERSION.format(number=number, since=since, hours=hours, until=end)


def draft(*versions: str, code: str = "yunnan-caregiver", division: str = "530000", more: str = "") -> str:
    return (
        f'[[standards]]\ncode = "{code}"\ntitle = "标准"\ntitle_en = "Standard"\ndivision = "{division}"\n'
        f'occupations = ["caregiver"]\n{more}\n' + "".join(versions)
    )


HARDER = draft(version(1, "2021-01-01", 60, "2027-01-01"), version(2, "2027-01-01", 80))
EASIER = draft(version(1, "2021-01-01", 60, "2027-01-01"), version(2, "2027-01-01", 40))
WHAT_IF = draft(version(1, "2021-01-01", 50))


@pytest.fixture(autouse=True)
def _frozen() -> Any:
    with clock.set_to(at(DAY)):
        yield


@pytest.fixture
def people() -> dict[str, Person]:
    """Two caregivers in Wuhua, one of them with 55 hours of this year; one in Dali; one director."""
    make.standard(rules=YEARLY)
    make.division("532901")
    wuhua = make.facility(division_code="530102")
    found = {name: make.person() for name in ("diligent", "new", "dali", "director", "gone")}
    make.employment(of=found["diligent"], at=wuhua)
    make.employment(of=found["new"], at=wuhua)
    make.employment(of=found["dali"], at=make.facility(division_code="532901"))
    make.employment(of=found["director"], at=wuhua, occupation=Occupation.DIRECTOR)
    make.employment(of=found["gone"], at=wuhua, until=date(2026, 1, 1))
    learning.hours(
        of=found["diligent"], minutes=55 * 45, happened_on=date(2026, 2, 1), at=at(date(2026, 2, 1))
    )
    return found


@pytest.fixture
def say(tmp_path: Path, people: dict[str, Person]) -> Any:
    def said(text: str, *arguments: str) -> str:
        file = tmp_path / "draft.toml"
        file.write_text(text, encoding="utf-8")
        out = io.StringIO()
        call_command("rehearse", str(file), *arguments, stdout=out)
        return out.getvalue()

    return said


def data(said: str) -> Any:
    return json.loads(said)


def test_everybody_bound_is_counted_and_who_is_touched_is_listed(say: Any, people: dict[str, Person]) -> None:
    found = data(say(HARDER, "--format", "json"))
    assert found["counts"] == {"bound": 3, "loses": 3, "gains": 0, "later": 0, "unchanged": 0}
    assert (found["as_of"], found["objections"], found["closed_cycles_moved"]) == ("2027-01-01", [], 0)
    assert found["changes"] == [{"standard": "yunnan-caregiver", "first_day": "2027-01-01"}]
    assert {row["person"] for row in found["people"]} == {
        people[name].public_id for name in ("diligent", "new", "dali")
    }
    assert {(row["code"], row["level"], row["loses"]) for row in found["divisions"]} == {
        ("530000", "province", 3),
        ("530100", "prefecture", 2),
        ("532900", "prefecture", 1),
        ("530102", "county", 2),
        ("532901", "county", 1),
    }
    gained = data(say(EASIER, "--format", "json"))
    assert gained["counts"]["gains"] == 3


def test_each_line_has_before_and_after_and_its_reasons_in_both_languages(
    say: Any, people: dict[str, Person]
) -> None:
    rows = data(say(HARDER, "--format", "json"))["people"]
    (row,) = [row for row in rows if row["person"] == people["new"].public_id]
    assert (row["occupation"], row["divisions"], row["verdict"]) == ("caregiver", ["530102"], "loses")
    assert [(side[0]["version"], side[0]["missing_minutes"]) for side in (row["before"], row["after"])] == [
        (1, 2700),
        (2, 3600),
    ]
    (effect,) = row["effects"]
    assert (effect["code"], effect["words"]["en"]) == (
        "more_missing",
        "More is missing: 3600 minutes instead of 2700.",
    )
    assert effect["words"]["zh-hans"] == "所差增加：由 2700 分钟变为 3600 分钟。"


def test_before_is_the_standing_that_the_pages_show(say: Any, people: dict[str, Person]) -> None:
    (one,) = standings_of(people["diligent"], DAY)
    rows = data(say(WHAT_IF, "--format", "json"))["people"]
    (row,) = [row for row in rows if row["person"] == people["diligent"].public_id]
    (before,) = row["before"]
    assert (before["counted_minutes"], before["missing_minutes"]) == (one.hours.counted, one.missing_minutes)
    assert (row["verdict"], row["effects"][0]["code"]) == ("gains", "becomes_met")


def test_what_could_not_be_published_says_so_and_is_rehearsed_all_the_same(say: Any) -> None:
    found = data(say(WHAT_IF, "--format", "json"))
    assert [(one["code"], one["version"], one["field"]) for one in found["objections"]] == [
        ("version_changed", 1, "rules")
    ]
    assert (found["as_of"], found["counts"]["gains"]) == ("2026-03-02", 3)
    with translation.override("en"):
        assert "It cannot be published so: A published version does not change" in say(WHAT_IF)


def test_a_division_sees_its_own_people(say: Any) -> None:
    for code, bound in (("530000", 3), ("530100", 2), ("530102", 2), ("532901", 1)):
        make.division(code)
        found = data(say(HARDER, "--division", code, "--format", "json"))
        assert (found["division"], found["counts"]["bound"]) == (code, bound)
        assert found["divisions"][0]["code"] == code  # what lies above was not counted whole


def test_a_day_before_the_change_has_it_waiting_for_the_next_cycle(say: Any) -> None:
    found = data(say(HARDER, "--as-of", "2026-03-02", "--format", "json"))
    assert found["counts"] == {"bound": 3, "loses": 0, "gains": 0, "later": 3, "unchanged": 0}


def test_the_words_say_the_same(say: Any, people: dict[str, Person]) -> None:
    with translation.override("en"):
        said = say(HARDER)
    assert f"{people['new'].public_id}  caregiver  530102  loses" in said
    assert "after: yunnan-caregiver v2, cycle 6 (2027-01-01 – 2028-01-01)" in said
    assert "Closed cycles moved: 0" in said
    assert [line.split() for line in said.splitlines() if line.startswith("In all")] == [
        ["In", "all", "3", "0", "0", "0"]
    ]


def test_a_draft_that_demands_the_same_touches_nobody(say: Any) -> None:
    same = draft(version(1, "2021-01-01", 60))
    found = data(say(same, "--format", "json"))
    assert (found["changes"], found["people"], found["counts"]["bound"]) == ([], [], 0)
    with translation.override("en"):
        assert "The draft demands what is demanded already." in say(same)


def test_nothing_is_written(say: Any) -> None:
    def rows() -> dict[str, int]:
        return {model._meta.label: model._default_manager.count() for model in apps.get_models()}

    before = rows()
    with CaptureQueriesContext(connection) as queries:
        say(HARDER)
    assert rows() == before
    assert {query["sql"].split()[0] for query in queries} == {"SELECT"}


def test_as_many_queries_for_many_as_for_one(people: dict[str, Person]) -> None:
    """Eight for two hundred people at once, one that finds nobody left."""
    asked = draft_of(HARDER, "draft.toml", today=DAY)
    counts = []
    for prefixes in (("532901",), ("53",)):
        with CaptureQueriesContext(connection) as queries:
            list(rehearse(asked, day=date(2027, 1, 1), prefixes=prefixes))
        counts.append(len(queries))
    assert counts == [9, 9]


def test_nobody_is_lost_or_seen_twice_between_two_portions(
    people: dict[str, Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    make.employment(of=people["new"], at=make.facility(division_code="532901"))
    asked = draft_of(HARDER, "draft.toml", today=DAY)
    found = []
    for size in (1, 2, 200):
        monkeypatch.setattr(reading, "PEOPLE_AT_ONCE", size)
        found.append([(one.person, one.divisions) for one in rehearse(asked, day=date(2027, 1, 1))])
    assert found[0] == found[1] == found[2]
    assert Counter(person for person, _divisions in found[0]) == {
        people[name].public_id: 1 for name in ("diligent", "new", "dali")
    }
    assert dict(found[0])[people["new"].public_id] == ("530102", "532901")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (draft(version(1, "2021-01-01", 60), more="moon_phase = 3"), "moon_phase"),
        (HARDER.replace("cycle_years", "cycle_weeks"), "cycle_weeks"),
        ("[[standards", "is no TOML"),
        ("a=" + "[" * 100_000, "is no TOML"),
        (draft(version(1, "2021-01-01", 60), division="990000"), "990000"),
        (draft(version(1, "2021-01-01", 60), code="another"), "both name hours"),
        ("", "holds no standard"),
    ],
)
def test_a_file_that_cannot_be_understood_ends_with_2_and_names_the_place(
    text: str, named: str, say: Any
) -> None:
    with pytest.raises(CommandError, match=named) as refusal:
        say(text)
    assert refusal.value.returncode == 2


def test_a_file_of_an_editor_that_marks_its_byte_order_is_read(say: Any) -> None:
    assert data(say("\ufeff" + HARDER, "--format", "json"))["counts"]["bound"] == 3


@pytest.mark.parametrize(
    "arguments",
    [
        ["--division", "999999"],
        ["--as-of", "2026-02-30"],
        ["--as-of", "soon"],
        ["--as-of", "2046-03-03"],
        ["--as-of", "9999-12-31"],
    ],
)
def test_what_cannot_be_answered_ends_with_2(arguments: list[str], say: Any) -> None:
    with pytest.raises(CommandError) as refusal:
        say(HARDER, *arguments)
    assert refusal.value.returncode == 2


def test_a_file_that_is_not_there_ends_with_2(tmp_path: Path) -> None:
    (tmp_path / "latin.toml").write_bytes(b"title = '\xff'")
    for name in ("nowhere.toml", "latin.toml"):
        with pytest.raises(CommandError, match="cannot be read") as refusal:
            call_command("rehearse", str(tmp_path / name))
        assert refusal.value.returncode == 2
