"""Who may be proposed for which pool, and how a proposal is turned down."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from audit.acts import System
from audit.models import Entry
from core.refusals import Refused
from registry.models import Account
from tests.factories import registry as make
from tests.factories import trainers as made
from tests.factories.registry import AT
from trainers.actions import create_pool, decline, nominate
from trainers.models import ExpertPool, Nomination

pytestmark = pytest.mark.django_db


@pytest.fixture
def pool(db: None) -> ExpertPool:
    return made.pool()


def propose(pool: ExpertPool, by: Account, **fields: Any) -> Nomination:
    values = {
        "person": fields.pop("person", None) or make.person(),
        "field": "fire",
        "workplace": " 测试消防学院 ",
        "title": "高级工程师",
        "reasons": "编写了托育机构消防教材",
        **fields,
    }
    return nominate(pool=pool, by=by, at=AT, **values)


def refused(pool: ExpertPool, by: Account, **fields: Any) -> str:
    with pytest.raises(Refused) as refusal:
        propose(pool, by, **fields)
    return refusal.value.code


@pytest.mark.parametrize("officer", ["province_officer", "prefecture_officer", "county_officer"])
def test_officers_of_the_province_and_below_nominate_for_its_pool(
    pool: ExpertPool, officer: str, request: pytest.FixtureRequest
) -> None:
    by = request.getfixturevalue(officer)
    nomination = propose(pool, by)
    assert (nomination.state, nomination.field, nomination.workplace) == ("open", "fire", "测试消防学院")
    assert Entry.objects.get(act="trainers.nominate").detail["person"] == nomination.person.public_id


def test_an_officer_of_another_prefecture_does_not_nominate(other_county_officer: Account) -> None:
    assert refused(made.pool(division_code="530100"), other_county_officer) == "not_your_pool"


@pytest.mark.parametrize("persona", ["trainer", "learner", "director", "administrator", "issuer"])
def test_only_officers_nominate(pool: ExpertPool, persona: str, request: pytest.FixtureRequest) -> None:
    assert refused(pool, request.getfixturevalue(persona)) == "not_your_pool"


def test_nobody_nominates_herself(pool: ExpertPool, province_officer: Account) -> None:
    assert refused(pool, province_officer, person=province_officer.person) == "oneself"


def test_an_excluded_person_is_not_nominated(pool: ExpertPool, province_officer: Account) -> None:
    person = make.person()
    make.exclusion(of=person)
    assert refused(pool, province_officer, person=person) == "excluded"


def test_somebody_seated_is_not_nominated_again(pool: ExpertPool, province_officer: Account) -> None:
    assert refused(pool, province_officer, person=made.appointment(to=pool).person) == "seated"


def test_somebody_whose_term_is_over_is_nominated_again(pool: ExpertPool, province_officer: Account) -> None:
    old = made.appointment(to=pool, starts_on=made.AT.date().replace(year=2020), until=made.AT.date())
    assert propose(pool, province_officer, person=old.person).state == "open"


def test_somebody_nominated_waits_for_the_decision(pool: ExpertPool, province_officer: Account) -> None:
    assert refused(pool, province_officer, person=made.nomination(to=pool).person) == "nominated"


def test_the_database_holds_one_open_nomination(pool: ExpertPool) -> None:
    person = made.nomination(to=pool).person
    with pytest.raises(IntegrityError), transaction.atomic():
        made.nomination(to=pool, of=person)


@pytest.mark.parametrize("missing", ["workplace", "reasons"])
def test_a_nomination_says_where_and_why(pool: ExpertPool, province_officer: Account, missing: str) -> None:
    assert refused(pool, province_officer, **{missing: "  "}) == "reasons_missing"


def test_another_officer_declines_with_a_reason(pool: ExpertPool, province_officer: Account) -> None:
    nomination = decline(nomination=made.nomination(to=pool), note="名额已满", by=province_officer, at=AT)
    nomination.refresh_from_db()
    assert (nomination.state, nomination.decision_note) == ("declined", "名额已满")
    assert propose(pool, province_officer, person=nomination.person).state == "open"


def test_a_nomination_is_not_declined_without_a_reason(pool: ExpertPool, province_officer: Account) -> None:
    with pytest.raises(Refused) as refusal:
        decline(nomination=made.nomination(to=pool), note="", by=province_officer, at=AT)
    assert refusal.value.code == "note_missing"


def test_the_nominator_does_not_decline(pool: ExpertPool, province_officer: Account) -> None:
    nomination = made.nomination(to=pool, nominated_by=province_officer)
    with pytest.raises(Refused) as refusal:
        decline(nomination=nomination, note="撤回", by=province_officer, at=AT)
    assert refusal.value.code == "nominator"
    with pytest.raises(IntegrityError), transaction.atomic():
        Nomination.objects.filter(pk=nomination.pk).update(
            state="declined", decided_at=AT, decided_by=province_officer
        )


def test_a_province_and_a_prefecture_have_one_pool_each(province_officer: Account) -> None:
    pool = create_pool(
        code="yunnan", name="云南省托育师资库", division=make.division("530000"), by=province_officer, at=AT
    )
    assert pool.seats == 40
    with pytest.raises(Refused) as refusal:
        create_pool(code="other", name="又一个", division=make.division("530000"), by=System("seed"), at=AT)
    assert refusal.value.code == "pool_exists"


def test_a_county_has_no_pool_and_a_prefecture_founds_none_for_the_province(
    prefecture_officer: Account,
) -> None:
    with pytest.raises(Refused) as county:
        create_pool(code="c", name="五华", division=make.division("530102"), by=prefecture_officer, at=AT)
    with pytest.raises(Refused) as province:
        create_pool(code="p", name="云南", division=make.division("530000"), by=prefecture_officer, at=AT)
    assert (county.value.code, province.value.code) == ("no_county_pool", "not_your_pool")


def test_nobody_proposes_or_seats_her_other_self(pool: ExpertPool, province_officer: Account) -> None:
    """Two records of one human being were merged; both had an account."""
    twin = make.person(merged_into=province_officer.person)
    assert refused(pool, province_officer, person=twin) == "oneself"
    again = make.account(of=twin)
    for other in (
        made.nomination(to=pool, nominated_by=again),
        made.nomination(to=pool, of=twin),
    ):
        with pytest.raises(Refused) as refusal:
            decline(nomination=other, note="不合适", by=province_officer, at=AT)
        assert refusal.value.code == "nominator"
