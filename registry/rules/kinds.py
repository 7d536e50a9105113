"""Kinds of account: what a duty makes of its holder."""

from __future__ import annotations

from enum import StrEnum


class DutyKind(StrEnum):
    """A duty that is granted, dated and scoped."""

    TRAINER = "trainer"  # uploads material, leads sessions (scope: pool or none)
    REVIEWER = "reviewer"  # reviews material and courses (scope: pool or none)
    MANAGER = "manager"  # runs a facility (scope: facility)
    OFFICER = "officer"  # oversees a division (scope: division)
    ISSUER = "issuer"  # issues, corrects, revokes certificates (scope: division)
    EDITOR = "editor"  # edits pages
    ADMINISTRATOR = "administrator"  # grants duties, runs the service


class Kind(StrEnum):
    """What the policy table speaks of. An account may be several at once."""

    LEARNER = "learner"  # every account that is a person
    TRAINER = "trainer"
    REVIEWER = "reviewer"
    MANAGER = "manager"
    COUNTY = "county"
    PREFECTURE = "prefecture"
    PROVINCE = "province"
    ISSUER = "issuer"
    EDITOR = "editor"
    ADMINISTRATOR = "administrator"


OFFICERS = (Kind.COUNTY, Kind.PREFECTURE, Kind.PROVINCE)
NEEDS_SECOND_FACTOR = frozenset(Kind) - {Kind.LEARNER}
