"""The holder's pages."""

from __future__ import annotations

import pytest
from django.urls import reverse

from credentials.models import Certificate, CertificateFile
from registry.models import Account
from tests.credentials.views.pages import DAY, SignIn, Who, page
from tests.factories import credentials as cred

pytestmark = pytest.mark.django_db


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
