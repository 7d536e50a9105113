"""Who may do what: the list of duties, granting and revoking."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Exists, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core import clock
from core.refusals import Refused
from registry.actions import grant_duty, revoke_duty
from registry.forms import DutyFilter, GrantForm
from registry.models import Duty, Exclusion
from registry.views import SeeOther, account_of, posted

PAGE = 50


@require_safe
def duties(request: HttpRequest) -> HttpResponse:
    form = DutyFilter(request.GET)
    rows = _found(Duty.objects.visible_to(account_of(request)), form)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "registry/duties.html",
        {"form": form, "page_obj": page, "today": clock.today(), "filtered": any(request.GET.values())},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def grant(request: HttpRequest) -> HttpResponse:
    at = clock.now()
    form = GrantForm(posted(request), by=account_of(request), today=clock.today())
    if request.method == "POST" and form.is_valid():
        try:
            duty = grant_duty(**form.act(), by=account_of(request), at=at)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("%s now has this duty.") % duty.account.display_name)
            return SeeOther(reverse("registry:duties"))
    return render(request, "registry/grant.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: HttpRequest, public_id: str) -> HttpResponse:
    visible = Duty.objects.visible_to(account_of(request)).select_related(
        "account__person", "division", "facility"
    )
    duty = get_object_or_404(visible, public_id=public_id)
    if request.method == "POST":
        revoke_duty(duty=duty, by=account_of(request), at=clock.now())
        messages.success(request, _("The duty is revoked."))
        return SeeOther(reverse("registry:duties"))
    return render(
        request,
        "core/confirm.html",
        {
            "title": _("Revoke a duty"),
            "message": f"{duty.account.display_name}: {duty.get_kind_display()}",
            "facts": _facts(duty),
            "consequences": [_("It is gone with the next click of this account. The record of it stays.")],
            "submit": _("Revoke the duty"),
            "danger": True,
            "back_to": reverse("registry:duties"),
            "crumbs": [(reverse("registry:duties"), _("Duties"))],
        },
    )


def _found(rows: QuerySet[Duty], form: DutyFilter) -> QuerySet[Duty]:
    barred = Exclusion.objects.on(clock.today()).of_human("account__person_id")
    rows = rows.select_related("account__person", "division", "facility", "granted_by__person").annotate(
        asleep=Exists(barred)
    )
    if not form.is_valid():
        return rows
    if words := form.cleaned_data["q"].strip():
        rows = rows.filter(Q(account__username__icontains=words) | Q(account__person__name__icontains=words))
    if kind := form.cleaned_data["kind"]:
        rows = rows.filter(kind=kind)
    return rows.order_by("-starts_on", "-pk")


def _facts(duty: Duty) -> list[tuple[str, Any]]:
    facts = [(_("User name"), duty.account.username)]
    if duty.division:
        facts.append((_("Division"), duty.division.name))
    if duty.facility:
        facts.append((_("Facility"), duty.facility.name))
    if duty.pool_code:
        facts.append((_("Expert pool"), duty.pool_code))
    return facts
