"""manage.py standing prints where a person stands, with every line's reason."""

from __future__ import annotations

import io
import json
from datetime import date
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from core import clock
from lms.queries import standings_of
from registry.models import Person
from tests.factories import lms as learning
from tests.factories import registry as make
from tests.factories.credentials import at

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)


@pytest.fixture(autouse=True)
def _frozen() -> Any:
    with clock.set_to(at(DAY)):
        yield


@pytest.fixture
def caregiver() -> Person:
    make.standard()
    person = make.person(name="李小禾")
    make.employment(of=person)
    make.account(of=person, username="xiaohe")
    learning.hours(of=person, minutes=90, happened_on=date(2026, 2, 1), at=at(date(2026, 2, 1)))
    return person


def printed(*arguments: str) -> str:
    out = io.StringIO()
    call_command("standing", *arguments, stdout=out)
    return out.getvalue()


def test_the_data_is_the_standing(caregiver: Person) -> None:
    (one,) = standings_of(caregiver, DAY)
    for who in (caregiver.public_id, "xiaohe"):
        said = json.loads(printed(who, "--json"))
        (stands,) = said["standings"]
        assert (said["person"], said["on"]) == (caregiver.public_id, "2026-03-02")
        assert (stands["needed_minutes"], stands["counted_minutes"], stands["missing_minutes"]) == (
            one.hours.needed,
            90,
            one.hours.needed - 90,
        )
        assert [line["reasons"][0]["words"] for line in stands["lines"]] == [one.lines[0].reasons[0].words]


def test_the_words_name_the_rule_the_sums_and_the_reason(caregiver: Person) -> None:
    said = printed("xiaohe")
    (one,) = standings_of(caregiver, DAY)
    assert f"needed {one.hours.needed}, counted 90" in said
    assert one.lines[0].reasons[0].words in said


def test_an_earlier_day_does_not_know_what_came_later(caregiver: Person) -> None:
    (stands,) = json.loads(printed("xiaohe", "--on", "2026-01-31", "--json"))["standings"]
    assert (stands["counted_minutes"], stands["lines"]) == (0, [])


@pytest.mark.parametrize(
    "arguments", [["nobody"], ["xiaohe", "--on", "2026-02-30"], ["xiaohe", "--on", "9999-12-31"]]
)
def test_what_cannot_be_answered_ends_with_2(arguments: list[str], caregiver: Person) -> None:
    with pytest.raises(CommandError) as refusal:
        call_command("standing", *arguments)
    assert refusal.value.returncode == 2
