"""Addresses of the room. The three structure pages get names, so that others can link to them."""

from __future__ import annotations

from allauth.account.views import logout
from django.urls import URLPattern, URLResolver, path
from wagtail.views import serve

from cms.views import doors, reviews

app_name = "cms"
urlpatterns: list[URLPattern | URLResolver] = [
    path("courses/", serve, {"path": "courses/"}, name="courses"),
    path("experts/", serve, {"path": "experts/"}, name="experts"),
    path("news/", serve, {"path": "news/"}, name="news"),
    # Wagtail's own doors lead to the one sign-in door
    path("cms/login/", doors.login, name="desk_login"),
    path("cms/logout/", logout, name="desk_logout"),
    path("cms/account/", doors.account, name="desk_account"),
    path("cms-reviews/", reviews.reviews, name="reviews"),
    path("cms-reviews/<int:page>/", reviews.review, name="review"),
]
