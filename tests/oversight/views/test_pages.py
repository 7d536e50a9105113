"""Officers' pages: the figures, the drill down, who is let in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core import clock
from registry.models import Account, Facility, Person
from registry.rules.kinds import DutyKind
from registry.rules.standard import Occupation
from tests.factories import credentials as credential
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
def staffed(home_facility: Facility, other_facility: Facility) -> list[Person]:
    """Three of four certified in 五华区, one of two in 大理市."""
    world.standards()
    make.division("530103")
    people = world.staff(at=home_facility, certified=3, without=1)
    return people + world.staff(at=other_facility, certified=1, without=1)


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


def urls_of(code: str, facility: Facility, person: Person) -> list[str]:
    return [
        reverse("oversight:division", args=[code]),
        reverse("oversight:people", args=[code]),
        reverse("oversight:export", args=[code, "csv"]),
        reverse("oversight:export", args=[code, "xlsx"]),
        reverse("oversight:facility_people", args=[facility.public_id]),
        reverse("oversight:person", args=[person.public_id]),
    ]


def test_the_officer_of_the_place_and_those_above_it_are_let_in(
    staffed: list[Person],
    home_facility: Facility,
    county_officer: Account,
    prefecture_officer: Account,
    province_officer: Account,
    client_of: Doors,
) -> None:
    for officer in (county_officer, prefecture_officer, province_officer):
        browser = client_of(officer)
        for url in urls_of("530102", home_facility, staffed[0]):
            assert browser.get(url).status_code == 200, (officer, url)
        assert browser.get(reverse("oversight:home")).status_code == 200


def test_the_officer_of_another_county_finds_nothing_on_every_page_and_export(
    staffed: list[Person], home_facility: Facility, other_county_officer: Account, client_of: Doors
) -> None:
    browser = client_of(other_county_officer)
    for url in urls_of("530102", home_facility, staffed[0]):
        assert browser.get(url).status_code == 404, url
    for code in ("530100", "530000"):  # nor what lies above her own county
        for name in ("oversight:division", "oversight:people"):
            assert browser.get(reverse(name, args=[code])).status_code == 404


@pytest.mark.parametrize("persona", ["learner", "trainer", "director", "issuer", "editor", "administrator"])
def test_nobody_but_officers_is_let_in(
    persona: str, request: Any, staffed: list[Person], home_facility: Facility, client_of: Doors
) -> None:
    browser = client_of(request.getfixturevalue(persona))
    urls = urls_of("530102", home_facility, staffed[0])
    for url in [*urls, reverse("oversight:home"), reverse("oversight:search")]:
        assert browser.get(url).status_code == 403, url


def test_a_visitor_is_sent_to_the_door(
    staffed: list[Person], home_facility: Facility, client_of: Doors
) -> None:
    for url in urls_of("530102", home_facility, staffed[0]):
        assert client_of(None).get(url).url.startswith("/accounts/login/")


def test_issuing_for_the_province_shows_no_more_of_its_people(
    staffed: list[Person], other_facility: Facility, county_officer: Account, client_of: Doors
) -> None:
    """An officer of one county who issues for the province oversees one county."""
    make.duty(of=county_officer, kind=DutyKind.ISSUER, division=make.division("530000"))
    browser = client_of(county_officer)
    assert browser.get(reverse("oversight:division", args=["530102"])).status_code == 200
    assert browser.get(reverse("oversight:division", args=["530000"])).status_code == 404
    assert browser.get(reverse("oversight:person", args=[staffed[-1].public_id])).status_code == 404


def test_a_duty_that_ended_yesterday_opens_nothing(staffed: list[Person], client_of: Doors) -> None:
    account = make.account()
    make.duty(of=account, kind=DutyKind.OFFICER, division=make.division("530102"), until=DAY)
    assert client_of(account).get(reverse("oversight:home")).status_code == 403


def test_home_is_the_own_division_and_leads_down_to_the_person(
    staffed: list[Person], home_facility: Facility, province_officer: Account, client_of: Doors
) -> None:
    browser = client_of(province_officer)
    page = browser.get(reverse("oversight:home"))
    assert page.context["table"].rate.words == "66.6%"
    assert [(row.label, row.rate.words) for row in page.context["rows"]] == [
        ("昆明市", "75.0%"),
        ("大理白族自治州", "50.0%"),
    ]
    prefecture = browser.get(page.context["rows"][0].url)
    county = browser.get(prefecture.context["rows"][0].url)
    facility = browser.get(county.context["rows"][0].url)
    assert facility.context["table"].rate.words == "75.0%"
    names = {line.person.name for line in facility.context["lines"]}
    assert names == {person.name for person in staffed[:4]}
    assert all(name in text(facility) for name in names)


def test_a_revocation_of_today_changes_today_and_not_yesterday(
    staffed: list[Person], county_officer: Account, client_of: Doors
) -> None:
    from credentials.models import Certificate

    world.mark(on=Certificate.objects.get(holder=staffed[0]), effective_on=DAY)
    browser, url = client_of(county_officer), reverse("oversight:division", args=["530102"])
    assert browser.get(url).context["table"].rate.words == "50.0%"
    yesterday = browser.get(url, {"on": (DAY - timedelta(days=1)).isoformat()})
    assert yesterday.context["table"].rate.words == "75.0%"
    assert "as of 1 Mar 2026" in text(yesterday)


def test_the_list_behind_a_figure_is_as_long_as_the_figure(
    staffed: list[Person], home_facility: Facility, county_officer: Account, client_of: Doors
) -> None:
    make.employment(at=home_facility, occupation=Occupation.SECURITY)
    twin = make.facility(division_code="530102")
    make.employment(of=staffed[0], at=twin)  # in two facilities: once in the county's list
    browser, url = client_of(county_officer), reverse("oversight:people", args=["530102"])

    def listed(**asked: str) -> list[str]:
        return [line.person.name for line in browser.get(url, asked).context["lines"]]

    figures = browser.get(reverse("oversight:division", args=["530102"])).context["whole"].figures
    assert len(listed()) == figures.in_post == 4
    assert len(listed(which="certified")) == figures.certified == 3
    assert listed(which="without") == [staffed[3].name]
    assert len(listed(which="undemanded")) == 1
    assert len(listed(which="expiring")) == figures.expiring == 0
    assert listed(occupation="director") == []
    page = browser.get(url)
    both = next(line for line in page.context["lines"] if line.person == staffed[0])
    assert [facility.name for facility in both.facilities] == sorted([home_facility.name, twin.name])


def test_each_line_says_why_she_is_not_certified(
    home_facility: Facility, county_officer: Account, client_of: Doors
) -> None:
    world.standards()
    never, expired, revoked, suspended, other, banned = world.staff(at=home_facility, certified=0, without=6)
    world.plain_certificate(of=expired, valid_from=date(2020, 1, 1), valid_until=date(2025, 1, 1))
    for person, kind, until in ((revoked, "revoked", None), (suspended, "suspended", date(2026, 5, 1))):
        certificate = world.plain_certificate(
            of=person, valid_from=date(2025, 1, 1), valid_until=date(2030, 1, 1)
        )
        world.mark(on=certificate, kind=kind, effective_on=date(2026, 2, 1), until=until)
    world.plain_certificate(
        of=other, occupation=Occupation.DIRECTOR, valid_from=date(2025, 1, 1), valid_until=date(2030, 1, 1)
    )
    make.exclusion(of=banned)
    page = client_of(county_officer).get(reverse("oversight:people", args=["530102"]), {"which": "without"})
    said = {line.person: line for line in page.context["lines"]}
    assert said[never].state is None
    assert (said[expired].state.state, said[expired].state.since) == ("expired", date(2025, 1, 1))
    assert (said[revoked].state.state, said[revoked].state.since) == ("revoked", date(2026, 2, 1))
    assert (said[suspended].state.state, said[suspended].state.until) == ("suspended", date(2026, 5, 1))
    assert said[other].other_occupation == "director"
    assert said[banned].measure.kind == "ban"
    assert "Banned for life" in text(page)
    assert "has one for director" in text(page)


@pytest.mark.parametrize(
    ("asked", "word"),
    [
        ({"on": "2026-02-30"}, "This is no day."),
        ({"on": "yesterday"}, "This is no day."),
        ({"on": "2026-03-03"}, "This day has not come yet."),
        ({"on": "0001-01-01"}, "Figures begin on"),
        ({"occupation": "cook"}, "This occupation is unknown."),
    ],
)
def test_a_question_that_cannot_be_understood_gets_no_figures(
    asked: dict[str, str],
    word: str,
    staffed: list[Person],
    home_facility: Facility,
    county_officer: Account,
    client_of: Doors,
) -> None:
    browser = client_of(county_officer)
    for url in urls_of("530102", home_facility, staffed[0]):
        if "occupation" in asked and "person" in url:
            continue
        answer = browser.get(url, asked)
        assert answer.status_code == 422
        assert word in text(answer)
        assert "75.0%" not in text(answer)


def test_a_page_of_another_kind_of_list_is_refused(
    staffed: list[Person], county_officer: Account, client_of: Doors
) -> None:
    answer = client_of(county_officer).get(
        reverse("oversight:people", args=["530102"]), {"which": "all of them"}
    )
    assert answer.status_code == 422


@pytest.mark.parametrize("code", ["530199", "000000"])
def test_an_unknown_division_is_not_found(code: str, province_officer: Account, client_of: Doors) -> None:
    assert client_of(province_officer).get(f"/oversight/{code}/").status_code == 404


def test_an_empty_county_has_a_page_without_a_rate(
    staffed: list[Person], prefecture_officer: Account, client_of: Doors
) -> None:
    page = client_of(prefecture_officer).get(reverse("oversight:division", args=["530103"]))
    assert page.status_code == 200
    assert page.context["table"].rate.words == "–"
    assert "No facility lies here" in text(page)


def test_the_tiles_count_what_waits(
    staffed: list[Person],
    home_facility: Facility,
    county_officer: Account,
    province_officer: Account,
    client_of: Doors,
) -> None:
    credential.employer_task(
        at_facility=home_facility, due_on=DAY - timedelta(days=1), raised_at=credential.at(date(2026, 2, 20))
    )
    credential.employer_task(
        at_facility=home_facility, due_on=DAY + timedelta(days=1), raised_at=credential.at(date(2026, 2, 20))
    )
    case = credential.ban_case(by=county_officer)
    credential.ban_subject(case=case, by=county_officer)
    credential.ban_subject(case=case, by=county_officer)
    browser = client_of(county_officer)
    desk = browser.get(reverse("oversight:home")).context["desk"]
    assert (desk.overdue_tasks, desk.open_cases) == (1, 1)
    before = browser.get(reverse("oversight:home"), {"on": "2026-02-21"}).context["desk"]
    assert (before.overdue_tasks, before.open_cases) == (0, 0)
    elsewhere = (
        client_of(province_officer).get(reverse("oversight:division", args=["532901"])).context["desk"]
    )
    assert (elsewhere.overdue_tasks, elsewhere.open_cases) == (0, 0)


def test_the_province_shows_its_map_once_it_has_its_prefectures(
    province_officer: Account, client_of: Doors
) -> None:
    from oversight.rules.tiles import GRIDS
    from registry.models import Division

    world.standards()
    make.division("530000")
    browser = client_of(province_officer)
    assert browser.get(reverse("oversight:home")).context["tiles"] is None
    for tile in GRIDS["53"]:
        Division.objects.get_or_create(
            code=f"{tile.prefix}00",
            defaults={"name": tile.name, "level": "prefecture", "parent_id": "530000"},
        )
    page = browser.get(reverse("oversight:home"))
    assert len(page.context["tiles"].squares) == 16
    assert text(page).count('class="tile-paper"') == 16


def test_lowest_first_puts_nobody_to_count_last(
    staffed: list[Person], prefecture_officer: Account, client_of: Doors
) -> None:
    world.staff(at=make.facility(division_code="530102", name="甲"), certified=0, without=1)
    make.facility(division_code="530102", name="乙")
    page = client_of(prefecture_officer).get(reverse("oversight:division", args=["530102"]), {"sort": "rate"})
    assert [row.rate.words for row in page.context["rows"]] == ["0.0%", "75.0%", "–"]


def test_the_number_of_queries_does_not_grow_with_facilities_and_people(
    home_facility: Facility, county_officer: Account, client_of: Doors, django_assert_max_num_queries: Any
) -> None:
    from django.core.cache import cache
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    world.standards()
    browser = client_of(county_officer)
    urls = [
        reverse("oversight:division", args=["530102"]),
        reverse("oversight:people", args=["530102"]),
        reverse("oversight:facility_people", args=[home_facility.public_id]),
        reverse("oversight:search") + "?q=%E6%B5%8B",
    ]

    def queries() -> list[int]:
        counts = []
        for url in urls:
            cache.clear()
            with CaptureQueriesContext(
                connection,
            ) as context:
                assert browser.get(url).status_code == 200
            counts.append(len(context))
        return counts

    world.staff(at=home_facility, certified=1)
    one = queries()
    for _more in range(2):
        world.staff(at=make.facility(division_code="530102"), certified=1, without=1)
        world.staff(at=home_facility, certified=1, without=1)
    assert queries() == one
