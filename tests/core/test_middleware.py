"""The coarse door itself: no line, no entry; sign-in keeps the way back; a refusal is a sentence."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path

from core import middleware
from core.policy import Line, everyone, only, signed_in
from core.refusals import Refused
from registry.models import Account


def _ok(request: HttpRequest) -> HttpResponse:
    return HttpResponse("entered")


def _refuses(request: HttpRequest) -> HttpResponse:
    raise Refused("too-late", "The day is over; come tomorrow.")


urlpatterns = [
    path("t/open/", _ok, name="t_open"),
    path("t/any/", _ok, name="t_any"),
    path("t/learners/", _ok, name="t_learners"),
    path("t/forgotten/", _ok, name="t_forgotten"),
    path("t/nameless/", _ok),
    path("t/refuses/", _refuses, name="t_refuses"),
    path("api/v1/t/", _refuses, name="t_api"),
    path("", include("config.urls")),
]
TABLE: dict[str, Line] = {
    "home": everyone(why="the front page"),
    "account_login": everyone(why="the sign-in door"),
    "t_open": everyone(why="open to everybody"),
    "t_any": signed_in(),
    "t_learners": only("learner"),
    "t_refuses": everyone(why="open to everybody"),
    "t_api": only("learner"),
}


@pytest.fixture(autouse=True)
def _a_small_house(settings: Any) -> Iterator[None]:
    settings.ROOT_URLCONF = "tests.core.test_middleware"
    settings.POLICY_TABLE = "tests.core.test_middleware.TABLE"
    middleware.policy_table.cache_clear()
    yield
    middleware.policy_table.cache_clear()


def test_a_visitor_enters_what_is_public(client: Client) -> None:
    assert client.get("/t/open/").content == b"entered"


@pytest.mark.parametrize("address", ["/t/forgotten/", "/t/nameless/"])
def test_a_route_without_a_line_is_closed_to_all(
    db: None, client: Client, learner: Account, address: str
) -> None:
    assert client.get(address).status_code == 403
    client.force_login(learner)
    assert client.get(address).status_code == 403


def test_a_visitor_is_led_to_sign_in_and_back(client: Client) -> None:
    answer = client.get("/t/any/?page=2")
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/login/?next=%2Ft%2Fany%2F%3Fpage%3D2")


def test_after_a_lost_session_a_post_leads_home_not_to_a_get_of_its_address(client: Client) -> None:
    assert client.post("/t/any/")["Location"] == "/accounts/login/?next=%2F"


def test_a_fragment_asked_by_htmx_does_not_swallow_the_sign_in_page(client: Client) -> None:
    answer = client.get(
        "/t/any/", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/page/"}
    )
    assert (answer.status_code, answer["HX-Redirect"]) == (204, "/accounts/login/?next=%2Fpage%2F")


def test_the_api_is_answered_in_json(db: None, client: Client, trainer: Account) -> None:
    answer = client.get("/api/v1/t/")
    assert (answer.status_code, answer.json()["error"]) == (401, "sign_in")
    trainer.person = None
    trainer.save(update_fields=["person"])
    client.force_login(trainer)
    answer = client.get("/api/v1/t/")
    assert (answer.status_code, answer.json()["error"]) == (403, "forbidden")


def test_kinds_open_doors(db: None, client: Client, learner: Account) -> None:
    client.force_login(learner)
    assert client.get("/t/any/").content == b"entered"
    assert client.get("/t/learners/").content == b"entered"


def test_an_account_that_is_nobody_opens_none(db: None, client: Client, learner: Account) -> None:
    learner.person = None
    learner.save(update_fields=["person"])
    client.force_login(learner)
    assert client.get("/t/any/").status_code == 403
    assert client.get("/t/open/").status_code == 200


def test_a_refusal_is_a_page_with_its_sentence(client: Client) -> None:
    answer = client.get("/t/refuses/")
    assert answer.status_code == 409
    assert "The day is over; come tomorrow." in answer.content.decode()


def test_a_refusal_of_the_api_is_json(db: None, client: Client, learner: Account) -> None:
    client.force_login(learner)
    answer = client.get("/api/v1/t/")
    assert answer.status_code == 409
    assert json.loads(answer.content) == {"error": "too-late", "message": "The day is over; come tomorrow."}


def test_in_production_each_hostname_serves_its_own_half(client: Client, settings: Any) -> None:
    settings.DEMONSTRATION = False
    settings.UPLOAD_HOST = "content.example"
    settings.ALLOWED_HOSTS = ["content.example", "testserver"]
    assert client.get("/t/open/", headers={"host": "content.example"}).status_code == 404
    assert client.get("/t/open/").status_code == 200
    assert client.get("/content/x/y/file/z", headers={"host": "testserver"}).status_code == 404


def test_uploaded_content_is_served_sandboxed(client: Client) -> None:
    answer = client.get("/content/0000000000000000/x/file/y.pdf")
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["X-Content-Type-Options"] == "nosniff"
