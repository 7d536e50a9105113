"""Who may enter which route of this room."""

from __future__ import annotations

from core.policy import Line

LINES: dict[str, Line] = {}
