"""What one asks this room."""

from credentials.queries.holder import HolderFacts, read_holders
from credentials.queries.impact import Impact, impact_of_ban
from credentials.queries.proof import Problem, is_genuine, verify_all_certificates
from credentials.queries.public import Answer, look_up
from credentials.queries.record import verify_all_acts
from credentials.queries.staff import StaffLine, Standing, staff_standing

__all__ = [
    "Answer",
    "HolderFacts",
    "Impact",
    "Problem",
    "StaffLine",
    "Standing",
    "impact_of_ban",
    "is_genuine",
    "look_up",
    "read_holders",
    "staff_standing",
    "verify_all_acts",
    "verify_all_certificates",
]
