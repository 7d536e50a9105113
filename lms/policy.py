"""Who may enter which route of this room."""

from __future__ import annotations

from core.policy import Line, only
from registry.rules.kinds import OFFICERS, Kind

_HOUSE = only(Kind.MANAGER, *OFFICERS, placed=True)

LINES: dict[str, Line] = {
    "lms:home": only(Kind.LEARNER),
    "lms:ledger": only(Kind.LEARNER),
    "lms:enrol": only(Kind.LEARNER),
    "lms:course": only(Kind.LEARNER, placed=True),
    "lms:leave": only(Kind.LEARNER, placed=True),
    "lms:lesson": only(Kind.LEARNER, placed=True),
    "lms:open_lesson": only(Kind.LEARNER, placed=True),
    "lms:beat": only(Kind.LEARNER, placed=True),
    "lms:presence": only(Kind.LEARNER, placed=True),
    "lms:begin_attempt": only(Kind.LEARNER, placed=True),
    "lms:attempt": only(Kind.LEARNER, placed=True),
    "lms:classes": only(Kind.LEARNER),
    "lms:sign": only(Kind.LEARNER, why="the rotating code decides, by server time"),
    "lms:corrections": only(*OFFICERS),
    "lms:correction": only(*OFFICERS, placed=True),
    "lms:person_hours": only(*OFFICERS, placed=True),
    "lms:correct": only(*OFFICERS, placed=True),
    "lms:sessions": only(Kind.TRAINER),
    "lms:plan_session": only(Kind.TRAINER),
    "lms:session": only(Kind.TRAINER, placed=True),
    "lms:departure": only(Kind.TRAINER, placed=True),
    "lms:session_code": only(Kind.TRAINER, placed=True),
    "lms:facility_duties": _HOUSE,
    "lms:take_back_duty": _HOUSE,
    "lms:confirm_duty": only(*OFFICERS, placed=True),
    "lms:contest": only(Kind.LEARNER, placed=True),
    "lms:contests": only(*OFFICERS, why="one's own divisions and no other"),
    "lms:answer_contest": only(*OFFICERS, placed=True),
}
