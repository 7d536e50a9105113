"""Who may enter which route of this room."""

from __future__ import annotations

from core.policy import Line, everyone, only, signed_in
from registry.rules.kinds import OFFICERS, Kind

_GRANTING = only(Kind.ADMINISTRATOR, *OFFICERS, placed=True)
_MANAGING = only(Kind.MANAGER, placed=True)
_OFFICERS = only(*OFFICERS, placed=True)
_OVERSEEING = only(Kind.MANAGER, *OFFICERS, placed=True)

LINES: dict[str, Line] = {
    "registry:me": signed_in(why="one's own data and nobody else's"),
    "registry:standards": everyone(why="the rules of law are for everybody to read"),
    "registry:standard": everyone(why="the rules of law are for everybody to read"),
    "registry:duties": _GRANTING,
    "registry:grant": _GRANTING,
    "registry:revoke": _GRANTING,
    "registry:merges": only(*OFFICERS),
    "registry:merge_find": _OFFICERS,
    "registry:merge_propose": _OFFICERS,
    "registry:merge": _OFFICERS,
    "registry:merge_undo": _OFFICERS,
    "registry:facility_edit": _MANAGING,
    "registry:staff": _OVERSEEING,
    "registry:employ_one": _MANAGING,
    "registry:end_employment": _MANAGING,
    "registry:open_account": _MANAGING,
    "registry:reveal": _OVERSEEING,
    "registry:roster_upload": _MANAGING,
    "registry:roster_template": _MANAGING,
    "registry:roster": _MANAGING,
    "registry:roster_confirm": _MANAGING,
    "registry:roster_discard": _MANAGING,
    "registry:roster_errors": _MANAGING,
}
