"""A staff roster from Excel: upload, preview, confirm or discard, report."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import clock
from core.refusals import Refused
from registry.actions import confirm_roster, discard_roster, upload_roster
from registry.actions.employ import SENTENCES as MAY_NOT_EMPLOY
from registry.actions.record_person import NameDiffers
from registry.documents import roster_sheet
from registry.documents.roster_sheet import XLSX, RefusedRow
from registry.forms import RosterForm
from registry.models import Facility, RosterImport
from registry.rules.roster_file import RosterFile
from registry.rules.roster_refusals import sentence
from registry.rules.roster_words import TEMPLATE_COLUMNS, Field
from registry.rules.workbook import DEFAULT_CAPS
from registry.views import SeeOther, account_of, posted

PAGE = 50
SHOWN_ROWS = 20
SHOWN_IMPORTS = 10


@dataclass(frozen=True, slots=True)
class ShownError:
    """One line of the list of errors."""

    row: int
    column: str
    text: Any
    other_row: int | None


@require_http_methods(["GET", "HEAD", "POST"])
def roster_upload(request: HttpRequest, facility_id: str) -> HttpResponse:
    facility = _facility(request, facility_id)
    form = RosterForm(posted(request), request.FILES if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            roster = upload_roster(
                facility=facility,
                file_name=file.name,
                content=file.read(DEFAULT_CAPS.file_bytes + 1),
                by=account_of(request),
                at=clock.now(),
            )
        except Refused as refusal:
            form.add_error("file", refusal.message)
            if columns := refusal.details.get("columns"):
                form.add_error("file", "、".join(columns))
        else:
            return SeeOther(reverse("registry:roster", args=[facility_id, roster.public_id]))
    earlier = facility.roster_imports.select_related("uploaded_by__person").defer("rows")[:SHOWN_IMPORTS]
    return render(
        request,
        "registry/roster_upload.html",
        {"facility": facility, "form": form, "earlier": earlier, "columns": list(TEMPLATE_COLUMNS.values())},
    )


@require_safe
def roster(request: HttpRequest, facility_id: str, public_id: str) -> HttpResponse:
    facility, imported = _roster(request, facility_id, public_id)
    errors = [_shown(error) for error in imported.errors]
    rows = RosterFile.from_text(imported.rows).rows
    return render(
        request,
        "registry/roster.html",
        {
            "facility": facility,
            "roster": imported,
            "report": imported.report,
            "page_obj": Paginator(errors, PAGE).get_page(request.GET.get("page")),
            "refused_count": len({error.row for error in errors}),
            "rows": rows[:SHOWN_ROWS],
            "more_rows": max(0, len(rows) - SHOWN_ROWS),
            "good_count": len(rows),
        },
    )


@require_POST
def roster_confirm(request: HttpRequest, facility_id: str, public_id: str) -> HttpResponse:
    _facility_row, imported = _roster(request, facility_id, public_id)
    confirm_roster(roster=imported, by=account_of(request), at=clock.now())
    return SeeOther(reverse("registry:roster", args=[facility_id, public_id]))


@require_POST
def roster_discard(request: HttpRequest, facility_id: str, public_id: str) -> HttpResponse:
    _facility_row, imported = _roster(request, facility_id, public_id)
    discard_roster(roster=imported, by=account_of(request), at=clock.now())
    return SeeOther(reverse("registry:roster_upload", args=[facility_id]))


@require_safe
def roster_template(request: HttpRequest, facility_id: str) -> HttpResponse:
    _facility(request, facility_id)
    return _download(roster_sheet.template(), "roster-template.xlsx")


@require_safe
def roster_errors(request: HttpRequest, facility_id: str, public_id: str) -> HttpResponse:
    _facility_row, imported = _roster(request, facility_id, public_id)
    cells = RosterFile.from_text(imported.rows).cells or {}
    reasons: defaultdict[int, list[str]] = defaultdict(list)
    for error in map(_shown, imported.errors):
        reasons[error.row].append(f"{error.column}: {error.text}")
    refused = [RefusedRow(row, cells.get(row, {}), tuple(texts)) for row, texts in sorted(reasons.items())]
    return _download(roster_sheet.refused_rows(refused), f"roster-{public_id}-refused.xlsx")


def _facility(request: HttpRequest, facility_id: str) -> Facility:
    managed = Facility.objects.managed_by(account_of(request))
    return get_object_or_404(managed, public_id=facility_id)


def _roster(request: HttpRequest, facility_id: str, public_id: str) -> tuple[Facility, RosterImport]:
    facility = _facility(request, facility_id)
    imports = facility.roster_imports.select_related("uploaded_by__person")
    return facility, get_object_or_404(imports, public_id=public_id)


def _shown(error: dict[str, Any]) -> ShownError:
    """The sentence of an error: of the act that refused the row, or of the reader of its cell."""
    field, code = Field(error["field"]), error["code"]
    words = {"name_differs": NameDiffers.SENTENCE} | MAY_NOT_EMPLOY
    text = words[code] if code in words and not error["column"] else sentence(field, code)
    return ShownError(error["row"], error["column"] or TEMPLATE_COLUMNS[field], text, error["other_row"])


def _download(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response
