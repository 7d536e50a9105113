"""A person sees what is registered of her."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.test import Client

from registry.models import Account, IdentityDocument
from tests.factories import registry as make

ClientOf = Callable[[Account | None], Client]


def test_she_sees_her_own_data_masked(client_of: ClientOf, learner: Account, other_learner: Account) -> None:
    page = client_of(learner).get("/me/")
    document = IdentityDocument.objects.get(person=learner.person)
    text = page.content.decode()
    assert "李小禾" in text
    assert "五华春芽托育园" in text
    assert document.masked_number in text
    assert document.number not in text
    assert "段小溪" not in text
    assert "Nobody has looked at your number" in text
    assert page["Cache-Control"] == "no-store"


def test_who_is_banned_is_told_so(client_of: ClientOf, learner: Account) -> None:
    assert learner.person is not None
    make.exclusion(of=learner.person)
    make.exclusion(of=learner.person, kind="suspension", until=date(2999, 1, 1))
    text = client_of(learner).get("/me/").content.decode()
    assert "You may not work in childcare" in text
    assert "You are suspended for now" in text
    assert "31 Dec 2998" in text


def test_a_visitor_signs_in_first(client_of: ClientOf, db: None) -> None:
    assert client_of(None).get("/me/").status_code == 302


def test_one_and_three_posts_take_the_same_queries(
    client_of: ClientOf, learner: Account, django_assert_max_num_queries: Any
) -> None:
    client = client_of(learner)
    with django_assert_max_num_queries(20) as first:
        client.get("/me/")
    for _ in range(2):
        make.employment(of=learner.person, until=date(2023, 1, 1))
    with django_assert_max_num_queries(len(first.captured_queries)):
        assert client.get("/me/").status_code == 200
