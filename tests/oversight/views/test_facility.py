"""The manager's pages: her staff today, who is next, what to acknowledge; nobody else's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import clock
from registry.models import Account, Facility, Person
from registry.rules.kinds import DutyKind
from registry.rules.standard import Occupation
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
def staff(home_facility: Facility) -> list[Person]:
    """Certified until 2031, one until next week, one with 100 of 120 hours, one with nothing."""
    world.standards()
    people = world.staff(at=home_facility, certified=1, without=3)
    world.plain_certificate(of=people[1], valid_from=date(2022, 1, 1), valid_until=DAY + timedelta(days=10))
    learning.hours(of=people[2], minutes=100 * 45, happened_on=date(2026, 2, 1))
    return people


def home_of(facility: Facility) -> str:
    return reverse("oversight:facility_home", args=[facility.public_id])


def test_the_only_facility_opens_at_once_and_several_are_listed(
    staff: list[Person], home_facility: Facility, director: Account, client_of: Doors
) -> None:
    assert client_of(director).get(reverse("oversight:facility")).url == home_of(home_facility)
    make.duty(of=director, kind=DutyKind.MANAGER, facility=make.facility(name="第二园"))
    credential.employer_task(at_facility=home_facility)
    browser = client_of(director)
    with CaptureQueriesContext(connection) as two:
        page = browser.get(reverse("oversight:facility"))
    assert {(facility.name, people, tasks) for facility, people, tasks in page.context["rows"]} == {
        (home_facility.name, 4, 1),
        ("第二园", 0, 0),
    }
    for _more in range(2):
        facility = make.facility()
        make.duty(of=director, kind=DutyKind.MANAGER, facility=facility)
        make.employment(at=facility)
    with CaptureQueriesContext(connection) as four:
        assert len(browser.get(reverse("oversight:facility")).context["rows"]) == 4
    assert len(four) == len(two)


def test_the_page_says_who_is_certified_who_is_next_and_who_is_nearly_there(
    staff: list[Person], home_facility: Facility, director: Account, client_of: Doors
) -> None:
    page = client_of(director).get(home_of(home_facility))
    today = page.context["staff"]
    assert [member.person for member in today.certified] == [staff[1], staff[0]]
    assert {member.person for member in today.missing} == {staff[2], staff[3]}
    assert [member.person for member in today.nearly] == [staff[2]]
    assert [(days, [m.person for m in members]) for days, members in today.ending] == [
        (15, [staff[1]]),
        (45, []),
        (90, []),
    ]
    assert page.context["table"].rate.words == "50.0%"
    text = " ".join(page.content.decode().split())
    assert "100 / 120" in text
    assert "20 class hours to go" in text


def test_the_staff_that_is_certified_is_the_numerator_of_the_rate(
    staff: list[Person], home_facility: Facility, director: Account, client_of: Doors
) -> None:
    make.employment(at=home_facility, occupation=Occupation.SECURITY)
    context = client_of(director).get(home_of(home_facility)).context
    assert len(context["staff"].certified) == context["table"].rate.numerator
    assert len(context["staff"].counted) == context["table"].rate.denominator
    assert len(context["staff"].members) == 5


def test_open_tasks_stand_on_top_the_most_urgent_first(
    staff: list[Person], home_facility: Facility, director: Account, client_of: Doors
) -> None:
    for days in (3, -1, *range(4, 9)):
        credential.employer_task(at_facility=home_facility, due_on=DAY + timedelta(days=days))
    page = client_of(director).get(home_of(home_facility))
    assert [(task.due_on - DAY).days for task in page.context["open_tasks"]] == [-1, 3, 4, 5, 6]
    assert page.context["more_tasks"] == 2


def test_an_empty_facility_teaches_how_to_begin(
    home_facility: Facility, director: Account, client_of: Doors
) -> None:
    page = client_of(director).get(home_of(home_facility))
    assert page.status_code == 200
    assert "Nobody is in post yet" in page.content.decode()
    assert reverse("registry:roster_upload", args=[home_facility.public_id]) in page.content.decode()


def test_another_managers_facility_is_not_found(
    staff: list[Person], home_facility: Facility, other_director: Account, client_of: Doors
) -> None:
    browser = client_of(other_director)
    assert browser.get(home_of(home_facility)).status_code == 404
    member = reverse("oversight:staff_member", args=[home_facility.public_id, staff[0].public_id])
    assert browser.get(member).status_code == 404


@pytest.mark.parametrize("persona", ["learner", "county_officer", "province_officer", "trainer"])
def test_only_managers_enter(
    persona: str, request: Any, staff: list[Person], home_facility: Facility, client_of: Doors
) -> None:
    browser = client_of(request.getfixturevalue(persona))
    for url in (reverse("oversight:facility"), home_of(home_facility)):
        assert browser.get(url).status_code == 403


def test_a_member_is_shown_in_sums_without_number_or_line(
    staff: list[Person], home_facility: Facility, director: Account, client_of: Doors
) -> None:
    url = reverse("oversight:staff_member", args=[home_facility.public_id, staff[2].public_id])
    page = client_of(director).get(url)
    text = page.content.decode()
    assert page.context["hours"][0].where.hours.counted == 4500
    assert staff[2].documents.get().number not in text
    assert staff[2].documents.get().masked_number not in text
    assert "Still missing: 20 class hours (900 minutes)." in " ".join(text.split())


def test_who_left_and_who_works_elsewhere_is_no_member(
    staff: list[Person], home_facility: Facility, other_learner: Account, director: Account, client_of: Doors
) -> None:
    former = make.person()
    make.employment(of=former, at=home_facility, until=DAY)
    for person in (former, other_learner.person):
        url = reverse("oversight:staff_member", args=[home_facility.public_id, person.public_id])
        assert client_of(director).get(url).status_code == 404


def test_the_number_of_queries_does_not_grow_with_the_staff(
    home_facility: Facility, director: Account, client_of: Doors
) -> None:
    world.standards()
    browser = client_of(director)

    def queries() -> int:
        with CaptureQueriesContext(connection) as context:
            assert browser.get(home_of(home_facility)).status_code == 200
        return len(context)

    (first,) = world.staff(at=home_facility, certified=1)
    learning.hours(of=first)
    credential.employer_task(at_facility=home_facility)
    one = queries()
    for person in world.staff(at=home_facility, certified=1, without=2):
        learning.hours(of=person)
        credential.employer_task(at_facility=home_facility, person=person)
    assert queries() == one
