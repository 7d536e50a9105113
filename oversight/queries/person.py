"""All an officer may know of one person as of a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from core.days import SHANGHAI
from credentials.models import BanSubject, Certificate
from credentials.rules.state import StateOn
from lms.queries import standings_of
from lms.rules.lines import Line
from lms.rules.standing import Standing
from oversight.permissions import overseen_posts
from oversight.queries.people import certificates_of
from registry.models import Account, Employment, Exclusion, Person
from registry.permissions import records_of


@dataclass(frozen=True, slots=True)
class Stands:
    """One standard with its lines, the newest first."""

    standing: Standing
    lines: tuple[Line, ...]

    @property
    def minutes_each(self) -> int:
        return self.standing.cycle.version.rules.class_hour_minutes


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """`posts`: those in the officer's divisions, begun by the day, the present ones first; of others
    she knows the number alone. `certificates` and `cases`: those that the officer may open."""

    person: Person
    on: date
    posts: tuple[Employment, ...]
    posts_elsewhere: int
    certificates: tuple[tuple[Certificate, StateOn], ...]
    standings: tuple[Stands, ...]
    measures: tuple[Exclusion, ...]
    cases: tuple[BanSubject, ...]
    also: tuple[Person, ...]  # her other records, joined with this one now

    @property
    def present(self) -> tuple[Employment, ...]:
        return tuple(post for post in self.posts if post.until is None or self.on < post.until)

    @property
    def measure(self) -> Exclusion | None:
        """The one in force on the day."""
        return next((row for row in self.measures if row.in_force_on(self.on)), None)


def record_of(person: Person, *, on: date, by: Account) -> PersonRecord:
    """Thirteen queries, whatever the length of her record."""
    records = records_of(person)
    begun = Employment.objects.filter(person_id__in=records, started_on__lte=on)
    mine = list(begun.filter(overseen_posts(by)).select_related("facility__division"))
    mine.sort(key=lambda post: (post.until is not None and post.until <= on, -post.started_on.toordinal()))
    after = datetime.combine(on + timedelta(days=1), time(0), SHANGHAI)
    visible = set(
        Certificate.objects.visible_to(by).filter(holder_id__in=records).values_list("pk", flat=True)
    )
    by_record = certificates_of(records, on=on).values()
    held = [pair for pairs in by_record for pair in pairs if pair[0].pk in visible]
    return PersonRecord(
        person,
        on,
        tuple(mine),
        begun.count() - len(mine),
        tuple(sorted(held, key=lambda pair: pair[0].valid_from, reverse=True)),
        tuple(_stands(one) for one in standings_of(person, on)),
        tuple(Exclusion.objects.filter(person_id__in=records, from_day__lte=on).order_by("-from_day", "-pk")),
        tuple(
            BanSubject.objects.visible_to(by)
            .filter(person_id__in=records, proposed_at__lt=after)
            .select_related("case")
            .order_by("-proposed_at")
        ),
        tuple(Person.objects.filter(pk__in=set(records) - {person.pk}).order_by("pk")),
    )


def _stands(standing: Standing) -> Stands:
    lines = sorted(standing.lines, key=lambda line: str(line.entry.id))
    lines.sort(key=lambda line: line.entry.happened_on, reverse=True)
    return Stands(standing, tuple(lines))
