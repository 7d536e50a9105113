"""Merging on the web: found, proposed, decided by another, undone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from registry.models import Account, Facility, Merge, Person
from registry.permissions import records_of
from registry.rules.kinds import DutyKind
from tests.factories import registry as make

ClientOf = Callable[[Account | None], Client]
LIST = "/merges/"


@pytest.fixture
def pair(home_facility: Facility) -> tuple[Person, Person]:
    one, other = (make.person(name="王小满") for _ in range(2))
    for person in (one, other):
        make.employment(of=person, at=home_facility)
    return one, other


@pytest.fixture
def second_officer(db: None) -> Account:
    account = make.account(username="second_officer")
    make.duty(of=account, kind=DutyKind.OFFICER, division=make.division("530102"))
    return account


def propose(browser: Client, pair: tuple[Person, Person], **fields: str) -> Any:
    one, other = pair
    data = {"stays": one.public_id, "reason": "同名同生日", "evidence": "身份证与护照", **fields}
    return browser.post(reverse("registry:merge_propose", args=[one.public_id, other.public_id]), data)


def test_from_finding_to_undoing(
    client_of: ClientOf, county_officer: Account, second_officer: Account, pair: tuple[Person, Person]
) -> None:
    one, other = pair
    first, second = client_of(county_officer), client_of(second_officer)
    found = first.get(reverse("registry:merge_find", args=[one.public_id])).content.decode()
    assert reverse("registry:merge_propose", args=[one.public_id, other.public_id]) in found
    assert propose(first, pair).status_code == 303
    merge = Merge.objects.get()
    address = reverse("registry:merge", args=[merge.public_id])
    decision = {"decision": "accept", "reason": "核对无误"}
    own = first.post(address, decision)
    assert own.status_code == 200
    assert "You proposed this. Another person has to decide." in own.content.decode()
    assert records_of(one) == [one.pk]
    assert second.post(address, decision).status_code == 303
    assert records_of(one) == [one.pk, other.pk]
    assert other.name in first.get(reverse("oversight:person", args=[one.public_id])).content.decode()
    undo = reverse("registry:merge_undo", args=[merge.public_id])
    assert undo in first.get(address).content.decode()
    assert second.post(undo, {"reason": "两个人", "evidence": "两人同时到场"}).status_code == 303
    undoing = Merge.objects.get(kind="undo")
    assert first.post(reverse("registry:merge", args=[undoing.public_id]), decision).status_code == 303
    assert records_of(one) == [one.pk]
    assert undo not in first.get(address).content.decode()


def test_an_officer_of_another_place_finds_neither_record_nor_proposal(
    client_of: ClientOf, county_officer: Account, other_county_officer: Account, pair: tuple[Person, Person]
) -> None:
    propose(client_of(county_officer), pair)
    stranger, (one, other) = client_of(other_county_officer), pair
    merge = Merge.objects.get().public_id
    assert one.name not in stranger.get(LIST).content.decode()
    for route, args in (
        ("merge_find", [one.public_id]),
        ("merge_propose", [one.public_id, other.public_id]),
        ("merge", [merge]),
        ("merge_undo", [merge]),
    ):
        assert stranger.get(reverse(f"registry:{route}", args=args)).status_code == 404


def test_the_search_widens_no_scope(
    client_of: ClientOf, county_officer: Account, pair: tuple[Person, Person], other_facility: Facility
) -> None:
    far = make.employment(of=make.person(name="王小满"), at=other_facility).person
    address = reverse("registry:merge_find", args=[pair[0].public_id])
    for words in ("", "?q=王", "?q=" + "王" * 300, "?q="):
        page = client_of(county_officer).get(address + words)
        assert page.status_code == 200
        assert far.public_id not in page.content.decode()


def test_a_measure_is_named_as_the_provinces_matter(
    client_of: ClientOf,
    county_officer: Account,
    second_officer: Account,
    province_officer: Account,
    pair: tuple[Person, Person],
) -> None:
    make.exclusion(of=pair[0])
    propose(client_of(county_officer), pair)
    address = reverse("registry:merge", args=[Merge.objects.get().public_id])
    decision = {"decision": "accept", "reason": "核对无误"}
    said = client_of(second_officer).post(address, {**decision, "despite_measure": "on"}).content.decode()
    assert "Only an officer of the province may decide this." in said
    province = client_of(province_officer)
    assert "confirm that you decide all the same" in province.post(address, decision).content.decode()
    assert province.post(address, {**decision, "despite_measure": "on"}).status_code == 303


def test_an_empty_form_changes_nothing(
    client_of: ClientOf, county_officer: Account, pair: tuple[Person, Person]
) -> None:
    browser = client_of(county_officer)
    assert propose(browser, pair, stays="").status_code == 200
    assert propose(browser, pair, stays="somebody").status_code == 200
    assert not Merge.objects.exists()


def test_one_and_three_rows_take_the_same_queries(
    client_of: ClientOf,
    county_officer: Account,
    home_facility: Facility,
    django_assert_max_num_queries: Any,
) -> None:
    browser = client_of(county_officer)

    def one_more(accepted: bool | None) -> None:
        kept, absorbed = (make.employment(at=home_facility).person for _ in range(2))
        make.merge(kept=kept, absorbed=absorbed, accepted=accepted)

    for accepted in (True, None):
        one_more(accepted)
    with django_assert_max_num_queries(20) as first:
        browser.get(LIST)
    for accepted in (True, True, False, None, None):
        one_more(accepted)
    with django_assert_max_num_queries(len(first.captured_queries)):
        assert browser.get(LIST).status_code == 200
