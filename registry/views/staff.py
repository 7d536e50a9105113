"""The staff of one facility: who is in post, hiring, leaving, logins, whole numbers."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core import clock
from core.refusals import Refused
from registry import actions
from registry.forms import AccountForm, EndForm, FacilityForm, HireForm, RevealForm
from registry.models import Employment, Facility
from registry.views import SeeOther, account_of, posted

PAGE = 50
BOTH = ["GET", "HEAD", "POST"]


@require_safe
def staff(request: HttpRequest, facility_id: str) -> HttpResponse:
    """In post today, or about to be; with `?left=1` those who left."""
    visible = Facility.objects.visible_to(account_of(request))
    facility = get_object_or_404(visible.select_related("division"), public_id=facility_id)
    today = clock.today()
    left = "left" in request.GET
    posts = facility.employments.select_related("person").prefetch_related("person__documents")
    posts = posts.filter(until__lte=today) if left else posts.exclude(until__lte=today)
    page = Paginator(posts.order_by("person__name_key", "pk"), PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "registry/staff.html",
        {
            "facility": facility,
            "page_obj": page,
            "left": left,
            "today": today,
            "manages": facility.pk in account_of(request).facility_ids,
        },
    )


@require_http_methods(BOTH)
def employ_one(request: HttpRequest, facility_id: str) -> HttpResponse:
    facility = _managed(request, facility_id)
    form = HireForm(posted(request), initial={"started_on": clock.today()})
    if request.method == "POST" and form.is_valid():
        try:
            post = actions.hire(
                facility=facility, **form.cleaned_data, by=account_of(request), at=clock.now()
            )
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("%s is in post now.") % post.person.name)
            return SeeOther(reverse("registry:staff", args=[facility_id]))
    return render(request, "registry/staff_form.html", {"facility": facility, "form": form, "act": "employ"})


@require_http_methods(BOTH)
def end_employment(request: HttpRequest, facility_id: str, public_id: str) -> HttpResponse:
    facility = _managed(request, facility_id)
    post = get_object_or_404(facility.employments.select_related("person"), public_id=public_id)
    form = EndForm(posted(request), initial={"last_day": clock.today() - timedelta(days=1)})
    if request.method == "POST" and form.is_valid():
        try:
            actions.end_employment(
                employment=post,
                until=form.until(),
                by=account_of(request),
                at=clock.now(),
            )
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The last day of %s is entered.") % post.person.name)
            return SeeOther(reverse("registry:staff", args=[facility_id]))
    context = {"facility": facility, "form": form, "post": post, "act": "end"}
    return render(request, "registry/staff_form.html", context)


@require_http_methods(BOTH)
def open_account(request: HttpRequest, facility_id: str, public_id: str) -> HttpResponse:
    """A login for somebody in post here today."""
    facility = _managed(request, facility_id)
    here = facility.employments.on(clock.today()).select_related("person")
    post = get_object_or_404(here, public_id=public_id)
    form = AccountForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.open_account(
                person=post.person,
                **form.cleaned_data,
                by=account_of(request),
                at=clock.now(),
            )
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("%s can sign in now.") % post.person.name)
            return SeeOther(reverse("registry:staff", args=[facility_id]))
    context = {"facility": facility, "form": form, "post": post, "act": "account"}
    return render(request, "registry/staff_form.html", context)


@require_http_methods(BOTH)
def reveal(request: HttpRequest, facility_id: str, public_id: str) -> HttpResponse:
    """Ask why, then show one number on this answer alone."""
    visible = Employment.objects.visible_to(account_of(request))
    post = get_object_or_404(
        visible.select_related("person", "facility"), public_id=public_id, facility__public_id=facility_id
    )
    documents = list(post.person.documents.all())
    form = RevealForm(posted(request), documents=documents)
    context = {"post": post, "facility": post.facility, "form": form}
    if request.method == "POST" and form.is_valid():
        chosen = next(d for d in documents if d.public_id == form.cleaned_data["document"])
        try:
            context["number"] = actions.reveal_number(
                document=chosen,
                by=account_of(request),
                at=clock.now(),
                why=form.cleaned_data["why"],
            )
            context["document"] = chosen
        except Refused as refusal:
            form.add_error(None, refusal.message)
    response = render(request, "registry/reveal.html", context)
    response["Cache-Control"] = "no-store"
    return response


@require_http_methods(BOTH)
def facility_edit(request: HttpRequest, facility_id: str) -> HttpResponse:
    facility = _managed(request, facility_id)
    form = FacilityForm(posted(request), instance=facility)
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_facility(
                facility=facility, **form.cleaned_data, by=account_of(request), at=clock.now()
            )
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Saved."))
            return SeeOther(reverse("registry:facility_edit", args=[facility_id]))
    return render(request, "registry/facility_edit.html", {"facility": facility, "form": form})


def _managed(request: HttpRequest, facility_id: str) -> Facility:
    managed = Facility.objects.managed_by(account_of(request))
    return get_object_or_404(managed.select_related("division"), public_id=facility_id)
