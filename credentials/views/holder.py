"""One's own certificates: the list, the sheet, its code to show at the door."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.shortcuts import render as answer
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core import clock
from credentials.actions.render import genuine_facts, render
from credentials.documents.preview import preview
from credentials.documents.qr import qr_matrix, qr_svg, qr_text
from credentials.models import Certificate
from credentials.permissions import is_issuer, is_officer
from credentials.queries.proof import is_genuine, keys
from credentials.queries.standing import state_of
from credentials.rules import code as codes
from credentials.rules import number as numbers
from credentials.rules.snapshot import CertificateFacts
from credentials.rules.state import Act, StateOn, could_not_check, may
from registry.views import account_of


@dataclass(frozen=True, slots=True)
class Card:
    """A certificate as a list shows it."""

    certificate: Certificate
    state: StateOn
    number: str


def cards(certificates: QuerySet[Certificate], on: date) -> list[Card]:
    rows = certificates.prefetch_related("marks").select_related("holder", "standard_version__standard")
    return [Card(row, state_of(row, on=on), numbers.grouped(row.number)) for row in rows]


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    held = Certificate.objects.filter(holder_id__in=account_of(request).record_ids)
    return answer(request, "credentials/mine.html", {"cards": cards(held, clock.today())})


@require_safe
def certificate(request: HttpRequest, public_id: str) -> HttpResponse:
    """The sheet: what it says, what it is worth today, its code, and what an officer may do with it."""
    row = _visible(request, public_id)
    today, account = clock.today(), account_of(request)
    facts = is_genuine(row, keys().get(row.kid))
    genuine = isinstance(facts, CertificateFacts)
    state = state_of(row, on=today) if genuine else could_not_check(today)
    issues = genuine and is_issuer(account, division=row.division_id, on=today)
    return answer(
        request,
        "credentials/certificate.html",
        {
            "certificate": row,
            "facts": facts if genuine else None,
            "state": state,
            "own": row.holder_id == account.person_id,
            "sees_grounds": is_officer(account, division=row.division_id, on=today) or issues,
            "marks": row.marks.select_related("recorded_by__person", "lifted_by__person"),
            "number": numbers.grouped(row.number),
            "code": codes.grouped(row.verify_code),
            "qr": _qr(row),
            "replaced_by": Certificate.objects.filter(replaces=row).first(),
            "acts": [name for name in _ACTS if issues and may(_ACTS[name], state.state)],
        },
    )


_ACTS = {"correct": Act.REPLACE, "suspend": Act.SUSPEND, "reinstate": Act.REINSTATE, "revoke": Act.REVOKE}


@require_safe
def show_code(request: HttpRequest, public_id: str) -> HttpResponse:
    """The QR as large as the screen, for whoever stands at the door."""
    row = _visible(request, public_id)
    return answer(
        request,
        "credentials/show_code.html",
        {
            "certificate": row,
            "state": state_of(row, on=clock.today()),
            "qr": _qr(row),
            "code": codes.grouped(row.verify_code),
            "number": numbers.grouped(row.number),
        },
    )


@require_safe
def picture(request: HttpRequest, public_id: str) -> HttpResponse:
    """The sheet as PNG. Raises Refused: could_not_check."""
    row = _visible(request, public_id)
    png = preview(genuine_facts(row), _address(row), demonstration=settings.DEMONSTRATION)
    response = HttpResponse(png, content_type="image/png")
    response["Cache-Control"] = "private, max-age=86400"
    return response


@require_safe
def pdf(request: HttpRequest, public_id: str) -> Any:
    """The filed PDF; drawn now if nobody asked for it before. Raises Refused: could_not_check."""
    row = _visible(request, public_id)
    file = render(certificate=row, by=account_of(request), at=clock.now())
    name = _("certificate-%s.pdf") % row.number
    response = FileResponse(
        file.pdf.open("rb"), as_attachment=True, filename=name, content_type="application/pdf"
    )
    response["Cache-Control"] = "private, no-store"
    return response


def _visible(request: HttpRequest, public_id: str) -> Certificate:
    rows = Certificate.objects.visible_to(account_of(request)).select_related("holder", "division")
    return get_object_or_404(rows, public_id=public_id)


def _address(row: Certificate) -> str:
    return qr_text(settings.PUBLIC_URL, row.verify_code)


def _qr(row: Certificate) -> SafeString:
    # Drawn by us from 12 symbols of the alphabet and our own address; the title is escaped by qr_svg.
    return mark_safe(qr_svg(qr_matrix(_address(row)), title=_("QR code that opens the verification page")))
