"""The coarse door, the second factor, the second hostname, and how a refusal is shown."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any
from urllib.parse import urlencode, urlsplit

from csp import middleware as csp
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.request import split_domain_port
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import ResolverMatch, reverse
from django.utils.module_loading import import_string

from core.policy import Line
from core.refusals import Refused

GetResponse = Callable[[HttpRequest], HttpResponse]


def route_key(match: ResolverMatch) -> str:
    """How the policy table names a route: its view name, or its pattern if it has none."""
    return match.view_name if match.url_name else f"path:{match.route}"


@cache
def policy_table() -> dict[str, Line]:
    table: dict[str, Line] = import_string(settings.POLICY_TABLE)
    return table


class CSPMiddleware(csp.CSPMiddleware):
    """The one content security policy, with the directives that `CSP_LOOSENED` names for a place."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if request.path_info.startswith(tuple(settings.CSP_LOOSENED)):
            del response["Content-Security-Policy"]  # a preview comes with the policy of the page it shows
        return super().process_response(request, response)

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> csp.PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        for prefix, directives in settings.CSP_LOOSENED.items():
            if request.path_info.startswith(prefix):
                parts.replace = {**directives, **(parts.replace or {})}
        return parts


class PolicyMiddleware:
    """Enforces the policy table before any view runs. A route without a line is closed to all."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        match = request.resolver_match
        key = route_key(match) if match else ""
        line = policy_table().get(key)
        if line is None:
            return _forbidden(request)
        if line.public:
            return None
        account: Any = request.user
        if not account.is_authenticated:
            return _to_sign_in(request)
        if not line.admits(account.kinds):
            return _forbidden(request)
        if settings.SECOND_FACTOR and account.needs_second_factor:
            return _to_second_factor(request, key)
        return None


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    if wants_json(request):
        return JsonResponse({"error": "sign_in", "message": "Sign in first."}, status=401)
    return _away(request, settings.LOGIN_URL)


def _away(request: HttpRequest, route: str) -> HttpResponse:
    """To another page first, then back here. htmx is told to leave the whole page, not a part of it."""
    htmx = request.headers.get("HX-Request") == "true"
    here = request.get_full_path() if request.method in ("GET", "HEAD") else "/"
    if htmx:
        here = urlsplit(request.headers.get("HX-Current-URL", "")).path or "/"
    there = f"{reverse(route)}?{urlencode({'next': here})}"
    return HttpResponse(status=204, headers={"HX-Redirect": there}) if htmx else redirect(there)


def _forbidden(request: HttpRequest) -> HttpResponse:
    if wants_json(request):
        return JsonResponse(
            {"error": "forbidden", "message": "Your account has no duty for this."}, status=403
        )
    return render(request, "403.html", status=403)


def _to_second_factor(request: HttpRequest, key: str) -> HttpResponse | None:
    """None if this session has shown the second factor; else the way to set one up, or to show it."""
    from allauth.account.authentication import get_authentication_records
    from allauth.mfa.utils import is_mfa_enabled

    if not is_mfa_enabled(request.user):
        if key in settings.ROUTES_BEFORE_SECOND_FACTOR:
            return None
        step = "mfa_activate_totp"
    else:
        shown = any(record["method"] == "mfa" for record in get_authentication_records(request, request.user))
        if shown or key == "mfa_reauthenticate":
            return None
        step = "mfa_reauthenticate"  # signed in before the second factor was set up elsewhere
    if wants_json(request):
        message = "Your duty needs a second factor: sign in with it first."
        return JsonResponse({"error": "second_factor", "message": message}, status=403)
    return _away(request, step)


def _is_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def wants_json(request: HttpRequest) -> bool:
    return _is_api(request) or request.get_preferred_type(["text/html", "application/json"]) == (
        "application/json"
    )


_UNSPOKEN = {  # what the frameworks answer with a page, and a program cannot read
    404: ("unknown_address", "There is nothing here; see /api/v1/openapi.json."),
    405: ("method", "This address does not take that method."),
}


class RefusalMiddleware:
    """A rule said no and the view did not answer for it: 409 with the sentence, nothing lost.

    Under /api/ an unknown address and a wrong method are answered in JSON too.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        said = _UNSPOKEN.get(response.status_code)
        if said is None or not _is_api(request) or response["Content-Type"].startswith("application/json"):
            return response
        kept = {name: response[name] for name in ("Allow",) if name in response}
        error, message = said
        return JsonResponse({"error": error, "message": message}, status=response.status_code, headers=kept)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Refused):
            return None
        if wants_json(request):
            return JsonResponse({"error": error.code, "message": str(error)}, status=409)
        return render(request, "core/refused.html", {"refusal": error}, status=409)


class UploadHostMiddleware:
    """The second hostname serves uploaded content and nothing else; content is never served by the first.

    In a demonstration both names may be the same machine; the paths stay apart all the same.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        host, _port = split_domain_port(request.get_host())
        content = request.path.startswith(settings.CONTENT_PATH)
        if not settings.DEMONSTRATION and (host == settings.UPLOAD_HOST) != content:
            raise Http404
        response = self.get_response(request)
        if content:
            response["Content-Security-Policy"] = "default-src 'none'; sandbox"
            response["X-Content-Type-Options"] = "nosniff"
            response["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response
