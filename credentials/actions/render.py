"""Make the PDF of a certificate, once, and keep the hash of what is handed out."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from audit.acts import Actor, act, record
from core import faults
from core.refusals import Refused
from credentials.documents.certificate import render as draw
from credentials.documents.qr import qr_text
from credentials.models import Certificate, CertificateFile
from credentials.queries.proof import is_genuine, keys
from credentials.rules.snapshot import CertificateFacts


def render(*, certificate: Certificate, by: Actor, at: datetime) -> CertificateFile:
    """The file of this certificate; drawn from its snapshot if there is none yet.

    Drawn outside the act, so that nobody waits for the pen. Whoever loses a race gets the file of
    whoever won; the bytes are the same. Raises Refused: could_not_check; CannotDraw for a text that
    no vendored font has.
    """
    file = CertificateFile.objects.filter(certificate=certificate).first()
    if file is not None:
        return file
    facts = genuine_facts(certificate)
    address = qr_text(settings.PUBLIC_URL, certificate.verify_code)
    pdf = draw(facts, address, demonstration=settings.DEMONSTRATION)
    return _keep(certificate=certificate, pdf=pdf, by=by, at=at)


def genuine_facts(certificate: Certificate) -> CertificateFacts:
    """What was signed. Raises Refused: could_not_check; a record that was tampered with is not printed."""
    facts = is_genuine(certificate, keys().get(certificate.kid))
    if isinstance(facts, str):
        raise Refused(
            "could_not_check",
            _("This certificate does not bear its signature. Nothing is printed; tell the operator."),
        )
    return facts


@act
def _keep(*, certificate: Certificate, pdf: bytes, by: Actor, at: datetime) -> CertificateFile:
    """The row of a file just drawn, or that of whoever was faster."""
    faults.point("render.before_file")
    file = CertificateFile(
        certificate=certificate, sha256=hashlib.sha256(pdf).hexdigest(), bytes=len(pdf), rendered_at=at
    )
    file.pdf.save(f"{certificate.public_id}.pdf", ContentFile(pdf), save=False)
    faults.point("render.before_row")
    try:
        with transaction.atomic():
            file.save()
    except IntegrityError:
        return CertificateFile.objects.get(certificate=certificate)
    record(
        "credentials.render", subject=f"certificate:{certificate.number}", by=by, at=at, sha256=file.sha256
    )
    return file
