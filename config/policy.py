"""The whole policy table: every room's lines and the frameworks' routes, with their reasons."""

from __future__ import annotations

import audit.policy
import cms.policy
import credentials.policy
import lms.policy
import oversight.policy
import registry.policy
import trainers.policy
from config.framework_policy import LINES as FRAMEWORKS
from core.policy import Line, gather

TABLE: dict[str, Line] = gather(
    audit.policy.LINES,
    registry.policy.LINES,
    credentials.policy.LINES,
    trainers.policy.LINES,
    lms.policy.LINES,
    oversight.policy.LINES,
    cms.policy.LINES,
    FRAMEWORKS,
)
