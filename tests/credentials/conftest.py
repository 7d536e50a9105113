"""Fixtures of this room."""

from __future__ import annotations

from datetime import date

import pytest

from credentials.actions.open_case import open_case
from registry.models import Account, Facility
from tests.credentials.bans import AT, World
from tests.factories import credentials as cred


@pytest.fixture
def world(
    home_facility: Facility, learner: Account, county_officer: Account, province_officer: Account
) -> World:
    assert learner.person is not None
    certificate = cred.certificate(of=learner.person)
    case = open_case(
        division=home_facility.division,
        facility=home_facility,
        incident_on=date(2026, 5, 28),
        summary="午睡时体罚幼儿",
        by=county_officer,
        at=AT,
    )
    return World(case, learner.person, home_facility, certificate, county_officer, province_officer)
