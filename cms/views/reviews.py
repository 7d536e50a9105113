"""A reviewer's list, and a whole draft as learners will meet it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cms.actions.review_course import review_course, wrote
from cms.drafts import content_digest, draft_of
from cms.forms import ReviewForm
from cms.models import CoursePage, CourseReview
from cms.queries import sentences, waiting_for_review
from cms.reading import readable
from core import clock
from core.refusals import Refused
from lms.rules.publishing import check_course

PER_PAGE = 20


@require_safe
def reviews(request: HttpRequest) -> HttpResponse:
    account: Any = request.user
    waiting = Paginator(waiting_for_review(account), PER_PAGE).get_page(request.GET.get("page"))
    decided = CourseReview.objects.filter(reviewer=account).select_related("author__person")[:PER_PAGE]
    return render(request, "cms/reviews.html", {"page_obj": waiting, "decided": decided})


@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, page: int) -> HttpResponse:
    account: Any = request.user
    row = get_object_or_404(CoursePage.objects.exclude(latest_revision=F("live_revision")), pk=page)
    draft = draft_of(row.get_latest_revision_as_object())
    digest = content_digest(draft)
    form = ReviewForm(request.POST or None, initial={"digest": digest})
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                review_course(page=row, by=account, at=clock.now(), **form.cleaned_data)
            except Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(
                    request, _("Your decision is recorded; the author sees it beside the draft.")
                )
                return redirect("cms:reviews")
        status = 409
        form.data = {**form.data.dict(), "digest": digest}  # she reads the newest draft now
    earlier = CourseReview.objects.filter(page=row).select_related("reviewer__person")[:PER_PAGE]
    return render(
        request,
        "cms/review.html",
        {
            "row": row,
            "draft": draft,
            "lessons": readable(draft, clock.now()),
            "problems": sentences(draft, [p for p in check_course(draft) if p.code != "reviewer_missing"]),
            "own": wrote(row, account),
            "decided": any(r.reviewer_id == account.pk and r.digest == digest for r in earlier),
            "earlier": [(r, r.digest == digest) for r in earlier],
            "form": form,
        },
        status=status,
    )
