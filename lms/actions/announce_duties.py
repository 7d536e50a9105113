"""Remind a facility of what its staff owes soon."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple
from datetime import datetime

from audit.acts import System, act, owe
from core.days import day_of
from lms.queries.staff_duties import Reminder, letter_key
from registry.models import Facility


@act
def announce_duties(*, facility: Facility, reminders: Sequence[Reminder], by: System, at: datetime) -> None:
    """Leave one letter of the day to the managers of a facility, however often it is asked."""
    owe(
        "lms.duties_due",
        key=letter_key(facility, day_of(at)),
        payload={"facility": facility.pk, "reminders": [list(astuple(one)) for one in reminders]},
        at=at,
    )
