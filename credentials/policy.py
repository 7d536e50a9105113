"""Who may enter which route of this room."""

from __future__ import annotations

from core.policy import Line, everyone, only, signed_in
from registry.rules.kinds import OFFICERS, Kind

_ONES_OWN = signed_in(placed=True, why="one's own, one's staff's, or those of one's divisions")
_ISSUING = only(Kind.ISSUER, placed=True)
_OVERSEEING = only(*OFFICERS, placed=True)
_DECIDING = only(Kind.PROVINCE, placed=True)
_MANAGING = only(Kind.MANAGER, placed=True)

LINES: dict[str, Line] = {
    "credentials:verify": everyone(
        why="anybody may check a certificate whose code she holds; minimum of data"
    ),
    "credentials:enter_code": everyone(why="a form for the code, without data"),
    "credentials:mine": signed_in(why="one's own certificates and nobody else's"),
    "credentials:certificate": _ONES_OWN,
    "credentials:show_code": _ONES_OWN,
    "credentials:picture": _ONES_OWN,
    "credentials:pdf": _ONES_OWN,
    "credentials:find": only(Kind.ISSUER, *OFFICERS, placed=True),
    "credentials:revoke": _ISSUING,
    "credentials:suspend": _ISSUING,
    "credentials:reinstate": _ISSUING,
    "credentials:correct": _ISSUING,
    "credentials:bans": _OVERSEEING,
    "credentials:ban_open": _OVERSEEING,
    "credentials:ban_case": _OVERSEEING,
    "credentials:ban_propose": _OVERSEEING,
    "credentials:ban_edit": _OVERSEEING,
    "credentials:ban_answer": _OVERSEEING,
    "credentials:ban_renew": _OVERSEEING,
    "credentials:ban_decide": _DECIDING,
    "credentials:ban_overturn": _OVERSEEING,
    "credentials:ban_overturn_decide": _DECIDING,
    "credentials:check": _MANAGING,
    "credentials:check_result": _MANAGING,
    "credentials:tasks": _MANAGING,
    "credentials:acknowledge": _MANAGING,
    "api:certificate": everyone(why="the public page, for machines; the same limits and the same minimum"),
    "api:facility_staff": _MANAGING,
}
