"""The staff of one facility for its manager: certificates, hours and what ends next, in bulk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from credentials.queries.staff import StaffLine, staff_standing
from lms.queries import facts_of_many, rulebook
from lms.queries.staff_duties import StaffDuties, duties_of_staff
from lms.rules.standing import Standing, standing
from registry.models import Employment, Facility, Person

STAGES = (15, 45, 90)  # days before a certificate ends
NEARLY = 4  # a quarter of the hours or less is missing


@dataclass(frozen=True, slots=True)
class Member:
    """One post: its certificate, and where its holder stands under the standard of that post.

    `standing` is None where no hours are demanded.
    """

    line: StaffLine
    standing: Standing | None

    @property
    def post(self) -> Employment:
        return self.line.employment

    @property
    def person(self) -> Person:
        return self.line.employment.person

    @property
    def needs_certificate(self) -> bool:
        return self.standing is not None and self.standing.version.rules.certificate_years is not None

    @property
    def minutes_each(self) -> int:
        return self.standing.cycle.version.rules.class_hour_minutes if self.standing else 45

    @property
    def is_nearly_there(self) -> bool:
        """Without a valid certificate, and a quarter of the hours or less still missing."""
        if self.standing is None or self.line.fit or self.line.measure:
            return False
        hours = self.standing.hours
        return bool(hours.needed) and 0 < hours.remaining * NEARLY <= hours.needed


@dataclass(frozen=True, slots=True)
class StaffToday:
    """Who may do her post on the day, who needs something, in the order in which to act."""

    on: date
    members: tuple[Member, ...]
    duties: tuple[StaffDuties, ...]

    @property
    def duties_due(self) -> tuple[StaffDuties, ...]:
        """Those with a duty that is overdue, due within ninety days or owed since joining."""
        return tuple(row for row in self.duties if row.pressing or row.owed)

    @property
    def counted(self) -> tuple[Member, ...]:
        """Those whose post demands a certificate."""
        return tuple(member for member in self.members if member.needs_certificate)

    @property
    def certified(self) -> tuple[Member, ...]:
        return tuple(member for member in self.counted if member.line.state == "valid")

    @property
    def missing(self) -> tuple[Member, ...]:
        return tuple(member for member in self.counted if member.line.state != "valid")

    @property
    def nearly(self) -> tuple[Member, ...]:
        return tuple(member for member in self.counted if member.is_nearly_there)

    @property
    def ending(self) -> tuple[tuple[int, tuple[Member, ...]], ...]:
        """(days, those whose certificate ends within so many, but not within the stage before)."""
        stages = []
        since = self.on
        for days in STAGES:
            until = self.on + timedelta(days=days)
            within = [
                member
                for member in self.certified
                if member.line.until is not None and since < member.line.until <= until
            ]
            stages.append((days, tuple(sorted(within, key=lambda m: m.line.until or date.max))))
            since = until
        return tuple(stages)

    @property
    def ends_soon(self) -> bool:
        return any(members for _days, members in self.ending)


def staff_today(facility: Facility, *, on: date) -> StaffToday:
    """Ten queries, whatever the number of staff."""
    lines = staff_standing(facility, on=on).lines
    facts = facts_of_many({line.employment.person_id for line in lines}, on)
    book = rulebook()
    stands = {
        person: standing(mine.entries, mine.posts, book, mine.issued, on, duties_done=mine.duties)
        for person, mine in facts.items()
    }
    people = {line.employment.person_id: line.employment.person for line in lines}
    return StaffToday(
        on,
        tuple(_member(line, stands[line.employment.person_id]) for line in lines),
        tuple(duties_of_staff((person, stands[pk]) for pk, person in people.items())),
    )


def _member(line: StaffLine, standings: tuple[Standing, ...]) -> Member:
    """The standing of the post's own occupation: one that demands hours, before one of duties alone."""
    occupation = line.employment.occupation
    mine = [one for one in standings if one.version.occupation == occupation and one.in_post]
    mine.sort(key=lambda one: (not one.version.rules.certificate_years, not one.hours.needed))
    return Member(line, mine[0] if mine and mine[0].hours.needed else None)
