"""What the builders of the demonstration share: its seed, its day, and what was built so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

from audit.acts import System
from core.days import SHANGHAI, day_of
from registry.models import Account, Facility, Person

BY = System("demonstration")
PASSWORD = "yuzheng-2026-demo"  # noqa: S105 - printed on the front page of a demonstration, and only there
BIRTH_DIVISION = "530199"  # never issued to people
MOST = 1000  # times the province, for benchmarks
FIRST_DAY = date(2021, 1, 1)  # the standards are in force from here
HISTORY = timedelta(days=70 * 30 + 30)  # five years and ten months: the oldest certificates have run out


@dataclass(slots=True)
class World:
    """One seed gives one world: the same names, numbers and days, whatever machine builds it.

    Public ids, verify codes and keys are random all the same: a code that a seed predicts opens nothing.
    """

    seed: int
    at: datetime
    facilities: list[Facility] = field(default_factory=list)
    directors: dict[int, Person] = field(default_factory=dict)  # by facility
    accounts: dict[str, Account] = field(default_factory=dict)  # by user name
    births: set[int] = field(default_factory=set)  # day and sequence in one number: no document twice
    step: int = 1  # 1 is the province; each further one, up to MOST, adds as many facilities and people again

    @property
    def today(self) -> date:
        return day_of(self.at)

    @property
    def since(self) -> date:
        """The first day of the province's history."""
        return max(self.today - HISTORY, FIRST_DAY)

    def chance(self, part: str) -> Random:
        """Each part has its own stream, so that adding to one part leaves the others as they were."""
        step = "" if self.step == 1 else f":{self.step}"
        return Random(f"{self.seed}:{part}{step}")  # noqa: S311 - a demonstration, no secret

    @property
    def birth_division(self) -> str:
        """Six digits that no division bears; 97 further ones for the further steps."""
        return BIRTH_DIVISION if self.step == 1 else f"53{2 + (self.step - 2) % 97:02}99"

    @property
    def sequences(self) -> range:
        """Of its people's ID numbers: steps with one division share none."""
        if self.step == 1:
            return range(1, 1000)
        first = 1 + (self.step - 2) // 97 * 90
        return range(first, first + 90)


def at_ten(day: date) -> datetime:
    """Ten in the morning of a Beijing day."""
    return datetime.combine(day, time(10), SHANGHAI)
