"""What a draft changes in the rulebook, from which day, and what speaks against publishing it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.utils import translation

from core.days import Period
from registry.rules.amendment import SENTENCES, amended, changes, objections
from registry.rules.rulebook import Citation, StandardText, VersionText
from registry.rules.standard import Anchor, StandardRules, YearlyDuty
from registry.rules.strict_toml import BadRulebook

TODAY = date(2026, 3, 2)
CITED = Citation("文件", "第一条", "不少于120学时", "Y2")
HOURS = StandardRules(needed_minutes=5400)
MORE = StandardRules(needed_minutes=7200)
DUTY = StandardRules(yearly_duties=(YearlyDuty("health_check"),), anchor=Anchor.TAKE_UP)


def version(
    number: int, since: str, until: str | None = None, rules: StandardRules = HOURS, cited: Citation = CITED
) -> VersionText:
    return VersionText(
        number, Period(date.fromisoformat(since), date.fromisoformat(until) if until else None), cited, rules
    )


def text(*versions: VersionText, code: str = "yn", division: str = "530000") -> StandardText:
    return StandardText(code, "标准", "Standard", division, "caregiver", versions, "")


PROVINCE = text(version(1, "2021-01-01"))
FOLLOWED = text(version(1, "2021-01-01", "2027-01-01"), version(2, "2027-01-01", rules=MORE))


def said(draft: StandardText, *published: StandardText) -> list[tuple[str, dict[str, object]]]:
    return [(one.code, dict(one.details)) for one in objections(published or (PROVINCE,), [draft], on=TODAY)]


def test_a_next_version_in_time_may_be_published_and_changes_from_its_first_day() -> None:
    assert said(FOLLOWED) == []
    assert changes([PROVINCE], amended([PROVINCE], [FOLLOWED])) == {"yn": date(2027, 1, 1)}


def test_what_was_published_is_no_change() -> None:
    assert said(PROVINCE) == []
    retold = replace(PROVINCE, title="另一个名称")
    assert changes([PROVINCE], amended([PROVINCE], [retold])) == {}


@pytest.mark.parametrize(
    ("draft", "objection"),
    [
        (replace(FOLLOWED, division_code="530100"), ("standard_changed", {"field": "division"})),
        (replace(PROVINCE, occupation="health"), ("standard_changed", {"field": "occupation"})),
        (text(version(1, "2021-01-01", rules=MORE)), ("version_changed", {"version": 1, "field": "rules"})),
        (text(version(1, "2020-01-01")), ("version_changed", {"version": 1, "field": "in_force_from"})),
        (
            text(version(1, "2021-01-01", cited=replace(CITED, article="第二条"))),
            ("version_changed", {"version": 1, "field": "citation"}),
        ),
        (text(version(1, "2021-01-01", "2026-03-02")), ("ends_in_the_past", {"version": 1})),
    ],
)
def test_an_objection_names_its_place(draft: StandardText, objection: tuple[str, dict[str, object]]) -> None:
    code, details = objection
    assert said(draft)[0] == (code, {"standard": "yn", **details})


def test_a_version_that_is_missing_and_an_end_that_moves_are_told() -> None:
    assert said(PROVINCE, FOLLOWED) == [
        ("version_changed", {"standard": "yn", "version": 1, "field": "in_force_until"}),
        ("version_missing", {"standard": "yn", "version": 2}),
    ]


@pytest.mark.parametrize(("since", "may"), [("2026-03-02", False), ("2026-03-03", True)])
def test_a_further_version_begins_after_today(since: str, may: bool) -> None:
    ended = text(version(1, "2021-01-01", "2025-01-01"))
    found = said(text(*ended.versions, version(2, since)), ended)
    assert found == ([] if may else [("begins_in_the_past", {"standard": "yn", "version": 2})])


@pytest.mark.parametrize(
    ("draft", "may"),
    [
        (text(version(1, "2026-01-01"), code="county", division="530102"), False),
        (text(version(1, "2026-03-03"), code="county", division="530102"), True),
        (text(version(1, "2019-01-01", "2021-01-01"), code="county", division="530102"), True),
        (text(version(1, "2026-01-01", rules=DUTY), code="county", division="530102"), True),
        (text(version(1, "2026-01-01"), code="shanghai", division="310000"), True),
    ],
)
def test_hours_of_a_county_take_the_place_of_the_provinces_from_a_day_to_come(
    draft: StandardText, may: bool
) -> None:
    found = said(draft)
    assert found == ([] if may else [("begins_in_the_past", {"standard": "county", "version": 1})])


def test_the_first_day_of_a_change_is_the_earliest_on_which_something_differs() -> None:
    ended = text(version(1, "2021-01-01", "2026-06-01"))
    assert changes([PROVINCE], [ended]) == {"yn": date(2026, 6, 1)}
    assert changes([PROVINCE], [text(version(1, "2021-01-01", rules=MORE))]) == {"yn": date(2021, 1, 1)}
    assert changes([PROVINCE], [text(version(1, "2020-01-01"))]) == {"yn": date(2020, 1, 1)}
    assert changes([PROVINCE], [replace(PROVINCE, occupation="health")]) == {"yn": date(2021, 1, 1)}
    assert changes([], [PROVINCE]) == {"yn": date(2021, 1, 1)}


def test_two_standards_of_hours_at_once_are_no_book() -> None:
    with pytest.raises(BadRulebook, match="both name hours"):
        amended([PROVINCE], [text(version(1, "2022-01-01"), code="other")])


@pytest.mark.parametrize("code", SENTENCES)
def test_an_objection_is_said_in_both_languages(code: str) -> None:
    said = set()
    for language in ("zh-hans", "en"):
        with translation.override(language):
            said.add(str(SENTENCES[code]))
    assert len(said) == 2
