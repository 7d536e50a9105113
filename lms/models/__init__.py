from lms.models.attempt import QuizAttempt
from lms.models.contest import Contest, ContestStep
from lms.models.correction import Correction
from lms.models.course import Course, CourseVersion
from lms.models.duty import DutyRecord
from lms.models.enrolment import Enrolment, LessonCompletion
from lms.models.entry import HourEntry
from lms.models.presence import PresenceCheck
from lms.models.session import ClassSession, Seat
from lms.models.watching import ActiveSession, WatchedInterval

__all__ = [
    "ActiveSession",
    "ClassSession",
    "Contest",
    "ContestStep",
    "Correction",
    "Course",
    "CourseVersion",
    "DutyRecord",
    "Enrolment",
    "HourEntry",
    "LessonCompletion",
    "PresenceCheck",
    "QuizAttempt",
    "Seat",
    "WatchedInterval",
]
