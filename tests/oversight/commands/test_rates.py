"""manage.py rates says what the page says, and names what it cannot answer."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from ninja.testing import TestClient

from core import clock
from oversight.api import router
from oversight.documents.rates import as_data
from oversight.queries import rate_table
from registry.models import Account, Division, Facility
from registry.rules.standard import Occupation
from tests.factories import credentials as credential
from tests.factories import oversight as world
from tests.factories import registry as make

pytestmark = pytest.mark.django_db
Doors = Callable[[Account | None], Client]
DAY = date(2026, 3, 2)


@pytest.fixture(autouse=True)
def _frozen() -> Any:
    with clock.set_to(credential.at(DAY)):
        yield


@pytest.fixture
def county(home_facility: Facility, other_facility: Facility) -> Facility:
    world.standards()
    world.staff(at=home_facility, certified=2, without=1)
    world.staff(at=home_facility, certified=1, occupation=Occupation.DIRECTOR)
    world.staff(at=other_facility, certified=0, without=1)
    make.employment(at=home_facility, occupation=Occupation.SECURITY)
    return home_facility


def printed(*arguments: str) -> str:
    out = io.StringIO()
    call_command("rates", "--as-of", "2026-03-02", *arguments, stdout=out)
    return out.getvalue()


def test_the_json_has_its_documented_shape(county: Facility) -> None:
    assert json.loads(printed("--division", "530102", "--format", "json")) == {
        "as_of": "2026-03-02",
        "division": {"code": "530102", "name": "五华区", "level": "county"},
        "occupation": None,
        "numerator": 3,
        "denominator": 4,
        "percent": 75.0,
        "target_percent": None,
        "no_certificate_demanded": 1,
        "rows": [
            {
                "facility": county.public_id,
                "name": county.name,
                "numerator": 3,
                "denominator": 4,
                "percent": 75.0,
            }
        ],
    }


@pytest.mark.parametrize("code", ["530000", "530100", "530102"])
@pytest.mark.parametrize("occupation", [None, "caregiver", "security"])
def test_the_command_the_page_and_the_api_say_the_same(
    code: str, occupation: str | None, county: Facility, province_officer: Account, client_of: Doors
) -> None:
    asked = {"occupation": occupation} if occupation else {}
    words = ["--occupation", occupation] if occupation else []
    said = json.loads(printed("--division", code, *words, "--format", "json"))
    page = client_of(province_officer).get(reverse("oversight:division", args=[code]), asked)
    assert as_data(page.context["table"]) == said
    answer = TestClient(router).get("/rates", query_params={"division": code, **asked}, user=province_officer)
    assert answer.status_code == 200
    assert {**answer.json(), "rows": len(answer.json()["rows"])} == {**said, "rows": len(said["rows"])}
    for row, line in zip(answer.json()["rows"], said["rows"], strict=True):
        assert {key: value for key, value in row.items() if value is not None or key == "percent"} == line
    rows = list(csv.reader(io.StringIO(printed("--division", code, *words, "--format", "csv"), newline="")))
    assert [int(cell) for cell in rows[-1][4:6]] == [said["numerator"], said["denominator"]]
    drawn = printed("--division", code, *words).splitlines()
    assert drawn[-1].split()[-5:-3] == [str(said["numerator"]), str(said["denominator"])]


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["--as-of", "2026-02-30", "--division", "530102"], "is no day"),
        (["--as-of", "today", "--division", "530102"], "is no day"),
        (["--as-of", "2026-03-03", "--division", "530102"], "must lie between"),
        (["--as-of", "1999-12-31", "--division", "530102"], "must lie between"),
        (["--as-of", "2026-03-02", "--division", "999999"], "'999999' is unknown"),
        (["--as-of", "2026-03-02", "--division", "五华区"], "is unknown"),
        (["--as-of", "2026-03-02", "--division", "530102", "--occupation", "cook"], "known are director"),
    ],
)
def test_what_cannot_be_answered_is_named_and_ends_with_2(
    arguments: list[str], word: str, county: Facility
) -> None:
    with pytest.raises(CommandError, match=word) as refusal:
        call_command("rates", *arguments)
    assert refusal.value.returncode == 2


def test_the_api_knows_no_division_but_the_officers(county: Facility, other_county_officer: Account) -> None:
    api = TestClient(router)
    for code in ("530102", "530000", "999999"):
        assert (
            api.get("/rates", query_params={"division": code}, user=other_county_officer).status_code == 404
        )
    mine = api.get("/rates", query_params={"division": "532901"}, user=other_county_officer)
    assert mine.json()["denominator"] == 1


@pytest.mark.parametrize("asked", [{"as_of": "2026-03-03"}, {"as_of": "soon"}, {"occupation": "cook"}])
def test_the_api_refuses_what_it_cannot_understand(
    asked: dict[str, str], county: Facility, province_officer: Account
) -> None:
    answer = TestClient(router).get(
        "/rates", query_params={"division": "530102", **asked}, user=province_officer
    )
    assert answer.status_code == 422


def test_nobody_counted_is_null_and_not_zero(county: Facility) -> None:
    said = as_data(rate_table(Division.objects.get(code="530102"), on=DAY, occupation=Occupation.SECURITY))
    assert (said["numerator"], said["denominator"], said["percent"]) == (0, 0, None)
    assert said["no_certificate_demanded"] == 1
