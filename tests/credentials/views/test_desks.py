"""The signed-in pages: each opens for whom it is meant, refuses with words, and keeps what was typed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import clock
from core.days import SHANGHAI
from credentials.actions import edit_proposal, open_case, propose_ban
from credentials.models import BanCase, BanSubject, Certificate, CertificateFile, EmployerTask, StaffCheck
from credentials.queries.standing import state_of
from credentials.rules import number as numbers
from credentials.rules.state import State
from registry.models import Account, Facility, Person
from registry.rules.kinds import DutyKind
from registry.rules.standard import Occupation
from tests.factories import credentials as cred
from tests.factories import registry as make

pytestmark = pytest.mark.django_db
SignIn = Callable[[Account | None], Client]
Who = Callable[[str], Account]
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


def page(client: Client, name: str, *args: str, **query: str) -> Any:
    return client.get(reverse(f"credentials:{name}", args=args), query)


# ── the holder ──────────────────────────────────────────────────────────────


def test_a_holder_sees_her_certificates_and_an_empty_list_teaches(
    client_of: SignIn, learner: Account, other_learner: Account, certificate: Certificate
) -> None:
    shown = page(client_of(learner), "mine").content.decode()
    assert reverse("credentials:certificate", args=[certificate.public_id]) in shown
    assert "No certificate yet" in page(client_of(other_learner), "mine").content.decode()


def test_who_may_open_a_certificate(client_of: SignIn, who: Who, certificate: Certificate) -> None:
    expected = {
        "learner": 200,
        "other_learner": 404,
        "director": 200,
        "other_director": 404,
        "county_officer": 200,
        "other_county_officer": 404,
        "issuer": 200,
        "trainer": 404,
    }
    for name, status in expected.items():
        assert (name, page(client_of(who(name)), "certificate", certificate.public_id).status_code) == (
            name,
            status,
        )


def test_the_pdf_is_drawn_once_and_handed_out_as_it_was(
    client_of: SignIn, learner: Account, certificate: Certificate
) -> None:
    client = client_of(learner)
    first = page(client, "pdf", certificate.public_id)
    body = b"".join(first.streaming_content)
    assert body.startswith(b"%PDF-")
    assert first["Content-Disposition"] == f'attachment; filename="certificate-{certificate.number}.pdf"'
    row = CertificateFile.objects.get()
    again = b"".join(page(client, "pdf", certificate.public_id).streaming_content)
    assert again == body
    assert CertificateFile.objects.get().rendered_at == row.rendered_at


def test_the_code_stands_in_the_page_as_svg(
    client_of: SignIn, learner: Account, certificate: Certificate
) -> None:
    for name in ("certificate", "show_code"):
        shown = page(client_of(learner), name, certificate.public_id).content.decode()
        assert "<svg xmlns" in shown
        assert certificate.verify_code[:4] in shown


def test_grounds_are_for_officers_only(
    client_of: SignIn, learner: Account, director: Account, county_officer: Account, certificate: Certificate
) -> None:
    cred.mark(on=certificate, ground="misconduct", reason="内部理由", effective_on=DAY)
    for account, sees in ((learner, False), (director, False), (county_officer, True)):
        shown = page(client_of(account), "certificate", certificate.public_id).content.decode()
        assert ("内部理由" in shown, "misconduct" in shown) == (sees, sees)


# ── the issuing officer ─────────────────────────────────────────────────────


def test_a_search_finds_by_number_code_and_name_within_the_place(
    client_of: SignIn, county_officer: Account, other_county_officer: Account, certificate: Certificate
) -> None:
    here = reverse("credentials:certificate", args=[certificate.public_id])
    for typed in (certificate.number.lower(), certificate.verify_code, "李小"):
        assert here in page(client_of(county_officer), "find", q=typed).content.decode()
        assert here not in page(client_of(other_county_officer), "find", q=typed).content.decode()
    assert "Nothing found" in page(client_of(county_officer), "find", q="5326B0000000").content.decode()


def test_a_revocation_is_asked_for_refused_without_reason_and_done(
    client_of: SignIn, issuer: Account, certificate: Certificate
) -> None:
    client, address = client_of(issuer), reverse("credentials:revoke", args=[certificate.public_id])
    assert client.get(address).status_code == 200
    refused = client.post(address, {"ground": "error", "reason": " ", "sure": "on"})
    assert refused.status_code == 422
    done = client.post(address, {"ground": "error", "reason": "录入错误", "sure": "on"})
    assert (done.status_code, done["Location"]) == (
        303,
        reverse("credentials:certificate", args=[certificate.public_id]),
    )
    assert state_of(certificate, on=DAY).state is State.REVOKED
    twice = client.post(address, {"ground": "error", "reason": "再次", "sure": "on"})
    assert twice.status_code == 422
    assert "already revoked" in twice.content.decode()
    assert "再次" in twice.content.decode()


@pytest.mark.parametrize("name", ["revoke", "suspend", "reinstate", "correct"])
def test_only_the_issuer_of_the_place_changes_a_certificate(
    client_of: SignIn, who: Who, name: str, certificate: Certificate
) -> None:
    for account in ("county_officer", "learner", "director"):
        assert page(client_of(who(account)), name, certificate.public_id).status_code == 403
    elsewhere = make.account()
    make.duty(of=elsewhere, kind=DutyKind.ISSUER, division=make.division("532901"))
    assert page(client_of(elsewhere), name, certificate.public_id).status_code == 404
    assert page(client_of(who("issuer")), name, certificate.public_id).status_code == 200


def test_suspend_reinstate_and_correct_through_their_forms(
    client_of: SignIn, issuer: Account, certificate: Certificate
) -> None:
    client = client_of(issuer)
    post = lambda name, **data: client.post(  # noqa: E731
        reverse(f"credentials:{name}", args=[certificate.public_id]), data
    )
    assert post("suspend", last_day="2026-06-30", reason="核查").status_code == 303
    assert state_of(certificate, on=date(2026, 6, 30)).state is State.SUSPENDED
    assert state_of(certificate, on=date(2026, 7, 1)).state is State.VALID
    assert post("reinstate", reason="核查完毕").status_code == 303
    done = post("correct", reason="姓名有误", sure="on")
    edition = Certificate.objects.get(edition=2)
    assert done["Location"] == reverse("credentials:certificate", args=[edition.public_id])
    assert "A newer edition" in page(client, "certificate", certificate.public_id).content.decode()


# ── bans ────────────────────────────────────────────────────────────────────


def test_a_case_is_opened_and_a_person_proposed_from_the_staff(
    client_of: SignIn, county_officer: Account, home_facility: Facility, person: Person
) -> None:
    client = client_of(county_officer)
    data = {"credit_code": home_facility.credit_code, "incident_on": "2026-05-28", "summary": "体罚"}
    opened = client.post(reverse("credentials:ban_open"), data)
    case = BanCase.objects.get()
    assert opened["Location"] == reverse("credentials:ban_case", args=[case.public_id])
    assert "Nobody is proposed yet" in client.get(opened["Location"]).content.decode()
    proposed = client.post(
        reverse("credentials:ban_propose", args=[case.public_id]),
        {"person": person.public_id, "part": "person", "evidence": "录像", "notice_served_on": "2026-06-01",
         "suspended_last_day": "2026-06-30"},
    )  # fmt: skip
    assert proposed.status_code == 303
    subject = BanSubject.objects.get()
    assert (subject.person, subject.suspended_until) == (person, date(2026, 7, 1))


def test_a_person_is_found_by_her_whole_document_number_within_the_place(
    client_of: SignIn, county_officer: Account, case: BanCase, person: Person, other_learner: Account
) -> None:
    client = client_of(county_officer)
    address = reverse("credentials:ban_propose", args=[case.public_id])
    number = person.documents.get().number
    assert other_learner.person is not None
    elsewhere = other_learner.person.documents.get().number
    rest = {"part": "person", "evidence": "录像"}
    assert "Say who" in client.post(address, rest).content.decode()
    strange = client.post(address, {**rest, "document_number": elsewhere})
    assert "Nobody who works or worked in your place" in strange.content.decode()
    assert client.post(address, {**rest, "document_number": f" {number.lower()} "}).status_code == 303


def test_cases_are_seen_in_their_place_only_and_never_by_who_only_issues(
    client_of: SignIn, who: Who, case: BanCase, subject: BanSubject
) -> None:
    expected = {
        "county_officer": 200,
        "prefecture_officer": 200,
        "province_officer": 200,
        "other_county_officer": 404,
        "issuer": 403,
        "director": 403,
        "learner": 403,
    }
    for name, status in expected.items():
        client = client_of(who(name))
        assert (name, page(client, "ban_case", case.public_id).status_code) == (name, status)
        assert (case.public_id in page(client, "bans").content.decode()) == (status == 200)


def test_the_province_decides_after_seeing_what_follows(
    client_of: SignIn, who: Who, subject: BanSubject, certificate: Certificate, home_facility: Facility
) -> None:
    case, director = subject.case, who("director")
    client = client_of(who("province_officer"))
    address = reverse("credentials:ban_decide", args=[case.public_id, subject.public_id])
    shown = client.get(address).content.decode()
    assert numbers.grouped(certificate.number) in shown
    assert home_facility.name in shown
    data = {"ban": "yes", "reason": "事实清楚", "sure": "on", "read_version": "1"}
    assert client.post(address, data).status_code == 303
    assert state_of(certificate, on=DAY).state is State.REVOKED
    again = client.post(address, data)
    assert (again.status_code, "already decided" in again.content.decode()) == (422, True)
    tasks = page(client_of(director), "tasks", home_facility.public_id).content.decode()
    assert "May no longer work with children" in tasks
    overturned = client.post(
        reverse("credentials:ban_overturn", args=[case.public_id, subject.public_id]), {"reason": "证据不足"}
    )
    assert overturned.status_code == 303
    assert state_of(certificate, on=DAY).state is State.VALID


def test_a_stale_decision_is_refused_with_what_changed_and_keeps_what_was_typed(
    client_of: SignIn, province_officer: Account, county_officer: Account, case: BanCase, subject: BanSubject
) -> None:
    client = client_of(province_officer)
    address = reverse("credentials:ban_decide", args=[case.public_id, subject.public_id])
    edit_proposal(
        subject=subject, part="person", evidence="改写后的证据", notice_served_on=subject.notice_served_on,
        read_version=1, by=county_officer, at=clock.now(),
    )  # fmt: skip
    data = {"ban": "yes", "reason": "事实清楚", "sure": "on", "read_version": "1"}
    refused = client.post(address, data)
    shown = refused.content.decode()
    assert refused.status_code == 422
    assert "What changed since you read it" in shown
    assert "改写后的证据" in shown
    assert "事实清楚" in shown
    assert 'name="read_version" value="2"' in shown
    subject.refresh_from_db()
    assert subject.state == "proposed"
    assert client.post(address, {**data, "read_version": "2"}).status_code == 303


@pytest.mark.parametrize("name", ["ban_decide", "ban_overturn"])
def test_a_county_and_a_prefecture_do_not_reach_the_decision(
    client_of: SignIn, who: Who, name: str, subject: BanSubject
) -> None:
    for account in ("county_officer", "prefecture_officer"):
        assert (
            page(client_of(who(account)), name, subject.case.public_id, subject.public_id).status_code == 403
        )


def test_edit_answer_and_renew_through_their_forms(
    client_of: SignIn, county_officer: Account, case: BanCase, subject: BanSubject, certificate: Certificate
) -> None:
    client = client_of(county_officer)
    post = lambda name, **data: client.post(  # noqa: E731
        reverse(f"credentials:{name}", args=[case.public_id, subject.public_id]), data
    )
    edited = post("ban_edit", part="manager", evidence="新", notice_served_on="2026-05-12", read_version="1")
    assert edited.status_code == 303
    assert post("ban_edit", part="manager", evidence="旧", read_version="1").status_code == 422
    assert post("ban_answer", answered_on="2026-06-01", answer="否认").status_code == 303
    assert post("ban_answer", answered_on="2026-06-01", answer="否认").status_code == 422
    assert post("ban_renew", last_day="2026-06-30", reason="危险").status_code == 303
    assert state_of(certificate, on=DAY).state is State.SUSPENDED
    subject.refresh_from_db()
    assert (subject.part, subject.edited_version, subject.answer) == ("manager", 3, "否认")


# ── the facility ────────────────────────────────────────────────────────────


def test_staff_is_listed_trouble_first_and_the_record_is_kept(
    client_of: SignIn, director: Account, home_facility: Facility, certificate: Certificate
) -> None:
    bare = make.person(name="周一帆")
    make.employment(of=bare, at=home_facility)
    soon = make.person(name="郑可心")
    make.employment(of=soon, at=home_facility)
    cred.certificate(of=soon, valid_until=date(2026, 7, 1))
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


# ── the API ─────────────────────────────────────────────────────────────────


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
