"""Who may enter which route of this room."""

from __future__ import annotations

from core.policy import Line, only
from registry.rules.kinds import OFFICERS, Kind

_OVERSEEING = only(*OFFICERS, placed=True)
_MANAGING = only(Kind.MANAGER, placed=True)

LINES: dict[str, Line] = {
    "oversight:home": only(*OFFICERS, why="one's own divisions and no other"),
    "oversight:search": only(*OFFICERS, why="finds people of one's own divisions and no other"),
    "oversight:rehearsal": only(*OFFICERS, why="asks of one's own divisions and no other; keeps nothing"),
    "oversight:division": _OVERSEEING,
    "oversight:people": _OVERSEEING,
    "oversight:export": _OVERSEEING,
    "api:rates": _OVERSEEING,
    "oversight:facility_people": _OVERSEEING,
    "oversight:person": _OVERSEEING,
    "oversight:facility": only(Kind.MANAGER, why="one's own facilities and no other"),
    "oversight:facility_home": _MANAGING,
    "oversight:staff_member": _MANAGING,
}
