"""Who may enter which route of this room."""

from __future__ import annotations

from core.policy import Line, everyone, only
from registry.rules.kinds import OFFICERS, Kind

LINES: dict[str, Line] = {
    "trainers:content": everyone(
        why="the upload host knows no sessions: the short-lived signed address is the permission"
    ),
    "trainers:captions": everyone(why="like the video they belong to: a signed address for six hours"),
    "trainers:page": everyone(why="like the document it belongs to: a signed address for six hours"),
    "trainers:materials": only(Kind.TRAINER),
    "trainers:upload": only(Kind.TRAINER),
    "trainers:upload_version": only(Kind.TRAINER, placed=True, why="one's own"),
    "trainers:material": only(Kind.TRAINER, Kind.REVIEWER, Kind.EDITOR, placed=True, why="a trainer's own"),
    "trainers:reviews": only(Kind.REVIEWER),
    "trainers:review": only(Kind.REVIEWER),
    "trainers:pools": only(*OFFICERS),
    "trainers:found_pool": only(Kind.PREFECTURE, Kind.PROVINCE),
    "trainers:pool": only(*OFFICERS, placed=True, why="pools of one's division and above"),
    "trainers:nominate": only(*OFFICERS, placed=True, why="pools of one's division and above"),
    "trainers:nomination": only(*OFFICERS, placed=True, why="into a pool one governs, or one's own"),
    "trainers:appoint": only(Kind.PREFECTURE, Kind.PROVINCE, placed=True, why="pools one governs"),
    "trainers:decline": only(Kind.PREFECTURE, Kind.PROVINCE, placed=True, why="pools one governs"),
    "trainers:appointment": only(*OFFICERS, placed=True, why="pools of one's division and above"),
    "trainers:end_appointment": only(Kind.PREFECTURE, Kind.PROVINCE, placed=True, why="pools one governs"),
    "trainers:bodies": only(*OFFICERS),
    "trainers:accredit": only(Kind.PREFECTURE, Kind.PROVINCE),
    "trainers:end_accreditation": only(Kind.PREFECTURE, Kind.PROVINCE, placed=True, why="one's divisions"),
}
