"""Scope is in the query: below one's prefixes, and nowhere else."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from registry.models import Account, Division, Duty, Employment, Facility, Person
from registry.models.division import within_any
from registry.rules.divisions import contains
from registry.rules.kinds import DutyKind
from tests.factories import registry as make

CODES = ["530000", "530100", "530102", "530103", "532900", "532901"]


class WithinAnyIsContains(TestCase):
    """The condition the database evaluates says what the pure rule says."""

    @given(st.lists(st.sampled_from(CODES), max_size=3))
    def test_for_every_set_of_prefixes(self, overseen: list[str]) -> None:
        for code in CODES:
            make.division(code)
        prefixes = tuple(Division(code=code).prefix for code in overseen)
        found = set(Division.objects.filter(within_any("code", prefixes)).values_list("code", flat=True))
        assert found == {code for code in CODES if any(contains(outer, code) for outer in overseen)}


def test_a_key_and_a_code_select_the_same_without_a_join(
    home_facility: Facility, other_facility: Facility
) -> None:
    query = Facility.objects.filter(within_any("division_id", ("5301",)))
    assert list(query) == [home_facility]
    assert "JOIN" not in str(query.query)


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("director", ["home"]),
        ("other_director", ["other"]),
        ("county_officer", ["home"]),
        ("other_county_officer", ["other"]),
        ("prefecture_officer", ["home"]),
        ("province_officer", ["home", "other"]),
        ("learner", []),
        ("administrator", []),
    ],
)
def test_who_sees_which_people(
    request: pytest.FixtureRequest,
    home_facility: Facility,
    other_facility: Facility,
    who: str,
    sees: list[str],
) -> None:
    account: Account = request.getfixturevalue(who)
    posts = {
        "home": make.employment(at=home_facility),
        "other": make.employment(at=other_facility),
    }
    expected = {posts[name].pk for name in sees}
    made = {post.pk for post in posts.values()}
    visible = Employment.objects.visible_to(account).values_list("pk", flat=True)
    assert set(visible) & made == expected
    people = set(Person.objects.visible_to(account).values_list("pk", flat=True))
    assert people & {post.person_id for post in posts.values()} == {
        post.person_id for post in posts.values() if post.pk in expected
    }


def test_who_issues_certificates_for_a_province_sees_no_more_people_for_that(
    county_officer: Account, director: Account, home_facility: Facility, other_facility: Facility
) -> None:
    """The duties of one account do not lend each other their places."""
    make.employment(at=other_facility)
    for account in (county_officer, director):
        make.duty(of=account, kind=DutyKind.ISSUER, division=make.division("530000"))
        assert list(Facility.objects.visible_to(account)) == [home_facility]
        assert not Employment.objects.visible_to(account).filter(facility=other_facility).exists()
        assert not Person.objects.visible_to(account).filter(employments__facility=other_facility).exists()
        assert account.issuing_prefixes == ("53",)
    assert (county_officer.division_prefixes, director.division_prefixes) == (("530102",), ())


@pytest.mark.parametrize(
    "scope",
    [
        {"kind": DutyKind.OFFICER},
        {"kind": DutyKind.MANAGER},
        {"kind": DutyKind.EDITOR, "pool_code": "530000"},
        {"kind": DutyKind.TRAINER, "until": "2020-01-01"},
        {"kind": DutyKind.TRAINER, "revoked_on": "2026-01-01"},
    ],
)
def test_the_database_refuses_a_duty_that_cannot_be(db: None, scope: dict[str, object]) -> None:
    account = make.account()
    with pytest.raises(IntegrityError), transaction.atomic():
        make.duty(of=account, **scope)  # type: ignore[arg-type]
    assert not Duty.objects.exists()
