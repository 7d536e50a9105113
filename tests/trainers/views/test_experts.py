"""The officers' pages: pools, nominations, appointments, training bodies."""

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
from registry.models import Account, Person
from registry.rules.credit_code import synthetic_credit_code
from tests.factories import registry as make
from tests.factories import trainers as made
from tests.factories.registry import AT
from trainers.models import Appointment, ExpertPool, Nomination, TrainingBody

pytestmark = pytest.mark.django_db
ClientOf = Callable[[Account | None], Client]
TODAY = date(2026, 3, 2)


@pytest.fixture(autouse=True)
def _now() -> Any:
    with clock.set_to(AT):
        yield


@pytest.fixture
def pool(db: None) -> ExpertPool:
    return made.pool(code="yunnan")


def words(**fields: str) -> dict[str, str]:
    number = make.synthetic_number(901)
    return {
        "name": "和文静",
        "document_kind": "resident_id",
        "document_number": number,
        "field": "health",
        "workplace": "测试妇幼保健院",
        "title": "主任医师",
        "reasons": "儿童保健三十年",
        **fields,
    }


def test_the_seat_chart_shows_forty_seats_with_the_vacant_ones(
    client_of: ClientOf, pool: ExpertPool, province_officer: Account
) -> None:
    made.appointment(to=pool, of=make.person(name="和文静"), seat=3)
    text = client_of(province_officer).get(reverse("trainers:pool", args=["yunnan"])).content.decode()
    assert text.count('class="seat ') == 40
    assert text.count("Vacant</span></span>") == 39
    assert "和文静" in text


def test_a_county_officer_nominates_and_a_province_officer_appoints(
    client_of: ClientOf, pool: ExpertPool, county_officer: Account, province_officer: Account
) -> None:
    answer = client_of(county_officer).post(reverse("trainers:nominate", args=["yunnan"]), words())
    nomination = Nomination.objects.get()
    assert answer["Location"] == reverse("trainers:nomination", args=[nomination.public_id])
    assert nomination.person.name == "和文静"
    client = client_of(province_officer)
    address = reverse("trainers:appoint", args=[nomination.public_id])
    assert "和文静" in client.get(address).content.decode()
    answer = client.post(address, {"starts_on": "2026-04-01", "last_day": "2029-03-31"})
    assert answer["Location"] == reverse("trainers:pool", args=["yunnan"])
    appointment = Appointment.objects.get()
    assert (appointment.seat, appointment.until) == (1, date(2029, 4, 1))


def test_a_refused_nomination_records_nobody_and_keeps_the_words(
    client_of: ClientOf, pool: ExpertPool, county_officer: Account
) -> None:
    before = Person.objects.count()
    answer = client_of(county_officer).post(reverse("trainers:nominate", args=["yunnan"]), words(reasons=" "))
    assert answer.status_code == 422
    assert "测试妇幼保健院" in answer.content.decode()
    wrong = words(document_number=make.synthetic_number(901)[:-1] + "A")
    answer = client_of(county_officer).post(reverse("trainers:nominate", args=["yunnan"]), wrong)
    assert answer.status_code == 422
    assert (Person.objects.count(), Nomination.objects.count()) == (before, 0)


def test_a_banned_person_is_refused_at_the_form(
    client_of: ClientOf, pool: ExpertPool, county_officer: Account
) -> None:
    person = make.person(name="和文静", number=make.synthetic_number(901))
    make.exclusion(of=person)
    answer = client_of(county_officer).post(reverse("trainers:nominate", args=["yunnan"]), words())
    assert answer.status_code == 422
    assert "may not work in childcare" in answer.content.decode()
    assert not Nomination.objects.exists()


def test_the_term_is_refused_beside_its_last_day(
    client_of: ClientOf, pool: ExpertPool, province_officer: Account
) -> None:
    nomination = made.nomination(to=pool)
    address = reverse("trainers:appoint", args=[nomination.public_id])
    for first_day, last_day in (("2026-04-01", "2031-04-01"), ("2026-04-01", "9999-12-31")):
        answer = client_of(province_officer).post(address, {"starts_on": first_day, "last_day": last_day})
        assert answer.status_code == 422
        assert 'id="id_last_day_error"' in answer.content.decode()


def test_an_officer_declines_with_a_note(
    client_of: ClientOf, pool: ExpertPool, province_officer: Account, county_officer: Account
) -> None:
    nomination = made.nomination(to=pool, nominated_by=county_officer)
    address = reverse("trainers:decline", args=[nomination.public_id])
    client_of(province_officer).post(address, {"note": "名额已满"})
    text = (
        client_of(county_officer)
        .get(reverse("trainers:nomination", args=[nomination.public_id]))
        .content.decode()
    )
    assert "名额已满" in text


def test_an_officer_ends_an_appointment(
    client_of: ClientOf, pool: ExpertPool, province_officer: Account
) -> None:
    appointment = made.appointment(to=pool)
    address = reverse("trainers:end_appointment", args=[appointment.public_id])
    client = client_of(province_officer)
    assert "It cannot be undone" in client.get(address).content.decode()
    client.post(address, {"ended_on": "2026-03-02", "reason": "本人辞聘"})
    appointment.refresh_from_db()
    assert (appointment.ended_on, appointment.ended_reason) == (TODAY, "本人辞聘")
    shown = client.get(reverse("trainers:appointment", args=[appointment.public_id])).content.decode()
    assert "本人辞聘" in shown


def test_terms_that_end_soon_stand_on_the_page(
    client_of: ClientOf, pool: ExpertPool, province_officer: Account
) -> None:
    made.appointment(to=pool, seat=1, of=make.person(name="将满"), until=TODAY + timedelta(days=60))
    made.appointment(to=pool, seat=2, of=make.person(name="未满"), until=TODAY + timedelta(days=61))
    text = client_of(province_officer).get(reverse("trainers:pool", args=["yunnan"])).content.decode()
    assert (text.count("将满</a></h3>"), text.count("未满</a></h3>")) == (1, 0)


def test_others_nominations_are_not_seen_from_below(
    client_of: ClientOf, pool: ExpertPool, county_officer: Account, other_county_officer: Account
) -> None:
    nomination = made.nomination(to=pool, of=make.person(name="和文静"), nominated_by=county_officer)
    address = reverse("trainers:nomination", args=[nomination.public_id])
    assert client_of(county_officer).get(address).status_code == 200
    assert client_of(other_county_officer).get(address).status_code == 404
    text = client_of(other_county_officer).get(reverse("trainers:pool", args=["yunnan"])).content.decode()
    assert "和文静" not in text


@pytest.mark.parametrize("route", ["trainers:appoint", "trainers:decline"])
def test_another_prefecture_decides_nothing(
    client_of: ClientOf, prefecture_officer: Account, province_officer: Account, route: str
) -> None:
    pool = made.pool(division_code="532900", name="大理州师资库")
    nomination = made.nomination(to=pool)
    address = reverse(route, args=[nomination.public_id])
    assert client_of(prefecture_officer).get(address).status_code == 404
    assert client_of(province_officer).get(address).status_code == 200


def test_a_pool_elsewhere_is_not_found(client_of: ClientOf, prefecture_officer: Account) -> None:
    made.pool(division_code="532900", name="大理州师资库")
    client = client_of(prefecture_officer)
    assert client.get(reverse("trainers:pool", args=["p532900"])).status_code == 404
    assert "大理州师资库" not in client.get(reverse("trainers:pools")).content.decode()


def test_a_prefecture_founds_its_pool_once(client_of: ClientOf, prefecture_officer: Account) -> None:
    client = client_of(prefecture_officer)
    address = reverse("trainers:found_pool")
    assert "No pool yet" in client.get(reverse("trainers:pools")).content.decode()
    client.post(address, {"name": "昆明市师资库", "division": "530100", "seats": "20"})
    assert ExpertPool.objects.get().seats == 20
    answer = client.post(address, {"name": "再一个", "division": "530100", "seats": "20"})
    assert (answer.status_code, ExpertPool.objects.count()) == (422, 1)


@pytest.mark.parametrize("persona", ["trainer", "learner", "director", "reviewer"])
@pytest.mark.parametrize("route", ["trainers:pools", "trainers:bodies"])
def test_only_officers_come_in(
    client_of: ClientOf, persona: str, route: str, request: pytest.FixtureRequest
) -> None:
    assert client_of(request.getfixturevalue(persona)).get(reverse(route)).status_code == 403


def _more(route: str, pool: ExpertPool) -> None:
    if route == "trainers:pools":
        made.pool(division_code={1: "530100", 2: "532900"}[ExpertPool.objects.count()], name="又一个")
    elif route == "trainers:bodies":
        made.training_body()
    else:
        made.nomination(to=pool)
        seat = Appointment.objects.count() + 1
        made.appointment(to=pool, seat=seat, until=TODAY + timedelta(days=30))
        made.appointment(to=pool, seat=seat + 20, starts_on=date(2026, 5, 1))


@pytest.mark.parametrize("route", ["trainers:pools", "trainers:pool", "trainers:bodies"])
def test_a_list_asks_as_often_for_three_rows_as_for_one(
    client_of: ClientOf, pool: ExpertPool, province_officer: Account, route: str
) -> None:
    client = client_of(province_officer)
    address = reverse(route, args=["yunnan"] if route == "trainers:pool" else [])

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    if route != "trainers:pools":
        _more(route, pool)
    once = asked()
    _more(route, pool)
    _more(route, pool)
    assert asked() == once


# ── training bodies ─────────────────────────────────────────────────────────


def test_a_prefecture_accredits_and_ends(client_of: ClientOf, prefecture_officer: Account) -> None:
    client = client_of(prefecture_officer)
    assert "No training body yet" in client.get(reverse("trainers:bodies")).content.decode()
    client.post(
        reverse("trainers:accredit"),
        {
            "name": "昆明测试培训中心",
            "credit_code": synthetic_credit_code("530199", 5),
            "division": "530100",
            "accredited_from": "2026-01-01",
            "last_day": "",
        },
    )
    body = TrainingBody.objects.get()
    assert "昆明测试培训中心" in client.get(reverse("trainers:bodies")).content.decode()
    address = reverse("trainers:end_accreditation", args=[body.public_id])
    client.post(address, {"ended_on": "2026-03-02", "reason": "乱收费"})
    assert "乱收费" in client.get(reverse("trainers:bodies")).content.decode()


def test_a_broken_credit_code_is_answered_beside_it(client_of: ClientOf, prefecture_officer: Account) -> None:
    words = {"name": "x", "credit_code": "123", "division": "530100", "accredited_from": "2026-01-01"}
    answer = client_of(prefecture_officer).post(reverse("trainers:accredit"), words)
    assert answer.status_code == 422
    assert 'id="id_credit_code_error"' in answer.content.decode()


def test_a_body_elsewhere_is_not_found(client_of: ClientOf, prefecture_officer: Account) -> None:
    body = made.training_body(division_code="532900", name="大理中心")
    client = client_of(prefecture_officer)
    assert client.get(reverse("trainers:end_accreditation", args=[body.public_id])).status_code == 404
    assert "大理中心" not in client.get(reverse("trainers:bodies")).content.decode()


def test_a_county_officer_sees_the_bodies_of_her_county_and_accredits_none(
    client_of: ClientOf, county_officer: Account
) -> None:
    made.training_body(division_code="530102", name="五华中心")
    client = client_of(county_officer)
    text = client.get(reverse("trainers:bodies")).content.decode()
    assert "五华中心" in text
    assert reverse("trainers:accredit") not in text
    assert client.get(reverse("trainers:accredit")).status_code == 403
