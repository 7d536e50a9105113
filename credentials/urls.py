"""Addresses of the room."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path, re_path

from credentials.views import bans, decisions, facility, holder, issuing, overturning, public

app_name = "credentials"
_CERTIFICATE = "certificates/<str:public_id>/"
_CASE = "oversight/bans/<str:case_id>/"
_SUBJECT = f"{_CASE}<str:subject_id>/"
_FACILITY = "facility/<str:facility_id>/"

urlpatterns: list[URLPattern | URLResolver] = [
    # Upper case keeps the QR code small; people type lower case.
    re_path(r"^[Cc]/(?P<code>[^/]{1,200})/?$", public.verify, name="verify"),
    path("verify/", public.enter_code, name="enter_code"),
    path("certificates/", holder.mine, name="mine"),
    path("certificates/find/", issuing.find, name="find"),
    path(_CERTIFICATE, holder.certificate, name="certificate"),
    path(f"{_CERTIFICATE}code/", holder.show_code, name="show_code"),
    path(f"{_CERTIFICATE}picture.png", holder.picture, name="picture"),
    path(f"{_CERTIFICATE}certificate.pdf", holder.pdf, name="pdf"),
    path(f"{_CERTIFICATE}revoke/", issuing.revoke, name="revoke"),
    path(f"{_CERTIFICATE}suspend/", issuing.suspend, name="suspend"),
    path(f"{_CERTIFICATE}reinstate/", issuing.reinstate, name="reinstate"),
    path(f"{_CERTIFICATE}correct/", issuing.correct, name="correct"),
    path("oversight/bans/", bans.bans, name="bans"),
    path("oversight/bans/open/", bans.open_one, name="ban_open"),
    path(_CASE, bans.case, name="ban_case"),
    path(f"{_CASE}propose/", bans.propose, name="ban_propose"),
    path(f"{_SUBJECT}edit/", bans.edit, name="ban_edit"),
    path(f"{_SUBJECT}answer/", bans.record, name="ban_answer"),
    path(f"{_SUBJECT}renew/", bans.renew, name="ban_renew"),
    path(f"{_SUBJECT}decide/", decisions.decide, name="ban_decide"),
    path(f"{_SUBJECT}overturn/", overturning.propose, name="ban_overturn"),
    path(f"{_SUBJECT}overturn/decide/", overturning.decide, name="ban_overturn_decide"),
    path(f"{_FACILITY}check/", facility.check, name="check"),
    path(f"{_FACILITY}check/<str:check_id>/", facility.check_result, name="check_result"),
    path(f"{_FACILITY}tasks/", facility.tasks, name="tasks"),
    path(f"{_FACILITY}tasks/<str:task_id>/acknowledge/", facility.acknowledge, name="acknowledge"),
]
