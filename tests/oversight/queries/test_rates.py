"""The statement against an independent count, over random worlds; and the rule's own sentences."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oversight.queries import Place, rate_of, rate_table, trend
from oversight.queries.counted import counted_posts, demanded_in
from oversight.queries.rates import RateTable
from oversight.queries.trend import rates_on
from oversight.rules.rates import Figures, Rate
from registry.models import Division, Employment, Facility
from registry.queries import dated_rules
from registry.rules.standard import Occupation
from tests.factories import oversight as world
from tests.factories import registry as make
from tests.oversight.queries.naive import naive

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)
FIRST = date(2026, 1, 1)
CODES = ("530102", "530103", "532901", "530100")  # the last: a facility that hangs on its prefecture

days = st.integers(0, 200).map(lambda n: FIRST + timedelta(days=n))
spans = st.tuples(days, st.none() | st.integers(0, 150)).map(
    lambda pair: (pair[0], None if pair[1] is None else pair[0] + timedelta(days=pair[1]))
)
occupations = st.sampled_from([Occupation.DIRECTOR, Occupation.CAREGIVER, Occupation.SECURITY])
posts = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4), occupations, spans), min_size=1, max_size=14)
marks = st.lists(st.tuples(days, st.none() | st.integers(1, 90), st.none() | st.integers(0, 90)), max_size=2)
certificates = st.lists(
    st.tuples(st.integers(0, 4), occupations, days, st.integers(1, 200), marks), max_size=8
)


def build(post_rows: Any, certificate_rows: Any) -> None:
    people = [make.person() for _ in range(5)]
    facilities = [make.facility(division_code=code) for code in (*CODES, "530102")]
    world.standards(Occupation.DIRECTOR, Occupation.CAREGIVER)
    world.standards(Occupation.SECURITY, division_code="530103")  # one county demands more
    for person, facility, occupation, (since, until) in post_rows:
        own = {"person": people[person], "facility": facilities[facility], "occupation": occupation}
        is_second = until is None and Employment.objects.filter(**own, until=None).exists()
        end = since + timedelta(days=30) if is_second else until
        Employment.objects.create(**own, started_on=since, until=end, recorded_at=make.AT)
    for holder, occupation, valid_from, length, marked in certificate_rows:
        certificate = world.plain_certificate(
            of=people[holder],
            occupation=occupation,
            valid_from=valid_from,
            valid_until=valid_from + timedelta(days=length),
        )
        for effective_on, until, lifted in marked:
            world.mark(
                on=certificate,
                effective_on=effective_on,
                kind="suspended" if until else "revoked",
                until=effective_on + timedelta(days=until) if until else None,
                lifted_on=None if lifted is None else effective_on + timedelta(days=lifted),
            )


DEMANDED = {
    "director": {*CODES},
    "caregiver": {*CODES},
    "security": {"530103"},
}


def said(table: RateTable) -> tuple[dict[Any, Any], dict[Any, Any]]:
    """The table in the words of the naive count."""
    figures, others = {}, {}
    for key, counted in (("", table.whole), *((row.code, row.counted) for row in table.rows)):
        for occupation, one in counted.by_occupation.items():
            figures[key, occupation.value] = (one.certified, one.in_post, one.expiring)
        for occupation, many in counted.undemanded.items():
            others[key, occupation.value] = many
    return figures, others


def whole(figures: dict[Any, Any]) -> Rate:
    of_all = [one for (part, _occupation), one in figures.items() if not part]
    return Rate(sum(one[0] for one in of_all), sum(one[1] for one in of_all))


@given(posts, certificates, days)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_statement_counts_what_a_slow_count_counts(posts: Any, certificates: Any, day: date) -> None:
    with transaction.atomic():
        build(posts, certificates)
        for code, prefix, length in (("530000", "53", 4), ("530100", "5301", 6), ("530102", "530102", None)):
            table = rate_table(Division.objects.get(code=code), on=day)
            assert said(table) == naive(prefix, day, DEMANDED, part_length=length)
            past = [day - timedelta(days=gap) for gap in (61, 31, 1)]
            assert rates_on(Place(code), past) == {
                one: whole(naive(prefix, one, DEMANDED, part_length=length)[0]) for one in past
            }
        transaction.set_rollback(True)


@given(posts, certificates, days)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_one_occupation_is_the_same_cut_out_of_all(posts: Any, certificates: Any, day: date) -> None:
    with transaction.atomic():
        build(posts, certificates)
        place = Division.objects.get(code="530000")
        whole = rate_of(place, on=day)
        for occupation in Occupation:
            one = rate_of(place, on=day, occupation=occupation)
            assert one.whole.total == whole.whole.by_occupation.get(occupation, Figures())
        transaction.set_rollback(True)


@given(posts, days)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_condition_on_employments_counts_the_same_people(posts: Any, day: date) -> None:
    """Lists of people are asked through the ORM, figures by hand; both know who is counted."""
    with transaction.atomic():
        build(posts, [])
        for code in ("530000", "530100", "530103"):
            place = Place(code)
            demanded = demanded_in(place, dated_rules(), day)
            rows = Employment.objects.on(day).filter(place.posts, counted_posts(demanded))
            listed = rows.values("person_id", "occupation").distinct().order_by().count()
            assert listed == rate_of(Division.objects.get(code=code), on=day).whole.total.in_post
        transaction.set_rollback(True)


@pytest.fixture
def wuhua() -> Facility:
    world.standards()
    make.division("530103")
    make.division("532901")
    return make.facility(division_code="530102", name="五华春芽托育园")


def test_a_revocation_of_today_leaves_yesterday_as_it_was(wuhua: Facility) -> None:
    first, *_others = world.staff(at=wuhua, certified=3, without=1)
    from credentials.models import Certificate

    world.mark(on=Certificate.objects.get(holder=first), effective_on=DAY)
    county = Division.objects.get(code="530102")
    assert rate_of(county, on=DAY - timedelta(days=1)).rate == Rate(3, 4)
    assert rate_of(county, on=DAY).rate == Rate(2, 4)
    assert rate_of(wuhua, on=DAY).rate == Rate(2, 4)


def test_a_suspension_lapses_by_itself(wuhua: Facility) -> None:
    (person,) = world.staff(at=wuhua, certified=1)
    from credentials.models import Certificate

    world.mark(
        on=Certificate.objects.get(holder=person),
        kind="suspended",
        effective_on=DAY,
        until=DAY + timedelta(days=10),
    )
    rates = [rate_of(wuhua, on=DAY + timedelta(days=n)).rate for n in (-1, 0, 9, 10)]
    assert rates == [Rate(1, 1), Rate(0, 1), Rate(0, 1), Rate(1, 1)]


def test_the_last_day_in_post_counts_and_the_first_day_out_does_not(wuhua: Facility) -> None:
    person = make.person()
    make.employment(of=person, at=wuhua, started_on=DAY, until=DAY + timedelta(days=2))
    counts = [rate_of(wuhua, on=DAY + timedelta(days=n)).rate.denominator for n in (-1, 0, 1, 2)]
    assert counts == [0, 1, 1, 0]


def test_two_facilities_of_one_county_are_one_person_there_and_one_in_each(wuhua: Facility) -> None:
    twin = make.facility(division_code="530102")
    (person,) = world.staff(at=wuhua, certified=1)
    make.employment(of=person, at=twin)
    table = rate_table(Division.objects.get(code="530102"), on=DAY)
    assert [row.rate for row in table.rows] == [Rate(1, 1), Rate(1, 1)]
    assert table.rate == Rate(1, 1)


def test_two_occupations_are_two_and_each_needs_its_own_certificate(wuhua: Facility) -> None:
    (person,) = world.staff(at=wuhua, certified=1)
    make.employment(of=person, at=wuhua, occupation=Occupation.DIRECTOR)
    assert rate_of(wuhua, on=DAY).rate == Rate(1, 2)


def test_a_certificate_from_another_county_is_as_good(wuhua: Facility) -> None:
    person = make.person()
    make.employment(of=person, at=wuhua)
    world.plain_certificate(
        of=person, valid_from=date(2025, 1, 1), valid_until=date(2030, 1, 1), division_code="532901"
    )
    assert rate_of(wuhua, on=DAY).rate == Rate(1, 1)


def test_guards_are_shown_apart_and_not_counted(wuhua: Facility) -> None:
    world.staff(at=wuhua, certified=1, without=1)
    make.employment(at=wuhua, occupation=Occupation.SECURITY)
    table = rate_of(wuhua, on=DAY)
    assert table.rate == Rate(1, 2)
    assert table.whole.undemanded == {Occupation.SECURITY: 1}
    assert table.occupations == (Occupation.DIRECTOR, Occupation.CAREGIVER)


def test_a_renewal_that_follows_without_a_gap_does_not_expire(wuhua: Facility) -> None:
    renewed, ending = make.person(), make.person()
    for person in (renewed, ending):
        make.employment(of=person, at=wuhua)
        world.plain_certificate(of=person, valid_from=date(2021, 4, 1), valid_until=date(2026, 4, 1))
    world.plain_certificate(of=renewed, valid_from=date(2026, 4, 1), valid_until=date(2031, 4, 1))
    assert rate_of(wuhua, on=DAY).whole.total == Figures(certified=2, in_post=2, expiring=1)


def test_a_place_without_facilities_has_rows_and_no_rate(wuhua: Facility) -> None:
    table = rate_table(Division.objects.get(code="530000"), on=DAY)
    assert [row.code for row in table.rows] == ["530100", "532900"]
    assert [row.rate.words for row in table.rows] == ["–", "–"]
    assert table.rate == Rate(0, 0)


def test_a_target_of_the_rulebook_is_the_line_of_the_chart(wuhua: Facility) -> None:
    for occupation in (Occupation.DIRECTOR, Occupation.CAREGIVER):
        world.target(85, occupation=occupation, division_code="530100")
    assert rate_of(Division.objects.get(code="530102"), on=DAY).target == 85
    assert rate_of(Division.objects.get(code="530000"), on=DAY).target is None


def test_the_number_of_queries_does_not_grow(wuhua: Facility, django_assert_num_queries: Any) -> None:
    for code in ("530102", "530103"):
        world.staff(at=make.facility(division_code=code), certified=2, without=1)
    for code, queries in (("530000", 4), ("530102", 5)):
        place = Division.objects.get(code=code)
        with django_assert_num_queries(queries):
            rate_table(place, on=DAY)


def test_the_trend_ends_with_today_as_it_is_now(wuhua: Facility) -> None:
    world.staff(at=wuhua, certified=1, since=date(2025, 12, 1))
    points = trend(Place("530102"), on=DAY, now=Rate(0, 1), months=4)
    assert [(point.on, point.rate) for point in points] == [
        (date(2025, 11, 30), Rate(0, 0)),
        (date(2025, 12, 31), Rate(1, 1)),
        (date(2026, 1, 31), Rate(1, 1)),
        (date(2026, 2, 28), Rate(1, 1)),
        (DAY, Rate(0, 1)),
    ]
