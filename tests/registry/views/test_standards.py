"""The rulebook can be read by anybody, in both languages."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from audit.acts import System
from core import clock
from registry.actions import load_divisions, load_rulebook
from registry.models import Standard
from registry.rules.standard import StandardRules
from tests.factories import registry as make

BY = System("test")


@pytest.fixture
def rulebook(db: None) -> None:
    load_divisions(by=BY, at=make.AT)
    load_rulebook(by=BY, at=make.AT)


def english() -> Client:
    return Client(headers={"accept-language": "en"})


@pytest.mark.usefixtures("rulebook")
def test_a_visitor_reads_every_standard_with_its_source() -> None:
    page = english().get("/standards/").content.decode()
    for standard in Standard.objects.all():
        assert standard.title_en in page
        detail = english().get(f"/standards/{standard.code}/").content.decode()
        for version in standard.versions.all():
            assert version.citation["document"] in detail


@pytest.mark.usefixtures("rulebook")
def test_the_caregivers_of_yunnan_owe_120_hours_in_five_years() -> None:
    page = english().get("/standards/yunnan-caregivers/").content.decode()
    for words in (
        "120 class hours in 5 years",
        "<dd>45</dd>",
        "valid 5 years",
        "1 Jan 2021 – until further notice",
    ):
        assert words in page


@pytest.mark.usefixtures("rulebook")
def test_in_chinese_it_is_chinese() -> None:
    page = (
        Client(headers={"accept-language": "zh-hans"}).get("/standards/yunnan-caregivers/").content.decode()
    )
    for words in ("云南省托育机构保育人员培训标准", "5年120学时", "2021年1月1日", "理论、实践"):
        assert words in page


def test_versions_say_when_they_hold(db: None) -> None:
    make.standard(code="a", in_force_from=date(2021, 1, 1))
    make.standard(code="a", rules=StandardRules(needed_minutes=45 * 150), in_force_from=date(2999, 1, 1))
    page = english().get("/standards/a/").content.decode()
    assert page.index("Version 2") < page.index("Version 1")
    assert "Comes into force" in page
    assert english().get("/standards/none/").status_code == 404


def test_without_standards_the_page_says_so(db: None) -> None:
    assert "No standards yet" in english().get("/standards/").content.decode()


def test_one_and_three_standards_take_the_same_queries(db: None, django_assert_num_queries: Any) -> None:
    make.standard(code="a")
    client = english()
    client.get("/standards/")
    with django_assert_num_queries(2):
        client.get("/standards/")
    make.standard(code="b")
    make.standard(code="c")
    with django_assert_num_queries(2):
        client.get("/standards/")


@pytest.mark.usefixtures("rulebook")
@pytest.mark.parametrize(
    ("today", "words"),
    [
        (date(2023, 12, 31), ("since 1 Jan 2021",)),
        (date(2024, 1, 1), ("No longer in force", "1 Jan 2024")),
        (date(2019, 6, 1), ("Comes into force", "1 Jan 2021")),
    ],
)
def test_a_standard_in_the_list_says_since_when_it_is_in_force_or_not(
    today: date, words: tuple[str, ...]
) -> None:
    with clock.set_to(make.AT.replace(year=today.year, month=today.month, day=today.day)):
        page = english().get("/standards/").content.decode()
    (card,) = [
        part for part in page.split('<li class="card">') if "/standards/songjiang-parenting-trainers/" in part
    ]
    for word in words:
        assert word in card
