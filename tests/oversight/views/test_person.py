"""One person as an officer sees her, and finding her."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from audit.models import Entry
from core import clock
from registry.models import Account, Facility, Person
from tests.factories import credentials as credential
from tests.factories import lms as learning
from tests.factories import oversight as world
from tests.factories import registry as make

pytestmark = pytest.mark.django_db
Doors = Callable[[Account | None], Client]
DAY = date(2026, 3, 2)


@pytest.fixture(autouse=True)
def _frozen() -> Any:
    with clock.set_to(credential.at(DAY)):
        yield


@pytest.fixture
def caregiver(home_facility: Facility) -> Person:
    world.standards()
    (person,) = world.staff(at=home_facility, certified=0, without=1)
    learning.hours(of=person, minutes=90, happened_on=date(2026, 2, 1), at=credential.at(date(2026, 2, 1)))
    return person


def page_of(person: Person) -> str:
    return reverse("oversight:person", args=[person.public_id])


def test_posts_certificates_lines_and_measures_as_of_a_day(
    caregiver: Person, county_officer: Account, client_of: Doors
) -> None:
    certificate = world.plain_certificate(
        of=caregiver, valid_from=date(2025, 1, 1), valid_until=date(2030, 1, 1)
    )
    world.mark(on=certificate, effective_on=DAY)
    make.exclusion(of=caregiver, from_day=DAY)
    browser = client_of(county_officer)
    record = browser.get(page_of(caregiver)).context["record"]
    assert [state.state for _certificate, state in record.certificates] == ["revoked"]
    assert record.measure.kind == "ban"
    assert [line.entry.minutes for line in record.standings[0].lines] == [90]
    yesterday = browser.get(page_of(caregiver), {"on": "2026-03-01"}).context["record"]
    assert [state.state for _certificate, state in yesterday.certificates] == ["valid"]
    assert (yesterday.measure, yesterday.measures) == (None, ())
    before = browser.get(page_of(caregiver), {"on": "2024-12-31"}).context["record"]
    assert (before.certificates, before.standings[0].lines) == ((), ())


def test_every_line_of_hours_stands_there_with_its_reason(
    caregiver: Person, county_officer: Account, client_of: Doors
) -> None:
    page = client_of(county_officer).get(page_of(caregiver))
    (stands,) = page.context["record"].standings
    for line in stands.lines:
        for reason in line.reasons:
            assert reason.code
    assert "Counts for cycle 1" in page.content.decode()


def test_the_number_is_masked_and_a_look_leaves_no_trace(
    caregiver: Person, county_officer: Account, client_of: Doors
) -> None:
    before = Entry.objects.count()
    text = client_of(county_officer).get(page_of(caregiver)).content.decode()
    document = caregiver.documents.get()
    assert document.number not in text
    assert document.masked_number in text
    assert Entry.objects.count() == before


def test_posts_outside_the_officers_divisions_are_a_number_only(
    caregiver: Person,
    other_facility: Facility,
    county_officer: Account,
    province_officer: Account,
    client_of: Doors,
) -> None:
    make.employment(of=caregiver, at=other_facility, started_on=date(2021, 1, 1), until=date(2021, 6, 1))
    page = client_of(county_officer).get(page_of(caregiver))
    assert (len(page.context["record"].posts), page.context["record"].posts_elsewhere) == (1, 1)
    assert other_facility.name not in page.content.decode()
    whole = client_of(province_officer).get(page_of(caregiver))
    assert (len(whole.context["record"].posts), whole.context["record"].posts_elsewhere) == (2, 0)


def test_who_left_the_county_can_still_be_opened_there(
    home_facility: Facility, county_officer: Account, other_county_officer: Account, client_of: Doors
) -> None:
    person = make.person()
    make.employment(of=person, at=home_facility, until=DAY - timedelta(days=30))
    assert client_of(county_officer).get(page_of(person)).status_code == 200
    assert client_of(other_county_officer).get(page_of(person)).status_code == 404


def test_the_way_to_the_whole_number_asks_first(
    caregiver: Person, home_facility: Facility, county_officer: Account, client_of: Doors
) -> None:
    post = caregiver.employments.get()
    way = reverse("registry:reveal", args=[home_facility.public_id, post.public_id])
    browser = client_of(county_officer)
    assert way in browser.get(page_of(caregiver)).content.decode()
    assert caregiver.documents.get().number not in browser.get(way).content.decode()


@pytest.fixture
def namesakes(home_facility: Facility, other_facility: Facility) -> list[Person]:
    found = [make.person(name="王小梅"), make.person(name="王小梅"), make.person(name="李小梅")]
    make.employment(of=found[0], at=home_facility, until=date(2025, 1, 1))
    make.employment(of=found[1], at=home_facility)
    make.employment(of=found[2], at=other_facility)
    return found


def test_a_part_of_a_name_finds_those_of_her_divisions_the_present_first(
    namesakes: list[Person], county_officer: Account, province_officer: Account, client_of: Doors
) -> None:
    def found(officer: Account, q: str) -> list[Person]:
        return list(client_of(officer).get(reverse("oversight:search"), {"q": q}).context["page_obj"])

    assert found(county_officer, "王 小") == [namesakes[1], namesakes[0]]
    assert found(county_officer, "小梅") == [namesakes[1], namesakes[0]]
    assert set(found(province_officer, "小梅")) == set(namesakes)
    assert found(county_officer, "李小梅") == []


def test_search_asks_for_a_name_and_says_when_nobody_is_found(
    namesakes: list[Person], county_officer: Account, client_of: Doors
) -> None:
    browser = client_of(county_officer)
    assert browser.get(reverse("oversight:search")).status_code == 200
    empty = browser.get(reverse("oversight:search"), {"q": "  "})
    assert empty.status_code == 422
    assert browser.get(reverse("oversight:search"), {"q": "·"}).status_code == 422
    assert "Write a name or a part of it." in empty.content.decode()
    assert "Nobody found" in browser.get(reverse("oversight:search"), {"q": "欧阳"}).content.decode()
    assert "Nobody found" in browser.get(reverse("oversight:search"), {"q": "%"}).content.decode()
