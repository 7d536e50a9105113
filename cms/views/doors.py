"""Wagtail's doors, led to ours."""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme


def login(request: HttpRequest) -> HttpResponse:
    """To the sign-in door, and back to where Wagtail wanted to go."""
    back = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = reverse("wagtailadmin_home")
    return redirect(f"{reverse(settings.LOGIN_URL)}?{urlencode({'next': back})}")


def account(request: HttpRequest) -> HttpResponse:
    return redirect("account_change_password")
