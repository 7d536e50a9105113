"""Ban cases: each page opens for whom it is meant, refuses with words, keeps what was typed."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from core import clock
from credentials.actions import edit_proposal
from credentials.models import BanCase, BanSubject, Certificate
from credentials.queries.standing import state_of
from credentials.rules import number as numbers
from credentials.rules.state import State
from registry.models import Account, Facility, Person
from tests.credentials.bans import officer
from tests.credentials.views.pages import DAY, SignIn, Who, page

pytestmark = pytest.mark.django_db


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


def test_overturning_is_proposed_by_one_officer_and_signed_by_another(
    client_of: SignIn, who: Who, subject: BanSubject, certificate: Certificate
) -> None:
    county, province = client_of(who("county_officer")), client_of(who("province_officer"))
    at = lambda name: reverse(f"credentials:{name}", args=[subject.case.public_id, subject.public_id])  # noqa: E731
    data = {"ban": "yes", "reason": "事实清楚", "sure": "on", "read_version": "1"}
    assert province.post(at("ban_decide"), data).status_code == 303
    assert province.get(at("ban_overturn_decide")).status_code == 404  # nobody proposed
    grounds = {"reason": "复议认定事实不清", "document": "行政复议决定书"}
    assert county.post(at("ban_overturn"), {**grounds, "document": ""}).status_code == 422
    assert county.post(at("ban_overturn"), grounds).status_code == 303
    again = county.post(at("ban_overturn"), grounds)
    assert (again.status_code, "proposed already" in again.content.decode()) == (422, True)
    assert state_of(certificate, on=DAY).state is State.REVOKED
    shown = province.get(at("ban_overturn_decide")).content.decode()
    assert all(words in shown for words in grounds.values())
    read = {"proposal": subject.overturn_proposals.get().public_id, "reason": "证据不足"}
    assert province.post(at("ban_overturn_decide"), read).status_code == 422  # neither yes nor no
    assert county.post(at("ban_overturn_decide"), {**read, "overturn": "yes"}).status_code == 403
    assert province.post(at("ban_overturn_decide"), {**read, "overturn": "no"}).status_code == 303
    stale = province.post(at("ban_overturn_decide"), {**read, "overturn": "yes"})
    assert (stale.status_code, "证据不足" in stale.content.decode()) == (422, True)
    assert province.post(at("ban_overturn"), grounds).status_code == 303
    read["proposal"] = subject.overturn_proposals.get(decided_at=None).public_id
    own = province.post(at("ban_overturn_decide"), {**read, "overturn": "yes"})
    assert (own.status_code, "You proposed to overturn" in own.content.decode()) == (422, True)
    second = client_of(officer())
    assert second.post(at("ban_overturn_decide"), {**read, "overturn": "yes"}).status_code == 303
    assert state_of(certificate, on=DAY).state is State.VALID
    page_of_case = county.get(reverse("credentials:ban_case", args=[subject.case.public_id])).content.decode()
    assert "The ban stands" in page_of_case
    assert "Ban overturned" in page_of_case


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


@pytest.mark.parametrize("name", ["ban_decide", "ban_overturn_decide"])
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
