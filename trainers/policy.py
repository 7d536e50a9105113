"""Who may enter which route of this room."""

from __future__ import annotations

from core.policy import Line, everyone

LINES: dict[str, Line] = {
    "trainers:content": everyone(
        why="the upload host knows no sessions: the short-lived signed address is the permission"
    ),
    "trainers:captions": everyone(why="like the video they belong to: a signed address for six hours"),
}
