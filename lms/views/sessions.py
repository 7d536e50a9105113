"""Class sessions at the trainer's desk, and the code on her screen."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core import clock
from core.refusals import Refused
from lms.actions.close_session import close_session, note_departure
from lms.actions.plan_session import plan_session
from lms.forms import CloseForm, DepartureForm, SessionForm
from lms.models import ClassSession
from lms.rules.sessions import STEP_SECONDS, code_at
from registry.views import SeeOther

ROWS = 50


@require_safe
def sessions(request: HttpRequest) -> HttpResponse:
    account: Any = request.user
    rows = (
        ClassSession.objects.visible_to(account).annotate(taken=Count("seats")).order_by("-starts_at", "-pk")
    )
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    return render(
        request, "lms/sessions.html", {"page_obj": page, "rows": page.object_list, "now": clock.now()}
    )


@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest) -> HttpResponse:
    account: Any = request.user
    form = SessionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            planned = plan_session(**form.plan(), led_by=account, by=account, at=clock.now())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return SeeOther(reverse("lms:session", args=[planned.public_id]))
    return render(request, "lms/plan.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def session(request: HttpRequest, public_id: str) -> HttpResponse:
    """Who signed in and out; closing writes the hours."""
    account: Any = request.user
    found = get_object_or_404(
        ClassSession.objects.visible_to(account).select_related("division", "body"), public_id=public_id
    )
    form = CloseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            close_session(
                session=found, head_count=form.cleaned_data["head_count"], by=account, at=clock.now()
            )
        except Refused as refusal:
            form.add_error("head_count", str(refusal))
        else:
            messages.success(request, _("The session is closed; everybody's hours are recorded."))
            return SeeOther(reverse("lms:session", args=[public_id]))
    seats = list(found.seats.select_related("person").order_by("person__name_key", "pk"))
    context = {
        "session": found,
        "seats": seats,
        "signed_in": sum(seat.signed_in_at is not None for seat in seats),
        "form": form,
        "over": clock.now() >= found.ends_at,
    }
    return render(request, "lms/session.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def departure(request: HttpRequest, public_id: str, seat: str) -> HttpResponse:
    """When somebody left who forgot to sign out."""
    account: Any = request.user
    found = get_object_or_404(ClassSession.objects.visible_to(account), public_id=public_id)
    place = get_object_or_404(
        found.seats.select_related("person", "session").exclude(signed_in_at=None), public_id=seat
    )
    form = DepartureForm(request.POST or None, initial={"left_at": found.ends_at})
    if request.method == "POST" and form.is_valid():
        try:
            note_departure(seat=place, left_at=form.cleaned_data["left_at"], by=account, at=clock.now())
        except Refused as refusal:
            form.add_error("left_at", str(refusal))
        else:
            return SeeOther(reverse("lms:session", args=[public_id]))
    context = {"session": found, "seat": place, "form": form}
    return render(request, "lms/departure.html", context, status=422 if form.errors else 200)


@require_safe
def code(request: HttpRequest, public_id: str) -> HttpResponse:
    """The rotating code for the screen in the room; the page asks again when it has aged."""
    account: Any = request.user
    found = get_object_or_404(ClassSession.objects.visible_to(account), public_id=public_id)
    now = clock.now()
    context = {
        "session": found,
        "code": code_at(bytes.fromhex(found.secret), now) if found.closed_at is None else "",
        "signed_in": found.seats.exclude(signed_in_at=None).count(),
    }
    response = render(request, "lms/code.html", context)
    response["Cache-Control"] = "no-store"
    if found.closed_at is None:
        response["Refresh"] = str(STEP_SECONDS - int(now.timestamp()) % STEP_SECONDS)
    return response
