"""Duties on the web: administrators see all, officers theirs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from registry.models import Account, Duty, Facility
from registry.rules.kinds import DutyKind
from tests.factories import registry as make

ClientOf = Callable[[Account | None], Client]
LIST = "/duties/"


def test_the_list_is_filtered_by_scope(
    client_of: ClientOf,
    county_officer: Account,
    director: Account,
    other_director: Account,
    administrator: Account,
) -> None:
    mine = client_of(county_officer).get(LIST).content.decode()
    assert "director" in mine
    assert "other_director" not in mine
    everything = client_of(administrator).get(LIST).content.decode()
    assert "other_director" in everything


@pytest.mark.parametrize("words", ["?q=other_director", "?kind=manager", "?q=" + "x" * 90, "?page=999"])
def test_a_filter_never_widens_the_scope(
    client_of: ClientOf, county_officer: Account, other_director: Account, words: str
) -> None:
    answer = client_of(county_officer).get(LIST + words)
    assert answer.status_code == 200
    assert (
        reverse("registry:revoke", args=[other_director.duties.get().public_id])
        not in answer.content.decode()
    )


def test_one_and_three_duties_take_the_same_queries(
    client_of: ClientOf, administrator: Account, django_assert_max_num_queries: Any
) -> None:
    client = client_of(administrator)
    with django_assert_max_num_queries(20) as first:
        client.get(LIST)
    for _ in range(3):
        make.duty(
            of=make.account(), kind=DutyKind.MANAGER, facility=make.facility(), granted_by=make.account()
        )
    with django_assert_max_num_queries(len(first.captured_queries)):
        assert client.get(LIST).status_code == 200


def test_an_officer_grants_a_manager_by_form(
    client_of: ClientOf, county_officer: Account, home_facility: Facility
) -> None:
    account = make.account(username="neu")
    answer = client_of(county_officer).post(
        reverse("registry:grant"),
        {
            "username": "neu",
            "kind": "manager",
            "credit_code": f" {home_facility.credit_code.lower()} ",
            "starts_on": "2026-03-02",
            "last_day": "2036-12-31",
        },
    )
    assert (answer.status_code, answer["Location"]) == (303, LIST)
    duty = account.duties.get()
    assert (duty.facility, duty.until, duty.granted_by) == (home_facility, date(2037, 1, 1), county_officer)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"username": "nobody"}, "No account has this user name"),
        ({"credit_code": "OTHER"}, "No facility you answer for has this code"),
        ({"kind": "officer"}, "Select a valid choice"),
        ({"last_day": "2001-01-01"}, "must end after it starts"),
        ({"starts_on": "yesterday"}, "Enter a valid date"),
    ],
)
def test_a_form_that_cannot_be_says_what_to_mend(
    client_of: ClientOf,
    county_officer: Account,
    request: pytest.FixtureRequest,
    fields: dict[str, str],
    words: str,
) -> None:
    home_facility, other_facility = (
        request.getfixturevalue(f"{name}_facility") for name in ("home", "other")
    )
    make.account(username="neu")
    if "credit_code" in fields:
        fields = {"credit_code": other_facility.credit_code}
    before = Duty.objects.count()
    answer = client_of(county_officer).post(
        reverse("registry:grant"),
        {
            "username": "neu",
            "kind": "manager",
            "credit_code": home_facility.credit_code,
            "starts_on": "2026-03-02",
            "last_day": "",
            **fields,
        },
    )
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert Duty.objects.count() == before


def test_an_administrator_grants_an_officer_by_form(client_of: ClientOf, administrator: Account) -> None:
    account = make.account(username="neu")
    division = make.division("530103")
    form = {"username": "neu", "kind": "officer", "division": division.code, "starts_on": "2026-03-02"}
    assert client_of(administrator).post(reverse("registry:grant"), form).status_code == 303
    assert account.duties.get().division == division


def test_revoking_asks_first_and_a_get_changes_nothing(
    client_of: ClientOf, county_officer: Account, director: Account
) -> None:
    duty = director.duties.get()
    url = reverse("registry:revoke", args=[duty.public_id])
    client = client_of(county_officer)
    assert client.get(url).status_code == 200
    duty.refresh_from_db()
    assert duty.revoked_on is None
    assert client.post(url).status_code == 303
    duty.refresh_from_db()
    assert duty.revoked_by == county_officer
    assert client.post(url).status_code == 409


@pytest.mark.parametrize(
    ("who", "status"), [(None, 302), ("learner", 403), ("director", 403), ("trainer", 403), ("editor", 403)]
)
def test_nobody_else_comes_in(
    client_of: ClientOf, request: Any, db: None, who: str | None, status: int
) -> None:
    client = client_of(request.getfixturevalue(who) if who else None)
    for url in (LIST, reverse("registry:grant")):
        assert client.get(url).status_code == status


def test_an_officer_of_another_county_does_not_find_the_duty(
    client_of: ClientOf, other_county_officer: Account, director: Account
) -> None:
    url = reverse("registry:revoke", args=[director.duties.get().public_id])
    client = client_of(other_county_officer)
    assert client.get(url).status_code == 404
    assert client.post(url).status_code == 404
    assert director.duties.get().revoked_on is None
