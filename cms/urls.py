"""Addresses of the room. The three structure pages get names, so that others can link to them."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path
from wagtail.views import serve

from cms.views import reviews

app_name = "cms"
urlpatterns: list[URLPattern | URLResolver] = [
    path("courses/", serve, {"path": "courses/"}, name="courses"),
    path("experts/", serve, {"path": "experts/"}, name="experts"),
    path("news/", serve, {"path": "news/"}, name="news"),
    path("cms-reviews/", reviews.reviews, name="reviews"),
    path("cms-reviews/<int:page>/", reviews.review, name="review"),
]
