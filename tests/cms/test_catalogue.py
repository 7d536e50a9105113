"""Courses are found by what stands in them, and shown as they were frozen."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from cms.catalogue import found, open_courses
from tests.factories import cms as make

pytestmark = pytest.mark.django_db
QUERIES = 10  # seven are Wagtail's way to the page

FIRE, AID = "托育机构消防安全培训", "婴幼儿急救与 CPR"


@pytest.fixture
def shelf() -> None:
    make.course_page(slug="fire", title=FIRE, summary="起火以后的头三分钟。")
    make.course_page(
        slug="aid", title=AID, summary="气道异物梗阻。", topic="first_aid", occupations=("health",)
    )


FOUND = [
    ("消防", [FIRE]),
    ("安全培训", [FIRE]),
    ("急救", [AID]),
    ("cpr", [AID]),
    ("ＣＰＲ 急救", [AID]),
    ("急救 消防", []),
    ("防消", []),
    ("消安", []),
    ("火", [FIRE]),  # in the summary
    ("婴", [AID]),
    ("测验", [FIRE, AID]),  # the title of a lesson
    ("！", []),
    ("", [FIRE, AID]),
    ("' OR 1=1 --", []),
    ('"消防"', [FIRE]),
]


@pytest.mark.usefixtures("shelf")
def test_a_word_is_found_inside_chinese() -> None:
    answers = {text: {page.title for page in found(open_courses(), text)} for text, _titles in FOUND}
    assert answers == {text: set(titles) for text, titles in FOUND}


@pytest.mark.postgres
@pytest.mark.usefixtures("shelf")
def test_postgresql_finds_the_same() -> None:
    assert connection.vendor == "postgresql"
    answers = {text: {page.title for page in found(open_courses(), text)} for text, _titles in FOUND}
    assert answers == {text: set(titles) for text, titles in FOUND}


@pytest.mark.usefixtures("shelf")
@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("?topic=first_aid", [AID]),
        ("?occupation=director", [FIRE]),
        ("?occupation=health&q=急救", [AID]),
        ("?occupation=director&q=急救", []),
        ("?topic=nonsense", [AID, FIRE]),
        ("?page=99", [AID, FIRE]),
    ],
)
def test_the_shelf_is_narrowed(client: Any, query: str, titles: list[str]) -> None:
    response = client.get(f"/courses/{query}")
    assert response.status_code == 200
    assert sorted(card.title for card in response.context["cards"]) == sorted(titles)


def test_an_empty_shelf_and_an_empty_answer_teach(client: Any) -> None:
    assert "暂无开放的课程" in client.get("/courses/").content.decode()
    assert "没有符合条件的课程" in client.get("/courses/?q=没有这个").content.decode()


def test_the_catalogue_keeps_its_query_count(client: Any, django_assert_num_queries: Any) -> None:
    make.course_page()
    client.get("/courses/")  # the site's roots are cached by the first request
    with django_assert_num_queries(QUERIES):
        client.get("/courses/")
    make.course_page()
    make.course_page()
    with django_assert_num_queries(QUERIES):
        response = client.get("/courses/")
    assert len(response.context["cards"]) == 3
