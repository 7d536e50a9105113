"""The province decides about a ban. What follows is shown before it is signed."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core import clock
from core.refusals import Refused
from credentials.actions import decide_ban
from credentials.forms import DecideForm
from credentials.models import BanSubject, BanSubjectVersion, Certificate
from credentials.permissions import is_province_officer
from credentials.queries.impact import impact_of_ban
from credentials.views.bans import BOTH, done, stale, visible_subject
from credentials.views.holder import cards
from registry.views import account_of


@require_http_methods(BOTH)
def decide(request: HttpRequest, case_id: str, subject_id: str) -> HttpResponse:
    row, subject = visible_subject(request, case_id, subject_id)
    demand_province(request, subject)
    form = DecideForm(request.POST or None, initial={"read_version": subject.edited_version})
    changed: list[BanSubjectVersion] = []
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            decided = decide_ban(
                subject=subject,
                ban=data["ban"] == "yes",
                reason=data["reason"],
                read_version=data["read_version"],
                by=account_of(request),
                at=clock.now(),
            )
        except Refused as refusal:
            form, changed = stale(DecideForm, form, refusal, subject)
        else:
            banned = decided.state == BanSubject.State.BANNED
            sentence = _("The ban is in force.") if banned else _("The person is not banned.")
            return done(request, row, sentence)
    today = clock.today()
    impact = impact_of_ban(subject.person, on=today)
    held = Certificate.objects.filter(pk__in=[certificate.pk for certificate in impact.certificates])
    context = {
        "form": form,
        "case": row,
        "subject": subject,
        "revoked": cards(held.order_by("valid_until"), today),
        "versions": subject.versions.select_related("recorded_by__person"),
        "changed": changed,
        "impact": impact,
        "today": today,
        "back_to": reverse("credentials:ban_case", args=[row.public_id]),
    }
    return render(request, "credentials/ban_decide.html", context, status=422 if form.errors else 200)


def demand_province(request: HttpRequest, subject: BanSubject) -> None:
    if not is_province_officer(account_of(request), division=subject.case.division_id, on=clock.today()):
        raise Http404
