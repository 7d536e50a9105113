"""Who may enter which route of this room."""

from __future__ import annotations

from core.policy import Line, everyone

LINES: dict[str, Line] = {
    "credentials:verify": everyone(why="anybody may check a certificate whose code she holds; minimum of data"),
    "credentials:enter_code": everyone(why="a form for the code, without data"),
}
