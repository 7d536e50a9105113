"""Who may do what is given by somebody who may, and never by oneself."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from audit.acts import System
from audit.models import Entry
from core.refusals import Refused
from registry.actions import grant_duty, revoke_duty
from registry.actions.sync_groups import sync_all_groups
from registry.models import Account, Duty, Facility
from tests.factories import registry as make

AT = make.AT
TODAY = date(2026, 3, 2)


def grant(to: Account, kind: str, by: Account | System, **fields: Any) -> Duty:
    return grant_duty(**{"account": to, "kind": kind, "starts_on": TODAY, "by": by, "at": AT, **fields})


def refusal(*args: Any, **fields: Any) -> str:
    with pytest.raises(Refused) as refused:
        grant(*args, **fields)
    return refused.value.code


@pytest.fixture
def anybody(db: None) -> Account:
    return make.account()


def test_an_administrator_grants_an_officer(administrator: Account, anybody: Account) -> None:
    duty = grant(anybody, "officer", administrator, division=make.division("530100"))
    assert Account.objects.get(pk=anybody.pk).kinds == {"learner", "prefecture"}
    assert duty.granted_by == administrator
    assert Entry.objects.get(act="registry.grant_duty").detail["division"] == "530100"


def test_an_officer_grants_the_manager_of_a_facility_in_her_county(
    county_officer: Account, anybody: Account, home_facility: Facility
) -> None:
    grant(anybody, "manager", county_officer, facility=home_facility)
    assert Account.objects.get(pk=anybody.pk).facility_ids == (home_facility.pk,)


def test_an_officer_grants_nothing_beyond_her_place(
    request: pytest.FixtureRequest,
    anybody: Account,
    home_facility: Facility,
) -> None:
    other_county_officer, prefecture_officer, director, learner = (
        request.getfixturevalue(name)
        for name in ("other_county_officer", "prefecture_officer", "director", "learner")
    )
    assert refusal(anybody, "manager", other_county_officer, facility=home_facility) == "may_not_grant"
    assert (
        refusal(anybody, "officer", prefecture_officer, division=make.division("530000")) == "may_not_grant"
    )
    assert (
        refusal(anybody, "officer", prefecture_officer, division=make.division("530102")) == "may_not_grant"
    )
    assert refusal(anybody, "manager", director, facility=home_facility) == "may_not_grant"
    assert refusal(anybody, "administrator", learner) == "may_not_grant"
    assert not anybody.duties.exists()


def test_nobody_grants_to_herself(
    administrator: Account, county_officer: Account, home_facility: Facility
) -> None:
    assert refusal(administrator, "trainer", administrator) == "own_duty"
    assert refusal(county_officer, "manager", county_officer, facility=home_facility) == "own_duty"


@pytest.mark.parametrize(
    ("kind", "scope", "code"),
    [
        ("officer", {}, "wrong_scope"),
        ("manager", {"division": "530102"}, "wrong_scope"),
        ("trainer", {"division": "530102"}, "wrong_scope"),
        ("administrator", {"pool_code": "530000"}, "wrong_scope"),
        ("king", {}, "unknown_kind"),
        ("trainer", {"until": TODAY}, "ends_before_start"),
        ("trainer", {"starts_on": date(2025, 1, 1), "until": TODAY}, "already_over"),
    ],
)
def test_a_duty_that_cannot_be_is_refused(
    administrator: Account, anybody: Account, kind: str, scope: dict[str, Any], code: str
) -> None:
    if "division" in scope:
        scope = {**scope, "division": make.division(scope["division"])}
    assert refusal(anybody, kind, administrator, **scope) == code


def test_the_excluded_get_no_duty(administrator: Account, anybody: Account) -> None:
    assert anybody.person is not None
    make.exclusion(of=anybody.person)
    assert refusal(anybody, "trainer", administrator) == "excluded"


def test_an_account_of_nobody_gets_no_duty(administrator: Account) -> None:
    account = Account.objects.create(username="nobody")
    assert refusal(account, "trainer", administrator) == "no_person"


def test_the_same_duty_is_not_granted_twice(administrator: Account, anybody: Account) -> None:
    grant(anybody, "trainer", administrator, until=date(2027, 1, 1))
    assert refusal(anybody, "trainer", administrator, starts_on=date(2026, 12, 31)) == "already_granted"
    grant(anybody, "trainer", administrator, pool_code="530000")
    grant(anybody, "trainer", administrator, starts_on=date(2027, 1, 1))


def test_a_revoked_duty_is_gone_at_once(administrator: Account, anybody: Account) -> None:
    duty = grant(anybody, "trainer", administrator)
    revoke_duty(duty=duty, by=administrator, at=AT)
    assert Account.objects.get(pk=anybody.pk).kinds == {"learner"}
    grant(anybody, "trainer", administrator)


def test_a_duty_is_revoked_once_and_by_who_may(
    administrator: Account, anybody: Account, county_officer: Account, other_director: Account
) -> None:
    duty = grant(anybody, "trainer", administrator)
    for stranger in (county_officer, other_director):
        with pytest.raises(Refused) as refused:
            revoke_duty(duty=duty, by=stranger, at=AT)
        assert refused.value.code == "may_not_revoke"
    revoke_duty(duty=duty, by=anybody, at=AT)  # laid down by its holder
    with pytest.raises(Refused) as refused:
        revoke_duty(duty=duty, by=administrator, at=AT)
    assert refused.value.code == "already_over"


def test_the_last_administrator_stays(administrator: Account, anybody: Account) -> None:
    with pytest.raises(Refused) as refused:
        revoke_duty(duty=administrator.duties.get(), by=administrator, at=AT)
    assert refused.value.code == "last_administrator"
    second = grant(anybody, "administrator", administrator)
    revoke_duty(duty=second, by=administrator, at=AT)


def test_the_groups_of_wagtail_follow_the_duties(administrator: Account, anybody: Account) -> None:
    def groups() -> list[str]:
        return sorted(anybody.groups.values_list("name", flat=True))

    editor = grant(anybody, "editor", administrator)
    grant(anybody, "reviewer", administrator, until=date(2026, 4, 1))
    grant(anybody, "trainer", administrator)
    assert groups() == ["editor", "reviewer"]
    revoke_duty(duty=editor, by=administrator, at=AT)
    assert groups() == ["reviewer"]
    assert sync_all_groups(on=date(2026, 3, 31)) == 0
    assert sync_all_groups(on=date(2026, 4, 1)) == 1
    assert groups() == []


def test_who_sees_which_duties(
    administrator: Account,
    county_officer: Account,
    other_county_officer: Account,
    director: Account,
    learner: Account,
) -> None:
    def seen(account: Account) -> set[int]:
        return set(Duty.objects.visible_to(account).values_list("account_id", flat=True))

    everybody = {administrator.pk, county_officer.pk, other_county_officer.pk, director.pk}
    assert seen(administrator) == everybody
    assert seen(county_officer) == {county_officer.pk, director.pk}
    assert seen(other_county_officer) == {other_county_officer.pk}
    assert seen(director) == {director.pk}
    assert seen(learner) == set()


def test_nobody_grants_to_her_other_self(administrator: Account) -> None:
    """Two records of one human being were merged; both had an account."""
    again = make.account(of=make.person(merged_into=administrator.person))
    assert refusal(again, "trainer", administrator) == "own_duty"
