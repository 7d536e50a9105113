"""Expert pools, for their officers: the pools in sight, the seat chart, a new pool."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core import clock
from core.refusals import Refused
from registry.models import Division
from registry.rules.divisions import DivisionLevel
from trainers import queries
from trainers.actions import create_pool, end_appointment
from trainers.forms import EndForm, PoolForm, say
from trainers.models import Appointment, ExpertPool, Nomination
from trainers.rules.terms import ENDING_SOON

DECIDED_LATELY = 8


@require_safe
def pools(request: HttpRequest) -> HttpResponse:
    """Pools one may nominate for, and how full they are today."""
    account: Any = request.user
    rows = queries.pool_lines(clock.today(), ExpertPool.objects.visible_to(account))
    founds = _divisions_without_pool(account).exists()
    return render(request, "trainers/pools.html", {"rows": rows, "founds": founds})


def _divisions_without_pool(account: Any) -> Any:
    return (
        Division.objects.visible_to(account)
        .exclude(level=DivisionLevel.COUNTY)
        .exclude(pk__in=ExpertPool.objects.values("division_id"))
    )


@require_http_methods(["GET", "HEAD", "POST"])
def found_pool(request: HttpRequest) -> HttpResponse:
    """A pool for a province or prefecture that has none."""
    account: Any = request.user
    form = PoolForm(request.POST or None, divisions=_divisions_without_pool(account))
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data
        try:
            pool = create_pool(code=f"experts-{words['division'].code}", **words, by=account, at=clock.now())
        except Refused as refusal:
            say(form, refusal)
        else:
            messages.success(request, _("The pool is founded. Its seats are empty: nominate experts now."))
            return redirect("trainers:pool", pool.code)
    return render(request, "trainers/found_pool.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
def pool(request: HttpRequest, code: str) -> HttpResponse:
    """The seat chart of today, the nominations one may see, the terms that end soon."""
    account: Any = request.user
    today = clock.today()
    row = get_object_or_404(ExpertPool.objects.visible_to(account).select_related("division"), code=code)
    nominations = (
        Nomination.objects.visible_to(account)
        .filter(pool=row)
        .select_related("person", "nominated_by__person", "decided_by__person")
    )
    ending = (
        row.appointments.holding_on(today)
        .filter(ended_on=None, until__lte=today + ENDING_SOON)
        .select_related("person")
        .order_by("until", "seat")
    )
    coming = row.appointments.not_over(today).filter(starts_on__gt=today).select_related("person")
    return render(
        request,
        "trainers/pool.html",
        {
            "pool": row,
            "places": queries.officer_seats(row, today),
            "waiting": nominations.waiting(),
            "decided": nominations.exclude(state=Nomination.State.OPEN)[:DECIDED_LATELY],
            "ending": ending,
            "coming": coming,
            "today": today,
        },
    )


@require_safe
def appointment(request: HttpRequest, public_id: str) -> HttpResponse:
    """One term on one seat."""
    account: Any = request.user
    row = _appointment(account, public_id)
    today = clock.today()
    governed = ExpertPool.objects.governed_by(account).filter(pk=row.pool_id).exists()
    running = row.ended_on is None and row.until > today
    return render(
        request,
        "trainers/appointment.html",
        {"appointment": row, "running": running, "may_end": governed and running, "today": today},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, public_id: str) -> HttpResponse:
    """End a term before its day."""
    account: Any = request.user
    row = _appointment(account, public_id)
    get_object_or_404(ExpertPool.objects.governed_by(account), pk=row.pool_id)
    form = EndForm(request.POST or None, initial={"ended_on": max(clock.today(), row.starts_on)})
    if request.method == "POST" and form.is_valid():
        try:
            end_appointment(appointment=row, **form.cleaned_data, by=account, at=clock.now())
        except Refused as refusal:
            say(form, refusal)
        else:
            messages.success(request, _("The appointment has ended; the seat can be given again."))
            return redirect("trainers:pool", row.pool.code)
    return render(
        request,
        "core/confirm.html",
        {
            "title": _("End the appointment"),
            "message": _("%(name)s, seat %(seat)d of %(pool)s")
            % {"name": row.person.name, "seat": row.seat, "pool": row.pool.name},
            "consequences": [
                _("The public page shows the seat as vacant from that day on."),
                _("It cannot be undone; a new nomination would be needed."),
            ],
            "form": form,
            "submit": _("End the appointment"),
            "back_to": request.path.removesuffix("end/"),
        },
        status=422 if form.errors else 200,
    )


def _appointment(account: Any, public_id: str) -> Appointment:
    return get_object_or_404(
        Appointment.objects.visible_to(account).select_related(
            "pool", "person", "nomination", "appointed_by__person"
        ),
        public_id=public_id,
    )
