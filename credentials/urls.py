"""Addresses of the room."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path, re_path

from credentials.views import public

app_name = "credentials"
urlpatterns: list[URLPattern | URLResolver] = [
    # Upper case keeps the QR code small; people type lower case.
    re_path(r"^[Cc]/(?P<code>[^/]{1,200})/?$", public.verify, name="verify"),
    path("verify/", public.enter_code, name="enter_code"),
]
