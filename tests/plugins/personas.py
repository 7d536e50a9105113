"""Who knocks: one account of each kind, and their twins from another place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from registry.models import Account, Facility
from registry.rules.kinds import DutyKind
from tests.factories import registry as make


@pytest.fixture(autouse=True)
def _without_second_factor(settings: Any) -> None:
    """The second factor has its own tests; the others walk in directly."""
    settings.SECOND_FACTOR = False


@pytest.fixture
def client_of() -> Callable[[Account | None], Client]:
    """A browser in which this account is signed in; None: a visitor's."""

    def sign_in(account: Account | None) -> Client:
        client = Client(headers={"accept-language": "en"})
        if account is not None:
            client.force_login(account)
        return client

    return sign_in


@pytest.fixture
def home_facility(db: None) -> Facility:
    """A facility in 五华区 (530102)."""
    return make.facility(division_code="530102", name="五华春芽托育园")


@pytest.fixture
def other_facility(db: None) -> Facility:
    """A facility in 大理市 (532901), another prefecture."""
    return make.facility(division_code="532901", name="大理苍山托育园")


@pytest.fixture
def learner(home_facility: Facility) -> Account:
    """A caregiver in post at the home facility since 2022."""
    person = make.person(name="李小禾")
    make.employment(of=person, at=home_facility)
    return make.account(of=person, username="learner")


@pytest.fixture
def other_learner(other_facility: Facility) -> Account:
    person = make.person(name="段小溪")
    make.employment(of=person, at=other_facility)
    return make.account(of=person, username="other_learner")


def _with_duty(username: str, kind: DutyKind, **scope: Any) -> Account:
    account = make.account(username=username)
    make.duty(of=account, kind=kind, **scope)
    return account


@pytest.fixture
def trainer(db: None) -> Account:
    return _with_duty("trainer", DutyKind.TRAINER)


@pytest.fixture
def other_trainer(db: None) -> Account:
    return _with_duty("other_trainer", DutyKind.TRAINER)


@pytest.fixture
def reviewer(db: None) -> Account:
    return _with_duty("reviewer", DutyKind.REVIEWER)


@pytest.fixture
def director(home_facility: Facility) -> Account:
    """Manages the home facility."""
    return _with_duty("director", DutyKind.MANAGER, facility=home_facility)


@pytest.fixture
def other_director(other_facility: Facility) -> Account:
    return _with_duty("other_director", DutyKind.MANAGER, facility=other_facility)


@pytest.fixture
def county_officer(db: None) -> Account:
    return _with_duty("county_officer", DutyKind.OFFICER, division=make.division("530102"))


@pytest.fixture
def other_county_officer(db: None) -> Account:
    return _with_duty("other_county_officer", DutyKind.OFFICER, division=make.division("532901"))


@pytest.fixture
def prefecture_officer(db: None) -> Account:
    return _with_duty("prefecture_officer", DutyKind.OFFICER, division=make.division("530100"))


@pytest.fixture
def province_officer(db: None) -> Account:
    return _with_duty("province_officer", DutyKind.OFFICER, division=make.division("530000"))


@pytest.fixture
def issuer(db: None) -> Account:
    return _with_duty("issuer", DutyKind.ISSUER, division=make.division("530000"))


@pytest.fixture
def editor(db: None) -> Account:
    return _with_duty("editor", DutyKind.EDITOR)


@pytest.fixture
def administrator(db: None) -> Account:
    return _with_duty("administrator", DutyKind.ADMINISTRATOR)
