"""Propose an expert; read a proposal; appoint or decline."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core import clock
from core.refusals import Refused
from trainers import actions
from trainers.forms import AppointForm, DeclineForm, NominationForm, say
from trainers.models import ExpertPool, Nomination


@require_http_methods(["GET", "HEAD", "POST"])
def nominate(request: HttpRequest, code: str) -> HttpResponse:
    """Propose somebody by her identity document."""
    account: Any = request.user
    pool = get_object_or_404(ExpertPool.objects.visible_to(account), code=code)
    form = NominationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            nomination = actions.nominate_by_document(
                pool=pool, **form.cleaned_data, by=account, at=clock.now()
            )
        except Refused as refusal:
            say(form, refusal, otherwise="document_number" if _about_document(refusal) else None)
        else:
            messages.success(request, _("Nominated. Another officer decides."))
            return redirect("trainers:nomination", nomination.public_id)
    context = {"form": form, "pool": pool}
    return render(request, "trainers/nominate.html", context, status=422 if form.errors else 200)


def _about_document(refusal: Refused) -> bool:
    from registry.rules.documents import BadDocument

    return isinstance(refusal, BadDocument)


@require_safe
def nomination(request: HttpRequest, public_id: str) -> HttpResponse:
    """One proposal, and what one may do about it."""
    account: Any = request.user
    row = _visible(account, public_id)
    governed = ExpertPool.objects.governed_by(account).filter(pk=row.pool_id).exists()
    is_open = row.state == Nomination.State.OPEN
    context = {
        "nomination": row,
        "own": row.nominated_by_id == account.pk,
        "decides": governed and is_open and row.nominated_by_id != account.pk,
        "is_open": is_open,
    }
    return render(request, "trainers/nomination.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def appoint(request: HttpRequest, public_id: str) -> HttpResponse:
    """Give the nominee the lowest free seat for a term."""
    account: Any = request.user
    row = _to_decide(account, public_id)
    form = AppointForm(request.POST or None, initial={"starts_on": clock.today()})
    if request.method == "POST" and form.is_valid():
        until = form.until()
        assert until is not None  # the last day is required
        try:
            appointment = actions.appoint(
                nomination=row,
                starts_on=form.cleaned_data["starts_on"],
                until=until,
                by=account,
                at=clock.now(),
            )
        except Refused as refusal:
            say(form, refusal)
        else:
            messages.success(request, _("Appointed to seat %(seat)d.") % {"seat": appointment.seat})
            return redirect("trainers:pool", row.pool.code)
    return _confirm(
        request,
        row,
        form,
        title=_("Appoint an expert"),
        submit=_("Appoint"),
        consequences=[
            _("The lowest seat that is free on all these days is given."),
            _("Name, title, workplace and term appear on the public page."),
        ],
    )


@require_http_methods(["GET", "HEAD", "POST"])
def decline(request: HttpRequest, public_id: str) -> HttpResponse:
    """Turn the proposal down."""
    account: Any = request.user
    row = _to_decide(account, public_id)
    form = DeclineForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.decline(nomination=row, note=form.cleaned_data["note"], by=account, at=clock.now())
        except Refused as refusal:
            say(form, refusal)
        else:
            messages.success(request, _("Declined; whoever nominated can read why."))
            return redirect("trainers:pool", row.pool.code)
    return _confirm(
        request,
        row,
        form,
        title=_("Decline a nomination"),
        submit=_("Decline"),
        consequences=[_("The expert can be nominated again later.")],
    )


def _visible(account: Any, public_id: str) -> Nomination:
    rows = Nomination.objects.visible_to(account).select_related(
        "pool", "person", "nominated_by__person", "decided_by__person"
    )
    return get_object_or_404(rows, public_id=public_id)


def _to_decide(account: Any, public_id: str) -> Nomination:
    row = _visible(account, public_id)
    get_object_or_404(ExpertPool.objects.governed_by(account), pk=row.pool_id)
    return row


def _confirm(
    request: HttpRequest, row: Nomination, form: Any, *, title: str, submit: str, consequences: list[str]
) -> HttpResponse:
    return render(
        request,
        "core/confirm.html",
        {
            "title": title,
            "facts": [
                (_("Expert"), row.person.name),
                (_("Field"), row.get_field_display()),
                (_("Workplace"), row.workplace),
                (_("Pool"), row.pool.name),
            ],
            "consequences": consequences,
            "form": form,
            "submit": submit,
            "back_to": request.path.rsplit("/", 2)[0] + "/",
        },
        status=422 if form.errors else 200,
    )
