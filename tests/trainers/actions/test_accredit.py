"""Which organisations may train, from when until when."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from audit.models import Entry
from core.refusals import Refused
from registry.models import Account
from registry.rules.credit_code import synthetic_credit_code
from tests.factories import registry as make
from tests.factories import trainers as made
from tests.factories.registry import AT
from trainers.actions import accredit_body, end_accreditation
from trainers.models import TrainingBody

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 2)
CODE = synthetic_credit_code("530199", 77)


def accredit(by: Account, **fields: Any) -> TrainingBody:
    values = {
        "name": "昆明测试培训中心",
        "credit_code": CODE,
        "division": make.division("530100"),
        "accredited_from": date(2026, 1, 1),
        **fields,
    }
    return accredit_body(by=by, at=AT, **values)


def refused(by: Account, **fields: Any) -> str:
    with pytest.raises(Refused) as refusal:
        accredit(by, **fields)
    return refusal.value.code


def test_a_prefecture_accredits_a_body(prefecture_officer: Account) -> None:
    body = accredit(prefecture_officer, credit_code=f" {CODE.lower()} ")
    assert body.credit_code == CODE
    assert list(TrainingBody.objects.accredited_on(date(2025, 12, 31))) == []
    assert list(TrainingBody.objects.accredited_on(date(2026, 1, 1))) == [body]
    assert Entry.objects.get(act="trainers.accredit_body").detail["division"] == "530100"


@pytest.mark.parametrize("persona", ["county_officer", "other_county_officer", "trainer", "administrator"])
def test_nobody_below_the_prefecture_accredits(persona: str, request: pytest.FixtureRequest) -> None:
    by = request.getfixturevalue(persona)
    assert refused(by, division=make.division("530102")) == "not_your_division"


def test_a_prefecture_accredits_nobody_elsewhere(prefecture_officer: Account) -> None:
    assert refused(prefecture_officer, division=make.division("532900")) == "not_your_division"


def test_a_broken_credit_code_is_refused(prefecture_officer: Account) -> None:
    wrong = CODE[:-1] + ("0" if CODE[-1] != "0" else "1")
    assert refused(prefecture_officer, credit_code=wrong) == "checksum"


def test_an_accreditation_ends_after_it_starts(prefecture_officer: Account) -> None:
    assert refused(prefecture_officer, accredited_until=date(2026, 1, 1)) == "term_backwards"


def test_a_body_is_accredited_once_at_a_time(prefecture_officer: Account, province_officer: Account) -> None:
    accredit(prefecture_officer, accredited_until=date(2027, 1, 1))
    assert refused(province_officer, accredited_from=date(2026, 12, 31)) == "accredited"
    assert accredit(province_officer, accredited_from=date(2027, 1, 1)).pk


def test_the_database_holds_one_open_accreditation(prefecture_officer: Account) -> None:
    accredit(prefecture_officer)
    with pytest.raises(IntegrityError), transaction.atomic():
        made.training_body(credit_code=CODE)


def test_an_accreditation_ends_with_a_reason_once(prefecture_officer: Account) -> None:
    body = accredit(prefecture_officer)
    end_accreditation(body=body, ended_on=TODAY, reason="乱收费", by=prefecture_officer, at=AT)
    assert list(TrainingBody.objects.accredited_on(TODAY - timedelta(days=1))) == [body]
    assert list(TrainingBody.objects.accredited_on(TODAY)) == []
    with pytest.raises(Refused) as refusal:
        end_accreditation(body=body, ended_on=TODAY, reason="乱收费", by=prefecture_officer, at=AT)
    assert refusal.value.code == "ended"
    with pytest.raises(DatabaseError), transaction.atomic():
        TrainingBody.objects.filter(pk=body.pk).update(ended_on=None, ended_reason=None, ended_at=None)


@pytest.mark.parametrize(
    ("ended_on", "reason", "code"),
    [
        (TODAY, "", "reason_missing"),
        (TODAY + timedelta(days=1), "乱收费", "day_outside"),
        (date(2025, 12, 31), "乱收费", "day_outside"),
    ],
)
def test_a_senseless_end_is_refused(
    prefecture_officer: Account, ended_on: date, reason: str, code: str
) -> None:
    body = accredit(prefecture_officer)
    with pytest.raises(Refused) as refusal:
        end_accreditation(body=body, ended_on=ended_on, reason=reason, by=prefecture_officer, at=AT)
    assert refusal.value.code == code


def test_another_prefecture_ends_nothing(prefecture_officer: Account, other_county_officer: Account) -> None:
    with pytest.raises(Refused) as refusal:
        end_accreditation(
            body=accredit(prefecture_officer), ended_on=TODAY, reason="?", by=other_county_officer, at=AT
        )
    assert refusal.value.code == "not_your_division"
