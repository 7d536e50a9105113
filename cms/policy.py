"""Who may enter which route of this room."""

from __future__ import annotations

from core.policy import Line, everyone, only, signed_in
from registry.rules.kinds import Kind

LINES: dict[str, Line] = {
    "cms:courses": everyone(why="the catalogue is public"),
    "cms:experts": everyone(why="the pool of experts is announced to the public"),
    "cms:news": everyone(why="news are public"),
    "cms:reviews": only(Kind.REVIEWER),
    "cms:review": only(Kind.REVIEWER, why="her own courses are refused by the act"),
    "cms:desk_login": everyone(why="leads to the one sign-in door"),
    "cms:desk_logout": signed_in(why="leaving is always allowed"),
    "cms:desk_account": signed_in(why="leads to the account's own pages"),
}
