"""Small facts for the tests of the ledger's rules."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import Any

from core.days import Period
from lms.rules.entries import Entry, Issued, Kind, Post, State, VersionInForce
from registry.rules.standard import Anchor, CategoryRule, SourceClass, StandardRules, YearlyDuty

_ids = count(1)


def day(text: str) -> date:
    return date.fromisoformat(text)


def noon(on: date) -> datetime:
    """Noon in Beijing."""
    return datetime.combine(on, time(4), tzinfo=UTC)


def earn(on: str | date, minutes: int, **changes: Any) -> Entry:
    """An offline theory line, recorded at noon of its day unless `recorded` says another."""
    happened = day(on) if isinstance(on, str) else on
    recorded = changes.pop("recorded", happened)
    recorded = day(recorded) if isinstance(recorded, str) else recorded
    values: dict[str, Any] = {
        "id": next(_ids),
        "kind": Kind.EARN,
        "minutes": minutes,
        "content": "theory",
        "channel": "offline",
        "source": SourceClass.PLATFORM,
        "happened_on": happened,
        "recorded_at": noon(recorded),
        "title": "Choking first aid",
    }
    return Entry(**{**values, **changes})


def reverse(target: Entry, on: str, **changes: Any) -> Entry:
    return earn(on, -target.minutes, kind=Kind.REVERSE, reverses=target.id, **changes)


def adjust(on: str, minutes: int, **changes: Any) -> Entry:
    return earn(on, minutes, kind=Kind.ADJUST, **changes)


def pending(entry: Entry) -> Entry:
    from dataclasses import replace

    return replace(entry, state=State.PENDING)


def post(since: str, until: str | None = None, **changes: Any) -> Post:
    values: dict[str, Any] = {"occupation": "caregiver", "division_code": "530102"}
    return Post(**{**values, **changes}, period=Period(day(since), day(until) if until else None))


def version(since: str = "2000-01-01", until: str | None = None, **changes: Any) -> VersionInForce:
    """A standard of 100 minutes in five years, five years of validity, in all of Yunnan."""
    named = {
        name: changes.pop(name, default)
        for name, default in {
            "standard_code": "YN",
            "number": 1,
            "occupation": "caregiver",
            "division_code": "530000",
        }.items()
    }
    rules = StandardRules(**{"needed_minutes": 100, **changes})
    in_force = Period(day(since), day(until) if until else None)
    return VersionInForce(title="Caregivers", in_force=in_force, rules=rules, citation="a source", **named)


def issued(valid_from: str, cycle_starts_on: str, **changes: Any) -> Issued:
    from core.days import add_years

    begins = day(valid_from)
    values: dict[str, Any] = {
        "standard_code": "YN",
        "valid_from": begins,
        "valid_until": add_years(begins, 5),
        "cycle_starts_on": day(cycle_starts_on),
        "issued_on": begins,
    }
    return Issued(**{**values, **changes})


__all__ = [
    "Anchor",
    "CategoryRule",
    "SourceClass",
    "State",
    "YearlyDuty",
    "adjust",
    "day",
    "earn",
    "issued",
    "noon",
    "pending",
    "post",
    "reverse",
    "timedelta",
    "version",
]
