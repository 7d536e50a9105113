"""A quiz attempt: begin, answer, see what was right."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from core import clock
from core.refusals import Refused
from lms.actions import take_quiz
from lms.models import Enrolment, QuizAttempt
from lms.queries import lesson_of
from lms.rules.quiz import Graded, Paper
from lms.views.courses import enrolment_or_404, next_lesson
from lms.views.lessons import lesson_or_404
from registry.views import SeeOther


@require_POST
def begin(request: HttpRequest, public_id: str, key: str) -> HttpResponse:
    enrolment = enrolment_or_404(request, public_id)
    lesson_or_404(enrolment, key)
    account: Any = request.user
    begun = take_quiz.begin_attempt(enrolment=enrolment, lesson_key=key, by=account, at=clock.now())
    return SeeOther(reverse("lms:attempt", args=[begun.public_id]))


@require_http_methods(["GET", "HEAD", "POST"])
def attempt(request: HttpRequest, public_id: str) -> HttpResponse:
    account: Any = request.user
    found = get_object_or_404(
        QuizAttempt.objects.select_related("enrolment__version", "enrolment__person", "enrolment__course")
        .defer("enrolment__version__content")
        .filter(enrolment__in=Enrolment.objects.visible_to(account)),
        public_id=public_id,
    )
    paper = Paper.from_json(found.paper)
    if request.method == "POST":
        answers = {str(item.number): request.POST.getlist(f"q{item.number}") for item in paper.items}
        unanswered = [item.number for item in paper.items if not answers[str(item.number)]]
        if unanswered and "anyway" not in request.POST and found.submitted_at is None:
            return render(request, "lms/attempt.html", _asking(found, paper, answers, unanswered), status=422)
        try:
            take_quiz.hand_in(attempt=found, answers=answers, by=account, at=clock.now())
        except Refused as refusal:
            context = _asking(found, paper, answers, []) | {"refusal": refusal}
            return render(request, "lms/attempt.html", context, status=409)
        return SeeOther(reverse("lms:attempt", args=[public_id]))
    if found.submitted_at is None:
        return render(request, "lms/attempt.html", _asking(found, paper, {}, []))
    return render(request, "lms/attempt_result.html", _result(found, paper))


def _asking(
    found: QuizAttempt, paper: Paper, answers: dict[str, list[str]], unanswered: list[int]
) -> dict[str, Any]:
    items = [
        {
            "number": item.number,
            "prompt": item.prompt,
            "multiple": item.multiple,
            "missing": item.number in unanswered,
            "options": [
                {"letter": letter, "text": text, "checked": letter in answers.get(str(item.number), [])}
                for letter, _key, text in item.options
            ],
        }
        for item in paper.items
    ]
    lesson = lesson_of(found.enrolment, found.lesson_key)
    return {"attempt": found, "lesson": lesson, "items": items, "unanswered": unanswered, **_places(found)}


def _result(found: QuizAttempt, paper: Paper) -> dict[str, Any]:
    lesson = lesson_of(found.enrolment, found.lesson_key)
    result: Graded = take_quiz.graded(found, lesson)
    by_number = {row.number: row for row in result.results}
    rows = [
        {
            "prompt": item.prompt,
            "number": item.number,
            "is_right": by_number[item.number].is_right,
            "explanation": by_number[item.number].explanation,
            "chosen": [
                text for letter, _key, text in item.options if letter in by_number[item.number].chosen
            ],
            "right": [text for letter, _key, text in item.options if letter in by_number[item.number].right],
        }
        for item in paper.items
    ]
    following = next_lesson(found.enrolment, found.lesson_key)
    return {
        "attempt": found,
        "lesson": lesson,
        "result": result,
        "rows": rows,
        "next_url": reverse("lms:lesson", args=[found.enrolment.public_id, following]) if following else None,
        **_places(found),
    }


def _places(found: QuizAttempt) -> dict[str, str]:
    return {
        "course_url": reverse("lms:course", args=[found.enrolment.public_id]),
        "quiz_url": reverse("lms:lesson", args=[found.enrolment.public_id, found.lesson_key]),
    }
