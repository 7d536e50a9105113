"""The authoring desk: one way to publish a course, no way to lose a structure page, our name on the door."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from cms.actions.publish_course import freeze_course, reviewed_draft, withdraw_course
from cms.models import CoursePage
from cms.models.structure import StructurePage
from cms.queries import sentences
from core import clock
from core.refusals import Refused
from lms.actions.publish import CourseNotReady
from lms.rules.publishing import check_course
from registry.rules.kinds import Kind

OURS = {
    "explorer",
    "images",
    "documents",
    "course-reviews",
}  # the rest of Wagtail's menu leads to closed routes


@hooks.register("before_publish_page")
def only_a_course_that_is_ready(request: HttpRequest, page: Any) -> HttpResponse | None:
    """Freezes the version; or says all that is missing, and the page stays as it was."""
    if not isinstance(page, CoursePage):
        return None
    now = clock.now()
    try:
        if page.go_live_at and page.go_live_at > now:
            _demand_ready(page)
        else:
            freeze_course(page=page, by=request.user, at=now)
    except CourseNotReady as refusal:
        for sentence in sentences(reviewed_draft(page), refusal.details["problems"]):
            messages.error(request, sentence)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        return None
    messages.warning(request, _("Saved as a draft. It was not published, for the reasons above."))
    return redirect("wagtailadmin_pages:edit", page.pk)


def _demand_ready(page: CoursePage) -> None:
    problems = check_course(reviewed_draft(page))
    if problems:
        raise CourseNotReady("course_not_ready", problems[0].words, problems=problems)


@hooks.register("before_unpublish_page")
def take_off_with_a_name(request: HttpRequest, page: Any) -> HttpResponse | None:
    """As the signal does, but naming who did it."""
    if isinstance(page.specific, CoursePage):
        withdraw_course(page=page.specific, by=request.user, at=clock.now())
        return None
    return _keep(request, page)


@hooks.register("before_delete_page")
def keep_the_structure(request: HttpRequest, page: Any) -> HttpResponse | None:
    return _keep(request, page)


@hooks.register("before_move_page")
def keep_the_structure_in_place(request: HttpRequest, page: Any, destination: Any) -> HttpResponse | None:
    return _keep(request, page)


def _keep(request: HttpRequest, page: Any) -> HttpResponse | None:
    if not isinstance(page.specific, StructurePage):
        return None
    messages.error(
        request, _("The site stands on this page; change its words, it cannot be removed or moved.")
    )
    return redirect("wagtailadmin_explore", page.pk)


@hooks.register("construct_main_menu")
def leave_what_is_open(request: HttpRequest, items: list[MenuItem]) -> None:
    items[:] = [item for item in items if item.name in OURS]


class ReviewsMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return Kind.REVIEWER in request.user.kinds


@hooks.register("register_admin_menu_item")
def reviews_menu_item() -> MenuItem:
    return ReviewsMenuItem(
        gettext_lazy("Course reviews"),
        reverse("cms:reviews"),
        name="course-reviews",
        icon_name="clipboard-list",
        order=150,
    )


@hooks.register("insert_global_admin_css")
def our_colours() -> str:
    sheets = ((static(sheet),) for sheet in ("core/tokens.css", "cms/desk.css"))
    return format_html_join("", '<link rel="stylesheet" href="{}">', sheets)
