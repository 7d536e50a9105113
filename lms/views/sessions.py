"""Class sessions: the trainer's desk and screen, the learner's code."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core import clock
from core.refusals import Refused
from lms.actions import hold_session as acts
from lms.forms import CloseForm, CodeForm, SessionForm
from lms.models import ClassSession, Seat
from lms.rules.sessions import STEP_SECONDS, code_at


@require_safe
def classes(request: HttpRequest) -> HttpResponse:
    """Sessions to come, and those she attended."""
    account: Any = request.user
    now = clock.now()
    mine = Seat.objects.filter(person=account.person).select_related("session").order_by("-session__starts_at")
    coming = (
        ClassSession.objects.filter(ends_at__gt=now, closed_at=None)
        .annotate(taken=Count("seats"))
        .select_related("division")
        .order_by("starts_at")[:50]
    )
    return render(request, "lms/classes.html", {"coming": coming, "mine": mine[:50]})


@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: HttpRequest, public_id: str) -> HttpResponse:
    """Book, sign in, sign out."""
    account: Any = request.user
    session = get_object_or_404(ClassSession, public_id=public_id)
    seat = Seat.objects.filter(session=session, person=account.person).first()
    form = CodeForm(request.POST if "code" in request.POST else None)
    if request.method == "POST":
        try:
            if "book" in request.POST:
                acts.book(session=session, person=account.person, by=account, at=clock.now())
                return redirect("lms:sign", public_id)
            if form.is_valid():
                code = form.cleaned_data["code"]
                acts.sign(session=session, person=account.person, code=code, by=account, at=clock.now())
                return redirect("lms:sign", public_id)
        except Refused as refusal:
            if "code" in request.POST:
                form.add_error("code", str(refusal))
            else:
                messages.warning(request, str(refusal))
    return render(
        request, "lms/sign.html", {"session": session, "seat": seat, "form": form}, status=422 if form.errors else 200
    )


@require_safe
def sessions(request: HttpRequest) -> HttpResponse:
    account: Any = request.user
    rows = ClassSession.objects.visible_to(account).annotate(taken=Count("seats"))[:100]
    return render(request, "lms/sessions.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest) -> HttpResponse:
    account: Any = request.user
    form = SessionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        del values["break_from"], values["break_until"]
        try:
            planned = acts.plan_session(
                **values, breaks=form.breaks(), led_by=account, by=account, at=clock.now()
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("lms:session", planned.public_id)
    return render(request, "lms/plan.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def session(request: HttpRequest, public_id: str) -> HttpResponse:
    """Who signed in and out; closing writes the hours."""
    account: Any = request.user
    found = get_object_or_404(ClassSession.objects.visible_to(account), public_id=public_id)
    form = CloseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            acts.close_session(
                session=found, head_count=form.cleaned_data["head_count"], by=account, at=clock.now()
            )
        except Refused as refusal:
            form.add_error("head_count", str(refusal))
        else:
            messages.success(request, _("The session is closed; everybody's hours are recorded."))
            return redirect("lms:session", public_id)
    seats = found.seats.select_related("person").order_by("person__name_key")
    context = {"session": found, "seats": seats, "form": form, "over": clock.now() >= found.ends_at}
    return render(request, "lms/session.html", context, status=422 if form.errors else 200)


@require_safe
def code(request: HttpRequest, public_id: str) -> HttpResponse:
    """The rotating code for the screen in the room; the page asks again when it has aged."""
    account: Any = request.user
    found = get_object_or_404(ClassSession.objects.visible_to(account), public_id=public_id)
    now = clock.now()
    context = {
        "session": found,
        "code": code_at(bytes.fromhex(found.secret), now),
        "seconds": STEP_SECONDS - int(now.timestamp()) % STEP_SECONDS,
        "signed_in": found.seats.exclude(signed_in_at=None).count(),
    }
    response = render(request, "lms/code.html", context)
    response["Cache-Control"] = "no-store"
    response["Refresh"] = str(context["seconds"])
    return response
