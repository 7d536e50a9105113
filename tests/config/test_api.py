"""Whoever asks the API gets an answer that a program can read."""

from __future__ import annotations

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/api/v1/nothing/", "/api/v1/certificates/", "/api/v2/"])
def test_an_unknown_address_is_refused_in_json(client: Client, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/json")
    assert answer.json()["error"] == "unknown_address"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_a_wrong_method_is_refused_in_json(client: Client, method: str) -> None:
    answer = client.generic(method, "/api/v1/certificates/AAAAAAAAAAAA")
    assert (answer.status_code, answer["Content-Type"], answer["Allow"]) == (405, "application/json", "GET")
    assert answer.json()["error"] == "method"


def test_elsewhere_an_unknown_address_is_a_page(client: Client) -> None:
    answer = client.get("/nothing/")
    assert (answer.status_code, answer["Content-Type"]) == (404, "text/html; charset=utf-8")
