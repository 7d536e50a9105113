"""The same over HTTP."""

from __future__ import annotations

import pytest
from django.test import Client

from credentials.models import Certificate
from registry.models import Account, Facility
from tests.credentials.views.pages import SignIn

pytestmark = pytest.mark.django_db


def test_the_api_says_what_the_page_says(certificate: Certificate) -> None:
    client = Client()
    answer = client.get(f"/api/v1/certificates/{certificate.verify_code}").json()
    same = Client(headers={"accept": "application/json"}).get(f"/C/{certificate.verify_code}").json()
    assert answer == same
    assert client.get("/api/v1/certificates/4K7P0QXM9ATB").status_code == 404
    past = client.get(f"/api/v1/certificates/{certificate.verify_code}", {"on": "2026-03-01"}).json()
    assert (past["state"], past["not_yet"]) == ("expired", True)
    assert (
        client.get(f"/api/v1/certificates/{certificate.verify_code}", {"on": "2027-01-01"}).status_code == 409
    )


def test_the_api_gives_the_staff_to_its_manager_only(
    client_of: SignIn,
    director: Account,
    other_director: Account,
    home_facility: Facility,
    certificate: Certificate,
) -> None:
    address = f"/api/v1/facilities/{home_facility.public_id}/staff"
    answer = client_of(director).get(address).json()
    assert (answer["in_post"], answer["fit"], answer["staff"][0]["name"]) == (1, 1, "李小禾")
    assert client_of(other_director).get(address).status_code == 404
    assert Client().get(address).status_code == 401
