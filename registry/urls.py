"""Addresses of the room."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from registry.views import duties, me, merges, roster, staff, standards

FACILITY = "facility/<str:facility_id>/"

app_name = "registry"
urlpatterns: list[URLPattern | URLResolver] = [
    path("me/", me.me, name="me"),
    path("standards/", standards.standards, name="standards"),
    path("standards/<slug:code>/", standards.standard, name="standard"),
    path("duties/", duties.duties, name="duties"),
    path("duties/grant/", duties.grant, name="grant"),
    path("duties/<str:public_id>/revoke/", duties.revoke, name="revoke"),
    path("merges/", merges.merges, name="merges"),
    path("merges/new/<str:public_id>/", merges.merge_find, name="merge_find"),
    path("merges/new/<str:public_id>/<str:other_id>/", merges.merge_propose, name="merge_propose"),
    path("merges/<str:public_id>/", merges.merge, name="merge"),
    path("merges/<str:public_id>/undo/", merges.merge_undo, name="merge_undo"),
    path(FACILITY + "edit/", staff.facility_edit, name="facility_edit"),
    path(FACILITY + "staff/", staff.staff, name="staff"),
    path(FACILITY + "staff/new/", staff.employ_one, name="employ_one"),
    path(FACILITY + "staff/<str:public_id>/end/", staff.end_employment, name="end_employment"),
    path(FACILITY + "staff/<str:public_id>/account/", staff.open_account, name="open_account"),
    path(FACILITY + "staff/<str:public_id>/number/", staff.reveal, name="reveal"),
    path(FACILITY + "roster/", roster.roster_upload, name="roster_upload"),
    path(FACILITY + "roster/template.xlsx", roster.roster_template, name="roster_template"),
    path(FACILITY + "roster/<str:public_id>/", roster.roster, name="roster"),
    path(FACILITY + "roster/<str:public_id>/confirm/", roster.roster_confirm, name="roster_confirm"),
    path(FACILITY + "roster/<str:public_id>/discard/", roster.roster_discard, name="roster_discard"),
    path(FACILITY + "roster/<str:public_id>/refused.xlsx", roster.roster_errors, name="roster_errors"),
]
