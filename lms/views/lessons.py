"""The lesson's page: a player that asks the server what was watched, a text, a quiz's front page."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from core import clock
from core.refusals import Refused
from lms.actions.enrol import demand_open
from lms.actions.watch import intervals_of, needed_ms
from lms.models import Enrolment, QuizAttempt
from lms.queries import content_of
from lms.rules.course import BlockKind, LessonDraft, LessonKind
from lms.rules.intervals import gaps, length
from lms.rules.quiz import Attempt, AttemptRules, may_attempt
from lms.rules.watching import is_complete
from lms.views.courses import enrolment_or_404, next_lesson
from trainers.models import MaterialVersion
from trainers.queries import captions_url, content_url, page_urls


@require_safe
def lesson(request: HttpRequest, public_id: str, key: str) -> HttpResponse:
    enrolment = enrolment_or_404(request, public_id)
    part = lesson_or_404(enrolment, key)
    following = next_lesson(enrolment, key)
    context: dict[str, Any] = {
        "enrolment": enrolment,
        "lesson": part,
        "completed": enrolment.completions.filter(lesson_key=key).exists(),
        "next_url": reverse("lms:lesson", args=[public_id, following]) if following else None,
        "course_url": reverse("lms:course", args=[public_id]),
        "closed": _closed(enrolment),
    }
    if part.kind is LessonKind.QUIZ:
        return render(request, "lms/quiz.html", {**context, **_quiz(enrolment, part)})
    return render(request, "lms/lesson.html", {**context, **_player(enrolment, part)})


def lesson_or_404(enrolment: Enrolment, key: str) -> LessonDraft:
    try:
        return content_of(enrolment.version).lesson(key)
    except KeyError:
        raise Http404 from None


def _closed(enrolment: Enrolment) -> str:
    """Why nothing more may be learned here, in words; empty while she may."""
    try:
        demand_open(enrolment, clock.now())
    except Refused as refusal:
        return str(refusal)
    return ""


def _player(enrolment: Enrolment, part: LessonDraft) -> dict[str, Any]:
    at = clock.now()
    watched, needed = intervals_of(enrolment, part.key), needed_ms(part)
    missing = gaps(watched, needed)
    pictures = [block.material for block in part.blocks if block.kind is BlockKind.IMAGE]
    wanted = [*pictures, part.material.public_id] if part.material else pictures
    versions = {
        row.public_id: row
        for row in MaterialVersion.objects.filter(public_id__in=wanted)
        .defer("captions")
        .select_related("material")
    }
    material = versions.get(part.material.public_id) if part.material else None
    arguments = [enrolment.public_id, part.key]
    return {
        "needed_seconds": -(-needed // 1000),
        "credited_ms": min(length(watched), needed),
        "credited_seconds": min(length(watched), needed) // 1000,
        "blocks": [
            (block, content_url(versions[block.material], at=at) if block.material in versions else None)
            for block in part.blocks
        ],
        "material": material,
        "captions": captions_url(material, at=at) if material else "",
        "source": content_url(material, at=at) if material else "",
        "pages": page_urls(material, at=at) if material and part.kind is not LessonKind.VIDEO else [],
        "player": {
            "kind": part.kind.value,
            "open": reverse("lms:open_lesson", args=arguments),
            "beat": reverse("lms:beat", args=arguments),
            "presence": reverse("lms:presence", args=arguments),
            "needed_ms": needed,
            "completed": is_complete(watched, needed),
            "watched": watched,
            "gaps": missing,
            "resume_ms": missing[0][0] if missing else 0,
        },
    }


def _quiz(enrolment: Enrolment, part: LessonDraft) -> dict[str, Any]:
    attempts = list(
        QuizAttempt.objects.filter(enrolment=enrolment, lesson_key=part.key).defer("paper", "answers")
    )
    verdict = may_attempt(
        [Attempt(row.begun_at, row.submitted_at, bool(row.passed)) for row in attempts],
        AttemptRules(part.attempts, part.cool_off_minutes),
        clock.now(),
    )
    return {
        "attempts": attempts,
        "open_attempt": next((row for row in attempts if row.submitted_at is None), None),
        "verdict": verdict,
        "tries_left": part.attempts - len(attempts) if part.attempts is not None else None,
    }
