"""The rulebook's files say what the policies say; a file that says anything else is refused by place."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from core.days import Period
from registry.rules.divisions import read_table
from registry.rules.rulebook import Citation, StandardText, check_together, parse, read_folder
from registry.rules.standard import (
    Anchor,
    CategoryRule,
    Occupation,
    SourceClass,
    StandardRules,
    UnknownKey,
    YearlyDuty,
)
from registry.rules.strict_toml import BadRulebook

DATA = Path(__file__).parents[3] / "registry" / "data"

GOOD = """
[[standards]]
code = "x"
title = "标准"
title_en = "Standard"
division = "530000"
occupations = ["caregiver"]

[[standards.versions]]
number = 1
in_force_from = 2021-01-01
in_force_until = 2026-01-01
citation = { document = "文件", article = "一", words = "原文", fact = "Y2" }
[standards.versions.rules]
needed_class_hours = 120
class_hour_minutes = 40
anchor = "certificate"
cycle_years = 5
certificate_years = 5
counted_sources = ["platform"]
carry_over = true
target_rate_percent = 90
ban_answer_working_days = 15
entry_duties = ["entry_training"]
categories = [
    { category = "ethics", needed_class_hours = 10, cap_class_hours = 20 },
    { category = "topic:safety" },
]
yearly_duties = [{ kind = "health_check", every_months = 6, times = 2 }]
"""

SECOND = """
[[standards.versions]]
number = 2
in_force_from = 2026-01-01
citation = { document = "文件", article = "一", words = "原文", fact = "Y2" }
rules = { needed_class_hours = 90, anchor = "take_up", cycle_years = 3 }
"""


@pytest.fixture(scope="module")
def book() -> dict[str, StandardText]:
    divisions = {row.code for row in read_table((DATA / "divisions.csv").read_text(encoding="utf-8"))}
    return {text.code: text for text in read_folder(DATA / "standards", divisions=divisions)}


def rules_of(book: dict[str, StandardText], code: str) -> StandardRules:
    (version,) = book[code].versions
    return version.rules


def minimums(rules: StandardRules) -> dict[str, tuple[int, int | None]]:
    return {c.category: (c.minimum_minutes, c.cap_minutes) for c in rules.categories}


def refused(text: str, **given: set[str]) -> str:
    with pytest.raises(BadRulebook) as refusal:
        parse(text, "x.toml", **given)
    return str(refusal.value)


def test_every_region_of_the_policies_is_in_the_book(book: dict[str, StandardText]) -> None:
    occupations = ("director", "caregiver", "health", "security")
    assert {(text.division_code, text.occupation, code) for code, text in book.items()} == {
        ("530000", "director", "yunnan-directors"),
        ("530000", "caregiver", "yunnan-caregivers"),
        ("530000", "expert", "yunnan-experts"),
        *(("210300", o, f"anshan-yearly-{o}") for o in occupations),
        *(("330500", o, f"huzhou-target-{o}") for o in occupations),
        *(("360500", o, f"xinyu-entry-{o}") for o in occupations),
        *(("310117", o, f"songjiang-staff-{o}") for o in occupations),
        ("310117", "parenting_trainer", "songjiang-parenting-trainers"),
    }


@pytest.mark.parametrize(("code", "hours"), [("yunnan-directors", 60), ("yunnan-caregivers", 120)])
def test_y2_hours_in_five_years(book: dict[str, StandardText], code: str, hours: int) -> None:
    rules = rules_of(book, code)
    assert rules.needed_minutes == hours * 45
    assert (rules.anchor, rules.cycle_years, rules.certificate_years) == (Anchor.CERTIFICATE, 5, 5)
    assert (rules.class_hour_minutes, rules.carry_over, rules.ban_answer_working_days) == (45, False, 10)
    assert book[code].versions[0].in_force == Period(date(2021, 1, 1))


def test_y8_topics_are_counted_apart_and_nothing_is_demanded_of_them(book: dict[str, StandardText]) -> None:
    apart = ("theory", "practice", "online", "offline", "ethics")
    topics = ("topic:care_skills", "topic:safety", "topic:emergency")
    for code in ("yunnan-directors", "yunnan-caregivers"):
        assert minimums(rules_of(book, code)) == dict.fromkeys((*apart, *topics), (0, None))


def test_y1_experts_are_trained_every_year(book: dict[str, StandardText]) -> None:
    rules = rules_of(book, "yunnan-experts")
    assert (rules.needed_minutes, rules.yearly_duties) == (0, (YearlyDuty("expert_training", 12, 1),))


def test_a1_two_duties_a_year_for_every_occupation(book: dict[str, StandardText]) -> None:
    for occupation in Occupation:
        rules = rules_of(book, f"anshan-yearly-{occupation}")
        assert rules.yearly_duties == (YearlyDuty("hygiene_training"), YearlyDuty("health_check"))
        assert (rules.needed_minutes, rules.certificate_years) == (0, None)
    assert book["anshan-yearly-health"].versions[0].in_force == Period(date(2020, 9, 23))


def test_h1_a_target_of_85_for_three_years(book: dict[str, StandardText]) -> None:
    text = book["huzhou-target-caregiver"]
    assert rules_of(book, "huzhou-target-caregiver").target_rate_percent == 85
    assert text.in_force_on(date(2022, 12, 31)) is None
    assert text.in_force_on(date(2023, 1, 1)) is text.versions[0]
    assert text.in_force_on(date(2025, 12, 31)) is text.versions[0]
    assert text.in_force_on(date(2026, 1, 1)) is None


def test_x1_training_and_assessment_on_entry(book: dict[str, StandardText]) -> None:
    rules = rules_of(book, "xinyu-entry-security")
    assert (rules.anchor, rules.entry_duties) == (Anchor.ENTRY, ("entry_training", "entry_assessment"))


def test_s1_and_s2_hours_of_each_calendar_year_and_everybody_certified(book: dict[str, StandardText]) -> None:
    rules = rules_of(book, "songjiang-staff-caregiver")
    assert (rules.anchor, rules.cycle_years, rules.target_rate_percent) == (Anchor.CALENDAR, 1, 100)
    assert minimums(rules)["ethics"] == (40 * 45, 40 * 45)
    assert rules.needed_minutes - 40 * 45 == 88 * 45


def test_s3_four_trainings_a_year(book: dict[str, StandardText]) -> None:
    assert rules_of(book, "songjiang-parenting-trainers").yearly_duties == (
        YearlyDuty("specialised_training", 12, 4),
    )


def test_every_version_is_cited_and_survives_storage(book: dict[str, StandardText]) -> None:
    for text in book.values():
        for version in text.versions:
            assert version.citation.fact
            assert StandardRules.from_json(json.loads(json.dumps(version.rules.as_json()))) == version.rules


def test_a_file_is_read_in_class_hours_and_kept_in_minutes() -> None:
    (text,) = parse(GOOD + SECOND, "x.toml")
    first, second = text.versions
    assert (text.code, text.title, text.title_en) == ("x", "标准", "Standard")
    assert first.citation == Citation("文件", "一", "原文", "Y2")
    assert first.in_force == Period(date(2021, 1, 1), date(2026, 1, 1))
    assert first.rules == StandardRules(
        class_hour_minutes=40,
        needed_minutes=4800,
        categories=(CategoryRule("ethics", 400, 800), CategoryRule("topic:safety", 0, None)),
        anchor=Anchor.CERTIFICATE,
        cycle_years=5,
        certificate_years=5,
        counted_sources=(SourceClass.PLATFORM,),
        carry_over=True,
        yearly_duties=(YearlyDuty("health_check", 6, 2),),
        entry_duties=("entry_training",),
        target_rate_percent=90,
        ban_answer_working_days=15,
    )
    assert (second.rules.needed_minutes, second.rules.certificate_years) == (90 * 45, None)
    assert text.in_force_on(date(2026, 1, 1)) is second


def test_several_occupations_are_several_standards() -> None:
    texts = parse(GOOD.replace('["caregiver"]', '["caregiver", "health"]'), "x.toml")
    assert [(text.code, text.occupation) for text in texts] == [
        ("x-caregiver", "caregiver"),
        ("x-health", "health"),
    ]


@pytest.mark.parametrize(
    ("wrong", "right", "named"),
    [
        ("\nkind = 1\n[[standards]]", "\n[[standards]]", "x.toml.kind"),
        ('title_de = "x"\ntitle = "标准"', 'title = "标准"', "x.toml.standards[0].title_de"),
        ("numbers = 1\nnumber = 1", "number = 1", "x.toml.standards[0].versions[0].numbers"),
        ('url = "x", fact = "Y2"', 'fact = "Y2"', "x.toml.standards[0].versions[0].citation.url"),
        (
            "neded_class_hours = 1\ncarry_over",
            "carry_over",
            "x.toml.standards[0].versions[0].rules.neded_class_hours",
        ),
        (
            "needed_minutes = 1\ncarry_over",
            "carry_over",
            "x.toml.standards[0].versions[0].rules.needed_minutes",
        ),
        (
            "floor = 1, cap_class_hours",
            "cap_class_hours",
            "x.toml.standards[0].versions[0].rules.categories[0].floor",
        ),
        ("often = 1, times", "times", "x.toml.standards[0].versions[0].rules.yearly_duties[0].often"),
    ],
)
def test_an_unknown_key_is_refused_by_name_and_place(wrong: str, right: str, named: str) -> None:
    assert right in GOOD
    with pytest.raises(UnknownKey) as refusal:
        parse(GOOD.replace(right, wrong, 1), "x.toml")
    assert str(refusal.value) == named


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("[[standards]]", "[[standards", "is no TOML"),
        ('code = "x"\n', "", "code is missing"),
        ('code = "x"', 'code = "X y"', "code: 'X y' must be"),
        ('title = "标准"', 'title = " "', "title is empty"),
        ('"530000"', '"5300"', "5300 is no division code"),
        ('["caregiver"]', "[]", "occupations must name"),
        ('["caregiver"]', '["caregiver", "caregiver"]', "occupations must name"),
        ('["caregiver"]', '["cook"]', "cook is unknown"),
        ('["caregiver"]', '["expert"]', "hours are demanded of occupations only"),
        ('["caregiver"]', "[1]", "must hold texts"),
        ("number = 1", "number = 2", "numbered 1, 2, 3"),
        ("number = 1", "number = true", "number must be int"),
        ("2021-01-01", "2021-01-01T00:00:00", "in_force_from must be date"),
        ("2026-01-01", "2021-01-01", "in_force_until must come after"),
        (
            'citation = { document = "文件", article = "一", words = "原文", fact = "Y2" }',
            "",
            "citation is missing",
        ),
        ('words = "原文", ', "", "citation.words is missing"),
        ('words = "原文"', 'words = ""', "citation.words is empty"),
        ("needed_class_hours = 120", "needed_class_hours = -1", "must be 0 to 10000"),
        ("needed_class_hours = 120", 'needed_class_hours = "120"', "must be int"),
        ("class_hour_minutes = 40", "class_hour_minutes = 0", "must be 1 to 120"),
        ('anchor = "certificate"', 'anchor = "birthday"', "birthday is unknown; known are take_up"),
        ('anchor = "certificate"\n', "", "hours need an anchor"),
        ('anchor = "certificate"', 'anchor = "entry"', "every anchor but entry needs cycle_years"),
        ("\ncycle_years = 5", "", "every anchor but entry needs cycle_years"),
        ("certificate_years = 5", "", "the anchor certificate needs certificate_years"),
        ('["platform"]', '["rumour"]', "rumour is unknown"),
        ("target_rate_percent = 90", "target_rate_percent = 101", "must be 1 to 100"),
        ('["entry_training"]', '["Entry training"]', "entry_duties: 'Entry training' must be"),
        ('category = "ethics"', 'category = "moral"', "moral is unknown"),
        ('category = "ethics"', 'category = "topic:"', "topic: is unknown"),
        ('category = "topic:safety"', 'category = "ethics"', "a category stands there twice"),
        ("cap_class_hours = 20", "cap_class_hours = 9", "cap_class_hours is less"),
        ("needed_class_hours = 10, cap_class_hours = 20", "needed_class_hours = 121", "more than the whole"),
        ("needed_class_hours = 120", "needed_class_hours = 0", "only hours have a cycle"),
        ("yearly_duties = [{", "yearly_duties = [1, {", "must be a table"),
    ],
)
def test_a_file_that_makes_no_sense_is_refused_with_its_place(right: str, wrong: str, said: str) -> None:
    assert right in GOOD
    message = refused(GOOD.replace(right, wrong, 1))
    assert said in message
    assert message.startswith("x.toml")


@pytest.mark.parametrize(("offline", "is_lawful"), [(79, False), (80, True)])
def test_caps_that_leave_no_way_to_the_whole_are_refused(offline: int, is_lawful: bool) -> None:
    caps = f"""{{ category = "online", cap_class_hours = 40 }},
    {{ category = "offline", cap_class_hours = {offline} }},"""
    text = GOOD.replace('{ category = "topic:safety" },', caps)
    assert caps in text
    if is_lawful:
        assert parse(text, "x.toml")
    else:
        assert "no way to the whole" in refused(text)


def test_a_standard_that_demands_nothing_is_refused() -> None:
    start, _, _ = GOOD.partition("needed_class_hours = 120")
    assert "demands something" in refused(start)


def test_a_file_without_standards_is_refused() -> None:
    assert refused("") == "x.toml holds no standard"


def test_a_division_that_is_not_in_the_table_is_refused() -> None:
    assert "530000 is not in the table" in refused(GOOD, divisions={"210000"})
    assert parse(GOOD, "x.toml", divisions={"530000"})


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("in_force_from = 2026-01-01", "in_force_from = 2025-12-31"),
        ("in_force_from = 2026-01-01", "in_force_from = 2020-01-01\nin_force_until = 2020-06-01"),
    ],
)
def test_versions_that_overlap_or_go_back_are_refused(right: str, wrong: str) -> None:
    assert "versions 1 and 2 overlap" in refused(GOOD + SECOND.replace(right, wrong))


def test_an_open_version_cannot_be_followed() -> None:
    text = GOOD.replace("in_force_until = 2026-01-01\n", "") + SECOND
    assert "versions 1 and 2 overlap" in refused(text)


def test_two_standards_of_hours_for_the_same_people_are_refused() -> None:
    other = GOOD.replace('code = "x"', 'code = "y"')
    with pytest.raises(BadRulebook, match="x and y both name hours"):
        check_together([*parse(GOOD, "x"), *parse(other, "y")])
    later = other.replace("2026-01-01", "2030-01-01").replace("2021-01-01", "2026-01-01")
    check_together([*parse(GOOD, "x"), *parse(later, "y")])
    elsewhere = other.replace("530000", "530100")
    check_together([*parse(GOOD, "x"), *parse(elsewhere, "y")])


def test_two_standards_with_one_code_are_refused() -> None:
    with pytest.raises(BadRulebook, match="two standards have the code x"):
        check_together([*parse(GOOD, "x"), *parse(GOOD.replace("530000", "530100"), "y")])


@pytest.mark.parametrize(
    ("data", "key"),
    [
        ({"colour": 1}, "colour"),
        ({"categories": [{"category": "ethics", "floor": 1}]}, "CategoryRule.floor"),
        ({"yearly_duties": [{"kind": "x", "floor": 1}]}, "YearlyDuty.floor"),
    ],
)
def test_stored_rules_with_an_unknown_key_are_refused_by_name(data: dict[str, object], key: str) -> None:
    with pytest.raises(UnknownKey, match=key):
        StandardRules.from_json(data)
