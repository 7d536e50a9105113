"""Addresses of the room."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path, re_path

from oversight.views import facility, people, rates, rehearsal

app_name = "oversight"
_CODE = r"^oversight/(?P<code>\d{6})/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("oversight/", rates.home, name="home"),
    path("oversight/search/", people.search, name="search"),
    path("oversight/rehearsal/", rehearsal.rehearsal, name="rehearsal"),
    path("oversight/facility/<str:public_id>/", people.facility_people, name="facility_people"),
    path("oversight/person/<str:public_id>/", people.person, name="person"),
    re_path(rf"{_CODE}$", rates.division, name="division"),
    re_path(rf"{_CODE}people/$", people.people, name="people"),
    re_path(rf"{_CODE}export\.(?P<kind>csv|xlsx)$", rates.export, name="export"),
    path("facility/", facility.facilities, name="facility"),
    path("facility/<str:public_id>/", facility.facility_home, name="facility_home"),
    path(
        "facility/<str:facility_id>/people/<str:public_id>/",
        facility.staff_member,
        name="staff_member",
    ),
]
