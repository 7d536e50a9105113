"""The printed form: made once, by whoever comes first, and never of a forged record."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from audit.effects import reconcile
from audit.models import Work
from core import clock, faults
from core.refusals import Refused
from credentials.actions.render import render
from credentials.effects import render_pdf
from credentials.models import Certificate, CertificateFile
from tests.factories import credentials as cred

pytestmark = pytest.mark.django_db


def test_the_work_of_issuing_draws_the_pdf_and_hearing_twice_draws_no_second() -> None:
    certificate = cred.certificate()
    work = Work.objects.get(key=f"render:{certificate.number}")
    render_pdf(work)
    render_pdf(work)
    file = CertificateFile.objects.get()
    body = Path(file.pdf.path).read_bytes()
    assert hashlib.sha256(body).hexdigest() == file.sha256
    assert (len(body), body[:5]) == (file.bytes, b"%PDF-")


def test_the_reconciler_finds_what_the_bell_missed() -> None:
    certificate = cred.certificate()
    with clock.set_to(cred.AT):
        assert reconcile(limit=10) == 1
    assert CertificateFile.objects.get().certificate == certificate


@pytest.mark.parametrize("name", ["render.before_file", "render.before_row"])
def test_a_fault_leaves_no_row_and_the_next_try_makes_one(name: str) -> None:
    certificate = cred.certificate()
    with pytest.raises(faults.InjectedFault), faults.armed(name):
        render(certificate=certificate, by=cred.SYSTEM, at=cred.AT)
    assert not CertificateFile.objects.exists()
    assert render(certificate=certificate, by=cred.SYSTEM, at=cred.AT).bytes > 10_000


def test_a_forged_record_is_not_printed() -> None:
    certificate = cred.certificate()
    suffix = "" if connection.vendor == "sqlite" else " ON credentials_certificate"
    with connection.cursor() as cursor:
        cursor.execute(f'DROP TRIGGER "credentials_certificate_no_update"{suffix}')
    Certificate.objects.filter(pk=certificate.pk).update(
        snapshot=certificate.snapshot.replace("5400", "9999")
    )
    certificate.refresh_from_db()
    with pytest.raises(Refused) as refusal:
        render(certificate=certificate, by=cred.SYSTEM, at=cred.AT)
    assert refusal.value.code == "could_not_check"


def test_a_demonstration_says_so_on_its_face_and_production_does_not(settings: Any) -> None:
    settings.DEMONSTRATION = True
    shown = render(certificate=cred.certificate(), by=cred.SYSTEM, at=cred.AT)
    settings.DEMONSTRATION = False
    plain = render(certificate=cred.certificate(), by=cred.SYSTEM, at=cred.AT)
    assert _words(shown).count("演示") > 0
    assert _words(plain).count("演示") == 0


def _words(file: CertificateFile) -> str:
    from pypdf import PdfReader

    return "".join(page.extract_text() for page in PdfReader(file.pdf.path).pages)
