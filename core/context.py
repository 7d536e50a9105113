"""What every page may say about itself; nothing here reads the session or the database."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.http import url_has_allowed_host_and_scheme


def page(request: HttpRequest) -> dict[str, Any]:
    """`demonstration`: show its banner. `back_url`: the page of ours the reader came from, or ""."""
    return {
        "demonstration": settings.DEMONSTRATION,
        "back_url": SimpleLazyObject(lambda: _came_from(request)),
    }


def _came_from(request: HttpRequest) -> str:
    referrer: str = request.META.get("HTTP_REFERER", "")
    ours = url_has_allowed_host_and_scheme(referrer, {request.get_host()}, require_https=request.is_secure())
    return referrer if ours else ""
