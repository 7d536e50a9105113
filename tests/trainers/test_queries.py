"""The public pool: every seat, six fields, nobody who may not work."""

from __future__ import annotations

from datetime import date

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from tests.factories import registry as make
from tests.factories import trainers as made
from trainers import queries
from trainers.models import ExpertPool

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)


def test_a_pool_has_forty_seats_in_six_fields_with_its_experts() -> None:
    pool = made.pool(code="yunnan")
    made.appointment(to=pool, seat=2, of=make.person(name="和文静"), field="health")
    made.appointment(to=pool, seat=5, of=make.person(name="杨树"), field="health")
    made.appointment(to=pool, seat=7, of=make.person(name="木兰"), field="fire")
    view = queries.public_pool("yunnan", DAY)
    assert [seat.number for seat in view.seats] == list(range(1, 41))
    assert [seat.number for seat in view.seats if seat.expert] == [2, 5, 7]
    assert {count.field: count.count for count in view.field_counts} == {
        "policy": 0,
        "care": 0,
        "health": 2,
        "nursing": 0,
        "preschool": 0,
        "fire": 1,
    }
    expert = view.seats[1].expert
    assert expert is not None
    assert (expert.name, expert.workplace, expert.title) == ("和文静", "云南测试大学", "教授")
    assert (expert.starts_on, expert.until) == (date(2026, 1, 1), date(2029, 1, 1))
    assert (view.taken, view.vacant) == (3, 37)


def test_a_banned_expert_is_gone_from_the_day_of_the_ban_and_there_the_day_before() -> None:
    appointment = made.appointment(to=made.pool(code="yunnan"))
    make.exclusion(of=appointment.person, from_day=DAY)
    assert queries.public_pool("yunnan", date(2026, 3, 1)).taken == 1
    assert queries.public_pool("yunnan", DAY).taken == 0


def test_the_pools_of_the_prefectures_are_listed_with_their_experts() -> None:
    made.pool(code="yunnan")
    kunming = made.pool(division_code="530100", code="kunming", name="昆明市师资库", seats=12)
    made.pool(division_code="532900", code="dali", name="大理州师资库", seats=10)
    made.appointment(to=kunming)
    assert [
        (link.code, link.seats, link.taken) for link in queries.public_pool("yunnan", DAY).prefecture_pools
    ] == [("kunming", 12, 1), ("dali", 10, 0)]
    assert queries.public_pool("kunming", DAY).prefecture_pools == ()


def test_an_unknown_pool_does_not_exist() -> None:
    with pytest.raises(ExpertPool.DoesNotExist):
        queries.public_pool("nowhere", DAY)


def test_a_full_province_costs_as_many_queries_as_an_empty_one(django_assert_num_queries: object) -> None:
    pool = made.pool(code="yunnan")
    with django_assert_num_queries(3):  # type: ignore[operator]
        queries.public_pool("yunnan", DAY)
    for seat in range(1, 41):
        made.appointment(to=pool, seat=seat)
    with django_assert_num_queries(3):  # type: ignore[operator]
        assert queries.public_pool("yunnan", DAY).vacant == 0


def test_the_public_partial_shows_all_seats_and_fields_and_the_vacant_ones() -> None:
    made.appointment(to=made.pool(code="yunnan"), seat=3, of=make.person(name="<b>和文静"))
    made.pool(division_code="530100", code="kunming", name="昆明市师资库")
    with translation.override("en"):
        text = render_to_string("trainers/_pool.html", {"pool": queries.public_pool("yunnan", DAY)})
    assert text.count('class="seat ') == 40
    assert "1 of 40 seats are held; 39 are vacant" in text
    assert "&lt;b&gt;和文静" in text
    assert text.count("No expert of this field is seated at present.") == 5
    assert "昆明市师资库" in text


def test_an_officer_sees_which_seats_end_soon_and_which_rest() -> None:
    pool = made.pool(seats=4)
    made.appointment(to=pool, seat=1)
    made.appointment(to=pool, seat=2, until=date(2026, 5, 1))
    resting = made.appointment(to=pool, seat=3)
    make.exclusion(of=resting.person, kind="suspension", from_day=DAY, until=date(2026, 6, 1))
    seats = queries.officer_seats(pool, DAY)
    assert [seat.state for seat in seats] == ["valid", "expiring", "suspended", "missing"]
    assert [bool(seat.holder) for seat in seats] == [True, True, True, False]
