"""The province's two acts: decide about a ban, overturn one. What follows is shown before it is signed."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from core import clock
from core.refusals import Refused
from credentials.actions import decide_ban, overturn_ban
from credentials.forms import DecideForm, ReasonForm
from credentials.models import BanSubject, BanSubjectVersion, Certificate
from credentials.permissions import is_province_officer
from credentials.queries.impact import impact_of_ban
from credentials.rules import number as numbers
from credentials.views.bans import BOTH, done, stale, visible_subject
from credentials.views.holder import cards
from registry.views import account_of


@require_http_methods(BOTH)
def decide(request: HttpRequest, case_id: str, subject_id: str) -> HttpResponse:
    row, subject = visible_subject(request, case_id, subject_id)
    _demand_province(request, subject)
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


@require_http_methods(BOTH)
def overturn(request: HttpRequest, case_id: str, subject_id: str) -> HttpResponse:
    row, subject = visible_subject(request, case_id, subject_id)
    _demand_province(request, subject)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            outcome = overturn_ban(
                subject=subject,
                reason=form.cleaned_data["reason"],
                by=account_of(request),
                at=clock.now(),
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            if outcome.expired:
                named = ", ".join(numbers.grouped(certificate.number) for certificate in outcome.expired)
                messages.warning(request, _("Expired meanwhile and not restored: %s") % named)
            back = len(outcome.restored)
            told = ngettext(
                "The ban is overturned; %d certificate counts again.",
                "The ban is overturned; %d certificates count again.",
                back,
            )
            return done(request, row, told % back)
    here = reverse("credentials:ban_case", args=[row.public_id])
    context = {
        "title": _("Overturn a ban"),
        "message": _("After an appeal, or when new facts show that the ban was wrong."),
        "facts": [
            (_("Person"), subject.person.name),
            (_("Decision"), subject.decision_reason),
        ],
        "consequences": [
            _("The person may work, learn and teach again from today."),
            _("Certificates that this ban revoked count again, except those whose time has run out."),
            _("Employers get a task to acknowledge. The record of the ban stays, with the days it stood."),
        ],
        "form": form,
        "submit": _("Overturn the ban"),
        "back_to": here,
        "crumbs": [(reverse("credentials:bans"), _("Ban cases")), (here, row.public_id)],
    }
    return render(request, "core/confirm.html", context, status=422 if form.errors else 200)


def _demand_province(request: HttpRequest, subject: BanSubject) -> None:
    if not is_province_officer(account_of(request), division=subject.case.division_id, on=clock.today()):
        raise Http404
