"""The reviewer's desk: what waits, and one version with its playback and the verdict."""

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
from trainers import queries
from trainers.actions import review_material
from trainers.forms import ReviewForm, say
from trainers.models import MaterialVersion, VersionState

A_PAGE = 20


@require_safe
def reviews(request: HttpRequest) -> HttpResponse:
    """What waits for somebody else than its uploader, the longest wait first."""
    account: Any = request.user
    waiting = (
        MaterialVersion.objects.waiting()
        .visible_to(account)
        .exclude(uploaded_by=account)
        .exclude(material__owner=account)
        .select_related("material", "uploaded_by__person")
        .order_by("uploaded_at", "pk")
    )
    page = Paginator(waiting, A_PAGE).get_page(request.GET.get("page"))
    return render(request, "trainers/reviews.html", {"page_obj": page})


@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, public_id: str) -> HttpResponse:
    """One version, played and judged."""
    account: Any = request.user
    version = get_object_or_404(
        MaterialVersion.objects.visible_to(account)
        .select_related("material", "uploaded_by__person")
        .prefetch_related("reviews__reviewer__person"),
        public_id=public_id,
    )
    form = ReviewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            given = review_material(version=version, **form.cleaned_data, by=account, at=clock.now())
        except Refused as refusal:
            say(form, refusal)
        else:
            said = (
                _("Approved.") if given.verdict == "approved" else _("Refused; the trainer sees your note.")
            )
            messages.success(request, said)
            return redirect("trainers:reviews")
    own = account.pk in (version.uploaded_by_id, version.material.owner_id)
    judged = any(each.reviewer_id == account.pk for each in version.reviews.all())
    context = {
        "version": version,
        "line": queries.version_line(version),
        "player": queries.player(version, at=clock.now()),
        "form": form,
        "own": own,
        "open": not own and not judged and version.state != VersionState.REFUSED,
    }
    return render(request, "trainers/review.html", context, status=422 if form.errors else 200)
