"""Addresses of the room."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, URLResolver, path

from trainers.views import bodies, content, experts, materials, nominations, reviews

app_name = "trainers"
CONTENT = settings.CONTENT_PATH.strip("/")

urlpatterns: list[URLPattern | URLResolver] = [
    path(f"{CONTENT}/<str:public_id>/<str:prefix>/captions.vtt", content.captions, name="captions"),
    path(f"{CONTENT}/<str:public_id>/<str:prefix>/page-<int:number>.png", content.page, name="page"),
    path(f"{CONTENT}/<str:public_id>/<str:prefix>/file/<str:file_name>", content.content, name="content"),
    path("materials/", materials.materials, name="materials"),
    path("materials/upload/", materials.upload, name="upload"),
    path("materials/<str:public_id>/", materials.material, name="material"),
    path("materials/<str:public_id>/upload/", materials.upload_version, name="upload_version"),
    path("reviews/", reviews.reviews, name="reviews"),
    path("reviews/<str:public_id>/", reviews.review, name="review"),
    path("oversight/experts/", experts.pools, name="pools"),
    path("oversight/experts/found/", experts.found_pool, name="found_pool"),
    path("oversight/experts/nominations/<str:public_id>/", nominations.nomination, name="nomination"),
    path("oversight/experts/nominations/<str:public_id>/appoint/", nominations.appoint, name="appoint"),
    path("oversight/experts/nominations/<str:public_id>/decline/", nominations.decline, name="decline"),
    path("oversight/experts/appointments/<str:public_id>/", experts.appointment, name="appointment"),
    path("oversight/experts/appointments/<str:public_id>/end/", experts.end, name="end_appointment"),
    path("oversight/experts/pools/<slug:code>/", experts.pool, name="pool"),
    path("oversight/experts/pools/<slug:code>/nominate/", nominations.nominate, name="nominate"),
    path("oversight/bodies/", bodies.bodies, name="bodies"),
    path("oversight/bodies/accredit/", bodies.accredit, name="accredit"),
    path("oversight/bodies/<str:public_id>/end/", bodies.end, name="end_accreditation"),
]
