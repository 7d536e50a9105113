"""Training bodies, for their officers: who is accredited, a new accreditation, its end."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core import clock
from core.refusals import Refused
from registry.models import Division
from registry.rules.kinds import Kind
from trainers.actions import accredit_body, end_accreditation
from trainers.forms import AccreditForm, EndForm, say
from trainers.models import TrainingBody

A_PAGE = 30


@require_safe
def bodies(request: HttpRequest) -> HttpResponse:
    """All of one's divisions, those that ended too."""
    account: Any = request.user
    rows = TrainingBody.objects.visible_to(account).select_related("division")
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    accredits = bool(account.kinds & {Kind.PREFECTURE, Kind.PROVINCE})
    today = clock.today()
    lines = [(body, body.accredited_until is not None and body.accredited_until <= today) for body in page]
    context = {"page_obj": page, "lines": lines, "today": today, "accredits": accredits}
    return render(request, "trainers/bodies.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def accredit(request: HttpRequest) -> HttpResponse:
    """Accredit an organisation."""
    account: Any = request.user
    form = AccreditForm(
        request.POST or None,
        divisions=Division.objects.visible_to(account),
        initial={"accredited_from": clock.today()},
    )
    if request.method == "POST" and form.is_valid():
        words = {
            name: form.cleaned_data[name] for name in ("name", "credit_code", "division", "accredited_from")
        }
        try:
            accredit_body(**words, accredited_until=form.until(), by=account, at=clock.now())
        except Refused as refusal:
            say(form, refusal, otherwise="credit_code")
        else:
            messages.success(request, _("Accredited. Trainers can lead sessions for it from that day on."))
            return redirect("trainers:bodies")
    return render(request, "trainers/accredit.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, public_id: str) -> HttpResponse:
    """End an accreditation."""
    account: Any = request.user
    body = get_object_or_404(
        TrainingBody.objects.visible_to(account).select_related("division"), public_id=public_id
    )
    form = EndForm(request.POST or None, initial={"ended_on": clock.today()})
    if request.method == "POST" and form.is_valid():
        try:
            end_accreditation(body=body, **form.cleaned_data, by=account, at=clock.now())
        except Refused as refusal:
            say(form, refusal)
        else:
            messages.success(request, _("The accreditation has ended."))
            return redirect("trainers:bodies")
    return render(
        request,
        "core/confirm.html",
        {
            "title": _("End the accreditation"),
            "facts": [
                (_("Organisation"), body.name),
                (_("Unified social credit code"), body.credit_code),
                (_("Division"), body.division.name),
            ],
            "consequences": [
                _("No session can be planned for it from that day on."),
                _("Hours from sessions before that day stay."),
            ],
            "form": form,
            "submit": _("End the accreditation"),
            "back_to": request.path.rsplit("/", 3)[0] + "/",
        },
        status=422 if form.errors else 200,
    )
