"""What a standard can demand: the value that a dated version carries.

Read from `registry/data/standards/*.toml`; each file cites its source.
Minutes are integers; a class hour is whatever the version says (45 by default).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Occupation(StrEnum):
    """岗位: the posts a policy names."""

    DIRECTOR = "director"
    CAREGIVER = "caregiver"
    HEALTH = "health"
    SECURITY = "security"


class Audience(StrEnum):
    """Those a policy trains beside the staff in post; a standard for them has duties only."""

    EXPERT = "expert"  # of a pool (Yunnan Y1)
    PARENTING_TRAINER = "parenting_trainer"  # 科学育儿指导 (Songjiang S3)


class Anchor(StrEnum):
    """Where a person's cycles are hung."""

    TAKE_UP = "take_up"  # first cycle opens the day the occupation is taken up
    CERTIFICATE = "certificate"  # as TAKE_UP, and the validity of a certificate is the next cycle
    CALENDAR = "calendar"  # fixed periods beginning on 1 January
    ENTRY = "entry"  # once, on joining a facility


class SourceClass(StrEnum):
    """Who stands behind an hour entry, strongest first."""

    PLATFORM = "platform"  # verified by us: server-clocked watching, assessment
    TRAINING_BODY = "training_body"  # signed in and out by an accredited body
    MENTOR = "mentor"  # confirmed by a mentor
    SELF = "self"  # reported by the learner, undecided


# Categories that a rule may name. One hour entry bears one of each axis:
# content (theory | practice | ethics), channel (online | offline), and at most one topic.
CONTENT = ("theory", "practice", "ethics")
CHANNEL = ("online", "offline")
TOPIC_PREFIX = "topic:"


class UnknownKey(ValueError):
    """A rule file says something this release does not understand. Names the key."""


@dataclass(frozen=True, slots=True)
class CategoryRule:
    """Bounds on one category inside a cycle. `cap_minutes` None means no cap."""

    category: str
    minimum_minutes: int = 0
    cap_minutes: int | None = None


@dataclass(frozen=True, slots=True)
class YearlyDuty:
    """Something owed again and again beside the hours: at least `times` in every `every_months`.

    `by_authority`: what a facility reports of its own staff counts once the authority has confirmed it.
    """

    kind: str  # "hygiene_training" | "health_check" | "expert_training" | …
    every_months: int = 12
    times: int = 1
    by_authority: bool = False


@dataclass(frozen=True, slots=True)
class StandardRules:
    """The demands of one standard version.

    `needed_minutes` may be 0 (a standard of yearly duties only).
    `cycle_years` None: one cycle that never closes (entry training).
    `certificate_years` None: meeting it issues no certificate.
    `entry_duties`: owed once, on joining a facility ("entry_training", "entry_assessment").
    `target_rate_percent` None: the source names no target.
    `ban_answer_working_days`: time to answer before a ban is decided.
    `contest_answer_working_days`: time to answer a learner who contests a line of hours.
    """

    class_hour_minutes: int = 45
    needed_minutes: int = 0
    categories: tuple[CategoryRule, ...] = ()
    anchor: Anchor = Anchor.CERTIFICATE
    cycle_years: int | None = 5
    certificate_years: int | None = 5
    counted_sources: tuple[SourceClass, ...] = (
        SourceClass.PLATFORM,
        SourceClass.TRAINING_BODY,
        SourceClass.MENTOR,
    )
    carry_over: bool = False
    yearly_duties: tuple[YearlyDuty, ...] = ()
    entry_duties: tuple[str, ...] = ()
    target_rate_percent: int | None = None
    ban_answer_working_days: int = 10
    contest_answer_working_days: int = 20

    def as_json(self) -> dict[str, Any]:
        """Plain data for storage; `from_json` gives back an equal value."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> StandardRules:
        """Raises UnknownKey, naming the key, for anything this release does not understand."""
        known = set(cls.__dataclass_fields__)
        for key in data:
            if key not in known:
                raise UnknownKey(key)
        values = dict(data)
        values["categories"] = tuple(_part(CategoryRule, row) for row in data.get("categories", ()))
        values["yearly_duties"] = tuple(_part(YearlyDuty, row) for row in data.get("yearly_duties", ()))
        values["entry_duties"] = tuple(data.get("entry_duties", ()))
        if "anchor" in data:
            values["anchor"] = Anchor(data["anchor"])
        if "counted_sources" in data:
            values["counted_sources"] = tuple(SourceClass(name) for name in data["counted_sources"])
        return cls(**values)


def _part(kind: type[Any], row: dict[str, Any]) -> Any:
    for key in row:
        if key not in kind.__dataclass_fields__:
            raise UnknownKey(f"{kind.__name__}.{key}")
    return kind(**row)
