"""The player: a page that asks the server what was watched, and never decides it."""

from __future__ import annotations

import json
import re
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from core import clock
from core.refusals import Refused
from lms.actions import watch
from lms.models import Enrolment, QuizAttempt
from lms.rules.course import LessonDraft, LessonKind
from lms.rules.intervals import gaps
from lms.rules.quiz import Attempt, AttemptRules, may_attempt
from lms.rules.watching import Beat
from lms.views.courses import enrolment_or_404, next_lesson
from trainers.models import MaterialVersion
from trainers.queries import captions_url, content_url, page_urls

MOST_BEATS = 40
DEVICE = re.compile(r"[A-Za-z0-9]{8,32}")


@require_safe
def lesson(request: HttpRequest, public_id: str, key: str) -> HttpResponse:
    enrolment = enrolment_or_404(request, public_id)
    part = watch.lesson_of(enrolment, key)
    following = next_lesson(enrolment, key)
    context: dict[str, Any] = {
        "enrolment": enrolment,
        "lesson": part,
        "completed": enrolment.completions.filter(lesson_key=key).exists(),
        "next_url": reverse("lms:lesson", args=[public_id, following]) if following else None,
        "course_url": reverse("lms:course", args=[public_id]),
    }
    if part.kind is LessonKind.QUIZ:
        return render(request, "lms/quiz.html", {**context, **_quiz(enrolment, part)})
    return render(request, "lms/lesson.html", {**context, **_player(request, enrolment, part)})


def _player(request: HttpRequest, enrolment: Enrolment, part: LessonDraft) -> dict[str, Any]:
    watched = watch.intervals_of(enrolment, part.key)
    needed = watch.needed_ms(part)
    missing = gaps(watched, needed)
    material = (
        MaterialVersion.objects.filter(public_id=part.material.public_id).first() if part.material else None
    )
    arguments = [enrolment.public_id, part.key]
    return {
        "watched_seconds": [(start // 1000, -(-end // 1000)) for start, end in watched],
        "needed_seconds": -(-needed // 1000),
        "credited_ms": sum(end - start for start, end in watched),
        "credited_seconds": sum(end - start for start, end in watched) // 1000,
        "resume_ms": missing[0][0] if missing else 0,
        "blocks": [(block, _image(block.material)) for block in part.blocks],
        "material": material,
        "captions": captions_url(material, at=clock.now()) if material and material.captions else None,
        "source": content_url(material, at=clock.now()) if material else None,
        "pages": page_urls(material, at=clock.now()) if material and part.kind is LessonKind.PDF else [],
        "player": {
            "kind": part.kind.value,
            "open": reverse("lms:open_lesson", args=arguments),
            "beat": reverse("lms:beat", args=arguments),
            "needed_ms": needed,
            "resume_ms": missing[0][0] if missing else 0,
        },
    }


def _image(public_id: str) -> str | None:
    version = MaterialVersion.objects.filter(public_id=public_id).first() if public_id else None
    return content_url(version, at=clock.now()) if version else None


def _quiz(enrolment: Enrolment, part: LessonDraft) -> dict[str, Any]:
    attempts = list(QuizAttempt.objects.filter(enrolment=enrolment, lesson_key=part.key))
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


@require_POST
def open_lesson(request: HttpRequest, public_id: str, key: str) -> HttpResponse:
    enrolment = enrolment_or_404(request, public_id)
    account: Any = request.user
    try:
        body = _body(request)
        device = str(body.get("device", ""))
        if not DEVICE.fullmatch(device):
            raise Refused("bad_request", "The player must name its device.")
        session = watch.open_lesson(
            enrolment=enrolment,
            lesson_key=key,
            device=device,
            take_over=body.get("take_over") is True,
            by=account,
            at=clock.now(),
        )
    except Refused as refusal:
        return _refusal(refusal)
    return JsonResponse({"generation": session.generation})


@require_POST
def beat(request: HttpRequest, public_id: str, key: str) -> HttpResponse:
    """One heartbeat, or those kept while the network was away."""
    enrolment = enrolment_or_404(request, public_id)
    account: Any = request.user
    try:
        beats = [_beat(row) for row in _body(request).get("beats", [])[:MOST_BEATS]]
        progress = watch.take_beats(enrolment=enrolment, lesson_key=key, beats=beats, by=account, at=clock.now())
    except (TypeError, ValueError, KeyError, AttributeError):
        return _refusal(Refused("bad_request", "The heartbeat could not be read."), status=400)
    except Refused as refusal:
        return _refusal(refusal)
    return JsonResponse(
        {
            "verdict": progress.verdict.value,
            "credited_ms": progress.credited_ms,
            "needed_ms": progress.needed_ms,
            "gaps": progress.gaps,
            "completed": progress.completed,
            "course_completed": progress.course_completed,
        }
    )


def _body(request: HttpRequest) -> dict[str, Any]:
    try:
        body = json.loads(request.body or b"{}")
    except (UnicodeDecodeError, json.JSONDecodeError):
        body = None
    if not isinstance(body, dict):
        raise Refused("bad_request", "The player sent something that is not JSON.")
    return body


def _beat(row: Any) -> Beat:
    """A heartbeat from JSON. Raises TypeError, ValueError or KeyError; a boolean is not a number."""
    numbers = {name: row[name] for name in ("generation", "sequence", "position_ms", "rate_percent", "sent_ms")}
    for name, value in numbers.items():
        if type(value) is not int or not 0 <= value < 2**53:
            raise ValueError(name)
    if type(row["visible"]) is not bool:
        raise ValueError("visible")
    return Beat(visible=row["visible"], **numbers)


def _refusal(refusal: Refused, status: int = 409) -> JsonResponse:
    return JsonResponse({"error": refusal.code, "message": str(refusal)}, status=status)
