"""A facility's checks and tasks; what lists cost."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from credentials.models import BanSubject, Certificate, EmployerTask, StaffCheck
from registry.models import Account, Facility
from registry.rules.standard import Occupation
from tests.credentials.views.pages import DAY, SignIn, Who, page
from tests.factories import credentials as cred
from tests.factories import registry as make

pytestmark = pytest.mark.django_db


def test_staff_is_listed_trouble_first_and_the_record_is_kept(
    client_of: SignIn, director: Account, home_facility: Facility, certificate: Certificate
) -> None:
    bare = make.person(name="周一帆")
    make.employment(of=bare, at=home_facility)
    soon = make.person(name="郑可心")
    make.employment(of=soon, at=home_facility)
    cred.certificate(of=soon, valid_until=date(2026, 7, 1))
    cred.standard_for(Occupation.DIRECTOR)
    wrong = make.person(name="许多多")
    make.employment(of=wrong, at=home_facility, occupation=Occupation.DIRECTOR)
    cred.certificate(of=wrong)
    client = client_of(director)
    shown = page(client, "check", home_facility.public_id).content.decode()
    assert "<strong>2</strong> of 4 may do their post" in shown
    order = [shown.index(name) for name in ("周一帆", "许多多", "郑可心", "李小禾")]
    assert order == sorted(order)
    assert "has one for" in shown
    assert not StaffCheck.objects.exists()
    kept = client.post(reverse("credentials:check", args=[home_facility.public_id]), {"all": "1"})
    check = StaffCheck.objects.get()
    assert kept["Location"] == reverse(
        "credentials:check_result", args=[home_facility.public_id, check.public_id]
    )
    assert (check.answer["in_post"], check.answer["fit"]) == (4, 2)
    cred.mark(on=certificate, effective_on=DAY)
    later = client.get(kept["Location"]).content.decode()
    assert "<strong>2</strong> of 4" in later  # what was answered does not change
    assert "<strong>1</strong> of 4" in page(client, "check", home_facility.public_id).content.decode()


def test_one_certificate_is_checked_against_the_post(
    client_of: SignIn, director: Account, home_facility: Facility
) -> None:
    candidate = cred.certificate(of=make.person(name="欧阳若溪"))
    client, address = client_of(director), reverse("credentials:check", args=[home_facility.public_id])

    def asked(**data: str) -> str:
        response = client.post(address, data)
        assert response.status_code == 303
        return client.get(response["Location"]).content.decode()

    good = asked(code_or_number=candidate.verify_code, post="caregiver")
    assert "fits" in good
    assert "欧阳若溪" not in good
    assert "欧**溪" in good
    assert "Valid, but for another post" in asked(code_or_number=candidate.number, post="director")
    assert "No such certificate" in asked(code_or_number="4K7P0QXM9ATB")
    refused = client.post(address, {"code_or_number": "12"})
    assert refused.status_code == 422
    assert StaffCheck.objects.count() == 3


def test_a_task_is_acknowledged_by_its_own_manager_once(
    client_of: SignIn, director: Account, other_director: Account, home_facility: Facility
) -> None:
    task = cred.employer_task(at_facility=home_facility)
    address = reverse("credentials:acknowledge", args=[home_facility.public_id, task.public_id])
    assert client_of(other_director).post(address).status_code == 404
    client = client_of(director)
    assert client.get(address).status_code == 405
    assert client.post(address).status_code == 303
    assert client.post(address).status_code == 303
    row = EmployerTask.objects.get()
    assert row.acknowledged_by == director
    assert "acknowledged already" in page(client, "tasks", home_facility.public_id).content.decode()


def test_another_facility_is_closed(
    client_of: SignIn,
    other_director: Account,
    county_officer: Account,
    home_facility: Facility,
    director: Account,
) -> None:
    check = cred.staff_check(at_facility=home_facility, by=director)
    for name, args in (("check", ()), ("tasks", ()), ("check_result", (check.public_id,))):
        assert page(client_of(other_director), name, home_facility.public_id, *args).status_code == 404
        assert page(client_of(county_officer), name, home_facility.public_id, *args).status_code == 403


def test_lists_ask_as_much_for_three_rows_as_for_one(
    client_of: SignIn, who: Who, subject: BanSubject, certificate: Certificate, home_facility: Facility
) -> None:
    case, learner, director, county_officer = (
        subject.case,
        who("learner"),
        who("director"),
        who("county_officer"),
    )
    cred.employer_task(at_facility=home_facility)
    lists = [
        (learner, "mine", ()), (county_officer, "find", ()), (county_officer, "bans", ()),
        (county_officer, "ban_case", (case.public_id,)), (director, "check", (home_facility.public_id,)),
        (director, "tasks", (home_facility.public_id,)),
    ]  # fmt: skip

    def counted() -> list[int]:
        counts = []
        for account, name, args in lists:
            client = client_of(account)
            page(client, name, *args)
            with CaptureQueriesContext(connection) as queries:
                assert page(client, name, *args).status_code == 200
            counts.append(len(queries))
        return counts

    once = counted()
    for n in (1, 2):
        other = make.person()
        make.employment(of=other, at=home_facility)
        cred.certificate(of=other)
        cred.certificate(of=certificate.holder, cycle_starts_on=date(2020 + n, 1, 1))
        cred.employer_task(at_facility=home_facility, person=other)
        cred.ban_subject(case=case, by=county_officer, person=other)
        extra = cred.ban_case(by=county_officer)
        cred.ban_subject(case=extra, by=county_officer, person=other)
    assert counted() == once
