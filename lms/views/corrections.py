"""Corrections of hours: an officer finds the line, proposes; another one decides."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core import clock
from core.refusals import Refused
from lms.actions.correct_hours import decide_correction, propose_correction
from lms.actions.record_hours import left_of
from lms.forms import CorrectionForm, DecideCorrectionForm
from lms.models import Correction, HourEntry
from registry.models import Person
from registry.permissions import records_of
from registry.views import SeeOther, account_of, posted

PAGE = 50
BOTH = ["GET", "HEAD", "POST"]


@require_safe
def corrections(request: HttpRequest) -> HttpResponse:
    """Open proposals first, then what was decided, newest first."""
    rows = Correction.objects.visible_to(account_of(request)).select_related(
        "entry__person", "proposed_by__person", "decided_by__person"
    )
    decided = Paginator(rows.exclude(accepted=None).order_by("-decided_at", "-pk"), PAGE)
    context = {
        "undecided": list(rows.filter(accepted=None)),
        "page_obj": decided.get_page(request.GET.get("page")),
    }
    return render(request, "lms/corrections.html", context)


@require_safe
def person_hours(request: HttpRequest, public_id: str) -> HttpResponse:
    """Every line of all her records as it was written, newest first."""
    person = get_object_or_404(Person.objects.visible_to(account_of(request)), public_id=public_id)
    lines = HourEntry.objects.filter(person_id__in=records_of(person)).select_related(
        "reversal", "reverses", "adjusts"
    )
    page = Paginator(lines.order_by("-happened_on", "-pk"), PAGE).get_page(request.GET.get("page"))
    return render(request, "lms/person_hours.html", {"person": person, "page_obj": page})


@require_http_methods(BOTH)
def correct(request: HttpRequest, public_id: str) -> HttpResponse:
    account = account_of(request)
    entry = get_object_or_404(
        HourEntry.objects.visible_to(account).select_related("person", "adjusts"), public_id=public_id
    )
    form = CorrectionForm(posted(request))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            row = propose_correction(
                entry=entry,
                kind=data["kind"],
                minutes=data["minutes"],
                reason=data["reason"],
                by=account,
                at=clock.now(),
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Proposed. Another officer decides."))
            return SeeOther(reverse("lms:correction", args=[row.public_id]))
    return _page(request, form, entry, title=_("Correct hours"), submit=_("Propose the correction"))


@require_http_methods(BOTH)
def correction(request: HttpRequest, public_id: str) -> HttpResponse:
    """A proposal with its line, and its decision."""
    account = account_of(request)
    rows = Correction.objects.visible_to(account).select_related(
        "entry__person", "entry__adjusts", "proposed_by__person", "decided_by__person"
    )
    row = get_object_or_404(rows, public_id=public_id)
    form = DecideCorrectionForm(posted(request)) if row.accepted is None else None
    if form is not None and request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            decide_correction(
                correction=row,
                accept=data["decision"] == "accept",
                reason=data["reason"],
                by=account,
                at=clock.now(),
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Decided."))
            return SeeOther(reverse("lms:correction", args=[public_id]))
    return _page(request, form, row.entry, title=_("Correction of hours"), submit=_("Decide"), correction=row)


def _page(
    request: HttpRequest, form: forms.Form | None, entry: HourEntry, *, title: str, submit: str, **more: Any
) -> HttpResponse:
    left = left_of(entry.adjusts or entry)
    context = {"form": form, "entry": entry, "left": left, "title": title, "submit": submit, **more}
    return render(request, "lms/correction.html", context)
