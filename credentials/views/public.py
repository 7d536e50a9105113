"""What a parent sees who scans the code on the wall. No session is read here, no script is needed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

import structlog
from django import db as database
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from core import clock
from core.days import day_of
from core.discretion import told
from core.middleware import wants_json
from core.refusals import Refused
from credentials.limits import address_of, count_wrong, may_look_up
from credentials.queries.public import Answer, look_up
from credentials.rules import code as codes
from credentials.rules import number as numbers
from credentials.rules.state import State, could_not_check
from credentials.views.plain_scan import fill

log = structlog.get_logger(__name__)

LANGUAGES = frozenset({"zh-hans", "en"})
UNKNOWN, TOO_MANY = 404, 429


@dataclass(frozen=True, slots=True)
class Words:
    """What a state means to whoever holds the phone. Never why: a page on a wall has no ground to tell."""

    title: Any
    text: Any
    advice: Any


WORDS: dict[State | str, Words] = {
    State.VALID: Words(
        _("Valid"),
        _("This certificate is genuine and counts on this day."),
        _("Compare the name on an identity document with the name on the certificate."),
    ),
    State.EXPIRED: Words(
        _("Expired"),
        _("This certificate is genuine, but its time has run out. It gives no right to the post."),
        _("Ask the facility for the newer certificate."),
    ),
    "not_yet": Words(
        _("Not valid yet"),
        _("This certificate is genuine, but its time has not begun. It gives no right to the post yet."),
        _("Ask for the certificate that counts now."),
    ),
    State.SUSPENDED: Words(
        _("Suspended"),
        _("This certificate is suspended. Its holder may not work on it on this day."),
        _("Ask the facility who looks after the children meanwhile."),
    ),
    State.REPLACED: Words(
        _("Replaced"),
        _("A newer edition replaced this certificate. This sheet of paper no longer counts."),
        _("Ask for the newer edition and scan that one."),
    ),
    State.REVOKED: Words(
        _("Revoked"),
        _("This certificate was revoked. Its holder may not work on it."),
        _("If its holder looks after children, tell the health department of the county."),
    ),
    State.COULD_NOT_CHECK: Words(
        _("Could not check"),
        _("We cannot tell right now whether it counts. Take it neither for valid nor for false."),
        _("Scan it again in a few minutes. If that does not help, call the health department of the county."),
    ),
}


@require_safe
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """One certificate by the code in its QR; `?on=2026-03-01` for another day, `?lang=en` for English."""
    request.session = {}  # type: ignore[assignment]  # the page needs none, and none is read for it
    at = clock.now()
    wanted = request.GET.get("lang", "")
    with translation.override(wanted if wanted in LANGUAGES else translation.get_language()):
        response = _answer(request, code, at)
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    patch_vary_headers(response, ["Accept", "Accept-Language", "Cookie"])
    return response


def _answer(request: HttpRequest, typed: str, at: datetime) -> HttpResponse:
    today = day_of(at)
    on, day_refused = _day(request.GET.get("on", ""), today)
    answer = ask(request, typed, on=on, at=at)
    if answer is UNKNOWN:
        return _unknown(request)
    if not isinstance(answer, Answer):
        return _too_many(request)
    status = 503 if answer.state.state is State.COULD_NOT_CHECK else 200
    if wants_json(request):
        return JsonResponse(as_json(answer, at), status=status, json_dumps_params={"ensure_ascii": False})
    state = answer.state
    context = {
        "answer": answer,
        "state": state,
        "facts": answer.facts,
        "words": WORDS["not_yet" if state.not_yet else state.state],
        "code": codes.grouped(answer.facts.verify_code) if answer.facts else "",
        "number": numbers.grouped(answer.facts.number) if answer.facts else "",
        "on": on,
        "is_today": on == today,
        "today": today,
        "day_refused": day_refused,
        "checked_at": at,
        "host": urlsplit(settings.PUBLIC_URL).netloc,
    }
    if answer.facts is not None and not request.GET:
        return HttpResponse(fill(request, context), status=status)
    return render(request, "credentials/verify.html", context, status=status)


def ask(request: HttpRequest, typed: str, *, on: date, at: datetime) -> Answer | int:
    """The answer, or UNKNOWN, or TOO_MANY; a record that cannot be read is an answer too."""
    address = address_of(request)
    if not may_look_up(address, at):
        return TOO_MANY
    try:
        answer = look_up(codes.parse_code(typed), on=on)
    except Refused:
        answer = None
    except (database.Error, ValueError) as error:  # down, closed, or rows that nobody wrote so
        answer = Answer(could_not_check(on), None, f"the record cannot be read: {told(error)}")
    if answer is None:
        return UNKNOWN if count_wrong(address, at) else TOO_MANY
    if answer.why:
        log.error("verify_could_not_check", why=answer.why)
    return answer


def as_json(answer: Answer, at: datetime) -> dict[str, Any]:
    """The same for machines: no more than the page says."""
    state, facts = answer.state, answer.facts
    body: dict[str, Any] = {
        "state": state.state.value,
        "not_yet": state.not_yet,
        "on": state.day.isoformat(),
        "since": state.since.isoformat() if state.since else None,
        "until": state.until.isoformat() if state.until else None,
        "checked_at": at.isoformat(timespec="seconds"),
        "host": urlsplit(settings.PUBLIC_URL).netloc,
    }
    if facts is not None:
        body["certificate"] = {
            "number": facts.number,
            "edition": facts.edition,
            "masked_name": facts.masked_name,
            "occupation": facts.occupation,
            "occupation_title": facts.occupation_title,
            "standard": facts.standard_code,
            "authority": facts.authority,
            "class_hours": facts.class_hours,
            "class_hour_minutes": facts.class_hour_minutes,
            "minutes": facts.minutes,
            "issued_on": facts.issued_on.isoformat(),
            "valid_from": facts.valid_from.isoformat(),
            "valid_until": facts.valid_until.isoformat(),
        }
    return body


def _day(text: str, today: date) -> tuple[date, bool]:
    """The day that is asked about, and whether what was asked could not be used: today then."""
    if not text:
        return today, False
    try:
        on = date.fromisoformat(text)
    except ValueError:
        return today, True
    return (on, False) if date(2000, 1, 1) <= on <= today else (today, True)


def _unknown(request: HttpRequest) -> HttpResponse:
    """The same bytes for a wrong, a foreign and a mistyped code."""
    if wants_json(request):
        return JsonResponse({"error": "unknown_code"}, status=404)
    host = urlsplit(settings.PUBLIC_URL).netloc
    return render(request, "credentials/verify_unknown.html", {"host": host}, status=404)


def _too_many(request: HttpRequest) -> HttpResponse:
    if wants_json(request):
        response: HttpResponse = JsonResponse({"error": "too_many"}, status=429)
    else:
        response = render(request, "credentials/verify_too_many.html", status=429)
    response["Retry-After"] = "60"
    return response


@require_safe
def enter_code(request: HttpRequest) -> HttpResponse:
    """For whoever has the paper and no camera: type the code that stands beside the QR."""
    typed = request.GET.get("code", "")
    refusal: Any = None
    if "code" in request.GET:
        try:
            return redirect("credentials:verify", code=codes.parse_code(typed))
        except Refused as refused:
            refusal = _NUMBER_INSTEAD if _is_number(typed) else refused.message
    return render(
        request,
        "credentials/enter_code.html",
        {"typed": typed, "refusal": refusal, "host": urlsplit(settings.PUBLIC_URL).netloc},
        status=422 if refusal else 200,
    )


_NUMBER_INSTEAD = _(
    "This is the certificate number, which anybody can count up. "
    "Type the 12-character code that stands beside the QR code."
)


def _is_number(text: str) -> bool:
    try:
        numbers.parse_number(text)
    except Refused:
        return False
    return True
