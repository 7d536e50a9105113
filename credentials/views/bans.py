"""Ban cases: the list, one case, opening one, proposing a subject, changing a proposal."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core import clock
from core.refusals import Refused
from credentials.actions import edit_proposal, open_case, propose_ban, record_answer, renew_suspension
from credentials.forms import AnswerForm, CaseForm, ProposalForm, ProposeForm, RenewForm
from credentials.models import BanCase, BanSubject, BanSubjectVersion
from credentials.permissions import is_province_officer
from registry.views import SeeOther, account_of

PAGE = 25
BOTH = ["GET", "HEAD", "POST"]


@require_safe
def bans(request: HttpRequest) -> HttpResponse:
    cases = BanCase.objects.visible_to(account_of(request)).select_related("division", "facility")
    page = Paginator(cases.prefetch_related("subjects__person"), PAGE).get_page(request.GET.get("page"))
    return render(request, "credentials/bans.html", {"page_obj": page, "today": clock.today()})


@require_safe
def case(request: HttpRequest, case_id: str) -> HttpResponse:
    row = visible_case(request, case_id)
    today = clock.today()
    subjects = row.subjects.select_related(
        "person", "proposed_by__person", "decided_by__person", "overturned_by__person"
    ).prefetch_related(
        "versions__recorded_by__person",
        "overturn_proposals__proposed_by__person",
        "overturn_proposals__decided_by__person",
    )
    return render(
        request,
        "credentials/ban_case.html",
        {
            "case": row,
            "subjects": subjects,
            "lifting": {
                proposal.subject_id
                for subject in subjects
                for proposal in subject.overturn_proposals.all()
                if proposal.decided_at is None
            },
            "today": today,
            "decides": is_province_officer(account_of(request), division=row.division_id, on=today),
        },
    )


@require_http_methods(BOTH)
def open_one(request: HttpRequest) -> HttpResponse:
    form = CaseForm(request.POST or None, by=account_of(request))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            row = open_case(
                division=data["division"],
                facility=data["facility"],
                incident_on=data["incident_on"],
                summary=data["summary"],
                by=account_of(request),
                at=clock.now(),
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The case is open. Propose its subjects now."))
            return SeeOther(reverse("credentials:ban_case", args=[row.public_id]))
    return _page(request, form, title=_("Open a ban case"), submit=_("Open the case"))


@require_http_methods(BOTH)
def propose(request: HttpRequest, case_id: str) -> HttpResponse:
    row = visible_case(request, case_id)
    form = ProposeForm(request.POST or None, case=row, by=account_of(request))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            propose_ban(
                case=row,
                person=data["subject"],
                part=data["part"],
                evidence=data["evidence"],
                notice_served_on=data["notice_served_on"],
                suspend_until=form.suspend_until(),
                by=account_of(request),
                at=clock.now(),
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return done(request, row, _("The ban is proposed. An officer of the province decides."))
    return _page(request, form, title=_("Propose a lifetime ban"), submit=_("Propose the ban"), case=row)


@require_http_methods(BOTH)
def edit(request: HttpRequest, case_id: str, subject_id: str) -> HttpResponse:
    row, subject = visible_subject(request, case_id, subject_id)
    initial = {
        "part": subject.part,
        "evidence": subject.evidence,
        "notice_served_on": subject.notice_served_on,
        "read_version": subject.edited_version,
    }
    form = ProposalForm(request.POST or None, initial=initial)
    changed: list[BanSubjectVersion] = []
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            edit_proposal(
                subject=subject,
                part=data["part"],
                evidence=data["evidence"],
                notice_served_on=data["notice_served_on"],
                read_version=data["read_version"] or 0,
                by=account_of(request),
                at=clock.now(),
            )
        except Refused as refusal:
            form, changed = stale(ProposalForm, form, refusal, subject)
        else:
            return done(request, row, _("The proposal is changed."))
    return _page(
        request,
        form,
        title=_("Change the proposal"),
        submit=_("Save the change"),
        case=row,
        subject=subject,
        changed=changed,
    )


@require_http_methods(BOTH)
def record(request: HttpRequest, case_id: str, subject_id: str) -> HttpResponse:
    row, subject = visible_subject(request, case_id, subject_id)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            record_answer(subject=subject, **form.cleaned_data, by=account_of(request), at=clock.now())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return done(request, row, _("The answer is on record."))
    return _page(
        request, form, title=_("Record the answer"), submit=_("Record the answer"), case=row, subject=subject
    )


@require_http_methods(BOTH)
def renew(request: HttpRequest, case_id: str, subject_id: str) -> HttpResponse:
    row, subject = visible_subject(request, case_id, subject_id)
    form = RenewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            renew_suspension(
                subject=subject,
                until=form.until(),
                reason=form.cleaned_data["reason"],
                by=account_of(request),
                at=clock.now(),
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return done(request, row, _("The interim suspension holds on."))
    title = _("Interim suspension")
    return _page(request, form, title=title, submit=_("Suspend"), case=row, subject=subject)


def visible_case(request: HttpRequest, case_id: str) -> BanCase:
    rows = BanCase.objects.visible_to(account_of(request)).select_related(
        "division", "facility", "opened_by__person"
    )
    return get_object_or_404(rows, public_id=case_id)


def visible_subject(request: HttpRequest, case_id: str, subject_id: str) -> tuple[BanCase, BanSubject]:
    row = visible_case(request, case_id)
    subjects = row.subjects.select_related("case", "person", "proposed_by__person", "decided_by__person")
    return row, get_object_or_404(subjects, public_id=subject_id)


def stale(
    kind: type[forms.Form], form: Any, refusal: Refused, subject: BanSubject
) -> tuple[Any, list[BanSubjectVersion]]:
    """A refused form again, nothing typed lost; if it was stale, also what changed since it was read."""
    if refusal.code != "stale":
        form.add_error(None, str(refusal))
        return form, []
    read = form.cleaned_data["read_version"] or 0
    subject.refresh_from_db()
    again = kind({**form.data.dict(), "read_version": subject.edited_version})
    again.is_valid()
    again.add_error(None, str(refusal))
    newer = subject.versions.filter(number__gt=read).select_related("recorded_by__person")
    return again, list(newer)


def done(request: HttpRequest, row: BanCase, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return SeeOther(reverse("credentials:ban_case", args=[row.public_id]))


def _page(
    request: HttpRequest,
    form: forms.Form,
    *,
    title: str,
    submit: str,
    case: BanCase | None = None,
    subject: BanSubject | None = None,
    changed: list[BanSubjectVersion] | None = None,
) -> HttpResponse:
    context = {
        "form": form,
        "title": title,
        "submit": submit,
        "case": case,
        "subject": subject,
        "changed": changed or [],
        "back_to": reverse("credentials:ban_case", args=[case.public_id])
        if case
        else reverse("credentials:bans"),
    }
    return render(request, "credentials/ban_form.html", context, status=422 if form.errors else 200)
