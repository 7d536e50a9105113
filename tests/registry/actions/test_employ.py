"""Nobody who is excluded comes into post."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from audit.acts import System
from audit.models import Entry
from core.refusals import Refused
from registry.actions import Post, employ, employ_all, end_employment, exclude
from registry.models import Employment, Facility, Person
from tests.factories import registry as make

BY = System("test")
AT = make.AT
TODAY = date(2026, 3, 2)


@pytest.fixture
def person(db: None) -> Person:
    return make.person()


def hire(person: Person, facility: Facility, **fields: Any) -> Employment:
    values = {"occupation": "caregiver", "started_on": TODAY, "by": BY, "at": AT, **fields}
    return employ(person=person, facility=facility, **values)


def test_a_person_in_post_is_recorded(person: Person, home_facility: Facility) -> None:
    row = hire(person, home_facility)
    assert list(Employment.objects.on(TODAY)) == [row]
    assert (row.person, row.facility, row.until) == (person, home_facility, None)
    entry = Entry.objects.get(act="registry.employ")
    assert entry.detail == {
        "facility": home_facility.public_id,
        "occupation": "caregiver",
        "started_on": "2026-03-02",
    }


@pytest.mark.parametrize("started_on", [TODAY, date(2025, 1, 1), date(2026, 4, 1)])
def test_one_who_is_banned_today_is_not_employed(
    person: Person, home_facility: Facility, started_on: date
) -> None:
    exclude(person=person, kind="ban", source="case:1", from_day=TODAY, by=BY, at=AT)
    with pytest.raises(Refused) as refused:
        hire(person, home_facility, started_on=started_on)
    assert refused.value.code == "excluded"
    assert not Employment.objects.exists()


def test_one_who_is_suspended_on_the_first_day_is_not_employed(
    person: Person, home_facility: Facility
) -> None:
    make.exclusion(of=person, kind="suspension", from_day=date(2026, 3, 10), until=date(2026, 3, 20))
    with pytest.raises(Refused) as refused:
        hire(person, home_facility, started_on=date(2026, 3, 10))
    assert refused.value.code == "excluded"
    assert hire(person, home_facility, started_on=date(2026, 3, 20)).started_on == date(2026, 3, 20)


def test_a_lifted_ban_bars_nobody(person: Person, home_facility: Facility) -> None:
    make.exclusion(of=person, lifted_on=TODAY, lifted_recorded_at=AT)
    assert hire(person, home_facility).person == person


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"occupation": "wizard"}, "unknown_occupation"),
        ({"started_on": date(2019, 12, 31)}, "before_opening"),
        ({"started_on": date(1990, 5, 1)}, "before_birth"),
        ({"started_on": date(2026, 6, 1)}, "too_far_ahead"),
    ],
)
def test_a_post_that_cannot_be_is_refused(
    person: Person, home_facility: Facility, fields: dict[str, Any], code: str
) -> None:
    with pytest.raises(Refused) as refused:
        hire(person, home_facility, **fields)
    assert refused.value.code == code


def test_a_closed_facility_employs_nobody(person: Person) -> None:
    closed = make.facility(closed_on=date(2026, 3, 2))
    with pytest.raises(Refused) as refused:
        hire(person, closed, started_on=date(2026, 1, 1))
    assert refused.value.code == "facility_closed"


def test_one_post_is_taken_once_but_a_person_may_have_two(
    person: Person, home_facility: Facility, other_facility: Facility
) -> None:
    row = hire(person, home_facility, started_on=date(2026, 1, 1))
    with pytest.raises(Refused) as refused:
        hire(person, home_facility)
    assert refused.value.code == "already_in_post"
    hire(person, home_facility, occupation="health")
    hire(person, other_facility)
    end_employment(employment=row, until=TODAY, by=BY, at=AT)
    hire(person, home_facility)
    with pytest.raises(Refused) as refused:  # would overlap the one that has ended
        hire(person, home_facility, started_on=date(2025, 12, 1))
    assert refused.value.code == "already_in_post"


def test_a_batch_answers_post_by_post(home_facility: Facility, django_assert_max_num_queries: Any) -> None:
    good, banned = make.person(), make.person()
    make.exclusion(of=banned)
    posts = [
        Post(good, home_facility, "caregiver", date(2021, 1, 1), date(2022, 1, 1)),
        Post(banned, home_facility, "caregiver", TODAY),
        Post(good, home_facility, "caregiver", date(2022, 1, 1)),
        Post(good, home_facility, "caregiver", TODAY),
        Post(good, home_facility, "health", TODAY, date(2026, 3, 1)),
    ]
    with django_assert_max_num_queries(14):
        answers = employ_all(posts=posts, by=BY, at=AT)
    assert [a.code if isinstance(a, Refused) else "" for a in answers] == [
        "",
        "excluded",
        "",
        "already_in_post",
        "ends_before_start",
    ]
    assert Employment.objects.on(date(2021, 12, 31)).count() == 1
    assert Employment.objects.on(TODAY).count() == 1
    detail = Entry.objects.get(act="registry.employ_all").detail
    assert (detail["posts"], detail["made"], detail["refused"]) == (5, 2, 3)


def test_leaving_ends_on_the_first_day_out(person: Person, home_facility: Facility) -> None:
    row = hire(person, home_facility, started_on=date(2026, 1, 1))
    end_employment(employment=row, until=TODAY, by=BY, at=AT)
    assert Employment.objects.on(date(2026, 3, 1)).count() == 1
    assert Employment.objects.on(TODAY).count() == 0


@pytest.mark.parametrize(
    ("until", "code"), [(date(2025, 12, 31), "ends_before_start"), (date(2027, 1, 1), "too_far_ahead")]
)
def test_an_end_that_cannot_be_is_refused(
    person: Person, home_facility: Facility, until: date, code: str
) -> None:
    row = hire(person, home_facility, started_on=date(2026, 1, 1))
    with pytest.raises(Refused) as refused:
        end_employment(employment=row, until=until, by=BY, at=AT)
    assert refused.value.code == code


def test_an_employment_ends_once_also_from_a_stale_page(person: Person, home_facility: Facility) -> None:
    row = hire(person, home_facility, started_on=date(2026, 1, 1))
    stale = Employment.objects.get(pk=row.pk)
    end_employment(employment=row, until=TODAY, by=BY, at=AT)
    with pytest.raises(Refused) as refused:
        end_employment(employment=stale, until=date(2026, 2, 1), by=BY, at=AT)
    assert refused.value.code == "already_ended"
    row.refresh_from_db()
    assert row.until == TODAY
