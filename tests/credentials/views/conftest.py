"""A learner with a certificate, a case about her, and the clock on the first of June."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from core import clock
from core.days import SHANGHAI
from credentials.actions import open_case, propose_ban
from credentials.models import BanCase, BanSubject, Certificate
from registry.models import Account, Facility, Person
from tests.factories import credentials as cred

DAY = date(2026, 6, 1)


@pytest.fixture(autouse=True)
def _on_the_first_of_june() -> Any:
    with clock.set_to(datetime(2026, 6, 1, 10, 0, tzinfo=SHANGHAI)):
        yield


@pytest.fixture
def who(request: pytest.FixtureRequest) -> Callable[[str], Account]:
    """A persona by name."""
    return request.getfixturevalue  # type: ignore[no-any-return]


@pytest.fixture
def person(learner: Account) -> Person:
    assert learner.person is not None
    return learner.person


@pytest.fixture
def certificate(person: Person) -> Certificate:
    return cred.certificate(of=person)


@pytest.fixture
def case(home_facility: Facility, county_officer: Account) -> BanCase:
    return open_case(
        division=home_facility.division, facility=home_facility, incident_on=DAY - timedelta(days=30),
        summary="午睡时体罚幼儿", by=county_officer, at=cred.at(DAY - timedelta(days=30)),
    )  # fmt: skip


@pytest.fixture
def subject(case: BanCase, person: Person, county_officer: Account) -> BanSubject:
    served = DAY - timedelta(days=20)
    return propose_ban(
        case=case, person=person, part="person", evidence="监控录像", notice_served_on=served,
        by=county_officer, at=cred.at(served),
    )  # fmt: skip
