"""Which posts of a place are counted on a day, as the database is asked for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from oversight.rules.demand import Demand, demand
from registry.models import Division, Facility
from registry.rules.applicable import DatedRules
from registry.rules.divisions import prefix_of
from registry.rules.standard import Occupation

NOBODY = "1 = 0"


@dataclass(frozen=True, slots=True)
class Place:
    """A division with all below it, or one facility."""

    division: str
    facility: int | None = None

    @classmethod
    def of(cls, place: Division | Facility) -> Place:
        if isinstance(place, Facility):
            return cls(place.division_id, place.pk)
        return cls(place.code)

    @property
    def is_wide(self) -> bool:
        """A whole province, where most certificates there are belong to somebody in it."""
        return self.facility is None and self.division.endswith("0000")

    @property
    def posts(self) -> Q:
        """As a condition on employments."""
        if self.facility is not None:
            return Q(facility_id=self.facility)
        return Q(facility__division__code__startswith=prefix_of(self.division))

    @property
    def sql(self) -> tuple[str, list[str | int]]:
        """The same, in words of SQL on `post` and `facility`."""
        if self.facility is not None:
            return "post.facility_id = %s", [self.facility]
        return "facility.division_id LIKE %s", [f"{prefix_of(self.division)}%"]


def demanded_in(place: Place, rulebook: Sequence[DatedRules], day: date) -> Demand:
    """Which posts of the place count on `day`. One query for a division, none for a facility."""
    if place.facility is not None:
        return demand(rulebook, divisions=[place.division], day=day)
    codes = Division.objects.within(place.division).values_list("code", flat=True)
    return demand(rulebook, divisions=codes, day=day)


def counted_posts(demanded: Demand, occupation: Occupation | None = None) -> Q:
    """A condition on employments: a certificate is demanded for the post."""
    condition = Q(pk__in=[])
    for counted in _asked(demanded, occupation):
        if demanded.is_everywhere(counted):
            condition |= Q(occupation=counted)
        else:
            condition |= Q(occupation=counted, facility__division__code__in=sorted(demanded.where[counted]))
    return condition


def counted_sql(demanded: Demand) -> tuple[str, list[str | int]]:
    """The same, in words of SQL on `post` and `facility`."""
    parts: list[str] = []
    values: list[str | int] = []
    for counted in demanded.occupations:
        if demanded.is_everywhere(counted):
            parts.append("post.occupation = %s")
            values.append(counted.value)
        else:
            codes = sorted(demanded.where[counted])
            marks = ", ".join(["%s"] * len(codes))
            parts.append(f"(post.occupation = %s AND facility.division_id IN ({marks}))")
            values += [counted.value, *codes]
    return (" OR ".join(parts), values) if parts else (NOBODY, [])


def _asked(demanded: Demand, occupation: Occupation | None) -> tuple[Occupation, ...]:
    return tuple(one for one in demanded.occupations if occupation in (None, one))
