"""What the staff of facilities owes beside the hours: today, and as the next reminders."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from audit.models import Work
from lms.queries.facts import facts_of_many, rulebook
from lms.rules.duties import DutyStanding, EntryDutyStanding
from lms.rules.standing import Standing, standing
from registry.models import Employment, Facility, Person
from registry.models.division import within_any
from registry.rules.divisions import prefix_of

LONGEST_STAGE = 45  # days from one reminder to the next


@dataclass(frozen=True, slots=True)
class StaffDuties:
    """What one of a facility's staff owes beside the hours on a day, the most urgent first."""

    person: Person
    duties: tuple[DutyStanding, ...]
    entry_duties: tuple[EntryDutyStanding, ...]

    @property
    def pressing(self) -> tuple[DutyStanding, ...]:
        """Overdue, or due within the first reminder."""
        return tuple(one for one in self.duties if one.is_overdue or one.reminder)

    @property
    def owed(self) -> tuple[EntryDutyStanding, ...]:
        """Owed since joining."""
        return tuple(one for one in self.entry_duties if one.done_on is None)

    @property
    def kinds(self) -> tuple[str, ...]:
        return (*(one.kind for one in self.duties), *(one.kind for one in self.entry_duties))

    @property
    def next_due_on(self) -> date:
        return min(
            [*(one.joined_on for one in self.owed), *(one.due_on for one in self.duties)], default=date.max
        )


def staff_duties(facilities: Iterable[int], day: date) -> dict[int, list[StaffDuties]]:
    """Those in post at each facility on the day who owe duties. Seven queries for all facilities."""
    posts = Employment.objects.on(day).filter(facility_id__in=list(facilities)).select_related("person")
    here: dict[int, dict[int, Person]] = defaultdict(dict)
    for post in posts.order_by("person__name_key", "person_id"):
        here[post.facility_id][post.person_id] = post.person
    book = rulebook()
    stands = {
        pk: standing(mine.entries, mine.posts, book, mine.issued, day, duties_done=mine.duties)
        for pk, mine in facts_of_many({pk for people in here.values() for pk in people}, day).items()
    }
    return {
        facility: duties_of_staff((person, stands[pk]) for pk, person in people.items())
        for facility, people in here.items()
    }


def duties_of_staff(staff: Iterable[tuple[Person, tuple[Standing, ...]]]) -> list[StaffDuties]:
    """Of people with their standings: those who owe duties, the most urgent first."""
    rows = [StaffDuties(person, *_duties_in(standings)) for person, standings in staff]
    return sorted((row for row in rows if row.duties or row.entry_duties), key=lambda row: row.next_due_on)


def _duties_in(
    standings: Iterable[Standing],
) -> tuple[tuple[DutyStanding, ...], tuple[EntryDutyStanding, ...]]:
    """Repeated duties and those of joining, each kind once, under whatever standards they are owed."""
    repeated: dict[str, DutyStanding] = {}
    joining: dict[str, EntryDutyStanding] = {}
    for where in standings:
        for duty in where.duties:
            repeated.setdefault(duty.kind, duty)
        for entry in where.entry_duties:
            joining.setdefault(entry.kind, entry)
    return tuple(repeated.values()), tuple(joining.values())


@dataclass(frozen=True, slots=True, order=True)
class Reminder:
    """One duty of one person has reached a stage: `stage` days or fewer before `due_on`."""

    person_id: int
    kind: str
    due_on: str  # ISO, as the outbox keeps it
    stage: int


def letter_key(facility: Facility, day: date) -> str:
    """Under which the outbox keeps the one letter of a facility and a day."""
    return f"lms.duties_due:{facility.public_id}:{day}"


def reminders_due(
    *, after: int, most: int, day: date
) -> tuple[list[tuple[Facility, list[Reminder]]], int | None]:
    """Of the next `most` facilities whose key is above `after`, in divisions with yearly duties: those with
    reminders that no letter told yet; and the last key looked at (None: that was all). Ten queries."""
    prefixes = tuple(
        {
            prefix_of(version.division_code)
            for version in rulebook()
            if version.rules.yearly_duties and day in version.in_force
        }
    )
    facilities = list(
        Facility.objects.open_on(day)
        .filter(within_any("division_id", prefixes), pk__gt=after)
        .order_by("pk")[:most]
    )
    owing = staff_duties([facility.pk for facility in facilities], day)
    told = _told(facilities, day)
    found = []
    for facility in facilities:
        reached = {
            Reminder(row.person.pk, duty.kind, duty.due_on.isoformat(), duty.reminder)
            for row in owing.get(facility.pk, ())
            for duty in row.duties
            if duty.reminder is not None
        }
        if new := sorted(reached - told[facility.pk]):
            found.append((facility, new))
    return found, facilities[-1].pk if len(facilities) == most else None


def _told(facilities: Iterable[Facility], day: date) -> dict[int, set[Reminder]]:
    """What the letters said since the longest stage could have begun."""
    keys = [
        letter_key(facility, day - timedelta(days=ago))
        for facility in facilities
        for ago in range(LONGEST_STAGE + 1)
    ]
    told: dict[int, set[Reminder]] = defaultdict(set)
    for payload in Work.objects.filter(key__in=keys).values_list("payload", flat=True):
        told[payload["facility"]].update(Reminder(*row) for row in payload["reminders"])
    return told
