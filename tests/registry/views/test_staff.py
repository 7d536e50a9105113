"""The staff of a facility on the web."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from audit.models import Entry
from registry.models import Account, Employment, Facility, IdentityDocument, Person
from tests.factories import registry as make
from tests.registry.roster_files import number

ClientOf = Callable[[Account | None], Client]


def address(name: str, facility: Facility, *more: str) -> str:
    return reverse(f"registry:{name}", args=[facility.public_id, *more])


FORM = {
    "name": "李一",
    "document_kind": "resident_id",
    "document_number": number(12),
    "phone": "139 0000 0000",
    "occupation": "caregiver",
    "started_on": "2026-03-02",
}


def test_a_manager_enters_one_person(client_of: ClientOf, director: Account, home_facility: Facility) -> None:
    answer = client_of(director).post(address("employ_one", home_facility), FORM)
    assert (answer.status_code, answer["Location"]) == (303, address("staff", home_facility))
    post = Employment.objects.get()
    assert (post.person.name, post.facility, post.started_on) == ("李一", home_facility, date(2026, 3, 2))


def test_who_is_banned_is_refused_and_not_recorded_twice(
    client_of: ClientOf, director: Account, home_facility: Facility
) -> None:
    make.exclusion(of=make.person(name="李一", number=number(12)))
    answer = client_of(director).post(address("employ_one", home_facility), FORM)
    assert "may not be employed in childcare" in answer.content.decode()
    assert not Employment.objects.exists()


def test_a_refused_post_records_nobody(
    client_of: ClientOf, director: Account, home_facility: Facility
) -> None:
    people = Person.objects.count()
    answer = client_of(director).post(
        address("employ_one", home_facility), {**FORM, "started_on": "2001-01-01"}
    )
    assert "The facility was not open yet" in answer.content.decode()
    assert Person.objects.count() == people


def test_the_list_masks_numbers_and_shows_who_left_apart(
    client_of: ClientOf, learner: Account, director: Account, home_facility: Facility
) -> None:
    gone = make.employment(of=make.person(name="去人"), at=home_facility, until=date(2024, 1, 1))
    client = client_of(director)
    present, left = (
        client.get(address("staff", home_facility) + query).content.decode() for query in ("", "?left=1")
    )
    assert "李小禾" in present
    assert "去人" not in present
    assert gone.person.name in left
    assert "李小禾" not in left
    document = IdentityDocument.objects.get(person=learner.person)
    assert document.masked_number in present
    assert document.number not in present


def test_one_and_three_posts_take_the_same_queries(
    client_of: ClientOf,
    director: Account,
    learner: Account,
    home_facility: Facility,
    django_assert_max_num_queries: Any,
) -> None:
    client = client_of(director)
    with django_assert_max_num_queries(20) as first:
        client.get(address("staff", home_facility))
    for _ in range(2):
        make.employment(at=home_facility)
    with django_assert_max_num_queries(len(first.captured_queries)):
        assert client.get(address("staff", home_facility)).status_code == 200


def test_somebody_leaves(client_of: ClientOf, director: Account, home_facility: Facility) -> None:
    post = make.employment(at=home_facility)
    url = address("end_employment", home_facility, post.public_id)
    client = client_of(director)
    assert client.get(url).status_code == 200
    assert client.post(url, {"last_day": "2026-02-28"}).status_code == 303
    post.refresh_from_db()
    assert post.until == date(2026, 3, 1)
    stale = client.post(url, {"last_day": "2025-01-01"})
    assert "has ended already" in stale.content.decode()
    post.refresh_from_db()
    assert post.until == date(2026, 3, 1)


def test_a_last_day_without_end_is_refused_and_breaks_nothing(
    client_of: ClientOf, director: Account, home_facility: Facility
) -> None:
    post = make.employment(at=home_facility)
    url = address("end_employment", home_facility, post.public_id)
    refused = client_of(director).post(url, {"last_day": "9999-12-31"})
    assert "more than 90 days ahead" in refused.content.decode()
    post.refresh_from_db()
    assert post.until is None


def test_one_of_the_staff_gets_an_account(
    client_of: ClientOf, director: Account, home_facility: Facility
) -> None:
    post = make.employment(at=home_facility)
    url = address("open_account", home_facility, post.public_id)
    form = {"username": "xiaohe", "password": "xihuan-tuoyu-2026"}
    assert client_of(director).post(url, form).status_code == 303
    assert Account.objects.get(username="xiaohe").person == post.person
    again = client_of(director).post(url, {**form, "username": "zwei"})
    assert "has an account already" in again.content.decode()


def test_a_whole_number_is_shown_once_and_its_owner_sees_who_looked(
    client_of: ClientOf, director: Account, learner: Account, home_facility: Facility
) -> None:
    document = IdentityDocument.objects.get(person=learner.person)
    post = Employment.objects.get()
    url = address("reveal", home_facility, post.public_id)
    client = client_of(director)
    assert document.number not in client.get(url).content.decode()
    assert not Entry.objects.exists()
    answer = client.post(url, {"document": document.public_id, "why": "subsidy"})
    assert document.number in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"
    mine = client_of(learner).get(reverse("registry:me")).content.decode()
    assert director.display_name in mine
    assert "to apply for a training subsidy" in mine
    assert document.number not in mine


def test_a_number_needs_a_reason_and_only_hers_is_offered(
    client_of: ClientOf, director: Account, learner: Account, home_facility: Facility
) -> None:
    url = address("reveal", home_facility, Employment.objects.get().public_id)
    stranger = IdentityDocument.objects.get(person=make.person())
    for form in ({}, {"document": stranger.public_id, "why": "compare"}):
        answer = client_of(director).post(url, form)
        assert answer.status_code == 200
        assert stranger.number not in answer.content.decode()
    assert not Entry.objects.exists()


def test_a_facility_corrects_its_words_and_nothing_else(
    client_of: ClientOf, director: Account, home_facility: Facility
) -> None:
    url = address("facility_edit", home_facility)
    code = home_facility.credit_code
    form = {
        "name": " 五华 新芽 ",
        "address": "翠湖路1号",
        "places": "80",
        "credit_code": "X",
        "division": "530103",
    }
    assert client_of(director).post(url, form).status_code == 303
    home_facility.refresh_from_db()
    assert (home_facility.name, home_facility.address, home_facility.places) == ("五华 新芽", "翠湖路1号", 80)
    assert (home_facility.credit_code, home_facility.division_id) == (code, "530102")
    assert "Ensure this value" in client_of(director).post(url, {**form, "places": "-1"}).content.decode()


READABLE = ("staff", "reveal")
WRITABLE = ("employ_one", "end_employment", "open_account", "facility_edit")


def _answers(client: Client, facility: Facility, names: tuple[str, ...]) -> set[int]:
    post = Employment.objects.get(facility=facility)
    urls = [
        address(
            name,
            facility,
            *([post.public_id] if name in ("reveal", "end_employment", "open_account") else []),
        )
        for name in names
    ]
    return {client.get(url).status_code for url in urls}


@pytest.mark.parametrize(
    ("who", "readable", "writable"),
    [
        ("director", 200, 200),
        ("county_officer", 200, 403),
        ("province_officer", 200, 403),
        ("other_county_officer", 404, 403),
        ("other_director", 404, 404),
        ("learner", 403, 403),
        ("trainer", 403, 403),
        ("administrator", 403, 403),
        (None, 302, 302),
    ],
)
def test_who_comes_in(
    client_of: ClientOf, request: pytest.FixtureRequest, who: str | None, readable: int, writable: int
) -> None:
    home_facility = request.getfixturevalue("home_facility")
    request.getfixturevalue("learner")
    client = client_of(request.getfixturevalue(who) if who else None)
    assert _answers(client, home_facility, READABLE) == {readable}
    assert _answers(client, home_facility, WRITABLE) == {writable}


def test_a_post_is_not_found_under_another_facility(
    client_of: ClientOf, director: Account, home_facility: Facility, other_facility: Facility
) -> None:
    theirs = make.employment(at=other_facility)
    for name in ("end_employment", "open_account", "reveal"):
        assert client_of(director).get(address(name, home_facility, theirs.public_id)).status_code == 404


def test_an_officers_way_back_leads_to_no_managers_door(
    client_of: ClientOf, county_officer: Account, director: Account, home_facility: Facility
) -> None:
    door = f'href="{reverse("oversight:facility")}"'
    assert door in client_of(director).get(address("staff", home_facility)).content.decode()
    assert door not in client_of(county_officer).get(address("staff", home_facility)).content.decode()
