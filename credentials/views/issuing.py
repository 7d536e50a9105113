"""The issuing officer's desk: find, revoke, suspend, reinstate, correct."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core import clock
from core.refusals import Refused
from credentials.actions import correct as correct_act
from credentials.actions import reinstate as reinstate_act
from credentials.actions import revoke as revoke_act
from credentials.actions import suspend as suspend_act
from credentials.forms import CorrectForm, FindForm, ReasonForm, RevokeForm, SuspendForm
from credentials.models import Certificate
from credentials.permissions import is_issuer
from credentials.queries.standing import state_of
from credentials.rules import number as numbers
from credentials.rules.code import parse_code
from credentials.views.holder import cards
from registry.rules.names import match_key
from registry.views import SeeOther, account_of

PAGE = 25
BOTH = ["GET", "HEAD", "POST"]


@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """Certificates of the officer's place, by number, code or name; the latest first."""
    form = FindForm(request.GET)
    typed = form.cleaned_data["q"].strip() if form.is_valid() else ""
    rows = _found(Certificate.objects.visible_to(account_of(request)), typed)
    page = Paginator(rows.order_by("-issued_at", "-pk"), PAGE).get_page(request.GET.get("page"))
    ids = [row.pk for row in page.object_list]
    shown = cards(Certificate.objects.filter(pk__in=ids).order_by("-issued_at", "-pk"), clock.today())
    return render(
        request,
        "credentials/find.html",
        {"form": form, "page_obj": page, "cards": shown, "typed": typed},
    )


def _found(rows: QuerySet[Certificate], typed: str) -> QuerySet[Certificate]:
    if not typed:
        return rows
    wanted = Q(holder__name_key__contains=match_key(typed))
    for parse in (lambda text: Q(number=numbers.parse_number(text).compact), _by_code):
        try:
            wanted |= parse(typed)
        except Refused:
            continue
    return rows.filter(wanted)


def _by_code(text: str) -> Q:
    return Q(verify_code=parse_code(text))


@require_http_methods(BOTH)
def revoke(request: HttpRequest, public_id: str) -> HttpResponse:
    row = _mine_to_change(request, public_id)
    form = RevokeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            revoke_act(
                certificate=row,
                ground=form.cleaned_data["ground"],
                reason=form.cleaned_data["reason"],
                by=account_of(request),
                at=clock.now(),
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return _done(request, row, _("The certificate is revoked."))
    return _ask(
        request,
        row,
        form,
        title=_("Revoke a certificate"),
        submit=_("Revoke the certificate"),
        danger=True,
        consequences=[
            _("From today its public page reads revoked, for ever; yesterday stays as it was."),
            _("Every employer of the holder gets a task to acknowledge."),
            _("The public never learns the ground."),
        ],
    )


@require_http_methods(BOTH)
def suspend(request: HttpRequest, public_id: str) -> HttpResponse:
    row = _mine_to_change(request, public_id)
    form = SuspendForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            suspend_act(
                certificate=row,
                until=form.until(),
                reason=form.cleaned_data["reason"],
                by=account_of(request),
                at=clock.now(),
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return _done(request, row, _("The certificate is suspended."))
    return _ask(
        request,
        row,
        form,
        title=_("Suspend a certificate"),
        submit=_("Suspend the certificate"),
        consequences=[
            _("From today its public page reads suspended, until the last day you choose."),
            _("It counts again by itself after that day."),
            _("Every employer of the holder gets a task to acknowledge."),
        ],
    )


@require_http_methods(BOTH)
def reinstate(request: HttpRequest, public_id: str) -> HttpResponse:
    row = _mine_to_change(request, public_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            reinstate_act(
                certificate=row,
                reason=form.cleaned_data["reason"],
                by=account_of(request),
                at=clock.now(),
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return _done(request, row, _("The suspension is lifted."))
    return _ask(
        request,
        row,
        form,
        title=_("Lift a suspension"),
        submit=_("Lift the suspension"),
        consequences=[_("It counts again from today. The days it was suspended stay on record.")],
    )


@require_http_methods(BOTH)
def correct(request: HttpRequest, public_id: str) -> HttpResponse:
    row = _mine_to_change(request, public_id)
    form = CorrectForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            edition = correct_act(
                certificate=row,
                reason=form.cleaned_data["reason"],
                by=account_of(request),
                at=clock.now(),
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return _done(request, edition, _("The new edition is issued."))
    return _ask(
        request,
        row,
        form,
        title=_("Correct a certificate"),
        submit=_("Issue the new edition"),
        consequences=[
            _("A new edition is issued with name, document and facility as they are on record now."),
            _("It has a new number and a new code; the old sheet reads replaced from today."),
            _("Validity and hours stay as they are."),
        ],
    )


def _mine_to_change(request: HttpRequest, public_id: str) -> Certificate:
    """What this officer may see and may issue for; anything else does not exist for her."""
    rows = Certificate.objects.visible_to(account_of(request)).select_related("holder", "division")
    row = get_object_or_404(rows, public_id=public_id)
    if not is_issuer(account_of(request), division=row.division_id, on=clock.today()):
        raise Http404
    return row


def _ask(request: HttpRequest, row: Certificate, form: forms.Form, **words: Any) -> HttpResponse:
    here = reverse("credentials:certificate", args=[row.public_id])
    state = state_of(row, on=clock.today())
    context = {
        "form": form,
        "certificate": row,
        "state": state,
        "number": numbers.grouped(row.number),
        "back_to": here,
        "crumbs": [(reverse("credentials:find"), _("Certificates")), (here, numbers.grouped(row.number))],
        **words,
    }
    return render(request, "credentials/change.html", context, status=422 if form.errors else 200)


def _done(request: HttpRequest, row: Certificate, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return SeeOther(reverse("credentials:certificate", args=[row.public_id]))
