"""What the player says, as JSON: where it stands, that she is there. The answer is what that was worth."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core import clock
from core.refusals import Refused
from lms.actions.confirm_presence import answer_presence, ask_presence
from lms.actions.watch import Progress, take_beats
from lms.actions.watch import open_lesson as open_act
from lms.models import PresenceCheck
from lms.rules.presence import ASKED, CHOICES, NAMES
from lms.rules.watching import Beat, milliseconds
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
    at = clock.now()
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
            at=at,
        )
    except _Unreadable:
        return _unreadable()
    except Refused as refusal:
        return _refused(refusal)
    return JsonResponse({"generation": session.generation, "presence": _presence(session.presence, at)})


@require_POST
def beat(request: HttpRequest, public_id: str, key: str) -> JsonResponse:
    """One heartbeat, or those kept while the network was away."""
    enrolment = enrolment_or_404(request, public_id)
    account: Any = request.user
    at = clock.now()
    try:
        rows = _body(request).get("beats")
        if not isinstance(rows, list) or not 1 <= len(rows) <= MOST_BEATS:
            raise _Unreadable("beats")
        beats = [_beat(row) for row in rows]
        progress = take_beats(enrolment=enrolment, lesson_key=key, beats=beats, by=account, at=at)
    except _Unreadable:
        return _unreadable()
    except Refused as refusal:
        return _refused(refusal)
    return _told(progress, at)


@require_POST
def presence(request: HttpRequest, public_id: str, key: str) -> JsonResponse:
    """The answer to a check, by its token; without a token, the wish to take the one that is owed."""
    enrolment = enrolment_or_404(request, public_id)
    account: Any = request.user
    at = clock.now()
    try:
        body = _body(request)
        common: dict[str, Any] = {
            "enrolment": enrolment,
            "lesson_key": key,
            "generation": _number(body, "generation", 2**31),
            "by": account,
            "at": at,
        }
        if "token" not in body:
            progress = ask_presence(**common)
        elif not isinstance(body["token"], str):
            raise _Unreadable("token")
        else:
            choice = _number(body, "choice", CHOICES)
            progress = answer_presence(**common, token=body["token"], choice=choice)
    except _Unreadable:
        return _unreadable()
    except Refused as refusal:
        return _refused(refusal)
    return _told(progress, at)


def _told(progress: Progress, at: datetime) -> JsonResponse:
    return JsonResponse(
        {
            "verdict": progress.verdict.value,
            "credited_ms": progress.credited_ms,
            "needed_ms": progress.needed_ms,
            "watched": progress.watched,
            "gaps": progress.gaps,
            "completed": progress.completed,
            "course_completed": progress.course_completed,
            "presence": _presence(progress.presence, at),
        }
    )


def _presence(check: PresenceCheck | None, at: datetime) -> dict[str, Any] | None:
    """The open question without its answer, or how the last one failed; nothing of a check to come."""
    if check is None:
        return None
    if check.outcome is not None:
        return {"state": "owed", "why": check.outcome}
    return {
        "state": "open",
        "token": check.public_id,
        "question": ASKED[check.kind],
        "choices": [NAMES[word] for word in check.words],
        "left_ms": min(check.expires_ms - milliseconds(at), check.expires_ms - check.issued_ms),
    }


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
    numbers = {name: _number(row, name, bound) for name, bound in LIMITS.items()}
    return Beat(visible=row["visible"], **numbers)


def _number(body: dict[str, Any], name: str, bound: int) -> int:
    value = body.get(name)
    if type(value) is not int or not 0 <= value < bound:
        raise _Unreadable(name)
    return value


def _unreadable() -> JsonResponse:
    message = _("The player sent something the server cannot read. Reload the page.")
    return JsonResponse({"error": "bad_request", "message": message}, status=400)


def _refused(refusal: Refused) -> JsonResponse:
    return JsonResponse({"error": refusal.code, "message": str(refusal)}, status=409)
