"""What the player says, as JSON: where it stands. The answer is what that was worth."""

from __future__ import annotations

import json
import re
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core import clock
from core.refusals import Refused
from lms.actions.watch import open_lesson as open_act
from lms.actions.watch import take_beats
from lms.rules.watching import Beat
from lms.views.courses import enrolment_or_404

MOST_BEATS = 40
DEVICE = re.compile(r"[A-Za-z0-9]{8,32}")
LIMITS = {
    "generation": 2**31,
    "sequence": 2**31,
    "position_ms": 2**53,
    "rate_percent": 2**31,
    "sent_ms": 2**53,
}


class _Unreadable(ValueError):
    """The body is not what the player sends."""


@require_POST
def open_lesson(request: HttpRequest, public_id: str, key: str) -> JsonResponse:
    enrolment = enrolment_or_404(request, public_id)
    account: Any = request.user
    try:
        body = _body(request)
        device = body.get("device")
        if not isinstance(device, str) or not DEVICE.fullmatch(device):
            raise _Unreadable("device")
        session = open_act(
            enrolment=enrolment,
            lesson_key=key,
            device=device,
            take_over=body.get("take_over") is True,
            by=account,
            at=clock.now(),
        )
    except _Unreadable:
        return _unreadable()
    except Refused as refusal:
        return _refused(refusal)
    return JsonResponse({"generation": session.generation})


@require_POST
def beat(request: HttpRequest, public_id: str, key: str) -> JsonResponse:
    """One heartbeat, or those kept while the network was away."""
    enrolment = enrolment_or_404(request, public_id)
    account: Any = request.user
    try:
        rows = _body(request).get("beats")
        if not isinstance(rows, list) or not 1 <= len(rows) <= MOST_BEATS:
            raise _Unreadable("beats")
        progress = take_beats(
            enrolment=enrolment,
            lesson_key=key,
            beats=[_beat(row) for row in rows],
            by=account,
            at=clock.now(),
        )
    except _Unreadable:
        return _unreadable()
    except Refused as refusal:
        return _refused(refusal)
    return JsonResponse(
        {
            "verdict": progress.verdict.value,
            "credited_ms": progress.credited_ms,
            "needed_ms": progress.needed_ms,
            "watched": progress.watched,
            "gaps": progress.gaps,
            "completed": progress.completed,
            "course_completed": progress.course_completed,
        }
    )


def _body(request: HttpRequest) -> dict[str, Any]:
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError):
        raise _Unreadable("json") from None
    if not isinstance(body, dict):
        raise _Unreadable("json")
    return body


def _beat(row: Any) -> Beat:
    """A heartbeat from JSON: whole numbers in their bounds (a boolean is none), and one yes or no."""
    if not isinstance(row, dict) or type(row.get("visible")) is not bool:
        raise _Unreadable("visible")
    numbers = {}
    for name, bound in LIMITS.items():
        value = row.get(name)
        if type(value) is not int or not 0 <= value < bound:
            raise _Unreadable(name)
        numbers[name] = value
    return Beat(visible=row["visible"], **numbers)


def _unreadable() -> JsonResponse:
    message = _("The player sent something the server cannot read. Reload the page.")
    return JsonResponse({"error": "bad_request", "message": message}, status=400)


def _refused(refusal: Refused) -> JsonResponse:
    return JsonResponse({"error": refusal.code, "message": str(refusal)}, status=409)
