"""Addresses of the room."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, URLResolver, path

from trainers.views import content

app_name = "trainers"
CONTENT = settings.CONTENT_PATH.strip("/")

urlpatterns: list[URLPattern | URLResolver] = [
    path(f"{CONTENT}/<str:public_id>/<str:prefix>/captions.vtt", content.captions, name="captions"),
    path(f"{CONTENT}/<str:public_id>/<str:prefix>/file/<str:file_name>", content.content, name="content"),
]
