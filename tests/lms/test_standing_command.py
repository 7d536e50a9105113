"""manage.py standing prints where a person stands, with every line's reason."""

from __future__ import annotations

import io
import json
import re
from datetime import date
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import translation

from core import clock
from core.templatetags.yz import class_hours, hours_missing
from lms.queries import standings_of
from registry.models import Person
from registry.rules.standard import CategoryRule, SourceClass, StandardRules, YearlyDuty
from tests.factories import lms as learning
from tests.factories import registry as make
from tests.factories.credentials import at

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)
RULES = StandardRules(
    needed_minutes=600,
    categories=(CategoryRule("practice", 300), CategoryRule("online", 0, 60)),
    counted_sources=(SourceClass.PLATFORM,),
    yearly_duties=(YearlyDuty("health_check"),),
    entry_duties=("entry_training",),
)


@pytest.fixture(autouse=True)
def _frozen() -> Any:
    with clock.set_to(at(DAY)):
        yield


@pytest.fixture
def caregiver() -> Person:
    make.standard(rules=RULES)
    person = make.person(name="李小禾")
    make.employment(of=person)
    make.account(of=person, username="xiaohe")
    for channel, minutes, source, happened in (
        ("online", 90, "platform", date(2026, 2, 1)),
        ("offline", 45, "self", date(2026, 2, 3)),
    ):
        learning.hours(
            of=person,
            minutes=minutes,
            channel=channel,
            source_class=source,
            happened_on=happened,
            at=at(date(2026, 2, 10)),
        )
    return person


def printed(*arguments: str) -> str:
    out = io.StringIO()
    call_command("standing", *arguments, stdout=out)
    return out.getvalue()


def data(*arguments: str) -> Any:
    (one,) = json.loads(printed(*arguments, "--format", "json"))["standings"]
    return one


def test_the_data_is_the_standing(caregiver: Person) -> None:
    (one,) = standings_of(caregiver, DAY)
    for who in (caregiver.public_id, "xiaohe"):
        said = json.loads(printed(who, "--format", "json"))
        assert (said["person"], said["as_of"], said["known_on"], said["excluded"]) == (
            caregiver.public_id,
            "2026-03-02",
            "2026-03-02",
            None,
        )
        (stands,) = said["standings"]
        assert {
            name: stands[f"{name}_minutes"] for name in ("needed", "counted", "pending", "refused", "cut")
        } == {
            "needed": 600,
            "counted": 60,
            "pending": 0,
            "refused": 45,
            "cut": 30,
        }
        assert (stands["missing_minutes"], one.missing_minutes) == (540, 540)
        assert stands["cycle"]["number"] == len(stands["cycles"]) == 1
        assert (stands["valid_until"], stands["certificates_owed"]) == (None, [])


def test_each_category_says_needed_counted_pending_refused_and_missing(caregiver: Person) -> None:
    rows = {row["category"]: row for row in data("xiaohe")["categories"]}
    assert {name: [row[f"{part}_minutes"] for part in ("needed", "counted", "pending", "refused", "missing")]
            for name, row in rows.items() if name in ("practice", "online", "offline")} == {
        "practice": [300, 0, 0, 0, 300],
        "online": [0, 60, 0, 0, 0],
        "offline": [0, 0, 0, 45, 0],
    }  # fmt: skip
    assert rows["practice"]["words"] == {"zh-hans": "实践", "en": "practice"}


def test_the_data_says_each_reason_in_chinese_and_in_english(caregiver: Person) -> None:
    (one,) = standings_of(caregiver, DAY)
    stands = data("xiaohe")
    for language in ("zh-hans", "en"):
        with translation.override(language):
            assert [
                [reason["words"][language] for reason in line["reasons"]] for line in stands["lines"]
            ] == [[reason.words for reason in line.reasons] for line in one.lines]
            assert stands["title"][language] == one.version.name
            assert stands["duties"][0]["reason"]["words"][language] == one.duties[0].reason.words
            assert stands["entry_duties"][0]["reason"]["words"][language] == one.entry_duties[0].reason.words
    assert [reason["code"] for reason in stands["lines"][0]["reasons"]] == ["in_cycle", "cap_cut"]


def test_the_data_names_the_cheapest_way(caregiver: Person) -> None:
    steps = data("xiaohe")["cheapest_way"]
    assert sum(step["minutes"] for step in steps) == 540
    assert steps[0]["categories"] == ["practice"]
    assert steps[0]["avoid"] == ["online"]
    assert steps[0]["words"]["en"] == "300 minutes: practice, but not online hours"


def test_the_words_name_the_rule_the_sums_and_the_reasons_in_both_languages(caregiver: Person) -> None:
    with translation.override("en"):
        said = printed("xiaohe")
    assert "All minutes: needed 600, counted 60, pending 0, refused 45" in said
    assert "practice: needed 300, counted 0, pending 0, refused 0" in said
    assert "Missing: 540 minutes" in said
    (one,) = standings_of(caregiver, DAY)
    for language in ("zh-hans", "en"):
        with translation.override(language):
            for line in one.lines:
                assert [reason.words for reason in line.reasons if reason.words not in said] == []


def test_the_page_and_the_command_say_the_same_figures(caregiver: Person, client: Client) -> None:
    account = caregiver.account  # type: ignore[attr-defined]
    client.force_login(account)
    page = re.sub(
        r"\s+", " ", client.get(reverse("lms:home"), headers={"accept-language": "en"}).content.decode()
    )
    ledger = client.get(reverse("lms:ledger"), headers={"accept-language": "en"}).content.decode()
    stands = data("xiaohe")
    assert f"{hours_missing(stands['missing_minutes'])} class hours are still missing" in page
    assert stands["citation"] in page
    assert f"{class_hours(stands['refused_minutes'])} class hours do not count" in page
    assert stands["duties"][0]["reason"]["words"]["en"] in page
    assert stands["cycle"]["opened_by"]["words"]["en"] in page
    for line in stands["lines"]:
        assert all(reason["words"]["en"] in ledger for reason in line["reasons"])


def test_an_earlier_day_does_not_know_what_came_later(caregiver: Person) -> None:
    stands = data("xiaohe", "--as-of", "2026-01-31")
    assert (stands["counted_minutes"], stands["lines"]) == (0, [])


def test_a_past_day_can_be_had_as_it_was_known_and_as_it_is_known(caregiver: Person) -> None:
    """It happened on 1 February and was recorded on the 10th."""
    counted = {
        known: data("xiaohe", "--as-of", "2026-02-05", *(["--known-on", known] if known else []))[
            "counted_minutes"
        ]
        for known in ("", "2026-02-05", "2026-02-09", "2026-02-10", "2026-03-02")
    }
    assert counted == {"": 0, "2026-02-05": 0, "2026-02-09": 0, "2026-02-10": 60, "2026-03-02": 60}
    assert "2026-02-10" in printed("xiaohe", "--as-of", "2026-02-05", "--known-on", "2026-02-10")


def test_a_measure_in_force_that_day_is_named(caregiver: Person) -> None:
    make.exclusion(of=caregiver, from_day=DAY)
    said = json.loads(printed("xiaohe", "--format", "json"))["excluded"]
    assert said == {"kind": "ban", "from": "2026-03-02", "until": None}
    assert json.loads(printed("xiaohe", "--as-of", "2026-03-01", "--format", "json"))["excluded"] is None


def test_who_is_bound_by_nothing_is_told(db: None) -> None:
    with translation.override("en"):
        assert "No standard binds this person" in printed(make.person().public_id)


@pytest.mark.parametrize(
    "arguments",
    [
        ["nobody"],
        ["xiaohe", "--as-of", "2026-02-30"],
        ["xiaohe", "--as-of", "9999-12-31"],
        ["xiaohe", "--known-on", "2026-03-03"],
        ["xiaohe", "--known-on", "yesterday"],
    ],
)
def test_what_cannot_be_answered_ends_with_2(arguments: list[str], caregiver: Person) -> None:
    with pytest.raises(CommandError) as refusal:
        call_command("standing", *arguments)
    assert refusal.value.returncode == 2
