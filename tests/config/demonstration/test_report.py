"""What manage.py demo writes: whole, true, and only about accounts that it opened itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.test import RequestFactory

from audit.acts import act, record
from audit.models import Entry
from config.demonstration import province, report
from config.demonstration.world import BY, PASSWORD
from core import clock
from registry.actions.open_account import open_account
from registry.models import Account, Facility, Person
from registry.rules.kinds import DutyKind
from registry.rules.standard import Occupation
from tests.factories import credentials as cred
from tests.factories import registry as make

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 1)


@pytest.fixture(autouse=True)
def _on_the_first_of_june() -> Iterator[None]:
    with clock.set_to(cred.at(TODAY)):
        yield


def let_in(username: str, person: Person | None = None) -> Account:
    return open_account(
        person=person or make.person(), username=username, password=PASSWORD, by=BY, at=cred.at(TODAY)
    )


@act
def built() -> None:
    record(province.BUILT, subject="seed:5", by=BY, at=cred.at(TODAY))


# ── accounts ────────────────────────────────────────────────────────────────


def test_an_account_is_told_with_its_kind_and_place(home_facility: Facility) -> None:
    officer, manager = let_in("wuhua"), let_in("manager")
    make.duty(of=officer, kind=DutyKind.OFFICER, division=make.division("530102"))
    make.duty(of=manager, kind=DutyKind.MANAGER, facility=home_facility)
    caregiver = make.person(name="李小禾")
    make.employment(of=caregiver, at=home_facility)
    let_in("learner", caregiver)
    let_in("nobody")
    rows = report.accounts(TODAY)
    told = {row["username"]: (row["kind"], row["division"], row["facility"], row["password"]) for row in rows}
    home = home_facility.public_id
    assert told == {
        "wuhua": ("county", "530102", None, PASSWORD),
        "manager": ("manager", "530102", home, PASSWORD),
        "learner": ("learner", "530102", home, PASSWORD),
        "nobody": ("learner", None, None, PASSWORD),
    }
    assert rows[2]["name"] == "李小禾"
    for row in rows:
        request = RequestFactory().post("/accounts/login/")
        assert authenticate(request, username=row["username"], password=row["password"]) is not None


def test_an_account_that_a_manager_opened_is_her_own(director: Account) -> None:
    let_in("learner")
    open_account(
        person=make.person(), username="hers", password="a word of her own", by=director, at=cred.at(TODAY)
    )
    assert [row["username"] for row in report.accounts(TODAY)] == ["learner"]


# ── certificates, facilities, people ────────────────────────────────────────


def test_a_certificate_is_told_with_its_state_of_the_day(settings: Any) -> None:
    settings.PUBLIC_URL = "http://127.0.0.1:8123"
    states = {}
    for kind, ground in (("suspended", "interim"), ("revoked", "error"), ("replaced", "correction")):
        row = cred.certificate()
        until = {"until": date(2026, 7, 1)} if kind == "suspended" else {}
        cred.mark(on=row, kind=kind, ground=ground, effective_on=date(2026, 5, 20), **until)
        states[row.verify_code] = kind
    states[cred.certificate().verify_code] = "valid"
    states[cred.certificate(issued_on=date(2020, 5, 1)).verify_code] = "expired"
    renewal = cred.certificate(issued_on=date(2026, 12, 1)).verify_code
    states[renewal] = "expired"
    rows = report.certificates(TODAY)
    assert [row["code"] for row in rows if row["not_yet"]] == [renewal]
    assert {row["code"]: row["state"] for row in rows} == states
    for row in rows:
        assert set(row) == {"code", "number", "state", "not_yet", "url", "person"}
        assert row["url"] == f"http://127.0.0.1:8123/C/{row['code']}"


def test_facilities_and_the_people_in_post(home_facility: Facility, other_facility: Facility) -> None:
    make.filing(of=home_facility)
    person = make.person(name="段小溪")
    make.employment(of=person, at=home_facility, occupation=Occupation.DIRECTOR)
    make.employment(at=home_facility, until=date(2026, 6, 1))  # gone since today
    assert [(row["public_id"], row["filed"]) for row in report.facilities(TODAY)] == [
        (home_facility.public_id, True),
        (other_facility.public_id, False),
    ]
    assert report.people(TODAY) == [
        {
            "public_id": person.public_id,
            "name": "段小溪",
            "document_kind": "resident_id",
            "document": person.documents.get().number,
            "occupation": "director",
            "facility": home_facility.public_id,
        }
    ]


def test_three_rows_take_as_many_queries_as_one(
    home_facility: Facility, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    make.employment(at=home_facility)
    with django_assert_max_num_queries(8) as once:
        report.people(TODAY), report.facilities(TODAY), report.certificates(TODAY)
    for _ in range(2):
        post = make.employment(at=home_facility)
        cred.certificate(of=post.person)
    with django_assert_num_queries(len(once.captured_queries)):
        report.people(TODAY), report.facilities(TODAY), report.certificates(TODAY)


# ── the command ─────────────────────────────────────────────────────────────


def test_the_file_has_the_parts_that_were_promised(
    tmp_path: Path, settings: Any, home_facility: Facility, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.VAR = tmp_path
    built()
    let_in("learner")
    make.employment(at=home_facility)
    cred.certificate()
    file = tmp_path / "report.json"
    call_command("demo", "--seed", "9", "--report", str(file))
    assert "already there (seed 5, scale 1)" in capsys.readouterr().out
    parts = json.loads(file.read_text("utf-8"))
    assert set(parts) == {"as_of", "accounts", "certificates", "facilities", "people"}
    assert parts["as_of"] == "2026-06-01"
    promised = {
        "accounts": {"username", "password", "kind", "division", "facility"},
        "certificates": {"code", "number", "state", "url"},
        "facilities": {"public_id", "name", "division", "filed"},
        "people": {"public_id", "name", "document", "occupation", "facility"},
    }
    for part, keys in promised.items():
        assert parts[part], part
        assert all(keys <= set(row) for row in parts[part])
    front = json.loads((tmp_path / "demonstration.json").read_text("utf-8"))
    assert front == {"accounts": parts["accounts"]}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["demonstration.json", "report.json"]


def test_a_production_deployment_refuses_it(tmp_path: Path, settings: Any) -> None:
    settings.VAR, settings.DEMONSTRATION = tmp_path, False
    entries = Entry.objects.count()
    with pytest.raises(CommandError, match="not filled with invented people"):
        call_command("demo", "--report", str(tmp_path / "report.json"))
    assert list(tmp_path.iterdir()) == []
    assert Entry.objects.count() == entries


@pytest.mark.parametrize("scale", ["0", "1001"])
def test_a_scale_outside_its_bounds_is_refused(tmp_path: Path, settings: Any, scale: str) -> None:
    settings.VAR = tmp_path
    with pytest.raises(CommandError, match="1 to 1000"):
        call_command("demo", "--scale", scale)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "sentence"), [("nowhere/report.json", "there is no folder"), ("", "is a folder; name a file")]
)
def test_a_report_that_cannot_be_written_is_refused_before_filling(
    tmp_path: Path, name: str, sentence: str
) -> None:
    with pytest.raises(CommandError, match=sentence):
        call_command("demo", "--report", str(tmp_path / name))
    assert not province.is_built()
