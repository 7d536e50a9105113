"""Begin a course, see its lessons, leave it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import clock
from lms.actions import enrol as acts
from lms.actions.complete import source_key
from lms.models import Course, Enrolment, HourEntry
from lms.queries import content_of
from registry.permissions import is_excluded
from registry.views import SeeOther


@require_POST
def enrol(request: HttpRequest, public_id: str) -> HttpResponse:
    course = get_object_or_404(Course, public_id=public_id)
    account: Any = request.user
    enrolment = acts.enrol(person=account.person, course=course, by=account, at=clock.now())
    return SeeOther(reverse("lms:course", args=[enrolment.public_id]))


@require_safe
def course(request: HttpRequest, public_id: str) -> HttpResponse:
    enrolment = enrolment_or_404(request, public_id)
    content = content_of(enrolment.version)
    done = set(enrolment.completions.values_list("lesson_key", flat=True))
    rows = [(lesson, lesson.key in done) for lesson in content.lessons]
    following = next((lesson for lesson, is_done in rows if not is_done), None)
    excluded = is_excluded(enrolment.person_id, clock.today())
    earned = (
        HourEntry.objects.filter(source_key=source_key(enrolment)).first() if enrolment.completed_at else None
    )
    return render(
        request,
        "lms/course.html",
        {
            "enrolment": enrolment,
            "content": content,
            "rows": rows,
            "following": following if enrolment.stopped_at is None and not excluded else None,
            "done": len(done),
            "excluded": excluded,
            "earned_minutes": earned.minutes if earned else 0,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, public_id: str) -> HttpResponse:
    enrolment = enrolment_or_404(request, public_id)
    if request.method == "POST":
        account: Any = request.user
        acts.leave(enrolment=enrolment, reason="left", by=account, at=clock.now())
        return SeeOther(reverse("lms:home"))
    return render(
        request,
        "core/confirm.html",
        {
            "title": _("Leave this course?"),
            "message": enrolment.version.title,
            "consequences": [
                _("You can begin it again later, from its first lesson."),
                _("Lessons you finished in it will not be carried over; no hours are earned."),
            ],
            "submit": _("Leave the course"),
            "back_to": reverse("lms:course", args=[public_id]),
        },
    )


def enrolment_or_404(request: HttpRequest, public_id: str) -> Enrolment:
    """Hers and no other's; the frozen content is read by `content_of`, not with every beat."""
    account: Any = request.user
    mine = Enrolment.objects.visible_to(account).select_related("version", "course", "person")
    return get_object_or_404(mine.defer("version__content"), public_id=public_id)


def next_lesson(enrolment: Enrolment, key: str) -> str | None:
    """The key of the first lesson after `key` that is not completed, or of any other one."""
    done = set(enrolment.completions.values_list("lesson_key", flat=True))
    keys = [lesson.key for lesson in content_of(enrolment.version).lessons]
    place = keys.index(key)
    return next((other for other in (*keys[place + 1 :], *keys[:place]) if other not in done), None)
