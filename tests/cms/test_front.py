"""The front page and its three neighbours, for everybody, in both languages."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cms.models import HomePage
from tests.factories import cms as make
from tests.factories import trainers as make_trainers

pytestmark = pytest.mark.django_db
ACCOUNT = {
    "username": "demo-learner",
    "password": "a-demo-password",
    "kind": "learner",
    "division": "530102",
    "place": "五华区",
}


@pytest.fixture
def written(settings: Any, tmp_path: Path) -> Path:
    """What the demo command leaves in VAR."""
    settings.VAR = tmp_path
    file = tmp_path / "demonstration.json"
    file.write_text(json.dumps({"accounts": [ACCOUNT, {**ACCOUNT, "username": "x", "kind": "novel"}]}))
    return file


@pytest.mark.parametrize("path", ["/", "/courses/", "/experts/", "/news/"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_fresh_tree_answers(client: Any, path: str, language: str) -> None:
    response = client.get(path, headers={"accept-language": language})
    assert (response.status_code, response["Content-Language"]) == (200, language)


def test_a_demonstration_says_whom_to_sign_in_as(client: Any, settings: Any, written: Path) -> None:
    settings.DEMONSTRATION = True
    page = client.get("/").content.decode()
    assert (ACCOUNT["username"] in page, ACCOUNT["password"] in page, "五华区" in page) == (True, True, True)


def test_a_real_deployment_says_nothing_even_if_the_file_lies_there(
    client: Any, settings: Any, written: Path
) -> None:
    settings.DEMONSTRATION = False
    settings.SECURE_SSL_REDIRECT = False
    page = client.get("/").content.decode()
    assert (ACCOUNT["username"] in page, ACCOUNT["password"] in page) == (False, False)


@pytest.mark.parametrize("content", [None, "", "{", "[]", '{"accounts": 3}', "{}"])
def test_the_front_page_bears_a_missing_or_broken_file(
    client: Any, settings: Any, written: Path, content: str | None
) -> None:
    settings.DEMONSTRATION = True
    written.unlink() if content is None else written.write_text(content)
    assert client.get("/").status_code == 200


def test_no_other_page_names_the_accounts(client: Any, settings: Any, written: Path) -> None:
    settings.DEMONSTRATION = True
    for path in ("/courses/", "/experts/", "/news/"):
        assert ACCOUNT["password"] not in client.get(path).content.decode()


def test_an_editor_may_change_the_headline_in_each_language(client: Any) -> None:
    HomePage.objects.update(hero_title="新标题", hero_title_en="A new headline")
    assert "新标题" in client.get("/").content.decode()
    assert "A new headline" in client.get("/", headers={"accept-language": "en"}).content.decode()


def test_the_front_page_shows_new_courses_and_news(client: Any) -> None:
    course, news = make.course_page(), make.news_page(summary="请按时参加。")
    page = client.get("/").content.decode()
    assert (course.title in page, news.title in page, "请按时参加。" in page) == (True, True, True)
    assert client.get(news.url).status_code == 200


def test_the_front_page_keeps_its_query_count(client: Any, django_assert_max_num_queries: Any) -> None:
    client.get("/")
    for _round in range(2):
        with django_assert_max_num_queries(20):
            client.get("/")
        for _course in range(3):
            make.course_page()


def test_the_pool_of_the_province_and_those_below_it(client: Any) -> None:
    pool = make_trainers.pool()
    make_trainers.appointment(to=pool, seat=7)
    below = make_trainers.pool(division_code="530100", seats=12, name="昆明市师资库")
    page = client.get("/experts/").content.decode()
    assert (pool.name in page, below.name in page) == (True, True)
    assert client.get(f"/experts/?pool={below.code}").context["pool"].name == below.name
    assert client.get("/experts/?pool=nothing").status_code == 404
