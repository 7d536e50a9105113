"""The issuing officer's desk."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from credentials.models import Certificate
from credentials.queries.standing import state_of
from credentials.rules.state import State
from registry.models import Account
from registry.rules.kinds import DutyKind
from tests.credentials.views.pages import DAY, SignIn, Who, page
from tests.factories import registry as make

pytestmark = pytest.mark.django_db


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


def test_a_suspension_without_end_is_refused_beside_its_day(
    client_of: SignIn, issuer: Account, certificate: Certificate
) -> None:
    address = reverse("credentials:suspend", args=[certificate.public_id])
    refused = client_of(issuer).post(address, {"last_day": "9999-12-31", "reason": "核查"})
    assert refused.status_code == 422
    assert state_of(certificate, on=DAY).state is State.VALID


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
