"""Duties beside the hours, at a facility: what its staff owes, what was done, and by whose word."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from core import clock
from core.refusals import Refused
from lms.actions.record_duty import DutiesRecorded, confirm_duty, record_duties, take_back_duty
from lms.forms import DutyForm, TakeBackForm
from lms.models import DutyRecord
from lms.queries.staff_duties import staff_duties
from lms.rules.reasons import DUTY_WORDS
from registry.models import Facility, Person
from registry.views import SeeOther, account_of, posted

ROWS = 50
BOTH = ["GET", "HEAD", "POST"]


@dataclass(frozen=True, slots=True)
class Recorded:
    """A duty done as it is listed, with what was said of it later; its answers are fetched."""

    line: DutyRecord

    @property
    def words(self) -> str:
        return str(DUTY_WORDS.get(self.line.kind, self.line.kind))

    @property
    def taken_back(self) -> DutyRecord | None:
        return self._answer(DutyRecord.What.TAKEN_BACK)

    @property
    def by_authority(self) -> bool:
        return (
            self.line.source == DutyRecord.Source.AUTHORITY
            or self._answer(DutyRecord.What.CONFIRMED) is not None
        )

    def _answer(self, what: DutyRecord.What) -> DutyRecord | None:
        return next((one for one in self.line.answers.all() if one.what == what), None)


@require_http_methods(BOTH)
def facility_duties(request: HttpRequest, facility_id: str) -> HttpResponse:
    """Who owes what; POST records one kind for many on one day."""
    facility = _facility(request, facility_id)
    account, today = account_of(request), clock.today()
    oversees = facility.pk not in account.facility_ids
    rows = staff_duties([facility.pk], today).get(facility.pk, [])
    staff = {row.person.public_id: row.person for row in rows if row.person.pk != account.person_id}
    kinds = dict.fromkeys(kind for row in rows for kind in row.kinds)
    form = DutyForm(
        posted(request),
        initial={"done_on": today},
        kinds=kinds,
        staff=staff.values(),
        needs_evidence=not oversees,
    )
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        people: list[Person] = [staff[public_id] for public_id in values.pop("people")]
        try:
            done = record_duties(**values, people=people, facility=facility, by=account, at=clock.now())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _words(done))
            return SeeOther(reverse("lms:facility_duties", args=[facility_id]))
    lines = (
        DutyRecord.objects.filter(facility=facility, what=DutyRecord.What.DONE)
        .select_related("person")
        .prefetch_related("answers")
        .order_by("-done_on", "-pk")
    )
    page = Paginator(lines, ROWS).get_page(request.GET.get("page"))
    context = {
        "facility": facility,
        "today": today,
        "rows": rows,
        "form": form if staff and kinds else None,
        "manages": not oversees,
        "own": any(row.person.pk == account.person_id for row in rows),
        "page_obj": page,
        "lines": [Recorded(line) for line in page.object_list],
    }
    return render(request, "lms/facility_duties.html", context, status=422 if form.errors else 200)


@require_http_methods(BOTH)
def take_back(request: HttpRequest, facility_id: str, public_id: str) -> HttpResponse:
    facility = _facility(request, facility_id)
    duty = _duty(facility, public_id)
    form = TakeBackForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            take_back_duty(duty=duty, **form.cleaned_data, by=account_of(request), at=clock.now())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Taken back. The line stays on record and counts for nothing."))
            return SeeOther(reverse("lms:facility_duties", args=[facility_id]))
    context = {
        "facility": facility,
        "recorded": Recorded(duty),
        "form": form,
        "manages": facility.pk in account_of(request).facility_ids,
    }
    return render(request, "lms/take_back_duty.html", context, status=422 if form.errors else 200)


@require_POST
def confirm(request: HttpRequest, facility_id: str, public_id: str) -> HttpResponse:
    facility = _facility(request, facility_id)
    try:
        confirm_duty(duty=_duty(facility, public_id), by=account_of(request), at=clock.now())
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Confirmed."))
    return SeeOther(reverse("lms:facility_duties", args=[facility_id]))


def _facility(request: HttpRequest, facility_id: str) -> Facility:
    visible = Facility.objects.visible_to(account_of(request))
    return get_object_or_404(visible.select_related("division"), public_id=facility_id)


def _duty(facility: Facility, public_id: str) -> DutyRecord:
    lines = DutyRecord.objects.filter(facility=facility, what=DutyRecord.What.DONE)
    rows = lines.select_related("person", "facility__division").prefetch_related("answers")
    return get_object_or_404(rows, public_id=public_id)


def _words(done: DutiesRecorded) -> str:
    said = []
    if done.new:
        n = len(done.new)
        said.append(ngettext("Recorded for %(n)s person.", "Recorded for %(n)s people.", n) % {"n": n})
    if done.confirmed:
        n = len(done.confirmed)
        said.append(ngettext("Confirmed for %(n)s person.", "Confirmed for %(n)s people.", n) % {"n": n})
    if done.stood:
        n = done.stood
        said.append(ngettext("%(n)s was on record already.", "%(n)s were on record already.", n) % {"n": n})
    return " ".join(said)
