"""A facility's two pages: who may do her post today, and what it has to acknowledge."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import clock
from core.refusals import Refused
from credentials.actions import acknowledge as acknowledge_act
from credentials.actions import check_certificate, check_staff
from credentials.forms import CheckForm
from credentials.models import EmployerTask, StaffCheck
from credentials.queries.staff import staff_standing
from credentials.rules import number as numbers
from registry.models import Facility, Person
from registry.views import SeeOther, account_of

BOTH = ["GET", "HEAD", "POST"]
PAGE = 25


@require_http_methods(BOTH)
def check(request: HttpRequest, facility_id: str) -> HttpResponse:
    """The staff as it stands now; POST asks on the record: one certificate, or (`all=1`) everybody."""
    facility = _managed(request, facility_id)
    account, at = account_of(request), clock.now()
    everybody = request.method == "POST" and "all" in request.POST
    form = CheckForm(request.POST if request.method == "POST" and not everybody else None)
    if everybody:
        return _to(facility, check_staff(facility=facility, by=account, at=at))
    if request.method == "POST" and form.is_valid():
        try:
            return _to(facility, check_certificate(facility=facility, **form.cleaned_data, by=account, at=at))
        except Refused as refusal:
            form.add_error("code_or_number", str(refusal))
    context = {
        "facility": facility,
        "form": form,
        "standing": staff_standing(facility, on=clock.today()),
        "today": clock.today(),
        "recent": StaffCheck.objects.filter(facility=facility).select_related("asked_by__person")[:5],
        "open_tasks": EmployerTask.objects.filter(facility=facility, acknowledged_at=None).count(),
    }
    return render(request, "credentials/check.html", context, status=422 if form.errors else 200)


@dataclass(frozen=True, slots=True)
class AnsweredLine:
    """A line of a recorded check, with the name as it is today."""

    name: str
    occupation: str
    state: str
    until: date | None
    number: str
    measure: str
    demanded: bool


@require_safe
def check_result(request: HttpRequest, facility_id: str, check_id: str) -> HttpResponse:
    """What was answered that day; it does not change when the world does."""
    facility = _managed(request, facility_id)
    rows = StaffCheck.objects.filter(facility=facility).select_related("asked_by__person", "certificate")
    row = get_object_or_404(rows, public_id=check_id)
    answer = row.answer
    context = {
        "facility": facility,
        "check": row,
        "answer": answer,
        "on": date.fromisoformat(answer["on"]),
        "since": _day(answer.get("since")),
        "until": _day(answer.get("until")),
        "lines": _lines(answer.get("lines", [])),
        "number": numbers.grouped(row.certificate.number) if row.certificate else "",
    }
    return render(request, "credentials/check_result.html", context)


@require_safe
def tasks(request: HttpRequest, facility_id: str) -> HttpResponse:
    facility = _managed(request, facility_id)
    rows = EmployerTask.objects.filter(facility=facility).select_related("person", "acknowledged_by__person")
    page = Paginator(rows.order_by("acknowledged_at", "due_on", "pk"), PAGE).get_page(request.GET.get("page"))
    return render(
        request, "credentials/tasks.html", {"facility": facility, "page_obj": page, "today": clock.today()}
    )


@require_POST
def acknowledge(request: HttpRequest, facility_id: str, task_id: str) -> HttpResponse:
    facility = _managed(request, facility_id)
    task = get_object_or_404(
        EmployerTask.objects.filter(facility=facility).select_related("facility"), public_id=task_id
    )
    try:
        acknowledge_act(task=task, by=account_of(request), at=clock.now())
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Acknowledged. The county sees that you have read it."))
    return SeeOther(reverse("credentials:tasks", args=[facility.public_id]))


def _managed(request: HttpRequest, facility_id: str) -> Facility:
    mine = Facility.objects.filter(pk__in=account_of(request).facility_ids)
    return get_object_or_404(mine, public_id=facility_id)


def _to(facility: Facility, row: StaffCheck) -> HttpResponse:
    return SeeOther(reverse("credentials:check_result", args=[facility.public_id, row.public_id]))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _lines(lines: list[dict[str, Any]]) -> list[AnsweredLine]:
    names = dict(
        Person.objects.filter(public_id__in=[line["person"] for line in lines]).values_list(
            "public_id", "name"
        )
    )
    return [
        AnsweredLine(
            names.get(line["person"], line["person"]),
            line["occupation"],
            line["state"],
            _day(line["until"]),
            numbers.grouped(line["certificate"]) if line["certificate"] else "",
            line["measure"],
            line.get("demanded", True),
        )
        for line in lines
    ]
