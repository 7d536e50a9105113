"""持证率: how many of those in post hold a valid certificate for that post. docs/rules/rates.md.

The unit is a person in an occupation, inside the place that is asked: who holds the same occupation
in two facilities of a county is one there, who is director and caregiver is two.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from registry.rules.standard import Occupation

NOTHING = "–"
SOON_DAYS = 90
STEPS = (500, 700, 850)  # tenths of a percent where a darker step of the one hue begins
EARLIEST = date(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class Rate:
    """`numerator` of `denominator`. Raises ValueError for more certified than counted."""

    numerator: int
    denominator: int

    def __post_init__(self) -> None:
        if not 0 <= self.numerator <= self.denominator:
            raise ValueError(f"{self.numerator} of {self.denominator} is no rate")

    @property
    def tenths(self) -> int | None:
        """Per mille, cut and never rounded: 84.96 % is 849. None if nobody is counted."""
        return self.numerator * 1000 // self.denominator if self.denominator else None

    @property
    def percent(self) -> float | None:
        """For machines: 84.9; None if nobody is counted."""
        return None if self.tenths is None else self.tenths / 10

    @property
    def words(self) -> str:
        """84.9%, or – if nobody is counted."""
        return NOTHING if self.tenths is None else f"{self.tenths // 10}.{self.tenths % 10}%"

    @property
    def missing(self) -> int:
        return self.denominator - self.numerator

    @property
    def step(self) -> int:
        """Which of the four steps of one hue it is drawn in; 0 if nobody is counted."""
        return 0 if self.tenths is None else 1 + sum(self.tenths >= bound for bound in STEPS)

    def lacks(self, target_percent: int) -> int:
        """How many more must be certified to reach the target; 0 when it is reached or nobody is counted."""
        return max(0, -(-target_percent * self.denominator // 100) - self.numerator)


@dataclass(frozen=True, slots=True)
class Figures:
    """What is counted in one place. `expiring`: certified on the day, no longer 90 days later."""

    certified: int = 0
    in_post: int = 0
    expiring: int = 0

    @property
    def rate(self) -> Rate:
        return Rate(self.certified, self.in_post)

    def __add__(self, other: Figures) -> Figures:
        """Adds different occupations; the same people in two places are not different."""
        return Figures(
            self.certified + other.certified, self.in_post + other.in_post, self.expiring + other.expiring
        )


@dataclass(frozen=True, slots=True)
class Counted:
    """Figures of one place by occupation. `undemanded`: people in posts that demand no certificate."""

    by_occupation: Mapping[Occupation, Figures] = field(default_factory=dict)
    undemanded: Mapping[Occupation, int] = field(default_factory=dict)

    @property
    def total(self) -> Figures:
        return sum(self.by_occupation.values(), Figures())

    @property
    def undemanded_total(self) -> int:
        return sum(self.undemanded.values())


def month_ends(on: date, months: int = 24) -> tuple[date, ...]:
    """The last days of the `months` months before the month of `on`, oldest first, then `on` itself."""
    ends: list[date] = []
    first = on.replace(day=1)
    for _month in range(months):
        last = first - timedelta(days=1)
        ends.append(last)
        first = last.replace(day=1)
    return (*reversed(ends), on)
